"""Two takes of one piece beside each other: where they part, and neither is the measure.

**Conventions.** `one` and `other` are in the order given. Bars are named as printed. Tempo in felt
beats a minute, loudness in velocity.

**Knows nothing of** how it was measured, pages, languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from valentin.music.plan import Plan
from valentin.music.score import Engraving, Score
from valentin.music.sheet import Clip

__all__ = ["Contrast", "Duo", "DuoPoint", "DuoSheet", "Facet"]

Facet = Literal["pace", "freedom", "loudness", "range", "melody", "touch", "pedal", "length"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """One thing that the two do differently, at a place or over the piece (`bars` is None).

    `weight` is how far apart they are, in just noticeable differences; `heard` are both plans of
    the place, each with its own unfolded score, since repeats may differ.
    """

    facet: Facet
    one: float
    other: float
    unit: str
    weight: float
    bars: tuple[str, str] | None = None
    start_q: Fraction = Fraction(0)
    end_q: Fraction = Fraction(0)
    words: str = ""
    heard: tuple[tuple[Score, Plan], ...] = ()


@dataclass(frozen=True, slots=True)
class DuoPoint:
    """One felt beat of both takes; None where one of them did not play."""

    onset_q: Fraction
    bar: str
    run: int
    tempo: tuple[float, float]
    loudness: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Duo:
    """Two takes compared. `score` is unfolded as the first was played.

    A `refusal` says why there is nothing to compare; then everything else is empty.
    """

    score: Score
    names: tuple[str, str]
    whole: tuple[Contrast, ...] = ()
    places: tuple[Contrast, ...] = ()
    points: tuple[DuoPoint, ...] = ()
    refusal: str = ""
    question: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class DuoSheet:
    """Everything on the page; `sounds` is parallel to the places."""

    duo: Duo
    engraving: Engraving
    sounds: tuple[tuple[Clip, Clip] | None, ...] = ()
