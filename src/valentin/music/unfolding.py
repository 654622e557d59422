"""Write out the repeats: Score → Score, every note id with its rendering, `n12` → `n12-1`.

**Conventions.** The unfolded score runs through the sections in the order given (by default the
order as written). Its times start at 0. A mark or a note belongs to the section in which it
starts; one that is longer than its section keeps its length, so a tie over a repeat sign sounds on.

**Knows nothing of** whether a player took the repeats: give another `order` for that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from operator import attrgetter
from typing import Protocol, TypeVar

from valentin.music.score import Bar, Key, Mark, Metre, Score, ScoreNote, Section

__all__ = ["folded_id", "rendering_of", "sorted_notes", "unfold"]


class _Placed(Protocol):
    @property
    def start_q(self) -> Fraction: ...


T = TypeVar("T", bound=_Placed)


def folded_id(note_id: str) -> str:
    """The written note's id: `n12-2` → `n12`."""
    return note_id.rpartition("-")[0]


def rendering_of(note_id: str) -> int:
    """The K of `n12-K`."""
    return int(note_id.rpartition("-")[2])


def sorted_notes(notes: Iterable[ScoreNote]) -> tuple[ScoreNote, ...]:
    """Notes in the order a Score keeps: onset, graces first, part, staff, pitch, id.

    Graces on one onset keep the order in which they are given, which is the order they sound in.
    """
    rows = tuple(notes)
    place = {note.id: i for i, note in enumerate(rows)}
    return tuple(
        sorted(
            rows,
            key=lambda n: (
                (n.onset_q, 0, "", 0, place[n.id], "")
                if n.grace
                else (n.onset_q, 1, n.part, n.staff, n.pitch, n.id)
            ),
        )
    )


def unfold(score: Score, order: Sequence[int] | None = None) -> Score:
    """The score with its sections written out one after another in `order`.

    Raises ValueError for a score that is unfolded already.
    """
    if score.unfolded:
        raise ValueError("the score is unfolded already")
    sections = score.sections or (Section(Fraction(0), score.end_q),)
    path = tuple(order) if order is not None else score.order or tuple(range(len(sections)))
    by_section = _Sorted(score, sections)
    times: Counter[int] = Counter()
    notes: list[ScoreNote] = []
    marks: list[Mark] = []
    bars: list[Bar] = []
    metres: list[Metre] = []
    keys: list[Key] = []
    written: list[Section] = []
    now = Fraction(0)
    for i in path:
        times[i] += 1
        shift, tag = now - sections[i].start_q, f"-{times[i]}"
        notes += [replace(n, id=n.id + tag, onset_q=n.onset_q + shift) for n in by_section.notes[i]]
        marks += [
            replace(
                m,
                start_q=m.start_q + shift,
                end_q=m.end_q + shift,
                note_ids=tuple(n + tag for n in m.note_ids),
            )
            for m in by_section.marks[i]
        ]
        bars += [replace(b, start_q=b.start_q + shift) for b in by_section.bars[i]]
        metres += _in_force(score.metres, sections[i], shift)
        keys += _in_force(score.keys, sections[i], shift)
        now += sections[i].end_q - sections[i].start_q
        written.append(Section(sections[i].start_q + shift, now))
    return replace(
        score,
        notes=tuple(sorted(notes, key=attrgetter("onset_q"))),
        marks=tuple(marks),
        bars=tuple(bars),
        metres=_changes(metres),
        keys=_changes(keys),
        sections=tuple(written),
        order=tuple(range(len(written))),
        unfolded=True,
    )


class _Sorted:
    """Notes, marks and bars by the section in which they start."""

    def __init__(self, score: Score, sections: Sequence[Section]) -> None:
        starts = [s.start_q for s in sections]

        def section_of(q: Fraction) -> int:
            return max(0, bisect_right(starts, q) - 1)

        self.notes: list[list[ScoreNote]] = [[] for _ in sections]
        self.marks: list[list[Mark]] = [[] for _ in sections]
        self.bars: list[list[Bar]] = [[] for _ in sections]
        for note in score.notes:
            self.notes[section_of(note.onset_q)].append(note)
        for mark in score.marks:
            self.marks[section_of(mark.start_q)].append(mark)
        for bar in score.bars:
            self.bars[section_of(bar.start_q)].append(bar)


def _in_force(items: Sequence[T], section: Section, shift: Fraction) -> list[T]:
    """The item in force where the section starts, and those that begin inside it, shifted."""
    before = [x for x in items if x.start_q <= section.start_q][-1:]
    inside = [x for x in items if section.start_q < x.start_q < section.end_q]
    return [
        replace(x, start_q=max(x.start_q, section.start_q) + shift)  # type: ignore[type-var]
        for x in before + inside
    ]


def _changes(items: Sequence[T]) -> tuple[T, ...]:
    """Only those items that change something."""
    kept: list[T] = []
    for x in items:
        if not kept or replace(kept[-1], start_q=x.start_q) != x:  # type: ignore[type-var]
            kept.append(x)
    return tuple(kept)
