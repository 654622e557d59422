"""Signs that repeat the bar before → the bar itself, written out before anything counts it.

In: a tree of MusicXML (`measure-repeat`) or of MEI (`mRpt`, `mRpt2`). Out: the same tree, changed.

**Conventions.** A sign for one bar repeats the bar before it, a sign for n bars the n before; on
one staff where it stands on one. Notes are copied with their articulation, without ids, slurs, and
ties over the bar lines; dynamics and words are not written again, since they hold on. A bar that
the file has written out under its sign stays as it is.

**Knows nothing of** Verovio, which draws the sign and counts nothing under it.

**Reference.** MusicXML 4.0 `measure-repeat`; MEI 5.0 `mRpt`, `mRpt2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from valentin.reading.mei_tree import exact

__all__ = [
    "Placed",
    "again",
    "lasting_of",
    "length_of",
    "moved",
    "placed",
    "silence",
    "stands_on",
    "voice_of",
    "with_repeated_bars",
    "with_repeated_measures",
]

_MOST_BARS = 8
_ID = "{http://www.w3.org/XML/1998/namespace}id"


def with_repeated_bars(root: Element) -> bool:
    """Write out the bar repeats of partwise MusicXML; whether there was any."""
    return any([_one_part(part.findall("measure")) for part in root.findall("part")])


class _Sign(NamedTuple):
    """A repeat in force: how many bars it goes back, and the divisions when it began."""

    back: int
    divisions: str


def _one_part(measures: Sequence[Element]) -> bool:
    signs: dict[str, _Sign] = {}
    divisions, found = "", False
    for i, measure in enumerate(measures):
        for attributes in measure.findall("attributes"):
            divisions = attributes.findtext("divisions") or divisions
            found |= _taken(attributes, signs, divisions)
        for staff, sign in signs.items():
            if i >= sign.back and sign.divisions == divisions:
                _copy(measures[i - sign.back], measure, staff)
    return found


def _taken(attributes: Element, signs: dict[str, _Sign], divisions: str) -> bool:
    """Take the signs of one `attributes` out of it and into `signs`, by staff ("" for all)."""
    found = False
    for style in attributes.findall("measure-style"):
        repeat = style.find("measure-repeat")
        if repeat is None:
            continue
        staff, found = style.get("number", ""), True
        attributes.remove(style)
        if repeat.get("type") == "stop":
            signs.pop(staff, None)
            continue
        bars = exact(repeat.text) or Fraction(1)
        signs[staff] = _Sign(min(max(1, int(bars)), _MOST_BARS), divisions)
    return found


class Placed(NamedTuple):
    """A note element with its place in divisions from the start of the bar."""

    note: Element
    onset: Fraction
    lasting: Fraction


def _copy(model: Element, bar: Element, staff: str) -> None:
    """Replace what a staff of `bar` holds by what it holds in `model`."""
    if any(n.find("pitch") is not None and stands_on(n, staff) for n in bar.findall("note")):
        return  # the file has written it out itself
    copied = [row for row in placed(model) if stands_on(row.note, staff)]
    end = max((row.onset + row.lasting for row in copied), default=Fraction(0))
    for row in list(placed(bar)):
        if stands_on(row.note, staff):
            silence(bar, row)
    now = length_of(bar)
    for voice in dict.fromkeys(voice_of(row.note) for row in copied):
        if now:
            bar.append(moved("backup", now))
        now = Fraction(0)
        for row in (row for row in copied if voice_of(row.note) == voice):
            if row.note.find("chord") is None and row.onset > now:
                bar.append(moved("forward", row.onset - now))
            bar.append(again(row, Fraction(0), end))
            now = max(now, row.onset + row.lasting)


def silence(bar: Element, row: Placed) -> None:
    """Take a note out and leave its time."""
    place = list(bar).index(row.note)
    bar.remove(row.note)
    if row.lasting and row.note.find("chord") is None:
        bar.insert(place, moved("forward", row.lasting))


def again(row: Placed, start: Fraction, end: Fraction) -> Element:
    """The note once more, with no id and with no tie that leads out of the stretch."""
    note = deepcopy(row.note)
    note.attrib.pop("id", None)
    beyond = {"stop": row.onset == start, "start": row.onset + row.lasting >= end, "continue": True}
    notations = note.findall("notations")
    for parent, tag in [(note, "tie"), *((n, "tied") for n in notations)]:
        for tie in parent.findall(tag):
            if beyond.get(tie.get("type", ""), False):
                parent.remove(tie)
    for parent in notations:
        for slur in parent.findall("slur"):
            parent.remove(slur)
    return note


def placed(measure: Element) -> Iterator[Placed]:
    """The notes of a bar with their places."""
    now = onset = Fraction(0)
    for element in measure:
        lasting = lasting_of(element)
        if element.tag == "backup":
            now = max(Fraction(0), now - lasting)
        elif element.tag == "forward":
            now += lasting
        elif element.tag == "note":
            if element.find("chord") is None:
                onset = now
                now += lasting
            yield Placed(element, onset, lasting)


def length_of(measure: Element) -> Fraction:
    """Where the pen stands at the end of the bar."""
    now = Fraction(0)
    for element in measure:
        if element.tag == "backup":
            now = max(Fraction(0), now - lasting_of(element))
        elif element.tag == "forward" or (element.tag == "note" and element.find("chord") is None):
            now += lasting_of(element)
    return now


def lasting_of(element: Element) -> Fraction:
    """Divisions that an element moves the pen on or back."""
    if element.find("grace") is not None:
        return Fraction(0)
    return max(exact(element.findtext("duration")) or Fraction(0), Fraction(0))


def stands_on(note: Element, staff: str) -> bool:
    """Whether a note is on a staff ("": on any)."""
    return not staff or (note.findtext("staff") or "1") == staff


def voice_of(note: Element) -> str:
    """The voice of a note."""
    return note.findtext("voice") or "1"


def moved(tag: str, lasting: Fraction) -> Element:
    """A `backup` or `forward` of so many divisions."""
    element = Element(tag)
    whole = lasting.denominator == 1
    SubElement(element, "duration").text = str(lasting.numerator if whole else float(lasting))
    return element


def with_repeated_measures(root: Element) -> bool:
    """Write out `mRpt` and `mRpt2` of an MEI tree without namespaces; whether there was any."""
    found = False
    measures = list(root.iter("measure"))
    for i, measure in enumerate(measures):
        for staff in measure.findall("staff"):
            for layer in staff.findall("layer"):
                sign = next((e for e in layer if e.tag in ("mRpt", "mRpt2")), None)
                if sign is None:
                    continue
                back = 2 if sign.tag == "mRpt2" else 1
                found |= _filled(layer, sign, staff, measures, i, back)
    return found


def _filled(
    layer: Element, sign: Element, staff: Element, measures: Sequence[Element], i: int, back: int
) -> bool:
    """Put into a layer what stands in it `back` bars before; a sign for two fills the next too."""
    model = _layer(measures, i - back, staff, layer)
    if model is None:
        return False
    _put(layer, sign, model)
    if back == 2:
        after, second = _layer(measures, i + 1, staff, layer), _layer(measures, i - 1, staff, layer)
        if after is not None and second is not None and not after.findall(".//note"):
            for element in list(after):
                after.remove(element)
            _put(after, None, second)
    return True


def _layer(measures: Sequence[Element], i: int, staff: Element, layer: Element) -> Element | None:
    if not 0 <= i < len(measures):
        return None
    staves = [s for s in measures[i].findall("staff") if s.get("n", "1") == staff.get("n", "1")]
    layers = staves[0].findall("layer") if staves else []
    same = [one for one in layers if one.get("n", "1") == layer.get("n", "1")]
    return next(iter(same or layers), None)


def _put(layer: Element, sign: Element | None, model: Element) -> None:
    if sign is not None:
        layer.remove(sign)
    for element in model:
        copied = deepcopy(element)
        for inner in copied.iter():
            inner.attrib.pop(_ID, None)
            inner.attrib.pop("tie", None)
        layer.append(copied)
