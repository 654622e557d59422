"""How much each onset looks like the beginning of something new: score → strength per group.

In: a score, its columns, its melody and its chords. Out: 0 and up for each score-onset group,
about 1 where several signs agree.

**Conventions.** A boundary at a group means that a phrase begins there.

**Knows nothing of** how boundaries become phrases, performers.

**Reference.** Cambouropoulos, E. (2001), *The local boundary detection model*, ICMC: change of
interval, of time between onsets, and rests. Temperley, D. (2001), *The Cognition of Basic Musical
Structures*, MIT Press, ch. 3: gaps, metrical parallelism. Slurs, fermatas, cadences and changes of
key or metre are ours to add, since the score has them. Shares: `bench/rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import Grid, NoteColumns, Score
from valentin.studying.harmony import ChordRow

__all__ = ["boundary_strength"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LBDM_SHARES = (0.25, 0.5, 0.25)
"""Pitch, onset time, rest: the weights of Cambouropoulos (2001)."""

SHARES = {
    "lbdm": 1.0,
    "slur": 0.5,
    "silence": 0.7,
    "halt": 1.2,
    "cadence": 0.4,
    "parallel": 0.5,
    "downbeat": 0.15,
}
"""What each sign adds."""


def boundary_strength(
    score: Score, notes: NoteColumns, melody: list[int], chords: ChordRow
) -> Floats:
    """Strength of a beginning at each score-onset group."""
    if len(notes.onsets_q) == 0:
        return np.zeros(0)
    grid = Grid.at(score, notes.onsets_q)
    return np.asarray(
        SHARES["lbdm"] * _lbdm(notes, melody)
        + SHARES["slur"] * _slurs(score, notes)
        + SHARES["silence"] * _silence(notes)
        + SHARES["halt"] * _halts(score, notes)
        + SHARES["cadence"] * _cadences(notes, chords)
        + SHARES["parallel"] * _parallels(score, notes, melody, grid)
        + SHARES["downbeat"] * (grid.weight == 4)
    )


def _lbdm(notes: NoteColumns, melody: list[int]) -> Floats:
    """Local boundary detection on the melody, 0..1, at the group after the boundary."""
    out = np.zeros(len(notes.onsets_q))
    if len(melody) < 4:
        return out
    i = np.array(melody)
    pitch = np.abs(np.diff(notes.pitch[i])).astype(np.float64) + 1.0
    wait = np.diff(notes.onset_q[i])
    rest = np.maximum(notes.onset_q[i][1:] - (notes.onset_q[i] + notes.duration_q[i])[:-1], 0.0)
    total = sum(
        share * _change(profile)
        for share, profile in zip(LBDM_SHARES, (pitch, wait, rest + 1e-3), strict=True)
    )
    out[notes.group[i[1:]]] = np.asarray(total)
    return out


def _change(x: Floats) -> Floats:
    """Size × relative change to both neighbours, scaled to its own 95th percentile."""
    r = np.abs(np.diff(x)) / np.maximum(x[1:] + x[:-1], 1e-9)
    strength = x * (np.concatenate([[0.0], r]) + np.concatenate([r, [0.0]]))
    scale = float(np.percentile(strength, 95))
    return np.asarray(np.clip(strength / max(scale, 1e-9), 0.0, 1.0))


def _at(notes: NoteColumns, places: Iterable[Fraction | float]) -> Ints:
    """The first group at or after each place, those past the end left out."""
    q = np.array([float(p) for p in places], dtype=np.float64)
    index = np.searchsorted(notes.onsets_q, q - 1e-6)
    return np.asarray(index[index < len(notes.onsets_q)])


def _slurs(score: Score, notes: NoteColumns) -> Floats:
    """A slur of three notes or more begins; half as much where one has just ended."""
    out = np.zeros(len(notes.onsets_q))
    slurs = [m for m in score.marks if m.kind == "slur" and m.end_q > m.start_q]
    begin, end = (
        np.searchsorted(notes.onsets_q, np.array([float(q) for q in places]) - 1e-6)
        for places in ([m.start_q for m in slurs], [m.end_q for m in slurs])
    )
    out[end[end + 1 < len(out)] + 1] += 0.5
    out[begin[(end - begin >= 2) & (begin < len(out))]] += 0.5
    return np.clip(out, 0.0, 1.0)


def _silence(notes: NoteColumns) -> Floats:
    """Nothing at all sounds before this group."""
    out = np.zeros(len(notes.onsets_q))
    reach = np.zeros(len(out))
    np.maximum.at(reach, notes.group, notes.onset_q + notes.duration_q)
    reach = np.maximum.accumulate(reach)
    out[1:] = np.clip((notes.onsets_q[1:] - reach[:-1]) / 0.5, 0.0, 1.0)
    return out


def _halts(score: Score, notes: NoteColumns) -> Floats:
    """A fermata or a breath before; a new key, metre, tempo or section here."""
    out = np.zeros(len(notes.onsets_q))
    halts = _at(notes, (m.start_q for m in score.marks if m.kind in {"fermata", "breath"}))
    out[halts[halts + 1 < len(out)] + 1] = 1.0
    new = [
        *(key.start_q for key in score.keys[1:]),
        *(metre.start_q for metre in score.metres[1:]),
        *(section.start_q for section in score.sections[1:]),
    ]
    out[_at(notes, new)] = 1.0
    out[0] = 1.0
    return out


def _cadences(notes: NoteColumns, chords: ChordRow) -> Floats:
    """The onset after the resolution of a cadence; half for a half cadence."""
    out = np.zeros(len(notes.onsets_q))
    worth = {"authentic": 1.0, "plagal": 0.5, "half": 0.5, "deceptive": 0.3, "": 0.0}
    for chord in chords.chords:
        at = _at(notes, [chord.end_q])
        out[at] = np.maximum(out[at], worth[chord.cadence])
    return out


def _parallels(score: Score, notes: NoteColumns, melody: list[int], grid: Grid) -> Floats:
    """The bar in which a passage begins that was heard before, and the bar where it was first."""
    out = np.zeros(len(notes.onsets_q))
    bars = _bar_words(notes, melody, grid)
    heard: dict[tuple[object, ...], int] = {}
    repeats = np.full(len(bars) + 1, -1)
    for b in range(len(bars) - 1):
        words = (bars[b], bars[b + 1])
        if all(words):
            repeats[b] = heard.setdefault(words, b)
    starts = set()
    for b in range(len(bars) - 1):
        source = repeats[b]
        if source not in {-1, b} and (b == 0 or repeats[b - 1] != source - 1):
            starts |= {b, int(source)}
    first = np.searchsorted(grid.bar, sorted(starts))
    out[first[first < len(out)]] = 1.0
    return out


def _bar_words(notes: NoteColumns, melody: list[int], grid: Grid) -> list[tuple[object, ...]]:
    """What the melody does in each bar: places and contour, so that a sequence is a repetition."""
    count = int(grid.bar.max()) + 1
    words: list[list[tuple[float, int]]] = [[] for _ in range(count)]
    last = -1
    for i in melody:
        g = int(notes.group[i])
        step = 0 if last < 0 else int(np.sign(notes.pitch[i] - notes.pitch[last]))
        bar = words[int(grid.bar[g])]
        bar.append((round(float(grid.place_q[g]), 4), step if bar else 0))
        last = i
    return [tuple(w) for w in words]
