"""Where `judging/measures.py` has its numbers from: how far fine takes stand out of themselves.

In: human takes of `train` works (`VALENTIN_DATA`) that the expecting model has not seen. Out: a
table, one row a measure: the median and robust scatter of `beyond` inside a take; how far values
keep from what is expected in four stretches of five (`keeps`, in the measure's unit, the median
over takes); the share of stretches surely heard; the `least` of the takes' median values; and of
the highest scores of the takes that have anything to measure the median (`middle`) and the mean
excess over it (`excess`), with the usual value and scatter of this very table. Also how many of a
take's keys are written ones, in its own score and in another's (`securing.PLACED`), how many of its
notes are right (`slipping.SECURE_SHARE`), and the slope of what is played on what is expected
(`shaping/expecting.py`).

    python -m valentin.learning.train KEPT            writes KEPT/held-out.npz
    python -m bench.judging_thresholds KEPT/held-out.npz --takes 56

**Conventions.** The model must be one that has not seen the first fold of `learning.examples`;
only works of that fold are measured.

**Knows nothing of** planted faults.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common import sampled, takes
from bench.teaching import Known
from valentin.aligning import align
from valentin.judging import measured
from valentin.judging.deciding import HEARD, Measure, Sample, own_habit, scores, surely_heard
from valentin.judging.observing import Observation, observe
from valentin.judging.securing import heard, security_of, slips_of
from valentin.judging.slipping import gatherings
from valentin.learning.examples import FOLDS, folds_of
from valentin.music import Score
from valentin.performing import measure
from valentin.reading import read_score, read_take
from valentin.shaping.expecting import FORESEEN
from valentin.shaping.interpreter_model import Model, read_model

Floats = npt.NDArray[np.float64]

SILENT = -1.0
"""Score of a take in which nothing of a measure could be told."""

FEWEST = 4
"""Takes with an excess of 1 that are added to those measured: few takes make no short tail."""

LEAST_SCATTER = {
    "melody above accompaniment": 1.0,
    "growth over the hairpin": 0.3,
    "sudden loudness": 1.0,
    "tempo drift": 0.5,
    "sudden tempo": 0.5,
    "length of slurred notes": 0.2,
    "length of staccato notes": 0.2,
}
"""The least difference that we take to be worth telling, in the measure's scale; 0.1 for others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One fine take: what is measured, and the shares of notes that are written ones."""

    observation: Observation
    gathered: float  # how far the worst passage's slips stand out
    placed: float
    placed_elsewhere: float  # the same keys against the score of the take before
    right: float


def seen_takes(model: Model, count: int) -> Iterator[Seen]:
    """Fine takes of works new to the model, each also laid against the score of the one before."""
    every = list(takes("train"))
    unseen = folds_of((take.work for take in every), FOLDS)[0]
    before: Score | None = None
    for take in sampled([t for t in every if t.work in unseen], count):
        folded, _ = read_score(take.score)
        played = read_take(take.performance)
        alignment = align(folded, played)
        known = Known.of(folded, alignment.repeats_taken, model)
        plans = measure(known.score, played, alignment)
        slips = slips_of(known.score, played, alignment, plans, "both")
        secure = security_of(known.score, alignment, slips)
        elsewhere = np.nan
        if before is not None:
            elsewhere = heard(before, played, align(before, played)).placed
        observation = observe(known.score, known.structure, played, alignment, plans, known.spread)
        yield Seen(
            observation,
            max((score for *_, score in gatherings(observation, secure, slips)), default=0.0),
            heard(known.score, played, alignment).placed,
            elsewhere,
            sum(b.right for b in secure) / max(sum(b.notes for b in secure), 1),
        )
        before = folded


@dataclass(frozen=True, slots=True)
class Habit:
    """One measure in one take: its samples, and whether each was surely heard."""

    samples: list[Sample]
    sure: list[bool]

    @property
    def row(self) -> tuple[float, float, float, float, float]:
        """Usual value, scatter, how far values keep, share surely heard, median value."""
        away = [abs(s.value - s.expected) for s in self.samples]
        return (
            *own_habit([s.beyond for s in self.samples]),
            float(np.quantile(away, 0.8)),
            float(np.mean(self.sure)),
            float(np.median([s.value for s in self.samples])),
        )

    def highest(self, measure: Measure) -> float:
        """The score of the furthest stretch that could be told."""
        rows = [replace(s, measure=measure) for s in self.samples]
        told = zip(scores(rows), rows, self.sure, strict=True)
        return max((z for z, s, known in told if known and s.audible >= 1), default=SILENT)


def habits(observation: Observation) -> Iterator[tuple[str, Habit]]:
    """Every measure that the take has a stretch of."""
    by_measure: dict[str, list[Sample]] = defaultdict(list)
    for sample in measured(observation):
        by_measure[sample.measure.name].append(sample)
    for name, rows in by_measure.items():
        yield name, Habit(rows, [surely_heard(observation, s) >= HEARD for s in rows])


def slopes(observation: Observation) -> dict[str, float]:
    """What the take has of a rendition's distance from its mean, by least squares."""
    notes, beats = observation.notes, observation.beats
    touch = np.log2(np.maximum(notes.articulation_centre, 1e-3))
    pairs = {
        "velocity": (notes.velocity_centre, notes.velocity),
        "articulation": (touch, np.log2(np.maximum(notes.articulation, 1e-3))),
        "tempo": (np.log2(beats.expected_s), np.log2(beats.period_s)),
    }
    return {name: _slope(x, y) * FORESEEN[name] for name, (x, y) in pairs.items()}


def _slope(x: Floats, y: Floats) -> float:
    good = np.isfinite(x) & np.isfinite(y)
    x, y = x[good] - float(x[good].mean()), y[good] - float(y[good].mean())
    return float(np.dot(x, y)) / max(float(np.dot(x, x)), 1e-9)


def report(every: Iterable[Seen]) -> None:
    """Print the table."""
    by_name: dict[str, list[Habit]] = defaultdict(list)
    shares: list[tuple[float, float, float]] = []
    gathered: list[float] = []
    slope: dict[str, list[float]] = defaultdict(list)
    for seen in every:
        shares.append((seen.placed, seen.placed_elsewhere, seen.right))
        gathered.append(seen.gathered)
        for name, habit in habits(seen.observation):
            by_name[name].append(habit)
        for name, value in slopes(seen.observation).items():
            slope[name].append(value)
    print(f"{'measure':30} usual scatter  keeps  sure  least  middle excess    n")
    for name, rows in by_name.items():
        table = np.array([h.row for h in rows])
        usual, scatter, keeps, sure, _ = np.median(table, axis=0)
        least = max(float(scatter), LEAST_SCATTER.get(name, 0.1))
        measure = replace(rows[0].samples[0].measure, usual=float(usual), scatter=least)
        tail = _tail([h.highest(measure) for h in rows])
        print(
            f"{name:30} {usual:5.2f} {least:7.3f} {keeps:6.1f} {sure:5.2f} "
            f"{table[:, 4].min():6.1f}  {tail}  {len(rows):3}"
        )
    print(f"{'notes right':59}  {_tail(gathered)}  {len(gathered):3}")
    for title, column in zip(("placed", "elsewhere", "right"), np.array(shares).T, strict=True):
        known = column[~np.isnan(column)]
        if len(known):
            print(f"{title}: {np.round(np.quantile(known, (0, 0.02, 0.5, 0.98, 1)), 3)}")
    print({name: round(float(np.mean(values)), 3) for name, values in slope.items()})


def _tail(highest: list[float]) -> str:
    """The median, and the mean excess of the further half over it."""
    score = np.maximum(np.array(highest), SILENT)
    middle = float(np.median(score))
    over = score[score > middle] - middle
    return f"{middle:6.2f} {(over.sum() + FEWEST) / (len(over) + FEWEST):6.2f}"


def main() -> None:
    """Measure on so many takes."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("model", type=Path, help="a model that has not seen the first fold")
    options.add_argument("--takes", type=int, default=56)
    wish = options.parse_args()
    report(seen_takes(read_model(wish.model), wish.takes))


if __name__ == "__main__":
    main()
