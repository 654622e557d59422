"""How wide fine pianists range around the rules, by what a note or an onset is.

**Conventions.** Quantiles 10, 50 and 90 % of human minus rules, about each take's own mean: tempo
in log2 seconds per quarter, velocity in MIDI, lead in seconds, articulation in log2.

**Knows nothing of** scores.

**Reference.** `bench/spread.py` measures and prints this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SOURCE", "WIDTHS", "Width"]


@dataclass(frozen=True, slots=True)
class Width:
    """What the place is, and where 10, 50 and 90 of a hundred pianists lie about the plan."""

    name: str
    low: float
    middle: float
    high: float


SOURCE = "asap-dev train, robust takes, human minus rules, take means removed (bench/spread.py)"

WIDTHS: Mapping[str, tuple[Width, ...]] = {
    "tempo": (
        Width("inside a phrase", -0.3, 0.0, 0.3),
        Width("end of a phrase", -0.35, 0.0, 0.35),
        Width("written change of tempo", -0.4, 0.0, 0.4),
        Width("ending", -0.5, 0.0, 0.6),
        Width("fermata", -0.6, 0.0, 0.8),
    ),
    "velocity": (
        Width("melody", -14.0, 0.0, 14.0),
        Width("bass", -15.0, 0.0, 15.0),
        Width("other", -14.0, 0.0, 14.0),
        Width("accented", -16.0, 0.0, 16.0),
        Width("grace", -18.0, 0.0, 18.0),
    ),
    "lead": (
        Width("melody", -0.025, 0.0, 0.025),
        Width("bass", -0.025, 0.0, 0.025),
        Width("other", -0.02, 0.0, 0.02),
        Width("alone", -0.01, 0.0, 0.01),
        Width("rolled", -0.12, 0.0, 0.12),
        Width("grace", -0.15, 0.0, 0.15),
    ),
    "articulation": (
        Width("short", -0.8, 0.0, 0.8),
        Width("medium", -0.8, 0.0, 0.8),
        Width("long", -1.0, 0.0, 0.7),
        Width("short, slurred", -0.7, 0.0, 0.7),
        Width("medium, slurred", -0.7, 0.0, 0.6),
        Width("long, slurred", -0.8, 0.0, 0.5),
        Width("detached", -0.9, 0.0, 0.9),
        Width("grace", -1.2, 0.0, 1.2),
    ),
}
