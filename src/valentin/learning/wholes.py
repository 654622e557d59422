"""What examples say of a piece as a whole: examples → `Kernels`.

In: the examples to learn from. Out: their columns and the weights of each.

**Conventions.** A score of a work that has several is believed less, so that works weigh the same.

**Knows nothing of** single notes.

**Reference.** See `shaping.interpreter_whole`.
"""

from __future__ import annotations

import numpy as np

from valentin.learning.examples import Example
from valentin.learning.growing import weights_of
from valentin.shaping.interpreter_whole import Kernels, kernel

__all__ = ["whole_of"]

NOISE = 0.2
"""Variance of one example about the truth, as a share of what pieces have in common."""


def whole_of(examples: list[Example]) -> Kernels:
    """The pieces as examples of speed, touch and variance."""
    columns = np.array([example.whole for example in examples])
    mean, scale = columns.mean(axis=0), columns.std(axis=0) + 1e-3
    places = np.clip((columns - mean) / scale, -4.0, 4.0)
    wanted = np.array([example.qualities() for example in examples])
    base = np.nanmean(wanted, axis=0)
    away = np.nan_to_num(wanted - base)
    doubt = NOISE / np.array(weights_of(examples))
    weights = np.linalg.solve(kernel(places, places) + np.diag(doubt), away)
    return Kernels(mean, scale, places, weights, base)
