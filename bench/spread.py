"""Spread: how far fine pianists lie from the rules, by what a note or an onset is.

In: robust takes of `train`, one a work at most `TAKES`. Out: the table of `shaping/widths.py`,
printed, and rows of `bench/results/spread.json`: which share of the humans of `valid` (or of a fold
of train) the 80 % bands hold.

Run: `python -m bench.spread [--every N]`.

**Conventions.** Human plans are measured with `performing.measure`. A take's own mean is taken
off first: velocity, log2 articulation, lead; its tempo is taken relative to its median. Every work
weighs the same in a quantile.

**Knows nothing of** how the rules decide.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.common import Take, across_works, by_work, record, takes
from valentin.music import Plan, Score, unfold
from valentin.performing import measure
from valentin.reading import read_match, read_score
from valentin.shaping import plan_rules
from valentin.shaping.scene import scene_of
from valentin.shaping.spread import note_contexts, onset_contexts
from valentin.shaping.widths import WIDTHS
from valentin.studying import study

Floats = npt.NDArray[np.float64]

TAKES = 3
"""Takes of one work: more say little more."""
QUANTILES = (10, 50, 90)
FEATURES = ("tempo", "velocity", "lead", "articulation")


@dataclass(frozen=True, slots=True)
class Sample:
    """One take against the rules: per feature the contexts and the differences."""

    work: str
    context: dict[str, npt.NDArray[np.int64]]
    away: dict[str, Floats]


def samples(every: int) -> Iterator[Sample]:
    """The takes of train against the rules (every N-th work)."""
    works = by_work(takes("train"))
    for work in list(works)[::every]:
        yield from _of_work(work, works[work][:TAKES])


def _of_work(work: str, rows: Sequence[Take]) -> Iterator[Sample]:
    for path in dict.fromkeys(take.score for take in rows):
        score = unfold(read_score(path)[0])
        structure = study(score)
        plan, scene = plan_rules(score, structure), scene_of(score, structure)
        context = {**note_contexts(scene), "tempo": onset_contexts(scene)}
        for take in rows:
            if take.score == path and take.match is not None:
                performance, alignment = read_match(take.match)
                human = max(measure(score, performance, alignment), key=lambda p: len(p.shapes))
                yield Sample(work, context, _away(score, plan, human))


def _away(score: Score, plan: Plan, human: Plan) -> dict[str, Floats]:
    """Human minus rules at every note and onset, NaN where nothing was played."""
    rows = {note.id: i for i, note in enumerate(score.notes)}
    mine, theirs = _columns(plan, rows), _columns(human, rows)
    at = {q: i for i, q in enumerate(plan.onsets_q)}
    tempo = np.full(len(at), np.nan)
    for q, s in zip(human.onsets_q, human.seconds_per_quarter, strict=True):
        if q in at:
            tempo[at[q]] = np.log2(s)
    away = {name: theirs[name] - mine[name] for name in mine}
    away["tempo"] = tempo - np.log2(np.array(plan.seconds_per_quarter))
    away["tempo"] -= np.nanmedian(away["tempo"])
    return {
        name: column - (0.0 if name == "tempo" else np.nanmean(column))
        for name, column in away.items()
    }


def _columns(plan: Plan, rows: dict[str, int]) -> dict[str, Floats]:
    out = {name: np.full(len(rows), np.nan) for name in ("velocity", "lead", "articulation")}
    played = plan.played or (True,) * len(plan.shapes)
    for shape, was in zip(plan.shapes, played, strict=True):
        if was:
            i = rows[shape.id]
            out["velocity"][i], out["lead"][i] = shape.velocity, shape.lead_s
            out["articulation"][i] = np.log2(max(shape.articulation, 0.01))
    return out


def widths(found: Sequence[Sample]) -> dict[str, list[Floats]]:
    """Quantiles by feature and context."""
    return {
        feature: [_quantiles(found, feature, c) for c in range(len(WIDTHS[feature]))]
        for feature in FEATURES
    }


def _quantiles(found: Sequence[Sample], feature: str, context: int) -> Floats:
    values, weights = [np.zeros(0)], [np.zeros(0)]
    for sample in found:
        column = sample.away[feature][sample.context[feature] == context]
        column = column[np.isfinite(column)]
        if len(column):
            values.append(column)
            weights.append(np.full(len(column), min(1.0, len(column) / 20) / len(column)))
    column, weight = np.concatenate(values), np.concatenate(weights)
    order = np.argsort(column)
    share = np.cumsum(weight[order]) / weight.sum()
    return np.array([column[order][np.searchsorted(share, q / 100)] for q in QUANTILES])


def covered(sample: Sample, table: dict[str, list[Floats]], feature: str) -> float:
    """Share of a take inside the bands."""
    rows = np.array(table[feature])[sample.context[feature]]
    away = sample.away[feature]
    known = np.isfinite(away)
    return float(np.mean((away >= rows[:, 0])[known] & (away <= rows[:, 2])[known]))


def main(words: Sequence[str]) -> None:
    """Measure, print the table, and record how much of other works it covers."""
    found = list(samples(int(words[1]) if words[:1] == ["--every"] else 1))
    for feature, rows in widths(found).items():
        print(f'    "{feature}": (')
        for width, row in zip(WIDTHS[feature], rows, strict=True):
            low, middle, high = (round(float(x), 4 if feature == "lead" else 2) for x in row)
            print(f'        Width("{width.name}", {low}, {middle}, {high}),')
        print("    ),")
    works = sorted({sample.work for sample in found})
    halves = [set(works[k::2]) for k in (0, 1)]
    values: dict[str, dict[str, list[float]]] = {f: {} for f in FEATURES}
    for half in halves:
        table = widths([s for s in found if s.work not in half])
        for sample in found:
            if sample.work in half:
                for f in FEATURES:
                    values[f].setdefault(sample.work, []).append(covered(sample, table, f))
    record(
        "spread",
        [
            across_works(f"80 % band holds, other half of train: {f}",
                         {w: float(np.mean(v)) for w, v in values[f].items()}, target=".75–.85")
            for f in FEATURES
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
