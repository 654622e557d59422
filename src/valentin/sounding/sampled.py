"""A sampled grand: recorded keys become strands of a bank.

In goes a folder of recordings (`Layout` says which); out comes a `Bank`. Every layer of every
recorded key is brought into tune and into step with its neighbours and cut into bands, each at the
octave of sampling rates that suits it, so that touch, una corda and dampers work as on the modelled
grand. Dampers, soft pedal and open strings are the modelled grand's.

**Conventions.** As in `bank`; bus 0 is left, bus 1 right. A key that was not recorded takes the
strands of its neighbour, a semitone shifted. A blow starts LEAD_S after its strand.

**Knows nothing of** performances, and where the recordings come from.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from valentin.sounding.bank import Bank
from valentin.sounding.cutting import (
    CENTRES,
    LEAD_S,
    bands_of,
    cents_above,
    in_step,
    read_recording,
)
from valentin.sounding.engine import OCTAVES
from valentin.sounding.layering import (
    START_S,
    band_laws,
    gains,
    levels,
    likeness,
    overlap,
    rising,
)
from valentin.sounding.modelled import damper_hz, open_strings, una_corda
from valentin.sounding.packing import Ranges, Strand, packed, strand
from valentin.sounding.scale import stretch_cents
from valentin.sounding.sympathy import Resonators
from valentin.sounding.voicing import BANDS_HZ

__all__ = ["Layout", "Noise", "build_sampled"]

Floats = npt.NDArray[np.floating]

LONGEST_S = 14.0
QUIET = 10.0 ** (-66.0 / 20.0)  # a strand ends where it is 66 dB below its layer's loudest moment …
HISS = 10.0 ** (-88.0 / 20.0)  # … or as weak as the recording's own noise
MOMENT_S = 0.02
FADE = 0.15  # of a strand
EVENED_KEYS = 1.0  # recorded keys over which their loudness is smoothed


@dataclass(frozen=True, slots=True)
class Noise:
    """A noise of the action: its file and its gain over velocity (128,); `fading_hz` as in bank."""

    file: str
    gain: Floats
    fading_hz: float = 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Which files a sampled grand has and what they are.

    `layers` maps a recorded pitch to its files, softest first, `velocities` says how hard each was
    struck; `weight` (128,) is put on each velocity on top of what was recorded, and `level`
    brings the instrument to the loudness of the modelled one.
    """

    layers: Mapping[int, tuple[str, ...]]
    velocities: tuple[float, ...]
    releases: Mapping[int, tuple[Noise, ...]]
    pedals: tuple[tuple[Noise, ...], tuple[Noise, ...]]  # down, up
    level: float
    weight: Floats  # over velocity (128,)

    def files(self) -> set[str]:
        """The names of all files."""
        noises = [n for row in (*self.releases.values(), *self.pedals) for n in row]
        return {f for row in self.layers.values() for f in row} | {n.file for n in noises}


@dataclass(frozen=True, slots=True)
class _Key:
    """One recorded key: its strands by layer, band, channel; and what is known of the layers.

    `common` are the bands' energies and what they share (layers, bands, bands), `alike` as in
    `layering`.
    """

    strands: list[Strand]
    velocities: Floats
    common: Floats
    alike: Floats


def build_sampled(
    folder: Path, layout: Layout, rate_hz: int, progress: Callable[[float], None] | None = None
) -> Bank:
    """The bank of a folder of recordings. Raises DeviceError where one is missing or damaged."""
    recorded = sorted(layout.layers)
    found = []
    for done, pitch in enumerate(recorded):
        layers = [read_recording(folder / file, LONGEST_S) for file in layout.layers[pitch]]
        found.append(_key(pitch, layers, np.array(layout.velocities), rate_hz))
        if progress:
            progress((done + 1) / len(recorded))
    strands: list[Strand] = []
    keys, releases = np.zeros((2, 128, 2), dtype=np.int64)
    ranges = Ranges(keys, releases, np.zeros((2, 2), dtype=np.int64), _shifts(recorded))
    for pitch, key, laws in zip(recorded, found, _evened(found, layout.weight), strict=True):
        voiced = layout.level * gains(laws, key.common, key.alike, key.velocities)
        span = len(strands), len(strands) + len(key.strands)
        strands += _voiced(key.strands, pitch, voiced, rate_hz)
        for by in (-1, 0, 1):
            if ranges.shift[pitch + by] == by and (by == 0 or pitch + by not in recorded):
                ranges.keys[pitch + by] = span
    noises = [*((ranges.releases[p], row) for p, row in layout.releases.items())]
    noises += zip(ranges.pedals, layout.pedals, strict=True)
    for span, row in noises:
        span[0] = len(strands)
        strands += [s for noise in row for s in _noise(folder, noise, layout.level, rate_hz)]
        span[1] = len(strands)
    return packed(strands, ranges, rate_hz, np.eye(2)[:, :, None], _open_strings(rate_hz))


def _shifts(recorded: Sequence[int]) -> npt.NDArray[np.int64]:
    """By how many semitones each pitch is raised from its nearest recorded one."""
    shift = np.zeros(128, dtype=np.int64)
    for pitch in recorded:
        for by in (-1, 1):
            if pitch + by not in recorded:
                shift[pitch + by] = by
    return shift


def _key(
    pitch: int, layers: Sequence[tuple[Floats, int]], velocities: Floats, rate_hz: int
) -> _Key:
    """The layers of a key that are used, in tune, in step, and cut into bands."""
    found = cents_above(*layers[len(layers) * 2 // 3], pitch)
    cents = 0.0 if found is None else stretch_cents(pitch) - found
    starts = in_step(layers)
    cut = [(sound[:, at:], hz) for (sound, hz), at in zip(layers, starts, strict=True)]
    used = rising([_brightness(*layer) for layer in cut])
    bands = [bands_of(*cut[i], rate_hz, cents) for i in used]
    start = int(START_S * rate_hz) >> OCTAVES << OCTAVES
    heads = [[band[:, : start >> o] for o, band in _by_octave(row)] for row in bands]
    alike = [
        [likeness(a, b) for a, b in zip(one, other, strict=True)]
        for one, other in itertools.pairwise(heads)
    ]
    return _Key(
        strands=[s for row in bands for s in _unvoiced(row, rate_hz)],
        velocities=velocities[used],
        common=np.array([overlap(row) for row in heads]),
        alike=np.array(alike),
    )


def _brightness(sound: Floats, rate_hz: int) -> float:
    """Mean frequency of the first START_S, weighed with power."""
    part = sound[:, : int(START_S * rate_hz)]
    power = (np.abs(np.fft.rfft(part * np.hanning(part.shape[1]), axis=1)) ** 2).sum(axis=0)
    return float((np.arange(len(power)) * power).sum() / power.sum())


def _by_octave(bands: list[Floats]) -> Iterator[tuple[int, Floats]]:
    """The bands, low to high, each with the octave of rates that it comes at."""
    return ((OCTAVES - 1 - i, band) for i, band in enumerate(bands))


def _unvoiced(bands: list[Floats], rate_hz: int) -> Iterator[Strand]:
    """The strands of a layer without laws, by band and channel."""
    silence = np.zeros(128)
    moments = [_moments(band, rate_hz / 2**o) for o, band in _by_octave(bands)]
    least = min(len(m) for m in moments)
    loudest = float(np.sum([m[:least] for m in moments], axis=0).max())
    floor = max(loudest * QUIET**2, HISS**2)
    for (o, band), strength in zip(_by_octave(bands), moments, strict=True):
        heard = np.nonzero(strength > floor)[0]
        moment = max(1, int(MOMENT_S * rate_hz / 2**o))
        last = (int(heard[-1]) + 1 if len(heard) else 1) * moment
        cut = band[:, : max(64, last)].copy()
        fade = int(FADE * cut.shape[1])
        cut[:, -fade:] *= np.linspace(1.0, 0.0, fade)
        rise = max(2, int(LEAD_S / 2 * rate_hz / 2**o))
        cut[:, :rise] *= np.linspace(0.0, 1.0, rise)
        for channel, bus in zip(cut, np.eye(2), strict=True):
            yield strand(channel, o, silence, silence, bus)


def _moments(band: Floats, rate_hz: float) -> Floats:
    """Mean square over short moments, both channels."""
    moment = max(1, int(MOMENT_S * rate_hz))
    whole = band.shape[1] // moment * moment
    return np.asarray((band[:, :whole].reshape(2, -1, moment) ** 2).mean(axis=(0, 2)))


def _evened(keys: Sequence[_Key], weight: Floats) -> list[Floats]:
    """The laws of the recorded keys, low to high, with their levels smoothed over neighbours."""
    laws = [band_laws(key.common, key.velocities, weight) for key in keys]
    found = np.array(
        [levels(law, key.common, key.velocities) for law, key in zip(laws, keys, strict=True)]
    )
    smooth = scipy.ndimage.gaussian_filter1d(found, EVENED_KEYS, axis=0, mode="nearest")
    return [law + to - level for law, level, to in zip(laws, found, smooth, strict=True)]


def _voiced(strands: list[Strand], pitch: int, voiced: Floats, rate_hz: int) -> list[Strand]:
    """The strands of a key with their laws; `voiced` is (layers, bands, 128)."""
    out = []
    for i, one in enumerate(strands):
        layer, band = divmod(i // 2, OCTAVES)
        place = float(
            np.interp(np.log(CENTRES[band] * rate_hz), np.log(BANDS_HZ), range(len(BANDS_HZ)))
        )
        law = voiced[layer, band]
        soft = law * una_corda(place)
        out.append(replace(one, gain=law, soft_gain=soft, damping_hz=damper_hz(pitch, place)))
    return out


def _noise(folder: Path, noise: Noise, level: float, rate_hz: int) -> Iterator[Strand]:
    """A noise of the action, by band and channel."""
    sound, from_hz = read_recording(folder / noise.file, LONGEST_S)
    law = noise.gain * level
    for one in _unvoiced(bands_of(sound, from_hz, rate_hz, 0.0), rate_hz):
        yield replace(one, gain=law, soft_gain=law, fading_hz=noise.fading_hz)


def _open_strings(rate_hz: int) -> Resonators:
    """The modelled grand's open strings, heard by turns left and right."""
    strings = open_strings(rate_hz)
    drive = (strings.drive / math.sqrt(2.0)).astype(np.float32)  # both channels move each string
    return replace(strings, bus=strings.pitch % 2, drive=drive)
