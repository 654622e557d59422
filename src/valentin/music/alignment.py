"""Which performed note renders which score note, run by run.

**Conventions.** `score_id` carries its rendering (`n12-2`), "" where there is none (extra);
`performed_id` is "" for a missed note. `run` counts from 0; a restart or a jump begins a new run.
A performed note is in exactly one of matches, wrong, extra, ornaments, unsure; a score note may be
matched once per run.

**Knows nothing of** quality, seconds inside a score, how the alignment was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Alignment", "Match", "Pause", "Run"]


ENOUGH_KEYS = 12
"""Fewer keys than this fit anywhere or nowhere; of no piece can be said that they are of it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pair, or a half of one: `confidence` 0..1 is the belief that this label is right."""

    score_id: str
    performed_id: str
    run: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """One continuous stretch of playing, in unfolded score time and in seconds."""

    index: int
    start_q: Fraction
    end_q: Fraction
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence that the score does not ask for."""

    start_s: float
    end_s: float
    at_q: Fraction


@dataclass(frozen=True, slots=True)
class Alignment:
    """The whole take, every note labelled.

    `wrong` pairs a missed note with the other key that was struck for it; `ornaments` gives a
    performed note to the score note whose ornament it belongs to; `repeats_taken` lists the
    sections in the order in which they were played; `transposition` is in semitones (take minus
    score), of the hand on `transposed_staff` alone unless that is 0; `coverage` is the share of the
    score's sounding notes, in the order played, that were matched or struck wrongly.
    """

    matches: tuple[Match, ...]
    wrong: tuple[Match, ...] = ()
    missed: tuple[Match, ...] = ()
    extra: tuple[Match, ...] = ()
    ornaments: tuple[Match, ...] = ()
    unsure: tuple[Match, ...] = ()
    runs: tuple[Run, ...] = ()
    pauses: tuple[Pause, ...] = ()
    repeats_taken: tuple[int, ...] = ()
    transposition: int = 0
    coverage: float = 0.0
    transposed_staff: int = 0

    @property
    def another_piece(self) -> bool:
        """Whether the take seems to be of another piece: keys enough, and none has a place."""
        keys = sum(bool(m.performed_id) for m in self.unsure)
        return not self.matches and keys >= ENOUGH_KEYS

    def semitones_away(self, staff: int) -> int:
        """By how much the hand on this staff lies above the page."""
        return self.transposition if self.transposed_staff in {0, staff} else 0
