"""The signs on single notes, as columns: staccato, accents, slurs, fermatas, rolls.

In: a score. Out: for each sign a column of 0 and 1 parallel to `score.notes`.

**Conventions.** A fermata without note ids holds every note that begins at its place in its part,
one on a bar line every note that ends there.
Slurs count as written by their first and last note; the notes between lie in the same voice, or in
the same staff where the slur crosses voices.

**Knows nothing of** velocities, seconds, performers.

**Reference.** None.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from valentin.music import Mark, Score

__all__ = ["MarkedNotes", "marked_notes"]

Floats = npt.NDArray[np.float64]

ARTICULATIONS = {
    "staccato", "staccatissimo", "tenuto", "accent", "marcato", "portato", "stress",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkedNotes:
    """One column a sign. `slurred` holds for all notes of a slur but its last."""

    staccato: Floats
    staccatissimo: Floats
    tenuto: Floats
    accent: Floats
    marcato: Floats
    portato: Floats
    stress: Floats
    fermata: Floats
    slurred: Floats
    slur_start: Floats
    slur_end: Floats
    rolled: Floats
    rolled_down: Floats


def marked_notes(score: Score) -> MarkedNotes:
    """The signs on each note of a score."""
    out = MarkedNotes(*(np.zeros(len(score.notes)) for _ in fields(MarkedNotes)))
    index = {note.id: i for i, note in enumerate(score.notes)}
    onset = np.array([float(n.onset_q) for n in score.notes])
    for mark in score.marks:
        rows = [index[n] for n in mark.note_ids if n in index]
        if mark.kind == "articulation" and mark.text in ARTICULATIONS:
            getattr(out, mark.text)[rows] = 1.0
        elif mark.kind == "fermata" and mark.text == "barline":
            out.fermata[_ending_at(score, mark)] = 1.0
        elif mark.kind == "fermata":
            out.fermata[rows or _beginning_at(score, onset, mark)] = 1.0
        elif mark.kind == "arpeggio":
            (out.rolled_down if mark.text == "down" else out.rolled)[rows] = 1.0
        elif mark.kind == "slur" and rows:
            _slur(score, onset, out, mark, rows)
    return out


def _beginning_at(score: Score, onset: Floats, mark: Mark) -> list[int]:
    at = float(mark.start_q)
    a, b = np.searchsorted(onset, [at - 1e-6, at + 1e-6])
    return [i for i in range(int(a), int(b)) if mark.part in {score.notes[i].part, ""}]


def _ending_at(score: Score, mark: Mark) -> list[int]:
    return [i for i, n in enumerate(score.notes) if n.onset_q + n.duration_q == mark.start_q]


def _slur(score: Score, onset: Floats, out: MarkedNotes, mark: Mark, rows: list[int]) -> None:
    first, last = score.notes[rows[0]], score.notes[rows[-1]]
    a, b = np.searchsorted(onset, [float(mark.start_q) - 1e-6, float(mark.end_q) + 1e-6])
    for i in range(int(a), int(b)):
        note = score.notes[i]
        same_voice = first.voice != last.voice or note.voice == first.voice
        if note.part != first.part or note.staff not in {first.staff, last.staff} or not same_voice:
            continue
        if note.onset_q < last.onset_q:
            out.slurred[i] = 1.0
        out.slur_start[i] = max(out.slur_start[i], float(note.onset_q == first.onset_q))
        out.slur_end[i] = max(out.slur_end[i], float(note.onset_q == last.onset_q))
