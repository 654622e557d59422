"""The intention behind a performance: a tempo curve, a shape for every note, pedal in score time.

**Conventions.** `seconds_per_quarter[i]` holds from `onsets_q[i]` to `onsets_q[i+1]`, the last one
to the end, the first one before the start too. The nominal onset of a note is where this curve
puts its `onset_q`; `lead_s` > 0 sounds earlier than that. `articulation` is key-held time divided
by nominal duration (the time the curve gives from `onset_q` to `onset_q + duration_q`); for a
grace note the nominal duration is that of a thirty-second note (1/8 quarter).

**Knows nothing of** MIDI, audio, or why the plan is so.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from valentin.music.performance import Control

__all__ = ["GRACE_Q", "Plan", "PlannedPedal", "RealisedNote", "Shape", "Spread", "SpreadBand"]

GRACE_Q = Fraction(1, 8)
"""Nominal length of a grace note in quarters: the yardstick of its articulation, nothing more."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one score note is played. `velocity` is 1..127."""

    id: str
    velocity: int
    lead_s: float
    articulation: float


@dataclass(frozen=True, slots=True)
class RealisedNote:
    """A note that an ornament adds to score note `id`: where in score time, how long, which key.

    `onset_q` is absolute score time as a float, since a trill keeps no grid.
    """

    id: str
    onset_q: float
    duration_q: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class PlannedPedal:
    """A pedal reaching `value` at a place in score time."""

    onset_q: float
    control: Control
    value: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One continuous rendering of a stretch of the unfolded score.

    `played[i]` is False where `shapes[i]` was not played (its values are then expectations, not
    measurements). `start_s` is the time of `onsets_q[0]`.
    """

    onsets_q: tuple[Fraction, ...]
    seconds_per_quarter: tuple[float, ...]
    shapes: tuple[Shape, ...]
    realisations: tuple[RealisedNote, ...] = ()
    pedal_q: tuple[PlannedPedal, ...] = ()
    played: tuple[bool, ...] = ()
    start_s: float = 0.0
    run: int = 0

    def __post_init__(self) -> None:
        if len(self.onsets_q) != len(self.seconds_per_quarter):
            raise ValueError(
                f"a plan needs one tempo per onset, got {len(self.seconds_per_quarter)} "
                f"for {len(self.onsets_q)}"
            )
        if any(s <= 0 for s in self.seconds_per_quarter):
            raise ValueError("seconds_per_quarter must be positive")
        if any(b <= a for a, b in zip(self.onsets_q, self.onsets_q[1:], strict=False)):
            raise ValueError("onsets_q must rise")
        if self.played and len(self.played) != len(self.shapes):
            raise ValueError(f"played has {len(self.played)} flags for {len(self.shapes)} shapes")


@dataclass(frozen=True, slots=True)
class SpreadBand:
    """How wide fine pianists range at one place: quantiles 10, 50 and 90 %."""

    low: float
    centre: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A Plan's features as bands, parallel to the plan's onsets and shapes.

    `seconds_per_quarter` is relative to the plan's own median tempo (a ratio; 1 is that tempo),
    so that slow practice can be compared. `source` says what the bands were measured from.
    """

    seconds_per_quarter: tuple[SpreadBand, ...]
    velocity: tuple[SpreadBand, ...]
    lead_s: tuple[SpreadBand, ...]
    articulation: tuple[SpreadBand, ...]
    source: str = ""
