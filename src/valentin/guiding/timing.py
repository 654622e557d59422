"""What the performer does with time: a held breath, the quickest bar, a silence, parted hands.

In: a course and the performance. Out: facts "breath" and "breath-end" (seconds of one beat against
the usual), "rush" (seconds of a beat in one bar against the usual), "silence" (seconds without a
key or a pedal down), "apart" (milliseconds by which the melody comes after the bass that is written
with it), "ring" (seconds for which the last keys or the pedal hold).

**Conventions.** Usual is the median over beats as long in the score. A stop of a take is no breath.

**Knows nothing of** melody, harmony, why a performer waits.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from valentin.guiding.course import Course, Played, PlayedBar
from valentin.guiding.fact import Fact, fact_at
from valentin.music import Beat, Performance, Score, damped_s

__all__ = ["timings"]

HELD = 1.6
"""Times the usual beat from which one waits."""
LONGEST = 6.0
"""Times the usual beat beyond which nobody would call it a breath."""
WAITED = 0.6
"""Share of such a beat in which nothing is struck: a beat full of notes is no breath."""
LEAST_HURRY = 0.8
END_SHARE = 0.85
"""Share of the sound after which a breath is one before the end."""
SILENT_S = 0.6
APART_MS = (60.0, 220.0)
"""Melody after bass: below, hands are together to a listener; above, it is a roll."""
LEAST_BEATS = 12


def timings(score: Score, performance: Performance, course: Course) -> list[Fact]:
    """Everything about time that a newcomer can hear."""
    return [
        *_breaths(performance, course),
        *_rush(course),
        *_silence(performance, course),
        *_apart(score, course),
        *_ring(performance, course),
    ]


def _lengths(course: Course) -> list[tuple[Beat, float, float]]:
    """Each beat with its seconds and its quarters, where the next one follows without a stop."""
    rows = []
    for now, then in pairwise(course.beats):
        stopped = any(a < then.time_s and b > now.time_s for a, b in course.pauses)
        here, there = course.bar_at(now.onset_q), course.bar_at(then.onset_q)
        same = here is not None and there is not None and here.run == there.run
        if then.onset_q > now.onset_q and same and not stopped:
            rows.append((now, then.time_s - now.time_s, float(then.onset_q - now.onset_q)))
    return rows


def _breaths(performance: Performance, course: Course) -> list[Fact]:
    rows = _lengths(course)
    if len(rows) < LEAST_BEATS:
        return []
    usual = {q: median(s for _, s, own in rows if own == q) for q in {q for *_, q in rows}}
    last_s = performance.notes[-1].onset_s
    facts = []
    for kind, weight in (("breath", 1.8), ("breath-end", 2.6)):
        late = kind == "breath-end"
        here = [
            row
            for row in rows
            if (row[0].time_s >= END_SHARE * last_s) == late and _waits(performance, row)
        ]
        beat, length, quarters = max(here, key=lambda r: r[1] / usual[r[2]], default=rows[0])
        bar = course.bar_at(beat.onset_q)
        if here and bar and HELD <= length / usual[quarters] <= LONGEST:
            measured = (length, usual[quarters], "seconds a beat")
            facts.append(fact_at(course, (bar, bar), kind, weight, measured, beat.time_s))
    return facts


def _waits(performance: Performance, row: tuple[Beat, float, float]) -> bool:
    """Whether nothing is struck in most of a beat."""
    start_s, length = row[0].time_s, row[1]
    inside = [n.onset_s for n in performance.notes if start_s < n.onset_s < start_s + length]
    gaps = pairwise([start_s, *inside, start_s + length])
    return max(b - a for a, b in gaps) >= WAITED * length


def _rush(course: Course) -> list[Fact]:
    """The bar with the quickest beats, among bars with three beats or more."""
    by_bar: dict[PlayedBar, list[float]] = {}
    rows = _lengths(course)
    common = median(q for *_, q in rows) if rows else 0.0
    for beat, seconds, quarters in rows:
        bar = course.bar_at(beat.onset_q)
        if bar and quarters == common:
            by_bar.setdefault(bar, []).append(seconds)
    means = {bar: sum(s) / len(s) for bar, s in by_bar.items() if len(s) >= 3}
    if len(means) < 4:
        return []
    quick = min(means, key=lambda bar: means[bar])
    usual = median(means.values())
    if means[quick] > LEAST_HURRY * usual:
        return []
    return [fact_at(course, (quick, quick), "rush", 1.2, (means[quick], usual, "seconds a beat"))]


def _silence(performance: Performance, course: Course) -> list[Fact]:
    """The longest time in which no key and no pedal is down, before the last note."""
    quiet: list[tuple[float, float]] = []
    end_s = 0.0
    for note, until_s in zip(performance.notes, damped_s(performance), strict=True):
        if end_s and note.onset_s > end_s:
            quiet.append((note.onset_s - end_s, end_s))
        end_s = max(end_s, until_s)
    quiet = [(s, at) for s, at in quiet if not any(a < at + s and b > at for a, b in course.pauses)]
    length, at_s = max(quiet, default=(0.0, 0.0))
    bar = _bar_when(course, at_s)
    if length < SILENT_S or bar is None:
        return []
    return [fact_at(course, (bar, bar), "silence", 1.6, (length, None, "seconds"), at_s)]


def _bar_when(course: Course, time_s: float) -> PlayedBar | None:
    return next((b for b in course.bars if b.start_s <= time_s < b.end_s), None)


def _apart(score: Score, course: Course) -> list[Fact]:
    """The melody note that comes the longest after the bass written with it, rolls apart."""
    rolled = {name for m in score.marks if m.kind == "arpeggio" for name in m.note_ids}
    together: dict[object, list[Played]] = {}
    for row in course.notes:
        if not row.ornament:
            together.setdefault(row.written.onset_q, []).append(row)
    best: tuple[float, Played] | None = None
    for rows in together.values():
        tune = [r for r in rows if r.role == "melody"]
        bass = [r for r in rows if r.role == "bass"]
        if not tune or not bass or any(r.written.id in rolled for r in rows):
            continue
        late_ms = 1000.0 * (tune[0].note.onset_s - bass[0].note.onset_s)
        if APART_MS[0] <= late_ms <= APART_MS[1] and (best is None or late_ms > best[0]):
            best = (late_ms, bass[0])
    if best is None:
        return []
    bar = course.bars[best[1].bar]
    measured = (best[0], None, "milliseconds")
    return [fact_at(course, (bar, bar), "apart", 1.3, measured, best[1].note.onset_s)]


def _ring(performance: Performance, course: Course) -> list[Fact]:
    """How long the last keys sound, where they are written to sound to the end."""
    if not course.notes:
        return []
    last = course.notes[-1]
    bar, until_q = course.bars[last.bar], last.written.onset_q + last.written.duration_q
    if last.bar != len(course.bars) - 1 and until_q <= course.bars[-1].start_q:
        return []
    length = max(damped_s(performance)) - last.note.onset_s
    if length < 2.0:
        return []
    measured = (length, None, "seconds")
    return [fact_at(course, (bar, bar), "ring", 1.0, measured, last.note.onset_s)]
