"""The score set in systems: where a moment of it stands on the page.

In: the systems of one layout and the (unfolded) score. Out: places, for curves, extra notes, marks.

**Conventions.** A place is a system's index and an x in its drawing units. Within a bar x runs
straight between the columns of its notes; bar lines stand at the bar's ends. Note ids given here
are unfolded ones (`n12-1`), those in the drawing are folded (`n12`).

**Knows nothing of** what is going to be drawn there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from valentin.music import Bar, Score, folded_id
from valentin.showing.drawing import BarBox, NoteBox, System

__all__ = ["Place", "Setting"]


@dataclass(frozen=True, slots=True)
class Place:
    """A vertical line in one system."""

    system: int
    x: float


class Setting:
    """One layout of the score, with everything in it to be found by id or by score time."""

    def __init__(self, score: Score, systems: tuple[System, ...]) -> None:
        self.systems = systems
        self.bars = score.bars
        self._starts = [bar.start_q for bar in score.bars]
        self._heads = {
            note.id: (i, note) for i, system in enumerate(systems) for note in system.notes
        }
        self._boxes = {bar.id: (i, bar) for i, system in enumerate(systems) for bar in system.bars}
        self._columns = self._note_columns(score)

    def head(self, note_id: str) -> tuple[int, NoteBox] | None:
        """The system and the note head of an unfolded id; None where it is not drawn."""
        return self._heads.get(folded_id(note_id))

    def box(self, bar: Bar) -> tuple[int, BarBox] | None:
        """The system and the box of a bar; None where it is not drawn."""
        return self._boxes.get(bar.id)

    def bars_between(self, start_q: Fraction, end_q: Fraction) -> tuple[Bar, ...]:
        """The bars that [start_q, end_q) touches, at least the one at `start_q`."""
        first = max(0, bisect_right(self._starts, start_q) - 1)
        inside = [b for b in self.bars[first + 1 :] if b.start_q < end_q]
        return (*self.bars[first : first + 1], *inside)

    def place(self, onset_q: Fraction) -> Place | None:
        """Where a moment of the unfolded score stands; None outside the drawn bars."""
        i = max(0, bisect_right(self._starts, onset_q) - 1)
        if i >= len(self.bars) or (found := self.box(self.bars[i])) is None:
            return None
        system, box = found
        bar = self.bars[i]
        columns = [
            *(c for c in self._columns[bar.id] if c[0] < bar.length_q),
            (bar.length_q, box.right),
        ]
        offset = min(max(onset_q - bar.start_q, Fraction(0)), bar.length_q)
        if not columns or offset <= columns[0][0]:
            return Place(system, columns[0][1])
        for (q0, x0), (q1, x1) in pairwise(columns):
            if q0 <= offset <= q1 and q1 > q0:
                return Place(system, x0 + (x1 - x0) * float((offset - q0) / (q1 - q0)))
        return Place(system, columns[-1][1])

    def _note_columns(self, score: Score) -> dict[str, list[tuple[Fraction, float]]]:
        """Per bar id: (offset from the bar's start, leftmost x of the heads there), rising."""
        found: dict[str, dict[Fraction, float]] = defaultdict(dict)
        for note in score.notes:
            head = None if note.grace else self.head(note.id)
            i = bisect_right(self._starts, note.onset_q) - 1
            if head is None or i < 0 or head[1].bar_id != self.bars[i].id:
                continue
            column = found[self.bars[i].id]
            offset = note.onset_q - self.bars[i].start_q
            column[offset] = min(head[1].x, column.get(offset, head[1].x))
        rising: dict[str, list[tuple[Fraction, float]]] = defaultdict(list)
        for bar_id, column in found.items():
            for offset, x in sorted(column.items()):
                if not rising[bar_id] or x > rising[bar_id][-1][1]:
                    rising[bar_id].append((offset, x))
        return rising
