"""The tables, and the steps that lead an older database to them.

**Conventions.** `STEPS[n]` leads from version n to n + 1, inside one transaction. A table that a
step makes is as it stands here; a change of a table is a further step that alters it, for SQLite
and PostgreSQL alike. A step that has been released is never changed.

**Knows nothing of** files.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, Float, ForeignKey, Index, Integer, MetaData, Table, Text

__all__ = [
    "META",
    "STEPS",
    "bars",
    "cards",
    "findings",
    "lessons",
    "moments",
    "scores",
    "shared",
    "takes",
    "versions",
    "words",
]

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
takes = Table(
    "takes",
    META,
    Column("id", Text, primary_key=True),
    Column("piece", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("started_s", Float, nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("notes", Integer, nullable=False),
    Column("removed_s", Float),
    Index("takes_of_piece", "piece", "started_s"),
)


def _of_take() -> Column[str]:
    return Column("take", Text, ForeignKey("takes.id", ondelete="CASCADE"), nullable=False)


lessons = Table(
    "lessons",
    META,
    Column("id", Integer, primary_key=True),
    _of_take(),
    Column("verdict", Text, nullable=False),
    Column("lesson", Text, nullable=False),
    Column("made_s", Float, nullable=False),
    Index("lesson_of_take", "take", unique=True),
)
bars = Table(
    "bars",
    META,
    Column("id", Integer, primary_key=True),
    _of_take(),
    Column("bar", Text, nullable=False),
    Column("notes", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("stops", Integer, nullable=False),
    Column("time_s", Float, nullable=False),
    Index("bars_of_take", "take"),
)
findings = Table(
    "findings",
    META,
    Column("id", Integer, primary_key=True),
    _of_take(),
    Column("remark", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("first_bar", Text, nullable=False),
    Column("last_bar", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("do", Text, nullable=False),
    Index("findings_of_take", "take"),
)
words = Table(
    "words",
    META,
    Column("id", Text, primary_key=True),
    _of_take(),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("remark", Integer, nullable=False),
    Column("measure", Text, nullable=False),
    Column("first_bar", Text, nullable=False),
    Column("last_bar", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at_s", Float, nullable=False),
    Column("removed_s", Float),
    Index("words_of_take", "take"),
)


shared = Table(
    "shared",
    META,
    Column("id", Text, primary_key=True),
    Column("page", Text, nullable=False),
    Column("piece", Text, nullable=False),
    Column("take", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("hall", Text, nullable=False),
    Column("length_s", Float, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("made_s", Float, nullable=False),
    Column("removed_s", Float),
    Index("shared_of_piece", "piece", "made_s"),
    Index("shared_by_page", "page"),
)
cards = Table(
    "cards",
    META,
    Column("id", Text, primary_key=True),
    Column("page", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("came_s", Float, nullable=False),
    Column("removed_s", Float),
    Index("cards_of_page", "page"),
)
moments = Table(
    "moments",
    META,
    Column("id", Integer, primary_key=True),
    Column("card", Text, ForeignKey("cards.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("piece", Text, nullable=False),
    Column("time_s", Float, nullable=False),
    Column("bar", Text, nullable=False),
    Index("moments_of_card", "card"),
    Index("moments_of_piece", "piece"),
)


def _first(connection: Connection) -> None:
    META.create_all(connection, [scores])


def _second(connection: Connection) -> None:
    META.create_all(connection, [takes, lessons, bars, findings, words])


def _third(connection: Connection) -> None:
    META.create_all(connection, [shared, cards, moments])


STEPS: tuple[Callable[[Connection], None], ...] = (_first, _second, _third)
