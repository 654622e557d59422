"""What was just played and is played again: the sign of a short restart, whatever the score says.

In: the take, and which keys come after a silence. Out: for each of these, how many keys from here
on repeat the strokes just before it.

**Conventions.** A *stroke* is all keys struck within `TOGETHER_S` of the one before; two strokes
are alike if more than half of their keys are the same. The strokes before a key are compared with
as many from it on, at most `MOST_STROKES`; the last one before the stop may have been the slip and
need not be alike. A repetition is nothing unusual in music; it only makes a jump cheaper where the
score goes on otherwise.

**Knows nothing of** the score.
"""

from __future__ import annotations

import numpy as np

from valentin.aligning.material import Bools, Heard, Ints

__all__ = ["keys_again"]

TOGETHER_S, MOST_STROKES, LEAST_ALIKE = 0.05, 8, 0.5
"""Seconds; strokes compared at most, longer restarts are found without; share of a stroke."""


def keys_again(heard: Heard, silent: Bools) -> Ints:
    """How many keys from each on repeat what came just before it; 0 inside a stroke, and where
    no silence came before."""
    begins = np.flatnonzero(np.diff(heard.onset_s, prepend=-np.inf) > TOGETHER_S)
    ends = np.append(begins[1:], len(heard.onset_s))
    strokes = [frozenset(heard.pitch[a:b].tolist()) for a, b in zip(begins, ends, strict=True)]
    again = np.zeros(len(heard.onset_s), dtype=np.int64)
    for s in (int(i) for i in np.flatnonzero(silent[begins]) if i):
        again[begins[s]] = max(
            _repeated(strokes[s - m : s], strokes[s : s + m])
            for m in range(1, min(MOST_STROKES, s) + 1)
        )
    return again


def _repeated(before: list[frozenset[int]], after: list[frozenset[int]]) -> int:
    """Keys of the strokes that come again, all of them but perhaps the last; 0 if they do not."""
    count = 0
    for k, (a, b) in enumerate(zip(before, after, strict=False)):
        same = len(a & b)
        if same > LEAST_ALIKE * max(len(a), len(b)):
            count += same
        elif k + 1 < len(before) or k == 0:
            return 0
    return count
