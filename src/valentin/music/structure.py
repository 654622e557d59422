"""What a musician sees in a score before playing: melody, voices, phrases, harmony, tension.

**Conventions.** All places in quarters. Note ids are those of the (unfolded) score studied.

**Knows nothing of** seconds and performers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = ["Harmony", "Phrase", "Structure", "Voice"]


@dataclass(frozen=True, slots=True)
class Voice:
    """One stream of notes that a listener follows as a line, in time order."""

    role: Literal["melody", "inner", "bass", "accompaniment"]
    note_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A musical sentence or a part of one. Level 0 is the longest; higher levels nest in it.

    `strength` 0..1 says how sure its end is a boundary.
    """

    start_q: Fraction
    end_q: Fraction
    level: int = 0
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Harmony:
    """One chord: root and bass as pitch classes 0..11 (root −1: not known), quality as text."""

    start_q: Fraction
    end_q: Fraction
    root: int
    bass: int
    quality: str
    cadence: Literal["", "authentic", "half", "plagal", "deceptive"] = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """The score as understood. `tension` 0..1 is parallel to `harmony`."""

    voices: tuple[Voice, ...]
    melody: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    harmony: tuple[Harmony, ...]
    tension: tuple[float, ...]
