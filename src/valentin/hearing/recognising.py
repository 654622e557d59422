"""Whether a recording is one of a piano at all.

In: what the survey of a recording says, then the notes heard in it. Out: nothing, or a `TakeError`
that says why not, with what was measured.

**Knows nothing of** the network, how notes are found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from valentin.errors import TakeError
from valentin.hearing.surveying import Survey
from valentin.music import PerformedNote

__all__ = ["check_piano", "check_sound"]

SILENT = 3e-6
"""Level below which nothing was recorded; the last bit of 16 is 3e-5, a tenth of it by dither."""
TUNED = 0.65
"""Share of the sound on the twelve notes of one tuning: pianos from 0.84, speech to 0.56."""
SURE, SPREAD, ENOUGH = 0.98, 0.2, 40
"""Mean confidence of a piano's notes, less its spread by chance over √(how many), where there are
so many. 122 excerpts of ten real recordings (8, 12 and 60 s) all lie above it, by 0.009 and more;
accordion, choir and a distorted guitar from a General MIDI bank lie below, other instruments mostly
above: see `bench/hearing_refusing.py`."""


def check_sound(survey: Survey, name: str) -> None:
    """Raises TakeError where there is nothing to hear, or nothing that keeps to a tuning."""
    if survey.loud < SILENT:
        raise TakeError(
            f"Hearing `{name}`: it is silent; check the microphone and record anew.",
            evidence=f"level {survey.loud:.1e}",
        )
    if survey.tuned < TUNED:
        raise TakeError(
            f"Hearing `{name}`: this does not sound like a piano: only {survey.tuned:.0%} of its "
            "tones keep to one tuning, as speech and noise do; record the piano nearer.",
            evidence=f"tuned {survey.tuned:.2f}",
        )


def check_piano(survey: Survey, notes: Sequence[PerformedNote], name: str) -> None:
    """Raises TakeError where what was heard was not played on a piano."""
    if not notes:
        raise TakeError(
            f"Hearing `{name}`: no piano was heard in its {survey.duration_s:.0f} s; "
            "record the piano nearer.",
            evidence="0 notes",
        )
    sure = sum(note.confidence for note in notes) / len(notes)
    least = SURE - SPREAD / math.sqrt(len(notes))
    if len(notes) >= ENOUGH and sure < least:
        raise TakeError(
            f"Hearing `{name}`: this does not sound like a piano: its {len(notes)} notes are heard "
            f"with a confidence of {sure:.3f}, a piano's with {least:.3f} and more; record the "
            "piano alone and nearer.",
            evidence=f"mean confidence {sure:.3f}",
        )
