"""A walk becomes runs: stretches of continuous playing, each laid out on an axis of its own.

In: `Written` and a `Walk`. Out: a `Stretch` for each run, in the order played.

**Conventions.** A run has *rows*: the groups it passes, in the order in which it passes them, with
places `row_q` that rise through repeat signs without a break. A *visit* is one passage through a
section; `row_visit` numbers the visits of the run, and the notes of one visit have one rendering.

**Knows nothing of** seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from valentin.aligning.material import Floats, Ints
from valentin.aligning.walk import Walk
from valentin.music import Written

__all__ = ["Stretch", "Visit", "stretches_of"]

MARGIN_ROWS = 2
"""Groups before the first and after the last one heard that may still belong to the run."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One passage through a section: `flowed` if it came from the end of the one before."""

    section: int
    flowed: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """One run: keys `start:stop` of the take, the rows it passes, the row of each key."""

    start: int
    stop: int
    key_row: Ints
    row_group: Ints
    row_q: Floats
    row_visit: Ints
    visits: tuple[Visit, ...]


def stretches_of(written: Written, walk: Walk) -> list[Stretch]:
    """The runs of a walk."""
    begins = [0, *(np.flatnonzero(walk.jumped[1:]) + 1), len(walk.group)]
    return [_stretch(written, walk, int(start), int(stop)) for start, stop in pairwise(begins)]


def _stretch(written: Written, walk: Walk, start: int, stop: int) -> Stretch:
    visits: list[Visit] = []
    parts = [start, *(np.flatnonzero(walk.linked[start:stop]) + start), stop]
    key_row = np.zeros(stop - start, dtype=np.int64)
    groups: list[Ints] = []
    places: list[Floats] = []
    numbers: list[Ints] = []
    shift, behind = 0.0, 0
    for k, (a, b) in enumerate(pairwise(parts)):
        at = walk.group[a:b]
        low = _low(written, int(at.min())) if k == 0 else int(at[0])
        if k == len(parts) - 2:
            high = min(_section_end(written, int(at.max())), int(at.max()) + MARGIN_ROWS)
        else:
            high = max(low, _section_end(written, int(at[-1])))
        if k:
            left, entered = written.section[groups[-1][-1]], written.section[low]
            shift += written.sections_q[left, 1] - written.sections_q[entered, 0]
        group = np.arange(low, high + 1)
        key_row[a - start : b - start] = np.clip(at, low, high) - low + behind
        groups.append(group)
        places.append(written.place_q[group] + shift)
        numbers.append(_visits(written.section[group], visits, k > 0))
        behind += len(group)
    row_q = np.maximum.accumulate(np.concatenate(places))
    row_group, row_visit = np.concatenate(groups), np.concatenate(numbers)
    return Stretch(start, stop, key_row, row_group, row_q, row_visit, tuple(visits))


def _low(written: Written, group: int) -> int:
    """A little before `group`, in its section."""
    first = int(np.searchsorted(written.section, written.section[group]))
    return max(first, group - MARGIN_ROWS)


def _section_end(written: Written, group: int) -> int:
    """The last group of the section of `group`."""
    return int(np.searchsorted(written.section, written.section[group], side="right")) - 1


def _visits(section: Ints, visits: list[Visit], flowed: bool) -> Ints:
    """A visit for each section passed; their numbers, one a row."""
    numbers = np.zeros(len(section), dtype=np.int64)
    for k, s in enumerate(np.unique(section)):
        visits.append(Visit(int(s), flowed or k > 0))
        numbers[section == s] = len(visits) - 1
    return numbers
