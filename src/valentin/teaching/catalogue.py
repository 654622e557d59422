"""The words of a lesson in one language (see `valentin.catalogue`).

**Knows nothing of** what the messages say.
"""

from __future__ import annotations

from valentin.catalogue import Catalogue, read_po
from valentin.catalogue import catalogue as _catalogue
from valentin.catalogue import languages as _languages

__all__ = ["Catalogue", "catalogue", "languages", "note_names", "read_po"]


def languages() -> tuple[str, ...]:
    """The languages a lesson can be given in."""
    return _languages("lesson")


def catalogue(language: str) -> Catalogue:
    """The words of a lesson. Raises ValueError for a language that is not there."""
    return _catalogue("lesson", language)


def note_names(language: str) -> Catalogue:
    """The page's words, among them the names of notes ("note.Bb")."""
    return _catalogue("page", language)
