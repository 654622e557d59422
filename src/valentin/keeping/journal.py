"""A journal: what is played now, line by line on the disk.

In: events as they come. Out: the same events, after any accident but for a torn last line.

**Conventions.** The first line says what take it is (JSON), every other is an event. What `append`
has returned from is with the operating system and outlives the process; it is on the disk itself
at most `SYNC_S` later (whoever holds open journals calls `sync`). While a process writes a journal
it holds a lock on it, so that nobody takes it for abandoned.

**Knows nothing of** the database, and of what is done with a take.

**Reference.** POSIX `fsync`, `flock`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic

from valentin.errors import DeviceError, TakeError
from valentin.keeping.events import event_of_line, line_of
from valentin.music import KeyEvent

try:
    import fcntl
except ImportError:  # not on Windows: there an open file cannot be moved, which serves as well
    fcntl = None  # type: ignore[assignment]

__all__ = ["SYNC_S", "Head", "Journal", "abandoned", "locked", "read_journal"]

SYNC_S = 0.5


@dataclass(frozen=True, slots=True)
class Head:
    """What take a journal is of."""

    id: str
    piece: str
    source: str
    started_s: float


class Journal:
    """An open journal, locked by this process."""

    def __init__(self, path: Path, head: Head) -> None:
        """Begin it. Raises DeviceError where it cannot be written."""
        self.path = path
        self.count = 0
        try:
            self._handle = locked(path)
            self._length = 0
            self._write(json.dumps({"valentin": "take"} | asdict(head)) + "\n")
            self._synced_s, self._dirty = 0.0, True
            self.sync()
            _sync_folder(path.parent)
        except OSError as error:
            raise _cannot(error) from error

    def append(self, events: Sequence[KeyEvent]) -> None:
        """Events to the end: all of them or, where the disk is full, none. Raises DeviceError."""
        if not events:
            return
        try:
            self._write("".join(map(line_of, events)))
            self.count += len(events)
            self._dirty = True
            if monotonic() - self._synced_s >= SYNC_S:
                self.sync()
        except OSError as error:
            raise _cannot(error) from error

    def sync(self) -> None:
        """What was appended, onto the disk itself."""
        if self._dirty:
            os.fsync(self._handle)
            self._dirty = False
            self._synced_s = monotonic()

    def close(self) -> None:
        """Synchronise, and let others have it."""
        try:
            self.sync()
        finally:
            os.close(self._handle)

    def _write(self, text: str) -> None:
        data = memoryview(text.encode())
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError:
            os.ftruncate(self._handle, self._length)
            raise
        self._length += len(text.encode())


def read_journal(path: Path) -> tuple[Head, tuple[KeyEvent, ...]]:
    """Whose take it is, and every whole event of it. Raises TakeError where the head is damaged."""
    lines = path.read_bytes().split(b"\n")[:-1]  # after the last line end: nothing, or a torn line
    try:
        head = json.loads(lines[0])
        whose = Head(
            str(head["id"]), str(head["piece"]), str(head["source"]), float(head["started_s"])
        )
    except (IndexError, ValueError, KeyError, TypeError) as error:
        raise TakeError(f"Reading the journal `{path.name}`: its head is damaged.") from error
    events = []
    for line in lines[1:]:
        try:
            events.append(event_of_line(line.decode("utf-8", "replace")))
        except TakeError:
            break  # after a damaged line nothing is sure
    return whose, tuple(events)


def locked(path: Path) -> int:
    """A new file to append to, by its handle, which nobody else takes for abandoned."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    if fcntl:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def abandoned(path: Path) -> bool:
    """Whether no process writes it any more."""
    if not fcntl:
        return True
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _sync_folder(path: Path) -> None:
    """The name of a new file, onto the disk; where folders cannot be opened, it is there anyway."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot(error: OSError) -> DeviceError:
    reason = (error.strerror or str(error)).lower()
    return DeviceError(f"Keeping the take: {reason}; free some space, and play on.")
