"""How stiff the strings are that sound: whether the partials lie as a piano's do.

In: segments of sound and the notes heard in them. Out: `Strings`, which says how well the partials
agree with a piano's strings, and how well with strings and pipes that have no stiffness.

**Conventions.** Partial k of a string lies at k · f · √(1 + B k²). B of a piano's keys is known up
to a factor, which is tried from `PIANO`; strings that are thin or soft (guitar, harp, harpsichord,
bowed ones), pipes and voices have next to none (`OTHERS`). A partial agrees with a factor as far as
a peak of the spectrum lies where that factor puts it, 1 for exactly, 0 for nowhere near. Both
answers are means over partials, 0..1, of the factor that does best.

**Knows nothing of** the network, what is decided from it.

**Reference.** F. Rigaud, B. David, L. Daudet, "A parametric model and estimation techniques for the
inharmonicity and tuning of the piano", JASA 133 (2013): B of a typical piano. H. Fletcher, "Normal
vibration frequencies of a stiff piano string", JASA 36 (1964).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

__all__ = ["Strings"]

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

FACTORS = np.array([-0.15, 0.0, 0.05, 0.1, 0.15, 0.6, 0.8, 1.0, 1.25, 1.5])
OTHERS, PIANO = slice(0, 5), slice(5, 10)
KEYS = range(43, 75)
"""Below, partials are too close; above, too few."""
AFTER_S, WINDOW_S = 0.03, 0.3
"""The partials of a note are looked at this long after its onset, for so long."""
NEAR_CENTS = 3.5  # a peak's distance from its place that counts 0.6
FIRST_CENTS = 20.0  # of the first partial from the key's own frequency
PARTIALS = range(4, 15)
TELLS_CENTS = 6.0
"""A partial tells nothing where stiffness moves it by less."""
HIGHEST_HZ = 7000.0
ABOVE_DB, BELOW_DB = 12.0, 65.0
"""A peak stands so far above the spectrum around it, and lies at most so far below the highest."""
AROUND_HZ = 150.0
MOST = 3000
"""Partials, after which no more are looked at: the answer would not change."""


class Strings:
    """What has been seen of the partials so far."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._agreed = np.zeros(len(FACTORS))
        self.seen = 0

    def look(self, samples: Floats, notes: Iterable[tuple[int, float]]) -> None:
        """A segment (samples, channels) tuned to 440 Hz, and the pitch and onset of its notes."""
        sound = samples.mean(axis=1)
        for pitch, onset_s in notes:
            first = round((onset_s + AFTER_S) * self._rate_hz)
            some = sound[first : first + round(WINDOW_S * self._rate_hz)]
            whole = first >= 0 and len(some) == round(WINDOW_S * self._rate_hz)
            if pitch in KEYS and whole and self.seen < MOST:
                self._add(pitch, _peaks_hz(some, self._rate_hz))

    @property
    def like_piano(self) -> float:
        """How well the partials agree with a piano's stiffness, 0..1."""
        return float(self._agreed[PIANO].max()) / max(self.seen, 1)

    @property
    def like_others(self) -> float:
        """How well they agree with no stiffness, 0..1."""
        return float(self._agreed[OTHERS].max()) / max(self.seen, 1)

    def _add(self, pitch: int, peaks_hz: Doubles) -> None:
        key_hz = 440 * 2 ** ((pitch - 69) / 12)
        near = np.abs(_cents(peaks_hz, np.array(key_hz)))
        if not len(near) or near.min() > FIRST_CENTS:
            return
        first_hz, stiff = peaks_hz[near.argmin()], FACTORS * _stiffness(pitch)
        found = []
        for k in PARTIALS:
            places_hz = k * first_hz * np.sqrt((1 + stiff * k * k) / (1 + stiff))
            if places_hz[-1] > HIGHEST_HZ:
                break
            around = (peaks_hz > 0.995 * places_hz[0]) & (peaks_hz < 1.01 * places_hz[-1])
            if not around.any() or _cents(places_hz[PIANO][2], places_hz[1]) < TELLS_CENTS:
                continue
            away = np.abs(_cents(peaks_hz[around, None], places_hz)).min(axis=0)
            found.append(np.exp(-0.5 * (away / NEAR_CENTS) ** 2) / math.sqrt(around.sum()))
        if len(found) > 1:  # one alone may be another note's
            self._agreed += np.sum(found, axis=0)
            self.seen += len(found)


def _stiffness(pitch: int) -> float:
    """B of a typical piano: the treble and the bass bridge."""
    return math.exp(0.0926 * pitch - 13.64) + math.exp(-0.0847 * pitch - 5.82)


def _cents(hz: npt.ArrayLike, from_hz: npt.ArrayLike) -> Doubles:
    cents: Doubles = 1200 * np.log2(np.asarray(hz) / np.asarray(from_hz))
    return cents


def _peaks_hz(sound: Floats, rate_hz: int) -> Doubles:
    """Where the peaks of a spectrum lie, each between bins by a parabola."""
    size = 2 << (len(sound) - 1).bit_length()
    level = 20 * np.log10(np.abs(rfft(sound * np.hanning(len(sound)), size)) + 1e-9)
    level = level[: round(1.1 * HIGHEST_HZ * size / rate_hz)]
    wide = round(AROUND_HZ * size / rate_hz)
    blocks = [np.median(level[at : at + wide]) for at in range(0, len(level), wide)]
    around = np.repeat(blocks, wide)
    middle = level[1:-1]
    top = (middle > level[:-2]) & (middle >= level[2:])
    top &= middle > np.maximum(around[1 : len(level) - 1] + ABOVE_DB, level.max() - BELOW_DB)
    at = np.flatnonzero(top) + 1
    left, here, right = level[at - 1], level[at], level[at + 1]
    hz: Doubles = (at + 0.5 * (left - right) / (left - 2 * here + right)) * rate_hz / size
    return hz
