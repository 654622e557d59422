"""Which note of a chord pianists play loudest, and whether the melody found is that note.

In: robust human takes of the training split. Out: rows of `bench/results/melody.json`.

Run: `python -m bench.melody [--takes 120]`.

**Conventions.** Counted are the onset groups of two notes or more that hold a melody note and whose
loudest key is one alone. The skyline (the highest note) stands beside it on the same groups, and
both on those groups where they differ.

**Knows nothing of** how a melody is found.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator

from bench.common import Row, Take, across_works, record, sampled, takes
from valentin.music import Score, ScoreNote, unfold
from valentin.reading import read_match, read_score
from valentin.studying import study

__all__ = ["loudest"]


def loudest(score: Score, velocity: dict[str, int]) -> Iterator[tuple[ScoreNote, list[ScoreNote]]]:
    """(the note played loudest, the chord it is in), for each chord where it is one alone."""
    chords: dict[object, list[ScoreNote]] = defaultdict(list)
    for note in score.notes:
        if note.id in velocity and not note.grace:
            chords[note.onset_q].append(note)
    for chord in chords.values():
        most = max(velocity[note.id] for note in chord)
        top = [note for note in chord if velocity[note.id] == most]
        if len(chord) > 1 and len(top) == 1:
            yield top[0], chord


def _shares(take: Take, score: Score, melody: set[str]) -> dict[str, tuple[int, int]]:
    """(hits, chords) of either way of choosing."""
    assert take.match is not None
    performance, alignment = read_match(take.match)
    strength = {note.id: note.velocity for note in performance.notes}
    velocity = {m.score_id: strength[m.performed_id] for m in alignment.matches}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for loud, chord in loudest(score, velocity):
        found = next((note for note in chord if note.id in melody), None)
        if found is None:
            continue
        highest = max(chord, key=lambda note: note.pitch)
        kinds = ("",) if found.pitch == highest.pitch else ("", ", where they differ")
        for kind in kinds:
            for name, note in (("melody", found), ("skyline", highest)):
                counts[name + kind][0] += note.pitch == loud.pitch
                counts[name + kind][1] += 1
    return {name: (hits, chords) for name, (hits, chords) in counts.items()}


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=120)
    chosen = sampled([take for take in takes("train") if take.match], parser.parse_args().takes)
    scores: dict[str, tuple[Score, set[str]]] = {}
    works: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for take in chosen:
        if take.folder not in scores:
            score = unfold(read_score(take.score)[0])
            scores[take.folder] = score, set(study(score).melody)
        for name, (hits, chords) in _shares(take, *scores[take.folder]).items():
            works[name][take.work][0] += hits
            works[name][take.work][1] += chords
    rows: list[Row] = [
        across_works(
            f"the loudest of a chord is the {name}",
            {work: hits / chords for work, (hits, chords) in counts.items()},
        )
        for name, counts in sorted(works.items())
    ]
    record("melody", rows)


if __name__ == "__main__":
    main()
