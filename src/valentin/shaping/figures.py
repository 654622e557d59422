"""The notes of an ornament sign: which keys, when, in seconds from its start.

In: the main note's pitch, its neighbours, the time there is. Out: a figure.

**Conventions.** A figure's notes do not overlap. Speeds are those of fingers, not of the beat;
where the time is short the figure gets faster, then loses notes.

**Knows nothing of** scores, velocities.

**Reference.** Bach, C. P. E. (1753), *Versuch über die wahre Art das Clavier zu spielen*, I.2:
trills begin above, on the beat. Hummel, J. N. (1828), *Anweisung zum Pianofortespiel*: from then
on, on the main note. Moore, G. P. (1992), *Piano trills*, Music Perception 9(3): 12–14 a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Figure", "evenly", "mordent", "trill", "turn"]

TRILL_NOTE_S = 0.078
"""Seconds a note of a trill or a mordent: 12.8 a second (Moore 1992)."""

TURN_NOTE_S = 0.095
"""Seconds a note of a turn that closes a long note: unhurried."""

SUFFIX_NOTES = 8
"""A trill of this many notes or more closes from below."""

HELD = 0.92
"""Share of the time to the next note of the figure for which a note is held."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Pitches with their starts and ends, seconds from the start of the ornament."""

    pitches: tuple[int, ...]
    starts_s: tuple[float, ...]
    ends_s: tuple[float, ...]


def trill(main: int, upper: int, lower: int, *, above: bool, span_s: float) -> Figure:
    """Alternate for the whole time and end on the main note, from below where there is time."""
    count = max(3, int(span_s / TRILL_NOTE_S))
    first = (upper, main) if above else (main, upper)
    row = [first[k % 2] for k in range(count)]
    if row[-1] != main:
        row.pop()
    if len(row) >= SUFFIX_NOTES:
        row[-2] = lower
    return evenly(row, span_s)


def mordent(pitches: Sequence[int], span_s: float) -> Figure:
    """Quick notes, the last one held to the end."""
    step = min(TRILL_NOTE_S, span_s / (len(pitches) + 1))
    starts = [k * step for k in range(len(pitches))]
    return _figure(pitches, starts, span_s)


def turn(main: int, first: int, second: int, span_s: float) -> Figure:
    """Around the main note: at once where it is short, before its end where it is long."""
    around = (first, main, second, main)
    if span_s < 8 * TRILL_NOTE_S:
        return mordent(around, span_s)
    starts = [0.0, *(span_s - (4 - k) * TURN_NOTE_S for k in range(4))]
    return _figure((main, *around), starts, span_s)


def evenly(pitches: Sequence[int], span_s: float) -> Figure:
    """Equal notes over the whole time."""
    step = span_s / len(pitches)
    return _figure(pitches, [k * step for k in range(len(pitches))], span_s)


def _figure(pitches: Sequence[int], starts: Sequence[float], span_s: float) -> Figure:
    ends = [a + HELD * (b - a) for a, b in pairwise([*starts, span_s])]
    return Figure(tuple(pitches), tuple(starts), tuple(ends))
