"""Which runs to believe: chance finds a place for many keys, but not for most of them.

In: fitted runs. Out: the runs that stand; the keys of the others have no place.

**Conventions.** A run stands if enough of its keys are notes of the score where it says; a short
run needs more. If hardly any of the take stands, or only here and there, nothing does.

**Knows nothing of** labels, ids.
"""

from __future__ import annotations

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.material import Floats, Heard
from valentin.music import AROUND_SEMITONES, Written

__all__ = ["placed_share", "standing"]

ENOUGH, MORE_IF_SHORT, SHORT_KEYS = 0.6, 0.3, 16.0
"""Share of a run's keys that must be placed: .6, and .3 more for a run of no keys, falling off over
16. A take of another piece gets .23 to .51, fine playing .91 and more."""

HARDLY_ANY = 0.05
"""Share of the take's keys in standing runs below which it is another piece: a long warm-up or
another piece before this one is no reason to doubt this one."""

KEYS_PLACED, NOTES_PLAYED = 0.85, 0.5
"""It is another piece, too, if less than this of the keys of the standing runs are placed and less
than this of the notes they pass are played. Chosen between what takes of wrong and
of right pieces reach on train; `bench/stumbling.py` counts the wrong pieces believed."""


def standing(written: Written, heard: Heard, runs: list[Fitted]) -> list[Fitted]:
    """The runs to believe."""
    kept = [run for run in runs if _stands(written, heard, run)]
    keys = sum(run.stop - run.start for run in kept)
    found = sum(len(run.found) for run in kept)
    passed = sum(int(np.ptp(run.found)) + 1 for run in kept if len(run.found))
    another = found < KEYS_PLACED * keys and found < NOTES_PLAYED * passed
    return kept if keys >= HARDLY_ANY * len(heard.pitch) and not another else []


def placed_share(heard: Heard, runs: list[Fitted]) -> float:
    """Share of the take's keys that these runs match."""
    return sum(len(run.found) for run in runs) / max(1, len(heard.pitch))


def _stands(written: Written, heard: Heard, run: Fitted) -> bool:
    keys = run.stop - run.start
    placed = len(run.found) + np.count_nonzero(_in_ornament(written, heard, run))
    return bool(placed / keys >= ENOUGH + MORE_IF_SHORT * np.exp(-keys / SHORT_KEYS))


def _in_ornament(written: Written, heard: Heard, run: Fitted) -> Floats:
    """How many keys without a note lie around a sounding ornament of the run."""
    free = np.setdiff1d(np.arange(run.start, run.stop), run.key[run.found])
    signs = np.flatnonzero(written.ornament[run.note])
    inside = np.zeros(len(free), dtype=np.float64)
    for k in signs:
        near = np.abs(heard.pitch[free] - written.pitch[run.note[k]]) <= AROUND_SEMITONES
        inside += (
            near & (heard.onset_s[free] >= run.due_s[k]) & (heard.onset_s[free] < run.end_s[k])
        )
    return inside
