"""Printed bars in order, and days by the calendar.

**Conventions.** Bars go by the number they begin with, then by what follows it ("12", "12a"); a bar
without one goes first. A day is the player's own, by the zone given (None: this machine's).

**Knows nothing of** scores.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

__all__ = ["bar_key", "covers", "day_of", "overlap"]

Bars = tuple[str, str]
_NUMBER = re.compile(r"(\d{1,9})(.*)", re.DOTALL)


def bar_key(bar: str) -> tuple[int, str]:
    """Where a bar stands among others."""
    found = _NUMBER.match(bar)
    return (int(found[1]), found[2]) if found else (-1, bar)


def _span(bars: Bars) -> tuple[tuple[int, str], tuple[int, str]]:
    """First and last in order, whichever way round a repeat put them."""
    keys = sorted(map(bar_key, bars))
    return keys[0], keys[1]


def overlap(some: Bars, others: Bars) -> bool:
    """Whether two stretches share a bar."""
    (a, b), (c, d) = _span(some), _span(others)
    return a <= d and c <= b


def covers(bars: Bars, bar: str) -> bool:
    """Whether a bar lies in a stretch."""
    first, last = _span(bars)
    return first <= bar_key(bar) <= last


def day_of(moment_s: float, zone: tzinfo | None = None) -> str:
    """The day of a moment, as 2026-11-25."""
    return datetime.fromtimestamp(moment_s, zone).date().isoformat()
