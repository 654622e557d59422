"""What MusicXML itself says of time: where each note and each bar stands, ties, repeats.

In: MusicXML text. Out: the same music with an id on every note, and what it `Told`.

Verovio gives `forward` elements back as note values it knows and drops what does not fit, which
moves the notes after them: in 66 of 208 scores some note came out of place, in some nearly all of
them; it loses a repeat sign here and a tie across voices there. The durations that the file gives
are exact, so times, ties and repeats of MusicXML are taken from them, and from MEI where a source
has no such count.

**Conventions.** A cursor per part runs through notes, backups and forwards, and never to before
the bar; a bar is as long as the furthest that any cursor came in it. Quarters as Fractions, 0 at
the first bar.

**Knows nothing of** MEI, pitch, marks.

**Reference.** MusicXML 4.0 (W3C, 2021), elements `divisions`, `duration`, `backup`, `forward`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from math import lcm
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from valentin.reading.mei_tree import exact
from valentin.reading.names import names_in_musicxml
from valentin.reading.signs import signs_of_musicxml
from valentin.reading.told import Told

__all__ = ["by_parts", "told_by", "with_ids"]


Ticks = int | Fraction
_MOST_DIVISIONS = 1 << 24
_DIGITS = 10
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def with_ids(root: Element) -> bool:
    """Give every note that has no id of its own one; whether anything was changed.

    An id that another note has already is replaced: it is the one key to everything.
    """
    taken: set[str] = set()
    lacking: list[Element] = []
    for note in root.iter("note"):
        name = note.get("id", "")
        if not name or name in taken:
            lacking.append(note)
        taken.add(name)
    fresh = (name for i in count(1) if (name := f"n{i}") not in taken)
    for note in lacking:
        note.set("id", next(fresh))
    return bool(lacking)


def by_parts(root: Element) -> Element:
    """A timewise score turned inside out; a partwise one as it is."""
    if root.tag != "score-timewise":
        return root
    turned = Element("score-partwise", root.attrib)
    turned.extend(child for child in root if child.tag != "measure")
    parts: dict[str, Element] = {}
    for measure in root.findall("measure"):
        for part in measure.findall("part"):
            name = part.get("id", "")
            if name not in parts:
                parts[name] = SubElement(turned, "part", {"id": name})
            SubElement(parts[name], "measure", measure.attrib).extend(part)
    return turned


def told_by(root: Element) -> Told:
    """Where the notes of a partwise score stand."""
    scale = _ticks_per_quarter(root)
    cursors = [_Cursor(scale) for _ in root.findall("part")]
    parts = [part.findall("measure") for part in root.findall("part")]
    notes: dict[str, tuple[Fraction, Fraction]] = {}
    bars: list[tuple[Fraction, Fraction]] = []
    tied: list[_Tied] = []
    now: Ticks = 0
    for bar in range(max((len(measures) for measures in parts), default=0)):
        length: Ticks = 0
        for i, (cursor, measures) in enumerate(zip(cursors, parts, strict=True)):
            if bar < len(measures):
                for note, onset, lasting in cursor.notes(measures[bar]):
                    place = Fraction(now + onset, scale), Fraction(lasting, scale)
                    notes[note.get("id", "")] = place
                    tied += _tied(note, i, now + onset, lasting)
                length = max(length, cursor.furthest)
        bars.append((Fraction(now, scale), Fraction(length, scale)))
        now += length
    signs = tuple(signs_of_musicxml(root))
    title, composer = names_in_musicxml(root)
    return Told(notes, tuple(bars), (), tuple(_pairs(tied)), signs, title=title, composer=composer)


def _ticks_per_quarter(root: Element) -> int:
    """The least common multiple of all divisions: whole numbers are ten times as fast."""
    every = {_number(element, "divisions") for element in root.iter("attributes")}
    whole = [int(q) for q in every if q and q.denominator == 1 and q <= _MOST_DIVISIONS]
    scale = lcm(*whole)
    return scale if scale <= _MOST_DIVISIONS else 1


class _Tied(NamedTuple):
    """One end of a tie."""

    type: str  # "start" | "stop"
    id: str
    key: tuple[int, int]  # part, pitch
    voice: str
    at: Ticks  # where the tie meets the next note


def _tied(note: Element, part: int, onset: Ticks, lasting: Ticks) -> Iterator[_Tied]:
    """The ends of ties that a note carries, sounding (`tie`) or only drawn (`tied`)."""
    types = {tie.get("type", "") for tie in (*note.iter("tie"), *note.iter("tied"))}
    if not types & {"start", "stop", "continue"}:
        return
    if "continue" in types:
        types |= {"start", "stop"}
    key = (part, _pitch(note))
    name, voice = note.get("id", ""), note.findtext("voice") or ""
    if "stop" in types:
        yield _Tied("stop", name, key, voice, onset)
    if "start" in types:
        yield _Tied("start", name, key, voice, onset + lasting)


def _pitch(note: Element) -> int:
    """Written pitch in semitones; what is no pitch is far below."""
    pitch = note.find("pitch")
    if pitch is None:
        return -1
    octave, alter = _number(pitch, "octave"), exact(pitch.findtext("alter")) or 0
    return int(12 * octave + alter) + _SEMITONES.get(pitch.findtext("step") or "", 0)


def _pairs(tied: Sequence[_Tied]) -> Iterator[tuple[str, str]]:
    """Each start with the stop of its pitch where it ends: of its own voice before any other."""
    stops: dict[tuple[tuple[int, int], Ticks], list[_Tied]] = {}
    for end in tied:
        if end.type == "stop":
            stops.setdefault((end.key, end.at), []).append(end)
    late = []
    for start in (end for end in tied if end.type == "start"):
        there = stops.get((start.key, start.at), [])
        own = next((s for s in there if s.voice == start.voice and s.id != start.id), None)
        if own is None:
            late.append(start)
            continue
        there.remove(own)
        yield start.id, own.id
    for start in late:
        there = [s for s in stops.get((start.key, start.at), []) if s.id != start.id]
        if there:
            stops[start.key, start.at].remove(there[0])
            yield start.id, there[0].id


class _Cursor:
    """Runs along one part, bar by bar, in ticks of 1/`scale` quarter."""

    def __init__(self, scale: int) -> None:
        self.scale = scale
        self.per_division: Ticks = scale
        self.furthest: Ticks = 0

    def notes(self, measure: Element) -> Iterator[tuple[Element, Ticks, Ticks]]:
        """(note, onset from the start of the bar, duration); then `furthest` is its length."""
        now: Ticks = 0
        onset: Ticks = 0
        self.furthest = 0
        for element in measure:
            tag = element.tag
            if tag == "attributes":
                divisions = _number(element, "divisions")
                self.per_division = _divided(self.scale, divisions) or self.per_division
            elif tag == "backup":
                now = max(0, now - self.ticks(element))
            elif tag == "forward":
                now += self.ticks(element)
            elif tag == "note":
                lasting = self.ticks(element)
                if element.find("chord") is None:
                    onset = now
                    now += lasting
                yield element, onset, lasting
            self.furthest = max(self.furthest, now)

    def ticks(self, element: Element) -> Ticks:
        """What its duration says; a grace note has none."""
        if element.find("grace") is not None:
            return 0
        lasting = _number(element, "duration") * self.per_division
        return lasting.numerator if lasting.denominator == 1 else lasting


def _divided(scale: int, divisions: Ticks) -> Ticks:
    """Ticks of a division, 0 where there are no divisions."""
    ratio = Fraction(scale, divisions) if divisions else Fraction(0)
    return ratio.numerator if ratio.denominator == 1 else ratio


def _number(element: Element, name: str) -> Ticks:
    text = element.findtext(name) or ""
    if text.isdecimal() and text.isascii() and len(text) < _DIGITS:
        return int(text)
    return max(exact(text) or 0, 0)
