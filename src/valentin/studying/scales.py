"""Runs that every pianist has in the hand: major scales and the chromatic scale.

In: the pitches of a line, one hand. Out: for the notes of each run, the fingers of the primers.

**Conventions.** A run is `LEAST` notes or more in one direction, by semitones and whole tones,
whose keys are those of one major scale (so its minor too), or by semitones alone. Its first and
last note are free but for the thumb on black keys: there a hand comes from elsewhere and turns.
Pitches are as they sound on either hand.

**Knows nothing of** costs.

**Reference.** The common scale fingerings, as in J. N. Hummel (1828), *Anweisung zum
Pianofortespiel*, and every primer since: thumbs on white keys only, 3 on the black keys of a
chromatic scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

__all__ = ["LEAST", "scale_fingers"]

LEAST = 8
"""Notes: an octave."""

THUMBS: dict[str, tuple[tuple[int, int], ...]] = {
    "right": (
        (0, 5), (0, 5), (2, 7), (0, 5), (4, 9), (5, 0), (11, 5), (7, 0), (0, 5), (9, 2), (0, 5),
        (11, 4),
    ),
    "left": (
        (0, 7), (0, 5), (2, 9), (2, 7), (4, 11), (5, 0), (11, 5), (7, 2), (0, 7), (9, 4), (2, 9),
        (11, 4),
    ),
}  # fmt: skip
"""Pitch classes of the thumb in the major scale on each pitch class: C, D flat, D, … B."""

SECONDS = {"right": (0, 5), "left": (4, 11)}
"""White keys that the second finger takes in a chromatic scale; the thumb has the other ones."""

STEPS = frozenset((0, 2, 4, 5, 7, 9, 11))
BLACK = frozenset((1, 3, 6, 8, 10))


def scale_fingers(
    pitches: Sequence[int], side: Literal["left", "right"]
) -> dict[int, tuple[int, ...]]:
    """The fingers to choose from, by place in the line; places outside runs are not named."""
    found: dict[int, tuple[int, ...]] = {}
    for first, last in _runs(pitches):
        row = range(first + 1, last - 1)
        if all(abs(b - a) == 1 for a, b in pairwise(pitches[first:last])):
            found |= {i: (_chromatic(pitches[i] % 12, side),) for i in row}
            found[first] = (3,) if pitches[first] % 12 in BLACK else (1,)
        elif (root := _root(pitches[first:last])) is not None:
            thumbs = THUMBS[side][root]
            found |= {i: (1,) if pitches[i] % 12 in thumbs else (2, 3, 4) for i in row}
            ends = (i for i in (first, last - 1) if pitches[i] % 12 in BLACK)
            found |= dict.fromkeys(ends, (2, 3, 4, 5))
    return found


def _chromatic(key: int, side: str) -> int:
    if key in BLACK:
        return 3
    return 2 if key in SECONDS[side] else 1


def _runs(pitches: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First place and the one after the last of every run."""
    start = 0
    for i in range(1, len(pitches) + 1):
        goes_on = (
            i < len(pitches)
            and abs(step := pitches[i] - pitches[i - 1]) in (1, 2)
            and (i - start < 2 or (step > 0) == (pitches[i - 1] > pitches[i - 2]))
        )
        if not goes_on:
            if i - start >= LEAST:
                yield start, i
            start = i - 1 if i < len(pitches) and _turns(pitches, i) else i


def _turns(pitches: Sequence[int], i: int) -> bool:
    """Whether a new run may begin on the note before: its top is the other's bottom."""
    return abs(pitches[i] - pitches[i - 1]) in (1, 2)


def _root(pitches: Sequence[int]) -> int | None:
    """The pitch class of the major scale that holds them all, None where there is not one."""
    keys = {p % 12 for p in pitches}
    return next((r for r in range(12) if all((k - r) % 12 in STEPS for k in keys)), None)
