"""Ticks of a score MIDI → places and lengths in quarters.

In: the resolution of a file and the ticks of its notes. Out: exact fractions of a quarter.

**Conventions.** A place is the simplest fraction of a quarter within `SLACK_TICKS` of its tick. A
length that stops a little short of the next onset or of a note value reaches it: programs that play
scores shorten every note.

**Knows nothing of** tracks, staves, bars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from valentin.music import ScoreRemark

__all__ = ["Clock", "written_length"]

SPLITS = (1, 2, 4, 8, 16, 3, 6, 12, 24, 32, 48, 5, 10, 20, 7, 14, 28, 9, 18, 11, 13)
"""Parts of a quarter, the usual ones first."""
PLAIN = (1, 2, 4, 3, 6)
"""Parts of a quarter on which a played note is put: finer ones are lost in its unevenness."""
SLACK_TICKS = 0.6
"""A place that falls between two ticks is rounded by half a tick at most."""
SHORTENED = Fraction(1, 8)
"""Share of a note that a score player cuts off at most to separate it from the next."""
LEAST_Q = Fraction(1, 16)
PLAYED_SHARE = 0.1
"""Share of onsets off the grid from which a file was played, not written."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Ticks → quarters; `played` says that the file's notes lie off its beats."""

    ticks: int
    played: bool
    places: dict[int, Fraction]

    @classmethod
    def of(cls, ticks_per_quarter: int, onsets: Collection[int]) -> Clock:
        """The clock of a file whose notes begin at these ticks."""
        exact = cls(ticks_per_quarter, False, {})
        off = sum(exact._split(tick, SPLITS) is None for tick in onsets)
        return cls(ticks_per_quarter, off > PLAYED_SHARE * len(onsets), {})

    def remarks(self) -> list[ScoreRemark]:
        """What had to be guessed."""
        if not self.played:
            return []
        words = "The notes lie off the beats, as if played: put on the nearest ones."
        return [ScoreRemark("guessed", words)]

    def quarters(self, tick: int) -> Fraction:
        """The place of a tick."""
        if tick not in self.places:
            found = None if self.played else self._split(tick, SPLITS)
            self.places[tick] = self._nearest(tick) if found is None else found
        return self.places[tick]

    def _split(self, tick: int, splits: Iterable[int]) -> Fraction | None:
        """The place on the first grid that has one within the slack; exact ones go before."""
        whole, rest = divmod(tick, self.ticks)
        for slack in (0.0, SLACK_TICKS):
            for parts in splits:
                k = round(rest * parts / self.ticks)
                if abs(rest - k * self.ticks / parts) <= slack:
                    return whole + Fraction(k, parts)
        return None

    def _nearest(self, tick: int) -> Fraction:
        exact = Fraction(tick, self.ticks)
        return min((Fraction(round(exact * p), p) for p in PLAIN), key=lambda q: abs(q - exact))


def written_length(held: Fraction, gap: Fraction | None) -> Fraction:
    """The written length of a note held so long, `gap` quarters before the next onset."""
    if gap is not None and gap * (1 - SHORTENED) <= held <= gap * (1 + SHORTENED):
        return gap
    values = [Fraction(k, parts) for parts in (1, 2, 4, 3, 6, 8, 16) for k in _near(held, parts)]
    for value in values:
        if value and value * (1 - SHORTENED) <= held <= value:
            return value
    return max(LEAST_Q, Fraction(round(held * 16), 16))


def _near(held: Fraction, parts: int) -> tuple[int, int]:
    below = int(held * parts)
    return below, below + 1
