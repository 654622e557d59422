"""What sounds: notes in seconds, pedal as events, live key events, positions, audio.

**Conventions.** Times are float seconds from the start of the take. An offset is the key going up;
the pedal is never folded in. Velocity is MIDI 1..127. A take that was read names its notes
`p0, p1, …` in the order (onset, pitch); a rendition names them by the score note they render, and
the added notes of an ornament `n12-1+1, n12-1+2, …`.

**Knows nothing of** what is written, MIDI bytes, audio files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from valentin.music.score import Part

__all__ = [
    "Audio",
    "KeyEvent",
    "PartEvent",
    "PedalEvent",
    "Performance",
    "PerformedNote",
    "Position",
]

Control = Literal["sustain", "sostenuto", "soft"]


@dataclass(frozen=True, slots=True)
class PerformedNote:
    """One key going down and up."""

    id: str
    part: str
    onset_s: float
    offset_s: float
    pitch: int
    velocity: int
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.velocity <= 127:
            raise ValueError(f"note {self.id}: velocity must be in 1..127, got {self.velocity}")
        if not 0 <= self.pitch <= 127:
            raise ValueError(f"note {self.id}: pitch must be in 0..127, got {self.pitch}")
        if self.offset_s < self.onset_s:
            raise ValueError(f"note {self.id} ends {self.offset_s} s before its start")


@dataclass(frozen=True, slots=True)
class PedalEvent:
    """A pedal reaching `value` 0..127 (0 up, 127 down; between is half pedal)."""

    time_s: float
    control: Control
    value: int


@dataclass(frozen=True, slots=True)
class Performance:
    """Notes sorted by (onset, pitch) and pedal events sorted by time.

    `parts` names the instruments of the notes' parts, where they are known. A take `by_ear` was
    heard from sound, not read from keys: its pedal and the ends of its notes are inferred.
    """

    notes: tuple[PerformedNote, ...]
    pedal: tuple[PedalEvent, ...] = ()
    source: str = ""
    parts: tuple[Part, ...] = ()
    by_ear: bool = False

    @property
    def end_s(self) -> float:
        """Last key release, 0 for an empty take."""
        return max((note.offset_s for note in self.notes), default=0.0)


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A live event, as a keyboard sends it: value is a velocity or a pedal position."""

    time_s: float
    kind: Literal["down", "up", "sustain", "sostenuto", "soft"]
    pitch: int
    value: int


@dataclass(frozen=True, slots=True)
class PartEvent:
    """A note of an accompanying part beginning or ending; `id` names it in the unfolded score."""

    time_s: float
    kind: Literal["down", "up"]
    id: str
    part: str
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the score the player is after a key struck at `time_s`, with confidence 0..1.

    `score_ids` are the notes of the onset reached, `onset_q` its place in the unfolded score;
    `seconds_per_quarter` is the tempo from there on.
    """

    time_s: float
    onset_q: Fraction
    bar: str
    confidence: float
    score_ids: tuple[str, ...] = ()
    seconds_per_quarter: float = 0.5

    def __post_init__(self) -> None:
        if not self.seconds_per_quarter > 0:
            raise ValueError(
                f"seconds_per_quarter must be positive, got {self.seconds_per_quarter}"
            )


@dataclass(frozen=True, slots=True)
class Audio:
    """Sound: `samples` is float32, shape (frames, channels), full scale ±1."""

    samples: npt.NDArray[np.float32] = field(repr=False)
    rate_hz: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise ValueError(
                f"samples must have shape (frames, channels), got {self.samples.shape}"
            )

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate_hz
