"""The felt beats of a take, run by run: how long each is, and how long fine pianists make it.

In: the score, the measured plans, the bands. Out: one row a beat.

**Conventions.** `period_s` is seconds per felt beat; `off` is log2(period / expected period) less
the median of its run, + = slower. A beat is `steady_ground` where nothing written bends the tempo
and at least one note was surely played near both its ends; only there is anything said about time.

**Knows nothing of** what is a fault.

**Reference.** Beat period per felt beat from onset-group means, as in the expressive-timing
literature (Repp, B. (1998), J. Acoust. Soc. Am. 104(2), 1085–1100).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from valentin.judging.marking import unsteady_stretches
from valentin.music import Alignment, Plan, Score, Spread, TempoCurve

__all__ = ["Beats", "beats_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NEAR_Q = 1e-6
"""Quarters within which two places are one: far below any notated value."""

LAST_BEATS = 4
"""Beats before the end of the piece that belong to the final ritardando, ours to leave alone."""


@dataclass(frozen=True, slots=True)
class Beats:
    """One row a felt beat of a run."""

    onset_q: Floats
    length_q: Floats
    bar: Ints
    run: Ints
    period_s: Floats
    expected_s: Floats  # at the run's own tempo
    low_s: Floats
    high_s: Floats
    struck: Bools  # a note was played on this beat
    steady_ground: Bools
    current: Bools  # no later run plays this beat again

    def __len__(self) -> int:
        return len(self.onset_q)

    @property
    def off(self) -> Floats:
        """log2 of the period over the expected one at the run's own tempo; + = slower."""
        return np.asarray(np.log2(self.period_s / self.expected_s))


def beats_of(
    score: Score,
    alignment: Alignment,
    plans: tuple[Plan, ...],
    spread: Spread,
    onsets_q: Floats,
    bar_starts: Floats,
) -> Beats:
    """The beats of every run, in run order."""
    if len(spread.seconds_per_quarter) != len(onsets_q):
        raise ValueError(
            f"the spread has {len(spread.seconds_per_quarter)} onsets, the score {len(onsets_q)}"
        )
    ground = _Ground.of(score, alignment, spread, onsets_q)
    rows = [_run(plan, ground) for plan in plans]
    table = np.concatenate(rows) if rows else np.zeros((0, 9))
    onset, run = table[:, 0], table[:, 2].astype(np.int64)
    latest: dict[float, int] = {}
    for q, r in zip(onset, run, strict=True):
        latest[q] = max(latest.get(q, 0), int(r))
    return Beats(
        onset_q=onset,
        length_q=table[:, 1],
        bar=np.clip(np.searchsorted(bar_starts, onset + 1e-9, "right") - 1, 0, None),
        run=run,
        period_s=table[:, 3],
        expected_s=table[:, 4],
        low_s=table[:, 5],
        high_s=table[:, 6],
        struck=table[:, 7] > 0,
        steady_ground=table[:, 8] > 0,
        current=np.array([latest[q] == r for q, r in zip(onset, run, strict=True)], np.bool_),
    )


def beat_grid(score: Score) -> tuple[Floats, Floats]:
    """Starts and lengths of the felt beats; a pickup's beats are counted from its end."""
    starts: list[Fraction] = []
    lengths: list[Fraction] = []
    metres = list(score.metres)
    for bar in score.bars:
        beat = next((m.beat_quarters for m in reversed(metres) if m.start_q <= bar.start_q), None)
        beat = beat or Fraction(1)
        first = bar.length_q % beat
        places = [bar.start_q] if first else []
        count = int(bar.length_q // beat)
        places += [bar.start_q + first + beat * k for k in range(count)]
        edges = [*places, bar.start_q + bar.length_q]
        starts += places
        lengths += [b - a for a, b in pairwise(edges)]
    return (
        np.array([float(q) for q in starts], dtype=np.float64),
        np.array([float(q) for q in lengths], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the beats of every run share: the grid, the bands, and where time is let go."""

    score: Score
    grid: Floats
    length: Floats
    onsets_q: Floats
    band: Floats
    loose: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, score: Score, alignment: Alignment, spread: Spread, onsets_q: Floats) -> _Ground:
        band = [(b.low, b.centre, b.high) for b in spread.seconds_per_quarter]
        pauses = [(float(p.at_q) - 1.0, float(p.at_q) + 1.0) for p in alignment.pauses]
        loose = (*unsteady_stretches(score), *pauses)
        grid, length = beat_grid(score)
        return cls(score, grid, length, onsets_q, np.array(band).reshape(-1, 3), loose)

    def expected(self, q: Floats, beat: Floats) -> list[Floats]:
        """Low, centre and high of the beats' length, in units of the plan's own tempo."""
        ends = [TempoCurve(self.onsets_q, b).seconds([q, q + beat]) for b in self.band.T]
        return [np.maximum(end - start, 1e-6) for start, end in ends]

    def firm(self, q: Floats, beat: Floats) -> Bools:
        """Whether nothing written bends the tempo of these beats."""
        steady = q < float(self.score.end_q) - LAST_BEATS * beat
        for start, end in self.loose:
            steady &= (q + beat <= start) | (q >= end)
        return np.asarray(steady)


def _run(plan: Plan, ground: _Ground) -> Floats:
    """Columns onset, length, run, period, expected, low, high, struck, steady ground."""
    played_q = _played_onsets(plan, ground.score)
    if len(played_q) < 2:
        return np.zeros((0, 9))
    ends = ground.grid + ground.length
    inside = (ground.grid >= played_q[0] - NEAR_Q) & (ends <= played_q[-1] + NEAR_Q)
    q, beat = ground.grid[inside], ground.length[inside]
    curve = TempoCurve.of(plan)
    period = np.maximum(curve.seconds(q + beat) - curve.seconds(q), 1e-3)
    low, centre, high = ground.expected(q, beat)
    ratio = float(np.median(period / centre)) if len(q) else 1.0
    struck = _among(q, played_q)
    firm = struck & _among(q + beat, played_q) & ground.firm(q, beat)
    run = np.full_like(q, plan.run)
    return np.stack(
        [q, beat, run, period, centre * ratio, low * ratio, high * ratio, struck, firm], axis=1
    )


def _among(places: Floats, onsets: Floats) -> Bools:
    """Whether a note was struck at each place."""
    before = np.clip(np.searchsorted(onsets, places + NEAR_Q) - 1, 0, None)
    return np.asarray(np.abs(onsets[before] - places) < NEAR_Q)


def _played_onsets(plan: Plan, score: Score) -> Floats:
    """The onsets, in quarters, at which the run really struck a note."""
    flags = plan.played or (True,) * len(plan.shapes)
    played = {s.id for s, p in zip(plan.shapes, flags, strict=True) if p}
    return np.array(
        sorted({float(n.onset_q) for n in score.notes if n.id in played and not n.grace})
    )
