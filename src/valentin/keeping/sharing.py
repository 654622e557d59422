"""Listening pages that were made to send on: files, and which page was of which piece.

In: a page as text, what it is of. Out: `Shared`s whose `path` is the file.

**Conventions.** A page lies in `shared/` under its id. The name that listeners' cards call it by
(`page`) is that of its sound, so that the same performance in two languages has one. A page that is
removed loses its file; the row stays, marked, so that a card that comes later is still known.

**Knows nothing of** what is on a page, how it was made.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from valentin.errors import ReadError
from valentin.files import written
from valentin.keeping.database import Database
from valentin.keeping.home import folder
from valentin.keeping.shelf import write_through
from valentin.keeping.tables import shared

__all__ = ["Shared", "SharedPages"]


@dataclass(frozen=True, slots=True)
class Shared:
    """One page. `take` is "" where valentin plays; `by` is who plays, "" where nobody is named."""

    id: str
    page: str
    piece: str
    take: str
    title: str
    by: str
    language: str
    hall: str
    length_s: float
    bytes: int
    made_s: float
    path: Path
    removed: bool = False


class SharedPages:
    """The pages that a user made to send on."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database, self._folder = database, home / "shared"

    def add(self, html: str, about: dict[str, Any]) -> Shared:
        """Keep a page; `about` has the columns `page` to `length_s`, and may have an `id`.

        Raises DeviceError where it cannot be written.
        """
        name, data = about.get("id") or secrets.token_hex(8), html.encode()
        with written(folder(self._folder) / f"{name}.html") as beside:
            write_through(beside, data)
        row = about | {"id": name, "bytes": len(data), "made_s": time.time()}
        with self._database.writing() as connection:
            connection.execute(insert(shared).values(row))
        return self.get(name)

    def get(self, name: str) -> Shared:
        """The page of that id. Raises ReadError where there is none, or none any more."""
        with self._database.reading() as connection:
            row = connection.execute(select(shared).where(shared.c.id == name)).one_or_none()
        if row is None or row.removed_s is not None:
            raise ReadError(f"Looking for the shared page `{name}`: it is not there.", path=name)
        return self._shared(row)

    def list(self, piece: str) -> tuple[Shared, ...]:
        """The pages of a piece, the newest first."""
        wanted = select(shared).where(shared.c.piece == piece, shared.c.removed_s.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(shared.c.made_s.desc())).all()
        return tuple(map(self._shared, rows))

    def piece_of(self, page: str) -> str:
        """The piece that a page, by the name on a card, is of; "" where no such page was made."""
        wanted = select(shared.c.piece).where(shared.c.page == page)
        with self._database.reading() as connection:
            return str(connection.execute(wanted.order_by(shared.c.made_s)).scalar() or "")

    def remove(self, name: str) -> None:
        """Delete a page's file. Raises ReadError where there is none."""
        page = self.get(name)
        change = update(shared).where(shared.c.id == name).values(removed_s=time.time())
        with self._database.writing() as connection:
            connection.execute(change)
        page.path.unlink(missing_ok=True)

    def _shared(self, row: Any) -> Shared:
        return Shared(
            row.id, row.page, row.piece, row.take, row.title, row.by, row.language, row.hall,
            row.length_s, row.bytes, row.made_s, self._folder / f"{row.id}.html",
            row.removed_s is not None,
        )  # fmt: skip
