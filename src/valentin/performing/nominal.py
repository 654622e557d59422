"""Where score onsets lie in time: the tempo curve of a human performance.

In: for every score-onset group its place in the score, the times at which its notes were struck,
and how far each note may be trusted. Out: the knots of a tempo curve, rising in quarters and in
seconds.

**Conventions.** The reference time of a group is the mean onset of its best-trusted notes, without
those more than `CHORD_S` from their median. Knots are groups at least `KNOT_S` apart, those on
strong beats first; a group between two knots is not one, and its deviation is left to the leads.

**Knows nothing of** note ids, velocities, why a player deviates.

**Reference.** J. London, *Hearing in Time* (2nd ed. 2012), ch. 2: an interval below about 0.1 s is
not heard as a subdivision, below 0.2 to 0.25 s not as a beat. C. Cancino-Chacón et al., "An
evaluation of linear and non-linear models of expressive dynamics in classical piano and symphonic
music", Machine Learning 106 (2017), for the mean onset of a chord as its time; we differ in
trimming it and in the distance of knots.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["CHORD_S", "KNOT_S", "Knots", "choose_knots", "reference_times"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CHORD_S = 0.1
"""Seconds from the median of its chord beyond which a note does not count for the chord's time.

Of nine references tried on 88 human takes this trimmed mean lies nearest to the line between its
neighbours (root mean square 48.6 ms; highest note 51.4, first 54.3, lowest 55.8, last 57.1).
"""

KNOT_S = 0.25
"""Least distance of knots in seconds: the shortest interval heard as a beat (London).

Over 13 works, the tempos of two players at all onsets correlate at .52 with knots 0.03 s apart, .58
at 0.1, .62 at 0.2, .66 at 0.3: what is finer is largely noise of the fingers and goes to the leads.
"""

BEAT_WEIGHT = 0.5
"""What each metrical level adds to the weight of a group where groups are out of order."""

ENDS = 9
"""Weight of the first and last group of a run: above every metrical weight."""


@dataclass(frozen=True, slots=True)
class Knots:
    """Indices of the groups that are knots, and their times."""

    groups: Ints
    times_s: Floats


def reference_times(group: Ints, onset_s: Floats, trust: Ints, count: int) -> Floats:
    """The time of every group 0..count−1, NaN where none of its notes is trusted.

    `group`, `onset_s` and `trust` are parallel, one row a note; a group goes by its notes of the
    highest trust, and a trust of 0 is none.
    """
    times = np.full(count, np.nan)
    best = np.zeros(count, dtype=np.int64)
    np.maximum.at(best, group, trust)
    kept = (trust == best[group]) & (trust > 0)
    group, onset = group[kept], onset_s[kept]
    order = np.lexsort((onset, group))
    group, onset = group[order], onset[order]
    present, first, size = np.unique(group, return_index=True, return_counts=True)
    median = (onset[first + (size - 1) // 2] + onset[first + size // 2]) / 2
    near = np.abs(onset - np.repeat(median, size)) <= CHORD_S
    place = np.repeat(np.arange(len(present)), size)
    n = np.bincount(place, near, len(present))
    mean = np.bincount(place, np.where(near, onset, 0.0), len(present)) / np.maximum(n, 1)
    times[present] = np.where(n > 0, mean, median)
    return times


def choose_knots(times_s: Floats, weight: Ints) -> Knots:
    """The knots among groups with reference times `times_s` and metrical `weight`, in score order.

    At least one knot where any time is known.
    """
    groups = _rising(times_s, weight)
    weight = weight[groups].copy()
    weight[[0, -1]] = ENDS
    times = times_s[groups]
    chosen = np.zeros(len(groups), dtype=np.bool_)
    for level in sorted(set(weight.tolist()), reverse=True):
        taken = [-np.inf, *times[chosen].tolist(), np.inf]
        last = -np.inf
        for i in np.flatnonzero(weight == level).tolist():
            at = bisect_left(taken, times[i])
            if times[i] - max(last, taken[at - 1]) >= KNOT_S and taken[at] - times[i] >= KNOT_S:
                chosen[i] = True
                last = times[i]
    return Knots(groups[chosen], times[chosen])


def _rising(times_s: Floats, weight: Ints) -> Ints:
    """Indices of the heaviest strictly rising subsequence: what no misplaced note disturbs.

    Strong beats weigh more than what lies between them, so that an ornament written out beside
    them gives way.
    """
    tails: list[float] = []
    weights: list[float] = []
    ends: list[int] = []
    before = np.full(len(times_s), -1, dtype=np.int64)
    for i in np.flatnonzero(np.isfinite(times_s)).tolist():
        time = times_s[i]
        at = bisect_left(tails, time)
        before[i] = ends[at - 1] if at else -1
        total = (weights[at - 1] if at else 0.0) + 1.0 + BEAT_WEIGHT * weight[i]
        beaten = at
        while beaten < len(tails) and weights[beaten] <= total:
            beaten += 1
        if at == len(tails) or tails[at] > time or beaten > at:
            tails[at:beaten], weights[at:beaten], ends[at:beaten] = [time], [total], [i]
    path: list[int] = []
    here = ends[-1] if ends else -1
    while here >= 0:
        path.append(here)
        here = int(before[here])
    return np.array(path[::-1], dtype=np.int64)
