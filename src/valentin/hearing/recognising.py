"""Whether a recording is one of a piano at all.

In: what the survey of a recording says; then the notes heard in it, those in doubt, and how their
partials lie. Out: nothing, or a `TakeError` that says why not, with what was measured.

**Conventions.** To refuse a piano is worse than to let a harp in: where little was seen, nothing is
refused.

**Knows nothing of** the network, how notes are found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from valentin.errors import TakeError
from valentin.hearing.stiffness import Strings
from valentin.hearing.surveying import Survey
from valentin.music import PerformedNote

__all__ = ["check_piano", "check_sound", "lacks_stiffness"]

Notes = Sequence[PerformedNote]

SILENT = 3e-6
"""Level below which nothing was recorded; the last bit of 16 is 3e-5, a tenth of it by dither."""
TUNED = 0.65
"""Share of the sound on the twelve notes of one tuning: pianos from 0.84, speech to 0.56."""
AGAINST, SPREAD, ENOUGH = 0.0, 0.2, 60
"""By how much the partials agree better with a piano's stiffness than with none, at least, less its
spread by chance over √(how many partials), where there are so many. Chosen on 124 stretches of
pianos, which lie above by 0.03 and more, and on 21 other instruments, of which vibes alone lie
above; `bench.hearing_stiffness` has others."""
GHOSTLY, SURE = 3.0, 0.94
"""Faint notes for one that was heard, and the mean confidence: where the partials say little, sound
with more of the one and less of the other is taken for no piano."""


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


def lacks_stiffness(strings: Strings) -> bool:
    """Whether the partials tell of strings or pipes without a piano's stiffness."""
    lead = strings.like_piano - strings.like_others
    return strings.seen >= ENOUGH and lead < AGAINST - SPREAD / math.sqrt(strings.seen)


def check_piano(survey: Survey, notes: Notes, faint: Notes, strings: Strings, name: str) -> None:
    """Raises TakeError where what was heard was not played on a piano."""
    if not notes:
        raise TakeError(
            f"Hearing `{name}`: no piano was heard in its {survey.duration_s:.0f} s; "
            "record the piano nearer.",
            evidence="0 notes",
        )
    if lacks_stiffness(strings):
        raise TakeError(
            f"Hearing `{name}`: this does not sound like a piano: the overtones of its notes lie "
            f"where other instruments have them ({strings.like_others:.2f}), not where a piano's "
            f"stiff strings do ({strings.like_piano:.2f}); record the piano alone and nearer.",
            evidence=f"{strings.seen} partials",
        )
    sure = sum(note.confidence for note in notes) / len(notes)
    if len(faint) > GHOSTLY * len(notes) and sure < SURE:
        raise TakeError(
            f"Hearing `{name}`: this does not sound like a piano: of its {len(notes)} notes hardly "
            f"one is certain, and {len(faint)} more are in doubt; record the piano alone and "
            "nearer.",
            evidence=f"mean confidence {sure:.3f}, {len(faint)} faint notes",
        )
