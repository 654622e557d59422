"""Loudness: does the melody lead, does the music swell and fade, are the hairpins played.

In: an observation. Out: samples of `BALANCE`, `FLATNESS`, `CRESCENDO`.

**Conventions.** Velocity, against the expected one at the take's own level. Balance is the mean
melody velocity less the mean of the rest sounding with it, bar by bar, so that a crescendo does not
tilt it. The range of loudness is the scatter over beats of the level (both voices centred on
their own mean first, so that voicing does not count).

**Knows nothing of** time, words.

**Reference.** Melody about 10 to 20 MIDI velocities over the accompaniment: Goebl, W. (2001),
"Melody lead in piano performance: expressive device or artifact?", J. Acoust. Soc. Am. 110,
563–572. Here the expected balance comes from the bands, not from that number.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import Sample
from valentin.judging.limits import LEVEL_DB, velocity_db
from valentin.judging.measures import BALANCE, CRESCENDO, FLATNESS
from valentin.judging.observing import Observation

__all__ = ["balances", "crescendos", "ranges"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BALANCE_BARS = (4, 8)
"""Bars over which a melody is heard to lead or not: a phrase and its half."""

LED = 4.0
"""Velocities by which the bands must put the melody in front for its balance to be spoken of."""

LEADS = 8.0
"""Velocities from which a melody leads, whatever more a plan would like: below Goebl's range."""

RANGE_BARS = (4, 8, 16)
"""Bars over which flat dynamics are heard as flat: half a phrase to two."""

LEAST_RANGE = 4.6
"""Velocities: the least usual range of fine pianists' takes; a take that is flat from beginning to
end is not its own yardstick (`bench/judging_thresholds.py`)."""

FEWEST_MELODY = 6
"""Melody notes, and as many others, below which a balance is chance."""

FEWEST_HAIRPIN = 8
"""Notes in a hairpin below which its slope is chance."""

LEAST_GROWTH = 6.0
"""Velocities (2 dB) that a hairpin asks for at the least, whatever else the plan does there."""

FROM_PLAN, FROM_AROUND = 0.6, 0.5
"""Share of the growth that the bands foresee, and of the step from the music before a hairpin to
the music after it, that fine pianists grow by within it: least squares over 130 hairpins of `train`
takes (R² .39, from the bands alone .18). Who arrives in the forte has grown towards it."""

STILL_GROWS = 0.3
"""Share of the expected growth from which a hairpin counts as played, be it ever so little."""

HABIT = 8.0
"""Velocities by which the growth over a hairpin may miss the plan without being in doubt."""

MODEL_SAYS = (0.7, 1.3)
"""How far the bands may move what is expected of one stretch away from the take's own usual range:
a plan knows which phrases are quieter, less well how far this pianist goes."""

SHORTEST_HAIRPIN_Q = 2.0
"""Quarters below which a hairpin is an accent, not a growth."""


def balances(observation: Observation) -> Iterator[Sample]:
    """Melody above the rest over every stretch of 4 and 8 bars."""
    notes = observation.notes
    table = _bar_balance(observation)
    for length in BALANCE_BARS:
        for first in range(len(table) - length + 1):
            part = table[first : first + length]
            part = part[part[:, 3] > 0]
            if len(part) < length / 2 or part[:, 3].sum() < FEWEST_MELODY:
                continue
            value, expected, level = np.average(part[:, :3], axis=0, weights=np.sqrt(part[:, 3]))
            start = observation.bar_starts[first]
            end = observation.bar_ends[first + length - 1]
            inside = (notes.onset_q >= start) & (notes.onset_q < end)
            missing = float(velocity_db(level + expected) - velocity_db(level + value))
            yield Sample(
                BALANCE, float(start), float(end), value, expected, expected - value,
                missing / LEVEL_DB if expected >= LED and value < LEADS else 0.0,
                notes.where(inside & notes.melody), length,
            )  # fmt: skip


def _bar_balance(observation: Observation) -> Floats:
    """Per bar: balance, expected balance, level of the rest, notes compared."""
    notes = observation.notes
    table = np.zeros((len(observation.bar_starts), 4))
    usable = notes.plain
    for bar in np.unique(notes.bar):
        rows = np.flatnonzero((notes.bar == bar) & usable)
        tune, rest = rows[notes.melody[rows]], rows[~notes.melody[rows]]
        if len(tune) < 1 or len(rest) < 2:
            continue
        level = float(notes.velocity[rest].mean())
        expected_level = float(notes.velocity_centre[rest].mean())
        expected = float(notes.velocity_centre[tune].mean()) - expected_level
        value = float(notes.velocity[tune].mean()) - level
        table[bar] = value, expected, level, min(len(tune), len(rest))
    return table


def beat_levels(observation: Observation) -> tuple[Floats, Floats, Floats, Ints]:
    """Per struck beat: place, level and expected level (voices centred), bar."""
    notes, beats = observation.notes, observation.beats
    velocity, centre = notes.velocity.copy(), notes.velocity_centre.copy()
    for voice in (notes.melody, ~notes.melody):
        if voice.any():
            velocity[voice] -= velocity[voice].mean()
            centre[voice] -= centre[voice].mean()
    edges = np.unique(beats.onset_q)
    if not len(edges):
        return np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, np.int64)
    slot = np.clip(np.searchsorted(edges, notes.onset_q + 1e-9, "right") - 1, 0, None)
    count = np.bincount(slot, minlength=len(edges))
    has = count > 0
    level = np.bincount(slot, velocity, len(edges))[has] / count[has]
    expected = np.bincount(slot, centre, len(edges))[has] / count[has]
    bar = np.searchsorted(observation.bar_starts, edges[has] + 1e-9, "right") - 1
    return edges[has], level, expected, bar.astype(np.int64)


def ranges(observation: Observation) -> Iterator[Sample]:
    """How far loudness moves over every stretch of 8 bars, against the rest of the take."""
    notes = observation.notes
    _, level, expected, bar = beat_levels(observation)
    windows = [
        (length, first, rows)
        for length in RANGE_BARS
        for first in range(len(observation.bar_starts) - length + 1)
        if len(rows := np.flatnonzero((bar >= first) & (bar < first + length))) >= 2 * length
    ]
    moved = np.array([level[rows].std() for _, _, rows in windows])
    meant = np.array([expected[rows].std() for _, _, rows in windows])
    usual = max(float(np.median(moved)), LEAST_RANGE) if len(moved) else 0.0
    typical = max(float(np.median(meant)), 1e-6) if len(meant) else 1.0
    for (length, first, _), own, model in zip(windows, moved, meant, strict=True):
        start = float(observation.bar_starts[first])
        end = float(observation.bar_ends[first + length - 1])
        inside = (notes.onset_q >= start) & (notes.onset_q < end)
        at = float(notes.velocity[inside].mean())
        wanted = usual * float(np.clip(model / typical, *MODEL_SAYS))
        quiet = float(_range_db(at, wanted) - _range_db(at, float(own)))
        yield Sample(
            FLATNESS, start, end, float(own), wanted,
            float(np.log2(max(wanted, 1.0)) - np.log2(max(own, 0.5))),
            quiet / LEVEL_DB, window=length,
        )  # fmt: skip


def _range_db(at: float, scatter: float) -> float:
    """From soft to loud in dB: two standard deviations to either side of a mean velocity."""
    return float(velocity_db(at + 2 * scatter) - velocity_db(max(at - 2 * scatter, 1.0)))


def crescendos(observation: Observation) -> Iterator[Sample]:
    """Growth over each hairpin, against the growth the bands expect there."""
    notes = observation.notes
    for mark in observation.score.marks:
        start, end = float(mark.start_q), float(mark.end_q)
        if mark.kind != "hairpin" or end - start < SHORTEST_HAIRPIN_Q:
            continue
        inside = (notes.onset_q >= start - 1e-6) & (notes.onset_q <= end + 1e-6)
        rows = np.flatnonzero(inside)
        if len(rows) < FEWEST_HAIRPIN or np.ptp(notes.onset_q[rows]) < SHORTEST_HAIRPIN_Q / 2:
            continue
        sign = 1.0 if mark.text.startswith("cresc") else -1.0
        place, melody = notes.onset_q[rows], notes.melody[rows]
        grown, doubt = _growth(place, _centred(notes.velocity[rows], melody))
        meant, _ = _growth(place, _centred(notes.velocity_centre[rows], melody))
        wanted = sign * max(
            sign * (FROM_PLAN * meant + FROM_AROUND * _step(observation, start, end)), LEAST_GROWTH
        )
        lacking = sign * (wanted - grown)
        at = float(notes.velocity[rows].mean())
        missing = float(velocity_db(at + lacking / 2) - velocity_db(at - lacking / 2))
        lost = sign * grown < STILL_GROWS * abs(wanted)
        yield Sample(
            CRESCENDO, start, end, grown, wanted, lacking / float(np.hypot(doubt, HABIT)),
            missing / LEVEL_DB if lost else 0.0,
        )  # fmt: skip


def _step(observation: Observation, start: float, end: float) -> float:
    """Mean velocity after a stretch less that before it, over half its length each; 0: unknown."""
    notes, half = observation.notes, max((end - start) / 2, SHORTEST_HAIRPIN_Q)
    onset = notes.onset_q
    before = notes.velocity[(onset >= start - half) & (onset < start - 1e-6)]
    after = notes.velocity[(onset > end + 1e-6) & (onset < end + half)]
    if min(len(before), len(after)) < 2:
        return 0.0
    return float(after.mean() - before.mean())


def _centred(velocity: Floats, melody: npt.NDArray[np.bool_]) -> Floats:
    """Each voice about its own mean, so that where the melody enters is no growth."""
    out = velocity.copy()
    for voice in (melody, ~melody):
        if voice.any():
            out[voice] -= out[voice].mean()
    return out


def _growth(onset_q: Floats, velocity: Floats) -> tuple[float, float]:
    """Rise over the stretch by least squares, in velocities, and its standard error."""
    x = onset_q - onset_q.mean()
    spread = float(x @ x)
    if spread == 0:
        return 0.0, 0.0
    slope = float(x @ velocity) / spread
    rest = velocity - velocity.mean() - slope * x
    error = float(np.sqrt(rest @ rest / max(len(x) - 2, 1) / spread))
    return slope * float(np.ptp(onset_q)), error * float(np.ptp(onset_q))
