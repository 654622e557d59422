"""Name the chords: Score → a row of Harmony, and the local key of each.

In: a score and its note columns. Out: chords in time order, each as long as its name holds, with
the cadence that it completes; the key index of each (see `keys`).

**Conventions.** Roots and basses are pitch classes 0..11, root −1 where nothing sounds. Chords
change on beats only.

**Knows nothing of** performers, phrases (a cadence here is a progression into a strong beat).

**Reference.** Pardo, B. & Birmingham, W. (2002), *Algorithms for chordal analysis*, Computer Music
Journal 26(2): templates against what sounds. Raphael, C. & Stoddard, J. (2004), *Functional
harmonic analysis using probabilistic models*, CMJ 28(3): a chain over beats with the key as
context. Ours scores templates by sounding time and searches with Viterbi, key first.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from valentin.music import Grid, Harmony, NoteColumns, Score
from valentin.studying.keys import keys_of, viterbi

__all__ = ["ChordRow", "harmony_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Cadence = Literal["", "authentic", "half", "plagal", "deceptive"]

QUALITIES: dict[str, tuple[int, ...]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "dominant-seventh": (0, 4, 7, 10),
    "major-seventh": (0, 4, 7, 11),
    "minor-seventh": (0, 3, 7, 10),
    "diminished": (0, 3, 6),
    "half-diminished": (0, 3, 6, 10),
    "diminished-seventh": (0, 3, 6, 9),
    "augmented": (0, 4, 8),
}
"""Chord tones above the root."""

RARITY = np.array([0.0, 0.0, 0.05, 0.12, 0.08, 0.1, 0.1, 0.06, 0.16])
"""Points against each quality, so that a triad is not called a seventh for one passing note."""

BASS_POINTS = 0.25
"""Points when the root is in the bass."""

OUTSIDE_COST = 1.0
"""Points for sounding time that is not in the chord, against 1 for time that is."""

DIATONIC_POINTS = 0.12
"""Points for a chord made of the key's own notes."""

CHANGE_COST = 0.35
"""Points for a new chord on a downbeat; half as much again on a weak beat."""

STRUCK = 1.5
"""How much more a note counts in the beat on which it is struck."""

SNAP_Q = 1e-6
"""Quarters within which a place counts as on the beat."""

MAX_BEATS = 200_000
"""Beats analysed; a longer grid (a broken time signature) is cut here."""

MAJOR_SCALE = {0, 2, 4, 5, 7, 9, 11}
MINOR_SCALE = {0, 2, 3, 5, 7, 8, 10, 11}  # with the leading note


@dataclass(frozen=True, slots=True)
class ChordRow:
    """Chords and, parallel, the key in which each is heard (0..11 major, 12..23 minor)."""

    chords: tuple[Harmony, ...]
    keys: tuple[int, ...]


def harmony_of(score: Score, notes: NoteColumns) -> ChordRow:
    """The chords of a score; one unknown chord where it has no notes."""
    beats = _beats(score)
    if len(notes.pitch) == 0 or len(beats) < 2:
        return ChordRow((), ())
    profile, bass = _profiles(notes, beats)
    keys = keys_of(profile, _fifths(score, beats[:-1]))
    points = _points(profile, bass, keys)
    weight = Grid.at(score, beats[:-1]).weight
    path = viterbi(points, np.where(weight >= 3, CHANGE_COST, CHANGE_COST * 1.5))
    path = np.where(profile.sum(axis=1) > 0, path, -1)
    return _rows(beats, path, bass, keys)


def _beats(score: Score) -> Floats:
    """Beat places from the first bar to the end, the end included."""
    end = float(score.end_q)
    metres = [(float(m.start_q), float(m.beat_quarters)) for m in score.metres] or [(0.0, 1.0)]
    bars = [float(b.start_q) for b in score.bars] or [0.0]
    edges = sorted({*bars, end})
    starts = np.array([m[0] for m in metres])
    places: list[float] = []
    for a, b in itertools.pairwise(edges):
        beat = metres[max(0, int(np.searchsorted(starts, a, side="right")) - 1)][1]
        count = max(1, int(np.ceil((b - a) / beat - 1e-6)))
        places += [a + i * beat for i in range(min(count, MAX_BEATS))]
        if len(places) > MAX_BEATS:
            break
    return np.array([*places, end])


def _profiles(notes: NoteColumns, beats: Floats) -> tuple[Floats, Ints]:
    """Sounding time of each pitch class in each beat, and the lowest pitch class of each beat."""
    rows = [[0.0] * 12 for _ in beats[1:]]
    lowest = [999] * len(rows)
    first = np.searchsorted(beats, notes.onset_q, side="right") - 1
    end_q = notes.onset_q + notes.duration_q
    place, first_beat, pitches = beats.tolist(), first.tolist(), notes.pitch.tolist()
    starts, ends = notes.onset_q.tolist(), end_q.tolist()
    for i in np.flatnonzero(notes.duration_q > 0).tolist():
        b, pitch, start, end = max(first_beat[i], 0), pitches[i], starts[i], ends[i]
        while b < len(lowest) and place[b] < end - SNAP_Q:
            inside = min(end, place[b + 1]) - max(start, place[b])
            rows[b][pitch % 12] += inside * (STRUCK if start <= place[b] + SNAP_Q else 1.0)
            lowest[b] = min(lowest[b], pitch)
            b += 1
    profile, low = np.array(rows), np.array(lowest)
    return profile, np.where(low < 999, low % 12, -1).astype(np.int64)


def _fifths(score: Score, places: Floats) -> Ints:
    starts = np.array([float(k.start_q) for k in score.keys] or [0.0])
    fifths = np.array([k.fifths for k in score.keys] or [0])
    return np.asarray(fifths[np.clip(np.searchsorted(starts, places, side="right") - 1, 0, None)])


def _points(profile: Floats, bass: Ints, keys: Ints) -> Floats:
    """How well each of 12 roots × qualities explains each beat; state = quality · 12 + root."""
    total = profile.sum(axis=1, keepdims=True)
    share = profile / np.where(total > 0, total, 1.0)
    masks = np.zeros((len(QUALITIES) * 12, 12))
    for q, tones in enumerate(QUALITIES.values()):
        for root in range(12):
            masks[q * 12 + root, [(root + t) % 12 for t in tones]] = 1.0
    inside = share @ masks.T
    present = (share > 0.02).astype(np.float64) @ masks.T
    sizes = masks.sum(axis=1)
    points = inside - OUTSIDE_COST * (1 - inside) + 0.4 * present / sizes
    points = points - np.repeat(RARITY, 12)
    roots = np.tile(np.arange(12), len(QUALITIES))
    points = points + BASS_POINTS * (bass[:, None] == roots[None, :])
    points = points + DIATONIC_POINTS * _diatonic(masks)[keys]
    return np.asarray(np.where(total > 0, points, 0.0))


def _diatonic(masks: Floats) -> Floats:
    """keys × states: 1 where all chord tones belong to the key."""
    rows = []
    for key in range(24):
        scale = MAJOR_SCALE if key < 12 else MINOR_SCALE
        inside = np.array([((c - key) % 12) in scale for c in range(12)])
        rows.append((masks[:, ~inside].sum(axis=1) == 0).astype(np.float64))
    return np.array(rows)


def _rows(beats: Floats, path: Ints, bass: Ints, keys: Ints) -> ChordRow:
    names = list(QUALITIES)
    cuts = [0, *(np.flatnonzero((np.diff(path) != 0) | (np.diff(keys) != 0)) + 1), len(path)]
    chords: list[Harmony] = []
    row_keys: list[int] = []
    for a, b in itertools.pairwise(cuts):
        known = int(path[a]) >= 0
        root = int(path[a]) % 12 if known else -1
        quality = names[int(path[a]) // 12] if known else ""
        cadence = _cadence(chords, row_keys, root, quality, int(bass[a]), int(keys[a]))
        start, end = Fraction(beats[a]), Fraction(beats[b])
        chords.append(Harmony(_exact(start), _exact(end), root, int(bass[a]), quality, cadence))
        row_keys.append(int(keys[a]))
    return ChordRow(tuple(chords), tuple(row_keys))


def _exact(place: Fraction) -> Fraction:
    return place.limit_denominator(20160)


def _cadence(
    chords: list[Harmony], keys: list[int], root: int, quality: str, bass: int, key: int
) -> Cadence:
    """The progression from the chord before into this one, in this one's key."""
    if not chords or chords[-1].root < 0 or root < 0 or keys[-1] != key:
        return ""
    before, degree = (chords[-1].root - key) % 12, (root - key) % 12
    dominant = before == 7 and chords[-1].quality in {"major", "dominant-seventh"}
    if dominant and degree == 0 and bass == root:
        return "authentic"
    if dominant and degree in {8, 9}:
        return "deceptive"
    if before == 5 and degree == 0 and bass == root:
        return "plagal"
    if degree == 7 and quality == "major" and bass == root:
        return "half"
    return ""
