"""What comes with a request: JSON, a file; and who keeps what. Bounded before it is looked at.

In: a request. Out: an object, a file of ours, the keeper.

**Conventions.** A file gets a name of ours; the name the client gave is only ever shown. What is
too large is 413, what is no JSON object 400, JSON under another name 415.

**Knows nothing of** what it is for.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from valentin.errors import ValentinError
from valentin.keeping import Keeper
from valentin.serving.library import Library
from valentin.serving.press import Press

__all__ = [
    "Json",
    "file_of",
    "json_of",
    "keeper_of",
    "library_of",
    "named",
    "plain",
    "press_of",
    "shown_name",
    "text_of",
]

Json = dict[str, Any]
LARGEST_JSON = 1 << 20
_LONGEST_NAME = 120
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")


def library_of(request: Request) -> Library:
    """The studio's library."""
    library: Library = request.app.state.library
    return library


def keeper_of(request: Request) -> Keeper:
    """Who keeps what the user has."""
    keeper: Keeper = request.app.state.keeper
    return keeper


def press_of(request: Request) -> Press:
    """Where pages to send on are made."""
    press: Press = request.app.state.press
    return press


async def json_of(request: Request) -> Json:
    """The object that a request brings; {} where it brings nothing."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_JSON:
            raise HTTPException(413, "Asking the studio: that is more than 1 MB of JSON.")
    if not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Asking the studio: send it as `application/json`.")
    try:
        found = json.loads(body)
        if b"\\u" in body:
            json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be kept
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise HTTPException(400, "Asking the studio: that is no JSON object.")
    return found


def text_of(data: Json, name: str) -> str:
    """A text of an object, "" where it is not there."""
    value = data.get(name, "")
    if not isinstance(value, str):
        raise HTTPException(400, f"Asking the studio: `{name}` must be a text.")
    return value


def shown_name(request: Request) -> str:
    """What the client calls its file: for people to read, never a path."""
    name = PurePosixPath(request.query_params.get("file", "").replace("\\", "/")).name
    return plain(name)[:_LONGEST_NAME] or "the file"


def plain(text: str) -> str:
    """A client's text without what cannot be shown or turns the rest around."""
    return _UNSHOWN.sub("", text)


@asynccontextmanager
async def file_of(request: Request, most: int) -> AsyncIterator[Path]:
    """The file that a request brings, under a name of ours, for as long as the block lasts."""
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise _too_large(most)
    suffix = _SUFFIX.search(shown_name(request).lower())
    with tempfile.TemporaryDirectory(prefix="valentin-") as folder:
        path = Path(folder) / ("upload" + (suffix[0] if suffix else ""))
        size = 0
        with path.open("wb") as flow:
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise _too_large(most)
                flow.write(chunk)
        if not size:
            raise HTTPException(400, "Taking a file: it is empty; choose another.")
        yield path


def named(error: ValentinError, path: Path, name: str) -> str:
    """An error about a file of ours, with the name that the client knows, for a page."""
    words = str(error).replace(path.name, name)
    return words.replace("pass `--lenient`", "add what is whole of it")


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"Taking a file: it has more than {most >> 20} MB.")
