"""The tables, and the steps that lead an older database to them.

**Conventions.** `STEPS[n]` leads from version n to n + 1, inside one transaction. A table that a
step makes is as it stands here; a change of a table is a further step that alters it, for SQLite
and PostgreSQL alike. A step that has been released is never changed.

**Knows nothing of** files.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, Float, Integer, MetaData, Table, Text

__all__ = ["META", "STEPS", "scores", "versions"]

META = MetaData()

versions = Table(
    "versions",
    META,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("since_s", Float, nullable=False),
)
scores = Table(
    "scores",
    META,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("suffix", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("composer", Text, nullable=False),
    Column("notes", Integer, nullable=False),
    Column("bars", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("added_s", Float, nullable=False),
    Column("removed_s", Float),
)


def _first(connection: Connection) -> None:
    META.create_all(connection, [scores])


STEPS: tuple[Callable[[Connection], None], ...] = (_first,)
