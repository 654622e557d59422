"""What lies around a note: chords, registers, density, and how its written line moves.

In: note columns. Out: columns per score-onset group (`Texture`) and per note (`Lines`).

**Conventions.** A line is what one notated voice of one staff plays; its step is taken from the
highest note of each of its chords. Windows are given in quarters to both sides.

**Knows nothing of** marks, velocities, seconds.

**Reference.** Huron, D. (2001), *Tone and voice*, Music Perception 19(1): repetition, step and
rhythm decide whether notes are heard as a line or as an accompaniment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import NoteColumns

__all__ = ["Lines", "Texture", "around", "lines_of", "texture_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LINE_WINDOW_Q = 6.0
"""Quarters to both sides over which a line's character is taken."""

STEP_SEMITONES = 2
"""The largest interval that counts as a step."""

LINE_END_Q = 4.0
"""Quarters to the next onset of a line that has none."""

SHORTEST_Q, LONGEST_Q = 1 / 16, 8.0
"""Quarters to which times are clipped before a logarithm."""


@dataclass(frozen=True, slots=True)
class Texture:
    """Per group: how many notes begin, the highest and lowest, time to the next and from the last.

    `rest_q` is the silence before the next group.
    """

    count: Floats
    top: Floats
    bottom: Floats
    wait_q: Floats
    waited_q: Floats
    rest_q: Floats


@dataclass(frozen=True, slots=True)
class Lines:
    """Per note: what its line does around it and next.

    `repetition`, `steps` are shares 0..1, `leap` a mean in semitones, `variety` the SD of log2
    time between onsets. `next_q` is the time from the note's end to the line's next onset
    (negative where they overlap), `interval` the semitones to it.
    """

    crown: Bools  # the highest of its line's chord
    chord: Floats  # notes in its line's chord
    repetition: Floats
    steps: Floats
    leap: Floats
    variety: Floats
    next_q: Floats
    interval: Floats


def around(onsets_q: Floats, column: Floats, before_q: Floats, after_q: Floats) -> Floats:
    """Mean of a group column from `before_q` before each onset to `after_q` after it."""
    first = np.searchsorted(onsets_q, onsets_q - before_q - 1e-9)
    last = np.searchsorted(onsets_q, onsets_q + after_q + 1e-9, side="right")
    total = np.concatenate([[0.0], np.cumsum(column)])
    return np.asarray((total[last] - total[first]) / np.maximum(last - first, 1))


def texture_of(notes: NoteColumns, end_q: float) -> Texture:
    """The texture at each group."""
    size = len(notes.onsets_q)
    top, bottom, reach = np.full(size, -1.0), np.full(size, 999.0), np.zeros(size)
    np.maximum.at(top, notes.group, notes.pitch)
    np.minimum.at(bottom, notes.group, notes.pitch)
    np.maximum.at(reach, notes.group, notes.onset_q + notes.duration_q)
    following = np.append(notes.onsets_q[1:], max(end_q, float(notes.onsets_q[-1]) + 0.25))
    wait = following - notes.onsets_q
    rest = np.clip(following - np.maximum.accumulate(reach), 0.0, 2.0)
    rest[-1] = 0.0
    count = np.bincount(notes.group[~notes.grace], minlength=size).astype(np.float64)
    return Texture(count, top, bottom, wait, np.append(wait[:1], wait[:-1]), rest)


def lines_of(notes: NoteColumns, *, by_staff: bool = False) -> Lines:
    """The character of each note's line: its notated voice, or all of its staff."""
    size = len(notes.pitch)
    voice = np.zeros(size, dtype=np.int64) if by_staff else np.clip(notes.voice, 0, 99)
    line = notes.part * 10_000 + notes.staff * 100 + voice
    crown, chord = _chords(notes, line)
    zeros = np.zeros((5, size))
    out = Lines(
        crown, chord, zeros[0], zeros[1], zeros[2], zeros[3], np.full(size, LINE_END_Q), zeros[4]
    )
    order = np.lexsort((notes.onset_q, line))
    cuts = np.flatnonzero(np.diff(line[order])) + 1
    for rows in np.split(order, cuts):
        heads = rows[crown[rows] & ~notes.grace[rows]]
        if len(heads) > 1:
            _character(notes, rows, heads, out)
    return out


def _chords(notes: NoteColumns, line: Ints) -> tuple[Bools, Floats]:
    keys, row = np.unique(line * (len(notes.onsets_q) + 1) + notes.group, return_inverse=True)
    best = np.full(len(keys), -1)
    np.maximum.at(best, row, notes.pitch)
    count = np.bincount(row).astype(np.float64)
    return np.asarray(notes.pitch >= best[row]), count[row]


def _character(notes: NoteColumns, rows: Ints, heads: Ints, out: Lines) -> None:
    """Fill the rows of one line from its chord heads."""
    onset, pitch = notes.onset_q[heads], notes.pitch[heads]
    jump = np.abs(np.diff(pitch)).astype(np.float64)
    jump = np.append(jump[:1], jump)
    wait = np.log2(np.clip(np.diff(onset), SHORTEST_Q, LONGEST_Q))
    wait = np.append(wait, wait[-1])
    window = np.full(len(heads), LINE_WINDOW_Q)

    def mean(column: Floats) -> Floats:
        return around(onset, column, window, window)

    spread = np.sqrt(np.maximum(mean(wait**2) - mean(wait) ** 2, 0.0))
    here = np.clip(np.searchsorted(onset, notes.onset_q[rows]), 0, len(heads) - 1)
    out.repetition[rows] = mean((jump == 0).astype(np.float64))[here]
    out.steps[rows] = mean((jump <= STEP_SEMITONES).astype(np.float64))[here]
    out.leap[rows] = mean(jump)[here]
    out.variety[rows] = spread[here]
    after = np.searchsorted(onset, notes.onset_q[rows], side="right")
    inside = after < len(heads)
    following, at = rows[inside], after[inside]
    end = notes.onset_q[following] + notes.duration_q[following]
    out.next_q[following] = onset[at] - end
    out.interval[following] = pitch[at] - pitch[np.maximum(at - 1, 0)]
