"""A row of decision trees, evaluated on all rows of a table at once.

In: a table's values and the trees as plain arrays. Out: one number a row, the base plus the sum of
the trees.

**Conventions.** Arrays have one row a tree, padded to the largest. A node sends a value at most its
threshold to the left; a leaf points to itself and holds the value to add.

**Knows nothing of** what is predicted, how trees are grown.

**Reference.** J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of
Statistics 29 (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Trees"]

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Shorts = npt.NDArray[np.int16]

ROWS_AT_ONCE = 512
"""Rows walked together: their nodes then stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as arrays of shape (trees, nodes); `base` is what no tree says."""

    feature: Shorts
    threshold: Singles
    left: Shorts
    right: Shorts
    value: Singles
    depth: int
    base: float

    def predict(self, values: Singles) -> Floats:
        """One number for each row of `values`, shape (rows, features)."""
        parts = [
            self._walk(values[a : a + ROWS_AT_ONCE]) for a in range(0, len(values), ROWS_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _walk(self, values: Singles) -> Floats:
        trees, nodes = self.feature.shape
        roots = np.arange(trees, dtype=np.int32) * nodes
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        kids = np.stack([self.right.ravel(), self.left.ravel()], axis=1).ravel()
        rows = (np.arange(len(values), dtype=np.int32) * values.shape[1])[:, None]
        flat = values.ravel()
        at = np.broadcast_to(roots, (len(values), trees)).copy()
        for _ in range(self.depth):
            goes_left = flat.take(rows + feature.take(at)) <= threshold.take(at)
            at = roots + kids.take(2 * at + goes_left)
        return np.asarray(self.base + self.value.ravel().take(at).sum(axis=1, dtype=np.float64))
