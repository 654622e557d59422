"""Signs that repeat a beat, or half a bar → the notes themselves, written out before the count.

In: a tree of MusicXML (`beat-repeat`) or of MEI (`beatRpt`, `halfmRpt`). Out: the same tree,
changed.

**Conventions.** A sign repeats what its staff (MusicXML) or its layer (MEI) holds in the beat
before it; a beat is the unit of the metre, three units in compound time. Notes are copied without
ids, slurs and ties that lead out. A beat that the file has written out under its sign stays as it
is. A sign after notes that begin before the beat or last beyond it is left, and named later.

**Knows nothing of** Verovio, which draws the sign and counts nothing under it.

**Reference.** MusicXML 4.0 `beat-repeat`; MEI 5.0 `beatRpt`, `halfmRpt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element

from valentin.reading.mei_tree import duration_q, exact, number
from valentin.reading.repeated_bars import (
    Placed,
    again,
    lasting_of,
    length_of,
    moved,
    placed,
    silence,
    stands_on,
    voice_of,
)

__all__ = ["with_repeated_beats", "with_repeated_layers"]

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_TIMED = frozenset(("note", "chord", "rest", "space"))


def with_repeated_beats(root: Element) -> bool:
    """Write out the beat repeats of partwise MusicXML; whether there was any."""
    found = False
    for part in root.findall("part"):
        clock, open_at = _Clock(), dict[str, Fraction]()
        before: Element | None = None
        for measure in part.findall("measure"):
            clock.read(measure)
            for stretch in list(_stretches(measure, open_at)):
                found |= _fill(measure, before, stretch, clock.beat())
            open_at = dict.fromkeys(open_at, Fraction(0))
            before = measure
    return found


class _Clock:
    """The metre and the divisions of a part, as they stand."""

    def __init__(self) -> None:
        self.divisions, self.count, self.unit = Fraction(1), 4, 4

    def read(self, measure: Element) -> None:
        for attributes in measure.findall("attributes"):
            self.divisions = exact(attributes.findtext("divisions")) or self.divisions
            count, unit = attributes.findtext("time/beats"), attributes.findtext("time/beat-type")
            if (count or "").isdecimal() and (unit or "").isdecimal():
                self.count, self.unit = int(count or 4), max(1, int(unit or 4))

    def beat(self) -> Fraction:
        """Divisions of a beat."""
        return self.divisions * beat_q(self.count, self.unit)


def beat_q(count: int, unit: int) -> Fraction:
    """Quarters of a beat: the unit of the metre, three of them in compound time."""
    compound = count > 3 and count % 3 == 0 and unit >= 8
    return Fraction(4 * (3 if compound else 1), unit)


class _Stretch(NamedTuple):
    """Where beats are repeated on a staff ("" for all), in divisions, and the sign that says so."""

    staff: str
    start: Fraction
    end: Fraction
    holder: Element | None
    style: Element | None


def _stretches(measure: Element, open_at: dict[str, Fraction]) -> Iterator[_Stretch]:
    """The stretches of a bar; `open_at` is where those that go on began."""
    now = Fraction(0)
    signs: dict[str, tuple[Element, Element]] = {}
    for element in measure:
        if element.tag == "backup":
            now = max(Fraction(0), now - lasting_of(element))
        elif element.tag == "forward" or (element.tag == "note" and element.find("chord") is None):
            now += lasting_of(element)
        for style in element.findall("measure-style") if element.tag == "attributes" else ():
            repeat, staff = style.find("beat-repeat"), style.get("number", "")
            if repeat is not None and repeat.get("type") == "start":
                open_at[staff], signs[staff] = now, (element, style)
            elif repeat is not None and staff in open_at:
                element.remove(style)
                yield _Stretch(staff, open_at.pop(staff), now, *signs.get(staff, (None, None)))
    end = length_of(measure)
    for staff, start in open_at.items():
        yield _Stretch(staff, start, end, *signs.get(staff, (None, None)))


def _fill(measure: Element, before: Element | None, stretch: _Stretch, beat: Fraction) -> bool:
    """Write a stretch out, beat by beat; whether all of it could be."""
    now, whole = stretch.start, True
    while now + beat <= stretch.end:
        rows = [row for row in placed(measure) if stands_on(row.note, stretch.staff)]
        here = [row for row in rows if now <= row.onset < now + beat]
        if not any(row.note.find("pitch") is not None for row in here):
            model, offset = rows, now - beat
            if offset < 0 and before is not None:
                model = [row for row in placed(before) if stands_on(row.note, stretch.staff)]
                offset = length_of(before) - beat
            whole &= _repeat(measure, [r for r in model if r.onset >= offset], offset, now, beat)
        now += beat
    if whole and stretch.holder is not None and stretch.style is not None:
        stretch.holder.remove(stretch.style)
    return whole


def _repeat(
    measure: Element, model: Sequence[Placed], offset: Fraction, now: Fraction, beat: Fraction
) -> bool:
    """Put what stands in the beat from `offset` into the beat from `now`."""
    chosen = [row for row in model if row.onset < offset + beat]
    pitched = [row for row in chosen if row.note.find("pitch") is not None]
    if not pitched or any(row.onset + row.lasting > offset + beat for row in chosen):
        return False
    staves = {row.note.findtext("staff") or "1" for row in chosen}
    for row in list(placed(measure)):
        rests = row.note.find("rest") is not None and now <= row.onset < now + beat
        if rests and (row.note.findtext("staff") or "1") in staves:
            silence(measure, row)
    for voice in dict.fromkeys(voice_of(row.note) for row in pitched):
        at = length_of(measure)
        measure.append(moved("backup", at - now) if at > now else moved("forward", now - at))
        place = Fraction(0)
        for row in (row for row in pitched if voice_of(row.note) == voice):
            if row.note.find("chord") is None and row.onset - offset > place:
                measure.append(moved("forward", row.onset - offset - place))
                place = row.onset - offset
            measure.append(again(row, offset, offset + beat))
            place = max(place, row.onset - offset + row.lasting)
    return True


def with_repeated_layers(root: Element) -> bool:
    """Write out `beatRpt` and `halfmRpt` of an MEI tree without namespaces; whether it could."""
    found = False
    before: dict[tuple[str, str], list[Element]] = {}
    count, unit = 4, 4
    for element in list(root.iter()):
        if element.tag in ("scoreDef", "staffDef"):
            count, unit = number(element, "meter.count", count), number(element, "meter.unit", unit)
        elif element.tag == "meterSig":
            count, unit = number(element, "count", count), number(element, "unit", unit)
        elif element.tag == "measure" and count > 0 and unit > 0:
            lengths = {"beatRpt": beat_q(count, unit), "halfmRpt": Fraction(2 * count, unit)}
            for staff in element.findall("staff"):
                for layer in staff.findall("layer"):
                    place = (staff.get("n", "1"), layer.get("n", "1"))
                    found |= _layer(layer, before.get(place, []), lengths)
                    before[place] = list(layer)
    return found


def _layer(layer: Element, before: list[Element], lengths: dict[str, Fraction]) -> bool:
    """Fill the signs of one layer; `before` is what the layer held in the bar before."""
    found = False
    for sign in [e for e in layer if e.tag in lengths]:
        place = list(layer).index(sign)
        model = _tail([*before, *list(layer)[:place]], lengths[sign.tag])
        if model is None or not any(e.tag != "rest" for e in model):
            continue
        layer.remove(sign)
        for i, element in enumerate(model):
            layer.insert(place + i, _fresh(element))
        found = True
    return found


def _tail(elements: Sequence[Element], need: Fraction) -> list[Element] | None:
    """The last elements that last so many quarters together, None where none do."""
    chosen: list[Element] = []
    for element in reversed(elements):
        lasting = _lasting(element)
        if lasting is None:
            return None
        if lasting > need:
            inner = _tail(list(element), need) if element.tag == "beam" else None
            return None if inner is None else [*inner, *chosen]
        if element.tag in _TIMED or lasting:
            chosen.insert(0, element)
        need -= lasting
        if need == 0:
            return chosen
    return None


def _lasting(element: Element) -> Fraction | None:
    """Quarters of an element of a layer, None where that is not said."""
    if element.get("grace") or element.tag in ("clef", "graceGrp", "keySig", "barLine"):
        return Fraction(0)
    if element.tag in _TIMED:
        return duration_q(element, 0)
    if element.tag not in ("beam", "tuplet"):
        return None
    inner = [_lasting(child) for child in element]
    if any(lasting is None for lasting in inner):
        return None
    ratio = Fraction(1)
    if element.tag == "tuplet":
        ratio = Fraction(number(element, "numbase", 2), max(1, number(element, "num", 3)))
    return ratio * sum((lasting for lasting in inner if lasting is not None), Fraction(0))


def _fresh(element: Element) -> Element:
    """The element once more, with no ids and no ties."""
    copied = deepcopy(element)
    for inner in copied.iter():
        inner.attrib.pop(_ID, None)
        inner.attrib.pop("tie", None)
    return copied
