"""Where `judging/measures.py` has its numbers from: how far fine takes stand out of themselves.

In: human takes of `train` works (`VALENTIN_DATA`). Out: a table, one row a measure: the median and
robust scatter of `beyond` inside a take; how far values keep from what is expected in four
stretches of five (`keeps`, in the measure's unit, the median over takes); the share of stretches
surely heard; the `least` of the takes' median values; and quantiles over takes of the take's
highest score. `unusual` was set near the median, `issue` near 92 %; measures of which no fault is
planted higher. Also how many of a take's keys are written ones, in its own score and in another's
(`securing.PLACED`), and how many of its notes are right (`slipping.SECURE_SHARE`).

    python -m bench.judging_thresholds --takes 60

**Knows nothing of** planted faults.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from bench.common import sampled, takes
from bench.teaching import Known
from valentin.aligning import align
from valentin.judging import measured
from valentin.judging.deciding import HEARD, Sample, own_habit, scores, surely_heard
from valentin.judging.observing import Observation, observe
from valentin.judging.securing import heard, security_of, slips_of
from valentin.music import Score
from valentin.performing import measure
from valentin.reading import read_score, read_take

QUANTILES = (0.5, 0.75, 0.85, 0.92, 0.97)


@dataclass(frozen=True, slots=True)
class Seen:
    """One fine take: what is measured, and the shares of notes that are written ones."""

    observation: Observation
    placed: float
    placed_elsewhere: float  # the same keys against the score of the take before
    right: float


def seen_takes(count: int) -> Iterator[Seen]:
    """Fine takes of `train`, each also laid against the score of the one before."""
    before: Score | None = None
    for take in sampled(takes("train"), count):
        folded, _ = read_score(take.score)
        played = read_take(take.performance)
        alignment = align(folded, played)
        known = Known.of(folded, alignment.repeats_taken)
        plans = measure(known.score, played, alignment)
        slips = slips_of(known.score, played, alignment, plans, "both")
        secure = security_of(known.score, alignment, slips)
        elsewhere = np.nan
        if before is not None:
            elsewhere = heard(before, played, align(before, played)).placed
        yield Seen(
            observe(known.score, known.structure, played, alignment, plans, known.spread),
            heard(known.score, played, alignment).placed,
            elsewhere,
            sum(b.right for b in secure) / max(sum(b.notes for b in secure), 1),
        )
        before = folded


@dataclass(frozen=True, slots=True)
class Habit:
    """One measure in one take."""

    usual: float
    scatter: float
    value: float
    keeps: float
    sure: float
    highest: float


def habits(observation: Observation) -> Iterator[tuple[str, Habit]]:
    """Every measure that the take has a stretch of."""
    by_measure: dict[str, list[Sample]] = defaultdict(list)
    for sample in measured(observation):
        by_measure[sample.measure.name].append(sample)
    for name, rows in by_measure.items():
        usual, scatter = own_habit([s.beyond for s in rows])
        away = [abs(s.value - s.expected) for s in rows]
        sure = [surely_heard(observation, s) >= HEARD for s in rows]
        told = zip(scores(rows), rows, sure, strict=True)
        habit = Habit(
            usual,
            scatter,
            float(np.median([s.value for s in rows])),
            float(np.quantile(away, 0.8)),
            float(np.mean(sure)),
            max((z for z, s, known in told if known and s.audible >= 1), default=-np.inf),
        )
        yield name, habit


def report(every: Iterable[Seen]) -> None:
    """Print the table."""
    by_name: dict[str, list[Habit]] = defaultdict(list)
    shares: list[tuple[float, float, float]] = []
    for seen in every:
        shares.append((seen.placed, seen.placed_elsewhere, seen.right))
        for name, habit in habits(seen.observation):
            by_name[name].append(habit)
    quantiles = " ".join(f"{q:6.0%}" for q in QUANTILES)
    print(f"{'measure':30} usual scatter  keeps  sure  least  {quantiles}")
    for name, rows in by_name.items():
        table = np.array([(h.usual, h.scatter, h.keeps, h.sure) for h in rows])
        usual, scatter, keeps, sure = np.median(table, axis=0)
        highest = [h.highest for h in rows] + [-np.inf] * (len(shares) - len(rows))
        cells = np.quantile(np.array(highest), QUANTILES, method="lower")
        print(
            f"{name:30} {usual:5.2f} {scatter:7.3f} {keeps:6.1f} {sure:5.2f} "
            f"{min(h.value for h in rows):6.1f}  " + " ".join(f"{v:6.2f}" for v in cells)
        )
    for title, column in zip(("placed", "elsewhere", "right"), np.array(shares).T, strict=True):
        known = column[~np.isnan(column)]
        if len(known):
            print(f"{title}: {np.round(np.quantile(known, (0, 0.02, 0.5, 0.98, 1)), 3)}")


def main() -> None:
    """Measure on so many takes."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--takes", type=int, default=60)
    report(seen_takes(options.parse_args().takes))


if __name__ == "__main__":
    main()
