"""What a source says itself, beside what Verovio makes of it.

**Conventions.** Quarters as Fractions, 0 at the first bar. `bars` are in order; where the source's
bars have names in the engraving, `names` holds them in the same order. `ties` are ids of heads,
first and second; None where the source does not tell them here, and so for `signs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from valentin.reading.signs import Signs

__all__ = ["Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """Onset and duration by note id, start and length by bar, ties, repeat signs, names."""

    notes: Mapping[str, tuple[Fraction, Fraction]] = field(repr=False)
    bars: tuple[tuple[Fraction, Fraction], ...]
    names: tuple[str, ...] = ()
    ties: tuple[tuple[str, str], ...] | None = None
    signs: tuple[Signs, ...] | None = None
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
