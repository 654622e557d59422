"""Whether a recording is one of a piano at all.

In: what the survey of a recording says, then the notes heard in it. Out: nothing, or a `TakeError`
that says why not, with what was measured.

**Knows nothing of** the network, how notes are found.
"""

from __future__ import annotations

from collections.abc import Sequence

from valentin.errors import TakeError
from valentin.hearing.surveying import Survey
from valentin.music import PerformedNote

__all__ = ["check_piano", "check_sound"]

SILENT = 3e-6
"""Level below which nothing was recorded; the last bit of 16 is 3e-5, a tenth of it by dither."""
TUNED = 0.65
"""Share of the sound on the twelve notes of one tuning: pianos from 0.84, speech to 0.56."""


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
