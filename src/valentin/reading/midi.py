"""A MIDI take becomes a Performance.

In: a Standard MIDI File as a digital piano or a sequencer writes it. Out: a Performance.

**Conventions.** Seconds count from the start of the file. One part per track and channel that holds
notes, named by its track. Pedals of all channels act on the one piano. An offset is the key going
up. Of two strokes of one key that overlap, the first to start is the first to end.

**Knows nothing of** scores and of who plays.

**Reference.** MIDI 1.0 control changes 64 (sustain), 66 (sostenuto), 67 (soft). Percussion is on
channel 10 in General MIDI (RP-003, 1991): a click recorded beside the playing is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from valentin.errors import ReadError
from valentin.music import PedalEvent, Performance, PerformedNote
from valentin.music.performance import Control
from valentin.reading.bounded import bytes_of, unplayable
from valentin.reading.smf import META, Event, Smf, decode

__all__ = [
    "CONTROLS",
    "PERCUSSION",
    "TRACK_NAME",
    "TimedNote",
    "read_smf",
    "read_take",
    "timed_notes",
    "track_names",
]

CONTROLS: dict[int, Control] = {64: "sustain", 66: "sostenuto", 67: "soft"}
PERCUSSION = 9
TRACK_NAME = 0x03
LARGEST_BYTES = 8 << 20
"""An hour has about 0.5 MB; two hours with a pedal that sends 200 values a second have 6 MB."""


class TimedNote(NamedTuple):
    """A note of a file, in ticks."""

    on: int
    pitch: int
    off: int
    velocity: int
    track: int
    channel: int


def read_take(path: Path) -> Performance:
    """The performance in a MIDI file. Raises ReadError for a file that holds no playing."""
    smf = read_smf(path)
    rows = timed_notes(smf)
    if not rows:
        raise ReadError(
            f"Reading `{path.name}`: the file holds no notes; give the recording of a performance.",
            path=str(path),
        )
    onsets = smf.seconds([row.on for row in rows]).tolist()
    offsets = smf.seconds([row.off for row in rows]).tolist()
    if beyond := unplayable(onsets, offsets):
        raise ReadError(f"Reading `{path.name}`: {beyond}.", path=str(path))
    names = _part_names(smf, rows)
    order = sorted(range(len(rows)), key=lambda i: (onsets[i], rows[i].pitch))
    notes = tuple(
        PerformedNote(
            f"p{k}",
            names[rows[i].track, rows[i].channel],
            onsets[i],
            offsets[i],
            rows[i].pitch,
            rows[i].velocity,
        )
        for k, i in enumerate(order)
    )
    return Performance(notes, _pedal(smf), path.name)


def read_smf(path: Path) -> Smf:
    """The events of a MIDI file. Raises ReadError for a missing, huge or damaged one."""
    return decode(bytes_of(path, LARGEST_BYTES), path)


def timed_notes(smf: Smf) -> list[TimedNote]:
    """All notes in ticks, without percussion unless there is nothing else.

    Where a key's ons and offs do not pair up, some were lost: each note then ends with the next
    event of its key, at the latest with the file.
    """
    keys: dict[tuple[int, int, int], list[Event]] = defaultdict(list)
    end = 0
    for track, events in enumerate(smf.tracks):
        for event in events:
            if event.status < 0xA0:
                keys[track, event.status & 0x0F, event.a].append(event)
        end = max(end, max((e.tick for e in events if e.status != META), default=0))
    rows = [
        TimedNote(on, pitch, off, velocity, track, channel)
        for (track, channel, pitch), events in keys.items()
        for on, off, velocity in _strokes(events, end)
    ]
    pitched = [row for row in rows if row.channel != PERCUSSION]
    return sorted(pitched or rows)


def track_names(smf: Smf) -> list[str]:
    """The printable name of every track, "" where it has none."""
    return [
        next(
            (
                "".join(c for c in e.text.decode("latin-1") if c.isprintable()).strip()
                for e in track
                if (e.status, e.a) == (META, TRACK_NAME)
            ),
            "",
        )
        for track in smf.tracks
    ]


def _strokes(events: Iterable[Event], end: int) -> Iterator[tuple[int, int, int]]:
    """(on, off, velocity) of one key: first on, first off; see `timed_notes` for lost events."""
    ons = [e for e in events if _is_on(e)]
    offs = [e for e in events if not _is_on(e)]
    if len(ons) == len(offs) and all(a.tick <= b.tick for a, b in zip(ons, offs, strict=True)):
        yield from ((on.tick, off.tick, on.b) for on, off in zip(ons, offs, strict=True))
        return
    struck: Event | None = None
    for event in events:
        if struck:
            yield struck.tick, event.tick, struck.b
        struck = event if _is_on(event) else None
    if struck:
        yield struck.tick, max(end, struck.tick), struck.b


def _is_on(event: Event) -> bool:
    return event.status >= 0x90 and event.b > 0


def _part_names(smf: Smf, rows: Iterable[TimedNote]) -> dict[tuple[int, int], str]:
    """A name of its own for every track and channel that holds notes."""
    sources = sorted({(row.track, row.channel) for row in rows})
    tracks = track_names(smf)
    names: dict[tuple[int, int], str] = {}
    for track, channel in sources:
        name = tracks[track] or f"track {track + 1}"
        alone = sum(other == track for other, _ in sources) == 1
        name = name if alone else f"{name}, channel {channel + 1}"
        names[track, channel] = name if name not in names.values() else f"{name} ({track + 1})"
    return names


def _pedal(smf: Smf) -> tuple[PedalEvent, ...]:
    """Pedal events in time order; one that several channels send at once is kept once."""
    rows: list[tuple[int, int, int]] = []
    seen: dict[tuple[int, int, int], tuple[int, int]] = {}
    for track, events in enumerate(smf.tracks):
        for e in events:
            if e.status & 0xF0 == 0xB0 and e.a in CONTROLS:
                sender = (track, e.status & 0x0F)
                row = (e.tick, e.a, e.b)
                if seen.setdefault(row, sender) == sender:
                    rows.append(row)
    rows.sort(key=lambda row: row[0])
    times = smf.seconds([tick for tick, _, _ in rows]).tolist()
    return tuple(
        PedalEvent(time, CONTROLS[number], value)
        for time, (_, number, value) in zip(times, rows, strict=True)
    )
