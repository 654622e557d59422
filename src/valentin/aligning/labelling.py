"""What is left over finds its label: wrong notes, ornaments, extras, twins, what nobody played.

In: the pairs of each run and the times at which notes were due. Out: `Labels`, as indices.

**Conventions.** A wrong note is a score note left alone and a key left alone that come at about
the same time. A key around a note that carries an ornament sign, while it sounds, belongs to the
ornament. Where two voices write the same key at the same onset, one key serves both: the second
note is a *twin*, neither found nor missed. Tolerances are those of the run.

**Knows nothing of** the walk, ids, renderings.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.material import Bools, Heard, Ints
from valentin.music import AROUND_SEMITONES, Written

__all__ = ["Labels", "Row", "label"]

ORNAMENT_EARLY = 0.4
"""How early an ornament's first key may come, in tolerances."""

OFF_NAT, PER_SEMITONE, SLIP_SEMITONES, BESIDE, MOST_WRONG = 0.12, 0.3, 2, 1.5, 3.0
"""Nats against a key being a wrong note: one for each 0.12 tolerances off, 0.3 a semitone beyond a
slip of two, 1.5 if it only brushes a key that was meant. Beyond 3 it is an extra note. Planted
slips lie within 0.16 tolerances nine times in ten, chance neighbours beyond 0.4 one in two."""

WRONG_OFF, BRUSH = 0.5, 0.2
"""Search range, and how far apart two keys count as one stroke, in tolerances."""


FEW_KEYS = 12
"""Keys between two runs that are no more than slips."""

EXTRA, MISSED, MISSED_DOUBTFUL, AMONG, BETWEEN = 0.94, 0.93, 0.7, 0.8, 0.5
"""Confidence of what is no more than left over: shares that were right in `bench/aligning.py`,
case a. Which note of a trill, of a quick repetition, which grace was left out, is often unclear."""

QUICK_Q = 0.3
"""Quarters within which the same key written twice more is a quick repetition."""

Row = tuple[int, int, int, float]


@dataclass(slots=True)
class Labels:
    """Rows (run, index in the run's notes or -1, key or -1, confidence)."""

    matches: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)
    missed: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    ornaments: list[Row] = field(default_factory=list)
    unsure: list[Row] = field(default_factory=list)
    twins: list[Row] = field(default_factory=list)


def label(written: Written, heard: Heard, runs: list[Fitted]) -> Labels:
    """Labels for every key of the take, and for the notes its runs reached."""
    labels, doubtful = Labels(), _doubtful(written)
    for r, run in enumerate(runs):
        twins = _twins(written, run)
        labels.twins += [(r, int(k), -1, 1.0) for k in np.flatnonzero(twins)]
        found = run.found
        off = np.abs(heard.onset_s[run.key[found]] - run.due_s[found]) / run.tolerance_s[found]
        labels.matches += [
            (r, int(k), int(run.key[k]), float(np.exp(-0.3 * o)))
            for k, o in zip(found, off, strict=True)
        ]
        free = np.setdiff1d(np.arange(run.start, run.stop), run.key[found])
        free = _ornaments(written, heard, run, free, r, labels)
        alone = np.flatnonzero((run.key < 0) & ~twins)
        free = _wrong(written, heard, run, (free, alone), r, labels)
        labels.extra += [(r, -1, int(i), EXTRA) for i in free]
        inside = alone[(alone > found[0]) & (alone < found[-1])]
        sure = np.where(doubtful[run.note[inside]], MISSED_DOUBTFUL, MISSED)
        labels.missed += [(r, int(k), -1, float(c)) for k, c in zip(inside, sure, strict=True)]
    _out_of_place(heard, runs, labels)
    return labels


def _doubtful(written: Written) -> Bools:
    """Notes of which it is often unclear that they are the one left out."""
    order = np.lexsort((written.onset_q, written.pitch))
    pitch, onset_q = written.pitch[order], written.onset_q[order]
    quick = (np.diff(pitch) == 0) & (np.diff(onset_q) <= QUICK_Q)
    close = np.zeros(len(pitch), dtype=np.int64)
    close[1:] += quick
    close[:-1] += quick
    doubtful = written.around[written.pitch, written.group] | written.grace[written.group]
    doubtful[order] |= close > 1
    return np.asarray(doubtful)


def _out_of_place(heard: Heard, runs: list[Fitted], labels: Labels) -> None:
    """Keys in no run: a few between two runs are extra, more than a few are unsure."""
    ends = [0, *(stop for run in runs for stop in (run.start, run.stop)), len(heard.pitch)]
    for r, (start, stop) in enumerate(zip(ends[::2], ends[1::2], strict=True)):
        keys = [(max(0, r - 1), -1, i, BETWEEN) for i in range(start, stop)]
        if stop - start <= FEW_KEYS and runs:
            labels.extra += keys
        else:
            labels.unsure += keys


def _twins(written: Written, run: Fitted) -> Bools:
    """Notes left alone whose pitch and onset another note of the run has, and that was played."""
    names = np.stack([written.group[run.note], written.pitch[run.note], run.visit])
    _, same = np.unique(names, axis=1, return_inverse=True)
    same = same.reshape(-1)
    played = np.bincount(same, weights=run.key >= 0)
    alone = (run.key < 0) & ~written.grace[written.group[run.note]]
    return np.asarray(alone & (played[same] > 0))


def _ornaments(
    written: Written, heard: Heard, run: Fitted, free: Ints, r: int, labels: Labels
) -> Ints:
    """Give free keys to the ornaments they surround; returns the keys still free."""
    signs = np.flatnonzero(written.ornament[run.note])
    taken = []
    for i in free if len(signs) else ():
        pitch_off = np.abs(written.pitch[run.note[signs]] - heard.pitch[i])
        late = heard.onset_s[i] - run.due_s[signs]
        inside = (late > -ORNAMENT_EARLY * run.tolerance_s[signs]) & (
            heard.onset_s[i] < run.end_s[signs]
        )
        fits = signs[inside & (pitch_off <= AROUND_SEMITONES)]
        if len(fits):
            labels.ornaments.append((r, int(fits[-1]), int(i), AMONG))
            taken.append(i)
    return np.setdiff1d(free, np.array(taken, dtype=np.int64))


def _wrong(
    written: Written, heard: Heard, run: Fitted, left: tuple[Ints, Ints], r: int, labels: Labels
) -> Ints:
    """Pair free keys with notes left alone, the cheapest first; returns the keys still free."""
    free, alone = left
    order = alone[np.argsort(run.due_s[alone])]
    due = run.due_s[order]
    reach = WRONG_OFF * float(run.tolerance_s.max(initial=0.0))
    costs = []
    apart_s = BRUSH * float(np.median(run.tolerance_s))
    meant = np.zeros(len(heard.pitch), dtype=np.bool_)
    meant[run.key[run.key >= 0]] = True
    for i in free:
        at, pitch = heard.onset_s[i], heard.pitch[i]
        brushed = BESIDE if _brushes(heard, meant, int(i), apart_s) else 0.0
        for k in order[np.searchsorted(due, at - reach) : np.searchsorted(due, at + reach)]:
            off = abs(run.due_s[k] - at) / run.tolerance_s[k]
            apart = abs(int(written.pitch[run.note[k]] - pitch))
            cost = off / OFF_NAT + PER_SEMITONE * max(0, apart - SLIP_SEMITONES) + brushed
            if cost < MOST_WRONG:
                costs.append((cost, int(k), int(i)))
    used_notes, used_keys = set(), set()
    for cost, k, i in sorted(costs):
        if k not in used_notes and i not in used_keys:
            used_notes.add(k)
            used_keys.add(i)
            labels.wrong.append((r, k, i, float(1 / (1 + np.exp(2 * (cost - MOST_WRONG))))))
    return np.array([i for i in free if i not in used_keys], dtype=np.int64)


def _brushes(heard: Heard, meant: Bools, i: int, apart_s: float) -> bool:
    """Whether key i lies beside a key that was meant and struck with it."""
    low = np.searchsorted(heard.onset_s, heard.onset_s[i] - apart_s)
    high = np.searchsorted(heard.onset_s, heard.onset_s[i] + apart_s)
    beside = np.abs(heard.pitch[low:high] - heard.pitch[i])
    return bool((meant[low:high] & (beside <= SLIP_SEMITONES) & (beside > 0)).any())
