"""The straight lines of two artists: the same piece played twice, and neither is the measure.

    Score + 2 × take ─aligning→ Alignments ─performing→ Plans ─judging→ curves ─comparing→ Duo
    Duo ─(pianist: clip)→ sounds ─showing→ page

**Knows nothing of** HTTP and argv.
"""

from __future__ import annotations

from typing import Literal

from valentin import comparing, judging, performing, pianist, shaping, showing
from valentin.music import Clip, Contrast, Duo, DuoSheet, Engraving
from valentin.pianist import Progress, Rendition, rendered
from valentin.studying import study

__all__ = ["compared", "page", "text"]


def compared(one: Rendition, other: Rendition, names: tuple[str, str], language: str = "en") -> Duo:
    """Two takes that are aligned already to the same (folded) score."""
    return comparing.compare(_side(one), _side(other), names, language)


def _side(aligned: Rendition) -> comparing.Side:
    score, take, alignment = aligned.score, aligned.performance, aligned.alignment
    structure = study(score)
    plans = performing.measure(score, take, alignment)
    curves = judging.curves(score, structure, plans, shaping.expected(score, structure))
    return comparing.Side(score, take, plans, curves)


def page(
    duo: Duo, engraving: Engraving, instrument: str = "", progress: Progress | None = None
) -> str:
    """The comparison as one HTML file, with both takes' sound at every place."""
    sounds = []
    for done, place in enumerate(duo.places):
        sounds.append(_heard(place, instrument))
        if progress:
            progress((done + 1) / len(duo.places))
    return showing.duo_page(DuoSheet(duo, engraving, tuple(sounds)))


def _heard(place: Contrast, instrument: str) -> tuple[Clip, Clip] | None:
    clips = [pianist.clip(rendered(score, plan), instrument) for score, plan in place.heard]
    return (clips[0], clips[1]) if len(clips) == 2 else None


def text(duo: Duo, form: Literal["words", "json"]) -> str:
    """The comparison in words or for machines."""
    write = {"words": showing.duo_text, "json": showing.duo_json}[form]
    return write(duo)
