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

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.hearing.network import WIDTH
from valentin.hearing.onnx_writing import Graph
from valentin.hearing.sessions import opened
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
        self._session = opened(_graph(weights), threads=1)

    def attributes(self, begin: Floats, end: Floats) -> Attributes:
        """Attributes of n intervals from their vectors (n, 256)."""
        both = np.concatenate([begin, end, begin * end], axis=-1)
        classes, refined = self._session.run(None, {"both": both})
        shift = np.clip((_mean(refined[:, :2]) - 0.5) / 0.99, -0.5, 0.5)
        return Attributes(classes.argmax(axis=-1), shift, refined[:, 2:] > 0)


def _graph(weights: Weights) -> bytes:
    graph = Graph()
    both = graph.input("both", ("n", 3 * WIDTH))
    for name, wide in (("velocityPredictor", 128), ("refinedOFPredictor", 4)):
        h = graph.add("Gelu", _layer(graph, weights, f"{name}.0", both))
        graph.output(_layer(graph, weights, f"{name}.3", h), name, ("n", wide))
    return graph.model()


def _layer(graph: Graph, weights: Weights, name: str, x: str) -> str:
    h = graph.add("MatMul", x, graph.constant(weights[f"{name}.weight"].T))
    return graph.add("Add", h, graph.constant(weights[f"{name}.bias"]))


def _mean(logit: Floats) -> Floats:
    """Mean of a continuous Bernoulli distribution: 1/(1 − e^−x) − 1/x, by its series near 0."""
    near = np.abs(logit) < 1e-2
    x = np.where(near, 1.0, logit.astype(np.float64))
    far = 1 / -np.expm1(-x) - 1 / x
    mean: Floats = np.where(near, 0.5 + logit / 12, far).astype(np.float32)
    return mean
