"""Score + Performance + Alignment → the plans that give this performance, one per run.

In: an unfolded score, a take, and their alignment. Out: for every run a plan of the stretch from
its first to its last matched onset: tempo curve, shapes, added notes, pedal.

**Conventions.** The inverse of `perform`: what a plan says of a matched note gives its onset,
release and velocity back exactly. Notes of the stretch that were not played are flagged, with
expectations: the velocity of their neighbours on the staff, no lead, the usual articulation. The
last tempo of a curve repeats the one before it. A pedal event belongs to the run it falls in; the
silence between two runs is halved. Extra and wrong notes are not in a plan.

**Knows nothing of** whether the alignment is right, and of what is good playing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from valentin.music import (
    GRACE_Q,
    Alignment,
    Grid,
    Match,
    NoteColumns,
    PedalEvent,
    Performance,
    PerformedNote,
    Plan,
    PlannedPedal,
    RealisedNote,
    Score,
    ScoreNote,
    Shape,
    TempoCurve,
)
from valentin.performing.nominal import choose_knots, reference_times

__all__ = ["measure"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TEMPO_UNKNOWN = 0.5
"""Seconds per quarter where only one onset was heard: 120 quarters a minute (MIDI's default)."""

PLAIN, ORNAMENTED, GRACE = 3, 2, 1
"""How far a note tells the time of its onset: a trill may begin late, a grace lies beside it."""


def measure(score: Score, performance: Performance, alignment: Alignment) -> tuple[Plan, ...]:
    """One plan per run, in the order of the runs. Time is linear in notes.

    Raises ValueError where the alignment names a note that is in neither.
    """
    written = _Written.of(score)
    played = {note.id: note for note in performance.notes}
    pairs: dict[int, dict[int, PerformedNote]] = defaultdict(dict)
    added: dict[int, list[tuple[str, PerformedNote]]] = defaultdict(list)
    for match in alignment.matches:
        index, note = written.index(match), _played(played, match)
        pairs[match.run].setdefault(index, note)
    for match in alignment.ornaments:
        written.index(match)
        added[match.run].append((match.score_id, _played(played, match)))
    runs = sorted(pairs)
    pedal = _pedal_by_run(performance.pedal, [pairs[run].values() for run in runs])
    return tuple(
        _Measured.of(written, run, pairs[run]).plan(added[run], events)
        for run, events in zip(runs, pedal, strict=True)
    )


def _played(played: Mapping[str, PerformedNote], match: Match) -> PerformedNote:
    try:
        return played[match.performed_id]
    except KeyError as error:
        raise ValueError(f"the alignment names {error}, which was not played") from error


@dataclass(frozen=True, slots=True)
class _Written:
    """The score as columns, one row a note, and its score-onset groups."""

    notes: tuple[ScoreNote, ...]
    rows: dict[str, int]
    onsets: list[Fraction]
    columns: NoteColumns
    length_q: Floats
    trust: Ints
    weight: Ints

    @classmethod
    def of(cls, score: Score) -> _Written:
        columns = NoteColumns.of(score)
        rolled = _rolled_before_last(score)
        trust = [
            GRACE if n.grace else ORNAMENTED if n.ornament or n.id in rolled else PLAIN
            for n in score.notes
        ]
        _, first = np.unique(columns.group, return_index=True)
        return cls(
            score.notes,
            {note.id: i for i, note in enumerate(score.notes)},
            [score.notes[i].onset_q for i in first.tolist()],
            columns,
            np.where(columns.duration_q > 0, columns.duration_q, float(GRACE_Q)),
            np.array(trust, dtype=np.int64),
            Grid.at(score, columns.onsets_q).weight,
        )

    def index(self, match: Match) -> int:
        """The row of a match's score note."""
        if match.score_id not in self.rows:
            raise ValueError(f"the alignment names {match.score_id!r}, which is not in the score")
        return self.rows[match.score_id]


def _rolled_before_last(score: Score) -> set[str]:
    """Notes of rolled chords but for the highest, on which the roll arrives."""
    pitch = {note.id: note.pitch for note in score.notes}
    rolled: set[str] = set()
    for mark in score.marks:
        if mark.kind == "arpeggio":
            ids = [i for i in mark.note_ids if i in pitch]
            rolled |= set(ids) - {max(ids, key=lambda i: pitch[i], default="")}
    return rolled


@dataclass(frozen=True, slots=True)
class _Measured:
    """One run: its stretch of the score, what was heard of it, and the curve through it."""

    written: _Written
    run: int
    stretch: Ints
    heard: dict[int, PerformedNote]
    onsets_q: tuple[Fraction, ...]
    tempo: tuple[float, ...]
    start_s: float

    @classmethod
    def of(cls, written: _Written, run: int, heard: dict[int, PerformedNote]) -> _Measured:
        rows = np.array(sorted(heard), dtype=np.int64)
        groups = written.columns.group[rows]
        first, last = int(groups.min()), int(groups.max())
        stretch = np.flatnonzero((written.columns.group >= first) & (written.columns.group <= last))
        onset_s = np.array([heard[i].onset_s for i in rows.tolist()])
        trust = np.where(written.trust[rows] == GRACE, 0, written.trust[rows])
        if not trust.any():
            trust = np.ones_like(trust)
        times = reference_times(groups - first, onset_s, trust, last - first + 1)
        knots = choose_knots(times, written.weight[first : last + 1])
        onsets_q = tuple(written.onsets[first + i] for i in knots.groups.tolist())
        steps = np.diff(np.array([float(q) for q in onsets_q]))
        tempo = (np.diff(knots.times_s) / steps).tolist() or [TEMPO_UNKNOWN]
        tempo += tempo[-1:] * (len(onsets_q) - len(tempo))
        start = float(knots.times_s[0])
        return cls(written, run, stretch, heard, onsets_q, tuple(tempo), start)

    def plan(self, added: Iterable[tuple[str, PerformedNote]], pedal: Sequence[PedalEvent]) -> Plan:
        """The run as a plan."""
        curve = TempoCurve((float(q) for q in self.onsets_q), self.tempo, self.start_s)
        places = curve.quarters([event.time_s for event in pedal]).tolist()
        return Plan(
            self.onsets_q,
            self.tempo,
            self._shapes(curve),
            _realisations(added, curve),
            tuple(
                PlannedPedal(q, event.control, event.value)
                for q, event in zip(places, pedal, strict=True)
            ),
            tuple(i in self.heard for i in self.stretch.tolist()),
            self.start_s,
            self.run,
        )

    def _shapes(self, curve: TempoCurve) -> tuple[Shape, ...]:
        rows = self.stretch
        heard = np.array([i in self.heard for i in rows.tolist()])
        notes = [self.heard[i] for i in rows[heard].tolist()]
        onset_q = self.written.columns.onset_q[rows]
        nominal = curve.seconds(onset_q)
        length = curve.seconds(onset_q + self.written.length_q[rows]) - nominal
        onset = np.array([note.onset_s for note in notes])
        held = np.array([note.offset_s for note in notes]) - onset
        lead = np.zeros(len(rows))
        lead[heard] = nominal[heard] - onset
        articulation = np.full(len(rows), float(np.median(held / length[heard])))
        articulation[heard] = held / length[heard]
        velocity = self._velocities(heard, [note.velocity for note in notes])
        names = [self.written.notes[i].id for i in rows.tolist()]
        columns = zip(names, velocity, lead.tolist(), articulation.tolist(), strict=True)
        return tuple(Shape(*row) for row in columns)

    def _velocities(self, heard: npt.NDArray[np.bool_], values: list[int]) -> list[int]:
        """Velocities of the stretch; between heard notes of a staff those of its neighbours."""
        out = np.zeros(len(heard))
        out[heard] = values
        staff = np.array([self.written.notes[i].staff for i in self.stretch.tolist()])
        place = np.arange(len(heard))
        for one in set(staff[~heard].tolist()):
            known = heard & (staff == one)
            known = known if known.any() else heard
            gaps = ~heard & (staff == one)
            out[gaps] = np.interp(place[gaps], place[known], out[known])
        return [round(v) for v in out.tolist()]


def _realisations(
    added: Iterable[tuple[str, PerformedNote]], curve: TempoCurve
) -> tuple[RealisedNote, ...]:
    rows = sorted(added, key=lambda row: (row[1].onset_s, row[1].pitch))
    starts = curve.quarters([note.onset_s for _, note in rows])
    ends = curve.quarters([note.offset_s for _, note in rows])
    return tuple(
        RealisedNote(name, start, length, note.pitch, note.velocity)
        for (name, note), start, length in zip(
            rows, starts.tolist(), (ends - starts).tolist(), strict=True
        )
    )


def _pedal_by_run(
    pedal: Sequence[PedalEvent], runs: Sequence[Iterable[PerformedNote]]
) -> list[list[PedalEvent]]:
    """The events of each run, which are in the order of time."""
    spans = [
        (min(n.onset_s for n in notes), max(n.offset_s for n in notes))
        for notes in (list(run) for run in runs)
    ]
    borders = [(min(end, after) + after) / 2 for (_, end), (after, _) in pairwise(spans)]
    events: list[list[PedalEvent]] = [[] for _ in runs]
    for event in pedal if events else ():
        events[bisect_right(borders, event.time_s)].append(event)
    return events
