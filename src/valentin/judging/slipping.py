"""Passages whose notes are not secure yet: where slips gather, or where to begin if all is unsure.

In: an observation, the security of each bar, the slips. Out: findings of the dimension "notes".

**Conventions.** Every take has slips; what counts is where they gather: more of them in a few bars
than the take's own rate lets expect, over the square root of that expectation (and of one slip). A
neighbouring key struck for a written one is a slip; a far one, a note not heard or one too many is
as often an edition, an ornament or a thick chord: only what such labels are more than chance in
that take counts, and little. Weights and thresholds are from 25 `train` takes with slips planted
and without. Where the share of right notes over the whole
take is below `SECURE_SHARE`, slips need not gather: the worst passage stands for all of it, as a
finding whose scope is the piece and whose value is the share over the piece.

**Knows nothing of** music, words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import ISSUE, Sample, as_finding, crowding
from valentin.judging.measures import NOTES
from valentin.judging.observing import Observation
from valentin.judging.securing import Slip
from valentin.music import BarSecurity, Finding, Mistake

__all__ = ["gatherings", "insecure_passages"]

Floats = npt.NDArray[np.float64]

LONGEST = 4
"""Bars of the longest passage named at once: more is not a place to practise."""

USUAL, USUAL_OTHER, USUAL_NOTES = 0.005, 0.02, 200
"""Shares of notes that slip, and that are otherwise labelled, in fine pianists' takes, and the
notes for which they speak before the take's own shares do."""

NEIGHBOUR, SURE = 2, 0.9
"""Semitones within which another key is a slip of the finger; the confidence it must have."""

OTHERS = {"wrong": 2.0, "missed": 1.0, "extra": 0.67}
"""What a key further off, a note not heard and one too many count beside each other."""

OTHER, MARGIN = 0.1, 2.0
"""What a note not heard counts beside a slip, and the standard deviations by which such labels must
be more than the take's own rate lets expect before they count at all."""

PASSAGES = 3
"""Passages found at most: a lesson names fewer."""

SECURE_SHARE = 0.88
"""Share of right notes over the whole take below which the notes are not learned: one note in eight
astray is one a bar or more. Fine pianists' takes reach 0.9 at the least, where their edition is
another one."""


def insecure_passages(
    observation: Observation, secure: tuple[BarSecurity, ...], slips: tuple[Slip, ...]
) -> tuple[Finding, ...]:
    """The passages where slips gather, the worst first."""
    everywhere = _share_right(secure) < SECURE_SHARE
    sure = tuple(slip for slip in slips if slip.sure)
    findings: list[Finding] = []
    for first, last, score in gatherings(observation, secure, slips):
        whole = everywhere and not findings
        if score < NOTES.middle and not whole:
            break
        found = _finding(observation, secure[first : last + 1], sure, score)
        findings.append(_throughout(found, secure) if whole else found)
    return tuple(findings)


def gatherings(
    observation: Observation, secure: tuple[BarSecurity, ...], slips: tuple[Slip, ...]
) -> Iterator[tuple[int, int, float]]:
    """First and last bar of the passages where slips gather most, and how far they stand out."""
    near, other = _errors(observation, secure, tuple(slip for slip in slips if slip.sure))
    notes = np.array([max(b.notes, 1) for b in secure], dtype=np.float64)
    rates = [
        (errors.sum() + usual * USUAL_NOTES) / (notes.sum() + USUAL_NOTES)
        for errors, usual in ((near, USUAL), (other, USUAL_OTHER))
    ]
    table = np.stack([near, other, rates[0] * notes, rates[1] * notes])
    free = np.ones(len(secure), np.bool_)
    for _ in range(PASSAGES):
        best = _worst(table, free)
        if best is None:
            break
        first, last, score = best
        free[max(first - 1, 0) : last + 2] = False
        yield first, last, score / crowding(len(secure))


def _errors(
    observation: Observation, secure: tuple[BarSecurity, ...], slips: tuple[Slip, ...]
) -> tuple[Floats, Floats]:
    """Slips of the finger in each bar, and what its other labels weigh together."""
    pitch = {note.id: note.pitch for note in observation.score.notes}
    starts = [bar.start_q for bar in secure]
    near, other = np.zeros(len(secure)), np.zeros(len(secure))
    for slip in slips:
        row = bisect_right(starts, slip.at_q) - 1
        if row < 0:
            continue
        if _is_near(pitch, slip.mistake):
            near[row] += 1.0
        else:
            other[row] += OTHERS[slip.mistake.label]
    return near, other


def _share_right(secure: tuple[BarSecurity, ...]) -> float:
    """Share of notes right over the bars that were reached."""
    reached = [bar for bar in secure if bar.right]
    notes = sum(bar.notes for bar in reached)
    return sum(bar.right for bar in reached) / notes if notes else 1.0


def _throughout(finding: Finding, secure: tuple[BarSecurity, ...]) -> Finding:
    """The worst passage as the place to begin with, said of the piece."""
    value = round(100 * _share_right(secure), 3)
    return replace(
        finding, kind="issue", value=value, weight=max(finding.weight, ISSUE), scope="piece"
    )


def _is_near(pitch: dict[str, int], mistake: Mistake) -> bool:
    """Whether surely a neighbouring key was struck."""
    if mistake.label != "wrong" or mistake.played is None or mistake.confidence < SURE:
        return False
    return abs(mistake.played - pitch[mistake.score_id]) <= NEIGHBOUR


def _worst(table: Floats, free: npt.NDArray[np.bool_]) -> tuple[int, int, float] | None:
    """First and last row and score of the worst free passage; it begins and ends in labels."""
    best: tuple[int, int, float] | None = None
    labels = table[0] + table[1]
    for first in np.flatnonzero(labels > 0).tolist():
        for last in range(first, min(first + LONGEST, len(labels))):
            if not free[first : last + 1].all():
                break
            score = _gathered(*table[:, first : last + 1].sum(axis=1).tolist())
            if labels[last] > 0 and (best is None or score > best[2] + 1e-9):
                best = first, last, score
    return best


def _gathered(near: float, other: float, usual_near: float, usual_other: float) -> float:
    """How far the slips of a passage, and what its other labels add, stand out."""
    chance = usual_other + MARGIN * float(np.sqrt(usual_other + 1))
    more = near - usual_near + OTHER * max(other - chance, 0.0)
    return more / float(np.sqrt(usual_near + OTHER * usual_other + 1))


def _finding(
    observation: Observation, bars: tuple[BarSecurity, ...], slips: tuple[Slip, ...], score: float
) -> Finding:
    start, end = float(bars[0].start_q), float(bars[-1].end_q)
    inside = [s.mistake for s in slips if start <= s.at_q < end and s.mistake.label != "extra"]
    notes = sum(b.notes for b in bars)
    sample = Sample(
        NOTES, start, end, 100 * (1 - len(inside) / max(notes, 1)), 100 * (1 - USUAL),
        score, 1.0, tuple(m.score_id for m in inside),
        sure=float(np.mean([m.confidence for m in inside])) if inside else 1.0,
    )  # fmt: skip
    weight = NOTES.rarity(score)
    return as_finding(observation, sample, weight, "issue" if weight >= ISSUE else "unusual")
