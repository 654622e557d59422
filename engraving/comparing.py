"""A piece of ours beside a reference: what differs, bar by bar.

In: the name of a piece of the shelf and a score file of the same piece. Out: for every bar and
staff that differs, the notes and signs that only one of the two has.

Run: `python -m engraving.comparing NAME REFERENCE [--bars A-B]`.

**Conventions.** A note is PLACE SPELLING LENGTH, both in quarters, the place from the start of the
bar; a `g` stands for the length of a grace note. A mark stands at its place, a slur or a hairpin
with the place of its end in brackets. Staff 0 is between the staves: dynamics, hairpins and words
are compared there, wherever they were drawn, full stops left off; a pedal that changes is one that
comes up and goes down. The bars are the reference's.

**Knows nothing of** who is right: a first edition has misprints of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from engraving.__main__ import SHELF
from valentin.music import Bar, Mark, Score
from valentin.reading import read_score

__all__ = ["differences"]

KINDS = {
    "dynamic",
    "hairpin",
    "slur",
    "articulation",
    "fermata",
    "pedal",
    "tempo",
    "words",
    "arpeggio",
}
ON_A_STAFF = {"slur", "articulation", "fermata", "pedal"}
Row = tuple[int, Fraction, str]
"""Staff, place in the bar, what stands there."""


def differences(ours: Score, reference: Score) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """(bar, only ours, only the reference's) for every bar in which the two differ."""
    for bar in reference.bars:
        here, there = Counter(_rows(ours, bar)), Counter(_rows(reference, bar))
        if here != there:
            yield bar.number, sorted((here - there).elements()), sorted((there - here).elements())


def _rows(score: Score, bar: Bar) -> Iterator[Row]:
    """Every note and sign that begins in the bar."""
    end_q = bar.start_q + bar.length_q
    for note in score.notes:
        if bar.start_q <= note.onset_q < end_q:
            length = "g" if note.grace else str(note.duration_q)
            ornament = f" {note.ornament.kind}" if note.ornament else ""
            yield note.staff, note.onset_q - bar.start_q, f"{note.spelling} {length}{ornament}"
    for mark in score.marks:
        if mark.kind in KINDS and bar.start_q <= mark.start_q < end_q:
            staff = mark.staff if mark.kind in ON_A_STAFF else 0
            plain = mark.text.replace(". ", " ").rstrip(".")
            for text in ("up", "down") if plain == "change" else (plain,):
                yield staff, mark.start_q - bar.start_q, f"{mark.kind} {text}{_end(mark, bar)}"


def _end(mark: Mark, bar: Bar) -> str:
    return f" [{mark.end_q - bar.start_q}]" if mark.kind in ("slur", "hairpin") else ""


def main() -> int:
    """Print what differs; 1 where anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("reference", type=Path)
    parser.add_argument("--bars", default="")
    given = parser.parse_args()
    first, _, last = given.bars.partition("-")
    wanted = range(int(first), int(last or first) + 1) if first else None
    found = 0
    ours, reference = (
        read_score(SHELF / f"{given.name}.musicxml")[0],
        read_score(given.reference)[0],
    )
    for number, here, there in differences(ours, reference):
        if wanted is None or (number.isdigit() and int(number) in wanted):
            found += 1
            for side, rows in (("ours", here), ("reference", there)):
                for staff in sorted({row[0] for row in rows}):
                    words = "; ".join(f"{q} {text}" for s, q, text in rows if s == staff)
                    sys.stdout.write(f"bar {number}, staff {staff}, {side}: {words}\n")
    sys.stdout.write(f"{found} bars differ\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
