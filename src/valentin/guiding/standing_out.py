"""What stands out: the loudest and the softest bar, the highest and the lowest key, one line alone.

In: a course. Out: facts "loudest" and "softest" (mean velocity of a bar against that of all notes),
"highest" (a key of the melody), "lowest" (a key), "leap" (keys up from one melody note to the
next), "alone" (melody notes in a row with nothing struck beneath, against the seconds they take),
"shower" (keys struck within a second against the mean), "pattern" (bars in which the lower staff
has its commonest rhythm, against all bars).

**Conventions.** Velocities 1–127; keys as MIDI numbers; a leap in semitones.

**Knows nothing of** harmony, beats.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

from valentin.guiding.course import Course, Played
from valentin.guiding.fact import Fact, fact_at

__all__ = ["standouts"]

LEAST_NOTES = 3
LOUDER = 6.0
"""Velocities from the mean from which a bar stands out: about 2 dB."""
LEAP = 10
LEAP_S = 1.5
"""Seconds between two notes beyond which they are not heard as one leap."""
ALONE_NOTES = 6
ALONE_S = 2.0
SHOWER = 12
PATTERN_SHARE = 0.4
PATTERN_NOTES = 4
SETTLED_S = 8.0
"""Seconds after which one may be shown what goes on underneath."""


def standouts(course: Course) -> list[Fact]:
    """Everything that stands out."""
    return [
        *_loudness(course),
        *_heights(course),
        *_leap(course),
        *_alone(course),
        *_shower(course),
        *_pattern(course),
    ]


def _loudness(course: Course) -> list[Fact]:
    strokes = [[] for _ in course.bars]  # type: list[list[int]]
    for row in course.notes:
        strokes[row.bar].append(row.note.velocity)
    means = {i: sum(v) / len(v) for i, v in enumerate(strokes) if len(v) >= LEAST_NOTES}
    if len(means) < 4:
        return []
    every = [v for bar in strokes for v in bar]
    usual = sum(every) / len(every)
    facts = []
    for kind, weight, i in (
        ("loudest", 2.5, max(means, key=lambda i: means[i])),
        ("softest", 1.6, min(means, key=lambda i: means[i])),
    ):
        bar = course.bars[i]
        if abs(means[i] - usual) >= LOUDER:
            measured = (means[i], usual, "velocity")
            facts.append(fact_at(course, (bar, bar), kind, weight, measured))
    return facts


def _heights(course: Course) -> list[Fact]:
    tune = [r for r in course.notes if r.role == "melody"]
    facts = []
    if tune:
        facts.append(_at(course, max(tune, key=_high), "highest", 1.5))
    if course.notes:
        facts.append(_at(course, min(course.notes, key=_high), "lowest", 1.0))
    return facts


def _high(row: Played) -> int:
    return row.note.pitch


def _at(course: Course, row: Played, kind: str, weight: float) -> Fact:
    bar = course.bars[row.bar]
    measured = (float(row.note.pitch), None, "key")
    return fact_at(course, (bar, bar), kind, weight, measured, row.note.onset_s)


def _tune(course: Course) -> list[Played]:
    return [r for r in course.notes if r.role == "melody" and not r.ornament]


def _leap(course: Course) -> list[Fact]:
    """The widest step up in the melody."""
    steps = [
        (b.note.pitch - a.note.pitch, b)
        for a, b in pairwise(_tune(course))
        if b.note.onset_s - a.note.onset_s <= LEAP_S and b.written.onset_q > a.written.onset_q
    ]
    width, row = max(steps, key=lambda step: step[0], default=(0, None))
    if row is None or width < LEAP:
        return []
    bar = course.bars[row.bar]
    measured = (float(width), None, "semitones")
    return [fact_at(course, (bar, bar), "leap", 1.2, measured, row.note.onset_s)]


def _alone(course: Course) -> list[Fact]:
    """The most melody notes in a row with nothing else struck between them or with the first."""
    best: list[Played] = []
    row: list[Played] = []
    before_s = -1.0
    for note in course.notes:
        alone = note.role == "melody" and note.note.onset_s > before_s
        row = [*row, note] if alone else []
        before_s = note.note.onset_s
        if len(row) > len(best):
            best = list(row)
    if len(best) < ALONE_NOTES:
        return []
    seconds = best[-1].note.onset_s - best[0].note.onset_s
    if seconds < ALONE_S:
        return []
    bars = (course.bars[best[0].bar], course.bars[max(best[-1].bar, best[0].bar)])
    measured = (float(len(best)), seconds, "notes in so many seconds")
    weight = 1.4 + min(len(best), 24) / 24
    return [fact_at(course, bars, "alone", weight, measured, best[0].note.onset_s)]


def _shower(course: Course) -> list[Fact]:
    """The second in which most keys are struck."""
    onsets = [r.note.onset_s for r in course.notes]
    best, at, first = 0, 0, 0
    for i, onset in enumerate(onsets):
        while onset - onsets[first] > 1.0:
            first += 1
        if i - first + 1 > best:
            best, at = i - first + 1, first
    if not onsets or onsets[-1] <= onsets[0]:
        return []
    mean = len(onsets) / (onsets[-1] - onsets[0])
    if best < SHOWER or best < 2 * mean:
        return []
    row = course.notes[at]
    bar = course.bars[row.bar]
    measured = (float(best), mean, "keys a second")
    return [fact_at(course, (bar, bar), "shower", 1.9, measured, row.note.onset_s)]


def _pattern(course: Course) -> list[Fact]:
    """The rhythm that the lower staff keeps, told at its first bar after a while."""
    rhythms: list[tuple[Fraction, ...]] = []
    places: list[set[Fraction]] = [set() for _ in course.bars]
    for row in course.notes:
        if row.written.staff == 2 and not row.ornament:
            places[row.bar].add(row.written.onset_q - course.bars[row.bar].start_q)
    rhythms = [tuple(sorted(place)) for place in places]
    told = [r for r in rhythms if len(r) >= PATTERN_NOTES]
    if not told:
        return []
    common, count = Counter(told).most_common(1)[0]
    if count < max(4, PATTERN_SHARE * len(course.bars)):
        return []
    for bar, rhythm in zip(course.bars, rhythms, strict=True):
        if rhythm == common and bar.start_s >= SETTLED_S:
            measured = (float(count), float(len(course.bars)), "bars")
            return [fact_at(course, (bar, bar), "pattern", 2.0, measured)]
    return []
