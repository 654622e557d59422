"""The signs that send a reader back or on: repeats, endings, segno, coda, Fine, da capo.

In: MEI `Measure` rows, or MusicXML's own measures (Verovio loses some of their barlines). Out: one
`Signs` per bar.

**Conventions.** A sign holds for the whole bar: a jump leaves at its end, a repeat begins at its
start.

**Reference.** MusicXML 4.0 `barline`, `repeat`, `ending`, `sound`; MEI 5.0 `measure`, `ending`,
`repeatMark`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from xml.etree.ElementTree import Element

from valentin.reading.frame import Measure, passes_of
from valentin.reading.mei_tree import number, printed_text, references

__all__ = ["Signs", "path_of_expansion", "signs_of_mei", "signs_of_musicxml"]

_MEANINGS = (
    ("to start", re.compile(r"\s*(d\.?\s?c\.?(?!\w)|da\s*capo)", re.I)),
    ("to segno", re.compile(r"\s*(d\.?\s?s\.?(?!\w)|dal\s*segno)", re.I)),
    ("fine", re.compile(r"\s*fine\.?\s*$", re.I)),
    ("to coda", re.compile(r"\s*(to|al|alla)\s+coda\b", re.I)),
)
_NAMED = {
    "fine": "fine", "dacapo": "to start", "dalsegno": "to segno", "segno": "segno",
    "coda": "coda", "tocoda": "to coda",
}  # fmt: skip


_MOST_TURNS = 64


@dataclass(frozen=True, slots=True)
class Signs:
    """What one bar asks of the eye. `turns` is how often a passage that ends here is played."""

    forward: bool = False
    backward: bool = False
    turns: int = 2
    ending: tuple[int, ...] = ()
    ending_id: str = ""
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False
    jump: str = ""  # "start" | "segno"

    def with_meanings(self, meanings: Iterable[str]) -> Signs:
        """The same bar with what its words and signs mean.

        "al Coda" beside "D.S." says where that leads; it is no place to leave.
        """
        found = set(meanings)
        jump = next((m.removeprefix("to ") for m in ("to start", "to segno") if m in found), "")
        return replace(
            self,
            segno="segno" in found,
            coda="coda" in found and "to coda" not in found,
            to_coda="to coda" in found and not jump,
            fine="fine" in found,
            jump=jump,
        )


def path_of_expansion(score: Element, measures: Sequence[Measure]) -> list[int]:
    """Bars in the order that an expansion of the file lists its sections, [] where none does."""
    for expansion in score.iter("expansion"):
        names = references(expansion, "plist")
        runs = [[i for i, m in enumerate(measures) if name in m.inside] for name in names]
        if runs and all(runs) and expansion.get("type", "") != "norep":
            return [i for run in runs for i in run]
    return []


def signs_of_mei(measures: Sequence[Measure]) -> list[Signs]:
    """The signs of each measure of an MEI score."""
    rows: list[Signs] = []
    for measure in measures:
        left, right = measure.element.get("left", ""), measure.element.get("right", "")
        row = Signs(
            forward=left in ("rptstart", "rptboth"),
            backward=right in ("rptend", "rptboth") or left == "rptend",
            ending=measure.ending,
            ending_id=measure.ending_id,
        )
        if rows and right != "rptboth" and measure.element.get("left") == "rptboth":
            rows[-1] = replace(rows[-1], backward=True)
        if rows and measures[len(rows) - 1].element.get("right") in ("rptstart", "rptboth"):
            row = replace(row, forward=True)
        words = (e for e in measure.element if e.tag in ("dir", "repeatMark", "tempo"))
        rows.append(row.with_meanings(_meaning(element) for element in words))
    return rows


def _meaning(element: Element) -> str:
    for name in ("type", "func"):
        for piece in element.get(name, "").lower().split():
            if piece in _NAMED:
                return _NAMED[piece]
    return _said(printed_text(element))


def _said(text: str) -> str:
    return next((meaning for meaning, words in _MEANINGS if words.match(text)), "")


def signs_of_musicxml(root: Element) -> list[Signs]:
    """The signs of each bar of a partwise MusicXML score, whichever part they stand in."""
    parts = [part.findall("measure") for part in root.findall("part")]
    across = zip_longest(*parts, fillvalue=Element("measure"))
    rows: list[Signs] = []
    ending: tuple[int, ...] = ()
    count = 0
    coming: tuple[int, ...] = ()
    for bars in across:
        lines = [line for bar in bars for line in bar.findall("barline")]
        if coming:
            ending, coming, count = coming, (), count + 1
        for passes in _endings(lines, "left", "start"):
            ending, count = passes, count + 1
        row = Signs(
            forward=_repeats(lines, "forward"),
            backward=_repeats(lines, "backward"),
            turns=_times(lines),
            ending=ending,
            ending_id=str(count) if ending else "",
        )
        rows.append(row.with_meanings(m for bar in bars for m in _meanings(bar)))
        if row.backward or any(_endings(lines, "right", "stop", "discontinue")):
            ending = ()
        for passes in _endings(lines, "right", "start"):
            coming = passes
    return rows


def _repeats(lines: Iterable[Element], direction: str) -> bool:
    signs = (line.find("repeat") for line in lines)
    return any(sign is not None and sign.get("direction") == direction for sign in signs)


def _times(lines: Iterable[Element]) -> int:
    """How often the passage is played that a backward sign ends; a forward one says nothing."""
    for repeat in (sign for line in lines for sign in line.findall("repeat")):
        if repeat.get("direction") == "backward":
            return min(max(1, number(repeat, "times", 2)), _MOST_TURNS)
    return 2


def _endings(lines: Iterable[Element], where: str, *types: str) -> Iterator[tuple[int, ...]]:
    for line in lines:
        for ending in line.findall("ending"):
            if line.get("location", "right") == where and ending.get("type") in types:
                yield passes_of(ending.get("number", ""))


def _meanings(bar: Element) -> Iterator[str]:
    for element in bar.iter():
        if element.tag == "sound":
            yield from (_NAMED[name] for name in element.attrib if name in _NAMED)
        elif element.tag in ("segno", "coda"):
            yield element.tag
        elif element.tag == "words" and element.text:
            yield _said(element.text)
