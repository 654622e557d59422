"""A lesson made: a score and a take in, the page and what is kept of it out.

**Conventions.** Both functions run in a workshop. A score that was read last is at hand there. A
take is a performance, or the path of a recording, which is listened to first.

**Knows nothing of** requests, where anything is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from valentin import pianist, telling
from valentin.music import Engraving, Meant, Performance, Practised, Score

__all__ = ["Made", "Wanted", "is_recording", "made", "read_any", "read_notes"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a lesson is wanted: what was meant, the lesson before it (as JSON, "" for none), and the
    bars that alone are to be heard.
    """

    meant: tuple[Meant, ...] = ()
    earlier: str = field(default="", repr=False)
    bars: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The lesson as a page, as JSON, and as a line of the piece's history; notes of the take."""

    page: str = field(repr=False)
    data: str = field(repr=False)
    practised: Practised
    notes: int


@lru_cache(maxsize=4)
def _score(path: Path) -> tuple[Score, Engraving]:
    return pianist.read_score(path)


def made(
    score: Path,
    take: Performance | Path,
    wanted: Wanted,
    told: Callable[[str], None],
) -> Made:
    """The lesson on a take of the score in a file; `told` hears how far it is, in words."""
    read, engraving = _score(score)
    brief = pianist.Brief(
        wanted.meant,
        pianist.lesson_of(wanted.earlier) if wanted.earlier else None,
        pianist.Excerpt(read, wanted.bars) if wanted.bars else None,
    )
    sitting = pianist.taught(_aligned(read, take, brief.excerpt, told), brief)
    page = pianist.lesson_page(sitting, engraving, progress=_saying(told, "sounding the remarks"))
    data, came = telling.lesson_text(sitting, "json"), pianist.practised(sitting)
    return Made(page, data, came, len(sitting.take.notes))


def _aligned(
    score: Score,
    take: Performance | Path,
    excerpt: pianist.Excerpt | None,
    told: Callable[[str], None],
) -> pianist.Rendition:
    if isinstance(take, Performance):
        return pianist.align(score, take, excerpt)
    heard = pianist.listen(take, _saying(told, "listening to the recording"))
    return pianist.attend(score, heard, excerpt)


def _saying(told: Callable[[str], None], doing: str) -> Callable[[float], None]:
    return lambda share: told(f"{doing}, {100 * share:.0f} %")


def is_recording(path: Path) -> bool:
    """Whether a take has to be listened to."""
    return path.suffix.lower() in pianist.RECORDING_SUFFIXES


def read_any(path: Path, _told: object) -> tuple[float, int]:
    """How long the take in a file is, and how many notes it has (0: it is yet to be heard)."""
    if is_recording(path):
        return pianist.recording_s(path), 0
    take = pianist.read_take(path)
    return take.end_s, len(take.notes)


def read_notes(path: Path, _told: object) -> Performance:
    """The take in a MIDI file."""
    return pianist.read_take(path)
