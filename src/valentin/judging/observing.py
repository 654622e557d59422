"""Lay a take beside its score: one row a note that was surely played, one row a felt beat.

In: the unfolded score, its structure, the take, the alignment, the measured plans, the bands of
fine playing. Out: an `Observation`, columns that every measure of this room reads.

**Conventions.** A note that was played in several runs counts as last played: practice ends with
the best try. `velocity` is as struck, `velocity_off` the take's own level against the bands (their
median difference), so that a soft piano or a shy player is no fault. `sounding_s` is when the
damper falls: key up, or pedal up where the pedal held it. `tempo_off` is log2 of the beat period
over the expected one, less the take's own median: a slow take is judged as a slow take.

**Knows nothing of** what is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.judging.beats import Beats, beats_of
from valentin.judging.marking import detached_notes, plain_notes, slurred_notes
from valentin.judging.securing import hands_heard
from valentin.music import (
    Alignment,
    Match,
    NoteColumns,
    Performance,
    PerformedNote,
    Plan,
    Score,
    Shape,
    Spread,
    SpreadBand,
    Structure,
)

__all__ = ["Notes", "Observation", "observe"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SURE = 0.5
"""Confidence of a match below which its note is not measured."""

PEDAL_DOWN = 64
"""Controller value from which the dampers are off the strings (MIDI 1.0, CC64 on)."""


@dataclass(frozen=True, slots=True)
class Notes:
    """One row a score note that was surely played, in score order."""

    ids: tuple[str, ...]
    index: Ints  # row in score.notes
    onset_q: Floats
    duration_q: Floats
    pitch: Ints
    staff: Ints
    voice: Ints
    bar: Ints  # row in score.bars
    run: Ints
    melody: Bools
    plain: Bools  # no grace, no ornament, no arpeggio: its place in time is the written one
    slurred: Bools  # a slur leads from this note to the next
    detached: Bools  # staccato or staccatissimo
    onset_s: Floats
    offset_s: Floats
    sounding_s: Floats
    velocity: Floats
    articulation: Floats
    velocity_low: Floats  # the bands, moved to the take's own level
    velocity_centre: Floats
    velocity_high: Floats
    articulation_low: Floats
    articulation_centre: Floats
    articulation_high: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def velocity_off(self) -> Floats:
        """Velocity against the expected one at the take's own level."""
        return np.asarray(self.velocity - self.velocity_centre)

    def where(self, keep: Bools) -> tuple[str, ...]:
        """The ids of the rows kept."""
        return tuple(self.ids[i] for i in np.flatnonzero(keep))


@dataclass(frozen=True, slots=True)
class Observation:
    """A take beside its score. `level` is the take's median velocity against the bands."""

    score: Score
    structure: Structure
    performance: Performance
    alignment: Alignment
    notes: Notes
    onset_q: Floats  # of score.notes
    beats: Beats
    bar_starts: Floats
    bar_ends: Floats
    pedal_down_s: Floats  # the moments at which the sustain pedal goes down, and comes up
    pedal_up_s: Floats
    level: float
    wanted: Bools  # of score.notes: written for a hand that plays, neither grace nor ornament
    surely: Bools  # of score.notes: surely heard

    def heard_share(self, start_q: float, end_q: float) -> float:
        """Share of the notes wanted from one place to another that were surely heard."""
        inside = (self.onset_q >= start_q - 1e-9) & (self.onset_q < end_q - 1e-9) & self.wanted
        return float(self.surely[inside].mean()) if inside.any() else 1.0

    def bar_of(self, q: float) -> int:
        """The row in `score.bars` that holds `q`."""
        i = int(np.searchsorted(self.bar_starts, q + 1e-9, side="right")) - 1
        return min(max(i, 0), max(len(self.bar_starts) - 1, 0))


@dataclass(frozen=True, slots=True)
class _Heard:
    score: Score
    structure: Structure
    take: Performance
    alignment: Alignment
    plans: tuple[Plan, ...]
    spread: Spread


def observe(
    score: Score,
    structure: Structure,
    performance: Performance,
    alignment: Alignment,
    plans: tuple[Plan, ...],
    spread: Spread,
) -> Observation:
    """Everything the measures read. Raises ValueError where the spread is not of this score."""
    columns = NoteColumns.of(score)
    if len(spread.velocity) != len(score.notes):
        raise ValueError(
            f"the spread has {len(spread.velocity)} notes, the score {len(score.notes)}"
        )
    starts = np.array([float(b.start_q) for b in score.bars] or [0.0])
    ends = np.array([float(b.start_q + b.length_q) for b in score.bars] or [float(score.end_q)])
    down, up = pedal_times(performance)
    heard = _Heard(score, structure, performance, alignment, plans, spread)
    notes, level = _notes(heard, columns, starts, (down, up))
    beats = beats_of(score, alignment, plans, spread, columns.onsets_q, starts)
    surely = np.zeros(len(score.notes), np.bool_)
    surely[notes.index] = True
    return Observation(
        score, structure, performance, alignment, notes, columns.onset_q, beats, starts, ends,
        down, up, level, _wanted(score, surely), surely,
    )  # fmt: skip


def _wanted(score: Score, surely: Bools) -> Bools:
    """The notes that can be asked for: of the hands that play, neither grace nor ornamented."""
    struck = {score.notes[i].id for i in np.flatnonzero(surely)}
    mine = {id(note) for note in hands_heard(score, struck)[1]}
    return np.array(
        [id(n) in mine and not n.grace and n.ornament is None for n in score.notes], np.bool_
    )


def pedal_times(performance: Performance) -> tuple[Floats, Floats]:
    """The moments at which the sustain pedal goes down and comes up; equally many of each."""
    down: list[float] = []
    up: list[float] = []
    for event in performance.pedal:
        if event.control != "sustain":
            continue
        is_down = len(down) > len(up)
        if event.value >= PEDAL_DOWN and not is_down:
            down.append(event.time_s)
        elif event.value < PEDAL_DOWN and is_down:
            up.append(event.time_s)
    if len(down) > len(up):
        up.append(performance.end_s)
    return np.array(down, dtype=np.float64), np.array(up, dtype=np.float64)


def _last_played(alignment: Alignment) -> dict[str, Match]:
    """The latest sure match of each score note."""
    last: dict[str, Match] = {}
    for match in alignment.matches:
        if match.confidence < SURE:
            continue
        if match.score_id not in last or match.run >= last[match.score_id].run:
            last[match.score_id] = match
    return last


def _sounding(
    keys: list[PerformedNote], take: Performance, down: Floats, up: Floats
) -> npt.NDArray[np.float64]:
    """When the damper falls on each key: released, pedal up, or struck again."""
    offset = np.array([k.offset_s for k in keys], dtype=np.float64)
    held = offset.copy()
    if len(down):
        i = np.searchsorted(down, offset, side="right") - 1
        within = (i >= 0) & (offset < up[np.clip(i, 0, None)])
        held = np.where(within, up[np.clip(i, 0, None)], offset)
    strikes: dict[int, list[float]] = {}
    for note in take.notes:
        strikes.setdefault(note.pitch, []).append(note.onset_s)
    for row, key in enumerate(keys):
        later = np.searchsorted(strikes[key.pitch], key.onset_s, side="right")
        if later < len(strikes[key.pitch]):
            held[row] = min(held[row], max(strikes[key.pitch][later], key.offset_s))
    return held


def _bands(bands: tuple[SpreadBand, ...], rows: Ints) -> tuple[Floats, Floats, Floats]:
    table = np.array([(b.low, b.centre, b.high) for b in bands], dtype=np.float64)[rows]
    return table[:, 0], table[:, 1], table[:, 2]


def _rows(
    score: Score, take: Performance, alignment: Alignment, plans: tuple[Plan, ...]
) -> tuple[list[tuple[int, Match]], list[PerformedNote], list[Shape]]:
    """Score rows with their match, their key and their shape."""
    key_of = {note.id: note for note in take.notes}
    shape_of = {(p.run, s.id): s for p in plans for s in p.shapes}
    last = _last_played(alignment)
    found = [
        (i, last[n.id])
        for i, n in enumerate(score.notes)
        if n.id in last and last[n.id].performed_id in key_of and (last[n.id].run, n.id) in shape_of
    ]
    keys = [key_of[m.performed_id] for _, m in found]
    return found, keys, [shape_of[m.run, m.score_id] for _, m in found]


def _notes(
    heard: _Heard, columns: NoteColumns, bar_starts: Floats, pedal: tuple[Floats, Floats]
) -> tuple[Notes, float]:
    score, spread = heard.score, heard.spread
    found, keys, shapes = _rows(score, heard.take, heard.alignment, heard.plans)
    rows = np.array([i for i, _ in found], dtype=np.int64)
    velocity = np.array([k.velocity for k in keys], dtype=np.float64)
    low, centre, high = _bands(spread.velocity, rows)
    level = float(np.median(velocity - centre)) if len(rows) else 0.0
    art = _bands(spread.articulation, rows)
    melody = set(heard.structure.melody)
    return Notes(
        ids=tuple(m.score_id for _, m in found),
        index=rows,
        onset_q=columns.onset_q[rows],
        duration_q=columns.duration_q[rows],
        pitch=columns.pitch[rows],
        staff=columns.staff[rows],
        voice=columns.voice[rows],
        bar=np.clip(
            np.searchsorted(bar_starts, columns.onset_q[rows] + 1e-9, "right") - 1, 0, None
        ),
        run=np.array([m.run for _, m in found], dtype=np.int64),
        melody=np.array([m.score_id in melody for _, m in found], dtype=np.bool_),
        plain=plain_notes(score)[rows],
        slurred=slurred_notes(score)[rows],
        detached=detached_notes(score)[rows],
        onset_s=np.array([k.onset_s for k in keys], dtype=np.float64),
        offset_s=np.array([k.offset_s for k in keys], dtype=np.float64),
        sounding_s=_sounding(keys, heard.take, *pedal),
        velocity=velocity,
        articulation=np.array([s.articulation for s in shapes], dtype=np.float64),
        velocity_low=low + level,
        velocity_centre=centre + level,
        velocity_high=high + level,
        articulation_low=art[0],
        articulation_centre=art[1],
        articulation_high=art[2],
    ), level
