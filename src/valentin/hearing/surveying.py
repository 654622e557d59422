"""A recording, gone through once before it is heard: how long, how loud, tuned to what.

In: a recording. Out: a `Survey`.

**Conventions.** `cents` is how far the recording's semitones lie above those of A = 440 Hz,
−50..50; `tuned` 0..1 is how much of the sound agrees on a tuning, each stretch of 16 s on its own:
a tape may hold several pianos. `loud` is the level (root mean
square) of its louder seconds, full scale 1. One window of 0.37 s is looked at in every second.

**Knows nothing of** notes and the network.

**Reference.** A histogram of how far spectral peaks lie from semitones, as in E. Gómez, "Tonal
description of music audio signals" (2006); ours takes its mode, which stretched partials and the
flat seventh do not move.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from valentin.hearing.recordings import Recording

__all__ = ["Survey", "survey"]

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

WINDOW_S = 0.37
LOW_HZ, HIGH_HZ = 110.0, 1800.0
"""Below, a peak is too wide for cents; above, strings are stretched and overtones many."""
PEAKS = 8  # the strongest of a window
ABOVE_MEDIAN = 30.0  # a peak stands out so many times
SPREAD_CENTS = 6.0  # the histogram is smoothed by
NEAR_CENTS = 15.0  # of the mode: peaks that agree with it
LOUD_PERCENT = 90.0
TOGETHER = 16  # windows, of a second each, that share a tuning


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a recording before it is heard."""

    duration_s: float
    loud: float
    cents: float
    tuned: float


def survey(recording: Recording) -> Survey:
    """Go through a recording once. Raises ReadError where it is damaged."""
    histograms: list[Doubles] = []
    levels: list[float] = []
    frames = 0
    size = 1 << round(math.log2(WINDOW_S * recording.rate_hz))
    for block in recording.blocks():
        frames += len(block)
        if len(levels) % TOGETHER == 0:
            histograms.append(np.zeros(100))
        levels.append(math.sqrt(float(np.square(block, dtype=np.float64).mean())))
        if len(block) >= size:
            for cents, weight in _peaks(block[:size].sum(axis=1), recording.rate_hz):
                histograms[-1][math.floor(cents) % 100] += weight
    loud = float(np.percentile(levels, LOUD_PERCENT)) if levels else 0.0
    cents, _ = _mode(sum(histograms, np.zeros(100)))
    total = sum(float(some.sum()) for some in histograms)
    agreed = sum(float(some.sum()) * _mode(some)[1] for some in histograms)
    return Survey(frames / recording.rate_hz, loud, cents, agreed / total if total else 0.0)


def _peaks(window: Floats, rate_hz: int) -> Iterator[tuple[float, float]]:
    """Cents above a semitone and weight of the strongest peaks."""
    size = len(window)
    power = np.abs(rfft(window * np.hanning(size))).astype(np.float64) + 1e-12
    first, end = (round(hz * size / rate_hz) for hz in (LOW_HZ, min(HIGH_HZ, 0.45 * rate_hz)))
    level = np.log(power[first - 1 : end + 1])
    middle = level[1:-1]
    top = (middle > level[:-2]) & (middle >= level[2:])
    top &= middle > np.median(level) + math.log(ABOVE_MEDIAN)
    for at in sorted(np.flatnonzero(top), key=lambda k: -middle[k])[:PEAKS]:
        left, here, right = level[at : at + 3]
        bin_ = first + at + 0.5 * (left - right) / (left - 2 * here + right)
        yield 1200 * math.log2(bin_ * rate_hz / size / 440.0), math.exp(here / 2)


def _mode(histogram: Doubles) -> tuple[float, float]:
    """The commonest deviation in cents, −50..50, and the share of what lies near it."""
    total = histogram.sum()
    if not total:
        return 0.0, 0.0
    apart = (np.arange(100) + 50) % 100 - 50
    smooth = np.exp(-0.5 * (apart / SPREAD_CENTS) ** 2)
    at = int(np.fft.irfft(np.fft.rfft(histogram) * np.fft.rfft(smooth), 100).argmax())
    away = (np.arange(100) - at + 50) % 100 - 50
    near = np.abs(away) <= NEAR_CENTS
    mean = float((histogram * away)[near].sum() / histogram[near].sum())
    cents = (at + 0.5 + mean + 50) % 100 - 50
    return cents, float(histogram[near].sum() / total)
