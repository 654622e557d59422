"""What MusicXML itself says of time: where each note and each bar stands, ties, repeats.

In: a tree of MusicXML. Out: the same music with an id on every note, and what it `Told`.

Verovio gives `forward` elements back as note values it knows and drops what does not fit, which
moves the notes after them: in 66 of 208 scores some note came out of place, in some nearly all of
them; it loses a repeat sign here and a tie across voices there. The durations that the file gives
are exact, so times, ties and repeats of MusicXML are taken from them, and from MEI where a source
has no such count.

**Conventions.** A cursor per part runs through notes, backups and forwards; a bar is as long as the
furthest that any cursor came in it. Quarters as Fractions, 0 at the first bar.

**Knows nothing of** MEI, pitch, marks.

**Reference.** MusicXML 4.0 (W3C, 2021), elements `divisions`, `duration`, `backup`, `forward`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from valentin.reading.frame import passes_of
from valentin.reading.mei_tree import exact
from valentin.reading.musicxml_cursor import Cursor, Ticks, number_in, ticks_per_quarter
from valentin.reading.names import names_in_musicxml
from valentin.reading.rare_signs import not_understood, ornaments_told
from valentin.reading.signs import signs_of_musicxml
from valentin.reading.told import Playback, Told

__all__ = ["by_parts", "told_by", "with_ids", "without_line_breaks", "without_multiple_rests"]


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


def without_multiple_rests(root: Element) -> bool:
    """Take out the signs that draw several bars of rest as one; whether there was any.

    Verovio leaves out the bars under one, in every part, whatever the other parts play there.
    """
    found = False
    for attributes in root.iter("attributes"):
        for style in attributes.findall("measure-style"):
            if style.find("multiple-rest") is not None:
                attributes.remove(style)
                found = True
    return found


def without_line_breaks(root: Element) -> bool:
    """Make printed words one line, since Verovio loses the break; whether any had several."""
    found = False
    for words in root.iter("words"):
        if words.text and "\n" in words.text.strip():
            words.text = " ".join(words.text.split())
            found = True
    return found


def told_by(root: Element) -> Told:
    """Where the notes of a partwise score stand, and what else it says of its time."""
    book = _Book(ticks_per_quarter(root), {}, [], [], [], [])
    book.fill([part.findall("measure") for part in root.findall("part")])
    pairs = tuple(_pairs(book.tied))
    met = {second for _, second in pairs}
    title, composer = names_in_musicxml(root)
    return Told(
        book.notes, tuple(book.bars), (), pairs, tuple(signs_of_musicxml(root)),
        entered=frozenset(e.id for e in book.tied if e.type == "stop" and e.id not in met),
        after=frozenset(n.get("id", "") for n in root.iter("note") if _is_after(n)),
        passes=dict(_passes(root)),
        pitched=frozenset(n.get("id", "") for n in root.iter("note") if _is_played(n)),
        staves=tuple(book.staves),
        playback=tuple(sorted(book.playback, key=lambda row: row.start_q)),
        ornaments=dict(ornaments_told(root)), unread=not_understood(root),
        title=title, composer=composer,
    )  # fmt: skip


@dataclass(slots=True)
class _Book:
    """What the parts say, bar by bar, in quarters but for the ties."""

    scale: int
    notes: dict[str, tuple[Fraction, Fraction]]
    bars: list[tuple[Fraction, Fraction]]
    staves: list[tuple[tuple[int, Fraction], ...]]
    tied: list[_Tied]
    playback: list[Playback]

    def fill(self, parts: Sequence[Sequence[Element]]) -> None:
        """Run along all parts at once."""
        scale = self.scale
        cursors = [Cursor(scale) for _ in parts]
        above = _staves_above(parts)
        now: Ticks = 0
        for bar in range(max(map(len, parts), default=0)):
            length: Ticks = 0
            staves: list[tuple[int, Fraction]] = []
            for i, (cursor, measures) in enumerate(zip(cursors, parts, strict=True)):
                if bar >= len(measures):
                    continue
                for note, onset, lasting in cursor.notes(measures[bar]):
                    place = Fraction(now + onset, scale), Fraction(lasting, scale)
                    self.notes[note.get("id", "")] = place
                    self.tied += _tied(note, i, now + onset, lasting)
                length = max(length, cursor.furthest)
                self.playback += cursor.playback(now)
                staves += [(above[i] + n, Fraction(q, scale)) for n, q in cursor.staves()]
            self.bars.append((Fraction(now, scale), Fraction(length, scale)))
            self.staves.append(tuple(staves))
            now += length


def _is_played(note: Element) -> bool:
    return note.find("pitch") is not None


def _is_after(note: Element) -> bool:
    return any(grace.get("steal-time-previous") for grace in note.findall("grace"))


def _passes(root: Element) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The notes that sound on some passes only, and on which."""
    for note in root.iter("note"):
        if only := note.get("time-only"):
            yield note.get("id", ""), passes_of(only)


def _staves_above(parts: Sequence[Sequence[Element]]) -> list[int]:
    """How many staves stand above each part."""
    counts = []
    for part in parts:
        named = [number_in(a, "staves") for bar in part for a in bar.findall("attributes")]
        counts.append(int(max(named, default=1)) or 1)
    return [sum(counts[:i]) for i in range(len(parts))]


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
    octave, alter = number_in(pitch, "octave"), exact(pitch.findtext("alter")) or 0
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
