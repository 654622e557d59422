"""Vectors at both ends of an interval → velocity, exact times, and what is cut by the segment.

In: the vectors (n, 256) where n intervals begin and where they end. Out: their attributes.

**Conventions.** `shift` is in frames, −0.5..0.5, of the beginning and of the end. `present` says
whether the interval truly begins, or ends, inside the segment: it matters only in its first and
last frame.

**Knows nothing of** seconds, keys.

**Reference.** The heads of Transkun V2 (see `weights`): velocity is its most likely class of 128;
a shift is the mean of a continuous Bernoulli distribution (Loaiza-Ganem and Cunningham 2019).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from valentin.hearing.weights import Weights

__all__ = ["Attributes", "Heads"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Attributes:
    """Of n intervals: velocity (n,), shift (n, 2) in frames, present (n, 2)."""

    velocity: npt.NDArray[np.int64]
    shift: Floats
    present: npt.NDArray[np.bool_]


class Heads:
    """Two small networks on both ends and their product."""

    def __init__(self, weights: Weights) -> None:
        self._velocity = _layers(weights, "velocityPredictor")
        self._refined = _layers(weights, "refinedOFPredictor")

    def attributes(self, begin: Floats, end: Floats) -> Attributes:
        """Attributes of n intervals from their vectors (n, 256)."""
        both = np.concatenate([begin, end, begin * end], axis=-1)
        velocity = _through(self._velocity, both).argmax(axis=-1)
        refined = _through(self._refined, both)
        shift = np.clip((_mean(refined[:, :2]) - 0.5) / 0.99, -0.5, 0.5)
        return Attributes(velocity, shift, refined[:, 2:] > 0)


def _layers(weights: Weights, name: str) -> tuple[Floats, ...]:
    return tuple(
        np.ascontiguousarray(weights[f"{name}.{at}.{part}"].T)
        for at in (0, 3)
        for part in ("weight", "bias")
    )


def _through(layers: tuple[Floats, ...], x: Floats) -> Floats:
    inner, inner_bias, outer, outer_bias = layers
    h = x @ inner + inner_bias
    h = h * 0.5 * (1 + erf(h / math.sqrt(2)))
    y: Floats = h @ outer + outer_bias
    return y


def _mean(logit: Floats) -> Floats:
    """Mean of a continuous Bernoulli distribution: 1/(1 − e^−x) − 1/x, by its series near 0."""
    near = np.abs(logit) < 1e-2
    x = np.where(near, 1.0, logit.astype(np.float64))
    far = 1 / -np.expm1(-x) - 1 / x
    mean: Floats = np.where(near, 0.5 + logit / 12, far).astype(np.float32)
    return mean
