"""When each felt beat of a sound comes: what a metronome clicks with.

In: the unfolded score, the steps of a rendition, and which bars of it sound. Out: a `Pulse`.

**Conventions.** Beats go with the playing, rubato and all: between two places that sound, score
time runs evenly. Before the first and after the last it runs as it does over the nearest beat.

**Knows nothing of** clicks, pages, plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import Bar, CursorStep, Metre, Pulse, Score, TempoCurve, bars_span

__all__ = ["pulse"]

Floats = npt.NDArray[np.float64]
_Beat = tuple[Fraction, bool]
_UNTOLD = 0.5
"""Seconds a quarter lasts where a single place sounds: MIDI's own default, 120 a minute."""


def pulse(score: Score, steps: tuple[CursorStep, ...], bars: tuple[str, str] | None) -> Pulse:
    """The beats of `bars` (None: of all) and of a whole bar's length before them."""
    start_q, end_q = bars_span(score, *bars) if bars else _whole(score)
    curve = _curve(score, steps, start_q)
    return Pulse(
        _timed(curve, _before(score, start_q)),
        _timed(curve, _beats(score, start_q, end_q)),
        _seconds(curve, start_q),
        _seconds(curve, end_q),
    )


def _whole(score: Score) -> tuple[Fraction, Fraction]:
    return (score.bars[0].start_q if score.bars else Fraction(0)), score.end_q


def _curve(score: Score, steps: tuple[CursorStep, ...], start_q: Fraction) -> TempoCurve:
    """Score time → seconds through every step, with steady ends."""
    onsets = {note.id: note.onset_q for note in score.notes}
    places = [(onsets[s.note_id], s.time_s) for s in steps if s.note_id in onsets]
    rising = [places[i] for i in range(len(places)) if i == 0 or places[i][0] > places[i - 1][0]]
    if len(rising) < 2:
        q, time_s = rising[0] if rising else (start_q, 0.0)
        return TempoCurve([float(q)], [_UNTOLD], time_s)
    q_, s_ = (np.array(column, dtype=np.float64) for column in zip(*rising, strict=True))
    opening, closing = _slope(q_, s_), _slope(q_[::-1], s_[::-1])
    slopes = np.concatenate([[opening], np.diff(s_) / np.diff(q_), [closing]])
    return TempoCurve([q_[0] - 1.0, *q_], slopes, float(s_[0] - opening))


def _slope(q: Floats, s: Floats) -> float:
    """Seconds per quarter from the first place to one a quarter away, or to the last there is."""
    far = np.flatnonzero(np.abs(q - q[0]) >= 1.0)
    j = int(far[0]) if len(far) else len(q) - 1
    return float((s[j] - s[0]) / (q[j] - q[0]))


def _seconds(curve: TempoCurve, q: Fraction) -> float:
    return round(float(curve.seconds(float(q))), 4)


def _timed(curve: TempoCurve, beats: Iterator[_Beat]) -> tuple[tuple[float, bool], ...]:
    return tuple((_seconds(curve, q), strong) for q, strong in beats)


def _metre(score: Score, at_q: Fraction) -> Metre:
    """The metre that holds at a place; where none is written, a beat a quarter."""
    holding = [metre for metre in score.metres if metre.start_q <= at_q]
    return holding[-1] if holding else Metre(at_q, Fraction(4), Fraction(1), "")


def _begin(score: Score, bar: Bar) -> Fraction:
    """Where a bar's beats are counted from: an upbeat at the start is the end of a whole bar."""
    if bar.start_q > score.bars[0].start_q:
        return bar.start_q
    return bar.start_q + bar.length_q - max(bar.length_q, _metre(score, bar.start_q).bar_quarters)


def _before(score: Score, start_q: Fraction) -> Iterator[_Beat]:
    """The beats of the length of a bar before a place."""
    metre = _metre(score, start_q)
    here = [bar for bar in score.bars if bar.start_q <= start_q]
    begin = _begin(score, here[-1]) if here else start_q
    q = begin - metre.bar_quarters
    while q < start_q:
        if q >= start_q - metre.bar_quarters:
            yield q, (begin - q) % metre.bar_quarters == 0
        q += metre.beat_quarters


def _beats(score: Score, from_q: Fraction, to_q: Fraction) -> Iterator[_Beat]:
    """Every felt beat in [from_q, to_q), and whether a bar begins with it."""
    for bar in score.bars:
        begin = q = _begin(score, bar)
        while q < bar.start_q + bar.length_q:
            if max(from_q, bar.start_q) <= q < to_q:
                yield q, q == begin
            q += _metre(score, bar.start_q).beat_quarters
