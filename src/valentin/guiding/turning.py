"""Where the harmony turns: a new key, notes from outside, a false ending, a bass that stays.

In: a score, its structure, a course. Out: facts "key" and "key-home" (sharps now against before,
flats negative), "foreign" (notes outside the opening scale against all), "deceptive" (the chord's
root against the root that was due, pitch classes), "stay" (bars in a row on one lowest key).

**Conventions.** The opening scale has the seven notes of the first signature and, in minor, its
leading note.

**Knows nothing of** melody, timing.
"""

from __future__ import annotations

from itertools import pairwise

from valentin.guiding.course import Course
from valentin.guiding.fact import Fact, fact_at
from valentin.music import Score, Structure

__all__ = ["scale_of", "turns"]

FOREIGN = 0.3
"""Share of foreign notes from which two bars are another country."""
LEAST_NOTES = 8
STAYS = 4
"""Bars on one bass key from which it is heard as a pedal point."""


def turns(score: Score, structure: Structure, course: Course) -> list[Fact]:
    """Everything the harmony does that a newcomer can hear."""
    return [
        *_keys(score, course),
        *_foreign(score, course),
        *_deceptive(structure, course),
        *_stays(course),
    ]


def scale_of(fifths: int, mode: str) -> frozenset[int]:
    """The pitch classes of a signature; in minor with the leading note."""
    tonic = fifths * 7 % 12
    tones = {(tonic + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)}
    return frozenset(tones | ({(tonic + 8) % 12} if mode == "minor" else set()))


def _keys(score: Score, course: Course) -> list[Fact]:
    facts = []
    for before, now in pairwise(score.keys):
        bar = course.bar_at(now.start_q)
        if bar is None or before.fifths == now.fifths:
            continue
        home = now.fifths == score.keys[0].fifths
        measured = (float(now.fifths), float(before.fifths), "sharps")
        facts.append(
            fact_at(course, (bar, bar), "key-home" if home else "key", 2.6 - 0.2 * home, measured)
        )
    return facts


def _foreign(score: Score, course: Course) -> list[Fact]:
    """The two bars with the largest share of foreign notes, while the first signature holds."""
    if not score.keys:
        return []
    own = scale_of(score.keys[0].fifths, score.keys[0].mode)
    until_q = next((k.start_q for k in score.keys if k.fifths != score.keys[0].fifths), score.end_q)
    best: Fact | None = None
    for first, last in pairwise(course.bars):
        pitches = [n.note.pitch for n in course.between(first.start_q, last.end_q)]
        if last.end_q > until_q or len(pitches) < LEAST_NOTES:
            continue
        strange = sum(p % 12 not in own for p in pitches)
        share = strange / len(pitches)
        if share >= FOREIGN and (best is None or share > best.weight - 1.5):
            measured = (float(strange), float(len(pitches)), "notes outside the opening scale")
            best = fact_at(course, (first, last), "foreign", 1.5 + share, measured)
    return [best] if best else []


def _deceptive(structure: Structure, course: Course) -> list[Fact]:
    facts = []
    for before, now in pairwise(structure.harmony):
        bar = course.bar_at(now.start_q)
        if now.cadence != "deceptive" or before.root < 0 or bar is None:
            continue
        measured = (float(now.root), float((before.root + 5) % 12), "root (pitch class)")
        at = [b.time_s for b in course.beats if b.onset_q == now.start_q and b.bar == bar.number]
        facts.append(
            fact_at(course, (bar, bar), "deceptive", 1.4, measured, at[-1] if at else None)
        )
    return facts[:1]


def _stays(course: Course) -> list[Fact]:
    """The longest row of bars whose lowest key is the same."""
    lowest = [
        min((n.note.pitch for n in course.between(b.start_q, b.end_q)), default=-1)
        for b in course.bars
    ]
    best = (0, 0)
    start = 0
    for i in range(1, len(lowest) + 1):
        if i == len(lowest) or lowest[i] != lowest[start] or lowest[start] < 0:
            best = max(best, (i - start, -start))
            start = i
    length, first = best[0], -best[1]
    if not STAYS <= length < len(lowest):
        return []
    bars = (course.bars[first], course.bars[first + length - 1])
    weight = 1.5 + 0.05 * min(length, 10)
    return [fact_at(course, bars, "stay", weight, (float(length), float(lowest[first]), "bars"))]
