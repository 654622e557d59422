"""What the marks of a score say about each note, as one flag a note.

In: a score. Out: columns parallel to `score.notes`.

**Conventions.** A slur reaches from its first to its last note in the voices of one staff; the
last note of a slur is not tied to anything after it, so it is not "slurred on".

**Knows nothing of** takes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from valentin.music import Mark, Score

__all__ = ["detached_notes", "plain_notes", "slurred_notes", "unsteady_stretches"]

Bools = npt.NDArray[np.bool_]

SHORT = {"staccato", "staccatissimo"}

BENDING = (
    "rit", "rall", "accel", "string", "strett", "allarg", "ritard", "slentando", "calando",
    "smorz", "morendo", "affrett", "rubato", "cadenza", "ad lib", "a piacere", "senza tempo",
    "stretto", "agitato", "ten.", "poco", "tempo", "mosso", "animato", "quasi",
)  # fmt: skip
"""Words, or beginnings of words, after which the tempo is the player's own for a while."""

BENT_Q = 8.0
"""Quarters for which such a word without an end is taken to hold: about two bars, our choice."""


def plain_notes(score: Score) -> Bools:
    """True where the note's place in time is the written one: no grace, ornament or arpeggio."""
    rolled = _named(score, {"arpeggio"})
    return np.array(
        [not n.grace and n.ornament is None and n.id not in rolled for n in score.notes], np.bool_
    )


def detached_notes(score: Score) -> Bools:
    """True for staccato and staccatissimo."""
    short = {
        i for m in score.marks if m.kind == "articulation" and m.text in SHORT for i in m.note_ids
    }
    return np.array([n.id in short for n in score.notes], np.bool_)


def slurred_notes(score: Score) -> Bools:
    """True where a slur leads on from the note, and nothing asks to lift it."""
    place = {n.id: i for i, n in enumerate(score.notes)}
    staff = [(n.part, n.staff, n.voice) for n in score.notes]
    flags = np.zeros(len(score.notes), np.bool_)
    onset = np.array([float(n.onset_q) for n in score.notes])
    for slur in (m for m in score.marks if m.kind == "slur" and len(m.note_ids) >= 2):
        ends = [place[i] for i in (slur.note_ids[0], slur.note_ids[-1]) if i in place]
        if len(ends) < 2:
            continue
        first, last = onset[ends[0]], onset[ends[1]]
        for i in range(np.searchsorted(onset, first), np.searchsorted(onset, last)):
            if staff[i] in (staff[ends[0]], staff[ends[1]]):
                flags[i] = True
    lifted = _named(score, {"articulation"}, without={"tenuto", "accent", "stress", "marcato"})
    keep = np.array([n.id not in lifted and not n.grace for n in score.notes], np.bool_)
    return np.asarray(flags & keep)


def unsteady_stretches(score: Score) -> tuple[tuple[float, float], ...]:
    """Where the score itself lets the tempo go: fermatas, ritardandi, rubato, tempo changes."""
    found: list[tuple[float, float]] = []
    for mark in score.marks:
        start, end = float(mark.start_q), float(mark.end_q)
        if mark.kind in ("fermata", "breath"):
            found.append((start - 2.0, max(end, start) + 1.0))
        elif mark.kind in ("tempo", "words") and start > 0 and _bends(mark):
            found.append((start - 1.0, max(end, start + BENT_Q)))
    return tuple(found)


def _bends(mark: Mark) -> bool:
    text = mark.text.casefold()
    return mark.kind == "tempo" or any(word in text for word in BENDING)


def _named(
    score: Score, kinds: set[str], without: frozenset[str] | set[str] = frozenset()
) -> set[str]:
    return {i for m in score.marks if m.kind in kinds and m.text not in without for i in m.note_ids}
