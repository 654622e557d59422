"""What the network says of some tracks → a vector for each frame, and how far it reaches.

In: tokens of some tracks, one in eight frames. Out: `Scored`.

**Conventions.** An interval from frame b to frame e > b scores (e − b) · reach[b, e]; one that
begins and ends in frame b scores alone[b]. 1/√256 is folded into the weights. Each call needs the
memory of its tracks alone: all of a segment are 90 · n · n numbers.

**Knows nothing of** seconds, keys, paths.

**Reference.** The scorer of Transkun V2 (see `weights`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.hearing.network import STEP_FRAMES, WIDTH
from valentin.hearing.onnx_writing import Graph
from valentin.hearing.sessions import opened
from valentin.hearing.weights import Weights

__all__ = ["Scored", "Scorer"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scored:
    """Of some tracks: vectors (tracks, n, 256), reach (tracks, begin, end), alone (tracks, n)."""

    vectors: Floats
    reach: Floats
    alone: Floats


class Scorer:
    """A loaded graph; it may be run from several threads at once."""

    def __init__(self, weights: Weights) -> None:
        self._session = opened(_graph(weights), threads=1)

    def scored(self, tokens: Floats, frames: int) -> Scored:
        """Tokens (tracks, steps, 256) of a segment of so many frames."""
        given = {"tokens": tokens, "frames": np.array([frames], np.int64)}
        return Scored(*self._session.run(None, given))


def _graph(weights: Weights) -> bytes:
    graph = Graph()
    tokens = graph.input("tokens", ("tracks", "steps", WIDTH))
    frames = graph.input("frames", (1,), "int64")
    kernel = weights["backbone.upConv1dSkip.weight"]  # (in, out, 8 frames)
    spread = kernel.transpose(0, 2, 1).reshape(WIDTH, STEP_FRAMES * WIDTH)
    x = graph.add("MatMul", tokens, graph.constant(spread))
    x = graph.add("Reshape", x, graph.constant([0, -1, WIDTH]))
    x = graph.add("Slice", x, graph.constant([0]), frames, graph.constant([1]))
    vectors = graph.add("Add", x, graph.constant(weights["backbone.upConv1dSkip.bias"]))
    ends, begins = slice(0, WIDTH), slice(WIDTH, 2 * WIDTH)
    end = _mapped(graph, weights, vectors, ends, 1 / math.sqrt(WIDTH))
    begin = _mapped(graph, weights, vectors, begins, 1.0)
    reach = graph.add("MatMul", begin, graph.add("Transpose", end, perm=(0, 2, 1)))
    alone = _mapped(graph, weights, vectors, slice(2 * WIDTH, 2 * WIDTH + 1), 1.0)
    graph.output(vectors, "vectors", ("tracks", "frames", WIDTH))
    graph.output(reach, "reach", ("tracks", "frames", "frames"))
    graph.output(graph.add("Squeeze", alone, graph.constant([2])), "alone", ("tracks", "frames"))
    return graph.model()


def _mapped(graph: Graph, weights: Weights, vectors: str, rows: slice, scale: float) -> str:
    kernel, bias = (weights[f"scorer.map.0.{part}"][rows] * scale for part in ("weight", "bias"))
    h = graph.add("MatMul", vectors, graph.constant(kernel.T))
    return graph.add("Add", h, graph.constant(bias))
