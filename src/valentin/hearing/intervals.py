"""Scores of intervals → the best set of intervals, and how sure each beginning is.

In: what the network says of each track in each frame. Out: for each track the intervals that
together score highest, none overlapping, and the probability that one begins in each frame.

**Conventions.** An interval (b, e) begins in frame b and ends in frame e ≥ b; the next may begin
where one ends. Its score is |e − b| · ⟨q_e, k_b⟩ / √256, or the diagonal where b = e; frames in no
interval score 0. A path begins at its `start` frame: what ended there was settled before. Decoding
goes backwards in time, so that only the start is forced, never the end. Tracks are treated a block
at a time: all scores of a segment are 90 · n · n numbers.

**Knows nothing of** seconds, keys, pedals.

**Reference.** Y. Yan, F. Cwitkowitz, Z. Duan, "Skipping the frame-level: event-based piano
transcription with neural semi-CRFs", NeurIPS 2021.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from valentin.hearing.network import STEP_FRAMES, WIDTH
from valentin.hearing.weights import Weights

__all__ = ["Scorer", "beginnings", "best_intervals"]

Floats = npt.NDArray[np.float32]
Interval = tuple[int, int]


class Scorer:
    """Tokens of some tracks → their vectors a frame, and the scores of their intervals."""

    def __init__(self, weights: Weights) -> None:
        kernel = weights["backbone.upConv1dSkip.weight"]  # (in, out, 8 frames)
        self._spread = kernel.transpose(0, 2, 1).reshape(WIDTH, STEP_FRAMES * WIDTH)
        self._spread_bias = weights["backbone.upConv1dSkip.bias"]
        self._map = np.ascontiguousarray(weights["scorer.map.0.weight"].T)
        self._map_bias = weights["scorer.map.0.bias"]

    def vectors(self, tokens: Floats, frames: int) -> Floats:
        """Tokens (tracks, steps, 256) → (tracks, frames, 256)."""
        spread = (tokens @ self._spread).reshape(len(tokens), -1, WIDTH)[:, :frames]
        return spread + self._spread_bias

    def scores(self, vectors: Floats) -> Floats:
        """Vectors (tracks, n, 256) → scores (tracks, begin, end), 0 where end < begin."""
        n = vectors.shape[1]
        mapped = vectors @ self._map + self._map_bias
        end, begin = mapped[..., :WIDTH] / math.sqrt(WIDTH), mapped[..., WIDTH : 2 * WIDTH]
        scores: Floats = begin @ end.transpose(0, 2, 1)
        frame = np.arange(n, dtype=np.float32)
        scores *= np.maximum(frame[None, :] - frame[:, None], 0)
        scores[:, np.arange(n), np.arange(n)] = mapped[..., 2 * WIDTH]
        return scores


def best_intervals(scores: Floats, starts: Sequence[int]) -> list[list[Interval]]:
    """The best path of each track from its start on; scores have shape (tracks, begin, end)."""
    tracks, n, _ = scores.shape
    alone = scores[:, np.arange(n), np.arange(n)]
    best = np.zeros((tracks, n), np.float32)  # from a frame to the end
    best[:, -1] = np.maximum(alone[:, -1], 0)
    choice = np.full((tracks, n), -1, np.int32)  # the end of the interval begun here
    row = np.arange(tracks)
    for at in range(n - 2, -1, -1):
        ways = best[:, at + 1 :] + scores[:, at, at + 1 :]
        pick = ways.argmax(axis=1)
        value, skipped = ways[row, pick], best[:, at + 1]
        begun = value > skipped
        choice[begun, at] = pick[begun] + at + 1
        best[:, at] = np.where(begun, value, skipped) + np.maximum(alone[:, at], 0)
    return [_followed(choice[track], alone[track] > 0, start) for track, start in enumerate(starts)]


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


def beginnings(scores: Floats) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Probability (tracks, frames) that an interval begins in each frame, over all paths.

    Beside it the frame in which an interval begun there most likely ends.
    """
    tracks, n, _ = scores.shape
    alone = np.logaddexp(0, scores[:, np.arange(n), np.arange(n)].astype(np.float64))
    after = np.zeros((tracks, n))  # log sum over paths from a frame to the end
    before = np.zeros((tracks, n))  # and from the first frame to it, without what is alone there
    lasting = np.full((tracks, n), -np.inf)  # log sum over the intervals begun in a frame
    ends = np.full((tracks, n), n - 1, np.int32)
    after[:, -1] = alone[:, -1]
    for at in range(n - 2, -1, -1):
        goes_on = after[:, at + 1 :] + scores[:, at, at + 1 :]
        lasting[:, at] = _log_sum(goes_on)
        ends[:, at] = goes_on.argmax(axis=1) + at + 1
        after[:, at] = np.logaddexp(after[:, at + 1], lasting[:, at]) + alone[:, at]
    for at in range(1, n):
        ways = (before + alone)[:, :at] + scores[:, :at, at]
        before[:, at] = np.logaddexp(before[:, at - 1] + alone[:, at - 1], _log_sum(ways))
    likely: Floats = np.exp(before + alone + lasting - after[:, :1]).astype(np.float32)
    return likely, ends


def _log_sum(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    top = values.max(axis=1, keepdims=True)
    total: npt.NDArray[np.float64] = np.log(np.exp(values - top).sum(axis=1)) + top[:, 0]
    return total
