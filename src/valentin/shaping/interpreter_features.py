"""The interpreter's view of a score: one table of notes, one of onset groups, one of beats.

In: a sight and the structure it was made from. Out: three tables of named columns. A note's row
repeats its group's, a beat's row is that of the group that begins or sounds at it, and both see
their neighbours.

**Conventions.** Values are finite float32. The order of names is fixed: a model is trained on it.

**Knows nothing of** the model, performers.

**Reference.** See `interpreter_columns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import Structure
from valentin.shaping.interpreter_columns import group_columns, window_mean
from valentin.shaping.interpreter_hands import hand_columns
from valentin.shaping.interpreter_motifs import motif_columns
from valentin.shaping.interpreter_scene import Sight

__all__ = ["Table", "View", "beats_of", "view_of"]

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Column = tuple[str, Floats]

CHARGE = np.array([0.0, 6.5, 2.0, 4.5, 4.0, 2.5, 6.0, 1.0, 5.5, 3.0, 3.5, 5.0])
"""Melodic charge by semitones above the root (Sundberg, Friberg & Frydén 1991)."""

SHIFTED = (
    "count", "wait", "top", "low", "fermata_any", "new_chord", "tension", "level_group", "weight",
    "slurred_share", "staccato_share", "rest_after", "tune_step", "accent_any", "ornament_any",
    "grace_any",
)  # fmt: skip
"""Group columns of which a row sees the neighbours' values."""


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns: `values` has shape (rows, names)."""

    names: tuple[str, ...]
    values: Singles

    @classmethod
    def of(cls, columns: list[Column]) -> Table:
        """A table of columns of one length; what is not finite becomes 0."""
        values = np.stack([c for _, c in columns], axis=1).astype(np.float32)
        return cls(tuple(n for n, _ in columns), np.nan_to_num(values, posinf=99, neginf=-99))


@dataclass(frozen=True, slots=True)
class View:
    """Three tables; `own` counts the columns of `notes` that come before its group's columns."""

    notes: Table
    groups: Table
    beats: Table
    beats_q: Floats
    beat_group: Ints
    own: int


def view_of(sight: Sight, structure: Structure) -> View:
    """The tables of a sight."""
    groups = group_columns(sight, structure)
    seen = [*groups, *_neighbours(groups)]
    own = list(_note_columns(sight))
    of_notes = [*own, *((n, c[sight.notes.group]) for n, c in seen), *hand_columns(sight.notes)]
    beats_q = beats_of(sight)
    onsets = sight.notes.onsets_q
    at = np.clip(np.searchsorted(onsets, beats_q + 1e-6, side="right") - 1, 0, len(onsets) - 1)
    return View(
        Table.of(of_notes),
        Table.of(seen),
        Table.of(list(_beat_columns(sight, groups, beats_q, at))),
        beats_q,
        at,
        len(own),
    )


def beats_of(sight: Sight) -> Floats:
    """The beats from the first onset to the last."""
    score, onsets = sight.score, sight.notes.onsets_q
    out: list[float] = []
    for i, bar in enumerate(score.bars):
        beat = _beat_at(sight, float(bar.start_q))
        full = float(score.metres[0].bar_quarters) if score.metres else float(bar.length_q)
        length = float(bar.length_q)
        late = np.mod(length, beat) if i == 0 and length < full - 1e-6 else 0.0
        out += (float(bar.start_q) + np.arange(late, length - 1e-6, beat)).tolist()
    beats = np.unique(np.array(out or [0.0]))
    beats = beats[(beats >= onsets[0] - 1e-6) & (beats <= onsets[-1] + 1e-6)]
    return beats if len(beats) else onsets[:1]


def _beat_at(sight: Sight, place_q: float) -> float:
    row = int(np.searchsorted(sight.notes.onsets_q, place_q - 1e-6))
    return float(sight.grid.beat_q[min(row, len(sight.grid.beat_q) - 1)])


def _neighbours(groups: list[Column]) -> Iterator[Column]:
    table = dict(groups)
    for name in SHIFTED:
        for step in (-2, -1, 1, 2):
            yield f"{name}@{step:+d}", _shifted(table[name], step)


def _shifted(column: Floats, step: int) -> Floats:
    at = np.clip(np.arange(len(column)) + step, 0, len(column) - 1)
    return column[at]


def _beat_columns(
    sight: Sight, groups: list[Column], beats_q: Floats, at: Ints
) -> Iterator[Column]:
    """At each beat: its group, the mean within the beat, and both for the beats around."""
    onsets = sight.notes.onsets_q
    edges = np.append(np.searchsorted(onsets, beats_q - 1e-6), len(onsets))
    inside = np.maximum(edges[1:] - edges[:-1], 0)
    length = np.diff(beats_q, append=beats_q[-1] + sight.grid.beat_q[-1])
    yield "onsets_in_beat", np.log2(1.0 + inside)
    yield "beat_length", np.log2(np.maximum(length, 0.05))
    yield "beats_to_end", np.minimum(np.arange(len(at))[::-1], 32).astype(np.float64)
    yield "beats_from_start", np.minimum(np.arange(len(at)), 32).astype(np.float64)
    for name, column in groups:
        total = np.concatenate([[0.0], np.cumsum(column)])
        mean = (total[edges[1:]] - total[edges[:-1]]) / np.maximum(inside, 1)
        mean = np.where(inside > 0, mean, column[at])
        yield name, column[at]
        if name in BEAT_MEANS:
            yield f"{name}~", mean
        if name in BEAT_SHIFTS:
            for step in (-4, -3, -2, -1, 1, 2, 3, 4):
                yield f"{name}~{step:+d}", _shifted(mean, step)


BEAT_MEANS = {
    "wait", "count", "top", "tension", "level_group", "slope_group", "slurred_share", "duration",
    "contour_1.5", "fermata_any", "ornament_any", "grace_any", "staccato_share", "rest_after",
}  # fmt: skip
"""Columns whose mean within the beat says more than the value on it."""

BEAT_SHIFTS = {"wait", "count", "fermata_any", "slowing", "tension", "top", "rest_after", "marked"}
"""Columns of which a beat sees the beats around."""


def _note_columns(sight: Sight) -> Iterator[Column]:
    notes, marks = sight.notes, sight.marks
    speed = np.log2(sight.tempo.seconds_per_quarter)[notes.group]
    length = np.log2(np.maximum(notes.duration_q, 1 / 32))
    yield "pitch", notes.pitch.astype(np.float64)
    pitch = notes.pitch.astype(np.float64)
    yield "pitch_own", pitch - float(np.mean(pitch))
    yield "length", length
    yield "length_s", length + speed
    yield "length_of_wait", length - np.log2(np.maximum(sight.wait_q[notes.group], 1 / 32))
    yield "upper_staff", (notes.staff == notes.staff.min()).astype(np.float64)
    yield "voice", np.minimum(notes.voice, 8).astype(np.float64)
    for role in ("melody", "bass", "inner"):
        yield role, getattr(sight, role)
    yield "grace", notes.grace.astype(np.float64)
    yield "ornament", np.array([n.ornament is not None for n in sight.score.notes], np.float64)
    for name in ("staccato", "staccatissimo", "tenuto", "accent", "marcato", "portato", "fermata",
                 "slurred", "slur_start", "slur_end", "rolled"):  # fmt: skip
        yield f"is_{name}", getattr(marks, name)
    level = sight.dynamics.level
    yield "level", level - float(np.mean(level))
    yield "slope", np.clip(sight.dynamics.slope * sight.grid.bar_q[notes.group], -4, 4)
    yield "forced", sight.dynamics.forced
    root = sight.root[notes.group]
    yield "charge", np.where(root >= 0, CHARGE[(notes.pitch - root) % 12], 3.0)
    yield from _chord_place(sight)
    yield from _same_key(sight)
    yield from _line(sight)
    yield from motif_columns(sight)


def _chord_place(sight: Sight) -> Iterator[Column]:
    """Where a note lies in its chord, and in its staff's part of the chord."""
    notes = sight.notes
    staves = notes.group * 64 + notes.part * 8 + np.clip(notes.staff, 0, 7)
    for name, key in (("chord", notes.group), ("hand", staves)):
        _, row = np.unique(key, return_inverse=True)
        order = np.lexsort((notes.pitch, row))
        count = np.bincount(row)
        first = np.concatenate([[0], np.cumsum(count)[:-1]])
        rank = np.empty(len(row))
        rank[order] = np.arange(len(row)) - first[row[order]]
        low = notes.pitch[order][first][row]
        high = notes.pitch[order][first + count - 1][row]
        yield f"{name}_from_low", rank
        yield f"{name}_from_top", count[row] - 1 - rank
        yield f"{name}_size", count[row].astype(np.float64)
        yield f"{name}_above_low", (notes.pitch - low).astype(np.float64)
        yield f"{name}_below_top", (high - notes.pitch).astype(np.float64)
        mean = np.bincount(row, notes.pitch.astype(np.float64)) / count
        yield f"{name}_from_mean", np.asarray(notes.pitch - mean[row], dtype=np.float64)
        longest = np.zeros(len(count))
        np.maximum.at(longest, row, notes.duration_q)
        yield f"{name}_longest", (notes.duration_q >= longest[row]).astype(np.float64)


def _same_key(sight: Sight) -> Iterator[Column]:
    """The same key before and after: quarters between, in log2, bounded by four bars."""
    notes = sight.notes
    order = np.lexsort((notes.onset_q, notes.pitch))
    same = notes.pitch[order][1:] == notes.pitch[order][:-1]
    step = np.diff(notes.onset_q[order])
    after, before = np.full(len(order), 16.0), np.full(len(order), 16.0)
    after[order[:-1]] = np.where(same, np.clip(step, 1 / 32, 16.0), 16.0)
    before[order[1:]] = np.where(same, np.clip(step, 1 / 32, 16.0), 16.0)
    length = np.maximum(notes.duration_q, 1 / 32)
    yield "key_after", np.log2(after)
    yield "key_before", np.log2(before)
    yield "key_room", np.log2(np.clip(after / length, 0.25, 16.0))


def _line(sight: Sight) -> Iterator[Column]:
    """The note's neighbours in its written voice: steps, lengths, silence after."""
    notes = sight.notes
    key = (notes.part * 8 + notes.staff) * 64 + notes.voice
    order = np.lexsort((-notes.pitch, notes.grace, notes.onset_q, key))
    k, q = key[order], notes.onset_q[order]
    new = np.concatenate([[True], (k[1:] != k[:-1]) | (q[1:] > q[:-1] + 1e-9)])
    event = np.cumsum(new) - 1
    heads = order[new]
    pitch = notes.pitch[heads].astype(np.float64)
    length, onset, voice = notes.duration_q[heads], notes.onset_q[heads], key[heads]
    where = np.empty(len(order), dtype=np.int64)
    where[order] = event
    for step in (-2, -1, 1, 2):
        at = np.clip(np.arange(len(heads)) + step, 0, len(heads) - 1)
        kept = voice[at] == voice
        yield f"step{step:+d}", np.where(kept, np.clip(pitch[at] - pitch, -24, 24), 0.0)[where]
        logs = np.log2(np.maximum(length, 1 / 32))
        yield f"length{step:+d}", np.where(kept, logs[at] - logs, 0.0)[where]
    following = np.append(onset[1:], 0.0) - onset - length
    kept = np.append(voice[1:] == voice[:-1], False)
    yield "silence_after", np.where(kept, np.clip(following, -2.0, 4.0), 4.0)[where]
    here = np.append(0.0, following[:-1])
    yield "silence_before", np.where(np.append(False, kept[:-1]), np.clip(here, -2, 4), 4.0)[where]
    spread = _voice_contour(pitch, onset, voice)
    yield "voice_contour", spread[where]


def _voice_contour(pitch: Floats, onset: Floats, voice: Ints) -> Floats:
    """Pitch against the mean of its voice over two bars of 4/4 around."""
    shift = (np.cumsum(np.diff(voice, prepend=voice[:1]) != 0)) * 1e6
    reach = np.full(len(pitch), 4.0)
    return np.asarray(pitch - window_mean(onset + shift, pitch, reach, reach))
