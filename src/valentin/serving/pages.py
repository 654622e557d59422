"""The studio's pages and files: what is sent as it is, and what is filled in first.

In: pieces of the shelf. Out: HTML; the files of `valentin/web` by the name they are asked for.

**Knows nothing of** requests, the library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from valentin import pianist, recital
from valentin.pianist import Piece

__all__ = ["WebFile", "lesson_policy", "piece_page", "web_files"]

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file for the browser."""

    data: bytes = field(repr=False)
    media_type: str


@cache
def web_files() -> dict[str, WebFile]:
    """Every style, script and picture, by its name inside `web`."""
    return dict(_walk(files("valentin") / "web", ""))


def _walk(folder: Traversable, inside: str) -> Iterator[tuple[str, WebFile]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{inside}{item.name}/")
        elif (kind := _MEDIA_TYPES.get("." + item.name.rpartition(".")[2])) is not None:
            yield inside + item.name, WebFile(item.read_bytes(), kind)


@cache
def _template() -> Template:
    return Template((files("valentin") / "web" / "index.html").read_text(encoding="utf-8"))


def piece_page(shelf: tuple[Piece, ...], piece: Piece) -> str:
    """The page of one piece, with the shelf above it."""
    return _template().substitute(
        name=escape(piece.name, quote=True),
        title=escape(piece.title),
        composer=escape(piece.composer),
        listen_for=escape(piece.listen_for),
        source=escape(piece.source),
        shelf="".join(_entry(each, each is piece) for each in shelf),
        lessons=_lessons(piece),
        characters=_options(pianist.CHARACTERS),
        instruments=_options(pianist.instruments()),
        halls=_options(pianist.halls()),
        languages=" ".join(sorted(recital.languages())),
        hall_names=" ".join(pianist.halls()),
    )


def _options(names: Iterable[str]) -> str:
    return "".join(
        f'<option value="{escape(name, quote=True)}">{escape(name.replace("-", " "))}</option>'
        for name in names
    )


def _entry(piece: Piece, here: bool) -> str:
    current = ' aria-current="page"' if here else ""
    return (
        f'<li><a href="/pieces/{escape(piece.name, quote=True)}"{current}>'
        f"{escape(piece.composer.rpartition(' ')[2])}, {escape(piece.title)}</a></li>"
    )


def _lessons(piece: Piece) -> str:
    if not piece.takes:
        return ""
    many = len(piece.takes) > 1
    rows = "".join(
        f'<li data-lesson="unknown"><a href="/pieces/{escape(piece.name, quote=True)}/lessons/{n}">'
        f"Read a lesson on a student’s take{f' ({n})' if many else ''}</a></li>"
        for n, _ in enumerate(piece.takes, start=1)
    )
    return f'<ul class="lessons">{rows}</ul>'


def lesson_policy(page: str) -> str:
    """The content security policy that a page of ours states in itself, for its header.

    Who may frame a page is said in headers alone: the studio, which shows a lesson in place.
    """
    found = _POLICY.search(page)
    if found is None:
        raise ValueError("a lesson's page must state its content security policy")
    return f"{unescape(found[1])}; frame-ancestors 'self'"
