"""The written marks as constraints: what a mark changes is at least a share of the rules' change.

In: a column as the model wants it with and without the marks, the same two of the rules, and where
the marks stand. Out: the column, obeying.

**Conventions.** A change is "with the marks minus without". Emphasis is measured against the notes
around that have none, a hairpin against the beat before it: the model may play the whole passage
softer, but not the accent, nor the end of the crescendo.

**Knows nothing of** the model, units.

**Reference.** None.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.shaping.interpreter_scene import Sight

__all__ = ["OBEYED", "Versions", "emphasised", "obeyed", "swelled"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

OBEYED = 0.85
"""Least share of the rules' change that a mark makes, where the model would make less."""

FELT = 1e-3
"""Change below which the rules leave a place alone (in each column's own unit)."""


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
