"""Sound → what the network looks at: mel spectra through six windows.

In: one segment of sound at 44.1 kHz, (samples, channels). Out: features (1, 6 windows, frames,
229 bands) and how many steps of eight frames they make.

**Conventions.** Frame f is centred on sample 1024·f; beyond the ends is silence. The segment is
first brought to mean 0 and deviation 1, so that its level does not matter; `floor` is the least
deviation it is divided by, so that a silent stretch of a recording is not blown up into music. Two
channels are heard by the mean of their powers. Features are logarithms, 0 for silence.

**Knows nothing of** the network behind it.

**Reference.** The front end of Transkun V2 (see `weights`); its windows are learned.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft
from scipy.sparse import csr_array

from valentin.hearing.network import STEP_FRAMES
from valentin.hearing.weights import Weights

__all__ = ["FRAME_S", "HOP", "RATE_HZ", "Spectrum"]

Floats = npt.NDArray[np.float32]

RATE_HZ = 44_100
HOP = 1024
FRAME_S = HOP / RATE_HZ
_WINDOW = 4096
_EPS = 1e-5
_TOGETHER = 64  # frames transformed at once


class Spectrum:
    """The windows and the mel bands, taken from the weights."""

    def __init__(self, weights: Weights) -> None:
        front = "framewiseFeatureExtractor"
        mel = weights[f"{front}.freq2mels"]
        self._bins = int(np.flatnonzero(mel.any(axis=1))[-1]) + 1  # nothing above 8 kHz
        self._mel = csr_array(mel[: self._bins].T)  # (bands, bins); most of it is 0
        learned = (weights[f"{front}.spectrogramExtractor.winGen.{k}"] for k in ("sigma", "center"))
        width, centre = (1 / (1 + np.exp(-value)) for value in learned)
        at = np.arange(_WINDOW, dtype=np.float32)[None, :]
        bells = np.exp(
            -0.5 * ((at - _WINDOW * centre[:, None]) / (width[:, None] * _WINDOW / 2)) ** 2
        )
        hann = weights[f"{front}.spectrogramExtractor.win"][None, :]
        self._windows = np.concatenate([hann, bells]).astype(np.float32)

    def features(self, samples: Floats, floor: float = 0.0) -> Floats:
        """Features (1, 6, frames, 229) of a segment (samples, channels)."""
        frames = 1 + math.ceil(len(samples) / HOP)
        padded = np.zeros((_WINDOW + (frames - 1) * HOP, samples.shape[1]), np.float32)
        padded[_WINDOW // 2 : _WINDOW // 2 + len(samples)] = samples
        cut = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW, axis=0)[::HOP]
        mean, deviation = _moments(cut)
        out = np.empty((1, len(self._windows), frames, self._mel.shape[0]), np.float32)
        for first in range(0, frames, _TOGETHER):
            some = (cut[first : first + _TOGETHER] - mean) / (max(deviation, floor) + 1e-8)
            for k, window in enumerate(self._windows):
                out[0, k, first : first + _TOGETHER] = self._bands(some * window)
        return out

    def _bands(self, framed: Floats) -> Floats:
        """Frames (n, channels, 4096) → log mel (n, 229)."""
        lines = rfft(framed, axis=-1)[..., : self._bins]
        power = (lines.real**2 + lines.imag**2).mean(axis=1) / _WINDOW
        bands: Floats = np.log((self._mel @ power.T).T + _EPS) / -math.log(_EPS) + 1
        return bands


def steps_of(frames: int) -> int:
    """How many steps of the network that many frames make."""
    return math.ceil(frames / STEP_FRAMES)


def _moments(cut: Floats) -> tuple[float, float]:
    """Mean and deviation over all frames, samples counted as often as frames hold them."""
    count = cut.size
    mean = sum(float(frame.sum(dtype=np.float64)) for frame in cut) / count
    power = sum(float(np.square(frame - mean, dtype=np.float64).sum()) for frame in cut)
    return mean, math.sqrt(power / (count - 1))
