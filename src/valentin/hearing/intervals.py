"""Scores of intervals → the best set of intervals, and how sure each beginning is.

In: what the scorer says of one track. Out: the intervals that together score highest, none
overlapping; the probability that one begins in each frame, over all sets; and the frame in which
one begun there most likely ends.

**Conventions.** An interval (b, e) begins in frame b and ends in frame e ≥ b; the next may begin
where one ends. It scores (e − b) · reach[b, e], or alone[b] where b = e; frames in no interval
score 0. A path begins at its `start` frame: what ended there was settled before. Decoding goes
backwards in time, so that only the start is forced, never the end. Compiled, it holds no lock:
tracks may be decoded side by side.

**Knows nothing of** seconds, keys, pedals.

**Reference.** Y. Yan, F. Cwitkowitz, Z. Duan, "Skipping the frame-level: event-based piano
transcription with neural semi-CRFs", NeurIPS 2021.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["Decoded", "decoded"]

Floats = npt.NDArray[np.float32]
Interval = tuple[int, int]
Decoded = tuple[list[Interval], Floats, npt.NDArray[np.int32]]
"""The best path, the probability (n,) of a beginning, and where what begins there would end."""

_NOTHING = 40.0
"""Nats below the largest of a sum from which a term is left out: less than 1e-17 of it."""


def decoded(reach: Floats, alone: Floats, start: int) -> Decoded:
    """One track: reach (begin, end), alone (n,), decoded from the frame `start` on."""
    choice, after, lasting, ends = _backward(reach, alone)
    before = _forward(reach, alone)
    likely = np.exp(before + _softplus(alone) + lasting - after[0]).astype(np.float32)
    return _followed(choice, alone > 0, start), likely, ends


def _softplus(x: Floats) -> npt.NDArray[np.float64]:
    """log(1 + e^x): what may begin and end in one frame, or not."""
    total: npt.NDArray[np.float64] = np.logaddexp(0, x.astype(np.float64))
    return total


@njit(cache=True, nogil=True)
def _backward(reach, alone):  # type: ignore[no-untyped-def]  # numba
    """Best end of each beginning, log sums to the end, of beginnings, and their likeliest ends."""
    n = len(alone)
    best = np.zeros(n, np.float32)  # from a frame to the end
    best[n - 1] = max(alone[n - 1], np.float32(0))
    choice = np.full(n, -1, np.int32)  # the end of the interval begun here
    after = np.zeros(n, np.float64)  # log sum over paths from a frame to the end
    after[n - 1] = np.logaddexp(0.0, alone[n - 1])
    lasting = np.full(n, -np.inf, np.float64)  # log sum over the intervals begun in a frame
    ends = np.full(n, n - 1, np.int32)
    goes_on = np.zeros(n, np.float64)
    for at in range(n - 2, -1, -1):
        way, pick = np.float32(-np.inf), -1
        top, end = -np.inf, -1
        for e in range(at + 1, n):
            score = reach[at, e] * np.float32(e - at)
            if best[e] + score > way:
                way, pick = best[e] + score, e
            goes_on[e] = after[e] + score
            if goes_on[e] > top:
                top, end = goes_on[e], e
        total = 0.0
        for e in range(at + 1, n):
            if goes_on[e] > top - _NOTHING:
                total += math.exp(goes_on[e] - top)
        lasting[at], ends[at] = top + math.log(total), end
        after[at] = np.logaddexp(after[at + 1], lasting[at]) + np.logaddexp(0.0, alone[at])
        if way > best[at + 1]:
            choice[at] = pick
        best[at] = max(way, best[at + 1]) + max(alone[at], np.float32(0))
    return choice, after, lasting, ends


@njit(cache=True, nogil=True)
def _forward(reach, alone):  # type: ignore[no-untyped-def]  # numba
    """Log sum over paths from the first frame to each, without what is alone there."""
    n = len(alone)
    before = np.zeros(n, np.float64)
    top = np.full(n, -np.inf, np.float64)  # of the ways that end in a frame, the largest so far
    total = np.zeros(n, np.float64)  # and their sum, over it
    for at in range(n):
        if at:
            skipped = before[at - 1] + np.logaddexp(0.0, alone[at - 1])
            before[at] = np.logaddexp(skipped, top[at] + math.log(total[at]))
        here = before[at] + np.logaddexp(0.0, alone[at])
        for e in range(at + 1, n):
            way = here + reach[at, e] * np.float32(e - at)
            if way > top[e]:
                total[e] = total[e] * math.exp(top[e] - way) + 1.0
                top[e] = way
            elif way > top[e] - _NOTHING:
                total[e] += math.exp(way - top[e])
    return before


def _followed(
    choice: npt.NDArray[np.int32], alone: npt.NDArray[np.bool_], at: int
) -> list[Interval]:
    path: list[Interval] = []
    last = len(choice) - 1
    while at < last:
        if alone[at]:
            path.append((at, at))
        if choice[at] < 0:
            at += 1
        else:
            path.append((at, int(choice[at])))
            at = int(choice[at])
    if alone[last]:
        path.append((last, last))
    return path
