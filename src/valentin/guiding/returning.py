"""Where the opening tune comes back, plain or with more notes.

In: a course and the score. Out: facts "return-plain" and "return-ornamented": as many notes of the
tune now (`value`) against as many at first (`against`).

**Conventions.** The tune is what the melody holds on each felt beat of the first bars (two bars of
four beats, three of three). It is back where three of four beats hold the same keys again. Its
notes are all that were played of the melody there, graces and the notes of trills too.

**Knows nothing of** phrases, harmony.

**Reference.** A tune is known again by what stands on its beats: Deutsch, D. (1999), *The
processing of pitch combinations*, in: The Psychology of Music, Academic Press.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

from valentin.guiding.course import Course
from valentin.guiding.fact import Fact, fact_at
from valentin.music import Score, ScoreNote, Structure

__all__ = ["SAME", "TUNE_BEATS", "returns"]

TUNE_BEATS = 8
"""Beats by which a tune is known: about as many as are held in mind at once."""
SAME = 0.75
"""Share of the beats that must hold the same key."""
DRESSED = 1.2
"""Times as many notes from which a tune counts as ornamented."""
LEAST_KEYS = 4
"""Different keys in a tune: fewer are a figure that comes everywhere."""
MOST = 3
AWAY_S = 15.0
"""Seconds of music before a tune can be back."""


def returns(score: Score, structure: Structure, course: Course) -> list[Fact]:
    """At most three returns: the first, the most ornamented, the last."""
    beats = [b for b in course.beats]
    held = _held(score, structure, [b.onset_q for b in beats])
    strong = [i for i, beat in enumerate(beats) if beat.strong]
    starts = _tune_bars(strong, len(beats))
    if not starts:
        return []
    first, length = strong[0], starts
    tune = held[first : first + length]
    if len({p for p in tune if p is not None}) < LEAST_KEYS:
        return []
    found: list[int] = []
    for i in strong:
        free = i >= (found[-1] if found else first) + length and beats[i].time_s >= AWAY_S
        if free and i + length <= len(beats) and _same(tune, held[i : i + length]):
            found.append(i)
    facts = [_fact(course, first, i, length) for i in found]
    return _chosen([fact for fact in facts if fact is not None])


def _tune_bars(strong: list[int], count: int) -> int:
    """How many beats the first whole bars hold that make up a tune, 0 where there are too few."""
    for i in strong[1:]:
        if i - strong[0] >= TUNE_BEATS:
            return i - strong[0]
    return 0


def _held(score: Score, structure: Structure, places: list[Fraction]) -> list[int | None]:
    """The key that the melody holds at each place."""
    sung = set(structure.melody)
    notes: list[ScoreNote] = [n for n in score.notes if n.id in sung]
    onsets = [n.onset_q for n in notes]
    held: list[int | None] = []
    for q in places:
        at = bisect_right(onsets, q) - 1
        here = at >= 0 and notes[at].onset_q + notes[at].duration_q > q
        held.append(notes[at].pitch if here else None)
    return held


def _same(tune: list[int | None], other: list[int | None]) -> bool:
    asked = [(a, b) for a, b in zip(tune, other, strict=True) if a is not None]
    return sum(a == b for a, b in asked) >= SAME * max(len(asked), TUNE_BEATS * SAME)


def _fact(course: Course, first: int, at: int, length: int) -> Fact | None:
    count_first, count = (_sung(course, i, i + length) for i in (first, at))
    dressed = count >= DRESSED * count_first
    beats = course.beats
    bars = {bar.start_q: bar for bar in course.bars}
    last_q = beats[at + length].onset_q if at + length < len(beats) else None
    inside = [b for q, b in bars.items() if q >= beats[at].onset_q]
    closing = [b for b in inside if last_q is None or b.end_q <= last_q]
    if beats[at].onset_q not in bars or not closing or not count_first:
        return None
    kind = "return-ornamented" if dressed else "return-plain"
    weight = 3.0 + 0.3 * dressed
    measured = (float(count), float(count_first), "notes of the tune")
    span = (bars[beats[at].onset_q], closing[-1])
    return fact_at(course, span, kind, weight, measured, beats[at].time_s)


def _sung(course: Course, start: int, stop: int) -> int:
    """Keys struck for the melody from one beat to another."""
    from_q = course.beats[start].onset_q
    to_q = course.beats[stop].onset_q if stop < len(course.beats) else course.bars[-1].end_q
    return sum(n.role == "melody" for n in course.between(from_q, to_q))


def _chosen(facts: list[Fact]) -> list[Fact]:
    if len(facts) <= MOST:
        return facts
    middle = max(facts[1:-1], key=lambda fact: fact.cue.value)
    return [facts[0], middle, facts[-1]]
