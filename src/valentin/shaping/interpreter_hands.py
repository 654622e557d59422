"""What one hand has to do around a note: when it strikes next, how far it must go, what it holds.

In: the notes of a score. Out: named columns, one value a note.

**Conventions.** A hand is a staff of a part. Times are log2 quarters, distances semitones, + up;
grace notes belong to no hand and have 0.

**Knows nothing of** fingerings, voices, marks.

**Reference.** R. Parncutt et al., "An ergonomic model of keyboard fingering for melodic fragments",
Music Perception 14 (1997): what is hard to reach is played otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from valentin.music import NoteColumns

__all__ = ["hand_columns"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BLACK = np.array([0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0], dtype=np.float64)
"""Whether a pitch class is a black key."""

LONGEST_Q, SHORTEST_Q = 16.0, 1 / 32
"""Quarters between which a time is told."""

REACH_TO_TIME = 3.0
"""Semitones that weigh as much as half the time to get there."""

NAMES = (
    "hand_wait", "hand_past", "hand_length", "jump", "jump_top", "jump_low", "jump_past",
    "jump_two", "jump_back_two", "jump_speed", "hand_turn", "hand_holds", "hand_strikes",
)  # fmt: skip


def hand_columns(notes: NoteColumns) -> Iterator[tuple[str, Floats]]:
    """All columns of the notes."""
    key = notes.part * 8 + np.clip(notes.staff, 0, 7)
    table = np.zeros((len(NAMES), len(notes.pitch)))
    for hand in np.unique(key).tolist():
        rows = np.flatnonzero((key == hand) & ~notes.grace)
        if len(rows):
            table[:, rows] = _of_hand(notes, rows)
    yield from zip(NAMES, table, strict=True)
    yield "black", BLACK[notes.pitch % 12]


def _of_hand(notes: NoteColumns, rows: Ints) -> Floats:
    """The columns of one hand's notes, in the order of NAMES."""
    onset, pitch = notes.onset_q[rows], notes.pitch[rows].astype(np.float64)
    places, at = np.unique(onset, return_inverse=True)
    top, low = np.full(len(places), -1.0), np.full(len(places), 200.0)
    np.maximum.at(top, at, pitch)
    np.minimum.at(low, at, pitch)
    mean = np.bincount(at, pitch) / np.bincount(at)
    gaps = np.log2(np.clip(np.diff(places, append=places[-1] + 4.0), SHORTEST_Q, LONGEST_Q))
    past = np.append(2.0, gaps[:-1])
    length = np.log2(np.maximum(notes.duration_q[rows], SHORTEST_Q))
    jump = _nearest(pitch, _moved(top, 1)[at], _moved(low, 1)[at])
    turn = np.sign(_moved(mean, 1) - mean) * np.sign(mean - _moved(mean, -1))
    end = onset + notes.duration_q[rows]
    begun = np.searchsorted(np.sort(onset), onset, side="left")
    ended = np.searchsorted(np.sort(end), onset + 1e-6, side="right")
    struck = np.searchsorted(np.sort(onset), end - 1e-6, side="left")
    struck = struck - np.searchsorted(np.sort(onset), onset + 1e-6, side="right")
    return np.stack([
        gaps[at], past[at], length - gaps[at], jump,
        _moved(top, 1)[at] - pitch, _moved(low, 1)[at] - pitch,
        _nearest(pitch, _moved(top, -1)[at], _moved(low, -1)[at]),
        _moved(mean, 2)[at] - pitch, _moved(mean, -2)[at] - pitch,
        np.abs(jump) - REACH_TO_TIME * gaps[at], turn[at],
        np.clip(begun - ended, -4, 12).astype(np.float64),
        np.log2(1.0 + np.clip(struck, 0, 64)),
    ])  # fmt: skip


def _moved(column: Floats, step: int) -> Floats:
    return column[np.clip(np.arange(len(column)) + step, 0, len(column) - 1)]


def _nearest(pitch: Floats, top: Floats, low: Floats) -> Floats:
    """From a note to the nearest note of a chord that spans low to top; 0 inside it."""
    return np.where(pitch > top, top - pitch, np.where(pitch < low, low - pitch, 0.0))
