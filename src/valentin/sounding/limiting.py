"""A true-peak limiter: it does nothing until a peak would clip, then makes room ahead of it.

**Conventions.** Blocks have shape (channels, frames); the output is DELAY frames late. Peaks are
measured between the samples, four times oversampled (ITU-R BS.1770-4, annex 2).

**Knows nothing of** what it limits.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import scipy.ndimage

__all__ = ["DELAY", "Limiter"]

Floats = npt.NDArray[np.float32]

CEILING = 10.0 ** (-1.0 / 20.0)  # −1 dB true peak
SAFE = CEILING / 2.0  # between samples below this, no sound from strings reaches the ceiling
LOOK_AHEAD = 256  # frames
RELEASE_S = 0.25
OVER = 4
HALF = 8  # taps to each side of the interpolator
DELAY = LOOK_AHEAD + HALF


class Limiter:
    """Gain ≤ 1 that has come down before a peak and goes up slowly after it."""

    def __init__(self, rate_hz: int, channels: int = 2) -> None:
        self._between = _interpolator()
        self._kept = np.zeros((channels, LOOK_AHEAD + 2 * HALF), dtype=np.float32)
        self._needs = np.ones(2 * LOOK_AHEAD)
        self._last = 1.0
        self._release = 1.0 - np.exp(-1.0 / (RELEASE_S * rate_hz))

    def process(self, x: Floats) -> Floats:
        """The next block, DELAY frames late."""
        long = np.concatenate([self._kept, x], axis=1)
        self._kept = long[:, -self._kept.shape[1] :]
        loudest = float(np.abs(long).max())
        calm = np.ones(x.shape[1])
        need = np.minimum(calm, CEILING / self._peaks(long)) if loudest > SAFE else calm
        late = long[:, HALF : HALF + x.shape[1]]
        if self._last == 1.0 and need.min() == 1.0 and self._needs.min() == 1.0:
            return late
        follow = _release(need, self._last, self._release)
        self._last = float(follow[-1])
        needs = np.concatenate([self._needs, follow])
        self._needs = needs[-2 * LOOK_AHEAD :]
        floor = scipy.ndimage.minimum_filter1d(needs, LOOK_AHEAD, origin=LOOK_AHEAD // 2 - 1)
        smooth = np.convolve(floor, np.full(LOOK_AHEAD, 1.0 / LOOK_AHEAD), "full")
        gain = smooth[2 * LOOK_AHEAD : 2 * LOOK_AHEAD + x.shape[1]]
        return np.asarray(late * gain, dtype=np.float32)

    def _peaks(self, long: Floats) -> Floats:
        """Largest value of any channel at and just after each new frame, HALF frames late."""
        peak = np.abs(long[:, LOOK_AHEAD + HALF : long.shape[1] - HALF]).max(axis=0)
        for taps in self._between:
            for channel in long[:, LOOK_AHEAD:]:
                peak = np.maximum(peak, np.abs(np.convolve(channel, taps, "valid")))
        return np.asarray(np.maximum(peak, 1e-9))


def _interpolator() -> list[Floats]:
    """Windowed sinc at 1/4, 1/2 and 3/4 of a sample, as causal filters."""
    n = np.arange(-HALF, HALF + 1)
    window = np.kaiser(len(n), 6.0)
    return [
        (np.sinc(n - shift / OVER) * window).astype(np.float32)[::-1].copy()
        for shift in range(1, OVER)
    ]


@numba.njit(cache=True, nogil=True)
def _release(need, last, release):  # type: ignore[no-untyped-def]
    """Down at once, up exponentially; exactly 1 again at the end."""
    out = np.empty(len(need))
    for i in range(len(need)):
        last = min(need[i], last + (1.0 - last) * release)
        if last > 0.9999 and need[i] == 1.0:
            last = 1.0
        out[i] = last
    return out
