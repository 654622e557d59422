"""Recordings of one key → bands of sound, in tune and in step.

In go files; out come their samples, cut into as many bands as there are octaves of sampling rates.

**Conventions.** Sounds have shape (2, frames). The bands of a sound come low to high, each at its
own rate, and add up to the sound. Cents are above equal temperament at A4 = 440 Hz.

**Knows nothing of** velocities, laws, banks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.fft
import soundfile

from valentin.errors import DeviceError
from valentin.sounding.engine import OCTAVES
from valentin.sounding.layering import lag_between

__all__ = ["CENTRES", "LEAD_S", "bands_of", "cents_above", "in_step", "read_recording"]

Floats = npt.NDArray[np.floating]
Complexes = npt.NDArray[np.complexfloating]

LEAD_S = 0.003
BEGINS = 0.05  # a blow begins at this part of its peak
LATEST_S = 0.012  # layers of a key begin within this of each other
EDGES = (0.026, 0.052, 0.104)  # between the bands, times the rate: each fits 0.3 of its own rate
OVERLAP = 0.3  # octaves to each side of an edge over which two bands share
CENTRES = (0.010, 0.037, 0.074, 0.15)  # where the bands lie, times the rate
SHARP_CENTS = 40.0  # how far from its pitch a recording may be
TUNED_S = 2.0


def read_recording(path: Path, longest_s: float) -> tuple[Floats, int]:
    """A recording's (channels, frames) and rate, two channels always."""
    try:
        with soundfile.SoundFile(path) as sound:
            rate_hz = int(sound.samplerate)
            samples = sound.read(int(longest_s * rate_hz), dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        what = "is missing" if not path.exists() else "cannot be read"
        raise DeviceError(
            f"Building a sampled piano: `{path.name}` {what} in `{path.parent}`; "
            "install the instrument again."
        ) from error
    if len(samples) < rate_hz // 20:
        raise DeviceError(
            f"Building a sampled piano: `{path.name}` in `{path.parent}` has no sound; "
            "install the instrument again."
        )
    return np.ascontiguousarray(np.broadcast_to(samples.T, (2, len(samples)))), rate_hz


def cents_above(sound: Floats, rate_hz: int, pitch: int) -> float | None:
    """How far above equal temperament a fundamental is; None where it cannot be told."""
    expected = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
    part = sound.sum(axis=0)[int(0.1 * rate_hz) : int((0.1 + TUNED_S) * rate_hz)]
    size = 1 << 20
    power = np.abs(scipy.fft.rfft(part * np.hanning(len(part)), size))
    low, high = (
        expected * 2.0 ** (c / 1200.0) * size / rate_hz for c in (-SHARP_CENTS, SHARP_CENTS)
    )
    at = int(low) + int(np.argmax(power[int(low) : int(high) + 1]))
    if at in (int(low), int(high)):
        return None
    return float(1200.0 * np.log2(at * rate_hz / size / expected))


def in_step(layers: Sequence[tuple[Floats, int]]) -> list[int]:
    """The frame of each layer from which on they go together, LEAD_S before the blow."""
    rate_hz = layers[0][1]
    short = [sound[:, : int(0.4 * rate_hz)].sum(axis=0) for sound, _ in layers]
    begins = [int(np.argmax(np.abs(s) > BEGINS * np.abs(s).max())) for s in short]
    starts = list(begins)
    for i in reversed(range(len(layers) - 1)):
        lag = lag_between(short[i + 1], short[i], int(LATEST_S * rate_hz))
        if lag is not None:
            starts[i] = starts[i + 1] + lag
    lead = int(LEAD_S * rate_hz)
    return [max(0, start - lead) for start in starts]


def bands_of(sound: Floats, from_hz: int, rate_hz: int, cents: float) -> list[Floats]:
    """A sound cut into bands, low to high, each at its own rate, all raised by some cents."""
    spectrum, frames = _spectrum(sound, from_hz, rate_hz, cents)
    windows = _windows(np.arange(spectrum.shape[1]) / frames)
    octaves = reversed(range(OCTAVES))
    return [
        _heard(spectrum * w.astype(np.float32), frames >> o)
        for o, w in zip(octaves, windows, strict=True)
    ]


def _spectrum(sound: Floats, from_hz: int, rate_hz: int, cents: float) -> tuple[Complexes, int]:
    """A sound's spectrum, and how many frames at `rate_hz` it stands for when raised by cents."""
    ratio = rate_hz / from_hz * 2.0 ** (-cents / 1200.0)
    size = scipy.fft.next_fast_len(sound.shape[1] + int(0.05 * from_hz), real=True)
    coarse = round(size * ratio / 2 ** (OCTAVES - 1))
    return scipy.fft.rfft(sound, size, axis=1) / size, coarse << (OCTAVES - 1)


def _heard(spectrum: Complexes, frames: int) -> Floats:
    """What a spectrum sounds like in so many frames."""
    part = np.zeros((spectrum.shape[0], frames // 2 + 1), dtype=spectrum.dtype)
    bins = min(part.shape[1], spectrum.shape[1])
    part[:, :bins] = spectrum[:, :bins]
    return np.asarray(scipy.fft.irfft(part, frames, axis=1) * frames)


def _windows(place: Floats) -> list[Floats]:
    """How much of each frequency (over the rate) goes to each band; they sum to one."""
    octaves = np.log2(np.maximum(place, 1e-9))
    above = [
        0.5 - 0.5 * np.cos(np.pi * np.clip((octaves - math.log2(e)) / OVERLAP / 2 + 0.5, 0.0, 1.0))
        for e in EDGES
    ]
    highs = [np.ones_like(place), *above]
    lows = [*above, np.zeros_like(place)]
    return [high - low for high, low in zip(highs, lows, strict=True)]
