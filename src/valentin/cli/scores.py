"""The verbs about scores themselves: `show`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from valentin.cli.arguments import Given, Verbs, add_verb
from valentin.cli.desk import local, say

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


def _show(given: Given) -> None:
    from valentin import pianist

    if given.score is None:
        for piece in pianist.pieces():
            say(f"{piece.name:16} {piece.composer}: {piece.title} ({piece.level}, {piece.period})")
        for piece in pianist.own_pieces():
            say(f"{piece.name:16} {piece.composer}: {piece.title} (your own)")
        return
    with local(given.score, shelf=True) as path:
        score, _ = pianist.read_score(path, lenient=given.lenient)
    say(pianist.score_text(score, "json" if given.json else "words"))
