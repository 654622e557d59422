"""What the interpreter sees at each score onset: metre, texture, marks, harmony, phrase, return.

In: a sight. Out: named columns, one value a score-onset group. Distances are in bars and bounded,
so that far away is far away.

**Conventions.** Dynamic levels are relative to the piece's mean level, so that the same piece
marked *p* or *f* throughout has the same columns: the absolute level is the rules' own.

**Knows nothing of** velocities, seconds performed, the model.

**Reference** (what carries expression). C. Cancino-Chacón, M. Grachten, W. Goebl, G. Widmer,
"Computational Models of Expressive Music Performance", Frontiers in Digital Humanities 5 (2018):
score features as bases. We differ in adding the return of material and changes of texture.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from valentin.music import Structure
from valentin.shaping.interpreter_motifs import sequence_columns
from valentin.shaping.interpreter_scene import Sight

__all__ = ["FAR_BARS", "any_of", "group_columns", "mean_of", "window_mean"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FAR_BARS = 8.0
"""Bars beyond which a distance no longer grows: the usual length of a period."""

Column = tuple[str, Floats]


def group_columns(sight: Sight, structure: Structure) -> list[Column]:
    """All columns of the groups of a score."""
    return [
        *_metre(sight),
        *_texture(sight),
        *_marks(sight),
        *_harmony(sight, structure),
        *_phrases(sight),
        *_tempo(sight),
        *_tune(sight),
        *_returns(sight),
        *sequence_columns(sight),
        *_whole(sight),
    ]


def any_of(sight: Sight, column: Floats) -> Floats:
    """The greatest value among the notes of each group (at least 0)."""
    out = np.zeros(len(sight.notes.onsets_q))
    np.maximum.at(out, sight.notes.group, column)
    return out


def mean_of(sight: Sight, column: Floats) -> Floats:
    """The mean over the notes of each group."""
    count = np.bincount(sight.notes.group, minlength=len(sight.notes.onsets_q))
    total = np.bincount(sight.notes.group, column, len(sight.notes.onsets_q))
    return np.asarray(total / np.maximum(count, 1))


def window_mean(places_q: Floats, column: Floats, before_q: Floats, after_q: Floats) -> Floats:
    """Mean of `column` from `before_q` before to `after_q` after each place (0 where none)."""
    first = np.searchsorted(places_q, places_q - before_q - 1e-6)
    last = np.searchsorted(places_q, places_q + after_q + 1e-6, side="right")
    total = np.concatenate([[0.0], np.cumsum(column)])
    return np.asarray((total[last] - total[first]) / np.maximum(last - first, 1))


def _metre(sight: Sight) -> Iterator[Column]:
    grid, onsets = sight.grid, sight.notes.onsets_q
    yield "weight", grid.weight.astype(np.float64)
    yield "place_bar", grid.place_q / grid.bar_q
    yield "place_beat", np.mod(grid.place_q + 1e-6, grid.beat_q) / grid.beat_q
    yield "beats", np.round(grid.bar_q / grid.beat_q)
    yield "beat_q", grid.beat_q
    yield "from_start", np.minimum((onsets - onsets[0]) / grid.bar_q, FAR_BARS)
    yield "to_end", np.minimum((onsets[-1] - onsets) / grid.bar_q, FAR_BARS)
    yield "to_end_beats", np.minimum((onsets[-1] - onsets) / grid.beat_q, FAR_BARS)
    yield "share", (onsets - onsets[0]) / max(onsets[-1] - onsets[0], 1e-6)


def _texture(sight: Sight) -> Iterator[Column]:
    notes, grid, wait = sight.notes, sight.grid, sight.wait_q
    onsets, count = notes.onsets_q, np.bincount(notes.group[~notes.grace], minlength=len(wait))
    pitch = mean_of(sight, notes.pitch.astype(np.float64))
    top, low = np.full(len(wait), -1.0), np.full(len(wait), 128.0)
    np.maximum.at(top, notes.group, notes.pitch)
    np.minimum.at(low, notes.group, notes.pitch)
    ends = np.zeros(len(wait))
    np.maximum.at(ends, notes.group, notes.onset_q + notes.duration_q)
    sounding = np.maximum.accumulate(ends)
    rest = np.maximum(np.append(0.0, onsets[1:] - sounding[:-1]), 0.0)
    upper = any_of(sight, (notes.staff == notes.staff.min()).astype(np.float64))
    lower = any_of(sight, (notes.staff != notes.staff.min()).astype(np.float64))
    logwait, number = np.log2(np.maximum(wait, 1 / 32)), np.log2(1.0 + count)
    before = np.append(logwait[:1], logwait[:-1])
    yield from zip(
        ("count", "top", "low", "span", "wait", "wait_before", "wait_change", "rest", "rest_after",
         "upper", "lower", "duration"),
        (number, top, low, top - low, logwait, before, logwait - before, rest,
         np.append(rest[1:], 4.0), upper, lower,
         mean_of(sight, np.log2(np.maximum(notes.duration_q, 1 / 32)))),
        strict=True,
    )  # fmt: skip
    none = np.zeros(len(wait))
    around = {"wait": logwait, "count": number, "pitch": pitch, "top": top}
    for name, column in around.items():
        for bars in (0.25, 1.0, 4.0):
            reach = bars * grid.bar_q
            past = window_mean(onsets, column, reach, none - 2e-6)
            ahead = window_mean(onsets, column, none - 2e-6, reach)
            yield f"{name}_turn_{bars:g}", ahead - past
            yield f"{name}_here_{bars:g}", column - window_mean(onsets, column, reach, reach)
        whole = float(np.mean(column))
        yield f"{name}_whole", window_mean(onsets, column, grid.bar_q, grid.bar_q) - whole


def _marks(sight: Sight) -> Iterator[Column]:
    marks, grid, onsets = sight.marks, sight.grid, sight.notes.onsets_q
    for name in ("staccato", "tenuto", "slurred"):
        yield name + "_share", mean_of(sight, getattr(marks, name))
    for name in ("accent", "marcato", "fermata", "slur_start", "slur_end", "rolled"):
        yield name + "_any", any_of(sight, getattr(marks, name))
    yield "forced_any", any_of(sight, sight.dynamics.forced)
    yield "grace_any", any_of(sight, sight.notes.grace.astype(np.float64))
    sign = np.array([n.ornament is not None for n in sight.score.notes], dtype=np.float64)
    yield "ornament_any", any_of(sight, sign)
    level = mean_of(sight, sight.dynamics.level)
    yield "level_group", level - float(np.mean(sight.dynamics.level))
    yield "slope_group", np.clip(mean_of(sight, sight.dynamics.slope) * grid.bar_q, -4, 4)
    for bars in (1.0, 4.0):
        reach = bars * grid.bar_q
        none = np.zeros(len(reach))
        yield f"level_ahead_{bars:g}", window_mean(onsets, level, none, reach) - level
        yield f"level_past_{bars:g}", window_mean(onsets, level, reach, none) - level
    yield from _dynamics_near(sight)


def _dynamics_near(sight: Sight) -> Iterator[Column]:
    """Bars since the last dynamic mark and to the next, and the place within a hairpin."""
    marks, onsets, bar = sight.score.marks, sight.notes.onsets_q, sight.grid.bar_q
    places = np.array(sorted(float(m.start_q) for m in marks if m.kind == "dynamic"))
    yield "dynamic_since", np.minimum(_since(onsets, places) / bar, FAR_BARS)
    yield "dynamic_until", np.minimum(_until(onsets, places) / bar, FAR_BARS)
    yield from _levels_near(sight, places)
    inside, left = np.zeros(len(onsets)), np.zeros(len(onsets))
    for mark in marks:
        if mark.kind != "hairpin" or mark.end_q <= mark.start_q:
            continue
        a, b = float(mark.start_q), float(mark.end_q)
        here = (onsets >= a - 1e-6) & (onsets <= b + 1e-6)
        sign = -1.0 if mark.text.startswith("d") else 1.0
        inside[here] = sign * (0.1 + (onsets[here] - a) / (b - a))
        left[here] = sign * np.minimum((b - onsets[here]) / bar[here] + 0.1, FAR_BARS)
    yield "hairpin", inside
    yield "hairpin_left", left


def _levels_near(sight: Sight, places: Floats) -> Iterator[Column]:
    """The level that the next mark brings, and the one that the last mark left."""
    onsets = sight.notes.onsets_q
    level = mean_of(sight, sight.dynamics.level)
    if not len(places):
        yield from (("level_next", np.zeros(len(onsets))), ("level_before", np.zeros(len(onsets))))
        return
    following = np.append(places, np.inf)[np.searchsorted(places, onsets + 1e-6, side="right")]
    ahead = np.searchsorted(onsets, np.where(np.isfinite(following), following, onsets) - 1e-6)
    yield "level_next", level[np.clip(ahead, 0, len(onsets) - 1)] - level
    since = np.append(onsets[0], places)[np.searchsorted(places, onsets + 1e-6, side="right")]
    behind = np.searchsorted(onsets, since - 1e-6) - 1
    yield "level_before", np.where(behind >= 0, level[np.clip(behind, 0, None)] - level, 0.0)


def _whole(sight: Sight) -> Iterator[Column]:
    """What kind of piece it is: how much is marked, how dense and how fast it goes."""
    onsets, marks = sight.notes.onsets_q, sight.score.marks
    bars = max(float(onsets[-1] - onsets[0]) / float(sight.grid.bar_q[0]), 1.0)
    dynamics = sum(m.kind in {"dynamic", "hairpin"} for m in marks)
    speed = np.log2(sight.tempo.seconds_per_quarter)
    rows = {
        "dynamics": np.log2(0.05 + dynamics / bars),
        "slurred": float(np.mean(sight.marks.slurred)),
        "staccato": float(np.mean(sight.marks.staccato)),
        "wait_s": float(np.median(np.log2(np.maximum(sight.wait_q, 1 / 32)) + speed)),
        "count": len(sight.notes.pitch) / len(onsets),
    }
    for name, value in rows.items():
        yield f"whole_{name}", np.full(len(onsets), value)


def _harmony(sight: Sight, structure: Structure) -> Iterator[Column]:
    onsets, grid = sight.notes.onsets_q, sight.grid
    starts = np.array([float(h.start_q) for h in structure.harmony] or [0.0])
    lengths = np.array([float(h.end_q - h.start_q) for h in structure.harmony] or [1.0])
    row = np.clip(np.searchsorted(starts, onsets + 1e-6, side="right") - 1, 0, None)
    yield "tension", sight.tension
    yield "tension_change", np.diff(sight.tension, prepend=sight.tension[:1])
    yield "tension_turn", _turn(sight, sight.tension)
    yield "new_chord", sight.new_chord
    yield "chord_bars", np.minimum(lengths[row] / grid.bar_q, 4.0)
    yield "chord_age", np.minimum((onsets - starts[row]) / grid.bar_q, 4.0)
    for kind in ("authentic", "half"):
        at = np.array([float(h.start_q) for h in structure.harmony if h.cadence == kind])
        yield f"{kind}_until", np.minimum(_until(onsets, at) / grid.bar_q, FAR_BARS)
        yield f"{kind}_since", np.minimum(_since(onsets, at) / grid.bar_q, FAR_BARS)


def _turn(sight: Sight, column: Floats) -> Floats:
    """The bar ahead against the bar before."""
    none = np.zeros(len(column)) - 2e-6
    onsets, bar = sight.notes.onsets_q, sight.grid.bar_q
    ahead = window_mean(onsets, column, none, bar)
    return np.asarray(ahead - window_mean(onsets, column, bar, none))


def _phrases(sight: Sight) -> Iterator[Column]:
    for level, place in enumerate(sight.phrases):
        bars = place.length_q / sight.grid.bar_q
        yield f"phrase_{level}", place.position
        yield f"phrase_bars_{level}", np.minimum(bars, 16.0)
        yield f"phrase_from_{level}", np.minimum(place.position * bars, FAR_BARS)
        yield f"phrase_to_{level}", np.minimum((1.0 - place.position) * bars, FAR_BARS)
        yield f"phrase_last_{level}", place.last * place.strength
        before = np.append(1.0, place.strength[:-1])
        yield f"phrase_first_{level}", place.first * before
        yield f"phrase_strength_{level}", place.strength


def _tempo(sight: Sight) -> Iterator[Column]:
    marks, onsets, bar = sight.score.marks, sight.notes.onsets_q, sight.grid.bar_q
    speed = np.log2(sight.tempo.seconds_per_quarter)
    yield "marked", speed - float(np.median(speed))
    yield "marked_beat", speed + np.log2(sight.grid.beat_q)
    yield "wait_s", np.log2(np.maximum(sight.wait_q, 1 / 32)) + speed
    yield "slowing", sight.tempo.slowing
    yield "hurrying", sight.tempo.hurrying
    for kind in ("tempo", "words", "fermata", "breath"):
        places = np.array(sorted(float(m.start_q) for m in marks if m.kind == kind))
        yield f"{kind}_since", np.minimum(_since(onsets, places) / bar, FAR_BARS)
        yield f"{kind}_until", np.minimum(_until(onsets, places) / bar, FAR_BARS)


def _tune(sight: Sight) -> Iterator[Column]:
    notes, tune, onsets, bar = sight.notes, sight.tune, sight.notes.onsets_q, sight.grid.bar_q
    known = np.clip(tune, 0, None)
    pitch = np.where(tune >= 0, notes.pitch[known], float(np.mean(notes.pitch)))
    begins = (tune >= 0) & (notes.group[known] == np.arange(len(onsets)))
    yield "tune_begins", begins.astype(np.float64)
    yield "tune_length", np.log2(np.maximum(notes.duration_q[known], 1 / 32)) * (tune >= 0)
    yield "tune_step", np.diff(pitch, prepend=pitch[:1])
    yield "tune_next", np.diff(pitch, append=pitch[-1:])
    end = notes.onset_q[known] + notes.duration_q[known]
    yield "tune_silent", np.clip(onsets - end, 0.0, 4.0) * (tune >= 0)
    for bars in (0.5, 1.5, 4.0):
        reach = bars * bar
        yield f"contour_{bars:g}", pitch - window_mean(onsets, pitch, reach, reach)
    ahead, past = (_edge(pitch, onsets, bar * 2.0, side) for side in (1, -1))
    yield "peak_ahead", ahead - pitch
    yield "peak_past", past - pitch


def _edge(pitch: Floats, onsets: Floats, reach: Floats, side: int) -> Floats:
    """The highest pitch within reach after (+1) or before (−1) each onset."""
    first = np.searchsorted(onsets, onsets - (reach if side < 0 else 0.0) - 1e-6)
    last = np.searchsorted(onsets, onsets + (reach if side > 0 else 0.0) + 1e-6, side="right")
    return np.array([pitch[a:b].max() for a, b in zip(first, last, strict=True)])


def _returns(sight: Sight) -> Iterator[Column]:
    """Has this bar been heard before, how long ago, how often; is its rhythm the last bar's?"""
    bars, at = np.unique(sight.grid.bar, return_inverse=True)
    prints, rhythms = _prints(sight, at, len(bars))
    ago, times = np.full(len(bars), 64.0), np.zeros(len(bars))
    seen: dict[int, list[int]] = {}
    for i, one in enumerate(prints):
        before = seen.setdefault(one, [])
        if before:
            ago[i], times[i] = i - before[-1], len(before)
        before.append(i)
    same = np.array([0.0, *(float(a == b) for a, b in pairwise(rhythms))])
    yield "heard_ago", np.log2(np.minimum(ago, 64.0))[at]
    yield "heard_times", np.minimum(times, 4.0)[at]
    yield "same_rhythm", same[at]
    yield "same_rhythm_next", np.append(same[1:], 0.0)[at]
    rendering = (
        [int(n.id.rpartition("-")[2]) for n in sight.score.notes]
        if (sight.score.unfolded)
        else [1] * len(sight.score.notes)
    )
    yield "rendering", any_of(sight, np.minimum(np.array(rendering, dtype=np.float64), 4.0))


def _prints(sight: Sight, at: Ints, count: int) -> tuple[list[int], list[int]]:
    notes, place = sight.notes, sight.grid.place_q
    whole: list[list[tuple[float, int, float]]] = [[] for _ in range(count)]
    beat: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    for i, group in enumerate(notes.group.tolist()):
        where = round(float(place[group]), 3)
        length = round(float(notes.duration_q[i]), 3)
        whole[at[group]].append((where, int(notes.pitch[i]), length))
        beat[at[group]].append((where, length))
    return [hash(tuple(sorted(w))) for w in whole], [hash(tuple(sorted(set(b)))) for b in beat]


def _since(onsets: Floats, places: Floats) -> Floats:
    """Quarters since the last place at or before each onset, infinite where there is none."""
    padded = np.concatenate([[-np.inf], places])
    return np.asarray(onsets - padded[np.searchsorted(places, onsets + 1e-6, side="right")])


def _until(onsets: Floats, places: Floats) -> Floats:
    """Quarters to the next place after each onset, infinite where there is none."""
    padded = np.concatenate([places, [np.inf]])
    return np.asarray(padded[np.searchsorted(places, onsets - 1e-6)] - onsets)
