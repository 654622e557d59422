"""Which finger plays which note.

**Conventions.** Fingers count from the thumb, 1 to 5, on either hand.

**Knows nothing of** how a fingering is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Fingering"]

FINGERS = 5


@dataclass(frozen=True, slots=True)
class Fingering:
    """The finger for one note; `printed`: it is the score's own, the others are suggestions."""

    id: str
    hand: Literal["left", "right"]
    finger: int
    printed: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.finger <= FINGERS:
            raise ValueError(f"note {self.id}: finger must be in 1..5, got {self.finger}")
