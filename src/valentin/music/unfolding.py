"""Write out the repeats: Score → Score, every note id with its rendering, `n12` → `n12-1`.

**Conventions.** The unfolded score runs through the sections in the order given (by default the
order as written). Its times start at 0. A mark or a note belongs to the section in which it
starts. A note that is longer than its section sounds on where the way goes on as printed, and ends
where it leaves the page order, unless it is tied into the ending that is played. A mark goes on
into that ending too, and ends where the way turns back: a slur with the last note before, a
glissando that has lost its end not at all.

**Knows nothing of** whether a player took the repeats: give another `order` for that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    steps = _steps(path, sections)
    notes = _Notes(by_section)
    bars: list[Bar] = []
    metres: list[Metre] = []
    keys: list[Key] = []
    for step in steps:
        section, shift = sections[step.section], step.shift
        notes.write(step, section)
        bars += [replace(b, start_q=b.start_q + shift) for b in by_section.bars[step.section]]
        metres += _in_force(score.metres, section, shift)
        keys += _in_force(score.keys, section, shift)
    return replace(
        score,
        notes=tuple(sorted(notes.rows, key=attrgetter("onset_q"))),
        marks=tuple(_marks(steps, by_section, notes)),
        bars=tuple(bars),
        metres=_changes(metres),
        keys=_changes(keys),
        sections=tuple(Section(s.start_q, s.end_q) for s in steps),
        order=tuple(range(len(steps))),
        unfolded=True,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One section on the way: which time it is played, its place, and what lies around it.

    `run` counts the stretches in which the way goes on as printed. `until_q` is where this one
    ends, `back_q` where the way next turns back; None where it goes to the end of the music.
    """

    section: int
    time: int
    start_q: Fraction
    end_q: Fraction
    shift: Fraction
    run: int
    until_q: Fraction | None = None
    back_q: Fraction | None = None

    @property
    def tag(self) -> str:
        return f"-{self.time}"


def _steps(path: Sequence[int], sections: Sequence[Section]) -> list[_Step]:
    times: Counter[int] = Counter()
    rows: list[_Step] = []
    now, run = Fraction(0), 0
    for i in path:
        times[i] += 1
        run += bool(rows) and rows[-1].section + 1 != i
        end = now + sections[i].end_q - sections[i].start_q
        rows.append(_Step(i, times[i], now, end, now - sections[i].start_q, run))
        now = end
    until_q = back_q = None
    for k in range(len(rows) - 2, -1, -1):
        here, after = rows[k], rows[k + 1]
        until_q = here.end_q if after.run != here.run else until_q
        back_q = here.end_q if after.section <= here.section else back_q
        rows[k] = replace(here, until_q=until_q, back_q=back_q)
    return rows


class _Notes:
    """The notes written so far. `joined` says which note has taken in another one."""

    def __init__(self, by_section: _Sorted) -> None:
        self.by_section = by_section
        self.rows: list[ScoreNote] = []
        self.joined: dict[str, str] = {}
        self.held: dict[tuple[str, int], int] = {}

    def write(self, step: _Step, section: Section) -> None:
        """The notes of a section, as they sound this time."""
        held, self.held = self.held, {}
        for note in self.by_section.notes[step.section]:
            if note.passes and step.time not in note.passes:
                continue
            row = replace(note, id=note.id + step.tag, onset_q=note.onset_q + step.shift)
            at = held.get((note.part, note.pitch)) if note.tied else None
            if at is not None and row.onset_q == step.start_q == _end(self.rows[at]):
                before = self.rows[at]
                self.joined[row.id] = before.id
                self.keep(step, replace(before, duration_q=before.duration_q + row.duration_q), at)
            else:
                self.rows.append(row)
                self.keep(step, row, len(self.rows) - 1)
        for at in held.values():
            self.keep(step, self.rows[at], at)

    def keep(self, step: _Step, row: ScoreNote, at: int) -> None:
        """Write a note that ends, at the latest, where the way turns off."""
        if step.until_q is not None and _end(row) > step.until_q:
            row = replace(row, duration_q=step.until_q - row.onset_q)
        self.rows[at] = row
        if _end(row) >= step.end_q and not row.grace:
            self.held.setdefault((row.part, row.pitch), at)

    def name(self, step: _Step, steps: Sequence[_Step], note_id: str) -> str:
        """A note's id where the way goes on as printed from this step, "" where it is not there."""
        home = self.by_section.homes.get(note_id)
        near = (s for s in steps if s.run == step.run and s.section == home)
        return next((note_id + s.tag for s in near), "")


def _end(note: ScoreNote) -> Fraction:
    return note.onset_q + note.duration_q


def _marks(steps: Sequence[_Step], by_section: _Sorted, notes: _Notes) -> Iterator[Mark]:
    there = {row.id for row in notes.rows}
    lines = _Lines(notes.rows)
    runs: dict[int, list[_Step]] = defaultdict(list)
    for step in steps:
        runs[step.run].append(step)
    for step in steps:
        for mark in by_section.marks[step.section]:
            named = [notes.name(step, runs[step.run], i) for i in mark.note_ids]
            if mark.kind != "articulation":
                named = [notes.joined.get(i, i) for i in named]
            ids = tuple(i for i in named if i in there)
            start, end = mark.start_q + step.shift, mark.end_q + step.shift
            if step.back_q is not None:
                end = max(start, min(end, step.back_q))
            row = replace(mark, start_q=start, end_q=end, note_ids=ids)
            if len(ids) == len(mark.note_ids):
                yield row
            elif ids and mark.kind in ("slur", "glissando"):
                yield from lines.mended(row, step.back_q)
            elif ids:
                yield row


class _Lines:
    """The notes of each voice in the order of time, without graces."""

    def __init__(self, notes: Sequence[ScoreNote]) -> None:
        self.places = {n.id: ((n.part, n.staff, n.voice), n.onset_q) for n in notes}
        self.rows: dict[tuple[str, int, int], list[tuple[Fraction, str]]] = defaultdict(list)
        for note in notes:
            if not note.grace:
                self.rows[note.part, note.staff, note.voice].append((note.onset_q, note.id))
        for row in self.rows.values():
            row.sort()

    def mended(self, mark: Mark, back_q: Fraction | None) -> Iterator[Mark]:
        """A line that has lost its last note, if it still leads anywhere."""
        voice, start_q = self.places[mark.note_ids[0]]
        row = self.rows[voice]
        if back_q is not None and back_q <= mark.end_q:
            last = bisect_left(row, (back_q, "")) - 1
        else:
            last = bisect_left(row, (mark.end_q, "\U0010ffff")) - 1
        if last < 0 or row[last][0] <= start_q:
            return
        end_q, name = row[last]
        if end_q == mark.end_q or mark.kind == "slur":
            yield replace(mark, end_q=end_q, note_ids=(mark.note_ids[0], name))


class _Sorted:
    """Notes, marks and bars by the section in which they start."""

    def __init__(self, score: Score, sections: Sequence[Section]) -> None:
        starts = [s.start_q for s in sections]

        def section_of(q: Fraction) -> int:
            return max(0, bisect_right(starts, q) - 1)

        self.notes: list[list[ScoreNote]] = [[] for _ in sections]
        self.marks: list[list[Mark]] = [[] for _ in sections]
        self.bars: list[list[Bar]] = [[] for _ in sections]
        self.homes = {note.id: section_of(note.onset_q) for note in score.notes}
        for note in score.notes:
            self.notes[self.homes[note.id]].append(note)
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
