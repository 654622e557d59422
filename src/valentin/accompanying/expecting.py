"""How much of a plan the orchestra may expect of somebody else: half of its rubato.

In: our own plan and the score's own time (`shaping.plan_score`), of the same unfolded score. Out:
the plan that the orchestra brings along.

**Conventions.** What two pianists do with the tempo is alike, but not the same. The best guess
from one of them for another is between his tempo and the written one: their geometric mean, as a
regression towards the mean (`SHARE`). How far hands are apart is each pianist's own: the orchestra
strikes together.

**Knows nothing of** who is going to play.

**Reference.** B. H. Repp, "A microcosm of musical expression: I", J. Acoust. Soc. Am. 104 (1998):
what is common to pianists' timing is a part of what each of them does.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from valentin.music import Plan

__all__ = ["yielding"]

SHARE = 0.5
"""Share of our rubato that is expected. On 32 train hands the next onset of the live hand is
foreseen with a 90th percentile of 134 ms by half of it, 165 by all of it, 158 by none
(`docs/decisions/0051-timing.md`)."""


def yielding(plan: Plan, written: Plan) -> Plan:
    """The plan with part of its rubato and its hands together."""
    places = list(written.onsets_q)
    tempi = [
        ours**SHARE
        * written.seconds_per_quarter[max(0, bisect_right(places, onset_q) - 1)] ** (1 - SHARE)
        for onset_q, ours in zip(plan.onsets_q, plan.seconds_per_quarter, strict=True)
    ]
    shapes = tuple(replace(shape, lead_s=0.0) for shape in plan.shapes)
    return replace(plan, seconds_per_quarter=tuple(tempi), shapes=shapes)
