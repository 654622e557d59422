"""What the follower walks on: the folded score laid out, and the order of its sections.

In: a folded Score. Out: `Ground`.

**Conventions.** Groups as in `music.Written`. A *visit* is an index into the order in which the
sections are to be played as written; it says which rendering of a note is meant. A player who goes
on is in the next visit that plays the section, one who jumps in the nearest.

**Knows nothing of** keys struck.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import Score, Written, sections_of

__all__ = ["Bools", "Floats", "Ground", "Ints"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LOCAL_GROUPS = 12
"""Groups to either side over which the usual interval is taken."""

LEAST_GAP_Q = 1e-3
"""Quarters: so that no interval is nothing."""

USUAL_TEMPO = 0.5
"""Seconds per quarter where the score names no tempo."""

BESIDE_THE_SCORE, SLIP, SLIP_SEMITONES = 6.0, 4.0, 2
"""Nats for a key that its group does not have, and for one next to a note of the group."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The score for the follower; arrays over groups unless said otherwise."""

    place_q: Floats
    onset_q: tuple[Fraction, ...]
    gap_q: Floats  # usual interval to the next group around each
    section: Ints
    sections_q: Floats  # shape (sections, 2)
    size: Floats  # different keys of each group
    held: Bools  # a fermata: time says nothing
    links: Ints  # shape (links, 2)
    nats: Floats  # shape (128, groups)
    around: Bools  # shape (128, groups)
    order: tuple[int, ...]
    shift_q: tuple[Fraction, ...]  # of each visit: unfolded minus folded score time
    rendering: tuple[int, ...]  # of each visit, from 1
    first_visit: Ints  # of each section
    next_visit: Ints  # shape (visits, sections)
    near_visit: Ints  # shape (visits, sections)
    ids: tuple[tuple[str, ...], ...]  # the written notes of each group
    usual_tempo: float

    @classmethod
    def of(cls, score: Score) -> Ground:
        """The ground of a folded score; raises ValueError for an unfolded one."""
        written = Written.of(score)
        groups = len(written.place_q)
        sections = sections_of(score)
        order = score.order or tuple(range(len(sections)))
        names: list[list[str]] = [[] for _ in range(groups)]
        onset: list[Fraction] = [Fraction(0)] * groups
        for note, group in zip(score.notes, written.group.tolist(), strict=True):
            names[group].append(note.id)
            onset[group] = note.onset_q
        shift, now = [], Fraction(0)
        for i in order:
            shift.append(now - sections[i].start_q)
            now += sections[i].end_q - sections[i].start_q
        return cls(
            place_q=written.place_q,
            onset_q=tuple(onset),
            gap_q=_gaps(written.place_q),
            section=written.section,
            sections_q=written.sections_q,
            size=(written.nats == 0).sum(axis=0).astype(np.float64),
            held=written.fermata,
            links=written.links,
            nats=_slipping(written.nats),
            around=written.around,
            order=order,
            shift_q=tuple(shift),
            rendering=tuple(order[: v + 1].count(i) for v, i in enumerate(order)),
            first_visit=_first(order, len(sections)),
            next_visit=_visits(order, len(sections), onwards=True),
            near_visit=_visits(order, len(sections), onwards=False),
            ids=tuple(tuple(some) for some in names),
            usual_tempo=_tempo(score),
        )

    def group_at(self, start_q: Fraction) -> tuple[int, int]:
        """The first group from a place of the unfolded score on, and its visit."""
        for visit, section in enumerate(self.order):
            shift_q = float(self.shift_q[visit])
            place_q = float(start_q) - shift_q
            if place_q < self.sections_q[section, 1] - LEAST_GAP_Q:
                inside = np.flatnonzero(
                    (self.section == section) & (self.place_q >= place_q - LEAST_GAP_Q)
                )
                if len(inside):
                    return int(inside[0]), visit
        return 0, int(self.first_visit[self.section[0]])


def _gaps(place_q: Floats) -> Floats:
    at = np.arange(len(place_q))
    low = np.maximum(at - LOCAL_GROUPS, 0)
    high = np.minimum(at + LOCAL_GROUPS, len(place_q) - 1)
    return np.asarray(
        np.maximum((place_q[high] - place_q[low]) / np.maximum(high - low, 1), LEAST_GAP_Q)
    )


def _slipping(walked: Floats) -> Floats:
    """What each key costs in each group, a slip of the finger being no surprise."""
    nats = np.minimum(walked, BESIDE_THE_SCORE)
    for semitones in range(1, SLIP_SEMITONES + 1):
        for near, far in (
            (nats[semitones:], walked[:-semitones]),
            (nats[:-semitones], walked[semitones:]),
        ):
            np.minimum(near, SLIP, out=near, where=far == 0)
    return nats


def _first(order: tuple[int, ...], sections: int) -> Ints:
    return np.array([order.index(i) if i in order else 0 for i in range(sections)], np.int64)


def _visits(order: tuple[int, ...], sections: int, *, onwards: bool) -> Ints:
    """The visit meant by section s for one who is in visit v, shape (visits, sections)."""
    table = np.zeros((len(order), sections), np.int64)
    for v in range(len(order)):
        for s in range(sections):
            there = [i for i, other in enumerate(order) if other == s]
            later = [i for i in there if i > v]
            if onwards and later:
                table[v, s] = later[0]
            elif there:
                table[v, s] = min(there, key=lambda i: (abs(i - v), i))
    return table


def _tempo(score: Score) -> float:
    """Seconds per quarter of the first tempo marked."""
    for mark in score.marks:
        if mark.kind in {"tempo", "playback-tempo"} and mark.value:
            return 60.0 / mark.value
    return USUAL_TEMPO
