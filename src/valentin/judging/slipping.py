"""Passages whose notes are not secure yet: where slips gather, or where to begin if all is unsure.

In: an observation, the security of each bar, the slips. Out: findings of the dimension "notes".

**Conventions.** Every take has slips; what counts is where they gather: more of them in a few bars
than the take's own rate lets expect, over the square root of that expectation (and of one slip). A
neighbouring key struck for a written one is a slip; a far one, a note not heard or one too many is
as often an edition, an ornament or a thick chord, and counts little. Weights and thresholds are
from ten `train` takes with slips planted and without. Where the share of right notes over the whole
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

USUAL, USUAL_NOTES = 0.005, 200
"""Share of notes that slip in fine pianists' takes, and the notes for which that share speaks
before the take's own does."""

NEIGHBOUR, SURE = 2, 0.9
"""Semitones within which another key is a slip of the finger; the confidence it must have."""

FAR, MISSED, EXTRA = 0.3, 0.15, 0.1
"""What a key further off, a note not heard and one too many count beside a slip."""

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
        if score < NOTES.unusual and not whole:
            break
        found = _finding(observation, secure[first : last + 1], sure, score)
        findings.append(_throughout(found, secure) if whole else found)
    return tuple(findings)


def gatherings(
    observation: Observation, secure: tuple[BarSecurity, ...], slips: tuple[Slip, ...]
) -> Iterator[tuple[int, int, float]]:
    """First and last bar of the passages where slips gather most, and how far they stand out."""
    errors = _errors(observation, secure, tuple(slip for slip in slips if slip.sure))
    notes = np.array([max(b.notes, 1) for b in secure], dtype=np.float64)
    rate = (errors.sum() + USUAL * USUAL_NOTES) / (notes.sum() + USUAL_NOTES)
    free = np.ones(len(secure), np.bool_)
    for _ in range(PASSAGES):
        best = _worst(errors, rate * notes, free)
        if best is None:
            break
        first, last, score = best
        free[max(first - 1, 0) : last + 2] = False
        yield first, last, score / crowding(len(secure))


def _errors(
    observation: Observation, secure: tuple[BarSecurity, ...], slips: tuple[Slip, ...]
) -> Floats:
    """What the slips of each bar weigh together."""
    pitch = {note.id: note.pitch for note in observation.score.notes}
    starts = [bar.start_q for bar in secure]
    errors = np.zeros(len(secure))
    for slip in slips:
        row = bisect_right(starts, slip.at_q) - 1
        if row >= 0:
            errors[row] += _weight(pitch, slip.mistake)
    return errors


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


def _weight(pitch: dict[str, int], mistake: Mistake) -> float:
    if mistake.label != "wrong" or mistake.played is None:
        return MISSED if mistake.label == "missed" else EXTRA
    away = abs(mistake.played - pitch[mistake.score_id])
    near = away <= NEIGHBOUR and mistake.confidence >= SURE
    return 1.0 if near else FAR


def _worst(
    errors: Floats, expected: Floats, free: npt.NDArray[np.bool_]
) -> tuple[int, int, float] | None:
    """First and last row and score of the worst free passage; it begins and ends in slips."""
    best: tuple[int, int, float] | None = None
    for first in np.flatnonzero(errors > 0).tolist():
        for last in range(first, min(first + LONGEST, len(errors))):
            if not free[first : last + 1].all():
                break
            usual = float(expected[first : last + 1].sum())
            score = (float(errors[first : last + 1].sum()) - usual) / float(np.sqrt(usual + 1))
            if errors[last] > 0 and (best is None or score > best[2] + 1e-9):
                best = first, last, score
    return best


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
