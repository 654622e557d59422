"""Title and composer of a score.

In: an MEI or a MusicXML tree. Out: two texts, "" where the file names none.

**Conventions.** What the head of the file says goes before what is printed on the first page: there
the largest words in the middle are the title, those on the right the composer. A full stop after a
title is left out, and what stands in brackets is set off by a space.

**Knows nothing of** the shelf and of file names.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from valentin.reading.mei_tree import exact, printed_text

__all__ = ["names_in_mei", "names_in_musicxml"]

_STOP = re.compile(r"(?<=[^\W\d_]{4})\.(?=,|$)")
_BRACKET = re.compile(r"(?<=\w)\(")


def names_in_mei(mei: Element) -> tuple[str, str]:
    """Title and composer of an MEI file."""
    composer = _first(
        mei,
        ".//titleStmt/composer",
        ".//titleStmt/respStmt/persName[@role='composer']",
        ".//bibl/composer",
    )
    return _tidied(_first(mei, ".//titleStmt/title")), _tidied(composer)


def names_in_musicxml(root: Element) -> tuple[str, str]:
    """Title and composer of a MusicXML file."""
    work, movement = _first(root, "work/work-title"), _first(root, "movement-title")
    title = ", ".join(dict.fromkeys(_tidied(part) for part in (work, movement) if part))
    composer = _first(root, "identification/creator[@type='composer']")
    return _tidied(title or _printed(root, "center")), _tidied(composer or _printed(root, "right"))


def _tidied(text: str) -> str:
    """No stop after "Nocturne." but after "Op."; a space before the bracket of "Bach(1685)"."""
    return _STOP.sub("", _BRACKET.sub(" (", text))


def _printed(root: Element, where: str) -> str:
    """The largest words of the first page that stand there."""
    found = [
        words
        for credit in root.findall("credit")
        if credit.get("page", "1") == "1"
        for words in credit.findall("credit-words")[:1]
        if words.get("justify", words.get("halign", "")) == where
    ]
    largest = max(found, key=lambda w: exact(w.get("font-size")) or 0, default=None)
    return printed_text(largest) if largest is not None else ""


def _first(tree: Element, *paths: str) -> str:
    found = (tree.find(path) for path in paths)
    return next((text for e in found if e is not None and (text := printed_text(e))), "")
