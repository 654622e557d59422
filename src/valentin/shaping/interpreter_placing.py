"""Put graces and rolled chords where the interpreter wants them, in their order.

In: a draft whose tempo stands, and for each note of a figure how late pianists strike it against
the mean of its onset. Out: the draft with the leads of these figures.

**Conventions.** The notes of an onset that are no graces have the onset for their mean, so that a
figure moves neither beat nor bar. What the model says of two notes never turns their order about:
graces come one after another and before their main note, a roll goes the way of its sign. Onsets
that hold nothing but graces are the rules'.

**Knows nothing of** the model.

**Reference.** See `graces`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from valentin.music import GRACE_Q, NoteColumns, Score
from valentin.shaping.draft import Draft
from valentin.shaping.graces import (
    ROLL_SHARE,
    ROOM,
    graces_placed,
    rolled,
    rolls_of,
    room_of,
    with_mains,
)

__all__ = ["of_unisons", "placed"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

GRACE_GAP_S = 0.03
"""Seconds at least from a grace to the next note of its figure: faster than any trill."""

SAME_KEY_S = 0.1
"""The same where one key is struck twice in a figure: down, up again, and down."""

ROLL_GAP_S, ROLL_LEAST_S = 0.012, 0.05
"""Seconds at least between notes of a roll, and from its first to its last: less is no roll."""

AFTER = 0.5
"""Share of the time to the next onset that counts as room too, for graces on the beat."""


def placed(
    score: Score, notes: NoteColumns, draft: Draft, late_s: Floats, concerned: Bools
) -> Draft:
    """The draft with the figures of the notes `concerned` in place, and all others by rule."""
    ruled = rolled(score, notes, graces_placed(score, notes, draft))
    plain = concerned & ~notes.grace
    count = np.bincount(notes.group, plain, len(notes.onsets_q))
    concerned = concerned & (count[notes.group] > 0)
    late = np.where(plain, of_unisons(notes, late_s), late_s)
    room_s, next_s = room_of(notes, draft)
    room_s = np.maximum(room_s, AFTER * next_s)
    hold = np.where(plain, draft.articulation, ruled.articulation)
    for order in rolls_of(score, notes):
        if concerned[order[0]]:
            gap = max(ROLL_GAP_S, ROLL_LEAST_S / max(len(order) - 1, 1))
            room = ROLL_SHARE * float(room_s[notes.group[order[0]]])
            end = float(late[order].max())
            late[order[:-1]] = _before(end, late[order].tolist()[:-1], gap, room)
            late[order[-1]] = end
    for members, mains in with_mains(notes):
        group = int(notes.group[members[0]])
        if concerned[members[0]]:
            end = float(late[mains].min()) if mains else 0.0
            room = ROOM * float(room_s[group])
            keys = {*notes.pitch[members].tolist(), *notes.pitch[mains].tolist()}
            gap = GRACE_GAP_S if len(keys) == len(members) + len(mains) else SAME_KEY_S
            late[members] = _before(end, late[members].tolist(), gap, room)
            step = np.diff(late[members], append=end)
            hold[members] = 1.05 * step / (float(GRACE_Q) * draft.seconds_per_quarter[group])
    total = np.bincount(notes.group, np.where(plain, late, 0.0), len(notes.onsets_q))
    mean = (total / np.maximum(count, 1.0))[notes.group]
    lead = np.where(concerned, mean - late, ruled.lead_s)
    return replace(draft, lead_s=lead, articulation=np.where(concerned, hold, ruled.articulation))


def of_unisons(notes: NoteColumns, lead: Floats) -> Floats:
    """One key written in two voices at one onset is struck once."""
    _, row = np.unique(notes.group * 128 + notes.pitch, return_inverse=True)
    plain = (~notes.grace).astype(np.float64)
    count = np.maximum(np.bincount(row, plain), 1.0)
    return np.asarray((np.bincount(row, plain * lead) / count)[row])


def _before(end: float, wanted: Sequence[float], gap: float, room: float) -> Floats:
    """Times in order, the last at least `gap` before `end`, the first within `room` of it."""
    times, after = sorted(wanted), end
    for k in reversed(range(len(times))):
        times[k] = after = min(times[k], after - gap)
    away = end - np.array(times)
    return np.asarray(end - away * min(1.0, room / max(float(away.max(initial=gap)), 1e-9)))
