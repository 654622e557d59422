"""How well a Spread foretells human takes: coverage of its 80 % interval, and log-likelihood.

In: a reference plan, its Spread, and the measured plan of a human take. Out: values by feature.

**Conventions.** A band is read as a split normal density: its centre is the mode, the 10 and 90 %
quantiles lie 1.2816 of the lower and upper standard deviation from it; one value in a hundred may
stray. Tempo (relative to the take's own median) and articulation are compared as log2, velocity in
MIDI units, lead in seconds; the likelihood is in nats a value, in those units. Grace notes have no
lead or articulation here.

**Knows nothing of** how the bands were found.

**Reference.** K. F. Wallis, "The two-piece normal, binormal, or double Gaussian distribution",
Statistical Science 29 (2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.music import Plan, Score, Spread, SpreadBand, TempoCurve

__all__ = ["SPREAD_FEATURES", "Foretold", "foretold", "of_one_width"]

Floats = npt.NDArray[np.float64]
SPREAD_FEATURES = ("tempo", "velocity", "lead", "articulation")
TO_DECILE = 1.2815515655446004
"""Standard deviations from the mean of a normal distribution to its 90 % quantile."""
NARROWEST = 1e-3
"""Least standard deviation, in each feature's unit: a band of no width is not infinitely sure."""
STRAY, STRAYING = 0.01, 10.0
"""One value in a hundred (a misplaced match, a memory slip) may lie ten times as far off."""


ONE_WIDTH = {
    "tempo": (-0.33, 0.3), "velocity": (-8.0, 26.0), "lead": (-0.022, 0.023),
    "articulation": (-1.17, 1.1),
}  # fmt: skip
"""Where 10 and 90 % of human takes lie about the plan's centre, the same for every place, in the
units of the comparison: the 35 works of train that the held-out model has not seen."""


class Foretold(NamedTuple):
    """Share of values inside the 80 % interval, and the mean log-likelihood."""

    coverage: float
    nats: float


def of_one_width(spread: Spread) -> Spread:
    """The same centres with one width for all: what a spread must foretell better than."""

    def added(bands: Sequence[SpreadBand], name: str) -> tuple[SpreadBand, ...]:
        low, high = ONE_WIDTH[name]
        return tuple(SpreadBand(b.centre + low, b.centre, b.centre + high) for b in bands)

    def times(bands: Sequence[SpreadBand], name: str) -> tuple[SpreadBand, ...]:
        low, high = (2.0**edge for edge in ONE_WIDTH[name])
        return tuple(SpreadBand(b.centre * low, b.centre, b.centre * high) for b in bands)

    return Spread(
        times(spread.seconds_per_quarter, "tempo"),
        added(spread.velocity, "velocity"),
        added(spread.lead_s, "lead"),
        times(spread.articulation, "articulation"),
        "the same centres, one width for all",
    )


def foretold(score: Score, plan: Plan, spread: Spread, human: Plan) -> dict[str, Foretold]:
    """How the bands around `plan` fare with a human take, by feature."""
    graces = {note.id for note in score.notes if note.grace}
    rows = {s.id: s for s, played in zip(human.shapes, human.played, strict=True) if played}
    shapes = [rows.get(shape.id) for shape in plan.shapes]
    velocity = np.array([s.velocity if s else np.nan for s in shapes], dtype=np.float64)
    timed = [s if s and s.id not in graces else None for s in shapes]
    lead = np.array([s.lead_s if s else np.nan for s in timed])
    held = np.array([s.articulation if s else np.nan for s in timed])
    held[~(held > 0)] = np.nan
    return {
        "tempo": _fare(spread.seconds_per_quarter, _tempo(plan, human), logarithmic=True),
        "velocity": _fare(spread.velocity, velocity),
        "lead": _fare(spread.lead_s, lead),
        "articulation": _fare(spread.articulation, held, logarithmic=True),
    }


def _tempo(plan: Plan, human: Plan) -> Floats:
    """The take's tempo at the plan's onsets over its median; NaN outside what it played."""
    onsets = np.array([float(q) for q in plan.onsets_q])
    inside = (onsets >= float(human.onsets_q[0])) & (onsets <= float(human.onsets_q[-1]))
    out = np.full(len(onsets), np.nan)
    times = TempoCurve.of(human).seconds(onsets)
    out[:-1] = np.diff(times) / np.diff(onsets)
    out[~inside] = np.nan
    out[:-1][~inside[1:]] = np.nan
    return np.asarray(out / np.nanmedian(out))


def _fare(bands: Sequence[SpreadBand], values: Floats, logarithmic: bool = False) -> Foretold:
    rows = np.array([(band.low, band.centre, band.high) for band in bands]).reshape(-1, 3)
    known = np.isfinite(values)
    low, centre, high = rows[known].T
    x = values[known]
    if logarithmic:
        low, centre, high, x = (np.log2(np.maximum(v, 1e-3)) for v in (low, centre, high, x))
    below = np.maximum((centre - low) / TO_DECILE, NARROWEST)
    above = np.maximum((high - centre) / TO_DECILE, NARROWEST)
    z = (x - centre) / np.where(x < centre, below, above)
    usual = (1 - STRAY) * np.exp(-0.5 * z**2)
    stray = STRAY / STRAYING * np.exp(-0.5 * (z / STRAYING) ** 2)
    peak = np.log(2 / (below + above)) - 0.5 * np.log(2 * np.pi)
    density = peak + np.log(np.maximum(usual + stray, 1e-300))
    inside = (x >= low) & (x <= high)
    return Foretold(float(inside.mean()), float(density.mean()))
