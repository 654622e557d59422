"""Touch: slurred notes that are cut, staccato notes that are held.

In: an observation. Out: samples of `LEGATO` and `STACCATO`.

**Conventions.** A slurred note's length is sounding time (until the damper falls, so the pedal
counts) over the time to the next onset of its voice: what is heard, not what the finger does. A
staccato note's length is key-held time over nominal duration, and only where the pedal is up.

**Knows nothing of** loudness, words.

**Reference.** Bresin, R. & Battel, G. (2000), "Articulation strategies in expressive piano
performance", J. New Music Research 29, 211–224: staccato about half, legato overlapping.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import Sample
from valentin.judging.limits import GAP_S
from valentin.judging.measures import LEGATO, STACCATO
from valentin.judging.observing import Observation

__all__ = ["legatos", "staccatos"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TOUCH_BARS = (2, 4)
"""Bars over which a touch is heard as one."""

GAP_SHARE = 0.4
"""Share of the time to the next note that is heard as detached however quick the notes are (Bresin
& Battel's staccato begins there)."""

FEWEST_TOUCHES = 6
"""Notes below which a touch may be a chance of fingering."""


def legatos(observation: Observation) -> Iterator[Sample]:
    """How far slurred notes reach towards the next note of their voice."""
    notes = observation.notes
    rows, reach, gap = _reaches(observation)
    for length, part, start, end in _windows(observation, rows):
        got = np.clip(reach[part], 0.05, 1.1)
        value = float(np.median(got))
        yield Sample(
            LEGATO, start, end, 100 * value, 100 * 2.0**-LEGATO.usual,
            float(-np.log2(value)), float(np.median(gap[part])),
            tuple(notes.ids[i] for i in rows[part]), length,
        )  # fmt: skip


def _reaches(observation: Observation) -> tuple[Ints, Floats, Floats]:
    """Slurred notes, their sounding share of the time to the next onset, the silence in floors."""
    notes = observation.notes
    keys = notes.staff * 1000 + notes.voice
    found: list[tuple[int, float, float]] = []
    for key in np.unique(keys):
        rows = np.flatnonzero(keys == key)
        onset = notes.onset_q[rows]
        following = np.searchsorted(onset, onset + notes.duration_q[rows] - 1e-6)
        for row, place in zip(rows, following, strict=True):
            if not notes.slurred[row] or not notes.plain[row] or place >= len(rows):
                continue
            after = rows[place]
            if abs(notes.onset_q[after] - notes.onset_q[row] - notes.duration_q[row]) > 1e-6:
                continue
            interval = notes.onset_s[after] - notes.onset_s[row]
            if notes.run[after] != notes.run[row] or interval <= 0.03:
                continue
            if notes.pitch[after] == notes.pitch[row]:
                continue
            held = notes.sounding_s[row] - notes.onset_s[row]
            break_s = max(interval - held, 0.0) / min(GAP_S, GAP_SHARE * interval)
            found.append((int(row), held / interval, break_s))
    found.sort()
    table = np.array(found, dtype=np.float64).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1], table[:, 2]


def staccatos(observation: Observation) -> Iterator[Sample]:
    """How long staccato notes are held where no pedal holds them."""
    notes = observation.notes
    dry = np.abs(notes.sounding_s - notes.offset_s) < 1e-3
    rows = np.flatnonzero(notes.detached & notes.plain & dry & (notes.articulation > 0))
    for length, part, start, end in _windows(observation, rows):
        at = rows[part]
        value = float(np.median(notes.articulation[at]))
        expected = float(np.median(notes.articulation_centre[at]))
        nominal = (notes.offset_s[at] - notes.onset_s[at]) / notes.articulation[at]
        longer = float(np.median(nominal)) * (value - expected)
        yield Sample(
            STACCATO, start, end, 100 * value, 100 * expected,
            float(np.log2(value / expected)), longer / GAP_S, tuple(notes.ids[i] for i in at),
            length,
        )  # fmt: skip


def _windows(observation: Observation, rows: Ints) -> Iterator[tuple[int, Ints, float, float]]:
    """Places in `rows` bar window by bar window, with the window's limits in quarters."""
    bars = observation.notes.bar[rows]
    for length in TOUCH_BARS:
        for first in range(len(observation.bar_starts) - length + 1):
            part = np.flatnonzero((bars >= first) & (bars < first + length))
            if len(part) >= FEWEST_TOUCHES:
                last = first + length - 1
                yield (
                    length,
                    part,
                    float(observation.bar_starts[first]),
                    float(observation.bar_ends[last]),
                )
