"""Divide a score into lines: melody, inner lines, bass, accompaniment.

In: note columns and the melody. Out: voices, each note in exactly one. The notated voices of each
staff are kept together; what they do decides their role.

**Conventions.** Quarters and semitones.

**Knows nothing of** harmony, performers.

**Reference.** Huron, D. (2001), *Tone and voice*, Music Perception 19(1): what makes a line a line.
Cambouropoulos, E. (2008), *Voice and stream*, Music Perception 26(1): chords and broken chords as
one accompanying stream.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

import numpy as np
import numpy.typing as npt

from valentin.music import NoteColumns, Score, Voice

__all__ = ["voices_of"]

Role = Literal["melody", "inner", "bass", "accompaniment"]

LINE_SEMITONES = 5.0
"""Mean step up to which a one-note-at-a-time voice is heard as a line, not as a broken chord."""

BASS_WINDOW_Q = 1.0
"""Quarters around a note within which nothing lower may begin if it is to be the bass."""


def voices_of(score: Score, notes: NoteColumns, melody: list[int]) -> tuple[Voice, ...]:
    """All notes as voices, the melody first; graces go with the voice they are written in."""
    rest: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    sung = _with_graces(notes, melody)
    for i in range(len(notes.pitch)):
        if i not in sung:
            rest[int(notes.part[i]), int(notes.staff[i]), int(notes.voice[i])].append(i)
    voices = [_voice(score, "melody", sorted(sung))] if sung else []
    lowest = _lowest(notes)
    for key in sorted(rest):
        low = [i for i in rest[key] if lowest[i]]
        high = [i for i in rest[key] if not lowest[i]]
        if high and _is_line(notes, high):
            voices.append(_voice(score, "inner", high))
        elif high:
            voices.append(_voice(score, "accompaniment", high))
        if low:
            voices.append(_voice(score, "bass", low))
    return tuple(voices)


def _voice(score: Score, role: Role, members: list[int]) -> Voice:
    return Voice(role, tuple(score.notes[i].id for i in members))


def _with_graces(notes: NoteColumns, melody: list[int]) -> set[int]:
    """The melody and the graces written before its notes, in the same staff and voice."""
    at = {(int(notes.group[i]), int(notes.staff[i]), int(notes.voice[i])) for i in melody}
    graces = {
        int(i)
        for i in np.flatnonzero(notes.grace)
        if (int(notes.group[i]), int(notes.staff[i]), int(notes.voice[i])) in at
    }
    return set(melody) | graces


def _lowest(notes: NoteColumns) -> npt.NDArray[np.bool_]:
    """Notes with nothing lower beginning or sounding around them."""
    if len(notes.pitch) == 0:
        return np.zeros(0, dtype=np.bool_)
    floor = np.full(len(notes.onsets_q), 999)
    np.minimum.at(floor, notes.group, notes.pitch)
    first = np.searchsorted(notes.onsets_q, notes.onsets_q - BASS_WINDOW_Q, side="right")
    last = np.searchsorted(notes.onsets_q, notes.onsets_q + BASS_WINDOW_Q, side="left")
    around = np.array(
        [floor[a : max(b, a + 1)].min() for a, b in zip(first, last, strict=True)], dtype=np.int64
    )
    return np.asarray(notes.pitch <= around[notes.group])


def _is_line(notes: NoteColumns, members: list[int]) -> bool:
    """One note at a time, in small steps."""
    i = np.array(members)
    if len(np.unique(notes.group[i])) < len(i) or len(i) < 4:
        return False
    return bool(np.abs(np.diff(notes.pitch[i])).mean() <= LINE_SEMITONES)
