"""A `Sketch` becomes MusicXML, so that a score MIDI is read and engraved like any other score.

In: notes on beats, metres, keys. Out: MusicXML text with a voice for every line that overlaps
another, ties over bar lines, tuplets, beams and accidentals.

**Conventions.** Voices 1 to 4 are on the upper staff, 5 to 8 on the next. A note whose length is no
note value is written as several, tied.

**Knows nothing of** MIDI, and of how the result looks.

**Reference.** MusicXML 4.0 (W3C, 2021).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from valentin.reading.midi_sketch import Sketch, SketchKey, SketchMetre, SketchNote
from valentin.reading.note_values import (
    Piece,
    beams,
    in_key,
    note_value,
    spelled,
    split_value,
    tuplet_ends,
)

__all__ = ["musicxml_of"]

VOICES_A_STAFF = 4
SIGNS = {0: "natural", 1: "sharp", -1: "flat", 2: "double-sharp", -2: "flat-flat"}


Voices = dict[int, list[list[SketchNote]]]
"""Voice number → its chords in time order, each a list of notes."""


class _Bar(NamedTuple):
    start_q: Fraction
    end_q: Fraction
    metre: SketchMetre
    key: SketchKey
    new_metre: bool
    new_key: bool


def musicxml_of(sketch: Sketch) -> str:
    """The sketch as MusicXML text."""
    bars = _bars(sketch)
    lengths = [n.duration_q.denominator for n in sketch.notes]
    places = [n.onset_q.denominator for n in sketch.notes]
    divisions = lcm(64, *(bar.end_q.denominator for bar in bars), *lengths, *places)
    root = Element("score-partwise", version="4.0")
    SubElement(SubElement(root, "work"), "work-title").text = sketch.title
    listed = SubElement(root, "part-list")
    for i, part in enumerate(sketch.parts):
        entry = SubElement(listed, "score-part", id=f"P{i + 1}")
        SubElement(entry, "part-name").text = part.name
    for i, part in enumerate(sketch.parts):
        element = SubElement(root, "part", id=f"P{i + 1}")
        notes = [note for note in sketch.notes if note.part == i]
        voices = _by_bar(_voices(notes, part.staves), bars)
        tempi = sketch.tempi if i == 0 else ()
        for number, bar in enumerate(bars):
            measure = SubElement(element, "measure", number=str(number + 1))
            writer = _Measure(measure, bar, divisions, part.staves)
            writer.head(number == 0, tempi)
            writer.voices(voices[number])
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _bars(sketch: Sketch) -> list[_Bar]:
    """Bars up to the end of the last note; a new metre begins a new bar."""
    end = max(note.onset_q + note.duration_q for note in sketch.notes)
    starts = [metre.start_q for metre in sketch.metres]
    keys = [key.start_q for key in sketch.keys]
    rows: list[_Bar] = []
    now = Fraction(0)
    while now < end:
        metre = sketch.metres[bisect_right(starts, now) - 1]
        key = sketch.keys[max(0, bisect_right(keys, now) - 1)]
        after = now + Fraction(4 * metre.beats, metre.unit)
        following = next((q for q in starts if now < q < after), after)
        before = rows[-1] if rows else None
        rows.append(
            _Bar(
                now,
                following,
                metre,
                key,
                before is None or before.metre != metre,
                before is None or before.key != key,
            )
        )
        now = following
    return rows


def _voices(notes: Sequence[SketchNote], staves: int) -> Voices:
    """The notes of a part in voices, none of whose chords overlaps another."""
    chords: dict[tuple[Fraction, int, Fraction], list[SketchNote]] = defaultdict(list)
    for note in notes:
        chords[note.onset_q, note.staff, note.duration_q].append(note)
    free: dict[int, list[Fraction]] = {staff: [] for staff in range(staves)}
    voices: Voices = {}
    for key in sorted(chords, key=lambda k: (k[0], k[1], -max(n.pitch for n in chords[k]))):
        onset, staff, length = key
        ends = free[staff]
        place = next((i for i, end in enumerate(ends) if end <= onset), len(ends))
        ends[place : place + 1] = [onset + length]
        voices.setdefault(_voice_number(staff, place, staves), []).append(chords[key])
    return dict(sorted(voices.items()))


def _by_bar(voices: Voices, bars: Sequence[_Bar]) -> list[Voices]:
    """For every bar the voices that sound in it, each with the chords that do."""
    starts = [bar.start_q for bar in bars]
    rows: list[Voices] = [{} for _ in bars]
    for number, chords in voices.items():
        for chord in chords:
            onset, length = chord[0].onset_q, chord[0].duration_q
            first = bisect_right(starts, onset) - 1
            for i in range(first, bisect_left(starts, onset + length)):
                rows[i].setdefault(number, []).append(chord)
    return rows


def _voice_number(staff: int, place: int, staves: int) -> int:
    """Four voices a staff as usual; what is beyond them is numbered after all staves."""
    if place < VOICES_A_STAFF:
        return VOICES_A_STAFF * staff + place + 1
    return VOICES_A_STAFF * staves * (place - VOICES_A_STAFF + 2) + staff + 1


class _Measure:
    """Writes one bar of one part."""

    def __init__(self, element: Element, bar: _Bar, divisions: int, staves: int) -> None:
        self._element = element
        self._bar = bar
        self._divisions = divisions
        self._staves = staves
        self._altered: dict[tuple[int, str, int], int] = {}

    def head(self, first: bool, tempi: Iterable[tuple[Fraction, float]]) -> None:
        """Attributes and metronome marks."""
        bar = self._bar
        attributes = Element("attributes")
        if first:
            SubElement(attributes, "divisions").text = str(self._divisions)
        if bar.new_key:
            key = SubElement(attributes, "key")
            SubElement(key, "fifths").text = str(bar.key.fifths)
            SubElement(key, "mode").text = "minor" if bar.key.minor else "major"
        if bar.new_metre:
            metre = SubElement(attributes, "time")
            SubElement(metre, "beats").text = str(bar.metre.beats)
            SubElement(metre, "beat-type").text = str(bar.metre.unit)
        if first:
            SubElement(attributes, "staves").text = str(self._staves)
            for staff in range(self._staves):
                low = staff == self._staves - 1 and self._staves > 1
                clef = SubElement(attributes, "clef", number=str(staff + 1))
                SubElement(clef, "sign").text = "F" if low else "G"
                SubElement(clef, "line").text = "4" if low else "2"
        if len(attributes):
            self._element.append(attributes)
        for at, tempo in tempi:
            if bar.start_q <= at < bar.end_q:
                self._tempo(at, tempo)

    def _tempo(self, at: Fraction, tempo: float) -> None:
        direction = SubElement(self._element, "direction", placement="above")
        metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
        SubElement(metronome, "beat-unit").text = "quarter"
        SubElement(metronome, "per-minute").text = f"{tempo:.4g}"
        if at > self._bar.start_q:
            SubElement(direction, "offset").text = self._ticks(at - self._bar.start_q)
        SubElement(direction, "staff").text = "1"

    def voices(self, voices: Voices) -> None:
        """The voices that sound in the bar, each from its start; a silent bar has a rest."""
        signs = self._signs(voices)
        for place, (number, chords) in enumerate(voices.items()):
            if place:
                backup = SubElement(self._element, "backup")
                length = self._bar.end_q - self._bar.start_q
                SubElement(backup, "duration").text = self._ticks(length)
            self._line(number, chords[0][0].staff, list(self._pieces(chords)), signs)
        if not voices:
            self._line(1, 0, list(self._pieces([])), signs)

    def _pieces(self, chords: Sequence[Sequence[SketchNote]]) -> Iterator[Piece]:
        """The voice in note values, its gaps as rests."""
        now = self._bar.start_q
        for chord in chords:
            start, end = chord[0].onset_q, chord[0].onset_q + chord[0].duration_q
            yield from split_value(now, max(now, start), (), False, False)
            pitches = tuple(sorted({note.pitch for note in chord}))
            inside = max(start, self._bar.start_q), min(end, self._bar.end_q)
            yield from split_value(
                *inside, pitches, start < self._bar.start_q, end > self._bar.end_q
            )
            now = inside[1]
        yield from split_value(now, self._bar.end_q, (), False, False)

    def _signs(self, voices: Voices) -> dict[tuple[Fraction, int, int], bool]:
        """Whether a note (onset, staff, pitch) of this bar shows an accidental."""
        rows = {
            (note.onset_q, note.staff, note.pitch)
            for chords in voices.values()
            for chord in chords
            for note in chord
            if self._bar.start_q <= note.onset_q < self._bar.end_q
        }
        shown: dict[tuple[Fraction, int, int], bool] = {}
        for onset, staff, pitch in sorted(rows):
            step, alter, octave = spelled(pitch, self._bar.key.fifths)
            place = (staff, step, octave)
            usual = self._altered.get(place, in_key(step, self._bar.key.fifths))
            shown[onset, staff, pitch] = alter != usual
            self._altered[place] = alter
        return shown

    def _line(
        self,
        voice: int,
        staff: int,
        pieces: Sequence[Piece],
        signs: dict[tuple[Fraction, int, int], bool],
    ) -> None:
        tuplets = tuplet_ends(pieces)
        beamed = beams(pieces, self._bar.start_q, self._bar.metre)
        for i, piece in enumerate(pieces):
            for k, pitch in enumerate(piece.pitches or (0,)):
                note = SubElement(self._element, "note")
                if k:
                    SubElement(note, "chord")
                sign = self._pitch(note, piece, pitch, signs.get((piece.start_q, staff, pitch)))
                self._value(note, piece, voice, sign)
                SubElement(note, "staff").text = str(staff + 1)
                if beamed[i] and not k:
                    SubElement(note, "beam", number="1").text = beamed[i]
                self._notations(note, piece, tuplets[i] if not k else "")

    def _pitch(self, note: Element, piece: Piece, pitch: int, shows: bool | None) -> str:
        """Pitch and duration; the accidental to print."""
        sign = ""
        if piece.pitches:
            step, alter, octave = spelled(pitch, self._bar.key.fifths)
            element = SubElement(note, "pitch")
            SubElement(element, "step").text = step
            if alter:
                SubElement(element, "alter").text = str(alter)
            SubElement(element, "octave").text = str(octave)
            sign = SIGNS.get(alter, "") if shows and not piece.tied_from else ""
        else:
            SubElement(note, "rest")
        SubElement(note, "duration").text = self._ticks(piece.length_q)
        if piece.tied_from:
            SubElement(note, "tie", type="stop")
        if piece.tied_to:
            SubElement(note, "tie", type="start")
        return sign

    def _value(self, note: Element, piece: Piece, voice: int, sign: str) -> None:
        SubElement(note, "voice").text = str(voice)
        kind, dots, (many, normal) = note_value(piece.length_q)
        SubElement(note, "type").text = kind
        for _ in range(dots):
            SubElement(note, "dot")
        if sign:
            SubElement(note, "accidental").text = sign
        if many != normal:
            change = SubElement(note, "time-modification")
            SubElement(change, "actual-notes").text = str(many)
            SubElement(change, "normal-notes").text = str(normal)

    @staticmethod
    def _notations(note: Element, piece: Piece, tuplet: str) -> None:
        if not (piece.tied_from or piece.tied_to or tuplet):
            return
        notations = SubElement(note, "notations")
        if piece.tied_from:
            SubElement(notations, "tied", type="stop")
        if piece.tied_to:
            SubElement(notations, "tied", type="start")
        for end in tuplet.split():
            SubElement(notations, "tuplet", type=end)

    def _ticks(self, length: Fraction) -> str:
        return str(int(length * self._divisions))
