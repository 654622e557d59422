"""Voicing: what a technician makes of the hammers, key by key and over the keyboard.

In goes the physics of one key; out comes its `Voice`: in every band of the spectrum one shape and
one law of loudness over velocity, level rising evenly, and all keys of even strength.

**Conventions.** BANDS_HZ are the centres of bands that overlap as triangles on a logarithmic
frequency axis. Laws are gains, shape (bands, 128) over MIDI velocity, 1 at 127.

**Knows nothing of** samples.

**Reference** Voicing and regulation as in A. Askenfelt (ed.), "Five lectures on the acoustics of
the piano" (1990), lecture by A. Conklin; A-weighting: IEC 61672-1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from valentin.sounding.hammer import hammer_speed_m_s, strengths
from valentin.sounding.scale import HIGHEST, LOWEST, Key, key
from valentin.sounding.soundboard import bus_gains, radiation
from valentin.sounding.strings import Modes, modes_of

__all__ = [
    "BANDS_HZ",
    "Voice",
    "band_windows",
    "brightening",
    "even_steps",
    "evenness",
    "voice_of",
]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

BANDS_HZ = (300.0, 750.0, 1500.0, 3000.0, 6000.0, 11000.0)
TOP_HZ = 14_000.0
VELOCITIES = np.array([1.0, 6, 12, 18, 24, 30, 36, 44, 52, 60, 68, 76, 84, 92, 100, 109, 118, 127])
FULL = len(VELOCITIES) - 1
# Steps of level between neighbouring velocities, as natural logarithms: 0.15 and 0.8 dB.
LEAST_STEP, LARGEST_STEP = 0.017, 0.092
# How much each band gains on the next lower one per velocity at least, as natural logarithm, by
# pitch: 0.05 and 0.1 dB; partials of recorded notes gain 0.05 dB an octave in the bass and 0.12
# above C5.
LEAST_TILT = ((60.0, 84.0), (0.006, 0.0115))
EMPTY = 1e-6  # a band with less than this of the strongest partial has none
STEP_WIDTH = 6.0  # velocities over which the steps are smoothed
WEIGHED_AT = 64  # velocity at which keys are made even …
WEIGHED_S = 0.4  # … over this time
EVEN_OVER = 4.0  # keys over which strength is smoothed
KEYS_EVENED = 0.85  # share of the departures from smooth strength that voicing takes away
# What the keyboard gains beside that, dB at pitches, as compared with a recorded concert grand's
# first half second (`docs/concepts/sound.md`): a shorter bass, a clearer sixth octave.
TREND = ((21, 30, 39, 75, 87, 93, 102, 108), (-5.5, -2.3, 0.0, 0.7, 6.0, 5.5, 1.3, -5.5))
PARTIALS_EVENED = 0.7  # the same for single partials …
MOST = 4.0  # … by this factor at most


@dataclass(frozen=True, slots=True)
class Voice:
    """One key: its modes, and per band complex strengths at velocity 127 and a law."""

    key: Key
    modes: Modes
    spectra: Complexes  # (bands, partials)
    laws: Floats  # (bands, 128)


def voice_of(pitch: int, rate_hz: int) -> Voice:
    """The voiced sound of one key, partials below the rate's reach only."""
    this = key(pitch)
    modes = modes_of(this, min(TOP_HZ, 0.45 * rate_hz))
    if len(modes.partials_hz) == 0:
        bands = len(BANDS_HZ)
        return Voice(this, modes, np.zeros((bands, 0), np.complex128), np.zeros((bands, 128)))
    blows = strengths(this, hammer_speed_m_s(VELOCITIES), modes.partials_hz)
    sizes = np.abs(blows)
    spectra, steps = _shared(band_windows(modes.partials_hz), sizes)
    velocity = np.arange(128)
    laws = np.stack([np.interp(velocity, VELOCITIES, law) for law in steps.T])
    filled = np.abs(spectra).max(axis=1) > EMPTY * np.abs(spectra).max()
    laws = brightening(laws, filled, float(np.interp(pitch, *LEAST_TILT)))
    level = np.log(np.maximum(np.linalg.norm(np.exp(laws).T @ spectra, axis=1), 1e-12))
    laws = np.exp(laws + even_steps(level))
    laws[:, 0] = 0.0
    return Voice(this, modes, spectra * np.exp(1j * np.angle(blows[FULL])), laws)


def band_windows(partials_hz: Floats) -> Floats:
    """How each partial is shared out over the bands, shape (bands, partials), sum 1."""
    centres, place = np.log(BANDS_HZ), np.log(partials_hz)
    return np.stack([np.interp(place, centres, row) for row in np.eye(len(BANDS_HZ))])


def _shared(windows: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """Each band's partials over all velocities as one spectrum and one law.

    `sizes` are the blows' (velocities, partials); spectra (bands, partials) and log gains
    (velocities, bands) multiply to the best approximation with equal weight on every velocity and,
    within one, more on weak partials than their energy.
    """
    spectra, laws = np.zeros_like(windows), np.zeros((len(sizes), len(windows)))
    for b, window in enumerate(windows):
        part = sizes * window
        loud = np.linalg.norm(part, axis=1, keepdims=True) + 1e-12
        weight = 1.0 / np.sqrt((part / loud).mean(axis=0) + 1e-3)
        main = np.abs(np.linalg.svd(part / loud * weight, full_matrices=False)[2][0])
        gain = (part * weight) @ main + 1e-12
        spectra[b] = main / weight * gain[FULL]
        laws[:, b] = np.log(gain / gain[FULL])
    return spectra, laws


def brightening(laws: Floats, filled: npt.NDArray[np.bool_], least_tilt: float) -> Floats:
    """The same log gains, made so that louder is brighter; empty bands follow a neighbour."""
    import scipy.optimize  # takes a third of a second, and banks are made once

    out = laws.copy()
    tilt = -least_tilt * np.arange(laws.shape[1])[::-1]
    lowest = int(np.argmax(filled))
    out[:lowest] = out[lowest]
    for b in range(lowest + 1, len(out)):
        above = laws[b] - laws[b - 1] if filled[b] else np.zeros(laws.shape[1])
        rising = scipy.optimize.isotonic_regression(above - tilt).x
        out[b] = out[b - 1] + tilt + rising - rising[-1]
    return out


def even_steps(level: Floats) -> Floats:
    """What to add to log gains at every velocity so that the log level (128,) rises evenly."""
    smooth = scipy.ndimage.gaussian_filter1d(np.diff(level), STEP_WIDTH, mode="nearest")
    steps = np.clip(smooth, LEAST_STEP, LARGEST_STEP)
    wanted = level[-1] - np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])
    return np.asarray(wanted - level)


def evenness(voices: list[Voice], body: Floats, rate_hz: int) -> list[Floats]:
    """Factors for the partials of each voice (lowest key first) that make the keyboard even.

    Heard through `body`, keys come near each other in loudness and partials near the smooth part of
    the radiation: what a maker's and a tuner's care do to the accidents of a board.
    """
    spectrum = np.fft.rfft(body, axis=2)
    step_hz = rate_hz / body.shape[2]
    places = bus_gains(np.arange(LOWEST, HIGHEST + 1))
    factors, levels = [], []
    for voice, place in zip(voices, places, strict=True):
        hz = voice.modes.partials_hz
        bins = np.minimum(np.round(hz / step_hz).astype(int), spectrum.shape[2] - 1)
        heard = np.linalg.norm(np.tensordot(place, spectrum[:, :, bins], 1), axis=0)
        accident = heard / radiation(hz)
        usual = np.median(accident) if len(hz) else 1.0
        factor = np.clip((usual / accident) ** PARTIALS_EVENED, 1 / MOST, MOST)
        factors.append(factor)
        levels.append(_loudness_db(voice, factor * heard))
    found = np.array(levels)
    found[~np.isfinite(found)] = found[np.isfinite(found)].min()
    smooth = scipy.ndimage.gaussian_filter1d(found, EVEN_OVER, mode="nearest")
    trend = np.interp(np.arange(LOWEST, HIGHEST + 1), *TREND)
    keys = 10.0 ** ((KEYS_EVENED * (smooth - found) + trend) / 20.0)
    return [factor * strength for factor, strength in zip(factors, keys, strict=True)]


def _loudness_db(voice: Voice, heard: Floats) -> float:
    """A-weighted energy of a key's first moments at WEIGHED_AT."""
    hz = voice.modes.partials_hz
    size = np.abs(voice.laws[:, WEIGHED_AT] @ voice.spectra) * heard * _a_weight(hz)
    decay = -2.0 * voice.modes.prompt.real
    energy = float((size**2 * (1.0 - np.exp(-decay * WEIGHED_S)) / decay).sum())
    return 10.0 * float(np.log10(energy)) if energy > 0.0 else -np.inf


def _a_weight(hz: Floats) -> Floats:
    """Amplitude of the A-weighting curve, up to a factor."""
    f2 = hz**2
    poles = (f2 + 20.6**2) * (f2 + 12194.0**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2))
    return np.asarray(12194.0**2 * f2**2 / poles)
