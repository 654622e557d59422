"""MEI tree → the frame of a score: parts, and its measures in order with what is in force there.

In: the `score` element. Out: `Part` rows and `Measure` rows.

**Conventions.** A staff is named by its number n in the whole score, from 1 at the top. `ppq` is
MusicXML's divisions of a quarter, 0 where durations are only written. `semitones` is sounding
minus written pitch.

**Knows nothing of** notes, times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal
from xml.etree.ElementTree import Element

from valentin.music import Part
from valentin.reading.mei_tree import id_of, number, printed_text

__all__ = ["Measure", "Stave", "bar_quarters", "measures_of", "parts_of", "passes_of", "staves_of"]


@dataclass(frozen=True, slots=True)
class Stave:
    """One staff of the score: its place among the staves of its part, what is in force on it."""

    n: int
    part: str
    place: int
    of: int = 1
    ppq: int = 0
    semitones: int = 0
    diatonic: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure element; `ending` holds the passes for which a volta is played.

    `inside` names the sections and endings that hold it; `others` are the metres that other staves
    begin here.
    """

    element: Element
    staves: tuple[Stave, ...]
    signature: str
    fifths: int
    mode: Literal["major", "minor", ""]
    ending: tuple[int, ...] = ()
    ending_id: str = ""
    inside: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def parts_of(score: Element) -> tuple[Part, ...]:
    """The instruments: a brace of staves is one part, any other staff is a part of its own."""
    rows = []
    for i, group in enumerate(_part_elements(score)):
        label = group.find("label")
        instrument = group.find("instrDef")
        name = printed_text(label) if label is not None else ""
        if not name and instrument is not None:
            name = instrument.get("midi.instrname", "").replace("_", " ")
        staves = len(_staff_defs(group))
        rows.append(Part(_part_id(group, i), name, staves))
    return tuple(rows)


def staves_of(score: Element) -> tuple[Stave, ...]:
    """Every staff with the part it belongs to."""
    rows = []
    for i, group in enumerate(_part_elements(score)):
        staves = _staff_defs(group)
        for place, staff in enumerate(staves, 1):
            stave = Stave(number(staff, "n", place), _part_id(group, i), place, len(staves))
            rows.append(_transposed(replace(stave, ppq=number(staff, "ppq")), staff))
    return tuple(rows)


def _part_id(group: Element, index: int) -> str:
    name = id_of(group)
    return name if name.startswith("P") and name[1:].isdigit() else f"P{index + 1}"


def _part_elements(score: Element) -> list[Element]:
    top = score.find("scoreDef/staffGrp")
    return list(_split(top)) if top is not None else []


def _split(group: Element) -> Iterator[Element]:
    if group.tag == "staffDef" or _is_part(group):
        yield group
    else:
        for child in group:
            if child.tag in ("staffGrp", "staffDef"):
                yield from _split(child)


def _is_part(group: Element) -> bool:
    sign = group.find("grpSym")
    symbol = group.get("symbol") or (sign.get("symbol") if sign is not None else "")
    staves = group.findall("staffDef")
    names_its_own = any(staff.find("label") is not None for staff in staves)
    braced = symbol == "brace" or group.find("instrDef") is not None
    return bool(staves) and braced and not names_its_own and group.find("staffGrp") is None


def _staff_defs(group: Element) -> list[Element]:
    return [group] if group.tag == "staffDef" else list(group.iter("staffDef"))


def measures_of(score: Element) -> list[Measure]:
    """Measures in the order printed, each with the staves, metre and key in force."""
    blank = Measure(score, staves_of(score), "", 0, "")
    rows: list[Measure] = []
    state = _defined(blank, score.find("scoreDef"))
    for section in score:
        if section.tag in ("section", "ending"):
            state = _walk(section, state, rows)
    return rows


def _walk(container: Element, state: Measure, rows: list[Measure]) -> Measure:
    outside = state
    state = replace(state, inside=(*state.inside, id_of(container)))
    if container.tag == "ending":
        state = replace(state, ending=passes_of(container.get("n", "")), ending_id=id_of(container))
    for child in container:
        if child.tag == "measure":
            rows.append(replace(state, element=child))
            state = _within(child, replace(state, others=()))
        elif child.tag in ("scoreDef", "staffDef"):
            state = _defined(state, child)
        elif child.tag in ("section", "ending"):
            state = _walk(child, state, rows)
    was = outside
    return replace(state, ending=was.ending, ending_id=was.ending_id, inside=was.inside)


def _within(measure: Element, state: Measure) -> Measure:
    """Definitions that stand inside a measure hold from the next one on."""
    for definition in measure.iter("scoreDef"):
        state = _defined(state, definition)
    return state


def passes_of(text: str) -> tuple[int, ...]:
    """The passes that an ending is for: "1, 2" and "1-3" as numbers."""
    passes: list[int] = []
    for piece in text.replace(",", " ").replace(".", " ").split():
        low, _, high = piece.partition("-")
        if low.isdigit() and len(low) <= _DIGITS >= len(high):
            passes += range(int(low), int(high if high.isdigit() else low) + 1)
    return tuple(p for p in passes if p) or (1,)


def _defined(state: Measure, definition: Element | None) -> Measure:
    """The state with what a scoreDef or staffDef changes."""
    if definition is None:
        return state
    found = list(dict.fromkeys(filter(None, _signatures(definition))))
    if found:
        state = replace(state, signature=found[0], others=tuple(found[1:]))
    else:
        signature = _signature_attributes(definition)
        state = replace(state, signature=signature or state.signature)
    state = _keyed(state, definition)
    return replace(state, staves=tuple(_restaved(stave, definition) for stave in state.staves))


def _signatures(definition: Element) -> Iterator[str]:
    """The time signatures of all staves; a mixed group is one, of other groups the first counts."""
    for holder in definition.iter():
        if holder.tag == "meterSigGrp":
            group = [_signature(metre) for metre in holder.findall("meterSig")]
            mixed = holder.get("func") == "mixed" and all(group)
            yield "+".join(group) if mixed else next(iter(group), "")
        else:
            yield from (_signature(metre) for metre in holder.findall("meterSig"))


_SYMBOLS = {"common": "4/4", "cut": "2/2"}
_SIGNATURE = re.compile(r"[1-9]\d{0,2}(\+[1-9]\d{0,2})*/[1-9]\d{0,2}")
_TERMS = re.compile(r"(\d[\d+]*)/(\d+)")
_DIGITS = 2


def _signature(metre: Element) -> str:
    return _checked(metre.get("count"), metre.get("unit")) or _SYMBOLS.get(metre.get("sym", ""), "")


def _checked(count: str | None, unit: str | None) -> str:
    text = f"{count}/{unit}".replace(" ", "")
    return text if _SIGNATURE.fullmatch(text) else ""


def _signature_attributes(definition: Element) -> str:
    for element in definition.iter():
        found = _checked(element.get("meter.count"), element.get("meter.unit"))
        if found or (found := _SYMBOLS.get(element.get("meter.sym", ""), "")):
            return found
    return ""


def _keyed(state: Measure, definition: Element) -> Measure:
    """Key of the first staff that sounds as written, else of the first one."""
    transposed = {stave.n for stave in state.staves if stave.semitones}
    found: tuple[int, Element] | None = None
    for element in definition.iter():
        sig = element.get("sig") if element.tag == "keySig" else element.get("keysig")
        if sig is None or (fifths := _fifths(sig)) is None:
            continue
        if found is None:
            found = (fifths, element)
    for staff in definition.iter("staffDef"):
        key = staff.find("keySig")
        if key is None or number(staff, "n") in transposed:
            continue
        fifths = _fifths(key.get("sig", ""))
        if fifths is not None:
            found = (fifths, key)
            break
    if found is None:
        return state
    mode = found[1].get("mode", "")
    named: Literal["major", "minor", ""] = ""
    if mode == "major":
        named = "major"
    elif mode == "minor":
        named = "minor"
    return replace(state, fifths=found[0], mode=named)


def _fifths(sig: str) -> int | None:
    if sig == "0":
        return 0
    if len(sig) == 2 and sig[0].isdigit() and sig[1] in "sf":
        return int(sig[0]) * (1 if sig[1] == "s" else -1)
    return None


def _restaved(stave: Stave, definition: Element) -> Stave:
    own = [d for d in definition.iter("staffDef") if number(d, "n") == stave.n]
    for element in [definition, *own]:
        if element.get("ppq"):
            stave = replace(stave, ppq=number(element, "ppq"))
        stave = _transposed(stave, element)
    return stave


def _transposed(stave: Stave, element: Element) -> Stave:
    if not element.get("trans.semi"):
        return stave
    steps = number(element, "trans.diat")
    return replace(stave, semitones=number(element, "trans.semi"), diatonic=steps)


def bar_quarters(signature: str) -> Fraction:
    """What a time signature asks of a bar, 0 where there is none."""
    if not signature:
        return Fraction(0)
    total = Fraction(0)
    for count, unit in _TERMS.findall(signature):
        total += Fraction(4 * sum(int(piece) for piece in count.split("+")), int(unit))
    return total
