"""When each bar and beat was played: Score + Performance + Alignment → `Course`.

In: the unfolded score, a performance and which note is which. Out: for every bar that was played
its run and its seconds, every felt beat, and each performed note with its place in the score.

**Conventions.** Where a take goes back, a bar is where it was last played. Between two places that
sound, score time runs evenly. A place where only graces are struck comes with the first of them; a
bar into which a note is tied was played.

**Knows nothing of** what is worth hearing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import numpy as np

from valentin.music import (
    Alignment,
    Beat,
    Metre,
    Performance,
    PerformedNote,
    Score,
    ScoreNote,
    Structure,
)

__all__ = ["Course", "Played", "PlayedBar", "course_of"]

_Steps = list[tuple[Fraction, float]]


@dataclass(frozen=True, slots=True)
class Played:
    """One performed note: what is written for it (the main note of its ornament), its bar's index.

    `ornament` says that it is an added note of an ornament or a grace.
    """

    note: PerformedNote
    written: ScoreNote
    bar: int
    role: str
    ornament: bool


@dataclass(frozen=True, slots=True)
class PlayedBar:
    """One bar of the unfolded score as (last) played."""

    number: str
    start_q: Fraction
    end_q: Fraction
    start_s: float
    end_s: float
    run: int


@dataclass(frozen=True, slots=True)
class Course:
    """The whole performance by bars and beats; `notes` rise in onset, `bars` in score time."""

    bars: tuple[PlayedBar, ...]
    beats: tuple[Beat, ...]
    notes: tuple[Played, ...]
    pauses: tuple[tuple[float, float], ...]

    def between(self, start_q: Fraction, end_q: Fraction) -> list[Played]:
        """The notes written in [start_q, end_q)."""
        return [n for n in self.notes if start_q <= n.written.onset_q < end_q]

    def bar_at(self, q: Fraction) -> PlayedBar | None:
        """The bar of a place, None where it was not played."""
        at = bisect_right(self.bars, q, key=_start) - 1
        return self.bars[at] if at >= 0 and q < self.bars[at].end_q else None


def _start(bar: PlayedBar) -> Fraction:
    return bar.start_q


def course_of(
    score: Score, structure: Structure, performance: Performance, alignment: Alignment
) -> Course:
    """The course of a performance; empty where nothing of it could be placed."""
    steps = _steps(score, performance, alignment)
    bars = tuple(b for b in _bars(score, steps, _held_q(score, alignment)) if b is not None)
    return Course(
        bars,
        tuple(_beats(score, bars, steps)),
        tuple(_notes(score, structure, performance, alignment, bars)),
        tuple((p.start_s, p.end_s) for p in alignment.pauses),
    )


def _steps(score: Score, performance: Performance, alignment: Alignment) -> dict[int, _Steps]:
    """Run by run, when each score-onset group sounded, rising in both."""
    written = {n.id: n for n in score.notes}
    struck = {n.id: n.onset_s for n in performance.notes}
    groups: dict[tuple[int, Fraction], list[float]] = defaultdict(list)
    graces: dict[tuple[int, Fraction], list[float]] = defaultdict(list)
    for match in alignment.matches:
        note = written.get(match.score_id)
        if note is None or match.performed_id not in struck or note.grace == "nachschlag":
            continue
        rows = graces if note.grace else groups
        rows[match.run, note.onset_q].append(struck[match.performed_id])
    steps: dict[int, _Steps] = defaultdict(list)
    for (run, onset_q), times in sorted((graces | groups).items()):
        time_s = median(times) if (run, onset_q) in groups else min(times)
        if not steps[run] or time_s > steps[run][-1][1]:
            steps[run].append((onset_q, time_s))
    return {run: rows for run, rows in steps.items() if len(rows) > 1}


def _held_q(score: Score, alignment: Alignment) -> dict[int, Fraction]:
    """Run by run, the place to which the last of its written notes is held."""
    ends = {n.id: n.onset_q + n.duration_q for n in score.notes}
    held: dict[int, Fraction] = {}
    for match in alignment.matches:
        if match.score_id in ends:
            held[match.run] = max(held.get(match.run, Fraction(0)), ends[match.score_id])
    return held


def _bars(
    score: Score, steps: dict[int, _Steps], held_q: dict[int, Fraction]
) -> list[PlayedBar | None]:
    """Each bar in the last run that has a note of it, None where it was not played."""
    found: list[PlayedBar | None] = []
    number = ""
    for bar in score.bars:
        number = bar.number or number  # a bar cut in two bears one number
        end_q = bar.start_q + bar.length_q
        runs = [
            run for run, rows in steps.items() if any(bar.start_q <= q < end_q for q, _ in rows)
        ] or [run for run, rows in steps.items() if rows[0][0] <= bar.start_q < held_q[run]]
        if not runs:
            found.append(None)
            continue
        rows = steps[max(runs)]
        start_s, end_s = _seconds(rows, bar.start_q), _seconds(rows, end_q)
        found.append(PlayedBar(number, bar.start_q, end_q, start_s, end_s, max(runs)))
    return found


def _seconds(rows: _Steps, q: Fraction) -> float:
    """When a place comes; before the first and after the last at the mean tempo near there."""
    if q <= rows[0][0]:
        near = rows[: min(9, len(rows))]
    elif q >= rows[-1][0]:
        near = rows[-min(9, len(rows)) :]
    else:
        places = [float(place) for place, _ in rows]
        return float(np.interp(float(q), places, [time_s for _, time_s in rows]))
    slope = (near[-1][1] - near[0][1]) / float(near[-1][0] - near[0][0])
    edge = rows[0] if q <= rows[0][0] else rows[-1]
    return max(0.0, edge[1] + float(q - edge[0]) * slope)


def _beats(score: Score, bars: tuple[PlayedBar, ...], steps: dict[int, _Steps]) -> list[Beat]:
    """Every felt beat in the order of time; a pickup's are counted from its end."""
    beats: list[Beat] = []
    tables = {
        run: ([float(q) for q, _ in rows], [s for _, s in rows]) for run, rows in steps.items()
    }
    for bar in bars:
        metre = _metre(score, bar.start_q)
        length = bar.end_q - bar.start_q
        first = bar is bars[0] and length < metre.bar_quarters
        q = bar.start_q + (length % metre.beat_quarters if first else 0)
        places, times = tables[bar.run]
        while q < bar.end_q:
            inside = places[0] <= float(q) <= places[-1]
            time_s = (
                float(np.interp(float(q), places, times)) if inside else _seconds(steps[bar.run], q)
            )
            if not beats or time_s > beats[-1].time_s:
                beats.append(Beat(time_s, q, bar.number, q == bar.start_q and not first))
            q += metre.beat_quarters
    return sorted(beats, key=lambda beat: beat.time_s)


def _metre(score: Score, at_q: Fraction) -> Metre:
    holding = [metre for metre in score.metres if metre.start_q <= at_q]
    return holding[-1] if holding else Metre(at_q, Fraction(4), Fraction(1), "")


def _notes(
    score: Score,
    structure: Structure,
    performance: Performance,
    alignment: Alignment,
    bars: tuple[PlayedBar, ...],
) -> list[Played]:
    """Matched notes and notes of ornaments, each in the run in which its bar was last played."""
    role = {name: voice.role for voice in structure.voices for name in voice.note_ids}
    written = {n.id: n for n in score.notes}
    struck = {n.id: n for n in performance.notes}
    starts = [bar.start_q for bar in bars]
    pairs = [(m, False) for m in alignment.matches] + [(m, True) for m in alignment.ornaments]
    rows: dict[str, Played] = {}
    for match, added in pairs:
        note, key = written.get(match.score_id), struck.get(match.performed_id)
        if note is None or key is None:
            continue
        at = bisect_right(starts, note.onset_q) - 1
        if at < 0 or match.run != bars[at].run:
            continue
        rows[key.id] = Played(key, note, at, role.get(note.id, "inner"), added or bool(note.grace))
    return sorted(rows.values(), key=lambda row: (row.note.onset_s, row.note.pitch))
