"""What to practise next: little of it at a time, spaced over days, one thing after another, rest.

In: the history of all pieces, the moment. Out: a `PracticePlan` of about half an hour.

**Conventions.** A bar is *sure* where it came without a wrong or missing note (`SURE`) and without
a stop. After k days on which it was sure in a row it is due again 2^(k-1) days later (1, 2, 4, …,
at most `LONGEST_DAYS`). Neither a missed day nor a long pause counts against anyone: what is due is
simply due.

**Knows nothing of** how notes are judged; says nothing about the person.

**Reference.** Spacing: Cepeda et al., Psychological Bulletin 132 (2006) 354–380; in piano playing,
Simmons, J. Research in Music Education 59 (2012) 357–368. Interleaving: Carter & Grahn, Frontiers
in Psychology 7 (2016) 1251. Short rests: Bönstrup et al., Current Biology 29 (2019) 1346–1351. The
doubling of the gap and the minutes are our choice; `docs/concepts/practice.md` says what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from math import ceil

from valentin.catalogue import Catalogue, catalogue
from valentin.music import BarPractice, PlanItem, PracticePlan, Practised, RemarkStory
from valentin.practising.growing import stories_of
from valentin.practising.placing import bar_key, day_of

__all__ = ["plan"]

SURE = 0.97
"""Share of right notes from which a bar is sure: one note of a bar of 32 may be doubtful."""
LONGEST_DAYS = 32
LONGEST_BARS = 8
"""A passage to work at is a phrase or two."""
MEND_MINUTES, REFRESH_MINUTES, REST_MINUTES = 6, 3, 5
MOST_MENDED, MOST_REFRESHED, MOST_PIECES = 2, 2, 3
LONGEST_PLAY_MINUTES = 12


@dataclass(frozen=True, slots=True)
class _Passage:
    """Bars to take up together; `weight` is how much of them is not sure, `days` how long ago."""

    piece: str
    bars: tuple[str, str]
    weight: float
    days: int


@dataclass(frozen=True, slots=True)
class _Bar:
    """What is known of one bar: the last time, and on how many days in a row it was sure."""

    name: str
    share: float
    sure_days: int
    days_ago: int

    @property
    def due(self) -> bool:
        """Whether a sure bar should be played again."""
        gap_days: int = 2 ** max(self.sure_days - 1, 0)
        return self.days_ago >= min(gap_days, LONGEST_DAYS)


def plan(
    history: Iterable[Practised],
    now_s: float,
    zone: tzinfo | None = None,
    language: str = "en",
) -> PracticePlan:
    """What to practise next; no item where nothing was played yet."""
    words = catalogue("practice", language)
    played = _by_piece(history)[:MOST_PIECES]
    if not played:
        return PracticePlan(())
    weak: list[_Passage] = []
    due: list[_Passage] = []
    for takes in played:
        bars = _bars(takes, now_s, zone)
        weak += _passages(takes[0].piece, [b for b in bars if b.sure_days == 0])
        due += _passages(takes[0].piece, [b for b in bars if b.sure_days and b.due])
    weak.sort(key=lambda passage: -passage.weight)
    due.sort(key=lambda passage: -passage.days)
    mend = [_mend(words, passage) for passage in weak[:MOST_MENDED]]
    mend += [_said(words, takes[0].piece, s) for takes in played for s in _open(takes)][:1]
    refresh = [_refresh(words, passage) for passage in due[:MOST_REFRESHED]]
    return PracticePlan((*_woven(words, mend, refresh), _play(words, played[0])))


def _by_piece(history: Iterable[Practised]) -> list[list[Practised]]:
    """The takes of each piece in order, the piece played last first."""
    parted: dict[str, list[Practised]] = {}
    for take in sorted(history, key=lambda take: take.started_s):
        parted.setdefault(take.piece, []).append(take)
    return sorted(parted.values(), key=lambda takes: -takes[-1].started_s)


def _bars(takes: Sequence[Practised], now_s: float, zone: tzinfo | None) -> list[_Bar]:
    """Every bar that was ever judged, in order."""
    last: dict[str, dict[str, BarPractice]] = {}
    for take in takes:
        for bar in take.bars:
            if bar.notes:
                last.setdefault(bar.bar, {})[day_of(take.started_s, zone)] = bar
    today = date.fromisoformat(day_of(now_s, zone))
    rows = []
    for name in sorted(last, key=bar_key):
        days = last[name]
        shares = [_share(bar) for bar in days.values()]
        sure_days = 0
        for share in reversed(shares):
            if share < SURE:
                break
            sure_days += 1
        ago = (today - date.fromisoformat(max(days))).days
        rows.append(_Bar(name, shares[-1], sure_days, max(ago, 0)))
    return rows


def _share(bar: BarPractice) -> float:
    """Right notes of those judged; a stop is as bad as one note in five."""
    return max(0.0, bar.right / bar.notes - 0.2 * bar.stops)


def _passages(piece: str, bars: Sequence[_Bar]) -> Iterator[_Passage]:
    """Neighbouring bars together, at most LONGEST_BARS of them."""
    numbered = enumerate(bars)
    runs = groupby(numbered, key=lambda pair: bar_key(pair[1].name)[0] - pair[0])
    for _, run in runs:
        rows = [bar for _, bar in run]
        for start in range(0, len(rows), LONGEST_BARS):
            some = rows[start : start + LONGEST_BARS]
            weight = sum(1 - bar.share for bar in some)
            days = max(bar.days_ago for bar in some)
            yield _Passage(piece, (some[0].name, some[-1].name), weight, days)


def _open(takes: Sequence[Practised]) -> list[RemarkStory]:
    """Remarks about music (not notes) that are still open, the first of the latest lesson first."""
    stories = [s for s in stories_of(takes) if s.resolved_s is None]
    music = [s for s in stories if s.issue.dimension != "notes" and s.issue.do]
    return sorted(music, key=lambda s: (-s.said_s, s.issue.remark))


def _woven(words: Catalogue, mend: list[PlanItem], refresh: list[PlanItem]) -> Iterator[PlanItem]:
    """New and old in turn, with a rest once a quarter of an hour is over."""
    turns = [each for pair in zip(mend, refresh, strict=False) for each in pair]
    shorter = min(len(mend), len(refresh))
    minutes = 0
    for item in (*turns, *mend[shorter:], *refresh[shorter:]):
        if minutes >= 15:
            yield PlanItem("rest", "", None, REST_MINUTES, words.say("rest"))
            minutes = 0
        yield item
        minutes += item.minutes


def _mend(words: Catalogue, passage: _Passage) -> PlanItem:
    text = words.say("mend", bars=_named(words, passage.bars))
    return PlanItem("mend", passage.piece, passage.bars, MEND_MINUTES, text)


def _refresh(words: Catalogue, passage: _Passage) -> PlanItem:
    text = words.say("refresh", bars=_named(words, passage.bars), count=passage.days)
    return PlanItem("refresh", passage.piece, passage.bars, REFRESH_MINUTES, text)


def _said(words: Catalogue, piece: str, story: RemarkStory) -> PlanItem:
    bars = story.issue.bars
    text = words.say("said", bars=_named(words, bars), do=story.issue.do)
    return PlanItem("mend", piece, bars, MEND_MINUTES, text)


def _play(words: Catalogue, takes: Sequence[Practised]) -> PlanItem:
    minutes = ceil(max(take.duration_s for take in takes) / 60)
    return PlanItem(
        "play", takes[0].piece, None, min(max(minutes, 2), LONGEST_PLAY_MINUTES), words.say("play")
    )


def _named(words: Catalogue, bars: tuple[str, str]) -> str:
    first, last = bars
    if first == last:
        return words.say("bar", first=first)
    return words.say("bars", first=first, last=last)
