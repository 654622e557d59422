"""Names of kept scores: made from composer and title, found again by a part of them.

**Conventions.** A name is lower-case ASCII letters, digits and hyphens, at most `LONGEST` of them.
Words are compared *folded*: without case, accents and punctuation.

**Knows nothing of** files and databases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count
from pathlib import Path

from valentin.errors import ReadError

__all__ = ["SUFFIXES", "OwnScore", "chosen", "folded", "name_for"]

SUFFIXES = (".musicxml", ".xml", ".mxl", ".mei", ".krn", ".mid", ".midi")
"""What scores are called; of a folder only files called so are looked at."""
LONGEST = 48
_GAP = re.compile(r"[^a-z0-9]+")
_LIFE = re.compile(r"\(.*?\)|\[.*?\]|\d{4}\s*[-–—]\s*\d{0,4}")
"""The years of a life, and other brackets, after a composer's name."""
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"})
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class OwnScore:
    """A score on the user's own shelf. `file` is what its file was called when it was added."""

    name: str
    title: str
    composer: str
    notes: int
    bars: int
    file: str
    added_s: float
    path: Path
    removed: bool = False


def folded(text: str) -> str:
    """Lower-case words of plain letters and digits, one space between them."""
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    return _GAP.sub(" ", bare.translate(_LETTERS)).strip()


def name_for(title: str, composer: str, stem: str, taken: Container[str]) -> str:
    """A new name for a score, not among those taken."""
    surname = _surname(composer)
    words = (folded(title) or folded(stem)).split()
    if surname and surname not in words:
        words.insert(0, surname)
    base = "-".join(words) or "score"
    if len(base) > LONGEST:
        base = base[: LONGEST + 1].rpartition("-")[0] or base[:LONGEST]
    names = (base if i == 1 else f"{base}-{i}" for i in count(1))
    return next(name for name in names if name not in taken)


def _surname(composer: str) -> str:
    """ "Frédéric Chopin (1810–1849)" and "Chopin, Frédéric" → "chopin"."""
    plain = _LIFE.sub(" ", composer).strip(" ,;:")
    last = plain.partition(",")[0] if "," in plain else plain
    words = folded(last).split()
    return words[-1] if words else ""


def chosen(wanted: str, names: Mapping[str, str]) -> str:
    """The one name that is meant: itself, or the only one with all the words wanted.

    `names` gives for each name the words it may be found by. Raises ReadError where none or
    several fit, naming those that are near.
    """
    if wanted in names:
        return wanted
    words = folded(wanted).split()
    found = [n for n, text in names.items() if words and _fits(words, f"{n} {text}")]
    if len(found) == 1:
        return found[0]
    if found:
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise ReadError(
            f"Looking for `{wanted}`: that could be {', '.join(found[:_MOST_NAMED])}{more}; "
            "give one of these names.",
            path=wanted,
        )
    near = _near(words, names)
    there = near or list(names)[:_MOST_NAMED]
    lead = "the nearest on the shelf are" if near else "the shelf has"
    raise ReadError(
        f"Looking for `{wanted}`: there is no such file, and {lead} {', '.join(there)}; "
        "give the path of a score or a name that `valentin show` lists.",
        path=wanted,
    )


def _fits(words: list[str], text: str) -> bool:
    """Whether each word begins some word of the text; numbers must be whole ("1" is not "15")."""
    there = folded(text).split()
    return all(any(t == w or (t.startswith(w) and not w.isdigit()) for t in there) for w in words)


def _near(words: list[str], names: Mapping[str, str]) -> list[str]:
    """The names that are spelt nearly so, or have a word that is."""
    whole = get_close_matches("-".join(words), list(names), n=3, cutoff=0.6)
    parts = {name: folded(f"{name} {text}").split() for name, text in names.items()}
    every = sorted({part for row in parts.values() for part in row})
    alike = {w for word in words for w in get_close_matches(word, every, n=2, cutoff=0.7)}
    return [*whole, *(n for n in names if n not in whole and alike & set(parts[n]))][:_MOST_NAMED]
