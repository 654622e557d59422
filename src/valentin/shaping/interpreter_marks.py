"""The written marks as constraints: a mark changes at least a share of what the rules change.

In: a column as the model wants it with and without the marks, the same two of the rules, and where
the marks stand. Out: the column, obeying.

**Conventions.** A change is "with the marks minus without". A constraint bends the model only where
it falls short, and no more than that: bending every note cost .009 of r in velocity. A step of
dynamics is measured by the bar after it against the bar before, either as it is heard or as the
marks changed it; emphasis against the notes around that have none, a hairpin against the beat
before it: the model may play the whole passage softer, but not the accent, nor the end of the
crescendo.

**Knows nothing of** the model, units.

**Reference.** None.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.shaping.interpreter_scene import Sight

__all__ = ["OBEYED", "Versions", "emphasised", "obeyed", "stepped", "swelled", "timed"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_Sides = tuple[Ints, Ints]

OBEYED = 0.85
"""Least share of the rules' change that a mark makes, where the model would make less."""

FELT = 1e-3
"""Change below which the rules leave a place alone (in each column's own unit)."""


STEP = 0.3
"""Difference of written level that counts as a step: less than from mp to mf."""

REACH_BARS = (1.0, 4.0)
"""Bars on either side of a step over which it is heard: at once, and over a phrase."""

SPEED = 0.01
"""Difference in log2 of the marked speed that counts as a change of it."""


class Versions(NamedTuple):
    """One column four times; `wanted` and `plain` are the model's, with and without marks."""

    wanted: Floats
    plain: Floats
    rules: Floats
    rules_plain: Floats

    @property
    def asked(self) -> Floats:
        """The change that is the least."""
        return OBEYED * (self.rules - self.rules_plain)


def obeyed(column: Versions) -> Floats:
    """As wanted, but nowhere short of what is asked."""
    return _at_least(column.wanted, column.plain, column.asked)


def stepped(column: Versions, sight: Sight) -> Floats:
    """Velocities in which every step of the written dynamics is heard, hand by hand.

    It is measured at once, by a bar on either side, and over a phrase on either side.
    """
    out, notes = column.wanted.copy(), sight.notes
    change, asked = column.wanted - column.plain, column.asked
    hand = notes.part * 64 + notes.staff
    for one in np.unique(hand).tolist():
        rows = np.flatnonzero((hand == one) & ~notes.grace)
        for from_q, until_q, sides in _steps(sight, rows):
            sign = float(np.sign(_step(asked, sides[0])))
            short = max(
                sign * _step(asked, side) - max(sign * _step(c, side) for c in (out, change))
                for side in sides
            )
            there = (hand == one) & (notes.onset_q >= from_q) & (notes.onset_q < until_q)
            out[there] += sign * max(short, 0.0)
    return out


def timed(column: Versions, sight: Sight, plain: Sight) -> Floats:
    """Tempo, as wanted but where marks of tempo and fermatas ask for more; `plain` has no marks."""
    speed = np.log2(sight.tempo.seconds_per_quarter / plain.tempo.seconds_per_quarter)
    held = np.zeros(len(speed))
    np.maximum.at(held, sight.notes.group, sight.marks.fermata)
    asked = np.abs(speed - np.median(speed)) > SPEED
    asked |= (sight.tempo.slowing > 0) | (sight.tempo.hurrying > 0) | (held > 0)
    return np.where(asked, obeyed(column), column.wanted)


def emphasised(column: Versions, obeying: Floats, sight: Sight) -> Floats:
    """Velocities in which accents and their like stand out from the notes around."""
    marks = sight.marks
    strong = (sight.dynamics.forced + marks.accent + marks.marcato + marks.stress) > 0
    if not strong.any() or strong.all():
        return obeying
    onset = sight.notes.onset_q
    plainly = np.flatnonzero(~strong)
    own = _mean_near(onset, plainly, obeying - column.plain, sight)
    rules = _mean_near(onset, plainly, column.rules - column.rules_plain, sight)
    asked = OBEYED * (column.rules - column.rules_plain - rules)
    least = column.plain + own + np.maximum(asked, 0.0)
    return np.where(strong, np.maximum(obeying, least), obeying)


def swelled(column: Versions, obeying: Floats, sight: Sight) -> Floats:
    """Velocities in which every hairpin leads where it points, counted from the beat before it."""
    out = obeying.copy()
    onset = sight.notes.onset_q
    for mark in sight.score.marks:
        if mark.kind != "hairpin" or mark.end_q <= mark.start_q:
            continue
        a, b = float(mark.start_q), float(mark.end_q)
        before = (onset >= a - 1.0) & (onset <= a + 1e-6)
        inside = (onset > a + 1e-6) & (onset <= b + 1e-6)
        if not before.any() or not inside.any():
            continue
        change = out - column.plain
        asked = column.asked - column.asked[before].mean() + change[before].mean()
        sign = -1.0 if mark.text.startswith("d") else 1.0
        short = inside & ((change - asked) * sign < 0)
        out[short] = (column.plain + asked)[short]
    return out


def _step(column: Floats, side: _Sides) -> float:
    before, after = side
    return float(column[after].mean() - column[before].mean())


def _steps(sight: Sight, rows: Ints) -> Iterator[tuple[float, float, list[_Sides]]]:
    """Of a hand's notes: from where to where each step holds, and what lies on its two sides."""
    level, onset = sight.dynamics.level[rows], sight.notes.onset_q[rows]
    steps = np.flatnonzero((np.abs(np.diff(level)) >= STEP) & (np.diff(onset) > 0)) + 1
    edges = [0, *steps.tolist(), len(rows)]
    for start, here, end in zip(edges[:-2], edges[1:-1], edges[2:], strict=True):
        sides = []
        for bars in REACH_BARS:
            reach = bars * float(sight.grid.bar_q[sight.notes.group[rows[here]]])
            past = min(onset[here] - reach, onset[here - 1])  # after a rest, what came before it
            first = int(np.searchsorted(onset, max(past, onset[start])))
            last = int(np.searchsorted(onset, onset[here] + reach))
            sides.append((rows[first:here], rows[here : min(last, end)]))
        yield float(onset[here]), float(onset[end]) if end < len(rows) else np.inf, sides


def _at_least(wanted: Floats, plain: Floats, asked: Floats) -> Floats:
    given = wanted - plain
    short = (np.abs(asked) > FELT) & (given * np.sign(asked) < np.abs(asked))
    return np.where(short, plain + asked, wanted)


def _mean_near(onset: Floats, rows: npt.NDArray[np.int64], column: Floats, sight: Sight) -> Floats:
    """Mean of `column` over `rows` within a bar of each note; of all rows where there is none."""
    places, bar = onset[rows], sight.grid.bar_q[sight.notes.group]
    total = np.concatenate([[0.0], np.cumsum(column[rows])])
    first = np.searchsorted(places, onset - bar)
    last = np.searchsorted(places, onset + bar, side="right")
    mean = (total[last] - total[first]) / np.maximum(last - first, 1)
    return np.where(last > first, mean, float(np.mean(column[rows])))
