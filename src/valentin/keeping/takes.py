"""Takes: played live into a journal, or brought as a file; listed, put away, taken out again.

In: key events with their numbers, files. Out: `Take`s, their events and performances.

**Conventions.** A live take's journal lies in `takes/open/` while it is played and in `takes/`
when it is closed; the journal is the take, the database only knows of it. Events are numbered from
0. Whoever shows the *pen* that was given out last may write. A take's id is made here and is the
only part of its path that is not fixed.

**Knows nothing of** lessons; who sends the events.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import func, insert, select, update

from valentin.errors import DeviceError, ReadError, TakeError
from valentin.files import written
from valentin.keeping.database import Database
from valentin.keeping.events import performance_of
from valentin.keeping.home import folder
from valentin.keeping.journal import SYNC_S, Head, Journal, abandoned, read_journal
from valentin.keeping.shelf import write_through
from valentin.keeping.tables import takes
from valentin.music import KeyEvent, Performance

__all__ = ["SOURCES", "Gap", "Pen", "Take", "Takes"]

SOURCES = ("keyboard", "letters", "microphone", "file")
MOST_EVENTS = 1_000_000
"""Four hours of a pedal that sends 60 values a second."""
_JOURNAL = ".jsonl"
_SUFFIX_LENGTH = 8

Read = Callable[[Path], Performance]
Size = Callable[[Path], tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Take:
    """One take. `file` is what its file was called, "" for a live one."""

    id: str
    piece: str
    source: str
    file: str
    started_s: float
    duration_s: float
    notes: int
    path: Path
    open: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Pen:
    """The right to write a take from event number `next` on."""

    take: Take
    pen: str
    next: int


class Gap(TakeError):
    """A batch that cannot be taken: `next` is awaited, or (`taken`) another page writes now."""

    def __init__(self, message: str, *, next_number: int, taken: bool = False) -> None:
        super().__init__(message)
        self.next = next_number
        self.taken = taken


@dataclass(slots=True)
class _Open:
    head: Head
    journal: Journal
    pen: str
    lock: Lock


class Takes:
    """The takes of a user; those being played are open in this process alone."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._folder, self._bin = home / "takes", home / "bin"
        self._open: dict[str, _Open] = {}
        self._lock = Lock()
        self._done = Event()
        self._syncing: Thread | None = None

    def begin(self, piece: str, source: str) -> Pen:
        """A new take of a piece. Raises DeviceError where it cannot be written."""
        if source not in SOURCES:
            raise TakeError(f"Beginning a take: its source must be one of {', '.join(SOURCES)}.")
        head = Head(_new_id(), piece, source, time.time())
        journal = Journal(folder(self._folder / "open") / f"{head.id}{_JOURNAL}", head)
        opened = _Open(head, journal, secrets.token_urlsafe(9), Lock())
        with self._lock:
            self._open[head.id] = opened
            if self._syncing is None:
                self._syncing = Thread(target=self._sync_all, name="journals", daemon=True)
                self._syncing.start()
        return Pen(_live(opened), opened.pen, 0)

    def append(self, name: str, pen: str, first: int, events: Sequence[KeyEvent]) -> int:
        """Events from number `first` on; the number awaited next.

        Raises Gap, TakeError for a take that is not open, DeviceError where the disk is full.
        """
        opened = self._opened(name)
        with opened.lock:
            _check_pen(opened, pen)
            awaited = opened.journal.count
            if first > awaited:
                raise Gap("Taking events: some before these are missing.", next_number=awaited)
            fresh = events[awaited - first :]
            if awaited + len(fresh) > MOST_EVENTS:
                raise TakeError("Taking events: the take is too long; close it, begin another.")
            opened.journal.append(fresh)
            return opened.journal.count

    def take_pen(self, name: str) -> Pen:
        """A new pen for an open take; the one before it writes no more."""
        opened = self._opened(name)
        with opened.lock:
            opened.pen = secrets.token_urlsafe(9)
            return Pen(_live(opened), opened.pen, opened.journal.count)

    def close(self, name: str, pen: str) -> Take | None:
        """The take as it is kept; None where no key was struck, and nothing is kept."""
        opened = self._opened(name)
        with opened.lock:
            _check_pen(opened, pen)
            with self._lock:
                self._open.pop(name, None)
            opened.journal.close()
        return self._closed(opened.journal.path)

    def recover(self) -> tuple[Take, ...]:
        """Close every take that nobody writes any more."""
        left = sorted((self._folder / "open").glob(f"*{_JOURNAL}"))
        kept = [self._recovered(path) for path in left if abandoned(path)]
        with self._database.reading() as connection:
            known = set(connection.execute(select(takes.c.id)).scalars())
        loose = [p for p in sorted(self._folder.glob(f"*{_JOURNAL}")) if p.stem not in known]
        kept += [self._recovered(path) for path in loose]
        return tuple(take for take in kept if take is not None)

    def add_file(self, piece: str, path: Path, size: Size, file: str, source: str = "file") -> Take:
        """A file that is a take; `size` tells seconds and notes, or raises where it is none."""
        duration_s, notes = size(path)
        name = _new_id()
        suffix = path.suffix.lower()
        suffix = suffix if suffix[1:].isalnum() and len(suffix) <= _SUFFIX_LENGTH else ".take"
        with written(folder(self._folder) / f"{name}{suffix}") as beside:
            write_through(beside, path.read_bytes())
        row = _row(name, piece, source, time.time()) | {"duration_s": duration_s, "notes": notes}
        with self._database.writing() as connection:
            connection.execute(insert(takes).values(file=file, suffix=suffix, **row))
        return self.get(name)

    def list(self, piece: str = "", most: int = 10_000) -> tuple[Take, ...]:
        """The takes (of a piece), the newest first; those being played here among them."""
        wanted = select(takes).where(takes.c.removed_s.is_(None))
        wanted = wanted.where(takes.c.piece == piece) if piece else wanted
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(takes.c.started_s.desc()).limit(most)).all()
        with self._lock:
            live = [_live(o) for o in self._open.values() if piece in ("", o.head.piece)]
        return (*reversed(live), *(self._take(row) for row in rows))

    def get(self, name: str) -> Take:
        """The take of that id. Raises ReadError where there is none."""
        with self._lock:
            if name in self._open:
                return _live(self._open[name])
        with self._database.reading() as connection:
            row = connection.execute(select(takes).where(takes.c.id == name)).one_or_none()
        if row is None:
            raise ReadError(f"Looking for the take `{name}`: it is not there.", path=name)
        return self._take(row)

    def events(self, take: Take) -> tuple[KeyEvent, ...]:
        """The events of a live take. Raises ReadError where its file is gone."""
        return read_journal(self.file(take))[1]

    def performance(self, take: Take, read: Read) -> Performance:
        """What was played in a take; `read` is for those that came as files."""
        if take.path.suffix == _JOURNAL:
            return performance_of(self.events(take), take.id)
        return read(self.file(take))

    def remove(self, name: str) -> Take:
        """Put a take away. Raises ReadError where there is none, TakeError while it is played."""
        return self._moved(name, removed=True)

    def restore(self, name: str) -> Take:
        """Take it out again."""
        return self._moved(name, removed=False)

    def heard(self, take: str, duration_s: float, notes: int) -> None:
        """How long a recording turned out to be, and how many notes were heard in it."""
        found = {"duration_s": duration_s, "notes": notes}
        with self._database.writing() as connection:
            connection.execute(update(takes).where(takes.c.id == take).values(found))

    def counts(self) -> dict[str, int]:
        """How many takes there are of each piece."""
        wanted = select(takes.c.piece, func.count()).where(takes.c.removed_s.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.group_by(takes.c.piece)).all()
        return {str(piece): int(count) for piece, count in rows}

    def drop(self) -> None:
        """Stop all that is being played and keep nothing of it."""
        with self._lock:
            dropped = list(self._open.values())
            self._open.clear()
        for opened in dropped:
            with opened.lock, suppress(OSError):
                opened.journal.close()

    def stop(self) -> None:
        """Close what is open: the studio shuts. Nothing is lost by not calling it."""
        self._done.set()
        with self._lock:
            names = {name: opened.pen for name, opened in self._open.items()}
        for name, pen in names.items():
            with suppress(TakeError, DeviceError):
                self.close(name, pen)

    def _moved(self, name: str, *, removed: bool) -> Take:
        take = self.get(name)
        if take.open:
            raise TakeError("Putting a take away: it is being played; close it first.")
        when = time.time() if removed else None
        with self._database.writing() as connection:
            connection.execute(update(takes).where(takes.c.id == name).values(removed_s=when))
            there = (folder(self._bin) if removed else self._folder) / take.path.name
            here = self.file(take)
            if here != there:
                here.replace(there)
        return self.get(name)

    def file(self, take: Take) -> Path:
        """Where its file lies; an accident may have come between file and database."""
        for path in (take.path, self._folder / take.path.name, self._bin / take.path.name):
            if path.exists():
                return path
        raise ReadError(
            f"Reading the take `{take.id}`: its file is gone; copy it back to `{take.path}`.",
            path=str(take.path),
        )

    def _opened(self, name: str) -> _Open:
        with self._lock:
            found = self._open.get(name)
        if found is None:
            raise TakeError("Taking events: the take is closed already; begin another.")
        return found

    def _closed(self, path: Path) -> Take | None:
        """A journal that is written no more becomes a take, or goes where nothing was played."""
        head, events = read_journal(path)
        performance = performance_of(events)
        if not performance.notes:
            path.unlink(missing_ok=True)
            return None
        kept = self._folder / path.name
        path.replace(kept)
        row = _row(head.id, head.piece, head.source, head.started_s) | _size(performance)
        with self._database.writing() as connection:
            known = connection.execute(select(takes.c.id).where(takes.c.id == head.id)).first()
            if known is None:
                connection.execute(insert(takes).values(file="", suffix=_JOURNAL, **row))
        return self.get(head.id)

    def _recovered(self, path: Path) -> Take | None:
        """As `_closed`; a journal whose head is damaged is put aside, not lost."""
        try:
            return self._closed(path)
        except TakeError:
            path.replace(folder(self._bin) / path.name)
            return None

    def _take(self, row: Any) -> Take:
        path = (self._folder if row.removed_s is None else self._bin) / f"{row.id}{row.suffix}"
        return Take(
            row.id, row.piece, row.source, row.file, row.started_s, row.duration_s, row.notes,
            path, removed=row.removed_s is not None,
        )  # fmt: skip

    def _sync_all(self) -> None:
        """Beside everything else: what was appended goes to the disk."""
        while not self._done.wait(SYNC_S / 2):
            with self._lock:
                there = list(self._open.values())
            for opened in there:
                with opened.lock, suppress(OSError):  # told by the next `append`
                    opened.journal.sync()


def _new_id() -> str:
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"


def _check_pen(opened: _Open, pen: str) -> None:
    if not secrets.compare_digest(pen.encode(), opened.pen.encode()):
        raise Gap(
            "Taking events: another page plays this take now.",
            next_number=opened.journal.count,
            taken=True,
        )


def _live(opened: _Open) -> Take:
    head = opened.head
    lasting_s = time.time() - head.started_s
    path = opened.journal.path
    return Take(head.id, head.piece, head.source, "", head.started_s, lasting_s, 0, path, open=True)


def _row(name: str, piece: str, source: str, started_s: float) -> dict[str, Any]:
    return {"id": name, "piece": piece, "source": source, "started_s": started_s}


def _size(performance: Performance) -> dict[str, Any]:
    return {"duration_s": performance.end_s, "notes": len(performance.notes)}
