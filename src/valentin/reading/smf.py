"""Standard MIDI Files: bytes ↔ events in ticks.

In: the bytes of a file. Out: its tracks as rows of channel and meta events, and the clock that
turns ticks into seconds. And back.

**Conventions.** Ticks count from the start of the file. Running status is carried over meta events,
as many instruments write it. Chunks of an unknown kind and bytes after the last track are skipped;
a wrong count of tracks and a missing end-of-track are forgiven; a file that breaks off inside a
track is refused, since half a take would be judged as a whole one.

**Knows nothing of** notes, hands, pedals.

**Reference.** MIDI Manufacturers Association, *Standard MIDI Files 1.0* (RP-001, 1996). We differ:
of several simultaneous tempos the last one in the file counts, whichever track it is in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.errors import ReadError

__all__ = ["META", "Event", "Smf", "decode", "encode"]

META = 0xFF
TEMPO = 0x51
END_OF_TRACK = 0x2F
DEFAULT_TEMPO_US = 500_000
"""Microseconds per quarter where a file says nothing (Standard MIDI Files 1.0)."""

LARGEST_TICK = 1 << 38
"""Years of music at any resolution; with a tempo of 24 bits it still fits an integer of 63."""

DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}


class Event(NamedTuple):
    """A channel event (`status` 0x80..0xEF, data `a`, `b`) or a meta event (META, kind `a`)."""

    tick: int
    status: int
    a: int
    b: int = 0
    text: bytes = b""


@dataclass(frozen=True, slots=True)
class Smf:
    """The tracks of a file. `seconds_per_tick` is set where the clock is that of film frames."""

    ticks_per_quarter: int
    tracks: tuple[tuple[Event, ...], ...]
    seconds_per_tick: float = 0.0

    def seconds(self, ticks: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Times of ticks, same shape, through every change of tempo; exact but for one rounding."""
        tick = np.asarray(ticks, dtype=np.int64)
        if self.seconds_per_tick:
            return tick.astype(np.float64) * self.seconds_per_tick
        changes = {0: DEFAULT_TEMPO_US}
        tempos = [e for track in self.tracks for e in track if (e.status, e.a) == (META, TEMPO)]
        for event in sorted(tempos, key=lambda e: e.tick):
            if len(event.text) == 3 and any(event.text):
                changes[event.tick] = int.from_bytes(event.text, "big")
        knots = np.array(list(changes), dtype=np.int64)
        tempo = np.array(list(changes.values()), dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(np.diff(knots) * tempo[:-1])])
        i = np.searchsorted(knots, tick, side="right") - 1
        elapsed = starts[i] + (tick - knots[i]) * tempo[i]
        return np.asarray(elapsed / (1_000_000 * self.ticks_per_quarter), dtype=np.float64)


def decode(data: bytes, path: Path) -> Smf:
    """The events of a file. Raises ReadError, naming `path` and the byte, for what is no MIDI."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        data = data[20:]
    if data[:4] != b"MThd" or len(data) < 14:
        what = "is empty" if not data else "does not begin with a MIDI header"
        raise _refusal(path, what, "give a MIDI file (.mid)")
    length, form, _, division = struct.unpack(">LHHH", data[4:14])
    if form == 2:
        raise _refusal(path, "holds several songs (format 2)", "save one of them as format 0 or 1")
    if form > 2 or division in (0, 0x8000) or length < 6:
        raise _refusal(path, "has a damaged MIDI header", "export it again")
    tracks: list[tuple[Event, ...]] = []
    at = 8 + length
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        if kind == b"MTrk":
            tracks.append(_Track(data, at + 8, size, len(tracks) + 1, path).events())
        at += 8 + size
    if not tracks:
        raise _refusal(path, "holds no track", "export it again")
    if division & 0x8000:
        frames, ticks = 256 - (division >> 8), division & 0xFF
        if not ticks:
            raise _refusal(path, "has a damaged MIDI header", "export it again")
        rate = 30000 / 1001 if frames == 29 else float(frames)
        return Smf(0, tuple(tracks), 1.0 / (rate * ticks))
    return Smf(division, tuple(tracks))


def encode(tracks: Sequence[Iterable[Event]], ticks_per_quarter: int) -> bytes:
    """The bytes of a format 1 file (format 0 for one track); events of a track in time order."""
    head = struct.pack(">4sLHHH", b"MThd", 6, int(len(tracks) > 1), len(tracks), ticks_per_quarter)
    return head + b"".join(_chunk(track) for track in tracks)


def _chunk(events: Iterable[Event]) -> bytes:
    out = bytearray()
    now = 0
    for event in events:
        out += _variable(event.tick - now)
        now = event.tick
        if event.status == META:
            out += bytes([META, event.a]) + _variable(len(event.text)) + event.text
        else:
            out += bytes([event.status, event.a, event.b][: 1 + DATA_BYTES[event.status & 0xF0]])
    out += b"\x00" + bytes([META, END_OF_TRACK, 0])
    return b"MTrk" + len(out).to_bytes(4, "big") + bytes(out)


def _variable(number: int) -> bytes:
    """A variable-length quantity: seven bits a byte, the high bit says that more follow."""
    if number < 0:
        raise ValueError(f"events must be in the order of time, got a step of {number} ticks")
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


class _Track:
    """A cursor over one track chunk."""

    def __init__(self, data: bytes, start: int, size: int, number: int, path: Path) -> None:
        self._data = data
        self._at = start
        self._end = min(start + size, len(data))
        self._cut = start + size > len(data)
        self._place = f"track {number}"
        self._path = path

    def events(self) -> tuple[Event, ...]:
        """All events up to the end of the track."""
        rows: list[Event] = []
        tick, status = 0, 0
        try:
            while self._at < self._end:
                tick += self._number()
                if tick > LARGEST_TICK:
                    raise self._damaged()
                if self._data[self._at] >= 0x80:
                    lead = self._data[self._at]
                    self._at += 1
                else:
                    lead = status
                if lead in (META, 0xF0, 0xF7):
                    event = self._long(tick, lead)
                    if event.status == META and event.a == END_OF_TRACK:
                        return tuple(rows)
                    if event.status == META:
                        rows.append(event)
                    continue
                status = lead
                rows.append(self._short(tick, status))
        except IndexError:
            self._cut = True
        if self._cut:
            raise _refusal(
                self._path, f"breaks off inside {self._place}", "copy it again from its source"
            )
        return tuple(rows)

    def _short(self, tick: int, status: int) -> Event:
        count = DATA_BYTES.get(status & 0xF0, 0)
        a = self._data[self._at] if count else 0x80
        b = self._data[self._at + 1] if count == 2 else 0
        if a > 0x7F or b > 0x7F:
            raise self._damaged()
        self._at += count
        return Event(tick, status, a, b)

    def _long(self, tick: int, lead: int) -> Event:
        """A meta event, or a system-exclusive one, which is skipped by its caller."""
        kind = 0
        if lead == META:
            kind = self._data[self._at]
            self._at += 1
        size = self._number()
        if self._at + size > len(self._data):
            raise IndexError
        text = self._data[self._at : self._at + size]
        self._at += size
        return Event(tick, lead, kind, 0, text)

    def _number(self) -> int:
        """A variable-length quantity, at most four bytes."""
        number = 0
        for _ in range(4):
            byte = self._data[self._at]
            self._at += 1
            number = number << 7 | byte & 0x7F
            if byte < 0x80:
                return number
        raise self._damaged()

    def _damaged(self) -> ReadError:
        found = f"is damaged at byte {self._at} ({self._place})"
        return _refusal(self._path, found, "copy it again from its source")


def _refusal(path: Path, found: str, do: str) -> ReadError:
    return ReadError(f"Reading `{path.name}`: the file {found}; {do}.", path=str(path))
