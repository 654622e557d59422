"""Rooms to play in, from a practice room to a cathedral, heard with two ears.

In goes the name of a hall; out come impulse responses from the piano's left and right to a
listener's left and right ear. Most halls are boxes; a vineyard hall is a set of panels, the fronts
of its terraces, its outer walls and its ceiling.

**Conventions.** Metres; x across the stage, y from the stage's back wall, z up. The listener faces
the stage, so that his left is where x is large. Responses have shape (2, 2, taps), piano
side first. BANDS_HZ are the octave bands in which walls and air differ. A hall keeps the loudness
of the dry piano.

**Knows nothing of** pianos.

**Reference** Early sound: image sources of a box, J. Allen, D. Berkley, JASA 65 (1979), 943–950;
of single panels, J. Borish, JASA 75 (1984), 1827–1836, with soft edges and two reflections at most.
Late sound: exponential noise with the energy that a box's image sources have on average, and the
coherence of a diffuse field between the ears. Head: C. Brown, R. Duda, "A structural model for
binaural sound synthesis", IEEE TSAP 6 (1998), 476–488. Halls after L. Beranek, "Concert Halls and
Opera Houses" (2nd ed. 2004): the shoebox has the size of the Musikverein's, the vineyard the volume
and the reverberation of Suntory Hall's (21,000 m³, 2.0 s). None is a copy of a real hall.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.fft

__all__ = ["ALSO", "HALLS", "Hall", "Panel", "hall_responses"]

Floats = npt.NDArray[np.float64]

SOUND_M_S = 343.0
HEAD_M = 0.0875  # radius
EARS_APART_M = 0.30  # effective, for the coherence of a diffuse field between two ears
BANDS_HZ = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
AIR_PER_M = (0.0, 0.0001, 0.0003, 0.0006, 0.0012, 0.0035, 0.012)  # energy, 20 °C, 50 % (ISO 9613-1)
WALL_SHARE = 0.5  # of the mean absorption: most of it is the audience's, on the floor
PIANO_WIDTH_M = 1.2
MADE_HZ = 48_000
LEAD = 16  # frames before the first sound
PAD = 4096  # frames of silence that take up what rings ahead of a resampled blow


@dataclass(frozen=True, slots=True)
class Panel:
    """A round flat piece of wall: its centre, where it faces (need not be of length 1), radius."""

    centre_m: tuple[float, float, float]
    facing: tuple[float, float, float]
    radius_m: float


@dataclass(frozen=True, slots=True)
class Hall:
    """A room, where piano and listener are, and how long it rings in each of BANDS_HZ.

    With panels, these give the early sound, and `size_m` only volume and surface.
    """

    size_m: tuple[float, float, float]
    piano_m: tuple[float, float, float]
    listener_m: tuple[float, float, float]
    ring_s: tuple[float, float, float, float, float, float, float]
    mixing_s: float  # when single reflections give way to a diffuse sound
    floor: float  # amplitude that a floor with its audience throws back
    panels: tuple[Panel, ...] = ()


# Terraces around the stage: fronts beside the stalls and the stage, outer walls, ceiling.
VINEYARD = (
    Panel((27.5, 20.0, 2.5), (-1.0, 0.10, 0.10), 5.0),
    Panel((9.5, 21.0, 2.5), (1.0, 0.15, 0.10), 5.0),
    Panel((26.5, 11.0, 2.5), (-1.0, 0.25, 0.05), 4.5),
    Panel((10.5, 11.0, 2.5), (1.0, 0.25, 0.05), 4.5),
    Panel((18.5, 6.0, 3.0), (0.05, 1.0, 0.05), 6.0),
    Panel((17.0, 33.0, 3.5), (0.0, -1.0, 0.15), 6.0),
    Panel((36.0, 20.0, 8.0), (-1.0, 0.0, 0.0), 14.0),
    Panel((0.0, 22.0, 8.0), (1.0, 0.0, 0.0), 14.0),
    Panel((18.0, 0.0, 8.0), (0.0, 1.0, 0.0), 12.0),
    Panel((18.0, 14.0, 14.0), (0.0, 0.05, -1.0), 7.0),
    Panel((18.0, 24.0, 17.0), (0.0, 0.0, -1.0), 12.0),
)

HALLS = {
    "practice-room": Hall(
        (4.2, 5.1, 2.7), (2.3, 1.5, 1.0), (1.9, 3.6, 1.3),
        (0.45, 0.40, 0.36, 0.34, 0.33, 0.32, 0.28), 0.025, 0.7,
    ),
    "salon": Hall(
        (8.0, 11.0, 4.3), (4.3, 2.2, 1.0), (3.6, 6.4, 1.2),
        (0.95, 0.90, 0.85, 0.80, 0.75, 0.68, 0.50), 0.045, 0.6,
    ),
    "recital": Hall(
        (14.0, 26.0, 10.0), (7.3, 4.0, 1.6), (6.4, 12.5, 1.4),
        (1.60, 1.50, 1.45, 1.40, 1.30, 1.10, 0.75), 0.070, 0.4,
    ),
    "shoebox": Hall(
        (19.0, 48.0, 17.5), (9.9, 6.5, 2.0), (6.5, 15.5, 1.6),
        (2.15, 2.05, 1.92, 1.88, 1.75, 1.50, 0.95), 0.055, 0.4,
    ),
    "vineyard": Hall(
        (36.0, 40.0, 14.6), (18.6, 13.0, 2.0), (15.5, 24.5, 1.6),
        (2.20, 2.10, 1.98, 1.93, 1.78, 1.50, 0.95), 0.055, 0.5, VINEYARD,
    ),
    "cathedral": Hall(
        (28.0, 95.0, 26.0), (14.6, 18.0, 1.4), (13.0, 33.0, 1.4),
        (6.50, 6.20, 5.80, 5.20, 4.20, 2.80, 1.40), 0.140, 0.5,
    ),
}  # fmt: skip


ALSO = {"concert": "shoebox", "vienna": "shoebox", "tokyo": "vineyard"}
"""Other names that halls are called by."""


@functools.lru_cache(maxsize=4)
def hall_responses(name: str, rate_hz: int) -> npt.NDArray[np.float32]:
    """Impulse responses of a hall, shape (2 piano sides, 2 ears, taps)."""
    whole = _responses(ALSO.get(name, name))
    padded = scipy.fft.next_fast_len(whole.shape[2] + PAD, real=True)
    frames = round(padded * rate_hz / MADE_HZ)
    bins = min(frames, padded) // 2 + 1
    spectrum = np.zeros((2, 2, frames // 2 + 1), dtype=np.complex128)
    spectrum[:, :, :bins] = scipy.fft.rfft(whole, padded, axis=2)[:, :, :bins]
    taps = whole.shape[2] * rate_hz // MADE_HZ
    out = scipy.fft.irfft(spectrum, frames, axis=2)[:, :, :taps]
    return np.asarray(out / np.sqrt((out**2).sum() / 2.0), dtype=np.float32)


@functools.lru_cache(maxsize=4)
def _responses(name: str) -> Floats:
    """The same at MADE_HZ, so that a hall is one hall at every rate."""
    hall = HALLS[name]
    taps = scipy.fft.next_fast_len(int(1.05 * max(hall.ring_s) * MADE_HZ), real=True)
    bands = _band_filters(taps, MADE_HZ)
    late = _late(hall, taps, MADE_HZ)
    out = np.zeros((2, 2, taps))
    for side, offset in enumerate((PIANO_WIDTH_M / 2, -PIANO_WIDTH_M / 2)):
        both = late.copy()
        _add_early(both, hall, offset, MADE_HZ)
        spectrum = scipy.fft.rfft(both, axis=2) * bands[:, None, :]
        out[side] = scipy.fft.irfft(spectrum.sum(axis=0), taps)
    first = int(np.nonzero(np.abs(out).max(axis=(0, 1)) > 1e-3 * np.abs(out).max())[0][0])
    return out[:, :, max(0, first - LEAD) :]


def _band_filters(taps: int, rate_hz: int) -> Floats:
    """Magnitudes that cut the spectrum into BANDS_HZ and sum to one, shape (bands, bins)."""
    hz = np.maximum(np.fft.rfftfreq(taps, 1.0 / rate_hz), 1.0)
    place = np.interp(np.log2(hz), np.log2(BANDS_HZ), np.arange(len(BANDS_HZ)))
    return np.stack([np.clip(1.0 - np.abs(place - b), 0.0, 1.0) for b in range(len(BANDS_HZ))])


def _reflection(hall: Hall) -> Floats:
    """Amplitude left after one reflection in each band (Eyring's formula turned round)."""
    x, y, z = hall.size_m
    volume, surface = x * y * z, 2.0 * (x * y + y * z + x * z)
    ring = np.array(hall.ring_s)
    per_reflection = 0.161 * volume / surface * (1.0 / ring) - 4.0 * volume / surface * np.array(
        AIR_PER_M
    )
    return np.asarray(np.exp(-np.maximum(per_reflection, 0.01) / 2.0))


def _add_early(out: Floats, hall: Hall, offset_m: float, rate_hz: int) -> None:
    """Add direct sound and reflections before the mixing time to (bands, ears, taps)."""
    reach_m = SOUND_M_S * (hall.mixing_s + _direct_m(hall) / SOUND_M_S)
    per_wall = _reflection(hall) ** WALL_SHARE
    source = np.array(hall.piano_m) + np.array([offset_m, 0.0, 0.0])
    images = _panel_images(hall, source) if hall.panels else _box_images(hall, source, reach_m)
    for image, walls, share in images:
        away = image - np.array(hall.listener_m)
        distance = float(np.linalg.norm(away))
        if distance < reach_m:
            level = share * per_wall**walls / distance
            level *= np.exp(-0.5 * np.array(AIR_PER_M) * distance)
            # single reflections fade out as the diffuse sound comes in
            level *= np.sqrt(1.0 - _diffuse(hall, distance / SOUND_M_S) ** 2)
            _put(out, away / distance, distance / SOUND_M_S, level, rate_hz)


def _box_images(hall: Hall, source: Floats, reach_m: float) -> Iterator[tuple[Floats, int, float]]:
    """Where a box's walls mirror the source to, in how many walls, and what its floor left."""
    size = np.array(hall.size_m)
    orders = [range(-math.ceil(reach_m / s) - 1, math.ceil(reach_m / s) + 2) for s in hall.size_m]
    for order in itertools.product(*orders):
        n, nz = np.array(order), order[2]
        mirrored = np.where(n % 2 == 0, source, size - source)
        on_floor = (abs(nz) + (nz < 0)) // 2
        yield n * size + mirrored, int(np.abs(n).sum()) - on_floor, hall.floor**on_floor


def _panel_images(hall: Hall, source: Floats) -> Iterator[tuple[Floats, int, float]]:
    """The same for a hall of panels, up to two of them, and the floor after none or any."""
    listener = np.array(hall.listener_m)
    below = listener * np.array([1.0, 1.0, -1.0])
    paths = [
        path for n in range(3) for path in itertools.product(hall.panels, repeat=n)
        if all(a is not b for a, b in itertools.pairwise(path))
    ]  # fmt: skip
    for path in paths:
        images = [source]
        for panel in path:
            images.append(_mirrored(images[-1], panel))
        for ear, left in ((listener, 1.0), (below, hall.floor)):
            share = left * _lit(ear, path, images)
            if share > 1e-3:
                up = 1.0 if ear is listener else -1.0  # what the floor throws back rises
                yield listener + (images[-1] - ear) * np.array([1.0, 1.0, up]), len(path), share


def _mirrored(point: Floats, panel: Panel) -> Floats:
    normal = np.array(panel.facing) / np.linalg.norm(panel.facing)
    depth = float((point - np.array(panel.centre_m)) @ normal)
    return np.asarray(point - 2.0 * depth * normal)


def _lit(listener: Floats, path: tuple[Panel, ...], images: list[Floats]) -> float:
    """How much of a sound by way of panels arrives: all where it meets their middle, 0..1."""
    share, ear = 1.0, listener
    for panel, image in zip(reversed(path), reversed(images[1:]), strict=True):
        normal = np.array(panel.facing) / np.linalg.norm(panel.facing)
        centre = np.array(panel.centre_m)
        front, behind = float((ear - centre) @ normal), float((image - centre) @ normal)
        if front <= 0.0 or behind >= 0.0:
            return 0.0
        meets = ear + (image - ear) * front / (front - behind)
        share /= 1.0 + (float(np.linalg.norm(meets - centre)) / panel.radius_m) ** 6
        ear = meets
    return share


def _direct_m(hall: Hall) -> float:
    return math.dist(hall.piano_m, hall.listener_m)


def _diffuse(hall: Hall, time_s: npt.ArrayLike) -> Floats:
    """Share (in amplitude) of the diffuse sound at a time after the blow."""
    since = np.asarray(time_s) - _direct_m(hall) / SOUND_M_S
    return np.asarray(np.clip(since / hall.mixing_s, 0.0, 1.0) ** 1.5)


def _put(out: Floats, toward: Floats, time_s: float, level: Floats, rate_hz: int) -> None:
    """Add one arrival from a direction, with the head's delay and shadow at each ear."""
    side = float(np.clip(toward[0], -1.0, 1.0))  # + is left
    for ear, sign in enumerate((1.0, -1.0)):
        angle = math.acos(float(np.clip(sign * side, -1.0, 1.0)))  # from the ear's own axis
        late_s = -HEAD_M / SOUND_M_S * math.cos(angle)
        if angle > math.pi / 2:
            late_s = HEAD_M / SOUND_M_S * (angle - math.pi / 2)
        at = (time_s + late_s) * rate_hz
        i, part = int(at), at - int(at)
        if i + 1 < out.shape[2]:
            heard = level * _shadow(angle)
            out[:, ear, i] += heard * (1.0 - part)
            out[:, ear, i + 1] += heard * part


def _shadow(angle: float) -> Floats:
    """Gain of each band at an ear for sound at `angle` from its axis (Brown & Duda, eq. 2)."""
    alpha = 1.05 + 0.95 * math.cos(angle * 180.0 / 150.0)
    w = 2.0 * math.pi * np.array(BANDS_HZ) / (2.0 * SOUND_M_S / HEAD_M)
    return np.asarray(np.sqrt((1.0 + (alpha * w) ** 2) / (1.0 + w**2)))


def _late(hall: Hall, taps: int, rate_hz: int) -> Floats:
    """The diffuse sound, shape (bands, ears, taps)."""
    rng = np.random.default_rng(1870)
    hz = np.fft.rfftfreq(taps, 1.0 / rate_hz)
    one, other = scipy.fft.rfft(rng.normal(size=(2, taps)), axis=1)
    alike = np.sinc(2.0 * hz * EARS_APART_M / SOUND_M_S)
    ears = scipy.fft.irfft(np.stack([one, alike * one + np.sqrt(1.0 - alike**2) * other]), taps)
    x, y, z = hall.size_m
    t = np.arange(taps) / rate_hz
    start = _diffuse(hall, t)
    # image sources of a box: 4πc³t²/V arrivals a second, each of energy 1/(ct)²
    density = math.sqrt(4.0 * math.pi * SOUND_M_S / (x * y * z * rate_hz))
    fall = np.exp(-6.91 * t[None, :] / np.array(hall.ring_s)[:, None])
    return np.asarray(density * (fall * start)[:, None, :] * ears[None, :, :])
