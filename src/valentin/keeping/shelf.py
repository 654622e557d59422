"""The user's own scores: copied, hashed, named, searched, put away and taken out again.

In: score files. Out: `OwnScore`s whose `path` is the copy.

**Conventions.** A copy lies under its digest (SHA-256), so the same file is kept once. A removed
score lies in `bin/` until the same file is added again or everything is deleted. Adding is whole
or not at all: the copy is on the disk before the database names it.

**Knows nothing of** what is inside a score: it is told title, composer and size by `read`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from valentin.errors import DeviceError, ReadError
from valentin.files import written
from valentin.keeping.database import Database
from valentin.keeping.home import folder
from valentin.keeping.naming import SUFFIXES, OwnScore, chosen, folded, name_for
from valentin.keeping.tables import scores
from valentin.music import Score

__all__ = ["Added", "Shelf", "write_through"]

LARGEST_BYTES = 64 << 20
"""More than any reader takes (`reading` says so in its own words)."""

Read = Callable[[Path], Score]


@dataclass(frozen=True, slots=True)
class Added:
    """A score that is on the shelf now. `new` is false where it was there already."""

    score: OwnScore
    new: bool
    remarks: int = 0


class Shelf:
    """The scores that the user brought."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database, self._home = database, home

    def add(self, path: Path, read: Read, taken: Container[str] = (), file: str = "") -> Added:
        """Keep a copy of a score that `read` can read, under a name not among those `taken`.

        `file` is what it is called, where `path` is only where it lies for the moment.
        Raises what `read` raises, ReadError for a file that cannot be had.
        """
        data = _bytes(path)
        digest = sha256(data).hexdigest()
        known = self._with_digest(digest)
        if known and not known.removed:
            return Added(known, new=False)
        score = read(path)
        suffix = path.suffix.lower() if path.suffix.lower() in SUFFIXES else ".score"
        copy = folder(self._home / "scores") / f"{digest}{suffix}"
        with written(copy) as beside:
            write_through(beside, data)
        with self._database.writing() as connection:
            mine = _row(connection, digest=digest)
            if mine is None:
                row = self._new_row(connection, score, (file or path.name, digest), taken)
                connection.execute(insert(scores).values(suffix=suffix, **row))
            elif mine.removed_s is not None:
                changed = {"removed_s": None, "suffix": suffix, "added_s": time.time()}
                connection.execute(update(scores).where(scores.c.id == mine.id).values(changed))
            kept = self._own(_row(connection, digest=digest))
        self._in_bin(digest, suffix).unlink(missing_ok=True)
        return Added(kept, mine is None or mine.removed_s is not None, len(score.remarks))

    def list(self, words: str = "") -> tuple[OwnScore, ...]:
        """The scores with all these words in title, composer, name or file, by composer."""
        wanted = select(scores).where(scores.c.removed_s.is_(None))
        for word in folded(words).split():
            wanted = wanted.where(scores.c.words.contains(word))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(scores.c.words)).all()
        return tuple(self._own(row) for row in rows)

    def named(self, name: str) -> OwnScore | None:
        """The score of exactly that name, None where there is none."""
        with self._database.reading() as connection:
            row = _row(connection, name=name)
        return None if row is None or row.removed_s is not None else self._own(row)

    def get(self, name: str) -> OwnScore:
        """The score of that name, or the only one with these words. Raises ReadError."""
        there = {each.name: each for each in self.list()}
        if not there:
            raise ReadError(
                f"Looking for `{name}`: your shelf is empty; `valentin shelf add FILE` fills it.",
                path=name,
            )
        found = chosen(name, {n: f"{s.title} {s.composer} {s.file}" for n, s in there.items()})
        return there[found]

    def remove(self, name: str) -> OwnScore:
        """Put a score away: into the bin. Raises ReadError for a name that is not there."""
        return self._moved(self.get(name).name, removed=True)

    def restore(self, name: str) -> OwnScore:
        """Take a score out of the bin again. Raises ReadError for a name that is not there."""
        return self._moved(name, removed=False)

    def _moved(self, name: str, *, removed: bool) -> OwnScore:
        with self._database.writing() as connection:
            row = _row(connection, name=name)
            if row is None:
                found = f"Looking for `{name}` in the bin: it is not there"
                raise ReadError(f"{found}; `valentin shelf add` takes its file anew.", path=name)
            when = time.time() if removed else None
            change = update(scores).where(scores.c.id == row.id).values(removed_s=when)
            connection.execute(change)
            kept, binned = self._kept(row.digest, row.suffix), self._in_bin(row.digest, row.suffix)
            if not removed and binned.exists():
                binned.replace(kept)
            own = _row(connection, id=row.id)
        if removed and kept.exists():  # after the commit: what is on the shelf has its file there
            kept.replace(folder(binned.parent) / binned.name)
        return self._own(own)

    def _with_digest(self, digest: str) -> OwnScore | None:
        with self._database.reading() as connection:
            row = _row(connection, digest=digest)
        return None if row is None else self._own(row)

    def _new_row(
        self, connection: Connection, score: Score, known: tuple[str, str], taken: Container[str]
    ) -> dict[str, Any]:
        file, digest = known
        names = set(connection.execute(select(scores.c.name)).scalars())
        stem = Path(file).stem
        name = name_for(score.title, score.composer, stem, _Either(names, taken))
        title = score.title or stem
        return {
            "name": name,
            "digest": digest,
            "file": file,
            "title": title,
            "composer": score.composer,
            "notes": len(score.notes),
            "bars": len(score.bars),
            "words": folded(f"{score.composer} {title} {name} {stem}"),
            "added_s": time.time(),
        }

    def _own(self, row: Any) -> OwnScore:
        path = self._kept(row.digest, row.suffix)
        if row.removed_s is not None:
            binned = self._in_bin(row.digest, row.suffix)
            path = binned if binned.exists() else path
        return OwnScore(
            row.name, row.title, row.composer, row.notes, row.bars, row.file, row.added_s, path,
            row.removed_s is not None,
        )  # fmt: skip

    def _kept(self, digest: str, suffix: str) -> Path:
        return self._home / "scores" / f"{digest}{suffix}"

    def _in_bin(self, digest: str, suffix: str) -> Path:
        return self._home / "bin" / f"{digest}{suffix}"


@dataclass(frozen=True, slots=True)
class _Either:
    first: Container[str]
    second: Container[str]

    def __contains__(self, name: object) -> bool:
        return name in self.first or name in self.second


def _row(connection: Connection, **which: object) -> Any:
    return connection.execute(select(scores).filter_by(**which)).one_or_none()


def _bytes(path: Path) -> bytes:
    """All of a file; of one that no reader takes, enough for the reader to refuse it."""
    try:
        with path.open("rb") as flow:
            return flow.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ReadError(
            f"Reading `{path.name}`: {reason}; check the name and its permissions.", path=str(path)
        ) from error


def write_through(path: Path, data: bytes) -> None:
    """The bytes, on the disk and not only on their way there. Raises DeviceError."""
    try:
        with path.open("wb") as flow:
            flow.write(data)
            flow.flush()
            os.fsync(flow.fileno())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DeviceError(f"Keeping a score: {reason}; free some space and try again.") from error
