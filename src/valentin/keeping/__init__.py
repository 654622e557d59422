"""Scores, takes, lessons and progress ↔ a database and files in the user's own folder.

In: words and files of this machine. Out: what was kept, word for word.

**Conventions.** Everything lies in one folder (`home()`). Times ending in `_s` that name a moment
are seconds since 1970, UTC. SQLAlchemy is loaded when something kept is first asked for.

**Knows nothing of** how anything was played, aligned or judged; HTTP.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from valentin.keeping.home import folder, home
from valentin.keeping.naming import SUFFIXES, OwnScore, chosen, folded

if TYPE_CHECKING:
    from valentin.keeping.cards import Cards, Listener, Moved
    from valentin.keeping.database import Database
    from valentin.keeping.events import event_of, performance_of
    from valentin.keeping.leaving import Deleted, export, forget
    from valentin.keeping.lessons import Lessons, Word
    from valentin.keeping.opening import Keeper, keeper, own_score, own_scores
    from valentin.keeping.sharing import Shared, SharedPages
    from valentin.keeping.shelf import Added, Shelf
    from valentin.keeping.takes import Gap, Pen, Take, Takes

__all__ = [
    "SUFFIXES",
    "Added",
    "Cards",
    "Database",
    "Deleted",
    "Gap",
    "Keeper",
    "Lessons",
    "Listener",
    "Moved",
    "OwnScore",
    "Pen",
    "Shared",
    "SharedPages",
    "Shelf",
    "Take",
    "Takes",
    "Word",
    "chosen",
    "event_of",
    "export",
    "folded",
    "folder",
    "forget",
    "home",
    "keeper",
    "own_score",
    "own_scores",
    "performance_of",
]

_MODULES = {
    "Added": "shelf",
    "Cards": "cards",
    "Database": "database",
    "Deleted": "leaving",
    "Gap": "takes",
    "Keeper": "opening",
    "Lessons": "lessons",
    "Listener": "cards",
    "Moved": "cards",
    "Pen": "takes",
    "Shared": "sharing",
    "SharedPages": "sharing",
    "Shelf": "shelf",
    "Take": "takes",
    "Takes": "takes",
    "Word": "lessons",
    "event_of": "events",
    "export": "leaving",
    "forget": "leaving",
    "keeper": "opening",
    "own_score": "opening",
    "own_scores": "opening",
    "performance_of": "events",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"valentin.keeping.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
