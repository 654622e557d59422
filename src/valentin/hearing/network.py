"""The transcription network as a graph: what a spectrum says about every key at every moment.

In: the weights. Out: an ONNX graph from features (1, 6 windows, T frames, 229 mel bands) to tokens
(90 tracks, ⌈T/8⌉ steps, 256), one vector for each track in every eight frames.

**Conventions.** Tracks are the two pedals, then the 88 keys from the lowest. Rows are steps of
eight frames, columns are 58 steps of four mel bands and then the tracks, each led by a row and a
column that hold no sound. All scales (layer scale, 1/√d of attention) are folded into the weights.

**Knows nothing of** sound, notes, onnxruntime.

**Reference.** Y. Yan and Z. Duan, "Scoring time intervals using non-hierarchical transformer for
automatic piano transcription", ISMIR 2024 (Transkun V2, MIT). Ours leaves out what never reaches
the output: in the last layer only the columns of the tracks are asked.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from valentin.hearing.onnx_writing import Graph
from valentin.hearing.weights import Weights

__all__ = ["BANDS", "CONTROLS", "PITCHES", "STEP_FRAMES", "TRACKS", "WIDTH", "WINDOWS", "built"]

Floats = npt.NDArray[np.float32]

WINDOWS = 6  # a Hann window and five learned ones
BANDS = 229
WIDTH = 256
HEADS = 8
LAYERS = 6
STEP_FRAMES = 8
LONGEST_STEPS = 88
"""Of 691 frames, the 16 s it was trained on."""
CONTROLS = (64, 67)  # sustain, soft
PITCHES = tuple(range(21, 109))
TRACKS = len(CONTROLS) + len(PITCHES)
_COLUMNS = 1 + 58  # an empty one, then the mel bands by fours
PARTS = 2
"""A layer is computed in halves, added up: they need half the memory."""
_GROUPS, _GROUP_EPS, _RMS_EPS = 4, 1e-5, 1e-6


def built(weights: Weights) -> bytes:
    """The graph as the bytes of an ONNX model."""
    graph = Graph()
    features = graph.input("features", (1, WINDOWS, "frames", BANDS))
    steps = graph.input("steps", (1,), "int64")
    tokens = _tokens(graph, weights, features)
    for layer in range(LAYERS):
        tokens = _layer(graph, weights, f"backbone.encoderLayers.{layer}", tokens,
                        last=layer == LAYERS - 1)  # fmt: skip
    first, end = graph.constant([1]), graph.add("Add", steps, graph.constant([1]))
    tokens = graph.add("Slice", tokens, first, end, graph.constant([0]))
    tokens = graph.add("Transpose", tokens, perm=(1, 0, 2))
    graph.output(tokens, "tokens", (TRACKS, "steps", WIDTH))
    return graph.model()


def _tokens(graph: Graph, weights: Weights, features: str) -> str:
    """Features → (rows, columns, 256): the spectrum by patches, beside it a column a track."""
    place = _embedded(weights, "backbone.posEmbedBuilder", np.arange(BANDS)[:, None])
    x = _convolved(graph, weights, "backbone.inputConv", features, (1, 1, 1, 1), (1, 1))
    x = graph.add("Add", x, graph.constant(place.T[None, :, None, :]))
    down = "backbone.downConv"
    # The first takes in the padding before it: 4 and 3 frames, 2 and 1 bands.
    for at, pads, strides in (
        (1, (5, 3, 4, 2), (2, 1)), (5, (1, 1, 1, 1), (2, 2)),
        (9, (1, 1, 1, 1), (2, 2)), (13, (1, 1, 1, 1), (1, 1)),
    ):  # fmt: skip
        x = _convolved(graph, weights, f"{down}.{at}", x, pads, strides)
        x = _group_norm(graph, weights, f"{down}.{at + 1}", x)
        x = x if at == 13 else graph.add("Gelu", x)
    x = graph.add("Squeeze", x, graph.constant([0]))
    x = graph.add("Transpose", x, perm=(1, 2, 0))
    x = graph.add("Pad", x, graph.constant([1, 1, 0, 0, 0, 0]))
    return _placed(graph, weights, x)


def _placed(graph: Graph, weights: Weights, patches: str) -> str:
    """Patches with their places, and beside them the places of the tracks."""
    rows, columns = np.arange(LONGEST_STEPS + 1), np.arange(_COLUMNS)
    tracks = np.array([-c for c in CONTROLS] + list(PITCHES))
    of_patches = _embedded(weights, "backbone.posEmbedBuilderAttnTF", _grid(rows, columns))
    of_tracks = _embedded(weights, "backbone.posEmbedBuilderAttnTE", _grid(rows, tracks))
    count = graph.add("Shape", patches, start=0, end=1)
    zero, axis = graph.constant([0]), graph.constant([0])
    here, there = (
        graph.add("Slice", graph.constant(table), zero, count, axis)
        for table in (of_patches, of_tracks)
    )
    return graph.add("Concat", graph.add("Add", patches, here), there, axis=1)


def _grid(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1)


def _embedded(weights: Weights, name: str, places: npt.NDArray[np.int64]) -> Floats:
    """Places (…, coordinates) → (…, width): cosines of learned waves through a small network."""
    phase = places.astype(np.float32) @ weights[f"{name}.proj.weight"].T
    phase = phase + weights[f"{name}.proj.bias"]
    x = np.cos(phase) / math.sqrt(phase.shape[-1] / 2)
    x = x @ weights[f"{name}.mlp.0.weight"].T + weights[f"{name}.mlp.0.bias"]
    x = x * 0.5 * (1 + erf(x / math.sqrt(2)))
    x = x @ weights[f"{name}.mlp.3.weight"].T + weights[f"{name}.mlp.3.bias"]
    table: Floats = x.astype(np.float32)
    return table


def _convolved(
    graph: Graph, weights: Weights, name: str, x: str, pads: tuple[int, ...],
    strides: tuple[int, int],
) -> str:  # fmt: skip
    kernel, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return graph.add(
        "Conv", x, graph.constant(kernel), graph.constant(bias), pads=pads, strides=strides
    )


def _group_norm(graph: Graph, weights: Weights, name: str, x: str) -> str:
    """Normalised over each quarter of the channels, then scaled a channel."""
    shape = graph.add("Shape", x)
    flat = graph.add("Reshape", x, graph.constant([0, _GROUPS, -1]))
    ones, none = np.ones(_GROUPS, np.float32), np.zeros(_GROUPS, np.float32)
    flat = graph.add("InstanceNormalization", flat, graph.constant(ones), graph.constant(none),
                     epsilon=_GROUP_EPS)  # fmt: skip
    x = graph.add("Reshape", flat, shape)
    x = graph.add("Mul", x, graph.constant(weights[f"{name}.weight"][:, None, None]))
    return graph.add("Add", x, graph.constant(weights[f"{name}.bias"][:, None, None]))


def _layer(graph: Graph, weights: Weights, name: str, x: str, *, last: bool) -> str:
    """Attention along each row, then along each column; both ask what entered the layer."""
    asking = x
    if last:  # only the tracks are wanted
        first, end = graph.constant([_COLUMNS]), graph.constant([_COLUMNS + TRACKS])
        asking = graph.add("Slice", x, first, end, graph.constant([1]))
    h = _attended(graph, weights, f"{name}.mhaBlockF", asking, x)
    h = _fed(graph, weights, f"{name}.fnnBlockF", h)
    h = graph.add("Transpose", h, perm=(1, 0, 2))
    columns = graph.add("Transpose", asking, perm=(1, 0, 2))
    h = _attended(graph, weights, f"{name}.mhaBlockT", h, columns)
    h = _fed(graph, weights, f"{name}.fnnBlockT", h)
    return graph.add("Transpose", h, perm=(1, 0, 2))


def _attended(graph: Graph, weights: Weights, name: str, x: str, memory: str) -> str:
    """x + attention(norm(x), memory), both (batch, places, 256), some heads after others."""
    module, normal = f"{name}.module", _rms(graph, x)
    for heads in _parts(WIDTH):
        asked = [weights[f"{module}.{part}_proj_weight"][:, heads] for part in "qkv"]
        found = graph.add_runtime(
            "MultiHeadAttention",
            *(
                graph.add("MatMul", source, graph.constant(kernel))
                for source, kernel in zip((normal, memory, memory), asked, strict=True)
            ),
            num_heads=HEADS // PARTS,
        )
        x = _added(graph, weights, f"{module}.out_proj", weights[f"{name}.scale"], found, x, heads)
    return x


def _fed(graph: Graph, weights: Weights, name: str, x: str) -> str:
    """x + a network of one hidden layer on norm(x), some of its units after others."""
    kernel, bias = (weights[f"{name}.module.0.{part}"] for part in ("weight", "bias"))
    normal = _rms(graph, x)
    for units in _parts(len(bias)):
        h = graph.add("MatMul", normal, graph.constant(kernel[units].T))
        h = graph.add("Gelu", graph.add("Add", h, graph.constant(bias[units])))
        x = _added(graph, weights, f"{name}.module.3", weights[f"{name}.scale"], h, x, units)
    return x


def _parts(size: int) -> list[slice]:
    step = size // PARTS
    return [slice(first, first + step) for first in range(0, size, step)]


def _added(
    graph: Graph, weights: Weights, name: str, scale: Floats, found: str, x: str, part: slice
) -> str:
    """x + scale · (found · W + b), of which `found` is one part; b comes with the first."""
    h = graph.add("MatMul", found, graph.constant((weights[f"{name}.weight"].T * scale)[part]))
    if part.start == 0:
        h = graph.add("Add", h, graph.constant(weights[f"{name}.bias"] * scale))
    return graph.add("Add", x, h)


def _rms(graph: Graph, x: str) -> str:
    """Each vector over its root mean square."""
    power = graph.add("ReduceMean", graph.add("Mul", x, x), graph.constant([-1]), keepdims=1)
    power = graph.add("Add", power, graph.constant(np.float32(_RMS_EPS)))
    return graph.add("Div", x, graph.add("Sqrt", power))
