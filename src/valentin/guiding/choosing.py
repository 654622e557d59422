"""Which few facts become cues.

In: facts. Out: at most eight, in the order of time.

**Conventions.** One of a kind, but for the opening tune, which may come back three times. Music
first: nothing is said in the opening seconds; and between two cues there is time to listen.

**Knows nothing of** words.
"""

from __future__ import annotations

from valentin.guiding.fact import Fact
from valentin.music import MOST_CUES

__all__ = ["chosen"]

FIRST_S = 5.0
"""Seconds of music before the first word."""
APART_S = 9.0
"""Seconds from one cue to the next at the least: six to read and hear it, three of nothing."""
SHARE = 1 / 16
"""Share of a longer sound that lies between two cues at the least."""
REPEATED = {"return-plain": 3, "return-ornamented": 3, "key": 2}


def chosen(facts: list[Fact], end_s: float) -> tuple[Fact, ...]:
    """The weightiest facts that leave each other room."""
    apart_s = max(APART_S, SHARE * end_s)
    picked: list[Fact] = []
    for fact in sorted(facts, key=lambda f: (-f.weight, f.cue.time_s)):
        cue = fact.cue
        same = sum(other.cue.kind == cue.kind for other in picked)
        near = any(abs(other.cue.time_s - cue.time_s) < apart_s for other in picked)
        if cue.time_s < FIRST_S or near or same >= REPEATED.get(cue.kind, 1):
            continue
        picked.append(fact)
        if len(picked) == MOST_CUES:
            break
    return tuple(sorted(picked, key=lambda f: f.cue.time_s))
