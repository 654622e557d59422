"""One run, note by note: its rows, its tempo map and its pairs, each found from the other.

In: a `Stretch` and the take. Out: a `Fitted` run.

**Conventions.** A tolerance is how far off a note may be before a pair costs as much as leaving
one of the two alone; it is a share of the local quarter, so that a constant tempo factor changes
nothing.

**Knows nothing of** other runs, wrong notes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valentin.aligning.material import Bools, Floats, Heard, Ints
from valentin.aligning.pairing import pair
from valentin.aligning.runs import Stretch, Visit
from valentin.aligning.timing import TempoMap
from valentin.aligning.tracing import trace
from valentin.music import Written

__all__ = ["Fitted", "fit"]

ROUNDS = 2
"""Times that a run's tempo map and its pairs are found from each other; a third changes nothing."""

TOLERANCE_Q = 0.7
"""Local quarters; from .5 to 1 all is the same."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A run after pairing: keys `start:stop`, and parallel to its notes the place on its axis, when
    the note was due and to end, how far off it may be, and the key that plays it (index into the
    take, -1: none)."""

    start: int
    stop: int
    note: Ints
    note_q: Floats
    visit: Ints
    visits: tuple[Visit, ...]
    due_s: Floats
    end_s: Floats
    tolerance_s: Floats
    key: Ints

    @property
    def found(self) -> Ints:
        """The notes that have a key."""
        return np.flatnonzero(self.key >= 0)


def fit(written: Written, heard: Heard, stretch: Stretch, usual: float) -> Fitted:
    """The run, fitted; `usual` seconds per quarter where nothing better is known."""
    keys = slice(stretch.start, stretch.stop)
    struck, pitch = heard.onset_s[keys], heard.pitch[keys]
    tempo = _tempo(written, heard, stretch, stretch.key_row, usual)
    key_row = trace(written, heard, stretch, tempo)
    tempo = _tempo(written, heard, stretch, key_row, usual)
    row = np.repeat(np.arange(len(stretch.row_group)), np.diff(written.first)[stretch.row_group])
    note = np.concatenate(
        [np.arange(written.first[g], written.first[g + 1]) for g in stretch.row_group]
    )
    note_q = stretch.row_q[row]
    for again in range(ROUNDS):
        due, tolerance = tempo.seconds(note_q), TOLERANCE_Q * tempo.slopes(note_q)
        key = pair(written.pitch[note], due, tolerance, pitch, struck)
        sure = key >= 0
        if again + 1 == ROUNDS or not sure.any():
            break
        tempo = TempoMap.through(note_q[sure], struck[key[sure]], usual)
    return Fitted(
        start=stretch.start,
        stop=stretch.stop,
        note=note,
        note_q=note_q,
        visit=stretch.row_visit[row],
        visits=stretch.visits,
        due_s=due,
        end_s=tempo.seconds(note_q + written.end_q[note] - written.onset_q[note]),
        tolerance_s=tolerance,
        key=np.where(key >= 0, key + stretch.start, -1),
    )


def _tempo(
    written: Written, heard: Heard, stretch: Stretch, key_row: Ints, usual: float
) -> TempoMap:
    """The map through the keys that are notes of their row."""
    keys = slice(stretch.start, stretch.stop)
    group = stretch.row_group[key_row]
    exact = written.nats[heard.pitch[keys], group] == 0
    if not exact.any():
        exact[:] = True
    exact &= ~_goes_on(written, group, key_row, exact)
    return TempoMap.through(stretch.row_q[key_row[exact]], heard.onset_s[keys][exact], usual)


def _goes_on(written: Written, group: Ints, key_row: Ints, exact: Bools) -> Bools:
    """Keys that only go on with an ornament: all of its row but the first."""
    signs = np.zeros(len(written.first) - 1, dtype=np.bool_)
    signs[written.group[written.ornament]] = True
    places = np.flatnonzero(exact)
    _, firsts = np.unique(key_row[places], return_index=True)
    later = np.ones(len(group), dtype=np.bool_)
    later[places[firsts]] = False
    return np.asarray(signs[group] & later)
