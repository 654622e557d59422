"""Time: does the tempo run away, is the beat steady, are runs even, do chords sound together.

In: an observation. Out: samples of `DRIFT`, `STEADINESS`, `EVENNESS`, `TOGETHER`.

**Conventions.** Drift is log2 of the beat period at the end of a stretch over its start, against
the expected one: + = slows down. Unsteadiness is the median change from one beat to the next, so
neither slow rubato nor one bent beat counts. Only steady ground is measured (`beats.py`).

**Knows nothing of** loudness, words.

**Reference.** Sen, P. (1968), "Estimates of the regression coefficient based on Kendall's tau", J.
Am. Stat. Assoc. 63, 1379–1389. Changes from beat to beat as local unsteadiness: Madison, G. (2001),
"Variability in isochronous tapping", J. Exp. Psychol. HPP 27, 411–422.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import Sample
from valentin.judging.limits import ASYNCHRONY_S, TEMPO, evenness_floor
from valentin.judging.measures import DRIFT, EVENNESS, STEADINESS, TOGETHER
from valentin.judging.observing import Observation

__all__ = ["chords_together", "drifts", "runs_even", "steadiness"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PHRASE_BARS = (8,)
"""Bars over which a tempo is heard to run away and a beat to be unsteady: one phrase. On `train`
takes windows of four bars find no more and mistake every cadence for a fault."""

FEWEST_BEATS = 6
"""Beats below which neither can be told from one bent beat."""

UNHEARD = 0.035
"""log2 of an interval (2.5 %, Friberg & Sundberg) below which all unevenness is alike: none in one
place must not make a little in another look large."""

WILD = 0.6
"""log2 of beat period off the median at which a beat counts no more: half as long again."""

SMOOTH = 0.05
"""log2 of beat period (3.5 %) added to the roughness of a line: no playing is smoother."""

RUN_Q = 0.5
"""Quarters: the longest note value that makes a run."""

RUN_NOTES = 8
"""Notes below which unevenness cannot be told from phrasing."""

MEAN_OF_MEDIAN = 1.183
"""Mean over median of the absolute values of a normal distribution: √(2/π) / 0.6745."""

RUN_PIECE = 12
"""Notes of a piece into which a longer run is cut: about a bar, so that the bar can be named."""


def drifts(observation: Observation) -> Iterator[Sample]:
    """Rushing and dragging over every stretch of 8 bars.

    The slope is Theil and Sen's (the median over pairs of beats), over how far the beats lie off
    it. It counts the less, the better a new tempo somewhere in the middle explains the beats, and
    the less one-sided the pairs are: a slow cadence or a new section is no drift, nor is rubato.
    The value is what the first and the last quarter differ by.
    """
    beats = observation.beats
    off = beats.off
    for length, rows in stretches(observation, PHRASE_BARS):
        trend, clear = _trend(off[rows])
        quarter = max(len(rows) // 4, 1)
        ends = [float(np.median(off[part])) for part in (rows[:quarter], rows[-quarter:])]
        change = (ends[1] - ends[0]) * float(np.sign(trend))
        start, end = _ends(observation, rows)
        yield Sample(
            DRIFT, start, end, 100 * (2.0 ** (ends[0] - ends[1]) - 1), 0.0,
            clear, change / (2 * TEMPO), window=length,
        )  # fmt: skip


def _trend(off: Floats) -> tuple[float, float]:
    """Change over the stretch, and how clearly it is a drift."""
    i, j = np.triu_indices(len(off), max(len(off) // 4, 1))
    rise = off[j] - off[i]
    trend = float(np.median(rise * (len(off) - 1) / (j - i)))
    one_sided = float(abs(np.mean(np.sign(rise))))
    level = off - np.median(off)
    along = level - trend * np.linspace(-0.5, 0.5, len(off))
    along -= np.median(along)
    line = float(np.sum(_bounded(along) ** 2))
    alike = min(1.0, (_best_step(_bounded(level)) + 1e-6) / (line + 1e-6))
    rough = 1.4826 * float(np.median(np.abs(along)))
    return trend, abs(trend) / (rough + SMOOTH) * (alike * one_sided) ** 2


def _bounded(off: Floats) -> Floats:
    """One beat that is held for long is as far off as one can be, no further."""
    return np.asarray(np.clip(off, -WILD, WILD))


def _best_step(off: Floats) -> float:
    """The sum of squares that is left when one new tempo begins at the best place for it."""
    count = np.arange(1, len(off))
    sums, squares = np.cumsum(off), np.cumsum(off**2)
    left = squares[:-1] - sums[:-1] ** 2 / count
    rest = squares[-1] - squares[:-1] - (sums[-1] - sums[:-1]) ** 2 / (len(off) - count)
    return float(np.min(left + rest))


def steadiness(observation: Observation) -> Iterator[Sample]:
    """How unevenly beat follows beat, over every stretch of 8 bars."""
    beats = observation.beats
    off = beats.off
    for length, rows in stretches(observation, PHRASE_BARS):
        jitter = float(np.median(np.abs(np.diff(off[rows]))))
        start, end = _ends(observation, rows)
        yield Sample(
            STEADINESS, start, end, 100 * (2.0**jitter - 1),
            100 * (2.0**2.0**STEADINESS.usual - 1),
            float(np.log2(max(jitter, UNHEARD))), jitter / TEMPO, window=length,
        )  # fmt: skip


def stretches(observation: Observation, lengths: tuple[int, ...]) -> Iterator[tuple[int, Ints]]:
    """Rows of consecutive beats on steady ground, for every window of so many bars."""
    beats = observation.beats
    good = beats.steady_ground & beats.current
    for length in lengths:
        for first in range(len(observation.bar_starts) - length + 1):
            inside = (beats.bar >= first) & (beats.bar < first + length)
            for run in np.unique(beats.run[inside]):
                rows = np.flatnonzero(inside & good & (beats.run == run))
                whole = int((inside & (beats.run == run)).sum())
                if len(rows) >= FEWEST_BEATS and len(rows) >= 0.8 * whole:
                    yield length, rows


def _ends(observation: Observation, rows: Ints) -> tuple[float, float]:
    beats = observation.beats
    return (
        float(beats.onset_q[rows[0]]),
        float(beats.onset_q[rows[-1]] + beats.length_q[rows[-1]]),
    )


def runs_even(observation: Observation) -> Iterator[Sample]:
    """The evenness of runs of equal quick notes in one voice."""
    for rows in quick_runs(observation):
        notes = observation.notes
        interval = np.diff(notes.onset_s[rows])
        if float(np.median(interval)) <= 0:
            continue
        uneven = float(np.log2(1 + displacement(interval, np.median)))
        floor = float(np.log2(1 + evenness_floor(np.median(interval))))
        yield Sample(
            EVENNESS,
            float(notes.onset_q[rows[0]]),
            float(notes.onset_q[rows[-1]] + notes.duration_q[rows[-1]]),
            100 * displacement(interval),
            100 * (2.0**2.0**EVENNESS.usual - 1),
            float(np.log2(max(uneven, UNHEARD))),
            uneven / floor,
            tuple(notes.ids[i] for i in rows),
        )


def displacement(interval: Floats, middle: Callable[[Floats], float] = np.mean) -> float:
    """How far notes come early or late on average, as a share of their interval.

    From how each interval differs from the mean of its neighbours: no even gain or loss of speed
    enters. Displacements e that do not depend on each other make differences of
    (e[i+1] - 3 e[i] + 3 e[i-1] - e[i-2]) / 2, whose scatter is √5 times theirs. By the median as
    `middle` one breath or one accent in a run does not make it uneven.
    """
    away = np.abs(interval[1:-1] - (interval[:-2] + interval[2:]) / 2)
    scale = MEAN_OF_MEDIAN if middle is np.median else 1.0
    return float(scale * middle(away) / np.sqrt(5) / np.median(interval))


def quick_runs(observation: Observation) -> Iterator[Ints]:
    """Rows of notes of one voice, equal, quick, one after the other, cut into stretches.

    A pause, which stands at the note after it, ends a run.
    """
    notes = observation.notes
    quick = notes.plain & (notes.duration_q <= RUN_Q) & (notes.duration_q > 0)
    keys = notes.staff * 1000 + notes.voice
    stops = np.sort([float(pause.at_q) for pause in observation.alignment.pauses])
    for key in np.unique(keys):
        rows = np.flatnonzero(quick & (keys == key))
        _, first, count = np.unique(notes.onset_q[rows], return_index=True, return_counts=True)
        rows = rows[first[count == 1]]
        if len(rows) < RUN_NOTES:
            continue
        gap = notes.onset_q[rows[1:]] - notes.onset_q[rows[:-1]] - notes.duration_q[rows[:-1]]
        same = np.abs(notes.duration_q[rows[1:]] - notes.duration_q[rows[:-1]]) < 1e-6
        broken = (np.abs(gap) > 1e-6) | ~same | (np.diff(notes.run[rows]) != 0)
        broken |= np.diff(np.searchsorted(stops, notes.onset_q[rows], "right")) > 0
        for chain in np.split(rows, np.flatnonzero(broken) + 1):
            pieces = max(round(len(chain) / RUN_PIECE), 1)
            for piece in np.array_split(chain, pieces):
                if len(piece) >= RUN_NOTES:
                    yield piece


def chords_together(observation: Observation) -> Iterator[Sample]:
    """Notes meant together and struck apart, bar by bar; a leading melody is set aside."""
    notes = observation.notes
    apart: dict[int, list[float]] = {}
    ids: dict[int, list[str]] = {}
    keep = notes.plain & ~notes.melody
    order = np.flatnonzero(keep)
    for rows in np.split(order, np.flatnonzero(np.diff(notes.onset_q[order]) > 1e-9) + 1):
        if len(rows) < 2 or len(set(notes.run[rows])) > 1:
            continue
        bar = int(notes.bar[rows[0]])
        apart.setdefault(bar, []).append(float(np.ptp(notes.onset_s[rows])))
        ids.setdefault(bar, []).extend(notes.ids[i] for i in rows)
    for bar, spreads in apart.items():
        if len(spreads) < 2:
            continue
        typical = float(np.median(spreads))
        yield Sample(
            TOGETHER,
            float(observation.bar_starts[bar]),
            float(observation.bar_ends[bar]),
            1000 * typical,
            1000 * 2.0**TOGETHER.usual,
            float(np.log2(max(typical, 1e-3))),
            typical / (2 * ASYNCHRONY_S),
            tuple(ids[bar]),
        )
