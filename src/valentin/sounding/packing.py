"""Strands one by one → a bank: samples as 16-bit numbers side by side, laws as columns.

**Conventions.** As in `bank`.

**Knows nothing of** how a strand was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.sounding.bank import Bank, crc_of
from valentin.sounding.sympathy import Resonators

__all__ = ["Ranges", "Strand", "packed", "strand"]

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

LARGEST = 32_000


@dataclass(frozen=True, slots=True)
class Strand:
    """One stretch of sound with its laws: gains over velocity (128,), share of each bus."""

    samples: npt.NDArray[np.int16]
    scale: float
    octave: int
    gain: Floats
    soft_gain: Floats
    bus: Floats
    damping_hz: float = 0.0
    fading_hz: float = 0.0


def strand(sound: Floats, octave: int, gain: Floats, soft_gain: Floats, bus: Floats) -> Strand:
    """A strand of float samples, without damping."""
    scale = max(float(np.abs(sound).max()), 1e-12) / LARGEST
    return Strand(np.round(sound / scale).astype(np.int16), scale, octave, gain, soft_gain, bus)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which strands belong to each key, its release, and the pedal; and each key's resampling."""

    keys: Ints
    releases: Ints
    pedals: Ints
    shift: Ints


def packed(
    strands: Sequence[Strand], ranges: Ranges, rate_hz: int, body: Floats, strings: Resonators
) -> Bank:
    """The bank that holds these strands in this order."""
    length = np.array([len(s.samples) for s in strands], dtype=np.int64)
    return Bank(
        rate_hz=rate_hz,
        samples=np.concatenate([s.samples for s in strands]),
        start=np.cumsum(length) - length,
        length=length,
        scale=np.array([s.scale for s in strands], dtype=np.float32),
        octave=np.array([s.octave for s in strands], dtype=np.int64),
        crc=np.array([crc_of(s.samples) for s in strands], dtype=np.uint32),
        keys=ranges.keys,
        releases=ranges.releases,
        pedals=ranges.pedals,
        shift=ranges.shift,
        gain=np.stack([s.gain for s in strands]).astype(np.float32),
        soft_gain=np.stack([s.soft_gain for s in strands]).astype(np.float32),
        damping_hz=np.array([s.damping_hz for s in strands], dtype=np.float32),
        fading_hz=np.array([s.fading_hz for s in strands], dtype=np.float32),
        bus_gain=np.stack([s.bus for s in strands]).astype(np.float32),
        body=body.astype(np.float32),
        strings=strings,
    )
