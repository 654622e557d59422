"""Indices become ids: what was found, as an Alignment.

In: the score, the take, the runs that stand and their labels. Out: an Alignment.

**Conventions.** Ids are those of `unfold(score, course.sections)`: what is not struck there (the
end of a tie into another ending, a note for another pass) is not missed, and a key struck for it is
extra. A note that no run reached is missed with confidence 0: nobody tried to play it.

**Knows nothing of** how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from valentin.aligning.fitting import Fitted
from valentin.aligning.labelling import Labels, Row
from valentin.aligning.material import Heard
from valentin.aligning.pausing import Gap
from valentin.aligning.renderings import Course
from valentin.music import (
    Alignment,
    Match,
    Pause,
    Performance,
    Run,
    Score,
    Written,
    sections_of,
    unfold,
)

__all__ = ["Found", "named"]


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found, in indices; `away` is the transposition and the staff it is of."""

    written: Written
    heard: Heard
    runs: list[Fitted]
    labels: Labels
    gaps: list[Gap]
    course: Course
    away: tuple[int, int]


def named(score: Score, performance: Performance, found: Found) -> Alignment:
    """What was found, in ids."""
    names, labels = _Names(score, performance, found), found.labels
    silent: list[Match] = []

    def sounding(rows: Iterable[Row]) -> tuple[Match, ...]:
        every = names.matches(rows)
        silent.extend(
            replace(m, score_id="") for m in every if not names.sounds(m) and m.performed_id
        )
        return tuple(m for m in every if names.sounds(m))

    matches, wrong = sounding(labels.matches), sounding(labels.wrong)
    ornaments, unsure = sounding(labels.ornaments), sounding(labels.unsure)
    struck = {m.score_id for m in (*matches, *wrong)}
    twins = {m.score_id: m for m in sounding(labels.twins) if m.score_id not in struck}
    missed = names.missed(struck | twins.keys())
    heard = len(struck) + len(twins)
    return Alignment(
        matches=matches,
        wrong=wrong,
        missed=missed,
        extra=(*names.matches(labels.extra), *silent),
        ornaments=ornaments,
        unsure=(*unsure, *twins.values()),
        runs=names.runs(),
        pauses=names.pauses(),
        repeats_taken=found.course.sections,
        transposition=found.away[0],
        transposed_staff=found.away[1],
        coverage=heard / max(1, heard + len(missed)),
    )


class _Names:
    """The ids and places of one alignment."""

    def __init__(self, score: Score, performance: Performance, found: Found) -> None:
        self.score, self.performance, self.found = score, performance, found
        course, sections = found.course, sections_of(score)
        self.there = {note.id for note in unfold(score, course.sections).notes}
        ends = [Fraction(0)]
        for s in course.sections:
            ends.append(ends[-1] + sections[s].end_q - sections[s].start_q)
        shifts = [ends[p] - sections[course.sections[p]].start_q for p in course.place]
        tags = [f"-{course.rendering(p)}" for p in course.place]
        self.tags: list[list[str]] = []
        self.shifts: list[list[Fraction]] = []
        for run in found.runs:
            visits = len(run.visits)
            self.tags.append(tags[:visits])
            self.shifts.append(shifts[:visits])
            tags, shifts = tags[visits:], shifts[visits:]

    def sounds(self, match: Match) -> bool:
        return not match.score_id or match.score_id in self.there

    def note(self, r: int, k: int) -> str:
        run = self.found.runs[r]
        return self.score.notes[int(run.note[k])].id + self.tags[r][int(run.visit[k])]

    def place(self, r: int, k: int) -> Fraction:
        run = self.found.runs[r]
        return self.score.notes[int(run.note[k])].onset_q + self.shifts[r][int(run.visit[k])]

    def key(self, i: int) -> str:
        return self.performance.notes[int(self.found.heard.order[i])].id

    def matches(self, rows: Iterable[Row]) -> tuple[Match, ...]:
        return tuple(
            Match(self.note(r, k) if k >= 0 else "", self.key(i) if i >= 0 else "", r, confidence)
            for r, k, i, confidence in rows
        )

    def missed(self, known: set[str]) -> tuple[Match, ...]:
        """Every note of the unfolded score that is not known, with the last run that reached it."""
        reached = {
            self.note(r, k): (r, confidence) for r, k, _, confidence in self.found.labels.missed
        }
        section = self.found.written.section[self.found.written.group]
        rows = []
        for place, s in enumerate(self.found.course.sections):
            tag = f"-{self.found.course.rendering(place)}"
            names = [self.score.notes[int(i)].id + tag for i in np.flatnonzero(section == s)]
            rows += [
                Match(n, "", *reached.get(n, (0, 0.0)))
                for n in names
                if n not in known and n in self.there
            ]
        return tuple(rows)

    def runs(self) -> tuple[Run, ...]:
        heard = self.found.heard
        return tuple(
            Run(
                r,
                self.place(r, int(run.found[0])),
                self.place(r, int(run.found[-1])),
                float(heard.onset_s[run.start]),
                float(heard.offset_s[run.start : run.stop].max()),
            )
            for r, run in enumerate(self.found.runs)
        )

    def pauses(self) -> tuple[Pause, ...]:
        return tuple(
            Pause(gap.start_s, gap.end_s, self.place(gap.run, gap.note)) for gap in self.found.gaps
        )
