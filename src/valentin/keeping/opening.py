"""The one who keeps: the database and the folders of a user, opened together.

**Knows nothing of** what is kept in them.
"""

from __future__ import annotations

import os
from functools import cached_property, lru_cache
from pathlib import Path

from valentin.keeping.cards import Cards
from valentin.keeping.database import Database
from valentin.keeping.home import DATABASE, database_url, folder, home
from valentin.keeping.lessons import Lessons
from valentin.keeping.naming import OwnScore
from valentin.keeping.recording import Recordings
from valentin.keeping.sharing import SharedPages
from valentin.keeping.shelf import Shelf
from valentin.keeping.takes import Takes

__all__ = ["Keeper", "keeper", "own_score", "own_scores"]


class Keeper:
    """Everything that is kept for one user, or one school."""

    def __init__(self, where: Path) -> None:
        """Raises DeviceError where the folder or the database cannot be had."""
        self.home = folder(where)
        self.database = Database(database_url(where))

    @cached_property
    def shelf(self) -> Shelf:
        """The user's own scores."""
        return Shelf(self.database, self.home)

    @cached_property
    def takes(self) -> Takes:
        """The user's takes."""
        return Takes(self.database, self.home)

    @cached_property
    def recordings(self) -> Recordings:
        """The recordings that are being made."""
        return Recordings(self.home, self.takes)

    @cached_property
    def lessons(self) -> Lessons:
        """The lessons on them, and what people said."""
        return Lessons(self.database)

    @cached_property
    def shared(self) -> SharedPages:
        """The listening pages that the user made to send on."""
        return SharedPages(self.database, self.home)

    @cached_property
    def cards(self) -> Cards:
        """The cards that listeners sent back."""
        return Cards(self.database)


def keeper() -> Keeper:
    """What is kept on this machine, opened once. Raises DeviceError where it cannot be had."""
    return _opened(home(), os.environ.get("VALENTIN_DATABASE", ""))


def own_scores(words: str = "") -> tuple[OwnScore, ...]:
    """The scores of the user's own shelf with these words; none where nothing was ever kept."""
    return keeper().shelf.list(words) if _is_there() else ()


def own_score(name: str) -> OwnScore | None:
    """The score of exactly that name on the user's own shelf; the others are not looked at."""
    return keeper().shelf.named(name) if _is_there() else None


def _is_there() -> bool:
    """Whether anything was ever kept: nothing is made by asking."""
    where, file = home(), home() / DATABASE
    return database_url(where) != f"sqlite:///{file}" or file.is_file()


@lru_cache(maxsize=4)
def _opened(where: Path, _database: str) -> Keeper:
    return Keeper(where)
