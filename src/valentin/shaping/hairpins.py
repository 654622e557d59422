"""See to it that a hairpin is heard: no arc may go against it.

In: the sum of the loudness arcs. Out: the same, but inside each hairpin it rises (or falls) all the
way, by at least a share of what the score asks.

**Conventions.** Velocities, one value a note; notes that begin together have one arc value a staff.

**Knows nothing of** accents: single notes may stand out from the arc.

**Reference.** Isotonic regression by pooling neighbours: Ayer, M. et al. (1955), *An empirical
distribution function for sampling with incomplete information*, Ann. Math. Stat. 26(4).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from valentin.shaping.scene import Scene

__all__ = ["obeyed"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KEPT = 0.6
"""Share of the written change that is always heard."""


def obeyed(scene: Scene, arcs: Floats, velocity_per_step: float) -> Floats:
    """The arcs with every hairpin heard; nothing changes outside hairpins."""
    slope = scene.dynamics.slope
    out = arcs.copy()
    notes = scene.notes
    for part, staff in sorted({*zip(notes.part.tolist(), notes.staff.tolist(), strict=True)}):
        rows = np.flatnonzero((notes.part == part) & (notes.staff == staff))
        sign = np.sign(slope[rows])
        cuts = np.flatnonzero(np.diff(slope[rows]) != 0) + 1
        for span in np.split(np.arange(len(rows)), cuts):
            if len(span) and sign[span[0]] != 0:
                inside = rows[span]
                sure = KEPT * velocity_per_step * scene.dynamics.level[inside]
                way = float(sign[span[0]])
                out[inside] = sure + way * _rising(way * (arcs[inside] - sure), notes.group[inside])
    return out


def _rising(values: Floats, group: Ints) -> Floats:
    """The nearest never-falling row; notes of one group keep one value."""
    _, row = np.unique(group, return_inverse=True)
    count = np.bincount(row).astype(np.float64)
    mean = np.bincount(row, weights=values) / count
    pools: list[tuple[float, float, int]] = []  # mean, weight, groups
    for value, weight in zip(mean.tolist(), count.tolist(), strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            b, a = pools.pop(), pools.pop()
            both = a[1] + b[1]
            pools.append(((a[0] * a[1] + b[0] * b[1]) / both, both, a[2] + b[2]))
    level = np.repeat([p[0] for p in pools], [p[2] for p in pools])
    return np.asarray(level[row])
