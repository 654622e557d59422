"""Measures → note heads and rests with exact onsets, by summing the layers.

In: the `Measure` rows, and what the source `Told` of them. Out: a `Layout`: heads (ties not yet
summed), rests, and where each bar lies.

**Conventions.** Quarters as Fractions, 0 at the first bar. A bar lasts as long as its longest
layer, or as its metre says where it holds only whole-bar rests. A grace note stands at the place
of the note after it and lasts 0. What the source says of time itself is believed where it has the
same bars; elsewhere written values and tuplets are multiplied out.

**Knows nothing of** pitch, marks, ties, repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.reading.frame import Measure, Stave, bar_quarters
from valentin.reading.mei_tree import duration_q, id_of, number
from valentin.reading.told import Told

__all__ = ["Head", "Layout", "Rest", "Span", "laid_out"]

_CONTAINERS = frozenset(
    "beam supplied add corr reg expan lem unclear damage restore ligature orig rdg".split()  # noqa: SIM905
)
_REPEATED = frozenset(("mRpt", "mRpt2", "multiRpt", "beatRpt", "halfmRpt"))
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
    """One bar in time, the staves that fall short of it or overrun it, signs not written out."""

    start_q: Fraction
    length_q: Fraction
    uneven: tuple[tuple[int, Fraction], ...] = ()
    repeated: bool = False


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
            _Walk(stave, number(layer, "n", 1), bar, now, told).through(layer)
            for staff in measure.element.findall("staff")
            for stave in [_stave(measure, number(staff, "n"))]
            for layer in staff.findall("layer")
        ]
        heads += (head for walk in walks for head in walk.heads)
        rests += (rest for walk in walks for rest in walk.rests)
        repeated = any(walk.repeated for walk in walks)
        if told is not None:
            spans.append(Span(*told.bars[bar], repeated=repeated))
        else:
            spans.append(_span(measure, now, [w for w in walks if w.counted], repeated))
        now = spans[-1].start_q + spans[-1].length_q
    return Layout(tuple(heads), tuple(rests), tuple(spans))


def _span(measure: Measure, now: Fraction, walks: list[_Walk], repeated: bool) -> Span:
    """A bar as long as its longest layer."""
    longest: dict[int, Fraction] = {}
    for walk in walks:
        longest[walk.stave.n] = max(longest.get(walk.stave.n, walk.now), walk.now)
    whole = bar_quarters(measure.signature)
    length = max(longest.values(), default=now) - now or whole
    uneven = tuple((n, end - now) for n, end in longest.items() if end - now != length)
    return Span(now, length, uneven, repeated)


def _stave(measure: Measure, n: int) -> Stave:
    return next((s for s in measure.staves if s.n == n), Stave(n, "P1", n))


class _Walk:
    """A pen that goes along one layer and writes heads."""

    def __init__(
        self, stave: Stave, layer: int, bar: int, now: Fraction, told: Told | None
    ) -> None:
        self.stave, self.layer, self.bar, self.now = stave, layer, bar, now
        self.told = told.notes if told is not None else {}
        self.heads: list[Head] = []
        self.rests: list[Rest] = []
        self.counted = self.repeated = self.alternating = False

    def through(self, layer: Element) -> _Walk:
        """Itself, gone along the layer."""
        self.children(layer, Fraction(1))
        return self

    def children(self, container: Element, ratio: Fraction, strokes: int = 0) -> None:
        for child in container:
            self.one(child, ratio, strokes)

    def one(self, child: Element, ratio: Fraction, strokes: int) -> None:
        tag = child.tag
        if tag in ("note", "chord"):
            self.strike(child, ratio, strokes or _strokes(child))
        elif tag in ("rest", "mRest"):
            onset, _ = self.told.get(id_of(child), (self.now, None))
            self.rests.append(Rest(id_of(child), self.stave, self.bar, onset))
            self.now += self.duration(child, ratio) if tag == "rest" else 0
            self.counted |= tag == "rest"
        elif tag in _REPEATED:
            self.repeated = True
        elif tag == "space":
            self.now += self.duration(child, ratio)
            self.counted = True
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
        elif tag in _EDITORIAL and len(child):
            self.children(child[0], ratio, strokes)

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
            printed = number(note, "staff") or number(element, "staff") or self.stave.n
            self.heads.append(
                Head(
                    note, chord, self.stave, printed, self.layer, self.bar,
                    onset, own, grace, strokes,
                    self.alternating, "false" in (note.get("visible"), element.get("visible")),
                    "true" in (note.get("cue"), element.get("cue")),
                )
            )  # fmt: skip
        self.now += lasting
        self.counted = True


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
