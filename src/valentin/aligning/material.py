"""What the aligner looks at: the folded score, which `music` lays out, and the take, as arrays.

In: a Performance. Out: `Heard`.

**Conventions.** Heard notes are sorted by (onset, pitch, offset, velocity), so that the order in
which simultaneous notes are given cannot matter.

**Knows nothing of** tempo, and which note renders which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import Performance

__all__ = ["Bools", "Floats", "Heard", "Ints"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Heard:
    """The take. Note i of these arrays is `performance.notes[order[i]]`."""

    order: Ints
    onset_s: Floats
    offset_s: Floats
    pitch: Ints

    @classmethod
    def of(cls, performance: Performance) -> Heard:
        """The arrays of a take."""
        rows = np.array(
            [(n.onset_s, n.pitch, n.offset_s, n.velocity) for n in performance.notes],
            dtype=np.float64,
        ).reshape(-1, 4)
        order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))
        rows = rows[order]
        return cls(order, rows[:, 0], rows[:, 2], rows[:, 1].astype(np.int64))
