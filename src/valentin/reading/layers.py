"""Measures → note heads and rests with exact onsets, by summing the layers.

In: the `Measure` rows, and what the source `Told` of them. Out: a `Layout`: heads (ties not yet
summed), rests, and where each bar lies.

**Conventions.** Quarters as Fractions, 0 at the first bar. A bar lasts as long as its longest
layer, or as its metre says where it holds only whole-bar rests; a rest of several bars in one lasts
as many. A grace note stands at the place of the note after it and lasts 0. One with no note after
it in its layer of the bar is an after-grace (`AFTER`): it stands where the note before it ends.
What the source says of time itself is believed where it has the same bars; elsewhere written values
and tuplets are multiplied out.

**Knows nothing of** pitch, marks, ties, repeats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.reading.frame import Measure, Stave, bar_quarters
from valentin.reading.mei_tree import duration_q, id_of, number
from valentin.reading.told import Told

__all__ = ["AFTER", "Head", "Layout", "Rest", "Span", "laid_out"]

_CONTAINERS = frozenset(
    "beam supplied add corr reg expan lem unclear damage restore ligature orig rdg".split()  # noqa: SIM905
)
_SILENT = frozenset(("rest", "mRest", "multiRest", "space"))
_REPEATED = frozenset(("mRpt", "mRpt2", "multiRpt", "beatRpt", "halfmRpt"))
AFTER = "after"
"""The `grace` of a head that ends the note before it."""
_MOST_BARS = 9999
_EDITORIAL = ("app", "choice", "subst")


@dataclass(frozen=True, slots=True)
class Head:
    """One note head where it stands: `stave` is its layer's home, `printed` its own staff."""

    element: Element
    chord: Element | None
    stave: Stave
    printed: int
    layer: int
    bar: int
    onset_q: Fraction
    duration_q: Fraction
    grace: str
    strokes: int
    alternating: bool = False
    hidden: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """One rest with an id, since a fermata may stand on it."""

    id: str
    stave: Stave
    bar: int
    onset_q: Fraction


@dataclass(frozen=True, slots=True)
class Span:
    """One bar in time, the staves that fall short of it or overrun it, signs not written out.

    `bars` is how many bars of the metre it stands for.
    """

    start_q: Fraction
    length_q: Fraction
    uneven: tuple[tuple[int, Fraction], ...] = ()
    repeated: bool = False
    bars: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that takes time, in order."""

    heads: tuple[Head, ...]
    rests: tuple[Rest, ...]
    spans: tuple[Span, ...]


def laid_out(measures: list[Measure], told: Told | None = None) -> Layout:
    """Every note head, rest and bar of the score; what is `told` is told for these measures."""
    heads: list[Head] = []
    rests: list[Rest] = []
    spans: list[Span] = []
    now = Fraction(0)
    for bar, measure in enumerate(measures):
        walks = [
            _Walk(stave, number(layer, "n", 1), bar, now, told, measure.signature).through(layer)
            for staff in measure.element.findall("staff")
            for stave in [_stave(measure, number(staff, "n"))]
            for layer in staff.findall("layer")
        ]
        rests += (rest for walk in walks for rest in walk.rests)
        if told is not None:
            spans.append(_span_told(told, bar, walks))
        else:
            spans.append(_span(measure, now, walks))
        now = spans[-1].start_q + spans[-1].length_q
        heads += (head for walk in walks for head in walk.ended(now))
    return Layout(tuple(heads), tuple(rests), tuple(spans))


def _span_told(told: Told, bar: int, walks: list[_Walk]) -> Span:
    """A bar as long as its source says."""
    start, length = told.bars[bar]
    staves = told.staves[bar] if told.staves else ()
    uneven = tuple((n, q) for n, q in staves if q != length)
    return Span(start, length, uneven, any(walk.repeated for walk in walks))


def _span(measure: Measure, now: Fraction, walks: list[_Walk]) -> Span:
    """A bar as long as its longest layer."""
    longest: dict[int, Fraction] = {}
    for walk in walks:
        if walk.counted:
            longest[walk.stave.n] = max(longest.get(walk.stave.n, walk.now), walk.now)
    whole = bar_quarters(measure.signature)
    length = max(longest.values(), default=now) - now or whole
    uneven = tuple((n, end - now) for n, end in longest.items() if end - now != length)
    repeated = any(walk.repeated for walk in walks)
    return Span(now, length, uneven, repeated, max((walk.bars for walk in walks), default=1))


def _stave(measure: Measure, n: int) -> Stave:
    return next((s for s in measure.staves if s.n == n), Stave(n, "P1", n))


class _Walk:
    """A pen that goes along one layer and writes heads."""

    def __init__(
        self, stave: Stave, layer: int, bar: int, now: Fraction, told: Told | None, signature: str
    ) -> None:
        self.stave, self.layer, self.bar, self.now, self.start = stave, layer, bar, now, now
        self.signature = signature
        self.told = told.notes if told is not None else {}
        self.ending = told.after if told is not None else frozenset()
        self.heads: list[Head] = []
        self.rests: list[Rest] = []
        self.counted = self.repeated = self.alternating = self.struck = False
        self.bars, self.loose = 1, 0  # graces from `loose` on have no note after them yet

    def through(self, layer: Element) -> _Walk:
        """Itself, gone along the layer."""
        self.children(layer, Fraction(1))
        return self

    def ended(self, end_q: Fraction) -> list[Head]:
        """Its heads; graces that nothing came after belong to the note before or the bar's end."""
        at_the_end = [h for h in self.heads[self.loose :] if h.onset_q == end_q > self.start]
        if self.struck or at_the_end:
            self.close()
        return self.heads

    def close(self) -> None:
        """The graces since the last note end it."""
        late = [replace(head, grace=AFTER) for head in self.heads[self.loose :]]
        self.heads[self.loose :] = late
        self.loose = len(self.heads)

    def children(self, container: Element, ratio: Fraction, strokes: int = 0) -> None:
        for child in container:
            self.one(child, ratio, strokes)

    def one(self, child: Element, ratio: Fraction, strokes: int) -> None:
        tag = child.tag
        if tag in ("note", "chord"):
            self.strike(child, ratio, strokes or _strokes(child))
        elif tag in _SILENT:
            self.rest(child, ratio)
        elif tag in _REPEATED:
            self.repeated, self.counted = True, True
            self.now += self.under(tag)
        elif tag in _CONTAINERS:
            self.children(child, ratio, strokes)
        elif tag == "tuplet":
            share = Fraction(number(child, "numbase") or 1, number(child, "num") or 1)
            self.children(child, ratio * abs(share), strokes)
        elif tag == "bTrem":
            self.children(child, ratio, _tremolo(child))
        elif tag == "fTrem":
            halved = ratio if self.stave.ppq else ratio / 2
            self.alternating = True
            self.children(child, halved, _tremolo(child))
            self.alternating = False
        elif tag == "graceGrp":
            self.children(child, Fraction(0), strokes)
            if child.get("attach") == "pre":
                self.close()
        elif tag in _EDITORIAL and len(child):
            self.children(child[0], ratio, strokes)

    def rest(self, element: Element, ratio: Fraction) -> None:
        """Time in which nothing is struck; a rest of a whole bar leaves it to the others."""
        if element.tag in ("rest", "mRest"):
            onset, _ = self.told.get(id_of(element), (self.now, None))
            self.rests.append(Rest(id_of(element), self.stave, self.bar, onset))
        if element.tag == "mRest":
            return
        if self.struck:
            self.close()
        self.struck, self.loose = False, len(self.heads)
        self.counted = True
        if element.tag == "multiRest":
            self.bars = max(1, min(number(element, "num", 1), _MOST_BARS))
            self.now += self.bars * bar_quarters(self.signature)
        else:
            self.now += self.duration(element, ratio)

    def under(self, sign: str) -> Fraction:
        """Quarters that a sign of repetition stands for."""
        unit = int(self.signature.rpartition("/")[2] or 4)
        if sign == "beatRpt":
            return Fraction(4, unit)
        return bar_quarters(self.signature) / (2 if sign == "halfmRpt" else 1)

    def duration(self, element: Element, ratio: Fraction) -> Fraction:
        """Quarters that pass; a count of MusicXML has its tuplets in it already."""
        written = duration_q(element, self.stave.ppq)
        if written is None:
            return Fraction(0)
        if self.stave.ppq and element.get("dur.ppq"):
            return written
        return written * ratio

    def strike(self, element: Element, ratio: Fraction, strokes: int) -> None:
        inner = element.findall("note") if element.tag == "chord" else [element]
        chord = element if element.tag == "chord" else None
        grace = element.get("grace", "")
        if not grace and chord is not None:
            grace = next((n.get("grace", "") for n in inner), "")
        if not grace and ratio == 0:
            grace = "unknown"
        lasting = Fraction(0) if grace else self.duration(element, ratio)
        for note in inner:
            if not note.get("pname"):  # percussion: it takes time and is no key of a piano
                continue
            own = lasting
            if chord is not None and not grace and note.get("dur"):
                own = self.duration(note, ratio)
            onset, told = self.told.get(id_of(note), (self.now, own))
            own = max(own, told) if strokes else told  # a tremolo may be written out in the source
            sign = AFTER if grace and id_of(note) in self.ending else grace
            printed = number(note, "staff") or number(element, "staff") or self.stave.n
            self.heads.append(
                Head(
                    note, chord, self.stave, printed, self.layer, self.bar,
                    onset, own, sign, strokes,
                    self.alternating, "false" in (note.get("visible"), element.get("visible")),
                    "true" in (note.get("cue"), element.get("cue")),
                )
            )  # fmt: skip
        self.now += lasting
        self.counted = True
        if not grace:
            self.struck, self.loose = True, len(self.heads)


def _strokes(element: Element) -> int:
    """Beams of a tremolo that stands on the stem ("1slash" on a grace note is no tremolo)."""
    modifier = element.get("stem.mod", "")
    if element.get("grace") or not modifier.endswith("slash") or not modifier[0].isdigit():
        return 0
    return int(modifier[0])


def _tremolo(element: Element) -> int:
    """Beams of a tremolo: given, or from the note value it is played in."""
    for name in ("beams", "num"):
        if number(element, name):
            return number(element, name)
    unit = number(element, "unitdur", 32)
    for note in element.iter():
        if number(note, "stem.mod") or note.get("stem.mod", "")[:1].isdigit():
            return int(note.get("stem.mod", "3")[0])
    return max(1, unit.bit_length() - 3)
