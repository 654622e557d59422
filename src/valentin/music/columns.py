"""A score's notes as read-only arrays, and where each onset lies in its bar.

In: a Score. Out: columns parallel to `score.notes`, the distinct onsets (score-onset groups), and
the metrical place of each group. Derived on demand, never stored in a word.

**Conventions.** Onsets and durations are float quarters; equal Fractions give equal floats, so a
group is one exact onset. A pickup bar counts its places from its end, so that its last beat is the
last beat of a full bar.

**Knows nothing of** seconds, marks, performers.

**Reference** (metrical weight). Lerdahl, F. & Jackendoff, R. (1983), *A Generative Theory of Tonal
Music*, MIT Press, ch. 4: the grid of beats. We read the grid from the time signature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music.score import Score

__all__ = ["Grid", "NoteColumns"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NO_METRE = (4.0, 1.0)
"""Bar and beat in quarters where the score gives no time signature."""

SNAP_Q = 1e-6
"""Quarters within which a place counts as on the beat: far below any notated value."""


@dataclass(frozen=True, slots=True)
class NoteColumns:
    """One value a note; `group[i]` is the index of the note's onset in `onsets_q`."""

    onset_q: Floats
    duration_q: Floats
    pitch: Ints
    part: Ints
    staff: Ints
    voice: Ints
    grace: Bools
    group: Ints
    onsets_q: Floats

    @classmethod
    def of(cls, score: Score) -> NoteColumns:
        """The columns of a score, parallel to `score.notes`."""
        notes = score.notes
        parts = {part.id: i for i, part in enumerate(score.parts)}
        onset = np.array([float(n.onset_q) for n in notes], dtype=np.float64)
        onsets, group = np.unique(onset, return_inverse=True)
        return cls(
            onset_q=onset,
            duration_q=np.array([float(n.duration_q) for n in notes], dtype=np.float64),
            pitch=np.array([n.pitch for n in notes], dtype=np.int64),
            part=np.array([parts.get(n.part, 0) for n in notes], dtype=np.int64),
            staff=np.array([n.staff for n in notes], dtype=np.int64),
            voice=np.array([n.voice for n in notes], dtype=np.int64),
            grace=np.array([bool(n.grace) for n in notes], dtype=np.bool_),
            group=group.astype(np.int64).reshape(-1),
            onsets_q=onsets,
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """The metrical place of a row of score times.

    `bar` is the index of the bar, `place_q` the quarters since its full start: a pickup, however
    often it comes, and a bar that completes the short one before it end where a full bar ends.
    `weight` is 4 on the downbeat, 3 on the middle of an even bar, 2 on a beat, 1 on half a beat (a
    third of a compound one), 0 elsewhere.
    """

    bar: Ints
    place_q: Floats
    bar_q: Floats
    beat_q: Floats
    weight: Ints

    @classmethod
    def at(cls, score: Score, places_q: Floats) -> Grid:
        """The metrical places of `places_q`, same length."""
        bar_q, beat_q = _metres(score, places_q)
        starts, lengths = _bars(score, places_q)
        bar = np.clip(np.searchsorted(starts, places_q, side="right") - 1, 0, len(starts) - 1)
        place = places_q - starts[bar]
        upbeat = _upbeats(score, lengths)[bar] & (lengths[bar] < bar_q - SNAP_Q)
        follows = np.append(0.0, lengths[:-1])[bar] + lengths[bar] - bar_q
        upbeat |= (bar > 0) & (np.abs(follows) < SNAP_Q)
        place = np.where(upbeat, place + bar_q - lengths[bar], place)
        return cls(bar, place, bar_q, beat_q, _weights(place, bar_q, beat_q))


def _metres(score: Score, places_q: Floats) -> tuple[Floats, Floats]:
    starts = np.array([float(m.start_q) for m in score.metres] or [0.0])
    lengths = np.array(
        [(float(m.bar_quarters), float(m.beat_quarters)) for m in score.metres] or [NO_METRE]
    )
    row = lengths[np.clip(np.searchsorted(starts, places_q, side="right") - 1, 0, None)]
    return row[:, 0], row[:, 1]


def _bars(score: Score, places_q: Floats) -> tuple[Floats, Floats]:
    """Starts and lengths of the bars; even ones of the first metre where none are known."""
    if score.bars:
        pairs = [(float(b.start_q), float(b.length_q)) for b in score.bars]
    else:
        length = float(score.metres[0].bar_quarters) if score.metres else NO_METRE[0]
        count = int(places_q.max() // length) + 1 if len(places_q) else 1
        pairs = [(i * length, length) for i in range(count)]
    rows = np.array(pairs)
    return rows[:, 0], rows[:, 1]


def _upbeats(score: Score, lengths: Floats) -> Bools:
    """Which bars render the score's first: a pickup stays one when the music goes back to it."""
    if not score.bars:
        return np.asarray(np.arange(len(lengths)) == 0)
    return np.array([bar.id == score.bars[0].id for bar in score.bars], dtype=np.bool_)


def _weights(place: Floats, bar_q: Floats, beat_q: Floats) -> Ints:
    def on(period: Floats) -> Bools:
        rest = np.mod(place + SNAP_Q, period)
        return np.asarray(rest < 2 * SNAP_Q)

    beats = np.round(bar_q / beat_q)
    compound = np.isclose(np.mod(beat_q, 0.75), 0.0)
    below = np.where(compound, beat_q / 3, beat_q / 2)
    weight = np.where(on(below), 1, 0)
    weight = np.where(on(beat_q), 2, weight)
    weight = np.where((beats % 2 == 0) & (beats > 2) & on(bar_q / 2), 3, weight)
    return np.asarray(np.where(place < SNAP_Q, 4, weight), dtype=np.int64)
