"""Bring the octaves of sampling rates together at the full rate.

**Conventions.** In go blocks of shape (octaves, buses, BLOCK), octave o at half the rate of octave
o − 1 and filling BLOCK / 2**o; out come blocks (buses, BLOCK), DELAY frames late.

**Knows nothing of** what the octaves carry, but that each keeps below 0.3 of its rate.

**Reference** Half-band interpolation: R. Crochiere, L. Rabiner, "Multirate Digital Signal
Processing" (1983), chapter 4.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from valentin.sounding.engine import OCTAVES

__all__ = ["DELAY", "Raiser"]

Floats = npt.NDArray[np.float32]

HALF = 7  # taps to each side; images of what is below 0.3 of the rate are 80 dB down
DELAY = HALF * (2**OCTAVES - 2)


class Raiser:
    """Doubles the lowest octave's rate, adds the next, and so on up to the full rate."""

    def __init__(self, buses: int) -> None:
        places = np.arange(2 * HALF) - HALF + 0.5
        self._taps = (np.sinc(places) * np.kaiser(2 * HALF, 7.0)).astype(np.float32)
        self._past = [np.zeros((buses, 2 * HALF - 1), dtype=np.float32) for _ in range(OCTAVES)]
        late = [HALF * (2 ** (OCTAVES - o) - 2) for o in range(OCTAVES)]
        self._waiting = [np.zeros((buses, n), dtype=np.float32) for n in late]

    def process(self, octaves: Floats) -> Floats:
        """The next block at the full rate."""
        block = octaves.shape[2]
        sound = np.zeros((octaves.shape[1], 0), dtype=np.float32)
        for o in reversed(range(OCTAVES)):
            frames = block >> o
            own = np.concatenate([self._waiting[o], octaves[o, :, :frames]], axis=1)
            self._waiting[o] = own[:, frames:]
            sound = own[:, :frames] + self._doubled(sound, o) if o < OCTAVES - 1 else own
        return sound

    def _doubled(self, x: Floats, octave: int) -> Floats:
        """Twice the samples, 2·HALF of the new frames late."""
        long = np.concatenate([self._past[octave], x], axis=1)
        self._past[octave] = long[:, -(2 * HALF - 1) :]
        out = np.empty((x.shape[0], 2 * x.shape[1]), dtype=np.float32)
        _interleave(out, long, self._taps)
        return out


@numba.njit(cache=True, nogil=True, fastmath=True)
def _interleave(out, x, taps):  # type: ignore[no-untyped-def]
    """out = x, with the samples between computed."""
    width, frames = len(taps), out.shape[1] // 2
    for row in range(out.shape[0]):
        for n in range(frames):
            between = np.float32(0.0)
            for i in range(width):
                between += taps[i] * x[row, n + i]
            out[row, 2 * n] = x[row, n + width // 2 - 1]
            out[row, 2 * n + 1] = between
