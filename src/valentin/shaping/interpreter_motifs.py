"""What comes again: motifs of a voice, the way a sequence climbs, and the peak of a phrase.

In: a sight. Out: named columns, one value a note or one a score-onset group.

**Conventions.** A motif is a row of steps of one written voice, each with the ratio of the two
lengths; steps are told apart by direction and size (repeated, second, third, up to a fifth, wider),
so that a tonal answer and a sequence are the same motif. Counts are log2, distances bounded.

**Knows nothing of** velocities, performers.

**Reference.** D. Temperley, "The Cognition of Basic Musical Structures" (2001), ch. 3, on
parallelism; what is thematic is brought out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from valentin.music import NoteColumns
from valentin.shaping.interpreter_scene import Sight

__all__ = ["motif_columns", "sequence_columns"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LENGTHS = (4, 8)
"""Steps of a motif, and of a theme."""

SIZES = np.array([0, 1, 1, 2, 2, 3, 3, 3], dtype=np.int64)
"""Size of a step by semitones; wider: 4."""

KINDS = 9 * 17
"""Different steps: nine of pitch, seventeen of length."""

FAR_BARS = 64.0
"""Bars beyond which an earlier motif is as far as any."""


def motif_columns(sight: Sight) -> Iterator[tuple[str, Floats]]:
    """Of each note: how often its motif and its theme come, when last, and how far from there."""
    notes = sight.notes
    heads, event = _events(notes)
    place = sight.grid.bar[notes.group[heads]].astype(np.float64)
    for name, size in zip(("motif", "theme"), LENGTHS, strict=True):
        words, known = _words(notes, heads, size)
        count, before = _counted(words, known, notes.onset_q[heads])
        yield f"{name}_count", _covered(count, size)[event]
        yield f"{name}_begins", count[event]
        told = np.clip(before, 0, None)
        shift = np.clip(notes.pitch[heads] - notes.pitch[heads[told]], -24, 24)
        yield f"{name}_shift", np.where(before >= 0, shift, 0.0)[event]
        ago = np.log2(1.0 + np.clip(place - place[told], 0.0, FAR_BARS))
        yield f"{name}_ago", np.where(before >= 0, ago, 8.0)[event]


def sequence_columns(sight: Sight) -> Iterator[tuple[str, Floats]]:
    """Of each group: how its bar lies to the bars around, and where the phrase has its peak."""
    notes, bar = sight.notes, sight.grid.bar[sight.notes.group]
    count = np.bincount(bar, minlength=int(bar.max()) + 1)
    total = np.bincount(bar, notes.pitch.astype(np.float64), len(count))
    mean = np.where(count > 0, total / np.maximum(count, 1), float(np.mean(notes.pitch)))
    top = np.zeros(len(count))
    np.maximum.at(top, bar, notes.pitch)
    here = sight.grid.bar
    for name, column in (("bar_pitch", mean), ("bar_top", top)):
        for step in (-2, -1, 1, 2):
            at = np.clip(np.arange(len(column)) + step, 0, len(column) - 1)
            yield f"{name}{step:+d}", np.clip(column[at] - column, -24, 24)[here]
    for level, phrase in enumerate(sight.phrases):
        row = np.cumsum(phrase.first > 0) - 1
        yield from _peak(sight, np.clip(row, 0, None), level)


def _peak(sight: Sight, row: Ints, level: int) -> Iterator[tuple[str, Floats]]:
    """Bars to the highest note of the tune in its phrase, and how far below it."""
    onsets, known = sight.notes.onsets_q, np.clip(sight.tune, 0, None)
    pitch = np.where(sight.tune >= 0, sight.notes.pitch[known], 0).astype(np.float64)
    order = np.lexsort((-np.arange(len(row)), pitch, row))
    last = np.append(np.diff(row[order]) != 0, True)
    peak = order[last][row - row.min()] if len(row) else row
    bars = (onsets - onsets[peak]) / sight.grid.bar_q
    yield f"peak_bars_{level}", np.clip(bars, -8.0, 8.0)
    yield f"peak_below_{level}", np.clip(pitch[peak] - pitch, 0.0, 36.0)


def _events(notes: NoteColumns) -> tuple[Ints, Ints]:
    """The highest note of each stroke of each voice, in order, and the stroke of each note."""
    key = (notes.part * 8 + notes.staff) * 64 + notes.voice
    order = np.lexsort((-notes.pitch, notes.grace, notes.onset_q, key))
    k, q = key[order], notes.onset_q[order]
    new = np.concatenate([[True], (k[1:] != k[:-1]) | (q[1:] > q[:-1] + 1e-9)])
    event = np.empty(len(order), dtype=np.int64)
    event[order] = np.cumsum(new) - 1
    return order[new], event


def _words(notes: NoteColumns, heads: Ints, size: int) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """For each stroke the motif that begins there, as one number, and whether there is one."""
    pitch, length = notes.pitch[heads], np.maximum(notes.duration_q[heads], 1 / 32)
    key = ((notes.part * 8 + notes.staff) * 64 + notes.voice)[heads]
    step = np.diff(pitch, append=pitch[-1])
    wide = np.where(np.abs(step) < len(SIZES), SIZES[np.clip(np.abs(step), 0, 7)], 4)
    ratio = np.log2(np.append(length[1:], length[-1]) / length)
    one = (np.sign(step) * wide + 4) * 17 + np.clip(np.round(2 * ratio), -8, 8).astype(np.int64) + 8
    words = np.zeros(len(heads), dtype=np.uint64)
    at = np.arange(len(heads))
    for k in range(size):
        words = words * np.uint64(KINDS) + one[np.clip(at + k, 0, len(at) - 1)].astype(np.uint64)
    end = at + size
    return words.astype(np.int64), (end < len(at)) & (key[np.clip(end, 0, len(at) - 1)] == key)


def _counted(words: Ints, known: npt.NDArray[np.bool_], onset_q: Floats) -> tuple[Floats, Ints]:
    """log2 of how often each motif comes (0: once or never), and where it came last (−1: none)."""
    count, before = np.zeros(len(words)), np.full(len(words), -1)
    rows = np.flatnonzero(known)
    if not len(rows):
        return count, before
    _, kind, often = np.unique(words[rows], return_inverse=True, return_counts=True)
    count[rows] = np.log2(often[kind])
    order = rows[np.lexsort((onset_q[rows], kind))]
    same = words[order][1:] == words[order][:-1]
    before[order[1:]] = np.where(same, order[:-1], -1)
    return count, before


def _covered(count: Floats, size: int) -> Floats:
    """The most frequent motif that a stroke belongs to."""
    out = count.copy()
    for k in range(1, size + 1):
        out[k:] = np.maximum(out[k:], count[:-k])
    return out
