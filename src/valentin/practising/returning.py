"""What became of what an earlier lesson said, and which bars a short take is made of.

In: an earlier lesson's findings and a later take's; or a take's alignment. Out: `Became`; bars.

**Conventions.** As in `growing`: what was said counts as heard again where half of its bars came
again, and it is the same where measure and bars meet. It is *resolved* where no issue of that kind
is found there any more and it really moved; *better* where the distance from what is expected is
at most `NEARER` of what it was; else *open*. What was only unusual was no task and has no story.

**Knows nothing of** words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby, pairwise

from valentin.music import Alignment, Became, Finding, Findings, Heard, Lesson, Meant, Score
from valentin.practising.placing import bar_key, covers, overlap
from valentin.practising.silencing import is_meant

__all__ = ["marked", "reached", "since"]

AGAIN = 0.5
"""Share of a remark's bars that must have come again, as in `growing`."""

NEARER = 0.75
"""Share of the earlier distance: who went a quarter of the way has got nearer. Our choice."""

PLAYED, FEWEST_NOTES = 0.8, 12
"""Share of a bar's notes from which it was played; notes of a passage that can be heard alone."""


def since(
    earlier: Lesson | None, findings: Findings, meant: tuple[Meant, ...] = ()
) -> tuple[Became, ...]:
    """What became of each issue the earlier lesson named; nothing where nothing was judged.

    Of what was `meant` nothing is said; the findings are all there are, not only those to speak of.
    """
    if earlier is None or findings.heard.verdict != "judged":
        return ()
    issues = (r.finding for r in earlier.remarks if r.finding.kind == "issue")
    return tuple(_became(issue, findings) for issue in issues if not is_meant(issue, meant))


def marked(lesson: Lesson, earlier: Lesson | None) -> Lesson:
    """The lesson with each remark called new, or said again."""
    if earlier is None:
        return lesson
    said = [remark.finding for remark in earlier.remarks]
    remarks = (
        replace(r, since="again" if any(_same(f, r.finding) for f in said) else "new")
        for r in lesson.remarks
    )
    return replace(lesson, remarks=tuple(remarks))


def _became(issue: Finding, findings: Findings) -> Became:
    if not _came_again(issue, findings):
        return Became(issue, "not played")
    there = [f for f in findings.findings if f.kind != "strength" and _same(issue, f)]
    if not there:
        return Became(issue, "resolved")
    now = max(there, key=_distance)
    if issue.scope == "piece" and now.scope != "piece":
        return Became(issue, "better", now)
    nearer = _distance(now) <= NEARER * _distance(issue)
    if nearer and now.kind != "issue":
        return Became(issue, "resolved", now)
    return Became(issue, "better" if nearer else "open", now)


def _came_again(issue: Finding, findings: Findings) -> bool:
    if issue.scope == "piece":
        return True
    low, high = sorted(bar_key(bar)[0] for bar in issue.bars)
    rows = (row.bar for row in findings.secure if row.notes and covers(issue.bars, row.bar))
    return len({bar_key(bar)[0] for bar in rows}) >= AGAIN * (high - low + 1)


def _same(one: Finding, other: Finding) -> bool:
    throughout = "piece" in (one.scope, other.scope)
    return one.measure == other.measure and (throughout or overlap(one.bars, other.bars))


def _distance(finding: Finding) -> float:
    return abs(finding.value - finding.expected)


def reached(score: Score, alignment: Alignment, heard: Heard) -> tuple[str, str] | None:
    """First and last bar of the longest passage in a take that is too little for the whole."""
    if heard.verdict != "too little":
        return None
    matched = {match.score_id for match in (*alignment.matches, *alignment.wrong)}
    starts = [bar.start_q for bar in score.bars]
    written: Counter[int] = Counter()
    struck: Counter[int] = Counter()
    row = 0
    for note in score.notes:
        while row + 1 < len(starts) and starts[row + 1] <= note.onset_q:
            row += 1
        written[row] += 1
        struck[row] += note.id in matched
    played = [i for i in range(len(starts)) if struck[i] and struck[i] >= PLAYED * written[i]]
    runs = [[i for _, i in run] for _, run in groupby(enumerate(played), lambda p: p[1] - p[0])]
    longest = max(runs, key=lambda run: sum(struck[i] for i in run), default=[])
    names = [score.bars[i].number for i in longest]
    rising = all(bar_key(a) < bar_key(b) for a, b in pairwise(names))
    if sum(struck[i] for i in longest) < FEWEST_NOTES or not all(names) or not rising:
        return None
    return names[0], names[-1]
