"""What is worth keeping of one take: bar by bar, how surely and for how long; and its issues.

In: the unfolded score, the take, its alignment, the findings, the lesson. Out: `Practised`.

**Conventions.** A bar that comes several times (a repeat) is one bar here, its notes added. Time is
from each stroke to the next, at most `LONGEST_S`, and belongs to the bar of the first; a stroke
that is no written note belongs where the one before it did.

**Knows nothing of** earlier takes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Literal

from valentin.music import (
    Alignment,
    BarPractice,
    Finding,
    Findings,
    Issue,
    Lesson,
    Performance,
    Practised,
    Score,
)

__all__ = ["practised"]

LONGEST_S = 4.0
"""A longer silence is no playing: the slowest whole bar of the data sets is about as long."""


def practised(
    score: Score, take: Performance, alignment: Alignment, findings: Findings, lesson: Lesson
) -> Practised:
    """One take as a line of its piece's history; `take`, `piece` and moment are the keeper's."""
    judged = findings.heard.verdict == "judged"
    counts: dict[str, Counter[str]] = {}
    for secure in findings.secure:
        counts.setdefault(secure.bar, Counter()).update(
            notes=secure.notes, right=secure.right, stops=secure.stops
        )
    times = _times(score, take, alignment) if judged else {}
    names = dict.fromkeys((*counts, *(bar for bar in times if bar)))
    rows = tuple(_row(bar, counts.get(bar, Counter()), times.get(bar, 0.0)) for bar in names)
    return Practised("", "", 0.0, take.end_s, judged, rows, _issues(findings, lesson))


def _row(bar: str, counts: Counter[str], time_s: float) -> BarPractice:
    notes, right, stops = (counts[key] for key in ("notes", "right", "stops"))
    return BarPractice(bar, notes, right, stops, round(time_s, 2))


def _times(score: Score, take: Performance, alignment: Alignment) -> dict[str, float]:
    """Seconds spent in each bar that was reached."""
    starts = [float(bar.start_q) for bar in score.bars]
    numbers = _numbers(score)
    onset_q = {note.id: float(note.onset_q) for note in score.notes}
    bar_of = {
        match.performed_id: numbers[max(0, bisect_right(starts, onset_q[match.score_id]) - 1)]
        for match in (*alignment.ornaments, *alignment.wrong, *alignment.matches)
        if match.score_id in onset_q and numbers
    }
    times: dict[str, float] = {}
    here = ""
    ends = [*(note.onset_s for note in take.notes[1:]), take.end_s]
    for note, until_s in zip(take.notes, ends, strict=False):
        here = bar_of.get(note.id, here)
        times[here] = times.get(here, 0.0) + min(until_s - note.onset_s, LONGEST_S)
    return times


def _numbers(score: Score) -> list[str]:
    """The printed number of every bar; one without goes by the bar before it."""
    numbers: list[str] = []
    for bar in score.bars:
        printed = bar.number if bar.number[:1].isdecimal() else ""
        numbers.append(printed or (numbers[-1] if numbers else bar.number))
    return numbers


def _issues(findings: Findings, lesson: Lesson) -> tuple[Issue, ...]:
    """Every remark, and everything else that asks for something."""
    said = tuple(
        _issue(remark.finding, number, remark.words, remark.do)
        for number, remark in enumerate(lesson.remarks, start=1)
    )
    spoken = {(issue.measure, issue.bars) for issue in said}
    unsaid = (
        _issue(finding)
        for finding in findings.findings
        if finding.kind == "issue" and (finding.measure, finding.bars) not in spoken
    )
    return (*said, *unsaid)


def _issue(finding: Finding, number: int = 0, words: str = "", do: str = "") -> Issue:
    kind: Literal["issue", "unusual"] = "issue" if finding.kind == "issue" else "unusual"
    return Issue(finding.dimension, finding.measure, finding.bars, number, words, do, kind)
