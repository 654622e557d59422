"""What went well, and where: strengths that are measured, not kind words.

In: an observation, the security of each bar, the samples. Out: findings of the kind "strength".

**Conventions.** A strength is as good as fine pianists' playing at the same place or better, over
at least four bars (a run, over the run). `weight` orders strengths as it orders issues.

**Knows nothing of** words, faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from valentin.judging.deciding import HEARD, Measure, Sample, as_finding, surely_heard
from valentin.judging.measures import (
    BALANCE,
    CRESCENDO,
    EVENNESS,
    FLATNESS,
    LEGATO,
    NOTES,
    PEDAL_BLUR,
    STEADINESS,
)
from valentin.judging.observing import Observation
from valentin.music import BarSecurity, Finding

__all__ = ["strengths"]

SECURE = 0.985
"""Share of notes right from which the notes are learned."""


@dataclass(frozen=True, slots=True)
class Good:
    """When a measure is a strength: `beyond` at most `limit`, `value` at least `least`; and how
    much a teacher cares (teachers talk about tone and voicing most)."""

    measure: Measure
    limit: float
    care: float
    least: float = -np.inf


GOOD = (
    Good(BALANCE, 0.0, 1.3, least=8.0),  # velocities: the melody really leads
    Good(FLATNESS, -0.3, 1.0),  # a quarter more rise and fall than usual
    Good(CRESCENDO, 0.0, 1.2),
    Good(STEADINESS, -4.6, 0.9),  # log2 of log2: a beat that changes by 3 %
    Good(EVENNESS, -4.8, 0.8),  # a run whose notes are 2.5 % off, which nobody hears
    Good(LEGATO, 0.0, 0.7),
    Good(PEDAL_BLUR, 0.0, 0.6),
)


def strengths(
    observation: Observation, secure: tuple[BarSecurity, ...], samples: Iterable[Sample]
) -> tuple[Finding, ...]:
    """The strengths of the take, the best of each measure, the most telling first."""
    rows = list(samples)
    found = [f for good in GOOD if (f := _best(observation, rows, good))]
    right = _share_right(observation, secure)
    if right >= SECURE:
        whole = Sample(
            NOTES, float(secure[0].start_q), float(secure[-1].end_q), 100 * right, 100.0,
            0.0, 1.0, sure=1.0,
        )  # fmt: skip
        found.append(as_finding(observation, whole, 0.5 + 20 * (right - SECURE), "strength"))
    return tuple(sorted(found, key=lambda f: -f.weight))


def _share_right(observation: Observation, secure: tuple[BarSecurity, ...]) -> float:
    """Share right of all that was written or struck beside it; what is in doubt is not right."""
    lost = sum(match.score_id == "" for match in observation.alignment.unsure)
    every = sum(b.notes + b.extra + b.doubtful for b in secure) + lost
    return sum(b.right for b in secure) / max(every, 1)


def _best(observation: Observation, samples: list[Sample], good: Good) -> Finding | None:
    """The best stretch of a measure, if a quarter of the take's stretches are good."""
    mine = [s for s in samples if s.measure is good.measure]
    fine = [s for s in mine if s.beyond <= good.limit and s.value >= good.least]
    if not fine or len(fine) < 0.25 * len(mine):
        return None
    best = min(fine, key=lambda s: s.beyond)
    if surely_heard(observation, best) < HEARD:
        return None
    share = float(np.sqrt(len(fine) / len(mine)))
    return as_finding(observation, best, good.care * share, "strength")
