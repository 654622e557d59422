"""Which runs to believe: chance finds a place for many keys, but not for most of them.

In: fitted runs. Out: the runs that stand; the keys of the others have no place.

**Conventions.** A run stands if enough of its keys are notes of the score where it says; a short
run needs more. If hardly any of the take stands, nothing does.

**Knows nothing of** labels, ids.
"""

from __future__ import annotations

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.material import AROUND_SEMITONES, Floats, Heard, Written

__all__ = ["placed_share", "standing"]

ENOUGH, MORE_IF_SHORT, SHORT_KEYS = 0.6, 0.3, 16.0
"""Share of a run's keys that must be placed: .6, and .3 more for a run of no keys, falling off over
16. A take of another piece gets .23 to .51, fine playing .91 and more."""

HARDLY_ANY = 0.33
"""Share of the take's keys in standing runs below which it is another piece."""


def standing(written: Written, heard: Heard, runs: list[Fitted]) -> list[Fitted]:
    """The runs to believe."""
    kept = [run for run in runs if _stands(written, heard, run)]
    share = sum(run.stop - run.start for run in kept) / max(1, len(heard.pitch))
    return kept if share >= HARDLY_ANY else []


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
