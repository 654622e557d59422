"""Who sounds on what, where several play: the pianos on the piano, the rest on a soundfont.

In: a performance with parts. Out: the performance in two, and the soundfont of the orchestra.

**Conventions.** The orchestra's soundfont is the one that the environment variable
VALENTIN_ORCHESTRA names, else the General MIDI font of the system, where fluidsynth is there to
play it. Where there is none, or the variable is empty, everybody plays the piano.

**Knows nothing of** how anything sounds.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from valentin.music import Performance
from valentin.sounding import soundfont
from valentin.sounding.programs import PIANO, program_of

__all__ = ["orchestra_font", "parted"]

VARIABLE = "VALENTIN_ORCHESTRA"
FONTS = (
    "/usr/share/sounds/sf2/default-GM.sf2",
    "/usr/share/sounds/sf3/default-GM.sf3",
    "/usr/share/soundfonts/default.sf2",
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
)
"""Where Debian, Fedora and Arch put the font of the system."""


def orchestra_font() -> str:
    """The path of the orchestra's soundfont, "" where there is none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return named
    if not soundfont.available():
        return ""
    return next((font for font in FONTS if Path(font).is_file()), "")


def parted(performance: Performance) -> tuple[Performance, Performance]:
    """The pianos, with the pedals, and all others."""
    others = {part.id for part in performance.parts if program_of(part.name) != PIANO}
    pianos = tuple(note for note in performance.notes if note.part not in others)
    rest = tuple(note for note in performance.notes if note.part in others)
    return replace(performance, notes=pianos), replace(performance, notes=rest, pedal=())
