"""The modelled grand: its design and physics rendered once into a bank.

**Conventions.** As in `bank` and `voicing`: a key is one strand per band and hammer position.

**Knows nothing of** performances, files.

**Reference** See `scale`, `hammer`, `strings`, `soundboard`, `voicing`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numba
import numpy as np
import numpy.typing as npt

from valentin.sounding.bank import Bank
from valentin.sounding.engine import OCTAVES
from valentin.sounding.hammer import hammer_speed_m_s
from valentin.sounding.noises import click, damper_fall, knock, pedal_down, pedal_up
from valentin.sounding.packing import Ranges, Strand, packed, strand
from valentin.sounding.scale import HIGHEST, LOWEST, key
from valentin.sounding.soundboard import bus_gains, responses
from valentin.sounding.strings import modes_of
from valentin.sounding.sympathy import Resonators
from valentin.sounding.voicing import BANDS_HZ, Voice, band_windows, evenness, voice_of

__all__ = ["LAST_DAMPER", "build_modelled", "damper_hz", "open_strings", "una_corda"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

LONGEST_S = 14.0
QUIET = 10.0 ** (-76.0 / 20.0)  # a strand ends where it is 76 dB below the whole blow
LAST_DAMPER = 89  # F6: strings above it have none
DAMPER_HZ = 26.0  # 1/s at middle C, as measured where recorded notes are let go …
DAMPER_DOUBLES = 28.0  # … and how many semitones higher it is twice as fast
KNOCK_N = 0.6  # peak of the hammer's knock at 2 m/s
CLICK_N = 0.15  # and of its click
DAMPER_NOISE_N = 0.02
PEDAL_NOISE_N = 0.1
SYMPATHY = 0.35  # how much of the bridge's motion at one string reaches another
SYMPATHY_TOP_HZ = 2500.0
SYMPATHY_PARTIALS = 10
UNA_CORDA = 0.8  # the softer felt beside the worn grooves: less, band by band
SECONDS_A0 = 16.0
RISE_S = 0.0008


@numba.njit(cache=True, nogil=True, fastmath=True)
def _add_modes(out, rates, amps, rate_hz, floor):  # type: ignore[no-untyped-def]
    """out += Σ Re(amp·exp(rate·t)), each mode until it falls below `floor`."""
    width = 64
    re, im = np.empty(width), np.empty(width)
    for m in range(len(rates)):
        size = abs(amps[m])
        if size <= floor:
            continue
        life = int(np.log(size / floor) / -rates[m].real * rate_hz)
        stop = min(len(out), life)
        turn = np.exp(rates[m] / rate_hz)
        z = amps[m]
        for j in range(width):
            re[j], im[j] = z.real, z.imag
            z *= turn
        step = turn**width
        c, s = step.real, step.imag
        for t in range(0, stop - width + 1, width):
            for j in range(width):
                out[t + j] += re[j]
                here = re[j]
                re[j] = c * here - s * im[j]
                im[j] = c * im[j] + s * here


def build_modelled(rate_hz: int, progress: Callable[[float], None] | None = None) -> Bank:
    """Render the whole instrument at one rate."""
    pitches = range(LOWEST, HIGHEST + 1)
    voices = [voice_of(pitch, rate_hz) for pitch in pitches]
    body = responses(rate_hz)
    strands: list[Strand] = []
    keys, releases = np.zeros((2, 128, 2), dtype=np.int64)
    for voice, even in zip(voices, evenness(voices, body, rate_hz), strict=True):
        before = len(strands)
        if len(voice.modes.partials_hz):
            strands += _strands(voice, even, rate_hz)
        keys[voice.key.pitch] = before, len(strands)
        if progress:
            progress((voice.key.pitch + 1 - LOWEST) / len(pitches))
    for pitch in range(LOWEST, LAST_DAMPER + 1):
        releases[pitch] = len(strands), len(strands) + 1
        strands.append(_damper_noise(pitch, rate_hz))
    pedals = len(strands) + np.array([[0, 1], [1, 2]])
    strands += _pedal_noises(rate_hz)
    ranges = Ranges(keys, releases, pedals, np.zeros(128, dtype=np.int64))
    return packed(strands, ranges, rate_hz, body, open_strings(rate_hz))


def _knocks(pitch: int, rate_hz: int) -> Iterator[Strand]:
    """The hammer's knock in the wood follows its speed, that in the wire the square of it."""
    speed = hammer_speed_m_s(np.arange(128)) / 2.0
    for sound, law in (
        (knock(rate_hz, pitch % 7), KNOCK_N * speed),
        (click(rate_hz, pitch % 7), CLICK_N * speed**2),
    ):
        yield strand(sound, 0, law, 0.8 * law, bus_gains([pitch])[0])


def _damper_noise(pitch: int, rate_hz: int) -> Strand:
    """A damper's fall, heavier in the bass."""
    law = np.full(128, DAMPER_NOISE_N * 2.0 ** ((60 - pitch) / 24.0))
    return strand(damper_fall(rate_hz, pitch % 5), 0, law, law, bus_gains([pitch])[0])


def _pedal_noises(rate_hz: int) -> list[Strand]:
    law = np.full(128, PEDAL_NOISE_N)
    return [
        strand(pedal_down(rate_hz), 0, 0.4 * law, 0.4 * law, bus_gains([60])[0]),
        strand(pedal_up(rate_hz), 0, law, law, bus_gains([60])[0]),
    ]


def open_strings(rate_hz: int) -> Resonators:
    """Every string's lower modes as resonators that the bridge drives."""
    rng = np.random.default_rng(1885)
    rows: list[tuple[int, int, int, complex, float, float]] = []
    for pitch in range(LOWEST, HIGHEST + 1):
        this = key(pitch)
        modes = modes_of(this, min(SYMPATHY_TOP_HZ, 0.3 * rate_hz))
        bus = int(np.argmax(bus_gains([pitch])[0]))
        damping = damper_hz(pitch, 0)
        for k, window in enumerate(band_windows(modes.partials_hz[:SYMPATHY_PARTIALS]).T):
            shares = np.bincount([_octave(b, rate_hz) for b in range(len(window))], window)
            octave = int(np.argmax(shares))
            prompt = modes.prompt[k]
            drive = SYMPATHY * -prompt.real * rng.normal() / shares[octave]
            rows.append((pitch, octave, bus, prompt, drive, damping))
    pitches, octaves, buses, rates, drives, dampings = zip(*rows, strict=True)
    return Resonators(
        pitch=np.array(pitches),
        octave=np.array(octaves),
        bus=np.array(buses),
        rate=np.array(rates),
        drive=np.array(drives, dtype=np.float32),
        damping_hz=np.array(dampings, dtype=np.float32),
    )


def una_corda(band: float) -> float:
    """What the hammer's softer felt leaves of a band of the spectrum (place among BANDS_HZ)."""
    return math.pow(UNA_CORDA, band)


def damper_hz(pitch: int, band: float) -> float:
    """How fast a damper at rest stops a band of a key (place among BANDS_HZ), 1/s."""
    if pitch > LAST_DAMPER:
        return 0.0
    return DAMPER_HZ * math.pow(2.0, (pitch - 60) / DAMPER_DOUBLES) * (0.75 + 0.15 * band)


def _strands(voice: Voice, even: Floats, rate_hz: int) -> Iterator[Strand]:
    """Every band of one key, for the hammer on all strings and for una corda, and its knock."""
    pitch, modes = voice.key.pitch, voice.modes
    yield from _knocks(pitch, rate_hz)
    floor = float(np.abs(voice.spectra).sum()) * QUIET
    seconds = min(LONGEST_S, SECONDS_A0 * 2.0 ** (-(pitch - 21) / 24.0) + 1.0)
    for band, (spectrum, law) in enumerate(zip(voice.spectra, voice.laws, strict=True)):
        if np.abs(spectrum).sum() <= floor:
            continue
        octave = _octave(band, rate_hz)
        rate = rate_hz / 2**octave
        damping = damper_hz(pitch, band)
        for wake, soft in ((modes.tutti, False), (modes.una_corda, True)):
            amps = (spectrum * even)[:, None] * wake
            sound = _sound(modes.rates.ravel(), amps.ravel(), rate, seconds, floor)
            loud, quiet = (0.0, una_corda(band)) if soft else (1.0, 0.0)
            wire = strand(sound, octave, loud * law, quiet * law, bus_gains([pitch])[0])
            yield replace(wire, damping_hz=damping)


def _sound(
    rates: Complexes, amps: Complexes, rate_hz: float, seconds: float, floor: float
) -> Floats:
    """The samples of some modes, as long as they can be heard, without clicks at the ends."""
    sound = np.zeros(int(seconds * rate_hz) // 64 * 64)
    _add_modes(sound, rates, amps, rate_hz, floor)
    heard = np.nonzero(np.abs(sound) > floor)[0]
    sound = sound[: int(heard[-1]) + 1] if len(heard) else sound[:64]
    fade = len(sound) // 5
    sound[-fade:] *= np.linspace(1.0, 0.0, fade)
    rise = max(2, round(RISE_S * rate_hz))
    sound[:rise] *= np.sin(np.linspace(0.0, np.pi / 2, rise)) ** 2
    return sound


def _octave(band: int, rate_hz: int) -> int:
    """How many times the sampling rate of a band can be halved."""
    edge = BANDS_HZ[min(band + 1, len(BANDS_HZ) - 1)]
    fit = [o for o in range(OCTAVES) if edge <= 0.3 * rate_hz / 2**o]
    return max(fit, default=0)
