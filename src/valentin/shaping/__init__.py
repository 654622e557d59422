"""Shape a score into an intention: Score + Structure → Plan, and how wide others would range.

**Conventions.** See `music.plan`.

**Knows nothing of** MIDI, audio, files.
"""

from __future__ import annotations

from valentin.shaping.characters import CHARACTERS
from valentin.shaping.expecting import expected
from valentin.shaping.expressions import unheard
from valentin.shaping.interpreter import plan_interpreted, spread_interpreted
from valentin.shaping.mending import demonstrated, mend
from valentin.shaping.rules import plan_rules
from valentin.shaping.spread import spread_around
from valentin.shaping.written import plan_score

__all__ = [
    "CHARACTERS",
    "demonstrated",
    "expected",
    "mend",
    "plan_interpreted",
    "plan_rules",
    "plan_score",
    "spread_around",
    "spread_interpreted",
    "unheard",
]
