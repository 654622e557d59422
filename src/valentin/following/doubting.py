"""Whether what was followed was this piece at all.

In: the positions of a take, or of a part of it. Out: words where they were hardly anywhere.

**Knows nothing of** keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from valentin.music import Position

__all__ = ["strangeness"]

STRANGE, FEWEST = 0.6, 48
"""Mean confidence under which keys are of another piece, and how many tell. Of 64 single hands of
train takes (with and without a skip) the least is .87, of 32 on a wrong score the most .47."""


def strangeness(positions: Sequence[Position]) -> str:
    """Why these keys seem to be of another piece, in words; "" where they do not."""
    if len(positions) < FEWEST:
        return ""
    mean = fmean(position.confidence for position in positions)
    if mean >= STRANGE:
        return ""
    return (
        f"the {len(positions)} keys fit nowhere for long (mean confidence {mean:.2f}; {STRANGE} "
        "is the least of those who play what is written)"
    )
