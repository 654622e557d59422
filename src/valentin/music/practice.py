"""Practice over days: what came of each take, how a piece has grown, what to do next.

**Conventions.** A moment is in seconds since 1970. Bars are named as printed; `bars` are first and
last. A share is 0..1.

**Knows nothing of** how it was heard, databases, pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "BarPractice",
    "Growth",
    "Issue",
    "Meant",
    "PlanItem",
    "PracticePlan",
    "Practised",
    "RemarkStory",
]


@dataclass(frozen=True, slots=True)
class BarPractice:
    """One printed bar in one take: notes that were surely right, of those surely judged.

    `stops` are breaks of the flow in it, `time_s` how long was spent playing it.
    """

    bar: str
    notes: int
    right: int
    stops: int
    time_s: float


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding that asks for something, or a remark on what is unusual.

    `remark` is its number in the lesson, 0 if it was not said there; then `words` and `do` are "".
    """

    dimension: str
    measure: str
    bars: tuple[str, str]
    remark: int = 0
    words: str = ""
    do: str = ""
    kind: Literal["issue", "unusual"] = "issue"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a student said was meant: that measure, in those bars, is silent from then on."""

    measure: str
    bars: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Practised:
    """One take in the history of a piece; without bars and issues where nothing could be judged."""

    take: str
    piece: str
    started_s: float
    duration_s: float
    judged: bool
    bars: tuple[BarPractice, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class RemarkStory:
    """A remark, when and on which take it was said, and when it needed no more saying, if ever."""

    issue: Issue
    take: str
    said_s: float
    resolved_s: float | None = None
    resolved_by: str = ""


@dataclass(frozen=True, slots=True)
class Growth:
    """How a piece has grown. `secure` has a row a day and a column a bar, None where not played."""

    bars: tuple[str, ...]
    days: tuple[str, ...]
    secure: tuple[tuple[float | None, ...], ...]
    time_s: tuple[float, ...]
    remarks: tuple[RemarkStory, ...]
    takes: int
    total_s: float


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One thing to practise. A rest has neither piece nor bars."""

    kind: Literal["mend", "refresh", "play", "rest"]
    piece: str
    bars: tuple[str, str] | None
    minutes: int
    words: str


@dataclass(frozen=True, slots=True)
class PracticePlan:
    """What to practise next, in this order."""

    items: tuple[PlanItem, ...]

    @property
    def minutes(self) -> int:
        """All of it together."""
        return sum(item.minutes for item in self.items)
