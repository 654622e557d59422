"""What a source says itself, beside what Verovio makes of it.

**Conventions.** Quarters as Fractions, 0 at the first bar. `bars` are in order; where the source's
bars have names in the engraving, `names` holds them in the same order. `ties` are ids of heads,
first and second; None where the source does not tell them here, and so for `signs`. `entered` are
heads that a tie leads to from nowhere before them on the page: into a second ending. `after` are
graces that take their time from the note before. `passes` says of a note that sounds on some passes
of a repeat only, on which. `staves` has, for each bar, the length of each staff of the score by its
number from 1. `lines` says where each line of a Humdrum text stands, `edited` where its editor left
notes. `ornaments` are those that only the source tells rightly; `unread` names, bar by bar, the
signs that are not understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from valentin.music import Ornament
from valentin.reading.signs import Signs

__all__ = ["Playback", "Told"]


@dataclass(frozen=True, slots=True)
class Playback:
    """A tempo of the source's own playback, quarters a minute; `worded`: words stand with it."""

    start_q: Fraction
    quarters_per_minute: float
    worded: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Onset and duration by note id, start and length by bar, ties, repeat signs, names.

    `pitched` are the ids of the notes that have a pitch; `playback` the tempi of its playback.
    """

    notes: Mapping[str, tuple[Fraction, Fraction]] = field(repr=False)
    bars: tuple[tuple[Fraction, Fraction], ...]
    names: tuple[str, ...] = ()
    ties: tuple[tuple[str, str], ...] | None = None
    signs: tuple[Signs, ...] | None = None
    entered: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    passes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    pitched: frozenset[str] = frozenset()
    staves: tuple[tuple[tuple[int, Fraction], ...], ...] = ()
    playback: tuple[Playback, ...] = ()
    lines: Mapping[int, Fraction] = field(default_factory=dict, repr=False)
    edited: tuple[Fraction, ...] = ()
    ornaments: Mapping[str, Ornament] = field(default_factory=dict)
    unread: tuple[tuple[int, str], ...] = ()
    title: str = ""
    composer: str = ""

    def for_bars(self, ids: Sequence[str]) -> Told | None:
        """The same for the bars of an engraving, None where they cannot be the same bars.

        An engraving may run named bars together: its bar then lasts until the next one named.
        """
        if not self.names:
            return self if len(ids) == len(self.bars) else None
        starts = dict(zip(self.names, (start for start, _ in self.bars), strict=True))
        if not ids or any(name not in starts for name in ids[1:]):
            return None
        found = [Fraction(0)] + [starts[name] for name in ids[1:]]
        end = self.bars[-1][0] + self.bars[-1][1]
        lengths = [b - a for a, b in zip(found, [*found[1:], end], strict=True)]
        if min(lengths) < 0:
            return None
        return replace(self, bars=tuple(zip(found, lengths, strict=True)), names=tuple(ids))
