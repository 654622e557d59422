"""The words of a lesson's page in the lesson's own language.

In: a lesson, names and places. Out: texts from the catalogue `page`.

**Conventions.** A note's name is that of the language: B flat is B in German, and B is H.

**Knows nothing of** HTML.
"""

from __future__ import annotations

from valentin.catalogue import Catalogue, catalogue
from valentin.music import Lesson, Remark

__all__ = ["bars_said", "note_said", "number_said", "remark_title", "words_of"]

_SIGNS = str.maketrans({"♯": "#", "♭": "b", "𝄪": "##", "𝄫": "bb"})


def words_of(lesson: Lesson) -> Catalogue:
    """The page's catalogue in the language of the lesson."""
    return catalogue("page", lesson.language)


def bars_said(words: Catalogue, first: str, last: str) -> str:
    """ "bar 9", "bars 9–12"; where the music goes back "bar 32 to bar 3 (over the repeat)"."""
    if first.isdecimal() and last.isdecimal() and int(first) > int(last):
        return words.say("bars.over", first=first, last=last)
    return words.say("bars.one" if first == last else "bars.more", first=first, last=last)


def note_said(words: Catalogue, name: str) -> str:
    """A note's name, "E♭" or as a score spells it "Eb5", in the language; "" stays ""."""
    key = f"note.{name.translate(_SIGNS).rstrip('-0123456789')}"
    return words.say(key) if key in words else name


def number_said(words: Catalogue, value: float) -> str:
    """A number with as many digits as one can use."""
    digits = f"{value:.0f}" if abs(value) >= 20 else f"{value:.2g}"
    return digits.replace(".", words.say("number.point"))


def remark_title(words: Catalogue, number: int, remark: Remark) -> str:
    """ "Start here · bars 9–12 · voicing"."""
    finding = remark.finding
    parts = [
        words.say("start") if number == 1 and finding.kind == "issue" else "",
        bars_said(words, *finding.bars),
        words.say(f"dimension.{finding.dimension}"),
        words.say("unusual") if finding.kind == "unusual" else "",
        words.say(f"remark.{remark.since}") if remark.since else "",
    ]
    said = " · ".join(filter(None, parts))
    return said[0].upper() + said[1:]
