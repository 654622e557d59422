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

import numpy as np

from bench.accompanying import MOVEMENTS
from bench.common import Row, data_folder, record
from valentin.music import Score
from valentin.reading import read_score

__all__ = ["doubled"]

TRANSPOSING = re.compile(r"(?i)clarinetto|corno|tromp?b?a ")
FEWEST = 8


def doubled(score: Score, part: str) -> tuple[list[float], int]:
    """The share of onsets doubled if the part is moved by 0..11 semitones, and how many onsets."""
    notes = [note for note in score.notes if not note.grace]
    begin = np.array([float(note.onset_q) for note in notes])
    end = begin + np.array([float(note.duration_q) for note in notes])
    others_only = np.array([note.part != part for note in notes])
    classes = np.array([note.pitch % 12 for note in notes])
    found, asked = np.zeros(12), 0
    for i in np.flatnonzero(~others_only):
        sounding = others_only & (begin <= begin[i]) & (begin[i] < end)
        others = set(classes[sounding].tolist())
        if len(others) < 2:
            continue
        asked += 1
        found += [(classes[i] + moved) % 12 in others for moved in range(12)]
    return (found / max(1, asked)).tolist(), asked


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
