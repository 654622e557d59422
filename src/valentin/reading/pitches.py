"""Written pitch → what sounds: MIDI number and spelling.

In: a note element of MEI and what the staff adds. Out: the number (60 is middle C) and the name at
sounding pitch ("Eb5").

**Conventions.** MEI says what sounds in `accid.ges` and `oct.ges`; where a file leaves them out the
written accidental, those before it in the bar, and the key decide (`implied`). A transposing staff
moves the name by `diatonic` steps and the sound by `semitones`.

**Knows nothing of** time.

**Reference.** MEI 5.0, att.note.ges; K. Stone, *Music Notation in the Twentieth Century* (1980) on
how far an accidental reaches: to the end of the bar, in its own octave.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from valentin.reading.frame import Stave
from valentin.reading.mei_tree import alter_of, number

__all__ = ["STEPS", "sounding"]

STEPS = "CDEFGAB"
_SEMITONES = (0, 2, 4, 5, 7, 9, 11)


def sounding(
    note: Element, stave: Stave, alter: int | None = None, octaves: int = 0
) -> tuple[int, str]:
    """Sounding MIDI number and spelling of a note on a staff.

    `alter` and `octaves` are given where the file leaves them to the reader.
    """
    name = note.get("pname", "c").upper()
    step = STEPS.index(name) if name in STEPS else 0
    octave = number(note, "oct.ges") if note.get("oct.ges") else number(note, "oct", 4) + octaves
    altered = alter_of(note) if alter is None else alter
    pitch = 12 * (octave + 1) + _SEMITONES[step] + altered + stave.semitones
    if stave.semitones:
        steps = stave.diatonic or round(stave.semitones * 7 / 12)
        octave, step = divmod(7 * octave + step + steps, 7)
    altered = pitch - 12 * (octave + 1) - _SEMITONES[step]
    sign = "#" * altered if altered > 0 else "b" * -altered
    return pitch, f"{STEPS[step]}{sign}{octave}"
