"""Where the playing stopped although the score does not.

In: the runs that stand. Out: pauses, in seconds, each before a note.

**Conventions.** Inside a run a pause is a gap between two neighbouring places that is much longer
than the local tempo gives; it starts when the second was due. A fermata may wait. Between two runs
the silence is a pause if it is as long.

**Knows nothing of** why; judging does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.material import Floats, Heard, Ints
from valentin.music import Written

__all__ = ["Gap", "gaps_of"]

LATE_Q, TIMES, AT_FERMATA = 1.5, 2.0, 3.0
"""A pause is at least 1.5 local quarters too long, and twice as long as written, six times after a
fermata. Hesitations of a student; a phrase's breath in fine takes stays below (`bench`)."""

LOCAL_PLACES = 9
"""Places to either side whose median tempo counts as local."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Silence from `start_s` to `end_s` before note `note` (index into run `run`)."""

    run: int
    note: int
    start_s: float
    end_s: float


def gaps_of(written: Written, heard: Heard, runs: list[Fitted]) -> list[Gap]:
    """All pauses, in time."""
    gaps: list[Gap] = []
    before = 0.0
    for r, run in enumerate(runs):
        notes, place_q, struck = _places(written, heard, run)
        if not len(notes):
            continue
        local = _local_tempo(place_q, struck)
        if r and struck[0] - before > LATE_Q * local[0]:
            gaps.append(Gap(r, int(notes[0]), before, float(struck[0])))
        gaps += _inside(written, run, r, (notes, place_q, struck), local)
        before = float(struck[-1] + local[-1])
    return gaps


def _places(written: Written, heard: Heard, run: Fitted) -> tuple[Ints, Floats, Floats]:
    """The first key of each place of the run: note, place, seconds; graces left out."""
    found = run.found[~written.grace[written.group[run.note[run.found]]]]
    struck = heard.onset_s[run.key[found]]
    order = np.lexsort((struck, run.note_q[found]))
    places, first = np.unique(run.note_q[found][order], return_index=True)
    rising = np.maximum.accumulate(struck[order][first])
    return found[order][first], places, rising


def _local_tempo(place_q: Floats, struck: Floats) -> Floats:
    """Seconds per quarter around each place, the median over its neighbours."""
    if len(place_q) < 2:
        return np.ones(len(place_q))
    slope = np.diff(struck) / np.diff(place_q)
    padded = np.pad(np.append(slope, slope[-1]), LOCAL_PLACES, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * LOCAL_PLACES + 1)
    return np.asarray(np.maximum(np.median(windows, axis=1), 1e-6))


def _inside(
    written: Written, run: Fitted, r: int, places: tuple[Ints, Floats, Floats], local: Floats
) -> list[Gap]:
    """The pauses inside one run."""
    notes, place_q, struck = places
    if len(notes) < 2:
        return []
    expected = np.diff(place_q) * local[:-1]
    gone = np.diff(struck)
    held = written.fermata[written.group[run.note[notes[:-1]]]]
    patience = TIMES * np.where(held, AT_FERMATA, 1.0)
    late = (gone - expected > LATE_Q * local[:-1]) & (gone > patience * expected)
    return [
        Gap(r, int(notes[i + 1]), float(struck[i] + expected[i]), float(struck[i + 1]))
        for i in np.flatnonzero(late)
    ]
