"""From many measured stretches to few findings: beyond the spread, audible, sure.

In: samples of every measure. Out: findings, at most one of a measure for any stretch.

**Conventions.** `beyond` is how far the sample lies on the wrong side, in the measure's own scale
(0 is what is expected). A take has its own habits, and a piece its own difficulties: what counts
is `beyond` less the take's habit, over its scatter, both leaning on those of fine pianists' takes
the more, the fewer stretches a take has. `audible` is the same fault in just-noticeable
differences. A sample becomes an issue where its score is rare enough among fine takes, `audible` is
at least 1, and at least `HEARD` of the notes written there, for the hands that play, were surely
heard; nearly as far out, or no further off than fine pianists usually are, it is "unusual". What
is not sure over a few bars may be over more: a measure that has windows of several lengths falls
back to the longer ones, and is silent where none is sure.

**Knows nothing of** what the measures mean.

**Reference.** Thresholds: `bench/judging_thresholds.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import numpy as np

from valentin.judging.observing import Observation
from valentin.judging.securing import bar_name
from valentin.music import Dimension, Finding

__all__ = ["Measure", "Sample", "decide"]

STRETCHES, CROWD = 100, 0.4
"""Among how many stretches of a measure the thresholds were chosen, and how much further out (per
natural logarithm) the furthest of more stretches lies by chance: a long piece has a longer tail."""

HALF, TWELFTH = 0.5, 0.08
"""Shares of fine takes at which rarity is 0 and 1."""

FAR_OUT = 4.0
"""Mean excesses over the median beyond which no fine take tells how rare a score is: one take in
110; from there rarity grows with the logarithm only."""

ISSUE = 1.15
"""Rarity from which a stretch is an issue and no choice: one take in 16 for each measure. Over all
measures together fine takes of `train` then have fewer than one."""

Kind = Literal["issue", "unusual", "strength"]

HEARD = 0.8
"""Share of a stretch's written notes that must be surely heard: below it, what is missing could
turn the finding round. Fine takes are above it in nearly every stretch (`bench`)."""

LEAN = 500
"""Windows that a take must have before its own habit counts as much as that of fine takes. On
`train` works planted faults are found the better, the less a take is its own yardstick, up to here:
a fault that lasts becomes a habit sooner than a choice does."""

LOWER, LOW, BETWEEN, TO_MIDDLE = 0.25, 0.10, 0.607, 0.674
"""Quantiles from which a habit is taken, how many standard deviations lie between them, and how
many from the upper one to the middle (of a normal distribution)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured, in which dimension, and when it is worth saying.

    `usual` and `scatter` are the median and the robust spread of `beyond` inside fine pianists'
    takes. Of the scores of the furthest stretches of those fine takes in which there is anything to
    measure, `middle` is the median and `excess` what the further half of them pass it by on
    average. `keeps` is how far, in `unit`, the values of fine takes lie from what is expected in
    four stretches of five; all from the bench. `by` says whose expectation it is
    (`music.Finding`).
    """

    name: str
    dimension: Dimension
    unit: str
    usual: float
    scatter: float
    middle: float
    excess: float
    keeps: float | None = None
    by: Literal["pianists", "plan", "take"] = "plan"

    def rarity(self, score: float) -> float:
        """How rarely fine takes stand out so far anywhere: 0 at every other take, 1 at one in 12.

        Logarithms of the share of takes, by an exponential tail: the few fine takes there are say
        how long a measure's tail is, not where its last hundredth lies.
        """
        past = (score - self.middle) / self.excess
        if past > FAR_OUT:
            past = FAR_OUT + float(np.log1p(past - FAR_OUT))
        return float(past / np.log(HALF / TWELFTH))


@dataclass(frozen=True, slots=True)
class Sample:
    """One measure on one stretch of one run. `value` and `expected` are for the words; `window`
    tells stretches of one length from those of another. `note_ids` are the notes concerned where
    the fault is theirs; none where it is the whole stretch's. `sure` is the share of the notes it
    rests on that were surely heard; None where that is for the stretch to say."""

    measure: Measure
    start_q: float
    end_q: float
    value: float
    expected: float
    beyond: float
    audible: float
    note_ids: tuple[str, ...] = ()
    window: int = 0
    sure: float | None = None


def decide(observation: Observation, samples: Iterable[Sample]) -> tuple[Finding, ...]:
    """The findings of all measures, the heaviest first."""
    by_measure: dict[str, list[Sample]] = {}
    for sample in samples:
        by_measure.setdefault(sample.measure.name, []).append(sample)
    found = [f for rows in by_measure.values() for f in _of_measure(observation, rows)]
    return tuple(sorted(found, key=lambda f: -f.weight))


def scores(samples: list[Sample]) -> list[float]:
    """How far each sample of one measure stands out of its own take, windows of a kind together."""
    lengths = sorted({s.window for s in samples})
    place = {length: _habit([s for s in samples if s.window == length]) for length in lengths}
    crowd = crowding(len(samples))
    return [(s.beyond - place[s.window][0]) / place[s.window][1] / crowd for s in samples]


def crowding(stretches: int) -> float:
    """By how much a score must be the larger because it is the largest of so many."""
    return 1.0 + CROWD * max(0.0, float(np.log(stretches / STRETCHES)))


def _habit(samples: list[Sample]) -> tuple[float, float]:
    """The take's usual value and scatter, leaning on those of fine takes where it is short."""
    measure = samples[0].measure
    own, scatter = own_habit([s.beyond for s in samples])
    trust = len(samples) / (len(samples) + LEAN)
    usual = trust * own + (1 - trust) * measure.usual
    variance = trust * scatter**2 + (1 - trust) * measure.scatter**2
    return usual, max(float(np.sqrt(variance)), measure.scatter / 2)


def own_habit(beyond: list[float]) -> tuple[float, float]:
    """What is usual in a take, and its scatter, from the better half of its stretches.

    A fault that reaches over half the windows of a short piece is so no habit.
    """
    low, lower, middle = np.quantile(beyond, (LOW, LOWER, 0.5))
    scatter = float(lower - low) / BETWEEN
    return min(float(lower) + TO_MIDDLE * scatter, float(middle)), scatter


def _of_measure(observation: Observation, samples: list[Sample]) -> list[Finding]:
    taken: list[tuple[float, float]] = []
    findings: list[Finding] = []
    ranked = sorted(zip(scores(samples), samples, strict=True), key=lambda pair: -pair[0])
    for score, sample in ranked:
        if score < sample.measure.middle or sample.audible < 1.0:
            continue
        if surely_heard(observation, sample) < HEARD or _goes_back(observation, sample):
            continue
        if any(sample.start_q < end and start < sample.end_q for start, end in taken):
            continue
        taken.append((sample.start_q, sample.end_q))
        rarity = sample.measure.rarity(score)
        kind: Kind = "issue" if rarity >= ISSUE and _outside(sample) else "unusual"
        findings.append(as_finding(observation, sample, rarity, kind))
    return findings


def _goes_back(observation: Observation, sample: Sample) -> bool:
    """Whether the music turns back on the page within the stretch: nobody would name it so."""
    bars = observation.score.bars
    first = observation.bar_of(sample.start_q)
    last = observation.bar_of(sample.end_q - 1e-6)
    printed = {bar.id: row for row, bar in reversed(list(enumerate(bars)))}
    rows = [printed[bar.id] for bar in bars[first : last + 1]]
    return any(later < earlier for earlier, later in pairwise(rows))


def _outside(sample: Sample) -> bool:
    """Whether the value is further from what is expected than fine pianists' usually are."""
    keeps = sample.measure.keeps
    return keeps is None or abs(sample.value - sample.expected) > keeps


def surely_heard(observation: Observation, sample: Sample) -> float:
    """Share of the written notes the sample rests on that were surely heard."""
    if sample.sure is not None:
        return sample.sure
    return observation.heard_share(sample.start_q, sample.end_q)


def as_finding(
    observation: Observation,
    sample: Sample,
    weight: float,
    kind: Kind = "issue",
) -> Finding:
    """A sample as the public word, its bars named as printed."""
    bars = observation.score.bars
    first = observation.bar_of(sample.start_q)
    last = observation.bar_of(sample.end_q - 1e-6)
    score = observation.score
    names = (bar_name(score, first), bar_name(score, last)) if bars else ("", "")
    return Finding(
        dimension=sample.measure.dimension,
        kind=kind,
        measure=sample.measure.name,
        bars=names,
        start_q=Fraction(sample.start_q).limit_denominator(10080),
        end_q=Fraction(sample.end_q).limit_denominator(10080),
        note_ids=sample.note_ids,
        value=round(float(sample.value), 3),
        unit=sample.measure.unit,
        expected=round(float(sample.expected), 3),
        spread=sample.measure.keeps,
        confidence=round(surely_heard(observation, sample), 2),
        weight=round(float(weight), 3),
        expected_by=sample.measure.by,
    )
