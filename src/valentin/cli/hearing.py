"""The verb that listens: `hear`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from dataclasses import replace

from valentin.cli.arguments import Given, Verbs, add_out, add_verb
from valentin.cli.desk import listened, local, note, outputs_of, say

__all__ = ["add_hear"]


def add_hear(verbs: Verbs) -> None:
    """`valentin hear`."""
    verb = add_verb(
        verbs, "hear", _hear, "turn a recording of a piano into a take",
        "valentin hear recording.wav -o take.mid",
    )  # fmt: skip
    verb.add_argument(
        "take", metavar="RECORDING",
        help="WAV, FLAC, Ogg, Opus, MP3; with PyAV m4a, webm, mp4",
    )  # fmt: skip
    verb.add_argument(
        "--score", metavar="SCORE", help="what was played: what the sound leaves open it decides"
    )
    verb.add_argument("--lenient", action="store_true", help="read of the score what can be read")
    add_out(verb, ".mid")
    verb.add_argument("--json", action="store_true", help="every note heard, as JSON on stdout")


def _hear(given: Given) -> None:
    from valentin import pianist, telling

    outputs = outputs_of(given, {".mid", ".midi"})
    score = None
    if given.score:
        with local(given.score, shelf=True) as path:
            score, _ = pianist.read_score(path, lenient=given.lenient)
    with local(given.take) as path:
        heard = listened(path)
    if score:
        heard = replace(heard, performance=pianist.attend(score, heard).performance)
    if given.json or not outputs:
        say(telling.heard_text(heard, "json" if given.json else "words"))
    for path in outputs:
        pianist.write_take(heard.performance, path)
        notes = heard.performance.notes
        note(f"`{path}`: {len(notes)} notes in {heard.performance.end_s:.0f} seconds.")
