"""Where a player is, for machines and in words.

In: Positions. Out: one JSON object a key struck, or a few lines.

**Conventions.** Seconds to the millisecond; quarters as floats of the unfolded score.

**Knows nothing of** how the place was found.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from valentin.music import Position

__all__ = ["position_json", "positions_summary"]

AWAY_Q = 8.0
"""Quarters that count as a jump in the summary: two bars of common time."""


def position_json(position: Position) -> str:
    """One line."""
    return json.dumps(
        {
            "time_s": round(position.time_s, 4),
            "score_ids": list(position.score_ids),
            "onset_q": round(float(position.onset_q), 6),
            "bar": position.bar,
            "seconds_per_quarter": round(position.seconds_per_quarter, 4),
            "confidence": position.confidence,
        },
        ensure_ascii=False,
    )


def positions_summary(positions: Sequence[Position]) -> str:
    """From where to where, how fast, how sure, and where the player jumped."""
    first, last = positions[0], positions[-1]
    tempo = float(np.median([p.seconds_per_quarter for p in positions]))
    sure = float(np.mean([p.confidence > 0.5 for p in positions]))
    lines = [
        f"{len(positions)} keys followed, from bar {first.bar} to bar {last.bar}.",
        f"Quarter = {60 / tempo:.0f} in the middle of the range; sure of {sure:.0%} of the keys.",
    ]
    for before, now in pairwise(positions):
        if abs(now.onset_q - before.onset_q) > AWAY_Q:
            lines.append(f"{now.time_s:8.2f} s: from bar {before.bar} to bar {now.bar}")
    return "\n".join(lines)
