"""The sounds of wood and felt: the knock of a blow, the fall of a damper, the pedal.

Short noises that go through the soundboard like the strings. Each is made of a few resonances of
the keyboard and the case, rung by a burst of noise.

**Conventions.** Every sound has peak 1; how loud it is the bank says.

**Knows nothing of** strings, velocities.

**Reference** Keybed and case resonances and their part in the attack: A. Askenfelt, "Observations
on the transient components of the piano tone", STL-QPSR 34/4 (1993), 15–22.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["click", "damper_fall", "knock", "pedal_down", "pedal_up"]

Floats = npt.NDArray[np.float64]


def knock(rate_hz: int, variant: int) -> Floats:
    """The hammer's blow in the wood of case and key bed."""
    return _noise(
        rate_hz,
        0.12,
        ((90.0, 1.0, 0.030), (210.0, 0.9, 0.022), (480.0, 0.7, 0.014), (1100.0, 0.4, 0.008)),
        seed=100 + variant,
    )


def click(rate_hz: int, variant: int) -> Floats:
    """The same in the wire: short and bright, heard in loud playing."""
    return _noise(
        rate_hz,
        0.04,
        ((1800.0, 0.6, 0.008), (3200.0, 1.0, 0.006), (5200.0, 0.8, 0.004)),
        seed=150 + variant,
    )


def damper_fall(rate_hz: int, variant: int) -> Floats:
    """A damper falling back on its string and the key coming up."""
    return _noise(
        rate_hz,
        0.15,
        ((120.0, 1.0, 0.030), (330.0, 0.8, 0.025), (900.0, 0.3, 0.015), (2400.0, 0.1, 0.010)),
        seed=200 + variant,
    )


def pedal_down(rate_hz: int) -> Floats:
    """All dampers leaving the strings."""
    return _noise(
        rate_hz, 0.5, ((70.0, 1.0, 0.08), (180.0, 0.6, 0.10), (600.0, 0.25, 0.12)), seed=301
    )


def pedal_up(rate_hz: int) -> Floats:
    """All dampers falling on the strings."""
    return _noise(
        rate_hz, 0.4, ((60.0, 1.0, 0.06), (150.0, 0.8, 0.05), (420.0, 0.4, 0.04)), seed=302
    )


def _noise(
    rate_hz: int, seconds: float, parts: tuple[tuple[float, float, float], ...], seed: int
) -> Floats:
    """Bands of noise (centre in Hz, strength, decay time in s), an octave wide each."""
    import scipy.signal  # takes most of a second, and noises are made once

    rng = np.random.default_rng(seed)
    frames = int(seconds * rate_hz)
    t = np.arange(frames) / rate_hz
    out = np.zeros(frames)
    for centre_hz, strength, decay_s in parts:
        edges = (centre_hz * 0.6, min(centre_hz * 1.6, 0.45 * rate_hz))
        if edges[0] >= edges[1]:
            continue
        band = scipy.signal.butter(2, edges, "bandpass", fs=rate_hz, output="sos")
        wave = scipy.signal.sosfilt(band, rng.normal(size=frames) * np.exp(-t / decay_s))
        out += strength * wave / max(np.abs(wave).max(), 1e-12)
    fade = frames // 4
    out[-fade:] *= np.linspace(1.0, 0.0, fade)
    rise = max(2, int(0.0005 * rate_hz))
    out[:rise] *= np.linspace(0.0, 1.0, rise)
    return np.asarray(out / np.abs(out).max())
