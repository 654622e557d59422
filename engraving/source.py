"""The words of an engraving source: what `parsing` finds and `musicxml` writes.

**Conventions.** Times are quarter notes from the start of the piece, exact. Pitches are as they
sound; every accidental is explicit, and which of them are printed is found later. A head's id is
`n1, n2, …` in the order of the written file: bar, lane, time, chord from the bottom up.

**Knows nothing of** text, XML, beams.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["FLAGS", "LANES", "Bar", "Direction", "Event", "Head", "Source", "Tuplet"]

LANES = ("rh", "rh2", "rh3", "lh", "lh2", "lh3")
"""Lanes of notes, in the order in which they are written; the first three are on the top staff."""

FLAGS = {1: 0, 2: 0, 4: 0, 8: 1, 16: 2, 32: 3, 64: 4}
"""Note value (its denominator) → flags or beams."""


@dataclass(frozen=True, slots=True)
class Head:
    """One note head; `tied` says that a tie leaves it."""

    id: str
    step: str
    alter: int
    octave: int
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Tuplet:
    """`actual` notes in the time of `normal`; `edge` is start, stop or empty."""

    actual: int
    normal: int
    shown: bool
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A note, a chord, a rest or a space (no heads and not a rest).

    `grace` is `/` (slashed), `//` (plain) or empty; a grace event lasts 0 and its onset is that of
    the note it leans on. `beam` holds `[`, `]` or both where the source sets a beam by hand.
    `crossed`: it stands on the other hand's staff. `before` and `after` name a clef that stands
    before or after the event.
    """

    lane: str
    onset_q: Fraction
    duration_q: Fraction
    value: int
    dots: int = 0
    heads: tuple[Head, ...] = ()
    rest: bool = False
    grace: str = ""
    tuplet: Tuplet | None = None
    slur_ends: int = 0
    slur_starts: int = 0
    signs: tuple[str, ...] = ()
    beam: str = ""
    small: bool = False
    crossed: bool = False
    before: str = ""
    after: str = ""

    @property
    def staff(self) -> int:
        """The staff it stands on: 1 for the right hand's lanes, 2 for the left hand's."""
        return 1 if self.lane.startswith("rh") != self.crossed else 2

    @property
    def flags(self) -> int:
        """Beams this event could carry."""
        return FLAGS[self.value] if self.heads else 0


@dataclass(frozen=True, slots=True)
class Direction:
    """A sign at a place or over a stretch: dynamic, hairpin, words, tempo, octave, pedal."""

    kind: str
    text: str
    start_q: Fraction
    end_q: Fraction
    staff: int
    above: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `signs` are the words after its number (pickup, unmeasured, repeat signs, end)."""

    number: str
    start_q: Fraction
    length_q: Fraction
    events: tuple[Event, ...]
    signs: tuple[str, ...] = ()

    def lane(self, name: str) -> tuple[Event, ...]:
        """The events of one lane, in order."""
        return tuple(event for event in self.events if event.lane == name)


@dataclass(frozen=True, slots=True)
class Source:
    """A whole piece.

    `key` counts sharps (flats negative); `beam_q` is the span a beam may have; `clefs` are those of
    the two staves at the start; `slurs` is the side of the right hand's slurs, empty: free.
    """

    title: str
    composer: str
    key: int
    mode: str
    time: tuple[int, int]
    beam_q: Fraction
    clefs: tuple[str, str]
    slurs: str
    bars: tuple[Bar, ...]
    directions: tuple[Direction, ...]
