"""How freely a bar breathes, and which bar shows it best.

In: the beats of performances of one score. Out: numbers.

**Conventions.** Breath is the standard deviation of the beats' lengths as log2: 0 is a metronome;
0.2 is a beat that swells and shrinks by a seventh around its mean.

**Knows nothing of** how the performances came about.
"""

from __future__ import annotations

from itertools import pairwise
from math import log2
from statistics import pstdev

from valentin.music import Beat

__all__ = ["beats_between", "breath", "freest_bar"]

LEAST_BEATS = 3
LEAST_BREATH = 0.08
"""Below, nobody hears that a bar breathes (a just noticeable change of tempo is about 6 %)."""
TIMES = 1.6
"""Times as much breath that the freer of two ways must have."""
LEAST_S, MOST_S = 3.0, 14.0
"""Seconds of one bar that are long enough to feel and short enough to compare."""


def breath(lengths_s: tuple[float, ...]) -> float:
    """Standard deviation of the lengths of beats, as log2; 0 for fewer than two."""
    return pstdev([log2(s) for s in lengths_s if s > 0]) if len(lengths_s) > 1 else 0.0


def beats_between(beats: tuple[Beat, ...], first: int, last: int) -> tuple[float, ...]:
    """Seconds of each beat from beat `first` to beat `last`."""
    return tuple(b.time_s - a.time_s for a, b in pairwise(beats[first : last + 1]))


def freest_bar(
    free: tuple[Beat, ...], strict: tuple[Beat, ...], until_s: float
) -> tuple[int, int] | None:
    """The beats [first, last] of the bars, one or two, in which two performances differ the most.

    Only bars that begin within `until_s` of the freer one and are printed one after the other, not
    joined by a repeat; None where none shows it well enough.
    """
    if [b.onset_q for b in free] != [b.onset_q for b in strict]:
        return None
    printed = {bar: at for at, bar in enumerate(dict.fromkeys(beat.bar for beat in free))}
    strong = [i for i, beat in enumerate(free) if beat.strong]
    best: tuple[float, int, int] | None = None
    for at, first in enumerate(strong):
        for last in strong[at + 1 : at + 3]:
            seconds = free[last].time_s - free[first].time_s
            if last - first < LEAST_BEATS or not LEAST_S <= seconds <= MOST_S:
                continue
            if printed[free[last - 1].bar] - printed[free[first].bar] not in (0, 1):
                continue
            freer, stricter = (breath(beats_between(row, first, last)) for row in (free, strict))
            good = freer >= LEAST_BREATH and freer >= TIMES * stricter
            if good and free[first].time_s <= until_s and (not best or freer - stricter > best[0]):
                best = (freer - stricter, first, last)
    return (best[1], best[2]) if best else None
