"""A lesson made: a score and a take in, the page and what is kept of it out.

**Conventions.** `made` runs in the workshop; a score that was read last is at hand there.

**Knows nothing of** requests, where anything is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from valentin import pianist
from valentin.music import Engraving, Meant, Performance, Practised, Score

__all__ = ["Made", "made", "read_any"]


@dataclass(frozen=True, slots=True)
class Made:
    """The lesson as a page, as JSON, and as a line of the piece's history."""

    page: str = field(repr=False)
    data: str = field(repr=False)
    practised: Practised


@lru_cache(maxsize=4)
def _score(path: Path) -> tuple[Score, Engraving]:
    return pianist.read_score(path)


def made(
    score: Path, take: Performance, meant: tuple[Meant, ...], told: Callable[[float], None]
) -> Made:
    """The lesson on a take of the score in a file."""
    read, engraving = _score(score)
    sitting = pianist.teach(read, take, meant)
    page = pianist.lesson_page(sitting, engraving, progress=told)
    return Made(page, pianist.lesson_text(sitting, "json"), pianist.practised(sitting))


def read_any(path: Path, _told: object) -> Performance:
    """The take in a file."""
    return pianist.read_take(path)
