"""Where an element of MEI stands in the score, and which notes it speaks of.

In: measures, layout, resolved notes. Out: a `Desk` that answers for one element at a time.

**Conventions.** An element that hangs on a note or a rest starts at its onset; one that stands at a
beat of the bar (`tstamp`, in units of the metre, rounded to four decimals in the file) is put on
the nearest onset within `NEAR_Q`, else where it stands. Ids of heads become ids of notes.

**Knows nothing of** what the elements mean.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.music import Mark, MarkKind
from valentin.reading.frame import Measure
from valentin.reading.layers import Head, Layout
from valentin.reading.mei_tree import exact, id_of, references
from valentin.reading.notes import Resolved

__all__ = ["NEAR_Q", "Desk"]

NEAR_Q = Fraction(1, 100)
"""Quarters: twenty times the rounding of `tstamp`, a third of the shortest note in our scores."""

_LINE = re.compile(r"-L(\d{1,7})F\d+$")
"""What Verovio calls a sign of a Humdrum text: its line and field."""


class Desk:
    """One score, open at a bar.

    `early` is by how many beats ends of pedals are set early; `lines` where the lines of a Humdrum
    text stand: Verovio counts a line of null tokens as time, and its signs come late after it.
    """

    def __init__(
        self,
        measures: Sequence[Measure],
        layout: Layout,
        resolved: Resolved,
        early: Fraction = Fraction(0),
        lines: Mapping[int, Fraction] | None = None,
    ) -> None:
        self.measures, self.spans, self.early = measures, layout.spans, early
        self.lines = lines or {}
        self.heads = {id_of(h.element): h for h in layout.heads}
        self.owners = resolved.owners
        self.notes = {n.id: n for n in resolved.notes}
        self.chords: dict[str, list[str]] = {}
        for name, head in self.heads.items():
            if head.chord is not None:
                self.chords.setdefault(id_of(head.chord), []).append(name)
        self.rests = {r.id: r for r in layout.rests}
        self.staves = {s.n: s for m in measures[:1] for s in m.staves}
        self.names = {str(n) for n in self.staves}
        self.onsets = sorted({h.onset_q for h in layout.heads} | {s.start_q for s in self.spans})

    def heads_of(self, element: Element, *names: str) -> list[Head]:
        """Heads that attributes such as `startid` and `plist` point at, chords opened."""
        return self._opened([i for name in names for i in references(element, name)])

    def heads_of_owner(self, owner: Element) -> list[Head]:
        """The heads of a note or chord element."""
        return self._opened([id_of(owner)])

    def _opened(self, ids: Sequence[str]) -> list[Head]:
        opened = [head for i in ids for head in self.chords.get(i, [i])]
        return [self.heads[i] for i in opened if i in self.heads]

    def note_ids(self, heads: Sequence[Head]) -> tuple[str, ...]:
        """The notes of heads, each once, in the order given."""
        owned = (self.owners.get(id_of(head.element), "") for head in heads)
        return tuple(dict.fromkeys(i for i in owned if i in self.notes))

    def start(self, bar: int, element: Element, late: Fraction = Fraction(0)) -> Fraction:
        """Score time of its start; `late` beats are added to a time stamp."""
        for head in self.heads_of(element, "startid"):
            return head.onset_q
        for name in references(element, "startid"):
            if name in self.rests:
                return self.rests[name].onset_q
        found = _LINE.search(id_of(element)) if self.lines else None
        if found and int(found[1]) in self.lines:
            return self.lines[int(found[1])]
        return self.at(bar, (exact(element.get("tstamp")) or Fraction(1)) + late)

    def end(self, bar: int, element: Element, start: Fraction) -> Fraction | None:
        """Score time of its end where the file says one: the end of its last note."""
        for head in self.heads_of(element, "endid"):
            return max(start, head.onset_q + head.duration_q)
        return self.later(bar, element.get("tstamp2", ""), start)

    def later(self, bar: int, stamp: str, start: Fraction) -> Fraction | None:
        """Score time of a `tstamp2` such as "1m+3"."""
        if not stamp:
            return None
        bars, _, beat = stamp.rpartition("m+")
        last = len(self.spans) - 1
        there = bar + int(bars) if bars.isdigit() and len(bars) < 9 else bar
        return max(start, self.at(min(there, last), exact(beat) or Fraction(1)))

    def at(self, bar: int, stamp: Fraction) -> Fraction:
        """Score time of a beat of a bar, 1 at its start, never beyond its end."""
        unit = int(self.measures[bar].signature.rpartition("/")[2] or 4)
        span = self.spans[bar]
        place = span.start_q + min((stamp - 1) * 4 / unit, span.length_q)
        place = max(place, span.start_q)
        i = bisect_left(self.onsets, place)
        near = [q for q in self.onsets[max(0, i - 1) : i + 1] if abs(q - place) <= NEAR_Q]
        return min(near, key=lambda q: abs(q - place)) if near else place.limit_denominator(960)

    def where(self, element: Element) -> tuple[str, int]:
        """Part, and staff in it, 0 for the whole part."""
        names = element.get("staff", "").split()
        if not names:
            heads = self.heads_of(element, "startid", "plist")
            rests = [self.rests[i] for i in references(element, "startid") if i in self.rests]
            n = heads[0].printed if heads else rests[0].stave.n if rests else 0
            names = [str(n)]
        first = self.staves.get(int(names[0])) if names[0] in self.names else None
        if first is None:
            return next((s.part for s in self.staves.values()), ""), 0
        return first.part, first.place if len(names) == 1 else 0

    def _bar_at(self, start: Fraction, bar: int) -> int:
        """The bar in which a mark starts: with lines, Verovio may have it one bar early."""
        while self.lines and bar + 1 < len(self.spans) and self.spans[bar + 1].start_q <= start:
            bar += 1
        return bar

    def mark(self, kind: MarkKind, text: str, bar: int, element: Element) -> Mark:
        """A mark where the element stands; its end is its start where the file says none."""
        start = self.start(bar, element)
        end = self.end(self._bar_at(start, bar), element, start)
        part, staff = self.where(element)
        ids = self.note_ids(self.heads_of(element, "startid"))
        return Mark(kind, text, start, start if end is None else end, part, staff, ids)
