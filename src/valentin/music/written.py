"""The folded score as a map to find one's place on: onset groups, and what each key costs in each.

In: a Score, its repeats not written out. Out: `Written`, which who aligns a take and who follows a
player both look at.

**Conventions.** A *group* is all score notes of one onset; each grace is a group of its own, before
that of its main note. Groups count from 0 in score order; `place_q` is their onset, graces a little
earlier, so that places rise. A *link* is a pair of groups (last of a section, first of the section
that may follow it) where the two are not neighbours. Costs are nats.

**Knows nothing of** tempo, and of what was played.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from valentin.music.columns import NoteColumns
from valentin.music.score import Score, Section

__all__ = ["AROUND_SEMITONES", "Written", "sections_of"]

GRACE_Q = 0.12
"""How long before the next note a grace is expected, in quarters: about 80 ms at a walking pace."""

NOISE, BESIDE, NEAR, ORNAMENT = 7.0, 2.0, 3.5, 1.0
"""Nats for a key that is not in the group: nowhere near, in the next group, in the one after, or
around the main note of a sounding ornament. `bench/aligning.py` hardly moves within ±30 %."""

AROUND_SEMITONES = 2
"""How far from its main note an ornament goes."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Written:
    """The folded score. `first[g]:first[g + 1]` are the notes of group g."""

    onset_q: Floats
    end_q: Floats
    pitch: Ints
    group: Ints
    ornament: Bools
    first: Ints
    place_q: Floats  # of the groups
    grace: Bools  # of the groups
    section: Ints  # of the groups
    fermata: Bools  # of the groups
    sections_q: Floats  # shape (sections, 2): start and end
    links: Ints  # shape (links, 2)
    nats: Floats  # shape (128, groups): what it costs to strike each key in each group
    around: Bools  # shape (128, groups): keys that an ornament may strike, again and again

    @classmethod
    def of(cls, score: Score) -> Written:
        """The arrays of a folded score; raises ValueError for an unfolded one."""
        if score.unfolded:
            raise ValueError("a score is wanted folded, got one with its repeats written out")
        columns = NoteColumns.of(score)
        sections_q = np.array([(float(s.start_q), float(s.end_q)) for s in sections_of(score)])
        group = _groups(columns)
        first = np.searchsorted(group, np.arange(group[-1] + 2 if len(group) else 1))
        section = np.searchsorted(sections_q[:, 0], columns.onset_q[first[:-1]], side="right") - 1
        section = np.clip(section, 0, len(sections_q) - 1)
        onset_q, ornament = columns.onset_q[first[:-1]], _signs(score)
        around = _around(columns, group, onset_q, ornament)
        held = np.array([float(m.start_q) for m in score.marks if m.kind == "fermata"])
        return cls(
            onset_q=columns.onset_q,
            end_q=columns.onset_q + columns.duration_q,
            pitch=columns.pitch,
            group=group,
            ornament=ornament,
            first=first,
            place_q=_places(onset_q, columns.grace[first[:-1]]),
            grace=columns.grace[first[:-1]],
            section=section.astype(np.int64),
            fermata=np.isin(onset_q, held),
            sections_q=sections_q,
            links=_links(score.order, section, len(sections_q)),
            nats=_nats(columns, group, len(onset_q), around),
            around=around,
        )


def sections_of(score: Score) -> tuple[Section, ...]:
    """The sections, one for the whole where the score names none."""
    return score.sections or (Section(Fraction(0), score.end_q),)


def _signs(score: Score) -> Bools:
    return np.array([n.ornament is not None for n in score.notes], dtype=np.bool_)


def _nats(columns: NoteColumns, group: Ints, groups: int, around: Bools) -> Floats:
    """What it costs to strike each of the 128 keys in each group."""
    nats = np.full((128, groups), NOISE)
    for away, cost in ((2, NEAR), (1, BESIDE)):
        for other in (group - away, group + away):
            inside = (other >= 0) & (other < groups)
            np.minimum.at(nats, (columns.pitch[inside], other[inside]), cost)
    np.minimum(nats, ORNAMENT, out=nats, where=around)
    nats[columns.pitch, group] = 0.0
    return nats


def _around(columns: NoteColumns, group: Ints, onset_q: Floats, ornament: Bools) -> Bools:
    """Around the notes that carry a sign, while they sound, shape (128, groups)."""
    around = np.zeros((128, len(onset_q)), dtype=np.bool_)
    ends = columns.onset_q + columns.duration_q
    for note in np.flatnonzero(ornament):
        until = np.searchsorted(onset_q, ends[note] - 1e-6)
        low, high = columns.pitch[note] - AROUND_SEMITONES, columns.pitch[note] + AROUND_SEMITONES
        around[max(low, 0) : high + 1, group[note] : until] = True
    return around


def _groups(columns: NoteColumns) -> Ints:
    """The group of each note."""
    new = np.ones(len(columns.onset_q), dtype=np.int64)
    new[1:] = (np.diff(columns.onset_q) > 0) | columns.grace[1:] | columns.grace[:-1]
    return np.asarray(np.cumsum(new) - 1, dtype=np.int64)


def _places(onset_q: Floats, grace: Bools) -> Floats:
    """Onsets, each grace `GRACE_Q` before the next group or closer where there is no room."""
    place = onset_q.copy()
    main = np.flatnonzero(~grace)
    for i in np.flatnonzero(grace):
        k = int(np.searchsorted(main, i))
        before = onset_q[main[k - 1]] if k else onset_q[i] - 1.0
        count = (main[k] if k < len(main) else len(grace)) - (main[k - 1] if k else -1)
        left = (main[k] if k < len(main) else len(grace)) - i
        place[i] -= left * min(GRACE_Q, 0.8 * (onset_q[i] - before) / count)
    return place


def _links(order: tuple[int, ...], section: Ints, sections: int) -> Ints:
    """Where the music may go on from a section's end, other than into the next group."""
    first = np.searchsorted(section, np.arange(sections))
    last = np.searchsorted(section, np.arange(sections), side="right") - 1
    pairs = {
        (int(last[a]), int(first[b]))
        for a, b in pairwise(order)
        if first[a] <= last[a] and first[b] <= last[b] and first[b] != last[a] + 1
    }
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
