"""Glissandi and breaths: keys swept between two notes, and hands lifted before a breath mark.

In: a score and a draft whose tempo stands. Out: the notes that a glissando adds with its first note
shortened; notes before a breath mark or a caesura let go early.

**Conventions.** A glissando sweeps over the whole time of its first note: over the white keys where
both ends are white, over the black where both are black, over all keys otherwise or where the sign
says *chromatic*. One that is written out, note by note, adds nothing.

**Knows nothing of** phrases.

**Reference.** Gould, E. (2011), *Behind Bars*, p. 143–145: a glissando begins at once and fills the
note's whole time.
"""

from __future__ import annotations

from dataclasses import replace

from valentin.music import Mark, NoteColumns, RealisedNote, Score, ScoreNote, TempoCurve
from valentin.shaping.draft import Draft

__all__ = ["breathed", "keys_between", "swept"]

BLACK = frozenset((1, 3, 6, 8, 10))
SOFTER = 0.85
"""Velocity of a swept key as a share of its first note's."""

LEAST_S = 0.012
"""Seconds a swept key, at least: a hand cannot sweep faster."""

LET_GO = {"": 0.8, "caesura": 0.65}
"""Share of its length that is left of a note before a breath mark and before a caesura."""


def keys_between(first: int, last: int, *, chromatic: bool = False) -> tuple[int, ...]:
    """The keys from `first` up or down to the one before `last`."""
    black = {pitch % 12 in BLACK for pitch in (first, last)}
    way = 1 if last > first else -1
    row = range(first, last, way)
    if chromatic or len(black) > 1:
        return tuple(row)
    return tuple(p for p in row if (p % 12 in BLACK) in black)


def swept(score: Score, notes: NoteColumns, draft: Draft) -> Draft:
    """The draft with every glissando played."""
    row = {note.id: i for i, note in enumerate(score.notes)}
    curve = TempoCurve(notes.onsets_q, draft.seconds_per_quarter)
    held, added = draft.articulation.copy(), list(draft.realisations)
    for mark in score.marks:
        ends = [row[n] for n in mark.note_ids if n in row]
        if mark.kind != "glissando" or len(ends) != 2:
            continue
        first, last = ends
        keys = _keys(score, mark, score.notes[first], score.notes[last])
        if len(keys) < 3:
            continue
        a, b = curve.seconds([notes.onset_q[first], notes.onset_q[last]]).tolist()
        count = min(len(keys), max(2, int((b - a) / LEAST_S)))
        step = (b - a) / count
        own = float(curve.seconds(notes.onset_q[first] + notes.duration_q[first])) - a
        held[first] = min(held[first], step / max(own, 1e-3))
        velocity = max(1, round(draft.velocity[first] * SOFTER))
        for k, pitch in enumerate(keys[1:count], 1):
            start, end = curve.quarters([a + k * step, a + (k + 0.95) * step]).tolist()
            name = score.notes[first].id
            added.append(RealisedNote(name, start, end - start, pitch, velocity))
    return replace(draft, articulation=held, realisations=tuple(added))


def _keys(score: Score, mark: Mark, first: ScoreNote, last: ScoreNote) -> tuple[int, ...]:
    between = (
        n.part == first.part and n.staff == first.staff and n.voice == first.voice
        for n in score.notes
        if first.onset_q < n.onset_q < last.onset_q
    )
    if first.onset_q >= last.onset_q or any(between):
        return ()
    return keys_between(first.pitch, last.pitch, chromatic="chrom" in mark.text.lower())


def breathed(score: Score, draft: Draft) -> Draft:
    """The draft with the hands up before every breath mark."""
    places = {m.start_q: m for m in score.marks if m.kind == "breath"}
    if not places:
        return draft
    held = draft.articulation.copy()
    for i, note in enumerate(score.notes):
        mark = places.get(note.onset_q + note.duration_q)
        if mark is not None and note.duration_q and mark.part in (note.part, ""):
            held[i] = min(held[i], LET_GO.get(mark.text, LET_GO[""]))
    return replace(draft, articulation=held)
