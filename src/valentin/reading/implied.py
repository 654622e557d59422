"""What an MEI file leaves to the reader: accidentals that hold on, and octave lines.

In: heads, keys and octave lines of a file that names no sounding accidental (`accid.ges`) or octave
(`oct.ges`). Out: for each head, the alteration and the octaves that are meant.

**Conventions.** An accidental holds to the end of its bar, in its own octave and staff; before it
the key decides; a note tied over the bar line keeps what it had.

**Knows nothing of** files that say what sounds: Verovio's readers of MusicXML and Humdrum do.

**Reference.** K. Stone, *Music Notation in the Twentieth Century* (1980), p. 54.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from valentin.reading.frame import Measure
from valentin.reading.layers import Head
from valentin.reading.mei_tree import alter_of, id_of, number, references

__all__ = ["implied_alters", "implied_octaves"]

_SHARPS = "fcgdaeb"


def implied_alters(
    measures: Sequence[Measure], heads: Sequence[Head], ties: Iterable[tuple[str, str]]
) -> dict[str, int]:
    """Semitones of alteration of every head."""
    before = {second: first for first, second in ties}
    found: dict[str, int] = {}
    held: dict[tuple[int, int, str, int], int] = {}
    for head in sorted(heads, key=lambda h: (h.bar, h.onset_q, not h.grace)):
        note = head.element
        step, octave = note.get("pname", "c"), number(note, "oct", 4)
        place = (head.bar, head.printed, step, octave)
        written = note.get("accid") or any(a.get("accid") for a in note.iter("accid"))
        tied = found.get(before.get(id_of(note), ""))
        if written:
            held[place] = found[id_of(note)] = alter_of(note)
        elif tied is not None:
            found[id_of(note)] = tied
        else:
            found[id_of(note)] = held.get(place, _of_key(measures[head.bar].fifths, step))
    return found


def _of_key(fifths: int, step: str) -> int:
    if fifths > 0:
        return int(step in _SHARPS[:fifths])
    return -int(step in _SHARPS[fifths:]) if fifths else 0


def implied_octaves(measures: Sequence[Measure], heads: Sequence[Head]) -> dict[str, int]:
    """Octaves to add to the heads under an octave line."""
    places = {id_of(h.element): h for h in heads}
    places |= {id_of(h.chord): h for h in heads if h.chord is not None}
    lines: list[tuple[int, Fraction, Fraction, int]] = []
    for measure in measures:
        for line in measure.element.iter("octave"):
            ends = [places.get((references(line, n) or ("",))[0]) for n in ("startid", "endid")]
            if ends[0] is not None and ends[1] is not None:
                count = {8: 1, 15: 2, 22: 3}.get(number(line, "dis", 8), 1)
                way = -1 if line.get("dis.place") == "below" else 1
                lines.append((ends[0].printed, ends[0].onset_q, ends[1].onset_q, way * count))
    return {
        id_of(h.element): shift
        for h in heads
        for staff, start, end, shift in lines
        if h.printed == staff and start <= h.onset_q <= end
    }
