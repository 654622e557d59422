"""What lies on the orchestra's stands: its notes as planned, and where the soloist plays.

In: the orchestra as performed by the plan, the plan's tempo curve, the soloist's score. Out:
`Stand`.

**Conventions.** Everything is on the plan's axis: seconds as the plan has them (`_p`), so that the
plan's own ritardandi and fermatas are in it already; who plays as planned has slope 1.

**Knows nothing of** the soloist's real time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction

from valentin.music import Performance, PerformedNote, Position, Score, TempoCurve

__all__ = ["SAME_P", "Stand"]

SAME_P = 1e-6
"""Plan seconds within which two places are one."""

BEFORE_P = 0.06
"""Plan seconds by which a note may be played before its place, as the melody often is."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The orchestra's notes by onset, the soloist's onsets and the fermatas, all rising."""

    curve: TempoCurve
    notes: tuple[PerformedNote, ...]
    onsets_p: tuple[float, ...]  # of the notes
    solo_p: tuple[float, ...]
    held_p: tuple[float, ...]

    @classmethod
    def of(
        cls, orchestra: Performance, curve: TempoCurve, solo: Score, start_q: Fraction = Fraction(0)
    ) -> Stand:
        """The stand for an unfolded solo and an orchestra performed by the plan of `curve`.

        What the soloist has before `start_q` is not waited for.
        """
        notes = tuple(sorted(orchestra.notes, key=lambda n: (n.onset_s, n.pitch, n.id)))
        held = {m.start_q for m in solo.marks if m.kind == "fermata"}
        return cls(
            curve,
            notes,
            tuple(n.onset_s for n in notes),
            _placed(curve, {n.onset_q for n in solo.notes if not n.grace and n.onset_q >= start_q}),
            _placed(curve, held),
        )

    def place_p(self, position: Position) -> float:
        """Where a position is."""
        return float(self.curve.seconds(float(position.onset_q)))

    def entry_after(self, place_p: float) -> float:
        """The soloist's next onset after a place; infinite where there is none."""
        at = bisect_right(self.solo_p, place_p + SAME_P)
        return self.solo_p[at] if at < len(self.solo_p) else float("inf")

    def first_from(self, place_p: float) -> int:
        """The first note of those at a place or later."""
        return bisect_left(self.onsets_p, place_p - BEFORE_P)

    def is_held(self, place_p: float) -> bool:
        """Whether the soloist has a fermata there."""
        at = bisect_left(self.held_p, place_p - SAME_P)
        return at < len(self.held_p) and self.held_p[at] <= place_p + SAME_P


def _placed(curve: TempoCurve, places_q: set[Fraction]) -> tuple[float, ...]:
    ordered = sorted(places_q)
    return tuple(curve.seconds([float(q) for q in ordered]).tolist()) if ordered else ()
