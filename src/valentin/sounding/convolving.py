"""Convolve a stream of blocks with long impulse responses, many in, two out.

**Conventions.** Input blocks have shape (inputs, BLOCK), responses (inputs, outputs, taps), output
blocks (outputs, BLOCK); there is no delay.

**Knows nothing of** what the responses are.

**Reference** Uniformly partitioned overlap-save: F. Wefers, "Partitioned convolution algorithms for
real-time auralization", RWTH Aachen (2014), chapter 5.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import scipy.fft

__all__ = ["Convolver"]

Floats = npt.NDArray[np.float32]


class Convolver:
    """A convolution that goes on from block to block."""

    def __init__(self, responses: Floats, block: int) -> None:
        inputs, outputs, taps = responses.shape
        parts = -(-taps // block)
        padded = np.zeros((inputs, outputs, parts * block), dtype=np.float32)
        padded[..., :taps] = responses
        cut = padded.reshape(inputs, outputs, parts, block)
        self._filters = scipy.fft.rfft(cut, 2 * block, axis=-1)
        self._past = np.zeros((inputs, parts, block + 1), dtype=np.complex64)
        self._newest = 0
        self._before = np.zeros((inputs, block), dtype=np.float32)
        self._block = block

    def process(self, x: Floats) -> Floats:
        """The next output block."""
        both = np.concatenate([self._before, x], axis=1)
        self._before = x
        self._newest = (self._newest - 1) % self._past.shape[1]
        self._past[:, self._newest] = scipy.fft.rfft(both, axis=-1)
        mixed = _mixed(self._past, self._filters, self._newest)
        return np.asarray(scipy.fft.irfft(mixed, axis=-1)[:, self._block :], dtype=np.float32)


@numba.njit(cache=True, nogil=True, fastmath=True)
def _mixed(past, filters, newest):  # type: ignore[no-untyped-def]
    """Σ over inputs and parts of spectrum · filter, shape (outputs, bins)."""
    inputs, parts, bins = past.shape
    out = np.zeros((filters.shape[1], bins), dtype=np.complex64)
    for i in range(inputs):
        for p in range(parts):
            spectrum = past[i, (newest + p) % parts]
            for o in range(filters.shape[1]):
                taps = filters[i, o, p]
                for f in range(bins):
                    out[o, f] += spectrum[f] * taps[f]
    return out
