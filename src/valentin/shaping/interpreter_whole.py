"""What a score says of itself as a whole: how fast it goes, how short it is touched, how much of
everything it varies.

In: a sight. Out: a row of columns, and from stored examples the qualities of the whole.

**Conventions.** Qualities are log2: `pace` of mean seconds per quarter, `touch` of mean
articulation, the others of the standard deviation of one pianist's values.

**Knows nothing of** single notes, composers.

**Reference.** C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning" (2006),
ch. 2: the mean of a Gaussian process is a weighted sum of kernels at the examples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import Mark
from valentin.shaping.interpreter_scene import Sight
from valentin.shaping.words import beats_per_minute

__all__ = ["QUALITIES", "Kernels", "marked_speed", "whole_columns"]

Floats = npt.NDArray[np.float64]

QUALITIES = ("pace", "touch", "vel", "art", "asyn", "beat", "rest")
"""What is told of the whole."""

REACH = 1.0
"""Distance of two pieces, in standard deviations a column, over which they say much of each other
(leave-works-out on train: `docs/decisions/0010-interpreter.md`)."""

LINEAR = 0.3
"""Share of what is the same in all pieces (a straight line through the columns)."""

METRONOME_BARS = 4.0
"""Bars at the start in which a metronome mark speaks of the whole."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """Examples of shape (pieces, columns), standardised, and their weights (pieces, qualities)."""

    mean: Floats
    scale: Floats
    places: Floats
    weights: Floats
    base: Floats

    def tell(self, columns: Floats) -> dict[str, float]:
        """The qualities of a piece with these columns."""
        here = np.clip((columns - self.mean) / self.scale, -4.0, 4.0)
        said = self.base + kernel(here[None], self.places)[0] @ self.weights
        return dict(zip(QUALITIES, said.tolist(), strict=True))


def kernel(a: Floats, b: Floats) -> Floats:
    """How much pieces say of each other; shapes (a, columns), (b, columns) → (a, b)."""
    count = a.shape[1]
    apart = ((a[:, None] - b[None]) ** 2).sum(axis=2) / count
    return np.asarray(np.exp(-apart / (2 * REACH**2)) + LINEAR * (a @ b.T) / count)


def marked_speed(sight: Sight) -> bool:
    """Whether a metronome mark stands at the beginning: it rules the speed of the whole."""
    start = float(sight.notes.onsets_q[0]) + METRONOME_BARS * float(sight.grid.bar_q[0])
    return any(
        mark.kind == "tempo" and mark.value is not None and float(mark.start_q) <= start
        for mark in sight.score.marks
    )


def _names_speed(mark: Mark) -> bool:
    if mark.kind == "playback-tempo":
        return bool(mark.value)
    return mark.kind == "tempo" and (bool(mark.value) or beats_per_minute(mark.text) is not None)


def whole_columns(sight: Sight) -> Floats:
    """Speed as marked, whether it is, metre, density, lengths."""
    notes, grid, wait = sight.notes, sight.grid, sight.wait_q
    onsets, share = notes.onsets_q, wait / max(float(wait.sum()), 1e-6)
    span = max(float(onsets[-1] - onsets[0]), 1.0)
    word = float(np.log2(np.sum(sight.tempo.seconds_per_quarter * share)))
    named = np.unique(sight.tempo.seconds_per_quarter)
    marked = float(any(_names_speed(mark) for mark in sight.score.marks))
    beat = float(np.sum(np.log2(grid.beat_q) * share))
    groups = float(np.log2(len(onsets) / span))
    waits = np.log2(np.maximum(np.quantile(wait, (0.1, 0.5, 0.9)), 1 / 32))
    rows = [
        word, marked, float(marked_speed(sight)), np.log2(len(named)), beat,
        float(np.sum(np.log2(grid.bar_q) * share)), groups,
        float(np.log2(len(notes.pitch) / span)), *waits.tolist(),
        float(np.sum(np.log2(np.maximum(wait, 1 / 32)) * share)),
        float(np.mean(np.log2(np.maximum(notes.duration_q, 1 / 32)))),
        word * marked, beat * marked,
        float(np.mean(sight.marks.slurred)), float(np.mean(sight.marks.staccato)),
        float(np.std(sight.dynamics.level)), float(np.mean(sight.notes.pitch)) / 12.0,
        np.log2(span),
    ]  # fmt: skip
    return np.array(rows, dtype=np.float64)
