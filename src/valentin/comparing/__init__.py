"""Two takes of one piece → where they part, and how. Neither is the measure of the other.

In: for each take its unfolded score, its performance, its measured plans and curves. Out: `Duo`.

**Conventions.** A bar is compared with the same rendering of that bar in the other take, as last
played. Pace and loudness are against each take's own middle, so that a slower piano or a softer
room is no difference at every place; what holds throughout is said once. Nothing is expected.

**Knows nothing of** faults, pages, which of the two is better.
"""

from __future__ import annotations

from valentin.comparing.contrasting import places, whole
from valentin.comparing.pairing import Side, paired, points
from valentin.comparing.wording import worded
from valentin.music import Duo

__all__ = ["Side", "compare"]

MEET = 0.5
"""Share of the bars that both must have played, of those that either has."""


def compare(one: Side, other: Side, names: tuple[str, str], language: str = "en") -> Duo:
    """Where two takes part. Raises ValueError for a language that has no catalogue."""
    pairs = paired(one, other)
    duo = Duo(one.score, names, language=language)
    if not one.bars or not other.bars or len(pairs) < MEET * max(len(one.bars), len(other.bars)):
        return worded(duo)
    found = places(pairs, one, other)
    return worded(
        Duo(one.score, names, whole(one, other), found, points(one, other), language=language)
    )
