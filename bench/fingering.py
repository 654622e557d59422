"""Suggested fingers against the few that are printed in Chopin's nocturnes, and how fast they come.

In: the nocturnes with a `**fing` spine. Out: rows of `bench/results/fingering.json`.

Run: `python -m bench.fingering`.

**Conventions.** The model is asked without the print. A note counts where the score has a finger
for it. Fewer than 500 notes: nothing is claimed, and no weight was chosen by them. What is printed
is mostly what is unusual, or it would not be printed (op. 9 no. 2 has one finger glide from key to
key).

**Knows nothing of** how a finger is found.
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from bench.common import Row, data_folder, record
from valentin.music import Score, ScoreNote
from valentin.reading import read_score
from valentin.studying import fingered, printed_fingers

__all__: list[str] = []


def _struck_again(score: Score, found: dict[str, int]) -> tuple[int, int]:
    """Chords of one hand struck twice running, and those of them with another finger."""
    chords: dict[tuple[str, Fraction], list[ScoreNote]] = {}
    for note in score.notes:
        if note.id in found and not note.grace:
            chords.setdefault((note.hand, note.onset_q), []).append(note)
    again = changed = 0
    rows = sorted(chords.items(), key=lambda row: row[0])
    for ((hand, _), first), ((other, _), second) in pairwise(rows):
        a, b = (sorted(notes, key=lambda n: n.pitch) for notes in (first, second))
        if hand == other and len(a) > 1 and [n.pitch for n in a] == [n.pitch for n in b]:
            again += 1
            changed += [found[n.id] for n in a] != [found[n.id] for n in b]
    return again, changed


def main() -> None:
    """Measure and record."""
    hits = near = printed = again = changed = 0
    slowest, at, notes = 0.0, "", 0
    for path in sorted((data_folder() / "nocturnes").glob("*.krn")):
        score = read_score(path)[0]
        wanted = printed_fingers(score)
        started = time.process_time()
        found = {f.id: f.finger for f in fingered(replace(score, marks=()))}
        seconds = time.process_time() - started
        if seconds > slowest:
            slowest, at, notes = seconds, path.stem, len(score.notes)
        hits += sum(found[name] == fingers[0] for name, fingers in wanted.items())
        near += sum(abs(found[name] - fingers[0]) <= 1 for name, fingers in wanted.items())
        printed += len(wanted)
        more, other = _struck_again(score, found)
        again, changed = again + more, changed + other
    where = f"{at}, {notes} notes"
    record(
        "fingering",
        [
            Row("finger as printed", hits / printed, n=printed, of="notes", target="no claim"),
            Row("within one finger", near / printed, n=printed, of="notes", target="no claim"),
            Row(
                "chords struck again with other fingers",
                changed,
                n=again,
                of="chords",
                target="0 without a reason",
            ),
            Row("slowest nocturne", slowest, "s", worst_at=where, n=19, target="< 5 s"),
        ],
    )


if __name__ == "__main__":
    main()
