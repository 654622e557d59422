"""When each place of a run was due, from the keys placed so far.

In: places on a run's axis and the seconds at which keys of those places were struck. Out: a
`TempoMap`, seconds as a rising function of the place.

**Conventions.** Seconds are the take's. Outside the places known, the tempo of the nearest eight
goes on.

**Knows nothing of** pitches.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from valentin.aligning.material import Floats, Ints

__all__ = ["TempoMap", "usual_tempo"]

EDGE_PLACES = 8
"""Places over which the tempo at either end is measured."""

WIDEST = 20.0
"""A slope this many times steeper or flatter than the usual one is a fault of the data."""


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Knots of a rising, piecewise linear map."""

    knots_q: Floats
    knots_s: Floats
    usual: float  # seconds per quarter, where nothing better is known

    @classmethod
    def through(cls, places_q: Floats, seconds: Floats, usual: float) -> TempoMap:
        """The map through the median time of each place, the fewest places left out that would
        make it fall."""
        knots_q, group = np.unique(places_q, return_inverse=True)
        order = np.lexsort((seconds, group))
        ends = np.cumsum(np.bincount(group))
        knots_s = seconds[order][(ends + np.concatenate([[0], ends[:-1]]) - 1) // 2]
        rising = _longest_rise(knots_s)
        return cls(knots_q[rising], knots_s[rising], usual)

    def seconds(self, places_q: Floats) -> Floats:
        """When these places were due."""
        q, s = self.knots_q, self.knots_s
        if len(q) == 1:
            return np.asarray(s[0] + (places_q - q[0]) * self.usual)
        k = min(EDGE_PLACES, len(q) - 1)
        bounds = self.usual / WIDEST, self.usual * WIDEST
        first = np.clip((s[k] - s[0]) / (q[k] - q[0]), *bounds)
        last = np.clip((s[-1] - s[-1 - k]) / (q[-1] - q[-1 - k]), *bounds)
        due = np.interp(places_q, q, s)
        due = np.where(places_q < q[0], s[0] + (places_q - q[0]) * first, due)
        return np.asarray(np.where(places_q > q[-1], s[-1] + (places_q - q[-1]) * last, due))

    def slopes(self, places_q: Floats) -> Floats:
        """Seconds per quarter around these places, over a window of two quarters."""
        around = (self.seconds(places_q + 1) - self.seconds(places_q - 1)) / 2
        return np.asarray(np.maximum(around, self.usual / WIDEST))


def usual_tempo(places_q: Floats, seconds: Floats) -> float:
    """The median seconds per quarter between neighbours that rise in both, 1 if there is none."""
    gone_q, gone_s = np.diff(places_q), np.diff(seconds)
    rising = (gone_q > 0) & (gone_s > 0)
    return float(np.median(gone_s[rising] / gone_q[rising])) if rising.any() else 1.0


def _longest_rise(values: Floats) -> Ints:
    """Indices of a longest strictly rising subsequence."""
    tails: list[float] = []
    at: list[int] = []
    before = np.full(len(values), -1)
    for i, value in enumerate(values):
        k = bisect_left(tails, value)
        if k == len(tails):
            tails.append(float(value))
            at.append(i)
        else:
            tails[k], at[k] = float(value), i
        before[i] = at[k - 1] if k else -1
    chain = [at[-1]]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return np.array(chain[::-1], dtype=np.int64)
