"""A listening page made: a score and what plays it in, the page out.

**Conventions.** It runs in a workshop. What plays is a wish (valentin), a performance (a take), or
the path of a recording, which is listened to first. `told` hears words and the share done, 0..1, of
what the words say; not more often than once a per cent.

**Knows nothing of** requests, where anything is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from valentin import pianist, recital
from valentin.music import Performance

__all__ = ["Asked", "Played", "made_page"]

Played = pianist.Wish | Performance | Path
Told = Callable[[tuple[str, float]], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is to be: in which words, of what title, who plays, where it is heard."""

    language: str
    title: str
    by: str
    instrument: str
    hall: str


def made_page(score: Path, played: Played, asked: Asked, told: Told) -> recital.Page:
    """The listening page of one piece."""
    told(("reading the score", 0.0))
    read, engraving = pianist.read_score(score)
    if isinstance(played, Path):
        heard = pianist.listen(played, _saying(told, "listening to the recording"))
        played = pianist.attend(read, heard).performance
    told(("finding what there is to listen for", 0.0))
    piece = recital.listen(
        read, engraving, played, language=asked.language, title=asked.title, by=asked.by
    )
    minutes = max(1, round(piece.rendition.performance.end_s / 60))
    return recital.page(
        [piece],
        language=asked.language,
        instrument=asked.instrument,
        hall=asked.hall,
        progress=_saying(told, f"sounding {minutes} min of music, once for each voice"),
    )


def _saying(told: Told, doing: str) -> Callable[[float], None]:
    last = -1

    def say(share: float) -> None:
        nonlocal last
        percent = int(100 * share)
        if percent > last:
            last = percent
            told((doing, share))

    return say
