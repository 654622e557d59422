"""Find the line that a listener sings along with: Score → the ids of the melody, in time order.

In: note columns and, per note, how much it speaks for itself. Out: for every score-onset group at
most one note. A beam search goes through the groups; its states are the last melody note, since a
line may also hold a long note over others that begin.

**Conventions.** Salience is in points: a note is worth taking above 0. Quarters and semitones.

**Knows nothing of** harmony, phrases, performers.

**Reference.** The skyline (the highest note wins) is the baseline: Uitdenbogerd, A. & Zobel, J.
(1999), *Melodic matching techniques for large music databases*, ACM Multimedia. Preference for
small steps and long notes: Temperley, D. (2001), *The Cognition of Basic Musical Structures*,
MIT Press, ch. 4. Weights: set by hand; `bench/melody.py` counts how often the note found is the
one that pianists play loudest (as often as the skyline, from which it seldom departs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.music import NoteColumns

__all__ = ["melody_of"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BEAM = 5
"""Lines kept open at once; 12 finds the same notes."""

WEIGHTS = {
    "highest": 1.6,
    "upper_staff": 1.0,
    "long": 0.5,
    "first_voice": 0.4,
    "low": -0.6,
    "bias": -1.0,
}
"""Points of salience."""

STEP_COST = 0.035
"""Points a semitone from one melody note to the next."""

UNDER_COST = 1.6
"""Points for beginning below a melody note that still sounds."""

GAP_COST = 0.15
"""Points for each beat in which the line is silent although it could sing."""


class _Path(NamedTuple):
    """A row of notes from its end: lines share their beginnings."""

    note: int
    before: _Path | None


@dataclass(frozen=True, slots=True)
class _Line:
    points: float
    last: int  # note index, −1 before the first note
    path: _Path | None


def melody_of(notes: NoteColumns) -> list[int]:
    """Indices of the melody notes, in time order."""
    table = _Table.of(notes)
    beams = [_Line(0.0, -1, None)]
    for members in _groups(notes):
        beams = _step(beams, members, table)
    chosen: list[int] = []
    node = beams[0].path
    while node is not None:
        chosen.append(node.note)
        node = node.before
    return chosen[::-1]


def salience(notes: NoteColumns) -> Floats:
    """How much each note speaks for itself as melody, whatever came before."""
    if len(notes.pitch) == 0:
        return np.zeros(0)
    top = np.full(len(notes.onsets_q), -1)
    np.maximum.at(top, notes.group[~notes.grace], notes.pitch[~notes.grace])
    upper = notes.staff == notes.staff.min()
    w = WEIGHTS
    return np.asarray(
        w["bias"]
        + w["highest"] * (notes.pitch >= top[notes.group])
        + w["upper_staff"] * upper
        + w["first_voice"] * (notes.voice == 1)
        + w["long"] * np.log2(np.clip(notes.duration_q, 0.125, 4.0))
        + w["low"] * np.clip((60 - notes.pitch) / 12, 0, 2)
        - 99.0 * notes.grace
    )


def _groups(notes: NoteColumns) -> list[list[int]]:
    groups: list[list[int]] = [[] for _ in notes.onsets_q]
    group = notes.group.tolist()
    for i in np.flatnonzero(~notes.grace).tolist():
        groups[group[i]].append(i)
    return groups


def _step(beams: list[_Line], members: list[int], table: _Table) -> list[_Line]:
    """The best lines after one more group: each holds, or takes one of the group's notes."""
    if not members:
        return beams
    best: dict[int, _Line] = {line.last: line for line in beams}
    for i in members:
        points, line = -1e9, beams[0]
        for other in beams:
            reached = other.points - table.cost(other.last, i)
            if reached > points:
                points, line = reached, other
        best[i] = _Line(points + table.points[i], i, _Path(i, line.path))
    return sorted(best.values(), key=lambda line: -line.points)[:BEAM]


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns that the search reads, as lists: it asks for single values a million times."""

    points: list[float]
    pitch: list[int]
    onset_q: list[float]
    end_q: list[float]

    @classmethod
    def of(cls, notes: NoteColumns) -> _Table:
        end_q = notes.onset_q + notes.duration_q
        columns = (salience(notes), notes.pitch, notes.onset_q, end_q)
        return cls(*(column.tolist() for column in columns))

    def cost(self, last: int, new: int) -> float:
        """Points for going from one melody note to another."""
        if last < 0:
            return 0.0
        step = self.pitch[new] - self.pitch[last]
        silence = self.onset_q[new] - self.end_q[last]
        cost = STEP_COST * abs(step)
        if silence > 0:
            return cost + GAP_COST * min(silence, 4.0)
        return cost + UNDER_COST if silence < -1e-6 and step < 0 else cost
