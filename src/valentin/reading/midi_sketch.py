"""A score MIDI → what is written in it, as far as a MIDI can say: notes on beats, bars, keys.

In: a Standard MIDI File as a notation program exports it. Out: a `Sketch` in quarters.

**Conventions.** Places and lengths as in `reading/midi_grid.py`. Tracks that a piano plays make one
part, the higher of two its upper staff; one track alone is divided at middle C. What was guessed is
a remark.

**Knows nothing of** engraving, and of how the music is played.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from valentin.errors import ReadError
from valentin.music import ScoreRemark
from valentin.reading.bounded import MOST_NOTES, MOST_QUARTERS
from valentin.reading.midi import TimedNote, read_smf, timed_notes, track_names
from valentin.reading.midi_grid import Clock, written_length
from valentin.reading.smf import META, Smf

__all__ = ["Sketch", "SketchKey", "SketchMetre", "SketchNote", "SketchPart", "sketch_of"]

TEMPO, TIME_SIGNATURE, KEY_SIGNATURE, PROGRAM = 0x51, 0x58, 0x59, 0xC0
PIANOS = range(8)
"""General MIDI programs of the piano family."""
PIANO_STAVES = 3
"""Tracks for one piano, at most; more tracks without a program are other instruments."""

MIDDLE_C = 60


class SketchNote(NamedTuple):
    """A note on its staff, both counted from 0."""

    onset_q: Fraction
    duration_q: Fraction
    pitch: int
    part: int
    staff: int


class SketchPart(NamedTuple):
    """An instrument."""

    name: str
    staves: int


class SketchMetre(NamedTuple):
    """A time signature and where it begins."""

    start_q: Fraction
    beats: int
    unit: int


class SketchKey(NamedTuple):
    """A key signature and where it begins."""

    start_q: Fraction
    fifths: int
    minor: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """The written music, sorted by onset; `tempi` are (place, quarters a minute)."""

    title: str
    parts: tuple[SketchPart, ...]
    notes: tuple[SketchNote, ...]
    metres: tuple[SketchMetre, ...]
    keys: tuple[SketchKey, ...]
    tempi: tuple[tuple[Fraction, float], ...]
    remarks: tuple[ScoreRemark, ...]


def sketch_of(path: Path) -> Sketch:
    """What a score MIDI holds. Raises ReadError for a file without beats or notes."""
    smf = read_smf(path)
    rows = timed_notes(smf)
    if not rows:
        raise _refusal(path, "the file holds no notes", "give a score with notes")
    if not smf.ticks_per_quarter:
        raise _refusal(path, "its clock counts film frames, not beats", "export it again")
    if max(row.off for row in rows) > MOST_QUARTERS * smf.ticks_per_quarter:
        raise _refusal(path, "it claims to be days long", "copy it again from its source")
    if len(rows) > MOST_NOTES:
        found = f"it holds {len(rows)} notes, more than a recital"
        raise _refusal(path, found, "give one piece at a time")
    clock = Clock.of(smf.ticks_per_quarter, {row.on for row in rows})
    parts, seats, guessed = _seats(smf, rows)
    remarks = [*clock.remarks(), *guessed]
    notes = sorted(_notes(rows, clock, seats))
    keys = _keys(smf, clock)
    if not keys:
        keys = [SketchKey(Fraction(0), _likely_fifths(notes), False)]
        remarks.append(
            ScoreRemark("guessed", "The file names no key: the one that fits most notes.")
        )
    names = track_names(smf)
    title = names[0] if names and not any(row.track == 0 for row in rows) else ""
    return Sketch(
        title or path.stem,
        tuple(parts),
        tuple(notes),
        tuple(_metres(smf, clock)),
        tuple(keys),
        tuple(_tempi(smf, clock)),
        tuple(remarks),
    )


def _notes(
    rows: Sequence[TimedNote], clock: Clock, seats: dict[tuple[int, int], tuple[int, int]]
) -> Iterable[SketchNote]:
    """Notes in quarters, one of each key and onset on a staff."""
    onsets: dict[tuple[int, int], list[Fraction]] = defaultdict(list)
    for row in rows:
        onsets[row.track, row.channel].append(clock.quarters(row.on))
    found: dict[tuple[Fraction, int, int, int], Fraction] = {}
    for row in rows:
        part, staff = seats[row.track, row.channel]
        if staff < 0:
            staff = 0 if row.pitch >= MIDDLE_C else 1
        onset = clock.quarters(row.on)
        after = onsets[row.track, row.channel]
        place = bisect_right(after, onset)
        gap = after[place] - onset if place < len(after) else None
        length = written_length(Fraction(row.off - row.on, clock.ticks), gap)
        key = (onset, row.pitch, part, staff)
        found[key] = max(found.get(key, length), length)
    for (onset, pitch, part, staff), length in found.items():
        yield SketchNote(onset, length, pitch, part, staff)


def _seats(
    smf: Smf, rows: Sequence[TimedNote]
) -> tuple[list[SketchPart], dict[tuple[int, int], tuple[int, int]], list[ScoreRemark]]:
    """Parts; part and staff of every track and channel (staff −1: divide it); remarks."""
    pitches: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        pitches[row.track, row.channel].append(row.pitch)
    names = track_names(smf)
    pianos = [source for source in sorted(pitches) if _program(smf, source) in PIANOS]
    pianos = pianos if len(pianos) <= PIANO_STAVES else []
    parts: list[SketchPart] = []
    seats: dict[tuple[int, int], tuple[int, int]] = {}
    remarks: list[ScoreRemark] = []
    for source in sorted(pitches):
        name = names[source[0]]
        if source not in pianos:
            seats[source] = (len(parts), 0)
            parts.append(SketchPart(name or f"Track {source[0] + 1}", 1))
        elif source == pianos[0]:
            by_height = sorted(pianos, key=lambda s: -sum(pitches[s]) / len(pitches[s]))
            seats |= {s: (len(parts), staff) for staff, s in enumerate(by_height)}
            parts.append(SketchPart(name if len(pianos) == 1 and name else "Piano", 2))
            if len(pianos) == 1:
                seats[source] = (len(parts) - 1, -1)
                words = "One track for both hands: divided between the staves at middle C."
                remarks.append(ScoreRemark("guessed", words))
            else:
                parts[-1] = SketchPart("Piano", len(pianos))
    return parts, seats, remarks


def _program(smf: Smf, source: tuple[int, int]) -> int:
    """The General MIDI program of a track and channel, 0 where none is set."""
    for event in smf.tracks[source[0]]:
        if event.status == PROGRAM | source[1]:
            return event.a
    return 0


def _metres(smf: Smf, clock: Clock) -> Iterable[SketchMetre]:
    rows = {Fraction(0): SketchMetre(Fraction(0), 4, 4)}
    for tick, text in _metas(smf, TIME_SIGNATURE):
        if len(text) >= 2 and text[0] and text[1] <= 6:
            at = clock.quarters(tick)
            rows[at] = SketchMetre(at, text[0], 2 ** text[1])
    return [rows[at] for at in sorted(rows)]


def _keys(smf: Smf, clock: Clock) -> list[SketchKey]:
    rows = {}
    for tick, text in _metas(smf, KEY_SIGNATURE):
        fifths = text[0] - 256 if text and text[0] > 127 else text[0] if text else 99
        if len(text) >= 2 and abs(fifths) <= 7:
            at = clock.quarters(tick)
            rows[at] = SketchKey(at, fifths, text[1] == 1)
    return [rows[at] for at in sorted(rows)]


def _tempi(smf: Smf, clock: Clock) -> Iterable[tuple[Fraction, float]]:
    rows = {}
    for tick, text in _metas(smf, TEMPO):
        if len(text) == 3 and any(text):
            rows[clock.quarters(tick)] = 6e7 / int.from_bytes(text, "big")
    return sorted(rows.items())


def _metas(smf: Smf, kind: int) -> list[tuple[int, bytes]]:
    events = [e for track in smf.tracks for e in track if (e.status, e.a) == (META, kind)]
    return [(e.tick, e.text) for e in sorted(events, key=lambda e: e.tick)]


def _likely_fifths(notes: Sequence[SketchNote]) -> int:
    """The major key whose seven notes are most of what is written, the fewest signs first."""
    weight: dict[int, Fraction] = defaultdict(Fraction)
    for note in notes:
        weight[note.pitch % 12] += note.duration_q
    inside = {
        fifths: sum(weight[7 * (fifths + step) % 12] for step in range(-1, 6))
        for fifths in sorted(range(-6, 7), key=abs)
    }
    return max(inside, key=lambda fifths: inside[fifths])


def _refusal(path: Path, found: str, do: str) -> ReadError:
    return ReadError(f"Reading `{path.name}`: {found}; {do}.", path=str(path))
