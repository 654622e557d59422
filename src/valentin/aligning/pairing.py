"""The second pass: inside a run, which key is which score note.

In: score notes with the seconds at which they were due and how far off they may be, and keys with
the seconds at which they were struck. Out: for each score note a key, or -1.

**Conventions.** Only equal pitches pair, and the notes of one pitch keep their order: for each
pitch a shortest path through (notes × keys), where a pair costs how late or early it is in units
of its tolerance, and a note or a key left alone costs 1.

**Knows nothing of** how the due times were found, wrong notes, ornaments.
"""

from __future__ import annotations

import numba
import numpy as np

from valentin.aligning.material import Floats, Ints

__all__ = ["pair"]

LEVEL = 1e-6
"""Costs that differ by less are equal: else rounding would choose between twins, and a shift in
time would change the choice."""


def pair(
    note_pitch: Ints, due_s: Floats, tolerance_s: Floats, key_pitch: Ints, struck_s: Floats
) -> Ints:
    """For each score note the index of its key, or -1."""
    notes = np.lexsort((np.arange(len(due_s)), due_s, note_pitch))
    keys = np.lexsort((struck_s, key_pitch))
    found = np.full(len(note_pitch), -1, dtype=np.int64)
    paired = _pair_sorted(
        note_pitch[notes], due_s[notes], tolerance_s[notes], key_pitch[keys], struck_s[keys]
    )
    found[notes] = np.where(paired >= 0, keys[paired], -1)
    return found


@numba.njit(cache=True, nogil=True)
def _pair_sorted(note_pitch, due, tolerance, key_pitch, struck):  # type: ignore[no-untyped-def]
    """Pitch by pitch; all arrays sorted by (pitch, time)."""
    found = np.full(len(note_pitch), -1, np.int64)
    i, j = 0, 0
    while i < len(note_pitch):
        pitch = note_pitch[i]
        i_end = i
        while i_end < len(note_pitch) and note_pitch[i_end] == pitch:
            i_end += 1
        while j < len(key_pitch) and key_pitch[j] < pitch:
            j += 1
        j_end = j
        while j_end < len(key_pitch) and key_pitch[j_end] == pitch:
            j_end += 1
        if j_end > j:
            _one_pitch(due[i:i_end], tolerance[i:i_end], struck[j:j_end], j, found[i:i_end])
        i, j = i_end, j_end
    return found


@numba.njit(cache=True, nogil=True)
def _one_pitch(due, tolerance, struck, offset, found):  # type: ignore[no-untyped-def]
    """The shortest path for one pitch; keys are numbered from `offset` in `found`."""
    notes, keys = len(due), len(struck)
    before = np.arange(keys + 1).astype(np.float64)
    row = np.zeros(keys + 1)
    way = np.zeros((notes + 1, keys + 1), np.uint8)
    for i in range(1, notes + 1):
        row[0], way[i, 0] = i, 1
        for j in range(1, keys + 1):
            cost, best = before[j - 1] + abs(due[i - 1] - struck[j - 1]) / tolerance[i - 1], 0
            if before[j] + 1 < cost - LEVEL:
                cost, best = before[j] + 1, 1
            if row[j - 1] + 1 < cost - LEVEL:
                cost, best = row[j - 1] + 1, 2
            row[j], way[i, j] = cost, best
        before, row = row, before
    i, j = notes, keys
    while i > 0 and j > 0:
        if way[i, j] == 0:
            i, j = i - 1, j - 1
            found[i] = offset + j
        elif way[i, j] == 1:
            i -= 1
        else:
            j -= 1
