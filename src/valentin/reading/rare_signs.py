"""Signs of MusicXML that Verovio drops or misreads, and signs that nobody here understands.

In: a partwise tree. Out: the tree with signs spelled as Verovio knows them; the ornaments that only
the file tells rightly; the signs to name as not understood.

**Conventions.** A sign is either understood, or without sound (layout, other instruments' ways of
playing are not), or named: nothing that sounds is passed over in silence.

**Knows nothing of** how a sign is played.

**Reference.** MusicXML 4.0, elements of `ornaments`, `articulations`, `technical`, `direction-type`
and `measure-style`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from valentin.music import Ornament
from valentin.music.score import OrnamentKind

__all__ = ["not_understood", "ornaments_told", "respelled"]

_SPELLED = {
    "shake": "trill-mark",
    "delayed-inverted-turn": "inverted-turn",
    "inverted-vertical-turn": "inverted-turn",
    "haydn": "turn",
    "soft-accent": "accent",
    "stress": "accent",
}
"""Signs that Verovio drops or takes for another → the nearest that it knows, played as that."""

_NAMED = {
    "other-ornament": "an ornament of the file's own",
    "other-articulation": "an articulation of the file's own",
    "scoop": "a scoop",
    "plop": "a plop", "doit": "a doit", "falloff": "a fall", "unstress": "a sign for no stress",
    "harmonic": "a harmonic", "snap-pizzicato": "a plucked note", "golpe": "a stroke on the case",
    "beat-repeat": "a sign that repeats a beat", "slash": "slashes for notes left to the player",
    "other-notation": "a notation of the file's own", "damp": "a sign to damp",
    "damp-all": "a sign to damp all", "other-direction": "a direction of the file's own",
    "harp-pedals": "pedals of a harp", "string-mute": "a mute", "scordatura": "strings tuned anew",
    "brass-bend": "a bend", "bend": "a bend", "flutter-tongue": "flutter-tongue",
    "thumb-position": "a thumb position", "percussion": "a sign for percussion",
}  # fmt: skip
"""Signs that ask for a sound or a touch and are not understood, in words."""

_SLIDES = ("ornamentSchleifer", "ornamentPrecompSlide")
"""What SMuFL calls a slide."""

_KINDS: dict[str, OrnamentKind] = {
    "trill-mark": "trill", "turn": "turn", "delayed-turn": "turn", "vertical-turn": "turn",
    "inverted-turn": "inverted-turn", "mordent": "mordent", "inverted-mordent": "inverted-mordent",
}  # fmt: skip
_ALTERS = {
    "sharp": 1, "natural": 0, "flat": -1, "double-sharp": 2, "sharp-sharp": 2, "flat-flat": -2,
}  # fmt: skip


def respelled(root: Element) -> bool:
    """Spell rare signs as Verovio knows them; whether there was any."""
    found = False
    for holder in (*root.iter("ornaments"), *root.iter("articulations")):
        for sign in holder:
            if sign.tag in _SPELLED:
                sign.tag, found = _SPELLED[sign.tag], True
            elif sign.tag == "schleifer":  # Verovio makes a mordent of it
                sign.tag, found = "other-ornament", True
                sign.set("smufl", _SLIDES[0])
    return found


def ornaments_told(root: Element) -> Iterator[tuple[str, Ornament]]:
    """Slides, and ornaments with the accidentals of their neighbours, by the id of the note.

    Verovio never reads those of a mordent, and those of a turn only where they name their side.
    """
    for note in root.iter("note"):
        for signs in note.iter("ornaments"):
            marks = [m for m in signs.iter("accidental-mark") if (m.text or "").strip() in _ALTERS]
            kind = next((_KINDS[s.tag] for s in signs if s.tag in _KINDS), None)
            if kind is not None and marks:
                yield note.get("id", ""), _altered(kind, marks)
            elif kind is None and any(sign.get("smufl") in _SLIDES for sign in signs):
                yield note.get("id", ""), Ornament("slide")


def _altered(kind: OrnamentKind, marks: Sequence[Element]) -> Ornament:
    """An ornament with accidentals: only a turn has them on both sides."""
    alters = [_ALTERS[(mark.text or "").strip()] for mark in marks]
    if kind == "mordent":
        return Ornament(kind, below=alters[0])
    if kind in ("trill", "inverted-mordent"):
        return Ornament(kind, above=alters[0])
    sides: dict[str, int] = {}
    for mark, alter in zip(marks, alters, strict=True):
        usual = "below" if "above" in sides else "above"
        sides.setdefault(mark.get("placement", usual), alter)
    return Ornament(kind, sides.get("above"), sides.get("below"))


def not_understood(root: Element) -> tuple[tuple[int, str], ...]:
    """(bar from 0, words) for each kind of sign in each bar that is not understood."""
    found: dict[tuple[int, str], None] = {}
    for part in root.findall("part"):
        for bar, measure in enumerate(part.findall("measure")):
            for element in measure.iter():
                known = element.get("smufl") in _SLIDES
                words = "" if known else _NAMED.get(element.tag, "")
                if element.tag in ("beat-repeat", "slash") and element.get("type") == "stop":
                    words = ""
                if words and element.tag.startswith("other-"):
                    name = " ".join((element.text or element.get("smufl") or "").split())
                    words += f" ({name[:30]})" if name else ""
                if element.tag == "slash" and not element.get("type"):
                    words = ""  # the stroke of a grace note, or a slash of a tremolo
                if element.tag == "measure-repeat":
                    words = "a sign that repeats a bar" if element.get("type") == "start" else ""
                if words:
                    found[bar, words] = None
    return tuple(sorted(found))
