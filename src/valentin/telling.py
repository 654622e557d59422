"""What was done, said: in words for a person, as JSON or a table for a machine.

In: what the straight lines of `pianist` return. Out: text.

**Knows nothing of** HTTP and argv.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from valentin import hearing, shaping, showing, sounding
from valentin.music import Engraving, Position, Score
from valentin.pianist import Rendition, Sitting
from valentin.studying import fingered

__all__ = [
    "alignment_text",
    "fingering_page",
    "fingering_text",
    "heard_text",
    "instruments_text",
    "lesson_text",
    "position_text",
    "positions_text",
    "rendition_text",
    "score_text",
]


def rendition_text(rendition: Rendition) -> str:
    """What was played, in words."""
    return showing.rendition_summary(rendition.score, rendition.performance)


def heard_text(heard: hearing.Heard, form: Literal["words", "json"]) -> str:
    """What was heard in a recording, in words or for machines."""
    write = {"words": showing.heard_summary, "json": showing.heard_json}[form]
    return write(heard.performance, heard.faint, heard.cents)


def alignment_text(aligned: Rendition, form: Literal["words", "json", "tsv"]) -> str:
    """An alignment in words, for machines, or as a table."""
    write = {
        "words": showing.alignment_summary,
        "json": showing.alignment_json,
        "tsv": showing.alignment_tsv,
    }[form]
    return write(aligned.score, aligned.performance, aligned.alignment)


def position_text(position: Position) -> str:
    """A position as one line of JSON."""
    return showing.position_json(position)


def positions_text(positions: Sequence[Position]) -> str:
    """Where a player was, in words."""
    return showing.positions_summary(positions)


def lesson_text(sitting: Sitting, form: Literal["words", "json"]) -> str:
    """A lesson in words or for machines."""
    write = {"words": showing.lesson_text, "json": showing.lesson_json}[form]
    return write(sitting.lesson)


def score_text(score: Score, form: Literal["words", "json"]) -> str:
    """What was read, guessed and not understood, in words or for machines."""
    write = {"words": showing.score_summary, "json": showing.score_json}[form]
    return write(score, shaping.unheard(score))


def fingering_text(
    score: Score, form: Literal["words", "json"], span_cm: float, bars: tuple[str, str] | None
) -> str:
    """A finger for every note of the (folded) score, or of some bars, in words or for machines."""
    write = {"words": showing.fingering_text, "json": showing.fingering_json}[form]
    return write(score, fingered(score, span_cm), bars)


def fingering_page(
    score: Score, engraving: Engraving, span_cm: float, bars: tuple[str, str] | None
) -> str:
    """The score with a finger at every note, or at those of some bars, as an HTML page."""
    return showing.fingering_page(score, engraving, fingered(score, span_cm), bars)


def instruments_text() -> str:
    """The instruments there are and those there could be, a line each."""
    return "\n".join(
        f"{row.name:12} {'' if row.ready else '(not here) '}{row.words}" for row in sounding.shelf()
    )
