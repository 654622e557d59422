"""Study a score before playing it: Score → Structure.

**Conventions.** The score is unfolded; all places in quarters.

**Knows nothing of** seconds, performers.
"""

from __future__ import annotations

from valentin.music import NoteColumns, Score, Structure
from valentin.studying.boundaries import boundary_strength
from valentin.studying.fingering import fingered, printed_fingers
from valentin.studying.harmony import harmony_of
from valentin.studying.melody import melody_of
from valentin.studying.phrases import phrases_of
from valentin.studying.reaches import HANDS_CM
from valentin.studying.tension import tension_of
from valentin.studying.voices import voices_of

__all__ = ["HANDS_CM", "fingered", "printed_fingers", "study"]


def study(score: Score) -> Structure:
    """Melody and voices, phrases, chords, cadences and tension of a score."""
    notes = NoteColumns.of(score)
    melody = melody_of(notes)
    chords = harmony_of(score, notes)
    strength = boundary_strength(score, notes, melody, chords)
    return Structure(
        voices=voices_of(score, notes, melody),
        melody=tuple(score.notes[i].id for i in melody),
        phrases=phrases_of(score, notes.onsets_q, strength),
        harmony=chords.chords,
        tension=tension_of(chords),
    )
