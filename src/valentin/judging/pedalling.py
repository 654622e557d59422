"""Pedal: does an old harmony ring into the new one, does the pedal come where it is wanted.

In: an observation whose take carries pedal. Out: samples of `PEDAL_BLUR` and `PEDAL_DRY`.

**Conventions.** At a change of harmony the pedal is clean if it is up at some moment between the
last onset before the change and `LATE_S` after it: legato pedalling lifts on the new chord, not
before. Blur is the share of changes in a stretch that no lift clears. Dryness is how much less the
pedal is down than in the phrases around and in the take as a whole.

**Knows nothing of** half pedal: a controller value from 64 is down.

**Reference.** Repp, B. (1996), "Pedal timing and tempo in expressive piano performance", Psychology
of Music 24, 199–221: pedal changes follow the chord by about 0.1–0.25 s at moderate tempo.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from valentin.judging.deciding import Sample
from valentin.judging.measures import PEDAL_BLUR, PEDAL_DRY
from valentin.judging.observing import Observation

__all__ = ["blurs", "dryness"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LATE_S = 0.45
"""Seconds after a new harmony by which the old one should be gone: Repp's range and a margin."""

PEDAL_BARS = (2, 4, 8)
"""Bars over which pedalling is heard as clean or not."""

DRY_BARS = 8
"""Bars over which missing pedal is heard as dryness and not as one dry chord."""

NOTICED = 0.3
"""Share of time by which the pedal must be less than around for the sound to change character; our
choice, since no threshold for the amount of pedal is known to us."""

FEWEST_CHANGES = 3
"""Changes of harmony below which one late lift would decide."""


def blurs(observation: Observation) -> Iterator[Sample]:
    """Share of harmony changes that no lift of the pedal clears."""
    at_q, blurred = _changes(observation)
    bars = np.searchsorted(observation.bar_starts, at_q + 1e-9, "right") - 1
    for length in PEDAL_BARS:
        for first in range(len(observation.bar_starts) - length + 1):
            part = (bars >= first) & (bars < first + length)
            if part.sum() < FEWEST_CHANGES:
                continue
            start = float(observation.bar_starts[first])
            end = float(observation.bar_ends[first + length - 1])
            share = float(blurred[part].mean())
            count = float(blurred[part].sum())
            yield Sample(
                PEDAL_BLUR, start, end, 100 * share, 100 * float(blurred.mean()),
                share * min(1.0, count / 4), count / FEWEST_CHANGES, window=length,
            )  # fmt: skip


def _changes(observation: Observation) -> tuple[Floats, Bools]:
    """Changes of harmony that were played, and whether the pedal carried the old one over."""
    notes = observation.notes
    down, up = observation.pedal_down_s, observation.pedal_up_s
    places: list[float] = []
    flags: list[bool] = []
    chords = observation.structure.harmony
    for before, after in pairwise(chords):
        if (
            before.root < 0
            or after.root < 0
            or (before.root, before.quality) == (after.root, after.quality)
        ):
            continue
        q = float(after.start_q)
        now = np.flatnonzero(np.abs(notes.onset_q - q) < 1e-6)
        if not len(now):
            continue
        run = notes.run[now].max()
        now = now[notes.run[now] == run]
        old = np.flatnonzero(
            (notes.onset_q < q - 1e-6)
            & (notes.onset_q >= float(before.start_q) - 1e-6)
            & (notes.run == run)
        )
        if not len(old) or not len(down):
            continue
        time = float(notes.onset_s[now].min())
        within = (down < time) & (up > time + LATE_S)
        ringing = notes.sounding_s[old] > time + LATE_S
        left = notes.offset_s[old] < time
        places.append(q)
        flags.append(bool(within.any() and (ringing & left).sum() >= 2))
    return np.array(places), np.array(flags, dtype=np.bool_)


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
            PEDAL_DRY, start, end, 100 * value, 100 * wanted, wanted - value,
            (wanted - value) / NOTICED, window=DRY_BARS,
        )  # fmt: skip


def _pedal_share(observation: Observation) -> Floats:
    """Share of each bar's time with the pedal down; NaN where nothing was played.

    A bar whose notes were last played in two runs has a stretch of time in each.
    """
    notes = observation.notes
    down, up = observation.pedal_down_s, observation.pedal_up_s
    share = np.full(len(observation.bar_starts), np.nan)
    if len(down) < FEWEST_CHANGES:
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
