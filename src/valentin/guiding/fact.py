"""What a cue rests on, before it has words.

**Conventions.** `weight` orders facts: 1 is worth a word, 3 is what the piece is about. `said` are
the fields that its words may use beside `value` and `against`.

**Knows nothing of** languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from valentin.guiding.course import Course, PlayedBar
from valentin.music import Cue

__all__ = ["Fact", "fact_at"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A cue without words, and how much it is worth."""

    cue: Cue
    weight: float
    said: Mapping[str, float] = field(default_factory=dict)


def fact_at(
    course: Course,
    bars: tuple[PlayedBar, PlayedBar],
    kind: str,
    weight: float,
    measured: tuple[float, float | None, str],
    time_s: float | None = None,
) -> Fact:
    """A fact about bars, from the first to the last of them; `measured` is value, against, unit.

    It is heard at `time_s`, or where the first bar begins.
    """
    first, last = bars
    value, against, unit = measured
    at_s = first.start_s if time_s is None else time_s
    start_q, end_q = Fraction(first.start_q), Fraction(last.end_q)
    return Fact(Cue(kind, at_s, first.number, start_q, end_q, value, against, unit), weight)
