"""How a piece has grown: each bar's security day by day, and what became of each remark.

In: the history of one piece. Out: `Growth`.

**Conventions.** A bar is as sure as the last time it was played that day: the share of the notes
judged that were right. A remark is resolved by the first later take in which at least half of its
bars came again and nothing is found of that kind there; found again later, it is a new story. What
was said again before that is the same story.

**Knows nothing of** plans, pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo

from valentin.music import Growth, Issue, Practised, RemarkStory
from valentin.practising.placing import bar_key, covers, day_of, overlap

__all__ = ["growth", "stories_of"]

AGAIN = 0.5
"""Share of a remark's bars that must have come again before it counts as mended or not."""


def growth(
    history: Iterable[Practised], bars: Sequence[str] = (), zone: tzinfo | None = None
) -> Growth:
    """How a piece has grown; `bars` are its bars as printed, else those that were played."""
    takes = sorted(history, key=lambda take: take.started_s)
    played = {bar.bar for take in takes for bar in take.bars}
    names = tuple(dict.fromkeys(bars)) or tuple(sorted(played, key=bar_key))
    days = tuple(sorted({day_of(take.started_s, zone) for take in takes}))
    secure: dict[tuple[str, str], float] = {}
    time_s = dict.fromkeys(names, 0.0)
    for take in takes:
        for bar in take.bars:
            if bar.notes:
                secure[day_of(take.started_s, zone), bar.bar] = bar.right / bar.notes
            if bar.bar in time_s:
                time_s[bar.bar] += bar.time_s
    return Growth(
        names,
        days,
        tuple(tuple(secure.get((day, bar)) for bar in names) for day in days),
        tuple(time_s.values()),
        stories_of(takes),
        len(takes),
        sum(take.duration_s for take in takes),
    )


def stories_of(takes: Sequence[Practised]) -> tuple[RemarkStory, ...]:
    """What became of each remark, in the order in which they were first said."""
    stories: list[RemarkStory] = []
    for take in takes:
        if not take.judged:
            continue
        stories = [_mended(story, take) for story in stories]
        for issue in take.issues:
            asks = issue.remark and issue.kind == "issue"
            if asks and not any(_goes_on(story, issue) for story in stories):
                stories.append(RemarkStory(issue, take.take, take.started_s))
    return tuple(stories)


def _goes_on(story: RemarkStory, issue: Issue) -> bool:
    return story.resolved_s is None and _same(story.issue, issue)


def _mended(story: RemarkStory, take: Practised) -> RemarkStory:
    """The story after one more take."""
    if story.resolved_s is not None or not _came_again(story.issue, take):
        return story
    if any(_same(story.issue, issue) for issue in take.issues if issue.kind == "issue"):
        return story
    return replace(story, resolved_s=take.started_s, resolved_by=take.take)


def _came_again(issue: Issue, take: Practised) -> bool:
    low, high = sorted(bar_key(bar)[0] for bar in issue.bars)
    again = {bar_key(bar.bar)[0] for bar in take.bars if bar.notes and covers(issue.bars, bar.bar)}
    return len(again) >= AGAIN * (high - low + 1)


def _same(one: Issue, other: Issue) -> bool:
    return one.measure == other.measure and overlap(one.bars, other.bars)
