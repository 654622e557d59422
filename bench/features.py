"""The five features in which renderings are compared, note by note, as `measures.md` defines them.

In: an unfolded score, and which performed note renders which score note. Out: columns parallel to
the score's notes, beats or onset groups, NaN where nothing was played.

**Conventions.** vel: velocity. beat: log2 beat period at beats (onset groups averaged, monotone,
interpolated). IOI: log2(performed / notated) between onset groups that are in order. art:
log2(key-held time / (notated duration × local beat period)). asyn: onset − mean onset of its chord,
chords only. Grace notes count in asyn alone.

**Knows nothing of** who played.

**Reference** (melody lead and asynchrony). W. Goebl, "Melody lead in piano performance", Journal of
the Acoustical Society of America 110 (2001).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from valentin.music import PerformedNote, Score

__all__ = ["FEATURES", "Features", "Sheet", "features_of", "pearson", "sd_ratio"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLIP_S = 0.05
"""Bound of the clipped asynchrony, from the definition."""
ENDS = (2, 8)
"""Beats left out at both ends in `beat_inner`, from the definition."""
ARC_BARS = 4
"""Bars over which the beat curve is smoothed for the arcs: the usual length of a phrase."""
FEW = 8
"""Fewest common values from which a correlation is taken."""
FLAT = 1e-9
"""Standard deviation below which a column is constant but for rounding."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the score fixes: one row a note, one a group, one a beat."""

    rows: dict[str, int]
    onset_q: Floats
    duration_q: Floats
    grace: npt.NDArray[np.bool_]
    group: Ints
    groups_q: Floats
    beats_q: Floats
    arc_beats: int

    @classmethod
    def of(cls, score: Score) -> Sheet:
        """The columns of an unfolded score."""
        onset = np.array([float(n.onset_q) for n in score.notes])
        groups, group = np.unique(onset, return_inverse=True)
        beats, per_bar = _beats(score)
        return cls(
            {n.id: i for i, n in enumerate(score.notes)},
            onset,
            np.array([float(n.duration_q) for n in score.notes]),
            np.array([bool(n.grace) for n in score.notes]),
            group.reshape(-1),
            groups,
            beats,
            max(3, round(ARC_BARS * per_bar)),
        )


@dataclass(frozen=True, slots=True)
class Features:
    """The columns of one rendering; `asyn_plain` and `beat_inner` are the stricter variants."""

    vel: Floats
    beat: Floats
    ioi: Floats
    art: Floats
    asyn: Floats
    beat_inner: Floats
    asyn_plain: Floats
    beat_arc: Floats
    beat_rest: Floats


FEATURES = tuple(field.name for field in fields(Features))


def features_of(sheet: Sheet, heard: Mapping[str, PerformedNote]) -> Features:
    """The features of a rendering; `heard` gives the performed note of each score id."""
    count = len(sheet.onset_q)
    onset, held, vel = (np.full(count, np.nan) for _ in range(3))
    for name, note in heard.items():
        i = sheet.rows.get(name, -1)
        if i >= 0:
            onset[i], held[i] = note.onset_s, note.offset_s - note.onset_s
            vel[i] = note.velocity
    time = _group_means(sheet, np.where(sheet.grace, np.nan, onset))
    curve = _Curve.through(sheet.groups_q, time)
    beat = np.log2(np.diff(curve.at(sheet.beats_q)) / np.diff(sheet.beats_q))
    inner = beat.copy()
    inner[: ENDS[0]] = np.nan
    inner[max(0, len(inner) - ENDS[1]) :] = np.nan
    arc = _smoothed(beat, sheet.arc_beats)
    asyn = _asynchrony(sheet, onset)
    plain = np.clip(_asynchrony(sheet, np.where(sheet.grace, np.nan, onset)), -CLIP_S, CLIP_S)
    return Features(
        vel,
        beat,
        _intervals(sheet, curve),
        _articulation(sheet, held, beat),
        asyn,
        inner,
        plain,
        arc,
        beat - arc,
    )


def pearson(a: Floats, b: Floats) -> float:
    """Pearson's r where both are known, NaN where these places are few; a constant has r = 0."""
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < FEW:
        return float("nan")
    if a.std() < FLAT or b.std() < FLAT:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def sd_ratio(rendering: Floats, humans: list[Floats]) -> float:
    """SD of a rendering over the mean SD of the humans, all over what is known of each."""
    spread = [float(np.nanstd(h)) for h in humans]
    return float(np.nanstd(rendering) / np.mean(spread)) if np.mean(spread) > 0 else float("nan")


class _Curve(NamedTuple):
    """Onset times as a rising function of score time."""

    q: Floats
    s: Floats

    @classmethod
    def through(cls, groups_q: Floats, time: Floats) -> _Curve:
        """Only groups later than all before them."""
        known = np.flatnonzero(np.isfinite(time))
        before = np.concatenate([[-np.inf], np.maximum.accumulate(time[known])[:-1]])
        known = known[time[known] > before]
        return cls(groups_q[known], time[known])

    def at(self, q: Floats) -> Floats:
        """Times between the first and the last known group, NaN outside."""
        return np.asarray(np.interp(q, self.q, self.s, left=np.nan, right=np.nan))


def _beats(score: Score) -> tuple[Floats, float]:
    """All beats of all bars, and the mean number of them in a bar."""
    beats: list[float] = []
    metre = 0
    for bar in score.bars:
        while metre + 1 < len(score.metres) and score.metres[metre + 1].start_q <= bar.start_q:
            metre += 1
        beat = score.metres[metre].beat_quarters if score.metres else 1
        short = bar.start_q == 0 and score.metres and bar.length_q < score.metres[0].bar_quarters
        at = bar.start_q + (bar.length_q % beat if short else 0)
        while at < bar.start_q + bar.length_q:
            beats.append(float(at))
            at += beat
    return np.unique(beats), len(beats) / max(1, len(score.bars))


def _group_means(sheet: Sheet, onset: Floats) -> Floats:
    known = np.isfinite(onset)
    size = len(sheet.groups_q)
    n = np.bincount(sheet.group[known], minlength=size)
    total = np.bincount(sheet.group[known], onset[known], size)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _intervals(sheet: Sheet, curve: _Curve) -> Floats:
    """One value a group, to the next group of the rising curve."""
    out = np.full(len(sheet.groups_q), np.nan)
    here = np.searchsorted(sheet.groups_q, curve.q[:-1])
    out[here] = np.log2(np.diff(curve.s) / np.diff(curve.q))
    return out


def _articulation(sheet: Sheet, held: Floats, beat: Floats) -> Floats:
    at = np.searchsorted(sheet.beats_q, sheet.onset_q, side="right") - 1
    local = beat[np.clip(at, 0, max(0, len(beat) - 1))]
    nominal = sheet.duration_q * 2.0**local
    known = (held > 0) & (nominal > 0)
    ratio = np.divide(held, nominal, out=np.full(len(held), np.nan), where=known)
    return np.asarray(np.log2(ratio))


def _asynchrony(sheet: Sheet, onset: Floats) -> Floats:
    known = np.isfinite(onset)
    size = np.bincount(sheet.group[known], minlength=len(sheet.groups_q))
    away = onset - _group_means(sheet, onset)[sheet.group]
    return np.where(size[sheet.group] > 1, away, np.nan)


def _smoothed(values: Floats, width: int) -> Floats:
    """Moving mean over `width` places, of what is known there."""
    known = np.isfinite(values)
    box = np.ones(width)
    total = np.convolve(np.where(known, values, 0.0), box, mode="same")
    n = np.convolve(known.astype(np.float64), box, mode="same")
    n, total = n[: len(values)], total[: len(values)]
    return np.where(known, total / np.maximum(n, 1), np.nan)
