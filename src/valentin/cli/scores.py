"""The verbs about scores themselves: `show`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from typing import Literal

from valentin.cli.arguments import HANDS_CM, Given, Verbs, add_out, add_verb, bars, span_cm
from valentin.cli.desk import local, say
from valentin.files import written

__all__ = ["add_show"]


def add_show(verbs: Verbs) -> None:
    """`valentin show`."""
    verb = add_verb(
        verbs, "show", _show, "say what was read, guessed and not understood; or list the shelf",
        "valentin show score.musicxml",
    )  # fmt: skip
    verb.add_argument("score", metavar="SCORE", nargs="?", help="without it: the shelf")
    verb.add_argument("--lenient", action="store_true", help="read what can be read")
    verb.add_argument("--json", action="store_true", help="the summary for machines")
    verb.add_argument("--fingering", action="store_true", help="suggest a finger for every note")
    verb.add_argument("--bars", metavar="A-B", type=bars, help="with --fingering: these bars only")
    add_out(verb, "with --fingering: the score with its fingers, as .html")
    verb.add_argument(
        "--hand-span", metavar="HAND", type=span_cm, default=HANDS_CM["medium"],
        help="with --fingering: small, medium (the default), large, or the span in cm",
    )  # fmt: skip


def _show(given: Given) -> None:
    from valentin import pianist, telling

    if given.score is None:
        for piece in pianist.pieces():
            say(f"{piece.name:16} {piece.composer}: {piece.title} ({piece.level}, {piece.period})")
        for piece in pianist.own_pieces():
            say(f"{piece.name:16} {piece.composer}: {piece.title} (your own)")
        return
    with local(given.score, shelf=True) as path:
        score, engraving = pianist.read_score(path, lenient=given.lenient)
    form: Literal["words", "json"] = "json" if given.json else "words"
    if given.out and (not given.fingering or [out.suffix for out in given.out] != [".html"]):
        given.misused("-o FILE.html, one file, goes with --fingering")
    if given.out:
        page = telling.fingering_page(score, engraving, given.hand_span, given.bars)
        with written(given.out[0]) as beside:
            beside.write_text(page, encoding="utf-8")
        return
    if given.fingering:
        say(telling.fingering_text(score, form, given.hand_span, given.bars))
        return
    if given.bars:
        given.misused("--bars goes with --fingering")
    say(telling.score_text(score, form))
