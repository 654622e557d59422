"""The verb that makes a page to send on: `listen`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from valentin.cli.arguments import Given, Verbs, add_out, add_sounding, add_verb
from valentin.cli.desk import local, outputs_of, progress_bar, say, write_text
from valentin.errors import ReadError

if TYPE_CHECKING:
    from valentin.recital import Listening

__all__ = ["add_listen"]

LANGUAGES = ("de", "en")
"""The languages of `recital.languages()`, here so that `--help` need not load it."""


def add_listen(verbs: Verbs) -> None:
    """`valentin listen`."""
    verb = add_verb(
        verbs, "listen", _listen, "make a page on which someone hears and sees pieces",
        "valentin listen chopin-op9-2 -o nocturne.html",
    )  # fmt: skip
    verb.add_argument(
        "scores", metavar="SCORE", nargs="+", help="scores, or pieces on the shelf, in order"
    )
    verb.add_argument(
        "--lenient", action="store_true", help="read what can be read, say what was left out"
    )
    verb.add_argument("--take", metavar="TAKE", help="a MIDI file: a person plays, not valentin")
    verb.add_argument("--by", metavar="NAME", default="", help="who plays the take")
    verb.add_argument("--language", choices=LANGUAGES, default="en", help="of everything it says")
    verb.add_argument("--cues", metavar="FILE", type=Path, help="cues as you edited them (.toml)")
    add_out(verb, ".html (the page, with sound) or .toml (its cues, to be edited)")
    add_sounding(verb)
    verb.set_defaults(hall="recital")
    verb.add_argument("--json", action="store_true", help="the cues as JSON on stdout")


def _listen(given: Given) -> None:
    from valentin import recital

    outputs = outputs_of(given, {".html", ".toml"})
    read = {*map(Path, given.scores), *filter(None, (given.cues,))}
    if read & set(outputs):
        given.misused("a file is read and written; give another name after -o")
    if given.take and len(given.scores) > 1:
        given.misused("a take belongs to one score; give one score with --take")
    pieces = [_piece(given, name) for name in given.scores]
    if given.cues:
        pieces = recital.edited(pieces, _text_of(given.cues), str(given.cues))
    if given.json or not outputs:
        say(recital.summary(pieces, "json" if given.json else "words"))
    for path in outputs:
        if path.suffix.lower() == ".toml":
            write_text(path, recital.cues_text(pieces))
            continue
        with progress_bar("Sounding the page") as progress:
            page = recital.page(
                pieces,
                language=given.language,
                instrument=given.instrument,
                hall=given.hall,
                progress=progress,
            )
        write_text(path, page.html)


def _piece(given: Given, name: str) -> Listening:
    from valentin import pianist, recital

    with ExitStack() as desk:
        path = desk.enter_context(local(name, shelf=True))
        score, engraving = pianist.read_score(path, lenient=given.lenient)
        take = None
        if given.take:
            take = pianist.read_take(desk.enter_context(local(given.take)))
    shelf = next((piece.title for piece in pianist.pieces() if piece.score == path), "")
    title = shelf or score.title or Path(name).stem
    return recital.listen(score, engraving, take, language=given.language, title=title, by=given.by)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ReadError(
            f"Reading the cues `{path}`: {reason.lower()}; give the file that `-o x.toml` wrote.",
            path=str(path),
        ) from error
