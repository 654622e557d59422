"""The curves a page draws under the score: tempo and loudness beat by beat, and the band.

In: the unfolded score, its structure, the measured plans, the bands of fine playing. Out: Curves.

**Conventions.** The band is moved to the take: to its own tempo in each run, to its own level of
loudness over all. Tempo in felt beats per minute, low = slow; loudness in velocity.

**Knows nothing of** faults, pages.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.judging.beats import Beats, beats_of
from valentin.music import (
    Alignment,
    CurvePoint,
    Curves,
    NoteColumns,
    Plan,
    Score,
    Spread,
    Structure,
)

__all__ = ["curves"]

Floats = npt.NDArray[np.float64]

GRAIN = 10080
"""Divisions of a quarter that hold every notated beat exactly."""


def curves(score: Score, structure: Structure, plans: tuple[Plan, ...], spread: Spread) -> Curves:
    """Tempo and loudness of every run, one point a felt beat, with the band of fine playing."""
    columns = NoteColumns.of(score)
    starts = np.array([float(b.start_q) for b in score.bars] or [0.0])
    beats = beats_of(score, Alignment(()), plans, spread, columns.onsets_q, starts)
    melody_ids = set(structure.melody)
    melody = np.array([n.id in melody_ids for n in score.notes], np.bool_)
    band = np.array([(b.low, b.high, b.centre) for b in spread.velocity]).reshape(-1, 3)
    points: list[CurvePoint] = []
    struck = {plan.run: _velocities(plan, score) for plan in plans}
    known = [v - band[:, 2] for v in struck.values()]
    level = float(np.nanmedian(np.concatenate(known))) if known else 0.0
    for i in range(len(beats)):
        inside = (columns.onset_q >= beats.onset_q[i] - 1e-6) & (
            columns.onset_q < beats.onset_q[i] + beats.length_q[i] - 1e-6
        )
        values = struck[int(beats.run[i])]
        tune, rest = inside & melody, inside & ~melody
        points.append(
            _point(
                score,
                beats,
                i,
                _heard(values, band + level, tune),
                _heard(values, band + level, rest),
            )
        )
    return Curves(tuple(points), spread.source)


def _velocities(plan: Plan, score: Score) -> Floats:
    """Velocity of each score note in this run, NaN where it was not played."""
    flags = plan.played or (True,) * len(plan.shapes)
    struck = {s.id: float(s.velocity) for s, p in zip(plan.shapes, flags, strict=True) if p}
    return np.array([struck.get(n.id, np.nan) for n in score.notes], dtype=np.float64)


def _heard(
    values: Floats, band: Floats, rows: npt.NDArray[np.bool_]
) -> tuple[float | None, float, float]:
    """Mean velocity of the rows struck, and the band's mean over the rows written."""
    written = band[rows] if rows.any() else band[:0]
    low, high = (float(x) for x in written[:, :2].mean(axis=0)) if len(written) else (0.0, 0.0)
    struck = values[rows][~np.isnan(values[rows])]
    return (float(struck.mean()) if len(struck) else None), low, high


def _point(
    score: Score,
    beats: Beats,
    i: int,
    melody: tuple[float | None, float, float],
    rest: tuple[float | None, float, float],
) -> CurvePoint:
    return CurvePoint(
        Fraction(float(beats.onset_q[i])).limit_denominator(GRAIN),
        score.bars[int(beats.bar[i])].number,
        int(beats.run[i]),
        60.0 / float(beats.period_s[i]),
        60.0 / float(beats.high_s[i]),
        60.0 / float(beats.low_s[i]),
        *melody,
        *rest,
    )
