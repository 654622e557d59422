"""Recordings while they are made: sound on the disk second by second, a take when they end.

In: a piece, then 16-bit samples as they come. Out: the same, as a WAV file that is a take.

**Conventions.** Samples are mono, 16-bit, little-endian; places in them are counted in bytes. While
it is made a recording lies in `takes/open`: a line that says whose it is, then the samples. What
`append` has returned from is on the disk. Whoever makes it holds a lock on it; what nobody holds
any more becomes a take when the studio opens.

**Knows nothing of** microphones, what is to be heard.

**Reference.** IBM and Microsoft, "Multimedia Programming Interface" (1991): RIFF WAVE.
"""

from __future__ import annotations

import json
import os
import secrets
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from valentin.errors import DeviceError, TakeError
from valentin.files import written
from valentin.keeping.home import folder
from valentin.keeping.journal import abandoned, locked
from valentin.keeping.takes import Gap, Take, Takes

__all__ = ["Recordings"]

SAMPLE_BYTES = 2
MOST_BYTES = 512 << 20
"""An hour and a half at 48 kHz."""
RATES_HZ = (8_000, 192_000)
_SUFFIX = ".pcm"
_SHOWN = "microphone.wav"


@dataclass(slots=True)
class _Tape:
    path: Path
    handle: int
    head: int
    length: int = 0
    lock: Lock = field(default_factory=Lock)


class Recordings:
    """The recordings that are being made in this process."""

    def __init__(self, home: Path, takes: Takes) -> None:
        self._folder, self._takes = home / "takes" / "open", takes
        self._open: dict[str, _Tape] = {}
        self._lock = Lock()

    def begin(self, piece: str, rate_hz: int) -> str:
        """A new recording, by its name. Raises TakeError; DeviceError for no place on the disk."""
        if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
            raise TakeError(f"Recording: {rate_hz} samples a second; give {RATES_HZ[0]} or more.")
        name = secrets.token_hex(8)
        path = folder(self._folder) / f"{name}{_SUFFIX}"
        head = json.dumps({"valentin": "recording", "piece": piece, "rate_hz": rate_hz}) + "\n"
        try:
            handle = locked(path)
            tape = _Tape(path, handle, len(head.encode()))
            _write(handle, head.encode())
        except OSError as error:
            raise _cannot(error) from error
        with self._lock:
            self._open[name] = tape
        return name

    def append(self, name: str, first: int, data: bytes) -> int:
        """Samples from byte `first` on; the byte awaited next. What is there already is skipped.

        Raises Gap where some are missing, TakeError where it is not open, DeviceError where the
        disk is full: then none of these are kept, and they may be sent again.
        """
        tape = self._tape(name)
        with tape.lock:
            if first > tape.length:
                raise Gap("Recording: samples before these are missing.", next_number=tape.length)
            fresh = data[tape.length - first :]
            if tape.length + len(fresh) > MOST_BYTES:
                raise TakeError("Recording: it is too long; end it and begin another.")
            try:
                _write(tape.handle, fresh)
                os.fsync(tape.handle)
            except OSError as error:
                os.ftruncate(tape.handle, tape.head + tape.length)
                raise _cannot(error) from error
            tape.length += len(fresh)
            return tape.length

    def close(self, name: str) -> Take | None:
        """The recording as a take; None where nothing was recorded."""
        tape = self._tape(name)
        with self._lock:
            self._open.pop(name, None)
        with tape.lock:
            os.close(tape.handle)
        return self._made(tape.path)

    def recover(self) -> tuple[Take, ...]:
        """Make takes of what nobody records any more."""
        left = sorted(self._folder.glob(f"*{_SUFFIX}"))
        made = [self._made(path) for path in left if abandoned(path)]
        return tuple(take for take in made if take is not None)

    def drop(self) -> None:
        """Stop all, and keep nothing of it."""
        with self._lock:
            tapes = list(self._open.values())
            self._open.clear()
        for tape in tapes:
            with tape.lock, suppress(OSError):
                os.close(tape.handle)
            tape.path.unlink(missing_ok=True)

    def stop(self) -> None:
        """Make takes of all that is open: the studio shuts."""
        with self._lock:
            names = list(self._open)
        for name in names:
            with suppress(TakeError, DeviceError):
                self.close(name)

    def _tape(self, name: str) -> _Tape:
        with self._lock:
            found = self._open.get(name)
        if found is None:
            raise TakeError("Recording: it has ended already; begin another.")
        return found

    def _made(self, path: Path) -> Take | None:
        """A take of a recording that is written no more; a damaged one is left where it lies."""
        line, _, samples = path.read_bytes().partition(b"\n")
        try:
            head = json.loads(line)
            piece, rate_hz = str(head["piece"]), int(head["rate_hz"])
        except (ValueError, KeyError, TypeError):
            return None
        samples = samples[: len(samples) // SAMPLE_BYTES * SAMPLE_BYTES]
        take = None
        if samples:
            sounding = path.with_suffix(".wav")
            with written(sounding) as beside:
                beside.write_bytes(_wav_head(len(samples), rate_hz) + samples)
            seconds = len(samples) / SAMPLE_BYTES / rate_hz
            take = self._takes.add_file(
                piece, sounding, lambda _: (seconds, 0), _SHOWN, "microphone"
            )
            sounding.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return take


def _wav_head(size: int, rate_hz: int) -> bytes:
    """What stands before `size` bytes of samples."""
    form = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, SAMPLE_BYTES * rate_hz, SAMPLE_BYTES, 16
    )
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", size)
    )


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _cannot(error: OSError) -> DeviceError:
    reason = (error.strerror or str(error)).lower()
    return DeviceError(f"Recording: {reason}; free some space, and go on.")
