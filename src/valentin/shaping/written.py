"""The score as written: exact time at the marked tempo, marks as plain velocities.

In: an unfolded score. Out: a Plan without interpretation: what a notation program would play.

**Conventions.** See `music.plan`. Ornaments are realised plainly; the pedal is used only where it
is marked.

**Knows nothing of** structure, performers.

**Reference.** None: this is the baseline that every performer must beat.
"""

from __future__ import annotations

import numpy as np

from valentin.music import NoteColumns, Plan, Score
from valentin.shaping.draft import Draft, planned
from valentin.shaping.dynamics import written_dynamics
from valentin.shaping.marks import marked_notes
from valentin.shaping.ornaments import realise
from valentin.shaping.pedalling import written_pedal
from valentin.shaping.tempi import written_tempo

__all__ = ["plan_score"]

MIDDLE_VELOCITY, STEP_VELOCITY = 64.0, 14.0
"""MIDI velocity between mp and mf, and of one dynamic step: p 50, f 78, ff 92."""

ACCENT_VELOCITY = 12.0
"""MIDI velocity that an accent or sf adds."""

FULL, STACCATO, STACCATISSIMO, PORTATO = 0.95, 0.5, 0.25, 0.75
"""Share of its length for which a note is held, by its mark."""


def plan_score(score: Score) -> Plan:
    """The score as written, one shape a note."""
    notes = NoteColumns.of(score)
    if len(notes.pitch) == 0:
        return Plan((), (), ())
    dynamics, marked = written_dynamics(score, notes), marked_notes(score)
    accent = np.maximum(dynamics.forced, np.maximum(marked.accent, marked.marcato))
    velocity = MIDDLE_VELOCITY + STEP_VELOCITY * dynamics.level + ACCENT_VELOCITY * accent
    hold = np.full(len(notes.pitch), FULL)
    hold[marked.tenuto > 0] = 1.0
    hold[marked.portato > 0] = PORTATO
    hold[marked.staccato > 0] = STACCATO
    hold[marked.staccatissimo > 0] = STACCATISSIMO
    spq = written_tempo(score, notes).seconds_per_quarter
    draft = Draft(np.clip(velocity, 1, 127), np.zeros(len(hold)), hold, spq)
    return planned(score, notes, realise(score, notes, draft), written_pedal(score))
