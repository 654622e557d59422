"""Lessons and what people say about them: stored with their takes, undone, read as a history.

In: `Practised`, a lesson as JSON, words. Out: the same, and the history of a piece.

**Conventions.** A take has at most one lesson; a new one takes the place of the old. A word that is
taken back stays, marked, until everything is deleted. Takes that are put away have no history.

**Knows nothing of** how a lesson is made.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, delete, func, insert, select, update

from valentin.errors import ReadError, TakeError
from valentin.keeping.database import Database
from valentin.keeping.tables import bars, findings, lessons, takes, words
from valentin.music import BarPractice, Issue, Meant, Practised

__all__ = ["Lessons", "Word"]

Kind = Literal["meant", "disagree", "note"]
By = Literal["student", "teacher"]
LONGEST_TEXT = 2_000
MOST_WORDS = 500
"""Words on one take: more than any teacher writes."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says about a take: of a remark (its number; 0 is none), or of bars."""

    id: str
    take: str
    kind: Kind
    by: By
    remark: int
    measure: str
    bars: tuple[str, str]
    text: str
    at_s: float
    removed: bool = False


class Lessons:
    """The lessons of a user."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, take: str, lesson: str, practised: Practised) -> None:
        """The lesson on a take, as JSON, and what came of the take."""
        verdict = "judged" if practised.judged else "refused"
        with self._database.writing() as connection:
            for table in (lessons, bars, findings):
                connection.execute(delete(table).where(table.c.take == take))
            row = {"take": take, "verdict": verdict, "lesson": lesson, "made_s": time.time()}
            connection.execute(insert(lessons).values(row))
            for table, rows in (
                (bars, [_bar_row(take, bar) for bar in practised.bars]),
                (findings, [_issue_row(take, issue) for issue in practised.issues]),
            ):
                if rows:
                    connection.execute(insert(table), rows)

    def lesson(self, take: str) -> str:
        """The lesson on a take, as JSON. Raises ReadError where there is none yet."""
        wanted = select(lessons.c.lesson).where(lessons.c.take == take)
        with self._database.reading() as connection:
            found = connection.execute(wanted).scalar()
        if found is None:
            raise ReadError("Looking for the lesson: there is none on this take yet.", path=take)
        return str(found)

    def before(self, take: str) -> str:
        """The last lesson on the same piece before a take's, as JSON; "" where there is none."""
        this = takes.alias("this")
        wanted = (
            select(lessons.c.lesson)
            .join(takes, takes.c.id == lessons.c.take)
            .join(this, (this.c.piece == takes.c.piece) & (takes.c.started_s < this.c.started_s))
            .where(this.c.id == take, takes.c.removed_s.is_(None), lessons.c.verdict == "judged")
            .order_by(takes.c.started_s.desc())
        )
        with self._database.reading() as connection:
            return str(connection.execute(wanted).scalar() or "")

    def history(self, piece: str = "") -> tuple[Practised, ...]:
        """Every take (of a piece), the first first, with what came of it."""
        wanted = select(takes, lessons.c.verdict).outerjoin(lessons, lessons.c.take == takes.c.id)
        wanted = wanted.where(takes.c.removed_s.is_(None)).order_by(takes.c.started_s)
        if piece:
            wanted = wanted.where(takes.c.piece == piece)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
            played = _by_take(connection, bars, piece)
            found = _by_take(connection, findings, piece)
        return tuple(
            Practised(
                row.id, row.piece, row.started_s, row.duration_s, row.verdict == "judged",
                tuple(map(_bar, played.get(row.id, ()))), tuple(map(_issue, found.get(row.id, ()))),
            )
            for row in rows
        )  # fmt: skip

    def say(self, take: str, kind: str, by: str, about: int | tuple[str, str], text: str) -> Word:
        """Store a word on a remark of the take's lesson (its number) or on bars.

        Raises TakeError for a word that cannot be said.
        """
        if kind not in get_args(Kind) or by not in get_args(By):
            raise TakeError("Keeping a word: it is meant, disagree or note, by student or teacher.")
        if len(text) > LONGEST_TEXT:
            raise TakeError(f"Keeping a word: it has more than {LONGEST_TEXT} characters.")
        if isinstance(about, int) == (kind == "note"):
            raise TakeError("Keeping a word: a note is on bars, the others on a remark.")
        if kind == "note" and not text.strip():
            raise TakeError("Keeping a word: the note is empty; write something.")
        row: dict[str, Any] = {"id": secrets.token_hex(8), "take": take, "kind": kind, "by": by}
        with self._database.writing() as connection:
            row |= self._about(connection, take, about, kind) | {"text": text, "at_s": time.time()}
            if _count(connection, take) >= MOST_WORDS:
                raise TakeError(f"Keeping a word: the take has {MOST_WORDS} already.")
            connection.execute(insert(words).values(row))
        return self.word(row["id"])

    def word(self, name: str) -> Word:
        """The word of that id. Raises ReadError."""
        with self._database.reading() as connection:
            row = connection.execute(select(words).where(words.c.id == name)).one_or_none()
        if row is None:
            raise ReadError(f"Looking for the word `{name}`: it is not there.", path=name)
        return _word(row)

    def words(self, take: str) -> tuple[Word, ...]:
        """What was said about a take and not taken back, the first first."""
        wanted = select(words).where(words.c.take == take, words.c.removed_s.is_(None))
        with self._database.reading() as connection:
            return tuple(map(_word, connection.execute(wanted.order_by(words.c.at_s))))

    def take_back(self, name: str) -> Word:
        """Undo a word. Raises ReadError for one that is not there."""
        return self._marked(name, time.time())

    def say_again(self, name: str) -> Word:
        """Undo the undoing."""
        return self._marked(name, None)

    def meant(self, piece: str) -> tuple[Meant, ...]:
        """What was said to be meant in a piece."""
        wanted = (
            select(words)
            .join(takes, takes.c.id == words.c.take)
            .where(takes.c.piece == piece, words.c.kind == "meant", words.c.removed_s.is_(None))
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(words.c.at_s)).all()
        return tuple(Meant(row.measure, (row.first_bar, row.last_bar)) for row in rows)

    def _about(
        self, connection: Connection, take: str, about: int | tuple[str, str], kind: str
    ) -> dict[str, Any]:
        """What a word is about, in columns."""
        if isinstance(about, tuple):
            return {"remark": 0, "measure": "", "first_bar": about[0], "last_bar": about[1]}
        wanted = select(findings).where(findings.c.take == take, findings.c.remark == about)
        row = connection.execute(wanted).first() if about > 0 else None
        if row is None:
            raise TakeError(f"Keeping a word: the lesson on this take has no remark {about}.")
        if kind == "meant" and row.dimension == "notes":
            raise TakeError("Keeping a word: other notes than the written are not heard as meant.")
        return {"remark": about} | {k: row._mapping[k] for k in _PLACE}

    def _marked(self, name: str, when_s: float | None) -> Word:
        with self._database.writing() as connection:
            change = update(words).where(words.c.id == name).values(removed_s=when_s)
            connection.execute(change)
        return self.word(name)


_PLACE = ("measure", "first_bar", "last_bar")


def _count(connection: Connection, take: str) -> int:
    return connection.execute(select(func.count()).where(words.c.take == take)).scalar() or 0


def _by_take(connection: Connection, table: Any, piece: str) -> dict[str, list[Any]]:
    wanted = select(table).order_by(table.c.id)
    if piece:
        wanted = wanted.join(takes, takes.c.id == table.c.take).where(takes.c.piece == piece)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.take, []).append(row)
    return found


def _bar_row(take: str, bar: BarPractice) -> dict[str, Any]:
    return {
        "take": take, "bar": bar.bar, "notes": bar.notes, "right": bar.right, "stops": bar.stops,
        "time_s": bar.time_s,
    }  # fmt: skip


def _bar(row: Any) -> BarPractice:
    return BarPractice(row.bar, row.notes, row.right, row.stops, row.time_s)


def _issue_row(take: str, issue: Issue) -> dict[str, Any]:
    first, last = issue.bars
    return {
        "take": take, "remark": issue.remark, "kind": issue.kind, "dimension": issue.dimension,
        "measure": issue.measure, "first_bar": first, "last_bar": last, "said": issue.words,
        "do": issue.do,
    }  # fmt: skip


def _issue(row: Any) -> Issue:
    bars_named = (row.first_bar, row.last_bar)
    return Issue(row.dimension, row.measure, bars_named, row.remark, row.said, row.do, row.kind)


def _word(row: Any) -> Word:
    return Word(
        row.id, row.take, row.kind, row.by, row.remark, row.measure,
        (row.first_bar, row.last_bar), row.text, row.at_s, row.removed_s is not None,
    )  # fmt: skip
