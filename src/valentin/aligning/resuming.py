"""Short restarts that the walk took for slips: keys left over in a row are looked at once more.

In: the walk and the runs it gave. Out: a walk in which a stretch of keys that no note of its run
wanted has a place of its own, where the score has one for it.

**Conventions.** A stretch is looked at if it has `FEWEST_KEYS` more free keys than twice its placed
ones. It is believed if nearly all of its keys are notes where it says and it is not just a trill.
Where the music then goes on from the end of the stretch, that is one run.

**Knows nothing of** labels, ids.
"""

from __future__ import annotations

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.material import Heard
from valentin.aligning.walk import Walk, walk
from valentin.music import Written

__all__ = ["with_short_restarts"]

FEWEST_KEYS = 6
"""Fewer keys than this are a slip and its repair."""

SURELY, FEWEST_PITCHES, FEWEST_GROUPS = 0.85, 4, 4
"""Share of a stretch's keys that must be notes; a trill has fewer pitches."""

FLOWS_ON = 3
"""Groups that may be left out where the music goes on after the stretch."""


def with_short_restarts(
    written: Written, heard: Heard, walked: Walk, runs: list[Fitted]
) -> Walk | None:
    """The walk with short restarts, None where there are none."""
    group, jumped, linked = walked.group.copy(), walked.jumped.copy(), walked.linked.copy()
    found = False
    for start, stop in _left_over(heard, runs):
        keys = slice(start, stop)
        part = Heard(
            heard.order[keys], heard.onset_s[keys], heard.offset_s[keys], heard.pitch[keys]
        )
        again = walk(written, part, int(group[start - 1]) if start else None)
        if not _fits(written, part, again):
            continue
        found = True
        group[keys], jumped[keys], linked[keys] = again.group, again.jumped, again.linked
        if stop < len(group):
            jumped[stop] = not 0 < group[stop] - group[stop - 1] <= FLOWS_ON
            linked[stop] = False
    return Walk(group, jumped, linked, walked.nats) if found else None


def _left_over(heard: Heard, runs: list[Fitted]) -> list[tuple[int, int]]:
    """Stretches of keys, most of which have no note."""
    placed = np.ones(len(heard.pitch), dtype=np.bool_)
    for run in runs:
        placed[run.start : run.stop] = False
        placed[run.key[run.found]] = True
    stretches = []
    start, score, peak, stop = 0, 0, 0, 0
    for i, taken in enumerate([*placed, *([True] * 2 * FEWEST_KEYS)]):
        if score <= 0:
            start, score, peak = i, 0, 0
        score += -2 if taken else 1
        if score > peak:
            peak, stop = score, i + 1
        elif peak >= FEWEST_KEYS and (score <= 0 or score <= peak - FEWEST_KEYS):
            stretches.append((start, stop))
            score = 0
    return stretches


def _fits(written: Written, part: Heard, again: Walk) -> bool:
    exact = written.nats[part.pitch, again.group] == 0
    return bool(
        np.mean(exact) >= SURELY
        and len(np.unique(part.pitch)) >= FEWEST_PITCHES
        and len(np.unique(again.group)) >= FEWEST_GROUPS
    )
