"""Where `judging/measures.py` has its numbers from: how far fine takes stand out of themselves.

In: human takes of `train` works (`VALENTIN_DATA`) that the expecting model has not seen. Out: a
table, one row a measure: the median and robust scatter of `beyond` inside a take; how far values
keep from what is expected in four stretches of five (`keeps`, in the measure's unit, the median
over takes); the share of stretches surely heard; the `least` of the takes' median values; and the
scores that the highest of a take passes in the shares `deciding.TAIL` of takes. Also how many of a
take's keys are written ones, in its own score and in another's (`securing.PLACED`), how many of its
notes are right (`slipping.SECURE_SHARE`), and the slope of what is played on what is expected
(`shaping/expecting.py`).

    python -m valentin.learning.train KEPT            writes KEPT/held-out.npz
    python -m bench.judging_thresholds KEPT/held-out.npz --takes 90

**Conventions.** The model must be one that has not seen the first fold of `learning.examples`;
only works of that fold are measured.

**Knows nothing of** planted faults.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common import sampled, takes
from bench.teaching import Known
from valentin.aligning import align
from valentin.judging import measured
from valentin.judging.deciding import HEARD, TAIL, Sample, own_habit, scores, surely_heard
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
    head = " ".join(f"{t:6.0%}" for t in TAIL)
    print(f"{'measure':30} usual scatter  keeps  sure  least  {head}    n")
    for name, rows in by_name.items():
        table = np.array([(h.usual, h.scatter, h.keeps, h.sure) for h in rows])
        usual, scatter, keeps, sure = np.median(table, axis=0)
        highest = [h.highest for h in rows] + [-np.inf] * (len(shares) - len(rows))
        print(
            f"{name:30} {usual:5.2f} {scatter:7.3f} {keeps:6.1f} {sure:5.2f} "
            f"{min(h.value for h in rows):6.1f}  {_tail(highest)}  {len(rows):3}"
        )
    print(f"{'notes right':57}  {_tail(gathered)}  {len(gathered):3}")
    for title, column in zip(("placed", "elsewhere", "right"), np.array(shares).T, strict=True):
        known = column[~np.isnan(column)]
        if len(known):
            print(f"{title}: {np.round(np.quantile(known, (0, 0.02, 0.5, 0.98, 1)), 3)}")
    print({name: round(float(np.mean(values)), 3) for name, values in slope.items()})


def _tail(highest: list[float]) -> str:
    cells = np.quantile(np.array(highest), 1 - np.array(TAIL), method="lower")
    return " ".join(f"{v:6.2f}" for v in cells)


def main() -> None:
    """Measure on so many takes."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("model", type=Path, help="a model that has not seen the first fold")
    options.add_argument("--takes", type=int, default=90)
    wish = options.parse_args()
    report(seen_takes(read_model(wish.model), wish.takes))


if __name__ == "__main__":
    main()
