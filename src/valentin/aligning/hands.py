"""One hand practised alone: the take is then aligned with that hand's notes only.

In: the score and the runs found among both hands' notes. Out: which notes are those of the only
hand that played.

**Conventions.** A hand is a staff. Among the notes of one hand there is no other hand's note to be
left out on the way, and none to take a key; and that the other hand's notes did not sound is no
fault of anybody's.

**Knows nothing of** seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.material import Ints
from valentin.music import Score

__all__ = ["among_all", "hand_alone"]

ALONE, WRITTEN = 0.96, 0.9
"""Share of the keys placed that are one staff's where a hand is alone, and the most that this staff
has of the notes passed. Of 24 takes with one hand cut out the share is .98 and more, of whole ones
at most .75."""

FEWEST_KEYS = 16
"""Fewer keys than this may be of one staff by chance."""


def hand_alone(score: Score, runs: Sequence[Fitted]) -> Ints | None:
    """The indices of the notes of the only staff that was played; None where it was not alone."""
    staff = np.array([note.staff for note in score.notes])
    placed = [staff[run.note[run.found]] for run in runs]
    passed = [staff[run.note[run.found[0] : run.found[-1] + 1]] for run in runs]
    played, there = (np.concatenate([*some, staff[:0]]) for some in (placed, passed))
    if len(played) < FEWEST_KEYS:
        return None
    most = np.bincount(played).argmax()
    if np.mean(played == most) < ALONE or np.mean(there == most) > WRITTEN:
        return None
    return np.flatnonzero(staff == most)


def among_all(run: Fitted, alone: Ints) -> Fitted:
    """The run of one hand's score as a run of the whole score."""
    return replace(run, note=alone[run.note])
