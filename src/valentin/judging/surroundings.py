"""A few bars against the bars around them: suddenly faster or slower, suddenly louder or softer.

In: an observation. Out: samples of `SUDDEN_TEMPO` and `SUDDEN_LEVEL`.

**Conventions.** What is compared is what is left when the expected tempo or velocity is taken away:
the median over the bars of a stretch against the medians of up to four bars before and after it.
Both sides must lie on the same side of the stretch, and the nearer one counts: a new section, which
only begins otherwise, is no sudden change, nor is a ritardando into a phrase's end. Tempo is + =
faster, in percent; level + = louder, in velocities.

**Knows nothing of** what happens inside the stretch, words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import Sample
from valentin.judging.limits import LEVEL_DB, TEMPO, velocity_db
from valentin.judging.measures import SUDDEN_LEVEL, SUDDEN_TEMPO
from valentin.judging.observing import Observation

__all__ = ["sudden_levels", "sudden_tempos"]

Floats = npt.NDArray[np.float64]

SUDDEN_BARS = (2, 4, 8)
"""Bars of a stretch: two are the least that are heard as a passage, eight a phrase."""

AROUND = 4
"""Bars before and after with which a stretch is compared: half a phrase each."""

JOIN_BARS = 1
"""Bars to either side that belong to a sudden tempo: it is heard, and mended, at its joins."""

FEWEST_AROUND = 2
"""Bars that must be known on either side."""

KNOWN = 0.7
"""Share of a bar's beats on steady ground, and of a stretch's bars, from which it is known."""

WILD = 0.8
"""log2 of a beat period off the expected one beyond which a beat counts no more."""

ROUGH = 0.05
"""log2 of beat period (3.5 %) added to the roughness of the bars: no playing is smoother."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    first: int
    bars: int
    away: float  # of the stretch from the nearer side, with its sign; 0 between the two
    rough: float  # how far single bars lie off the median of their part


def sudden_tempos(observation: Observation) -> Iterator[Sample]:
    """Stretches at another tempo than the bars before and after, the joins included."""
    for stretch in _stretches(_bar_tempos(observation)):
        start, end = _limits(observation, stretch, JOIN_BARS)
        yield Sample(
            SUDDEN_TEMPO, start, end, 100 * (2.0**-stretch.away - 1), 0.0,
            abs(stretch.away) / (stretch.rough + ROUGH), abs(stretch.away) / (1.5 * TEMPO),
            window=stretch.bars,
        )  # fmt: skip


def sudden_levels(observation: Observation) -> Iterator[Sample]:
    """Stretches at another level than the bars before and after."""
    off, level = _bar_levels(observation)
    for stretch in _stretches(off):
        start, end = _limits(observation, stretch)
        at = float(np.nanmean(level[stretch.first : stretch.first + stretch.bars]))
        step = abs(float(velocity_db(at) - velocity_db(max(at - stretch.away, 1.0))))
        yield Sample(
            SUDDEN_LEVEL, start, end, stretch.away, 0.0,
            abs(stretch.away), step / (2 * LEVEL_DB), window=stretch.bars,
        )  # fmt: skip


def _limits(observation: Observation, stretch: _Stretch, join: int = 0) -> tuple[float, float]:
    """Where the stretch begins and ends, `join` bars before and after included."""
    first = max(stretch.first - join, 0)
    last = min(stretch.first + stretch.bars - 1 + join, len(observation.bar_ends) - 1)
    return float(observation.bar_starts[first]), float(observation.bar_ends[last])


def _bar_tempos(observation: Observation) -> Floats:
    """log2 of beat period over the expected one, bar by bar; NaN where it is not known."""
    beats, count = observation.beats, len(observation.bar_starts)
    good = beats.steady_ground & beats.current
    known = np.bincount(beats.bar[good], minlength=count)
    every = np.bincount(beats.bar[beats.current], minlength=count)
    total = np.bincount(beats.bar[good], np.clip(beats.off[good], -WILD, WILD), count)
    return np.where(
        (known > 0) & (known >= KNOWN * every), total / np.maximum(known, 1), np.nan
    )  # fmt: skip


def _bar_levels(observation: Observation) -> tuple[Floats, Floats]:
    """Mean velocity off the expected one, and mean velocity, bar by bar; NaN where none."""
    notes, count = observation.notes, len(observation.bar_starts)
    struck = np.bincount(notes.bar, minlength=count)
    totals = (np.bincount(notes.bar, v, count) for v in (notes.velocity_off, notes.velocity))
    off, level = (np.where(struck > 0, t / np.maximum(struck, 1), np.nan) for t in totals)
    return off, level


def _stretches(bars: Floats) -> Iterator[_Stretch]:
    """Every stretch that has known bars enough in it and on both sides."""
    for length in SUDDEN_BARS:
        for first in range(1, len(bars) - length):
            last = first + length
            parts = [
                part[~np.isnan(part)]
                for part in (
                    bars[max(first - AROUND, 0) : first],
                    bars[first:last],
                    bars[last : last + AROUND],
                )
            ]
            if min(len(parts[0]), len(parts[2])) < FEWEST_AROUND or len(parts[1]) < KNOWN * length:
                continue
            before, own, after = (float(np.median(part)) for part in parts)
            rests = [part - np.median(part) for part in parts]
            rough = 1.4826 * float(np.median(np.abs(np.concatenate(rests))))
            yield _Stretch(first, length, _away(own - before, own - after), rough)


def _away(before: float, after: float) -> float:
    """The smaller of two distances where both have one sign, else nothing."""
    if before * after <= 0:
        return 0.0
    return before if abs(before) < abs(after) else after
