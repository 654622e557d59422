"""The columns that the network reads: groups with what their notes have in common, and notes.

In: a view and the group of each note. Out: two arrays, groups and notes.

**Conventions.** The network sees neighbours by itself, so shifted columns are left out.

**Knows nothing of** weights.

**Reference.** None.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.shaping.interpreter_features import View

__all__ = ["NetInputs", "net_inputs"]

Singles = npt.NDArray[np.float32]


class NetInputs(NamedTuple):
    """Shapes (groups, columns) and (notes, columns)."""

    groups: Singles
    notes: Singles


def net_inputs(view: View, group: npt.NDArray[np.int64]) -> NetInputs:
    """A group's own columns, then the mean and the greatest of its notes' columns."""
    base = [i for i, name in enumerate(view.groups.names) if "@" not in name]
    notes = np.ascontiguousarray(view.notes.values[:, : view.own])
    count = len(view.groups.values)
    starts = np.searchsorted(group, np.arange(count))
    size = np.diff(np.append(starts, len(group)))[:, None]
    mean = np.add.reduceat(notes, starts, axis=0) / size
    most = np.maximum.reduceat(notes, starts, axis=0)
    groups = np.concatenate([view.groups.values[:, base], mean, most], axis=1)
    return NetInputs(groups.astype(np.float32), notes)
