"""Pedal: does an old harmony ring into the new one, does the pedal come where it is wanted.

In: an observation whose take carries pedal. Out: samples of `PEDAL_BLUR` and `PEDAL_DRY`.

**Conventions.** A note struck is blurred if a note a step or a seventh away, whose key is up, still
rings `LATE_S` after: legato pedalling lifts on the new chord, not before. No harmony need be known
for that. Blur is the number of such clashes a note. Dryness is how much less the pedal is down than
in the phrases around and in the take as a whole, as a ratio.

**Knows nothing of** half pedal: a controller value from 64 is down.

**Reference.** Repp, B. (1996), "Pedal timing and tempo in expressive piano performance", Psychology
of Music 24, 199–221: pedal changes follow the chord by about 0.1–0.25 s at moderate tempo.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import Sample
from valentin.judging.measures import PEDAL_BLUR, PEDAL_DRY
from valentin.judging.observing import Observation

__all__ = ["blurs", "dryness"]

Floats = npt.NDArray[np.float64]

LATE_S = 0.25
"""Seconds after a new note by which an old one should be gone: the upper end of Repp's range."""

TOGETHER_S = 0.05
"""Seconds within which two notes are struck together, and neither is old."""

LONGEST_S = 8.0
"""Seconds after which an old note has faded under whatever comes."""

STEPS = (1, 2, 10, 11)
"""Semitones, octaves apart, that rub: a step or a seventh."""

FARTHEST = 30
"""Semitones beyond which two notes rub no more."""

MOST_CLASHES = 4
"""Old notes counted against one new: more is the same blur."""

FAINT = 0.3
"""Clashes a note added before the ratio to the take's own: none and a little are alike."""

HEARD_SHARE, FEWEST_SMEARED, FEWEST_STRUCK = 0.3, 4.0, 6
"""Clashes a note from which a stretch sounds blurred, how many of them there must be, and notes
below which none is measured; our choice, no threshold for blur is known to us."""

PEDAL_BARS = (2, 4, 8)
"""Bars over which pedalling is heard as clean or not."""

DRY_BARS = 8
"""Bars over which missing pedal is heard as dryness and not as one dry chord."""

NOTICED = 0.25
"""Share of time by which the pedal must be less than around for the sound to change character; our
choice, since no threshold for the amount of pedal is known to us."""

DRY = 0.1
"""Share of time added before the ratio: a take that is nearly dry can hardly become drier."""

FEWEST_PRESSES = 3
"""Presses below which a take is one without pedal."""


def blurs(observation: Observation) -> Iterator[Sample]:
    """Clashes a note with old notes a step away that nothing but the pedal holds."""
    if len(observation.pedal_down_s) < FEWEST_PRESSES:
        return
    clashes, struck = _clashes(observation)
    usual = clashes.sum() / max(struck.sum(), 1)
    for length in PEDAL_BARS:
        for first in range(len(struck) - length + 1):
            count = float(struck[first : first + length].sum())
            if count < FEWEST_STRUCK:
                continue
            smeared = float(clashes[first : first + length].sum())
            share = smeared / count
            yield Sample(
                PEDAL_BLUR,
                float(observation.bar_starts[first]),
                float(observation.bar_ends[first + length - 1]),
                100 * share, 100 * usual, float(np.log2((FAINT + share) / (FAINT + usual))),
                min(share / HEARD_SHARE, smeared / FEWEST_SMEARED), window=length,
            )  # fmt: skip


def _clashes(observation: Observation) -> tuple[Floats, Floats]:
    """Per bar: clashes of notes struck with old notes under the pedal, and notes struck."""
    notes, bars = observation.notes, len(observation.bar_starts)
    order = np.argsort(notes.onset_s, kind="stable")
    onset, released = notes.onset_s[order], notes.offset_s[order]
    damped, pitch = notes.sounding_s[order], notes.pitch[order]
    bar, run = notes.bar[order], notes.run[order]
    clashes = np.zeros(bars)
    since = np.searchsorted(onset, onset - LONGEST_S)
    for i, first in enumerate(since):
        old = slice(first, i)
        rings = (released[old] < onset[i]) & (damped[old] > onset[i] + LATE_S)
        rings &= (onset[old] < onset[i] - TOGETHER_S) & (run[old] == run[i])
        away = np.abs(pitch[old][rings] - pitch[i])
        rubs = np.isin(away % 12, STEPS) & (away < FARTHEST)
        clashes[bar[i]] += min(int(rubs.sum()), MOST_CLASHES)
    return clashes, np.bincount(bar, minlength=bars).astype(np.float64)


def dryness(observation: Observation) -> Iterator[Sample]:
    """How much less pedal a stretch of 8 bars has than the take has around it and as a whole."""
    share = _pedal_share(observation)
    if np.isnan(share).all():
        return
    usual = float(np.nanmedian(share))
    for first in range(len(share) - DRY_BARS + 1):
        part = share[first : first + DRY_BARS]
        if np.isnan(part).any():
            continue
        around = np.concatenate(
            [share[max(first - DRY_BARS, 0) : first], share[first + DRY_BARS :][:DRY_BARS]]
        )
        around = around[~np.isnan(around)]
        wanted = (usual + float(around.mean())) / 2 if len(around) else usual
        start = float(observation.bar_starts[first])
        end = float(observation.bar_ends[first + DRY_BARS - 1])
        value = float(part.mean())
        yield Sample(
            PEDAL_DRY, start, end, 100 * value, 100 * wanted,
            float(np.log2((wanted + DRY) / (value + DRY))),
            (wanted - value) / NOTICED, window=DRY_BARS,
        )  # fmt: skip


def _pedal_share(observation: Observation) -> Floats:
    """Share of each bar's time with the pedal down; NaN where nothing was played.

    A bar whose notes were last played in two runs has a stretch of time in each.
    """
    notes = observation.notes
    down, up = observation.pedal_down_s, observation.pedal_up_s
    share = np.full(len(observation.bar_starts), np.nan)
    if len(down) < FEWEST_PRESSES:
        return share
    held, lasting = np.zeros(len(share)), np.zeros(len(share))
    for bar, run in np.unique(np.stack([notes.bar, notes.run]), axis=1).T:
        rows = np.flatnonzero((notes.bar == bar) & (notes.run == run))
        start, end = float(notes.onset_s[rows].min()), float(notes.offset_s[rows].max())
        held[bar] += np.clip(np.minimum(up, end) - np.maximum(down, start), 0, None).sum()
        lasting[bar] += end - start
    played = lasting > 0
    share[played] = held[played] / lasting[played]
    return share
