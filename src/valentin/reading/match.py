"""A match file becomes a take and its alignment: file → (Performance, Alignment).

In: a .match file of any version since 0.1 (collections in use have 0.x, 5.0 and 1.0.0). Out: the
performance, its pedals, and every note's label.

**Conventions.** Score ids are the file's own with the rendering (`n12-2`; a file without renderings
gets `-1`). Performed notes are renamed `p0, p1, …` by (onset, pitch). The offset is the key going
up, never the damped one. A played note has one score note: of several lines that claim it the first
match counts. The file's places in the score (bars, beats) are not read: old files give only their
first metre, so quarters are counted from the score.
Two labels have no line of their own in the format; our files carry them as attributes of the score
note, which other readers pass over: `run2` (the stretch of playing), and on a deletion `wrong:n7`
or `unsure:n7` (the played note meant, itself an insertion line).

**Knows nothing of** the score, and whether the alignment is right.

**Reference.** F. Foscarin et al., "The match file format: Encoding Alignments between Scores and
Performances", Music Encoding Conference 2022. Versions 0.x go back to G. Widmer, "Discovering
simple rules in complex data", Artificial Intelligence 146 (2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from valentin.errors import ReadError
from valentin.music import Alignment, Match, PedalEvent, Performance, PerformedNote
from valentin.reading.bounded import bytes_of, unplayable

__all__ = ["match_score_notes", "read_match"]

Label = Literal["match", "missed", "extra", "ornament", "wrong", "unsure"]

SNOTE = re.compile(
    r"snote\(([^,()]+),\[(\w),([^\],]*)\],(-?\d+),(?:[^\[]*\[([^\]]*)\])?.*\)-"
    r"(note|deletion|trailing_score_note)"
)
NOTE = re.compile(r"(?:^|[^s])note\(([^()]+)\)")
ORNAMENT = re.compile(r"(?:trill|ornament)\(([^,()]+)[^()]*\)-")
PEDAL = re.compile(r"(sustain|soft)\((-?\d+),(\d+)\)")
CLOCK = re.compile(r"info\((midiClockUnits|midiClockRate),(\d+)\)")

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ALTERS = {"n": 0, "": 0, "#": 1, "b": -1, "x": 2, "##": 2, "bb": -2, "###": 3, "bbb": -3}
CLOCK_DEFAULT = {"midiClockUnits": 480, "midiClockRate": 500_000}
"""Ticks per quarter and microseconds per quarter where a file does not say."""
LARGEST_BYTES = 64 << 20
PLAYED_WITHOUT_SCORE = ("insertion-", "hammer_bounce-", "trailing_played_note-")
TIED = "leftOutTied"
"""Attribute by which old files mark the tied continuation of a note: not a note of its own."""


def read_match(path: Path) -> tuple[Performance, Alignment]:
    """The take in a match file and its alignment. Raises ReadError for what is no match file."""
    book = _Book.of(path)
    played = sorted(
        ((key, note) for key, note in book.notes.items()),
        key=lambda row: (row[1].onset, row[1].pitch, row[1].offset),
    )
    names = {key: f"p{i}" for i, (key, _) in enumerate(played)}
    seconds = book.clock["midiClockRate"], book.clock["midiClockUnits"] * 1_000_000
    notes = tuple(
        PerformedNote(
            names[key],
            note.part,
            note.onset * seconds[0] / seconds[1],
            note.offset * seconds[0] / seconds[1],
            note.pitch,
            note.velocity,
        )
        for key, note in played
    )
    beyond = unplayable([n.onset_s for n in notes], [n.offset_s for n in notes])
    if beyond:
        raise ReadError(f"Reading `{path.name}`: {beyond}.", path=str(path))
    pedal = tuple(
        PedalEvent(tick * seconds[0] / seconds[1], control, value)
        for tick, control, value in sorted(book.pedal, key=lambda row: row[0])
    )
    return Performance(notes, pedal, path.name), _alignment(book, names)


def match_score_notes(path: Path) -> tuple[tuple[str, int], ...]:
    """(id with rendering, pitch) of every score note that the file names, in its order."""
    book = _Book.of(path)
    return tuple((key + book.rendering, pitch) for key, pitch in book.score.items())


class _Note(NamedTuple):
    onset: int
    offset: int
    pitch: int
    velocity: int
    part: str


@dataclass(slots=True)
class _Book:
    """The file's lines, sorted out: times in ticks, names as they stand in the file."""

    clock: dict[str, int] = field(default_factory=lambda: dict(CLOCK_DEFAULT))
    notes: dict[str, _Note] = field(default_factory=dict)
    score: dict[str, int] = field(default_factory=dict)
    pairs: dict[tuple[Label, str, str, int], None] = field(default_factory=dict)
    pedal: list[tuple[int, Literal["sustain", "soft"], int]] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path) -> _Book:
        """Read the file; raises ReadError naming the line that cannot be understood."""
        book = cls()
        for number, line in enumerate(_lines(path), 1):
            try:
                book._take_in(line)
            except (ValueError, KeyError) as error:
                raise ReadError(
                    f"Reading `{path.name}`: line {number} is damaged; make the match file again.",
                    path=str(path),
                    place=f"line {number}",
                ) from error
        if not book.notes:
            raise ReadError(
                f"Reading `{path.name}`: no line names a played note; give a .match file.",
                path=str(path),
            )
        return book

    @property
    def rendering(self) -> str:
        """What the file's score ids lack: `-1` where none of them has a rendering."""
        return "" if any(re.search(r"-\d+$", key) for key in self.score) else "-1"

    def _take_in(self, line: str) -> None:
        if line.startswith("snote("):
            self._score_line(line)
        elif line.startswith(PLAYED_WITHOUT_SCORE):
            self.pairs["extra", "", self._played(line), 0] = None
        elif line.startswith(("ornament(", "trill(")):
            anchor = _found(ORNAMENT, line)[1]
            self.pairs["ornament", anchor, self._played(line), 0] = None
        elif line.startswith(("sustain(", "soft(")):
            name, tick, value = _found(PEDAL, line).groups()
            control: Literal["sustain", "soft"] = "sustain" if name == "sustain" else "soft"
            self.pedal.append((int(tick), control, min(127, int(value))))
        elif clock := CLOCK.match(line):
            if int(clock[2]) == 0:
                raise ValueError("the clock stands still")
            self.clock[clock[1]] = int(clock[2])

    def _score_line(self, line: str) -> None:
        name, step, alter, octave, words, other = _found(SNOTE, line).groups()
        attributes = (words or "").split(",")
        if TIED in attributes:
            return
        self.score[name] = _pitch(step, alter, octave)
        run = next((int(a[3:]) for a in attributes if re.fullmatch(r"run\d{1,6}", a)), 0)
        if other == "note":
            self.pairs["match", name, self._played(line), run] = None
            return
        halves = [a.split(":", 1) for a in attributes if a.startswith(("wrong:", "unsure:"))]
        for label, played in halves:
            self.pairs["wrong" if label == "wrong" else "unsure", name, played, run] = None
        if not halves:
            self.pairs["missed", name, "", run] = None

    def _played(self, line: str) -> str:
        """Store the played note of a line; its name, made unlike others where two share it."""
        fields = re.sub(r"[\[\]\s]", "", _found(NOTE, line)[1]).split(",")
        note = _note(fields)
        name = fields[0]
        while self.notes.setdefault(name, note) != note:
            name += "'"
        return name


def _alignment(book: _Book, names: dict[str, str]) -> Alignment:
    rows: dict[Label, list[Match]] = {
        "match": [], "ornament": [], "wrong": [], "unsure": [], "missed": [], "extra": [],
    }  # fmt: skip
    claimed: set[str] = set()
    heard: set[str] = set()
    tag = book.rendering
    for wanted in rows:
        for label, name, played, run in book.pairs:
            if label != wanted or played in claimed or (label == "missed" and name in heard):
                continue
            rows[label].append(Match(name and name + tag, names.get(played, ""), run))
            claimed |= {played} - {""}
            heard |= {name}
    found = {m.score_id for m in rows["match"] + rows["wrong"]}
    return Alignment(
        matches=tuple(rows["match"]),
        wrong=tuple(rows["wrong"]),
        missed=tuple(rows["missed"]),
        extra=tuple(rows["extra"]),
        ornaments=tuple(rows["ornament"]),
        unsure=tuple(rows["unsure"]),
        coverage=len(found) / max(1, len(found) + len(rows["missed"])),
    )


def _note(fields: list[str]) -> _Note:
    """A played note: id, pitch (a number, or step, alter, octave), on, off, and the rest."""
    if len(fields) < 7:
        raise ValueError(f"a note needs seven fields, got {len(fields)}")
    part = "track 1"
    if fields[1].isdigit():
        pitch = int(fields[1])
        onset, offset, velocity = (int(f) for f in fields[2:5])
        part = f"track {int(fields[6]) + 1}"
    else:
        pitch = _pitch(*fields[1:4])
        onset, offset = (round(float(f)) for f in fields[4:6])
        velocity = int(fields[-1])
    if not (0 <= pitch <= 127 and 1 <= velocity <= 127 and onset <= offset):
        raise ValueError("a note that no piano plays")
    return _Note(onset, offset, pitch, velocity, part)


def _pitch(step: str, alter: str, octave: str) -> int:
    return 12 * (int(octave) + 1) + STEPS[step.upper()] + ALTERS[alter]


def _found(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    found = pattern.search(line)
    if not found:
        raise ValueError(f"not understood: {line[:80]}")
    return found


def _lines(path: Path) -> Iterator[str]:
    text = bytes_of(path, LARGEST_BYTES).decode("utf-8", "replace")
    return iter(text.splitlines())
