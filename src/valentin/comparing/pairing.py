"""Two takes laid beside each other, bar by bar and beat by beat.

In: a take's unfolded score, performance, plans and curves. Out: `Side`, pairs of bars, points.

**Conventions.** A bar is named by its id and by how many times it has come so far; of a bar that
was played several times the last time counts. Touch is log2 of held over written time.

**Knows nothing of** what is a difference worth telling.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import log2
from statistics import fmean, median

from valentin.music import (
    Bar,
    CurvePoint,
    Curves,
    DuoPoint,
    Performance,
    Plan,
    Score,
    TempoCurve,
    cut,
)

__all__ = ["BarPlayed", "Key", "Side", "paired", "points"]

Key = tuple[str, int]
PEDAL_DOWN = 64
"""Controller value from which the dampers are off the strings (MIDI 1.0, CC64 on)."""


@dataclass(frozen=True, slots=True)
class BarPlayed:
    """One bar of one take; None where nothing says so."""

    bar: Bar
    row: int
    pace: float  # log2 of beats a minute
    loudness: float | None
    melody: float | None  # velocity of the melody above the rest
    touch: float | None
    pedal: float | None  # share of the bar with the pedal down


@dataclass(frozen=True)
class Side:
    """One take: what it is made of, and its bars."""

    score: Score
    take: Performance
    plans: tuple[Plan, ...]
    curves: Curves
    bars: dict[Key, BarPlayed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bars.update(_bars(self))

    def part(self, start_q: Fraction, end_q: Fraction) -> tuple[Score, Plan]:
        """A stretch in the run that plays most of it (of equal ones the last), and its score."""
        inside = {n.id for n in self.score.notes if start_q <= n.onset_q < end_q}

        def played(plan: Plan) -> int:
            flags = plan.played or (True,) * len(plan.shapes)
            return sum(p and s.id in inside for s, p in zip(plan.shapes, flags, strict=True))

        plan = max(self.plans, key=lambda plan: (played(plan), plan.run))
        return self.score, cut(self.score, plan, start_q, end_q)


def _bars(side: Side) -> Iterator[tuple[Key, BarPlayed]]:
    seen: Counter[str] = Counter()
    touch = _touch(side)
    for row, bar in enumerate(side.score.bars):
        seen[bar.id] += 1
        last = _last_run(side.curves, bar)
        if not last:
            continue
        heard = [p.melody if p.melody is not None else p.accompaniment for p in last]
        loud = [v for v in heard if v is not None]
        leads = [p.melody - p.accompaniment for p in last
                 if p.melody is not None and p.accompaniment is not None]  # fmt: skip
        yield (
            (bar.id, seen[bar.id]),
            BarPlayed(
                bar,
                row,
                log2(60.0 / fmean(60.0 / p.tempo for p in last)),
                fmean(loud) if loud else None,
                fmean(leads) if leads else None,
                median(touch[row]) if touch[row] else None,
                _pedal(side, bar, last[0].run),
            ),
        )


def _last_run(curves: Curves, bar: Bar) -> list[CurvePoint]:
    inside = [p for p in curves.points if bar.start_q <= p.onset_q < bar.start_q + bar.length_q]
    run = max((p.run for p in inside), default=0)
    return [p for p in inside if p.run == run]


def _touch(side: Side) -> dict[int, list[float]]:
    """Articulation by row of the bar, as last played."""
    starts = [bar.start_q for bar in side.score.bars]
    row_of: dict[str, int] = {}
    row = 0
    for note in side.score.notes:
        while row + 1 < len(starts) and starts[row + 1] <= note.onset_q:
            row += 1
        if not note.grace and note.ornament is None:
            row_of[note.id] = row
    held: dict[str, float] = {}
    for plan in side.plans:
        flags = plan.played or (True,) * len(plan.shapes)
        for shape, played in zip(plan.shapes, flags, strict=True):
            if played and shape.id in row_of and shape.articulation > 0:
                held[shape.id] = log2(shape.articulation)
    rows: dict[int, list[float]] = defaultdict(list)
    for name, value in held.items():
        rows[row_of[name]].append(value)
    return rows


def _pedal(side: Side, bar: Bar, run: int) -> float | None:
    """The share of the bar with the pedal down; None where the pedal was not seen."""
    plan = next((p for p in side.plans if p.run == run), None)
    if plan is None or side.take.by_ear:
        return None
    edges = [float(bar.start_q), float(bar.start_q + bar.length_q)]
    start, end = (float(s) for s in TempoCurve.of(plan).seconds(edges))
    down, since, total = False, start, 0.0
    for event in side.take.pedal:
        if event.control != "sustain":
            continue
        at = min(max(event.time_s, start), end)
        total += (at - since) * down
        down, since = event.value >= PEDAL_DOWN, at
    total += (end - since) * down
    return total / max(end - start, 1e-6)


def paired(one: Side, other: Side) -> list[tuple[BarPlayed, BarPlayed]]:
    """The bars that both played, in the order of the first."""
    return [(bar, other.bars[key]) for key, bar in one.bars.items() if key in other.bars]


def points(one: Side, other: Side) -> tuple[DuoPoint, ...]:
    """The beats that both played, in the order of the first, each as last played."""
    there = {_beat(other, p): p for p in other.curves.points}
    last = {_beat(one, p): p for p in one.curves.points}
    found = []
    for key, point in last.items():
        match = there.get(key)
        if match is not None:
            loud = _heard(point), _heard(match)
            tempo = point.tempo, match.tempo
            found.append(DuoPoint(point.onset_q, point.bar, 0, tempo, loud))
    return tuple(sorted(found, key=lambda p: p.onset_q))


def _heard(point: CurvePoint) -> float | None:
    return point.melody if point.melody is not None else point.accompaniment


def _beat(side: Side, point: CurvePoint) -> tuple[Key, Fraction]:
    """A beat by its bar, that bar's rendering, and its place in it."""
    row = 0
    for i, bar in enumerate(side.score.bars):
        if bar.start_q <= point.onset_q:
            row = i
    bar = side.score.bars[row]
    time = sum(b.id == bar.id for b in side.score.bars[: row + 1])
    return (bar.id, time), point.onset_q - bar.start_q
