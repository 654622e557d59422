"""Transposing instruments: do their notes, as read, sound with the rest of the orchestra?

In: the concerto movements. Out: rows of `bench/results/transposing.json`.

Run: `python -m bench.transposing`.

**Conventions.** At each onset of a transposing part the others that sound, of two pitch classes at
least, are asked whether they double its pitch class. *As read* is the share of onsets that
are doubled; *otherwise* the best share if all notes of the part were moved by one same number of
semitones, 1 to 11. Parts that read wrongly by their key (a clarinet in B flat by two semitones, a
horn in F by seven, in E by four or eight) would be better doubled somewhere else.

**Knows nothing of** how a file says that a part transposes.
"""

from __future__ import annotations

import re

from bench.accompanying import MOVEMENTS
from bench.common import Row, data_folder, record
from valentin.music import Score, ScoreNote
from valentin.reading import read_score

__all__ = ["doubled"]

TRANSPOSING = re.compile(r"(?i)clarinetto|corno|tromp?b?a ")
FEWEST = 8


def doubled(score: Score, part: str) -> tuple[list[float], int]:
    """The share of onsets doubled if the part is moved by 0..11 semitones, and how many onsets."""
    notes = [note for note in score.notes if not note.grace]
    found, asked = [0] * 12, 0
    for own in (note for note in notes if note.part == part):
        others = {n.pitch % 12 for n in notes if n.part != part and _sounds(n, own)}
        if len(others) < 2:
            continue
        asked += 1
        for moved in range(12):
            found[moved] += (own.pitch + moved) % 12 in others
    return [count / max(1, asked) for count in found], asked


def _sounds(note: ScoreNote, own: ScoreNote) -> bool:
    return note.onset_q <= own.onset_q < note.onset_q + note.duration_q


def _main() -> None:
    rows = []
    for name in MOVEMENTS:
        score, _ = read_score(data_folder() / "concertos" / f"{name}.krn", lenient=True)
        for part in score.parts:
            if not TRANSPOSING.search(part.name):
                continue
            shares, asked = doubled(score, part.id)
            if asked >= FEWEST:
                best = max(range(1, 12), key=shares.__getitem__)
                words = f"{name}, {part.name.rstrip('.')}"
                rows.append(Row(f"{words}: doubled as read", shares[0], n=asked, of="onsets"))
                otherwise = f"{words}: moved by {best}"
                rows.append(Row(otherwise, shares[best], n=asked, of="onsets"))
    record("transposing", rows)


if __name__ == "__main__":
    _main()
