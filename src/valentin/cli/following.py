"""The verbs that listen while somebody plays: `follow`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from valentin.cli.arguments import Given, Verbs, add_score, add_verb
from valentin.cli.desk import say, score_and_take

__all__ = ["add_follow"]


def add_follow(verbs: Verbs) -> None:
    """`valentin follow`."""
    verb = add_verb(
        verbs, "follow", _follow, "say where in the score a player is, key by key",
        "valentin follow score.musicxml take.mid --json",
    )  # fmt: skip
    add_score(verb)
    verb.add_argument("take", metavar="TAKE", help="a MIDI file, heard event by event")
    verb.add_argument(
        "--solo", metavar="PART", default="", help="the part that is played (default: the piano)"
    )
    verb.add_argument("--hands", choices=("left", "right"), help="only this hand is played")
    verb.add_argument("--json", action="store_true", help="one JSON object a line per key struck")


def _follow(given: Given) -> None:
    from valentin import pianist

    score, take = score_and_take(given)
    positions = pianist.follow(score, take, given.solo, given.hands)
    if given.json:
        for position in positions:
            say(pianist.position_text(position))
    else:
        say(pianist.positions_text(tuple(positions)))
