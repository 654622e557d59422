"""The verbs that listen while somebody plays: `follow`, `accompany`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from valentin.cli.arguments import (
    Given,
    Verbs,
    add_out,
    add_score,
    add_sounding,
    add_verb,
    bars,
    factor,
)
from valentin.cli.desk import local, note, outputs_of, record, say, score_and_take, take_of

__all__ = ["add_accompany", "add_follow"]


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


def add_accompany(verbs: Verbs) -> None:
    """`valentin accompany`."""
    verb = add_verb(
        verbs, "accompany", _accompany, "play the orchestra, or the other hand, to a recorded solo",
        "valentin accompany concerto.musicxml --take solo.mid -o both.wav",
    )  # fmt: skip
    add_score(verb)
    verb.add_argument(
        "--solo", metavar="PART", default="", help="whose part the solo is (default: the piano's)"
    )
    verb.add_argument(
        "--take", metavar="TAKE", default="", help="the recorded solo (default: nobody plays it)"
    )
    verb.add_argument("--hands", choices=("left", "right"), help="the hand that the take is of")
    verb.add_argument("--bars", type=bars, metavar="A-B", help="only these bars, as printed")
    verb.add_argument(
        "--tempo", type=factor, metavar="X", default=1.0, help="times as fast, to begin with"
    )
    add_out(verb, ".mid, .wav, .flac, .ogg or .mp3", required=True)
    add_sounding(verb)


def _follow(given: Given) -> None:
    from valentin import pianist, telling

    score, take = score_and_take(given)
    positions = []
    for position in pianist.follow(score, take, given.solo, given.hands):
        positions.append(position)
        if given.json:
            say(telling.position_text(position))
    if not given.json:
        say(telling.positions_text(positions))
    if strange := pianist.strangeness(positions):
        note(f"Following: this seems to be another piece or part: {strange}.")


def _accompany(given: Given) -> None:
    from valentin import concerto, pianist

    outputs = outputs_of(given, {".mid", ".midi", *pianist.AUDIO_SUFFIXES})
    if given.hands and given.solo:
        given.misused("--hands and --solo exclude each other: one says a hand, the other a part")
    with local(given.score, shelf=True) as path:
        score, _ = pianist.read_score(path, lenient=given.lenient)
    take = None
    if given.take:
        with local(given.take) as path:
            take = take_of(path)
    wish = pianist.Wish(tempo=given.tempo, bars=given.bars, hand=given.hands)
    played = concerto.accompany(score, take, wish, given.solo)
    for path in outputs:
        if path.suffix.lower() in pianist.AUDIO_SUFFIXES:
            record(played, path, given)
        else:
            pianist.write_take(played, path)
