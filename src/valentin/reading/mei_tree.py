"""MEI as a tree: names without namespace, exact durations, pitches.

**Conventions.** Elements carry plain tags ("note"), ids are read with `id_of`. Written durations
are quarters as exact Fractions.

**Reference.** Music Encoding Initiative, guidelines 5.0 (data.DURATION, att.duration.ges,
att.accidental).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = [
    "NAMESPACE",
    "alter_of",
    "duration_q",
    "exact",
    "id_of",
    "number",
    "parsed",
    "printed_text",
    "references",
    "with_own_ids",
]

_ID = "{http://www.w3.org/XML/1998/namespace}id"
NAMESPACE = "http://www.music-encoding.org/ns/mei"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,12})?")
_MOST_DOTS = 8
_SHORT = frozenset(str(2**i) for i in range(12))
_LONG = {"breve": Fraction(8), "long": Fraction(16), "maxima": Fraction(32)}
_STEERING = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SYMBOLS = {
    "metNoteWhole": "\ueca2", "metNoteHalfUp": "\ueca3", "metNoteQuarterUp": "\ueca5",
    "metNote8thUp": "\ueca7", "metNote16thUp": "\ueca9", "metAugmentationDot": "\uecb7",
}  # fmt: skip
_ALTER = {
    "s": 1, "f": -1, "n": 0, "ss": 2, "x": 2, "ff": -2, "xs": 3, "sx": 3, "ts": 3, "tf": -3,
    "ns": 1, "nf": -1, "su": 1, "sd": 1, "fu": -1, "fd": -1, "nu": 0, "nd": 0,
}  # fmt: skip


def parsed(mei: str) -> Element:
    """The tree of an MEI text."""
    return ElementTree.fromstring(mei.replace(f' xmlns="{NAMESPACE}"', "", 1))


def id_of(element: Element) -> str:
    """xml:id, "" where there is none."""
    return element.get(_ID, "")


def with_own_ids(root: Element) -> bool:
    """Give each element an id of its own where several share one; whether any did.

    What names the id (a slur, a tie) is then taken to mean the first.
    """
    seen = {id_of(element) for element in root.iter()}
    used: dict[str, int] = {}
    found = False
    for element in root.iter():
        name = id_of(element)
        if name and name in used:
            k = next(k for k in count(used[name] + 1) if f"{name}_{k}" not in seen)
            used[name], found = k, True
            element.set(_ID, f"{name}_{k}")
        used.setdefault(name, 1)
    return found


def references(element: Element, name: str) -> tuple[str, ...]:
    """The ids that an attribute such as `startid` or `plist` points at."""
    return tuple(part.removeprefix("#") for part in element.get(name, "").split())


def number(element: Element, name: str, default: int = 0) -> int:
    """A whole number among the attributes, `default` where there is none or it is no number."""
    text = element.get(name, "").split(" ")[0]
    return int(text) if _WHOLE.fullmatch(text) else default


def exact(text: str | None) -> Fraction | None:
    """A decimal number as it stands, None where it is none ("1e999" is none either)."""
    text = (text or "").strip()
    return Fraction(text) if _DECIMAL.fullmatch(text) else None


def duration_q(element: Element, ppq: int) -> Fraction | None:
    """Quarters that a note, chord, rest or space lasts without its tuplets, None where unsaid.

    `dur.ppq` (MusicXML's own count) is exact and includes tuplets.
    """
    if ppq and element.get("dur.ppq"):
        return Fraction(max(0, number(element, "dur.ppq")), ppq)
    name = element.get("dur.ges") or element.get("dur", "")
    base = _LONG.get(name or "") or (Fraction(4, int(name)) if name in _SHORT else None)
    if base is None:
        return None
    dots = number(element, "dots.ges" if element.get("dots.ges") is not None else "dots")
    return base * (2 - Fraction(1, 2 ** min(max(dots, 0), _MOST_DOTS)))


def alter_of(note: Element) -> int:
    """Semitones of alteration that sound: gestural before written, on the note or its child."""
    accids = [note, *note.iter("accid")]
    for name in ("accid.ges", "accid"):
        for element in accids:
            value = element.get(name, "")
            if value in _ALTER:
                return _ALTER[value]
    return 0


def printed_text(element: Element) -> str:
    """All text inside, spaces made single; a symbol by its name becomes its character.

    Characters that steer a terminal or turn the writing round are left out.
    """
    return " ".join(_STEERING.sub("", "".join(_pieces(element))).split())


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "lb":
            yield " "
        yield _SYMBOLS.get(child.get("glyph.name", ""), "")
        yield from _pieces(child)
        yield child.tail or ""
