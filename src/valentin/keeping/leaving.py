"""Leaving: everything that is kept, to take away; and everything gone.

In: the database, the folders. Out: one zip; or nothing any more.

**Conventions.** The zip holds `kept.json`, every table row by row, and the files as they are. What
was deleted is gone from the database file too: pages are overwritten, the file is rebuilt and the
write-ahead log emptied. Instruments are no one's own and stay.

**Knows nothing of** what the tables mean.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, select

from valentin.files import written
from valentin.keeping.database import Database
from valentin.keeping.tables import (
    META,
    cards,
    lessons,
    scores,
    shared,
    takes,
    versions,
    words,
)

__all__ = ["Deleted", "export", "forget"]

FOLDERS = ("scores", "takes", "lessons", "shared", "bin")
_README = """\
Everything that valentin kept for you.

kept.json   the tables: scores, takes, lessons, bars, findings, words, shared, cards, moments
scores/     the copies of your scores
takes/      your takes: .jsonl is a live one, [time_s, kind, pitch, value] a line;
            the same as .mid beside it
shared/     the listening pages you made to send on
bin/        what you put away
"""


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted."""

    scores: int
    takes: int
    lessons: int
    words: int
    shared: int
    cards: int


def export(database: Database, home: Path, path: Path, beside: Path) -> None:
    """Everything that is kept into a zip at `path`; `beside` holds files to be added as they lie.

    Raises DeviceError where it cannot be written.
    """
    with (
        written(path) as whole,
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        archive.writestr("README.txt", _README)
        archive.writestr("kept.json", _tables(database))
        for folder in FOLDERS:
            for file in _files(home / folder):
                archive.write(file, file.relative_to(home).as_posix())
        for file in _files(beside):
            archive.write(file, file.relative_to(beside).as_posix())


def forget(database: Database, home: Path) -> Deleted:
    """Delete everything that is kept. There is no way back."""
    with database.writing() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in (scores, takes, lessons, words, shared, cards)
        ]
        for table in reversed(META.sorted_tables):
            if table is not versions:
                connection.execute(delete(table))
    for folder in FOLDERS:
        shutil.rmtree(home / folder, ignore_errors=True)
    database.rebuild()
    return Deleted(*counts)


def _tables(database: Database) -> str:
    whole: dict[str, list[dict[str, object]]] = {}
    with database.reading() as connection:
        for table in META.sorted_tables:
            rows = connection.execute(select(table)).mappings()
            whole[table.name] = [dict(row) for row in rows]
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
