"""Cards that listeners sent back: kept, counted by listener, undone.

In: a `MomentCard`, and which piece each number on it is. Out: the moments of a piece.

**Conventions.** A card is one listener. Who sends a second card after keeping more is known by it:
where all moments of one card are on the other, to the millisecond, they are one listener's, and the
fuller one is kept. So listeners are rather counted too few than too many.

**Knows nothing of** pages, files, how a card is read.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from valentin.errors import ReadError
from valentin.keeping.database import Database
from valentin.keeping.tables import cards, moments
from valentin.music import MomentCard

__all__ = ["Cards", "Listener", "Moved"]

Place = tuple[int, float, str]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who sent a card: `new` is false where everything on it was here already."""

    id: str
    pieces: tuple[str, ...]
    moments: int
    new: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A moment of a piece that moved a listener (the id of the card), on a page (its name)."""

    listener: str
    page: str
    time_s: float
    bar: str
    came_s: float


class Cards:
    """The cards that came back to a user."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, card: MomentCard, pieces: Mapping[int, str]) -> Listener:
        """Keep a card; `pieces` names the piece of each number on it."""
        brought = {(m.piece, m.time_s, m.bar) for m in card.moments}
        named = tuple(dict.fromkeys(pieces[number] for number in card.numbers))
        with self._database.writing() as connection:
            known = _of_page(connection, card.page)
            fuller = next((k for k, there in known.items() if brought <= there), None)
            if fuller:
                return Listener(fuller, named, len(brought), new=False)
            poorer = next((k for k, there in known.items() if there <= brought), None)
            name = poorer or secrets.token_hex(8)
            if poorer:
                connection.execute(delete(moments).where(moments.c.card == poorer))
            else:
                row = {"id": name, "page": card.page, "title": card.title(1)}
                connection.execute(insert(cards).values(came_s=time.time(), **row))
            rows = [
                {"card": name, "number": n, "piece": pieces[n], "time_s": time_s, "bar": bar}
                for n, time_s, bar in sorted(brought)
            ]
            connection.execute(insert(moments), rows)
        return Listener(name, named, len(brought), new=True)

    def moved(self, piece: str) -> tuple[Moved, ...]:
        """Every moment of a piece that moved somebody, in the order of bars' first times."""
        wanted = (
            select(moments, cards.c.page, cards.c.came_s)
            .join(cards, cards.c.id == moments.c.card)
            .where(moments.c.piece == piece, cards.c.removed_s.is_(None))
            .order_by(moments.c.time_s)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Moved(r.card, r.page, r.time_s, r.bar, r.came_s) for r in rows)

    def pieces_of(self, page: str) -> dict[int, str]:
        """Which piece each number on a page was taken for when a card of it came before."""
        wanted = select(moments.c.number, moments.c.piece).join(cards, cards.c.id == moments.c.card)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.where(cards.c.page == page).order_by(cards.c.came_s))
            return {int(row.number): str(row.piece) for row in rows}

    def remove(self, name: str) -> None:
        """Put a card away. Raises ReadError for one that is not there."""
        self._marked(name, time.time())

    def restore(self, name: str) -> None:
        """Take it out again. Raises ReadError for one that is not there."""
        self._marked(name, None)

    def _marked(self, name: str, when_s: float | None) -> None:
        with self._database.writing() as connection:
            change = update(cards).where(cards.c.id == name).values(removed_s=when_s)
            if connection.execute(change).rowcount == 0:
                raise ReadError(f"Looking for the card `{name}`: it is not there.", path=name)


def _of_page(connection: Connection, page: str) -> dict[str, set[Place]]:
    """The moments of each card of a page that is not put away."""
    wanted = (
        select(moments)
        .join(cards, cards.c.id == moments.c.card)
        .where(cards.c.page == page, cards.c.removed_s.is_(None))
    )
    found: dict[str, set[Place]] = {}
    row: Any
    for row in connection.execute(wanted):
        found.setdefault(row.card, set()).add((row.number, row.time_s, row.bar))
    return found
