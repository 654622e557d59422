"""An independent count of a MusicXML score: where each note stands, by its durations alone.

In: a path. Out: one `Counted` per note element, in quarters, ties not summed. Shares no code with
`valentin.reading`; it is the yardstick of `bench/reading.py` and of the data tests.

**Conventions.** A cursor per part runs through notes, backups and forwards; a bar is as long as
the furthest that any cursor came in it.

**Reference.** MusicXML 4.0, elements `divisions`, `duration`, `backup`, `forward`, `chord`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["Counted", "counted", "tied_over"]

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True, slots=True)
class Counted:
    """One note element of the file; rests are not listed."""

    id: str
    onset_q: Fraction
    duration_q: Fraction
    pitch: int
    staff: int
    voice: str
    bar: int
    part: int
    starts_tie: bool
    ends_tie: bool
    grace: bool
    hidden: bool


class _Cursor:
    """Runs along one part."""

    def __init__(self) -> None:
        self.divisions = 1
        self.semitones = 0

    def bar(self, measure: Element) -> tuple[list[Counted], Fraction]:
        """Notes of a bar, from its start, and its length."""
        now = furthest = onset = Fraction(0)
        rows: list[Counted] = []
        for element in measure:
            if element.tag == "attributes":
                self.divisions = int(element.findtext("divisions") or self.divisions)
                self.semitones = int(element.findtext("transpose/chromatic") or self.semitones)
            lasting = max(Fraction(0), Fraction(element.findtext("duration") or 0)) / self.divisions
            if element.tag == "backup":
                now = max(Fraction(0), now - lasting)
            elif element.tag == "forward":
                now += lasting
            elif element.tag == "note":
                if element.find("chord") is None:
                    onset = now
                    now += lasting
                if element.find("pitch") is not None:
                    rows.append(self.note(element, onset, lasting))
            furthest = max(furthest, now)
        return rows, furthest

    def note(self, element: Element, onset: Fraction, lasting: Fraction) -> Counted:
        octave = int(element.findtext("pitch/octave") or 0)
        alter = int(float(element.findtext("pitch/alter") or 0))
        step = _STEPS[element.findtext("pitch/step") or "C"]
        ties = {tie.get("type") for tie in (*element.findall("tie"), *element.iter("tied"))}
        return Counted(
            element.get("id", ""),
            onset,
            lasting,
            12 * (octave + 1) + step + alter + self.semitones,
            int(element.findtext("staff") or 1),
            element.findtext("voice") or "",
            0,
            0,
            bool(ties & {"start", "continue"}),
            bool(ties & {"stop", "continue"}),
            element.find("grace") is not None,
            element.get("print-object") == "no",
        )


def counted(path: Path) -> list[Counted]:
    """Every pitched note element of a partwise score."""
    root = ElementTree.parse(path).getroot()
    bars: list[list[tuple[list[Counted], Fraction]]] = []
    for part in root.findall("part"):
        cursor = _Cursor()
        bars.append([cursor.bar(measure) for measure in part.findall("measure")])
    rows: list[Counted] = []
    start = Fraction(0)
    for bar, across in enumerate(zip(*bars, strict=True)):
        for staves, (notes, _) in enumerate(across):
            rows += [replace(n, onset_q=n.onset_q + start, bar=bar, part=staves) for n in notes]
        start += max(length for _, length in across)
    return rows


def tied_over(rows: Sequence[Counted]) -> set[str]:
    """Ids of notes that a tie goes on into: of the same pitch and part, where the first ends."""
    ends = {(r.part, r.pitch, r.onset_q + r.duration_q) for r in rows if r.starts_tie}
    return {r.id for r in rows if r.ends_tie and (r.part, r.pitch, r.onset_q) in ends}
