"""What a transcription is worth: onsets, offsets, velocities and pedal against the keys struck.

In: the take as it was played and the take as it was heard. Out: `Scored`, one a recording.

**Conventions.** A note heard is right if a key of its pitch went down within 50 ms, a key serving
one note and each note one key, as many pairs as can be had at once (maximum matching). With
offsets, the key must also have come up within 50 ms or a fifth of the note's length. One constant
is taken off the onsets first, since recorders and editors cut files where they like: `shift_s` is
heard minus struck. Velocities are compared after one straight line per recording, since no file
says how loud it was in the room. Pedal is the sustain pedal, down from 64.

**Knows nothing of** how anything was heard.

**Reference.** C. Raffel et al., "mir_eval: a transparent implementation of common MIR metrics",
ISMIR 2014; module `transcription` (differences rounded to four decimals, bounds included).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from valentin.music import Performance, PerformedNote

__all__ = [
    "Counts",
    "Scored",
    "global_shift",
    "matched",
    "pedal_frames",
    "pedal_onsets",
    "score_hearing",
    "velocity_fit",
]

ONSET_S, OFFSET_SHARE, PEDAL_S = 0.05, 0.2, 0.1
FRAME_S = 0.01
DOWN = 64
MOST_SHIFT_S, SHIFT_BIN_S = 0.25, 0.01
FEWEST = 3
"""Pairs that a line, or a shift, needs."""

Notes = Sequence[PerformedNote]
Pairs = list[tuple[int, int]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found of what there was; sums over recordings by `+`."""

    right: int = 0
    heard: int = 0
    struck: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.heard + other.heard, self.struck + other.struck
        )

    @property
    def precision(self) -> float:
        """Share of what was heard that is right; NaN for nothing."""
        return self.right / self.heard if self.heard else float("nan")

    @property
    def recall(self) -> float:
        """Share of what was struck that was heard; NaN for nothing."""
        return self.right / self.struck if self.struck else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of both; NaN where there is nothing on either side."""
        total = self.heard + self.struck
        return 2 * self.right / total if total else float("nan")


@dataclass(frozen=True, slots=True)
class Scored:
    """One recording. NaN where the truth or the hearing has too little to say.

    `onset_sd_s` is of the right notes, after the shift; `velocity_r` and `velocity_mae` after the
    line.
    """

    onsets: Counts
    both_ends: Counts
    shift_s: float
    onset_sd_s: float
    velocity_r: float
    velocity_mae: float
    pedal_frames: Counts
    pedal_onsets: Counts


def score_hearing(struck: Performance, heard: Performance, *, shifted: bool = True) -> Scored:
    """Everything measured of one recording; `shifted=False` leaves the onsets as they are."""
    shift_s = global_shift(struck.notes, heard.notes) if shifted else 0.0
    pairs = matched(struck.notes, heard.notes, shift_s)
    ends = matched(struck.notes, heard.notes, shift_s, offsets=True)
    off = np.array([heard.notes[h].onset_s - struck.notes[s].onset_s for s, h in pairs])
    r, mae = velocity_fit(
        np.array([struck.notes[s].velocity for s, _ in pairs], np.float64),
        np.array([heard.notes[h].velocity for _, h in pairs], np.float64),
    )
    sizes = len(heard.notes), len(struck.notes)
    return Scored(
        Counts(len(pairs), *sizes),
        Counts(len(ends), *sizes),
        shift_s,
        float(off.std()) if len(off) >= FEWEST else float("nan"),
        r,
        mae,
        pedal_frames(struck, heard, shift_s),
        pedal_onsets(struck, heard, shift_s),
    )


def matched(
    struck: Notes, heard: Notes, shift_s: float = 0.0, *, offsets: bool = False,
    within_s: float = ONSET_S,
) -> Pairs:  # fmt: skip
    """As many pairs (index of the key, index of the note heard) as can be had at once."""
    rows, columns = [], []
    by_pitch: dict[int, list[int]] = {}
    for h, note in enumerate(heard):
        by_pitch.setdefault(note.pitch, []).append(h)
    for s, key in enumerate(struck):
        for h in by_pitch.get(key.pitch, ()):
            if not _near(heard[h].onset_s - shift_s - key.onset_s, within_s):
                continue
            slack = max(ONSET_S, OFFSET_SHARE * (key.offset_s - key.onset_s))
            if offsets and not _near(heard[h].offset_s - shift_s - key.offset_s, slack):
                continue
            rows.append(s)
            columns.append(h)
    return _maximum(rows, columns, len(struck), len(heard))


def _near(difference: float, tolerance: float) -> bool:
    return round(abs(difference), 4) <= tolerance


def _maximum(rows: list[int], columns: list[int], height: int, width: int) -> Pairs:
    if not rows:
        return []
    allowed = csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(height, width))
    found = maximum_bipartite_matching(allowed, perm_type="column")
    return [(s, int(h)) for s, h in enumerate(found) if h >= 0]


def global_shift(struck: Notes, heard: Notes) -> float:
    """The one constant, heard minus struck, that most onsets of a pitch agree on, seconds.

    The fullest bin of 10 ms within ±250 ms, then the median of what lies within 50 ms of it.
    """
    by_pitch: dict[int, list[float]] = {}
    for note in heard:
        by_pitch.setdefault(note.pitch, []).append(note.onset_s)
    off = np.array([t - key.onset_s for key in struck for t in by_pitch.get(key.pitch, ())])
    off = off[np.abs(off) <= MOST_SHIFT_S]
    if len(off) < FEWEST:
        return 0.0
    edges = np.arange(-MOST_SHIFT_S, MOST_SHIFT_S + SHIFT_BIN_S, SHIFT_BIN_S)
    counts, _ = np.histogram(off, edges)
    wide = counts + np.r_[counts[1:], 0] + np.r_[0, counts[:-1]]
    middle = edges[int(np.argmax(wide))] + SHIFT_BIN_S / 2
    return float(np.median(off[np.abs(off - middle) <= ONSET_S]))


def velocity_fit(struck: Floats, heard: Floats) -> tuple[float, float]:
    """Pearson's r, and the mean distance once `heard` is put on the line that fits best."""
    if len(struck) < FEWEST or not heard.std() or not struck.std():
        return float("nan"), float("nan")
    slope, height = np.polyfit(heard, struck, 1)
    away = np.abs(slope * heard + height - struck).mean()
    return float(np.corrcoef(struck, heard)[0, 1]), float(away)


def pedal_frames(struck: Performance, heard: Performance, shift_s: float = 0.0) -> Counts:
    """Frames of 10 ms with the pedal down: right are those where both say so."""
    end_s = max(struck.end_s, heard.end_s - shift_s)
    frames = np.arange(0.0, end_s, FRAME_S)
    truth, found = (_down(take, frames + by) for take, by in ((struck, 0.0), (heard, shift_s)))
    return Counts(int((truth & found).sum()), int(found.sum()), int(truth.sum()))


def pedal_onsets(struck: Performance, heard: Performance, shift_s: float = 0.0) -> Counts:
    """The moments at which the pedal goes down, within 100 ms."""
    truth, found = _pressed(struck), _pressed(heard) - shift_s
    near = np.abs(truth[:, None] - found[None, :]).round(4) <= PEDAL_S
    rows, columns = np.nonzero(near)
    pairs = _maximum(rows.tolist(), columns.tolist(), len(truth), len(found))
    return Counts(len(pairs), len(found), len(truth))


def _sustain(take: Performance) -> tuple[Floats, npt.NDArray[np.bool_]]:
    events = [event for event in take.pedal if event.control == "sustain"]
    times = np.array([event.time_s for event in events], np.float64)
    return times, np.array([event.value >= DOWN for event in events], np.bool_)


def _down(take: Performance, at_s: Floats) -> npt.NDArray[np.bool_]:
    times, down = _sustain(take)
    last = np.searchsorted(times, at_s, side="right") - 1
    return np.asarray(np.r_[down, False][last] & (last >= 0))


def _pressed(take: Performance) -> Floats:
    times, down = _sustain(take)
    return times[down & ~np.r_[False, down[:-1]]] if len(down) else times
