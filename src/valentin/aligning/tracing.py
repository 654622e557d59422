"""The second pass: inside a run, which row each key belongs to, with the tempo known by now.

In: a `Stretch` and the take. Out: the row of each key, better than the walk's where the same notes
come again and again and only their time tells them apart.

**Conventions.** The states are the run's rows within `BAND_ROWS` of the walk's; each carries the
time at which its best path entered it. Going on to another row costs how far the time gone by is
from the time that the local tempo gives, in units of the local interval between rows; so a
constant tempo factor changes nothing. Costs are nats.

**Knows nothing of** runs but one, pairs.
"""

from __future__ import annotations

import numba
import numpy as np

from valentin.aligning.material import Floats, Heard, Ints
from valentin.aligning.runs import Stretch
from valentin.aligning.timing import TempoMap
from valentin.music import Written

__all__ = ["trace"]

BAND_ROWS, REACH_ROWS = 32, 16
PER_INTERVAL, PER_GAP, PER_STAY = 0.15, 0.5, 0.2
"""Deviation that costs one nat: share of the local interval, and of the time expected."""
MOST, LEFT_OUT, BACK, IN_ORNAMENT, AGAIN = 5.0, 0.6, 3.0, 0.3, 3.0
"""Nats: the most a deviation costs (a hesitation is no reason to lose the place), each row left
out, one row back, one more key of an ornament, the same key struck again in its row."""
BESIDE_THE_SCORE, SLIP, SLIP_SEMITONES = 6.0, 4.0, 2
"""Nats for a key that its row does not have, and for one next to a note of the row."""
ASTRAY = 20.0
"""Nats for going on at any row of the band: the walk was not where it seemed."""
DRIFT = 0.3
"""How far a chord's later keys move the time at which its row counts as entered."""
LOCAL_ROWS = 12
"""Rows to either side over which the local tempo is measured."""


def trace(written: Written, heard: Heard, run: Stretch, tempo: TempoMap) -> Ints:
    """The row of each key of the run."""
    keys = slice(run.start, run.stop)
    due = tempo.seconds(run.row_q)
    rows = len(due)
    low = np.maximum(np.arange(rows) - LOCAL_ROWS, 0)
    high = np.minimum(np.arange(rows) + LOCAL_ROWS, rows - 1)
    span_q = np.maximum(run.row_q[high] - run.row_q[low], 1e-6)
    span_s = np.maximum(due[high] - due[low], 1e-6)
    first, last = _band(run.key_row, rows)
    before = _struck_before(heard.pitch[keys], heard.onset_s[keys])
    return np.asarray(
        _best_path(
            heard.onset_s[keys],
            _nats(written.nats[:, run.row_group]),
            heard.pitch[keys],
            (before, written.around[:, run.row_group]),
            (run.row_q, span_s / span_q, span_s / np.maximum(high - low, 1)),
            first,
            last,
            (PER_INTERVAL, PER_GAP, PER_STAY, MOST, LEFT_OUT, BACK, IN_ORNAMENT, AGAIN, ASTRAY),
        )
    )


def _band(key_row: Ints, rows: int) -> tuple[Ints, Ints]:
    """Lowest and highest row allowed for each key, both rising."""
    low = np.minimum.accumulate((key_row - BAND_ROWS)[::-1])[::-1]
    high = np.maximum.accumulate(key_row + BAND_ROWS)
    return np.clip(low, 0, rows - 1), np.clip(high, 0, rows - 1)


def _nats(walked: Floats) -> Floats:
    """What each key costs in each row: inside a run, a slip of the finger is no surprise."""
    nats = np.minimum(walked, BESIDE_THE_SCORE)
    for semitones in range(1, SLIP_SEMITONES + 1):
        for near, far in (
            (nats[semitones:], walked[:-semitones]),
            (nats[:-semitones], walked[semitones:]),
        ):
            np.minimum(near, SLIP, out=near, where=far == 0)
    return nats


def _struck_before(pitch: Ints, struck: Floats) -> Floats:
    """When the same key was struck before; long ago if never."""
    before = np.full(len(pitch), -np.inf)
    order = np.lexsort((struck, pitch))
    same = pitch[order][1:] == pitch[order][:-1]
    before[order[1:][same]] = struck[order[:-1][same]]
    return before


@numba.njit(cache=True, nogil=True)
def _best_path(struck, nats, pitch, again, axis, first, last, weights):  # type: ignore[no-untyped-def]  # noqa: C901
    """Viterbi in the band; `entered` and `begun` go along with each best path: when its row counts
    as struck, and when its first key was."""
    row_q, slope, interval = axis
    before, around = again
    per_interval, per_gap, per_stay, most, left_out, back, in_ornament, twice, astray = weights
    keys, rows = len(struck), len(row_q)
    width = np.max(last - first) + 1
    ways = np.zeros((keys, width), np.int32)
    cost, entered, begun = np.full(rows, np.inf), np.zeros(rows), np.zeros(rows)
    new_cost, new_entered, new_begun = np.full(rows, np.inf), np.zeros(rows), np.zeros(rows)
    for k in range(first[0], last[0] + 1):
        cost[k], entered[k], begun[k] = nats[pitch[0], k] + 0.1 * k, struck[0], struck[0]
    for i in range(1, keys):
        now = struck[i]
        lost = first[i - 1]
        for k in range(first[i - 1], last[i - 1] + 1):
            if cost[k] < cost[lost]:
                lost = k
        for k in range(first[i], last[i] + 1):
            best, way, at, since = cost[lost] + astray, k - lost, now, now
            if first[i - 1] <= k <= last[i - 1]:
                late = min(most, (now - struck[i - 1]) / (per_stay * interval[k]))
                if around[pitch[i], k]:
                    late = min(late, in_ornament)
                elif nats[pitch[i], k] == 0 and before[i] >= begun[k]:
                    late += twice
                if cost[k] + late < best:
                    best, way, at, since = cost[k] + late, 0, entered[k], begun[k]
                    if nats[pitch[i], k] == 0 and before[i] < begun[k]:
                        at += DRIFT * (now - entered[k])
            for j in range(max(first[i - 1], k - REACH_ROWS), min(k - 1, last[i - 1]) + 1):
                gap = slope[k] * (row_q[k] - row_q[j])
                ease = per_interval * interval[k]
                off = abs(np.log((now - entered[j] + ease) / (gap + ease))) / per_gap
                total = cost[j] + min(most, off) + left_out * (k - j - 1)
                if total < best:
                    best, way, at, since = total, k - j, now, now
            if k < last[i - 1] and k + 1 >= first[i - 1] and cost[k + 1] + back < best:
                best, way = cost[k + 1] + back, -1
                at = entered[k + 1] - slope[k] * (row_q[k + 1] - row_q[k])
                since = at
            new_cost[k], new_entered[k], new_begun[k] = best + nats[pitch[i], k], at, since
            ways[i, k - first[i]] = way
        cost, new_cost = new_cost, cost
        entered, new_entered = new_entered, entered
        begun, new_begun = new_begun, begun
    path = np.zeros(keys, np.int64)
    here = first[-1] + np.argmin(cost[first[-1] : last[-1] + 1])
    for i in range(keys - 1, -1, -1):
        path[i] = here
        here -= ways[i, here - first[i]]
    return path
