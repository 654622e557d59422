"""Everything the rules look at, as columns: score and structure joined once.

In: a score and its structure. Out: one frozen value with columns per note and per score-onset
group, which every rule reads and none changes.

**Conventions.** Arrays named `…_q` are quarters. Positions in a phrase run 0..1. Per-note columns
are parallel to `score.notes`, per-group columns to `notes.onsets_q`.

**Knows nothing of** velocities, seconds, rules.

**Reference.** None.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import Grid, NoteColumns, Score, Structure
from valentin.shaping.dynamics import WrittenDynamics, written_dynamics
from valentin.shaping.marks import MarkedNotes, marked_notes
from valentin.shaping.tempi import WrittenTempo, written_tempo
from valentin.shaping.texture import Lines, Texture, around, lines_of, texture_of

__all__ = ["LEVELS", "PhrasePlace", "Scene", "scene_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVELS = 3
"""Levels of phrases that the rules use, the longest first."""


@dataclass(frozen=True, slots=True)
class PhrasePlace:
    """Per group: where in its phrase of one level it lies, and the phrase itself."""

    position: Floats  # 0 at the start, 1 on the last group
    start_q: Floats
    end_q: Floats
    last: Floats  # 1 on the last group of a phrase
    strength: Floats  # of the boundary at the phrase's end


@dataclass(frozen=True, slots=True)
class Scene:
    """One score, ready for the rules."""

    score: Score
    notes: NoteColumns
    grid: Grid  # per group
    marks: MarkedNotes
    dynamics: WrittenDynamics
    tempo: WrittenTempo
    texture: Texture
    lines: Lines
    hands: Lines  # the same of whole staves
    melody: Floats  # per note, 1 for the melody
    bass: Floats
    inner: Floats
    tension: Floats  # per group
    root: Ints  # per group, −1 unknown
    new_chord: Floats  # per group, 1 where a chord begins
    phrases: tuple[PhrasePlace, ...]
    tune: Ints  # per group: index of the melody note that begins or sounds there, −1 none

    def local(
        self, column: Floats, bars: float, *, ahead: bool = True, back: bool = True
    ) -> Floats:
        """Mean of a group column over `bars` back and ahead of each group."""
        reach = bars * self.grid.bar_q
        return around(self.notes.onsets_q, column, reach * back, reach * ahead)

    def per_group(self, column: Floats) -> Floats:
        """The largest value of a note column in each group."""
        out = np.full(len(self.notes.onsets_q), -np.inf)
        np.maximum.at(out, self.notes.group, column)
        return out

    def mean_per_group(self, column: Floats) -> Floats:
        """The mean of a note column in each group."""
        size = len(self.notes.onsets_q)
        total = np.bincount(self.notes.group, weights=column, minlength=size)
        return np.asarray(total / np.bincount(self.notes.group, minlength=size))


def scene_of(score: Score, structure: Structure) -> Scene:
    """Join a score (with at least one note) and its structure."""
    notes = NoteColumns.of(score)
    onsets = notes.onsets_q
    index = {note.id: i for i, note in enumerate(score.notes)}
    chord = _chord_at(structure, onsets)
    roots = np.array([h.root for h in structure.harmony] or [-1])
    tension = np.array(structure.tension or [0.0])
    return Scene(
        score=score,
        notes=notes,
        grid=Grid.at(score, onsets),
        marks=marked_notes(score),
        dynamics=written_dynamics(score, notes),
        tempo=written_tempo(score, notes),
        texture=texture_of(notes, float(score.end_q)),
        lines=lines_of(notes),
        hands=lines_of(notes, by_staff=True),
        melody=_role(structure, index, "melody"),
        bass=_role(structure, index, "bass"),
        inner=_role(structure, index, "inner"),
        tension=tension[chord],
        root=roots[chord],
        new_chord=(np.diff(chord, prepend=-1) != 0) * float(bool(structure.harmony)),
        phrases=tuple(_places(structure, onsets, level) for level in range(LEVELS)),
        tune=_tune(structure, index, notes),
    )


def _role(structure: Structure, index: dict[str, int], role: str) -> Floats:
    out = np.zeros(len(index))
    rows = [index[n] for v in structure.voices if v.role == role for n in v.note_ids if n in index]
    out[rows] = 1.0
    return out


def _chord_at(structure: Structure, onsets: Floats) -> Ints:
    starts = np.array([float(h.start_q) for h in structure.harmony] or [0.0])
    return np.clip(np.searchsorted(starts, onsets + 1e-6, side="right") - 1, 0, None)


def _places(structure: Structure, onsets: Floats, level: int) -> PhrasePlace:
    phrases = [p for p in structure.phrases if p.level == level]
    starts = np.array([float(p.start_q) for p in phrases] or [float(onsets[0])])
    ends = np.array([float(p.end_q) for p in phrases] or [float(onsets[-1]) + 1.0])
    strength = np.array([p.strength for p in phrases] or [1.0])
    row = np.clip(np.searchsorted(starts, onsets + 1e-6, side="right") - 1, 0, len(starts) - 1)
    new = np.diff(row, prepend=-1) != 0
    last = np.append(new[1:], True)
    last_q = onsets[last][np.cumsum(new) - 1]
    position = (onsets - starts[row]) / np.maximum(last_q - starts[row], 1e-3)
    return PhrasePlace(
        position=np.clip(np.where(last_q > starts[row] + 1e-6, position, 0.5), 0.0, 1.0),
        start_q=starts[row],
        end_q=np.maximum(ends[row], last_q),
        last=last.astype(np.float64),
        strength=strength[row],
    )


def _tune(structure: Structure, index: dict[str, int], notes: NoteColumns) -> Ints:
    out = np.full(len(notes.onsets_q), -1)
    rows = np.array([index[n] for n in structure.melody if n in index], dtype=np.int64)
    out[notes.group[rows]] = rows
    held = np.maximum.accumulate(np.where(out >= 0, np.arange(len(out)), -1))
    return np.where(held >= 0, out[np.clip(held, 0, None)], -1)
