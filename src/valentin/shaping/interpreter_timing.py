"""From beats and what happens within them to a tempo at every onset.

In: log2 tempo of each beat and log2 of each group's share of it. Out: log2 tempo of each group.

**Conventions.** What happens within a beat moves nothing outside it: the shares of a beat's groups
are brought to a mean of 0, each weighing as it lasts.

**Knows nothing of** seconds, marks.

**Reference.** None.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["group_tempo"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def group_tempo(
    onsets_q: Floats, beats_q: Floats, beat: Ints, by_beat: Floats, rest: Floats
) -> Floats:
    """log2 tempo from each onset to the next: the beats it spans, and its share within its own."""
    length = np.diff(beats_q, append=beats_q[-1] + 1.0)
    edges = np.append(beats_q, beats_q[-1] + length[-1])
    area = np.concatenate([[0.0], np.cumsum(by_beat * length)])
    wait = np.diff(onsets_q, append=onsets_q[-1] + 1.0)

    def until(q: Floats) -> Floats:
        before = (q - edges[0]) * by_beat[0]
        after = area[-1] + (q - edges[-1]) * by_beat[-1]
        inside = np.interp(q, edges, area)
        return np.asarray(np.where(q < edges[0], before, np.where(q > edges[-1], after, inside)))

    arcs = (until(onsets_q + wait) - until(onsets_q)) / wait
    weight = np.minimum(wait, length[beat])
    total = np.bincount(beat, weight, len(beats_q))
    mean = np.bincount(beat, weight * rest, len(beats_q)) / np.maximum(total, 1e-9)
    several = np.bincount(beat, minlength=len(beats_q)) > 1
    return np.asarray(arcs + np.where(several[beat], rest - mean[beat], 0.0))
