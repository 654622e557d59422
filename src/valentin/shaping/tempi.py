"""The written tempo: a score's tempo marks and words → a speed at every onset.

In: a score and its onsets. Out: seconds per quarter as marked, stepwise; and how far a written
rit. or accel. has gone at each onset. Where a tempo word has no number and the file's own playback
has one, that number is the word's.

**Conventions.** Ramps run 0..1 from the word to its end: where the tempo comes back or another is
named, at the latest after `RAMP_BARS` bars.

**Knows nothing of** phrases, performers.

**Reference.** See `words` for the terms. Where a score names no tempo, its speed is guessed from
its metre and how dense its notes are (`bench/rules.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import Grid, Mark, NoteColumns, Score
from valentin.shaping.words import Change, beats_per_minute, change_of_tempo, returns

__all__ = ["WrittenTempo", "written_tempo"]

Floats = npt.NDArray[np.float64]

RAMP_BARS = 4.0
"""Bars after which a rit. or an accel. that nothing revokes has ended."""

GUESS_NOTES_PER_S = 5.5
"""Onsets a second in music without a tempo mark: the median of train, `bench/rules.py`."""

GUESS_RANGE_BPM = (44.0, 160.0)
"""Beats per minute between which a guess stays."""


@dataclass(frozen=True, slots=True)
class WrittenTempo:
    """Per onset: marked seconds per quarter, and the progress of gradual changes."""

    seconds_per_quarter: Floats
    slowing: Floats
    hurrying: Floats


def written_tempo(score: Score, notes: NoteColumns) -> WrittenTempo:
    """The tempo as written at each distinct onset of the score."""
    onsets = notes.onsets_q
    grid = Grid.at(score, onsets)
    marks = sorted(
        (m for m in score.marks if m.kind in {"tempo", "words", "playback-tempo"}),
        key=lambda m: m.start_q,
    )
    hinted = {m.start_q for m in marks if m.kind == "playback-tempo" and m.value}
    first = _guess(notes, float(grid.beat_q[0]) if len(onsets) else 1.0)
    qpm = np.full(len(onsets), first)
    slowing, hurrying = np.zeros(len(onsets)), np.zeros(len(onsets))
    now = primo = first
    for i, mark in enumerate(marks):
        if mark.kind == "tempo" and not mark.value and mark.start_q in hinted:
            continue
        at = int(np.searchsorted(onsets, float(mark.start_q) - 1e-6))
        beat = float(Grid.at(score, np.array([float(mark.start_q)])).beat_q[0])
        named = _named(mark, marks, beat)
        change = change_of_tempo(mark.text)
        if named is not None:
            primo = named if now == first and primo == first else primo
            now = named
        elif returns(mark.text):
            now = primo
        elif change is not None and change.gradual:
            ramp = slowing if change.ratio < 1 else hurrying
            _ramp(ramp, onsets, mark.start_q, _until(score, marks[i:], mark))
            continue
        elif change is not None:
            now *= change.ratio
        else:
            continue
        qpm[at:] = now
    return WrittenTempo(60.0 / qpm, slowing, hurrying)


def _guess(notes: NoteColumns, beat_q: float) -> float:
    """Quarters per minute of a score that does not say."""
    onsets = notes.onsets_q
    if len(onsets) < 2:
        return 90.0 * beat_q
    per_quarter = len(onsets) / max(float(onsets[-1] - onsets[0]), 1.0)
    low, high = GUESS_RANGE_BPM
    return float(np.clip(60.0 * GUESS_NOTES_PER_S / per_quarter, low * beat_q, high * beat_q))


def _named(mark: Mark, marks: list[Mark], beat_q: float) -> float | None:
    """Quarters per minute that a mark names; a metronome mark at the same place wins."""
    if mark.kind == "words":
        return None
    if mark.value is not None and mark.value > 0:
        return mark.value
    if any(m.value and m.start_q == mark.start_q for m in marks):
        return None
    bpm = beats_per_minute(mark.text)
    return None if bpm is None else bpm * beat_q


def _until(score: Score, marks: list[Mark], mark: Mark) -> Fraction:
    """Where a gradual change ends."""
    if mark.end_q > mark.start_q:
        return mark.end_q
    bar = Grid.at(score, np.array([float(mark.start_q)])).bar_q[0]
    end = min(mark.start_q + Fraction(RAMP_BARS * bar).limit_denominator(64), score.end_q)
    for other in marks:
        if other.start_q > mark.start_q and _speaks_of_tempo(other):
            return min(end, other.start_q)
    return end


def _speaks_of_tempo(mark: Mark) -> bool:
    named = mark.kind != "words" and (mark.value or beats_per_minute(mark.text))
    return bool(named or returns(mark.text) or isinstance(change_of_tempo(mark.text), Change))


def _ramp(column: Floats, onsets: Floats, start_q: Fraction, end_q: Fraction) -> None:
    a, b = float(start_q), float(end_q)
    inside = (onsets >= a - 1e-6) & (onsets < b - 1e-6)
    column[inside] = np.maximum(column[inside], (onsets[inside] - a) / max(b - a, 1e-6) * 0.8 + 0.2)
