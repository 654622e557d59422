"""Recorded layers of one key → one instrument over all velocities.

In go the layers of a key, softest first, cut into bands; out come, for every layer and band, the
gain at each velocity. Between two layers both sound, in step and weighed so that every band has
just the energy it should have; that energy rises with velocity in even steps, and more in the
upper bands.

**Conventions.** Sounds have shape (channels, frames). `common` are energies of the first START_S,
of each band and what two bands share, shape (layers, bands, bands); `alike` (layers − 1, bands) is
the correlation of each layer with the next, in step. Laws are natural logarithms of amplitude,
shape (bands, 128).

**Knows nothing of** files, keys, pedals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from valentin.sounding.voicing import brightening, even_steps

__all__ = [
    "START_S",
    "band_laws",
    "gains",
    "lag_between",
    "levels",
    "likeness",
    "overlap",
    "rising",
]

Floats = npt.NDArray[np.floating]

START_S = 0.5
LEAST_TILT = 0.002  # what a band gains on the next lower one per velocity at least, as logarithm
EMPTY = 1e-7  # a band with less than this of the energy has none
IN_STEP = 0.5  # correlation under which two layers have no common beginning to be found


def lag_between(one: Floats, other: Floats, most: int) -> int | None:
    """By how many frames `other` comes after `one`, at most `most`; None where they differ."""
    import scipy.signal  # takes most of a second, and banks are made once

    frames = min(len(one), len(other))
    a, b = one[:frames], other[:frames]
    both = scipy.signal.correlate(b, a, "full", method="fft")[frames - 1 - most : frames + most]
    best = int(np.argmax(both))
    alike = both[best] / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-12)
    return best - most if alike > IN_STEP else None


def likeness(one: Floats, other: Floats) -> float:
    """Correlation of two sounds in step, 0..1."""
    frames = min(one.shape[1], other.shape[1])
    a, b = one[:, :frames], other[:, :frames]
    return float(np.clip((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum() + 1e-20), 0.0, 1.0))


def rising(brightness: Sequence[float]) -> list[int]:
    """Which layers to use: as many as there can be of which each is brighter than the one below.

    A layer that is not makes a dull spot among the velocities; the loudest is always used.
    """
    best: list[list[int]] = []
    for layer, here in enumerate(brightness):
        below = [chain for chain in best if brightness[chain[-1]] < here]
        best.append([*max(below, key=len, default=[]), layer])
    return best[-1]


def overlap(bands: Sequence[Floats]) -> Floats:
    """Energies that bands have in common, shape (bands, bands), each at half the next one's rate.

    Bands come low to high with shape (channels, frames).
    """
    spectra = [np.fft.rfft(band, axis=1) / np.sqrt(band.shape[1]) for band in bands]
    out = np.empty((len(bands), len(bands)))
    for i, one in enumerate(spectra):
        for j, other in enumerate(spectra):
            bins = min(one.shape[1], other.shape[1])
            out[i, j] = 2.0 * (one[:, :bins] * other[:, :bins].conj()).real.sum()
    per_band = 2.0 ** (0.5 * np.arange(len(bands))[::-1])  # a band at half the rate has half
    return np.asarray(out * per_band[:, None] * per_band)


def levels(laws: Floats, common: Floats, velocities: Floats) -> Floats:
    """Logarithm of the whole sound's amplitude at every velocity; `common` is a layer's overlap."""
    size = np.sqrt(np.einsum("lbb->lb", common)) + 1e-20
    alike = common / size[:, :, None] / size[:, None, :]
    at = np.arange(128.0)
    bands = laws.shape[0]
    mixed = np.array(
        [[np.interp(at, velocities, alike[:, i, j]) for j in range(bands)] for i in range(bands)]
    )
    weights = np.exp(laws)
    return np.asarray(0.5 * np.log(np.einsum("iv,ijv,jv->v", weights, mixed, weights)))


def band_laws(common: Floats, velocities: Floats, weight: Floats) -> Floats:
    """How loud each band is at every velocity: what the layers have at theirs, times a weight."""
    energies = np.einsum("lbb->lb", common)
    found = 0.5 * np.log(np.maximum(energies, 1e-20)).T  # (bands, layers)
    velocity = np.arange(128.0)
    laws = np.stack([np.interp(velocity, velocities, row) for row in found])
    slope = (found[:, -1] - found[:, 0]) / (velocities[-1] - velocities[0])
    beyond = np.minimum(velocity - velocities[0], 0.0) + np.maximum(velocity - velocities[-1], 0.0)
    laws += slope[:, None] * beyond
    laws += np.log(np.maximum(weight, 1e-6))
    filled = energies.max(axis=0) > EMPTY * energies.max()
    loudest = laws[:, -1:]
    bright = brightening(np.asarray(laws - loudest, np.float64), filled, LEAST_TILT) + loudest
    level = np.asarray(levels(bright, common, velocities), np.float64)
    return np.asarray(bright + even_steps(level))


def gains(laws: Floats, common: Floats, alike: Floats, velocities: Floats) -> Floats:
    """What each layer's bands are multiplied with, shape (layers, bands, 128)."""
    layers, energies = len(velocities), np.einsum("lbb->lb", common)
    place = np.clip(np.interp(np.arange(128.0), velocities, np.arange(layers)), 0, layers - 1)
    out = np.zeros((layers, laws.shape[0], 128))
    for velocity in range(1, 128):
        low = min(int(place[velocity]), layers - 2) if layers > 1 else 0
        part = place[velocity] - low
        shared = alike[low] if layers > 1 else np.zeros(laws.shape[0])
        mixed = (1.0 - part) ** 2 + part**2 + 2.0 * part * (1.0 - part) * shared
        for layer, weight in ((low, 1.0 - part), (low + 1, part)):
            if weight > 0.0:
                size = np.sqrt(np.maximum(energies[layer], 1e-20) * mixed)
                out[layer, :, velocity] = weight * np.exp(laws[:, velocity]) / size
    return out
