"""Grow trees for one value: examples → `Trees`.

In: the examples to learn from. Out: trees as plain arrays.

**Conventions.** Every work weighs the same; within it, every score, and every place drawn from it.

**Knows nothing of** what is done with the values.

**Reference.** G. Ke et al., "LightGBM: a highly efficient gradient boosting decision tree" (2017).
Settings: `docs/decisions/0010-interpreter.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import lightgbm
import numpy as np
import numpy.typing as npt

from valentin.learning.examples import Example
from valentin.shaping.interpreter_trees import Trees

__all__ = ["grow", "weights_of"]

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

COMMON = {
    "feature_fraction": 0.2, "bagging_fraction": 0.5, "bagging_freq": 1, "lambda_l2": 5.0,
    "max_bin": 63, "max_depth": 7, "verbose": -1, "num_threads": 1,
}  # fmt: skip
SHAPE: dict[str, tuple[int, float, int, int]] = {
    "vel": (300, 0.055, 24, 120), "art": (300, 0.06, 40, 80), "asyn": (120, 0.07, 16, 150),
    "beat": (180, 0.05, 12, 50), "rest": (150, 0.07, 20, 100), "width": (60, 0.08, 12, 300),
    "late": (300, 0.05, 20, 40),
}  # fmt: skip
"""Trees, learning rate, leaves and least rows of a leaf, by what is learned."""

ROWS_OF_SCORE = 2400
"""Rows drawn from a score: long ones say little more."""


def weights_of(examples: list[Example]) -> list[float]:
    """One weight a score, so that works weigh the same."""
    count = Counter(example.work for example in examples)
    return [1.0 / count[example.work] for example in examples]


def grow(
    examples: list[Example],
    shape: str,
    inputs: Callable[[Example], Singles],
    target: Callable[[Example], Floats],
    seed: int = 0,
    fewest: int = 20,
) -> Trees:
    """Trees that predict `target` from `inputs`, rows where it is known.

    A score with fewer than `fewest` such rows is left out.
    """
    rng = np.random.default_rng(seed)
    tables, values, weights = [], [], []
    for example, weight in zip(examples, weights_of(examples), strict=True):
        wanted = target(example)
        rows = np.flatnonzero(np.isfinite(wanted))
        if len(rows) < fewest:
            continue
        if len(rows) > ROWS_OF_SCORE:
            rows = np.sort(rng.choice(rows, ROWS_OF_SCORE, replace=False))
        tables.append(inputs(example)[rows])
        values.append(wanted[rows])
        weights.append(np.full(len(rows), weight / len(rows)))
    count, rate, leaves, least = SHAPE[shape]
    settings = COMMON | {
        "learning_rate": rate, "num_leaves": leaves, "min_data_in_leaf": least, "seed": seed,
    }  # fmt: skip
    known = np.concatenate(weights)
    data = lightgbm.Dataset(
        np.concatenate(tables), np.concatenate(values), weight=known / known.mean(), params=settings
    )
    return _arrays(lightgbm.train(settings, data, count).dump_model())


def _arrays(model: dict[str, list[dict[str, dict[str, object]]]]) -> Trees:
    """The model's trees as arrays; LightGBM's first tree carries the base."""
    rows = [_rows(tree["tree_structure"]) for tree in model["tree_info"]]
    size = max(len(row) for row in rows)
    table = np.zeros((len(rows), size, 5))
    for i, row in enumerate(rows):
        table[i, : len(row)] = np.array([r[:5] for r in row])
    depth = max(int(r[5]) for row in rows for r in row)
    return Trees(
        table[..., 0].astype(np.int16),
        _rounded_down(table[..., 1]),
        table[..., 2].astype(np.int16),
        table[..., 3].astype(np.int16),
        table[..., 4].astype(np.float32),
        depth,
        0.0,
    )


def _rounded_down(threshold: Floats) -> Singles:
    """Single precision at most the threshold: single-precision inputs then split the same way."""
    single = threshold.astype(np.float32)
    return np.where(single > threshold, np.nextafter(single, np.float32(-np.inf)), single)


def _rows(root: dict[str, object]) -> list[tuple[float, ...]]:
    """Nodes in preorder: feature, threshold, left, right, value, depth."""
    out: list[tuple[float, ...]] = []

    def add(node: dict[str, object], depth: int) -> int:
        here = len(out)
        out.append((0.0, 0.0, here, here, 0.0, depth))
        if "leaf_value" in node:
            out[here] = (0.0, 0.0, here, here, float(str(node["leaf_value"])), depth)
            return here
        left, right = node["left_child"], node["right_child"]
        if not isinstance(left, dict) or not isinstance(right, dict):
            raise TypeError("a split must have two children")
        feature, threshold = float(str(node["split_feature"])), float(str(node["threshold"]))
        out[here] = (feature, threshold, add(left, depth + 1), add(right, depth + 1), 0.0, depth)
        return here

    add(root, 0)
    return out
