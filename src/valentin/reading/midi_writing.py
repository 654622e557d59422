"""A Performance becomes a MIDI file.

In: a Performance. Out: a Standard MIDI File, one track a part, pedals on each of them.

**Conventions.** 9600 ticks a quarter at 120 quarters a minute, 52 µs a tick: a multiple of 384, 480
and 960, the resolutions that digital pianos write, so their takes come back exactly; any other time
comes back within 26 µs. A key that is struck again while it is held goes up first, as it must on a
piano, and two notes of one part that strike a key together end together.

**Knows nothing of** scores and of who plays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from valentin.files import written
from valentin.music import PedalEvent, Performance, PerformedNote
from valentin.reading.midi import CONTROLS, PERCUSSION, TRACK_NAME
from valentin.reading.smf import META, Event, encode

__all__ = ["write_midi"]

NUMBERS = {control: number for number, control in CONTROLS.items()}
TICKS_PER_QUARTER = 9600
TICKS_PER_SECOND = 2 * TICKS_PER_QUARTER
RELEASE_VELOCITY = 64
"""How fast the key goes up where nobody measured it (MIDI 1.0, note off)."""


def write_midi(performance: Performance, path: Path) -> None:
    """Write a performance as MIDI, pedals included, whole or not at all.

    Where something sounds before time 0, the whole performance is moved to begin at 0.
    """
    times = [note.onset_s for note in performance.notes] + [e.time_s for e in performance.pedal]
    shift_s = -min([0.0, *times])
    by_part: dict[str, list[PerformedNote]] = defaultdict(list)
    for note in performance.notes:
        by_part[note.part].append(note)
    tracks = [
        _track(name, i, by_part.get(name, []), performance.pedal, shift_s)
        for i, name in enumerate(by_part or {"": []})
    ]
    with written(path) as beside:
        beside.write_bytes(encode(tracks, TICKS_PER_QUARTER))


def _track(
    name: str,
    index: int,
    notes: Iterable[PerformedNote],
    pedal: Iterable[PedalEvent],
    shift_s: float,
) -> list[Event]:
    """The events of one part: at one tick offs come first, then pedals, then ons."""
    channel = index % 15
    channel += channel >= PERCUSSION
    rows = [
        (_tick(e.time_s + shift_s), 1, Event(0, 0xB0 | channel, NUMBERS[e.control], e.value))
        for e in pedal
    ]
    for on, off, note in _ticks(notes, shift_s):
        rows.append((on, 2, Event(0, 0x90 | channel, note.pitch, note.velocity)))
        rows.append((off, 0, Event(0, 0x80 | channel, note.pitch, RELEASE_VELOCITY)))
    rows.sort(key=lambda row: row[:2])
    head = [Event(0, META, TRACK_NAME, 0, name.encode("latin-1", "replace"))] if name else []
    return head + [event._replace(tick=tick) for tick, _, event in rows]


def _ticks(
    notes: Iterable[PerformedNote], shift_s: float
) -> Iterator[tuple[int, int, PerformedNote]]:
    """Ticks of on and off, no key held over its next stroke; a unison ends with its longer note."""
    by_key: dict[int, list[tuple[int, int, PerformedNote]]] = defaultdict(list)
    for note in notes:
        on = _tick(note.onset_s + shift_s)
        by_key[note.pitch].append((on, max(on + 1, _tick(note.offset_s + shift_s)), note))
    for rows in by_key.values():
        rows.sort(key=lambda row: row[0])
        strokes: dict[int, int] = defaultdict(int)
        for on, off, _ in rows:
            strokes[on] = max(strokes[on], off)
        following = dict(pairwise(strokes))
        for on, _, note in rows:
            yield on, min(strokes[on], following.get(on, strokes[on])), note


def _tick(time_s: float) -> int:
    return round(time_s * TICKS_PER_SECOND)
