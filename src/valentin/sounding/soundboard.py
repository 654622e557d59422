"""The soundboard: what the strings feel at the bridge, and what a listener hears of them.

One set of modes serves both: `conductance` says how fast a string loses its sound to the board,
`responses` how a force on the bridge becomes sound left and right.

**Conventions.** A `place` runs along the bridge from 0 (lowest string) to 1 (highest). The listener
hears PLACES of them, the BUSES; a key drives the two nearest. Responses have shape
(buses, 2, taps), left before right. Conductance is in s/kg.

**Knows nothing of** strings and notes.

**Reference** Modal density, losses and mean mobility: K. Ege, X. Boutillon, M. Rébillat,
"Vibroacoustics of the piano soundboard", J. Sound Vib. 332 (2013), 1288–1305, and X. Boutillon,
K. Ege, "Vibroacoustics of the piano soundboard: reduced models, mobility synthesis, and acoustical
radiation regime", ibid., 4261–4279. The smooth part of the radiation is set by comparison with
recordings (`bench/sounding.py`).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["BUSES", "bus_gains", "conductance", "place_of", "radiation", "responses"]

Floats = npt.NDArray[np.float64]

PLACES = (0.10, 0.35, 0.60, 0.88)
BUSES = len(PLACES)
LOWEST_HZ, HIGHEST_HZ = 52.0, 12_000.0
SPACING_HZ = 12.0  # between modes, constant as for a plate; Ege found 0.05 modes/Hz in uprights
LOSS = 0.025  # loss factor: a mode decays with π·LOSS·f
RESPONSE_S = 0.55
MEAN_S_PER_KG = 8.0e-4  # mean conductance of the board below CORNER_HZ …
CORNER_HZ = 1200.0  # … above which the strings see a stiffer, rib-bound board
CORNER_POWER = 1.1
# The bridge grows stiffer towards the treble: what is left of its conductance at places along it,
# from how fast recorded notes die (F♯4 to A6; `docs/concepts/sound.md`).
STIFFER = ((0.45, 0.52, 0.62, 0.83, 0.90, 1.0), (1.0, 0.62, 0.55, 0.55, 0.8, 0.9))
EVENNESS = 0.5  # exponent on the conductance's departures from its mean: a good board is even
TREBLE_DB = 4.0  # how much less the short upper bridge radiates than the long one
SEED = 1874


@dataclass(frozen=True, slots=True)
class _Board:
    hz: Floats
    phase: Floats
    waves: Floats
    left: Floats
    right: Floats


@functools.cache
def _modes() -> _Board:
    """The board's modes: where they lie, their shape along the bridge, what each ear hears."""
    rng = np.random.default_rng(SEED)
    count = int((HIGHEST_HZ - LOWEST_HZ) / SPACING_HZ)
    hz = LOWEST_HZ + SPACING_HZ * (np.arange(count) + rng.uniform(-0.4, 0.4, count))
    hz[0] = LOWEST_HZ
    both, left, right = rng.normal(size=(3, count))
    alike = np.exp(-hz / 900.0)  # two ears hear one low sound and two different high ones
    return _Board(
        hz=hz,
        phase=rng.uniform(0.0, np.pi, count),
        waves=0.5 + np.sqrt(hz / 120.0) * rng.uniform(0.6, 1.4, count),
        left=alike * both + np.sqrt(1.0 - alike**2) * left,
        right=alike * both + np.sqrt(1.0 - alike**2) * right,
    )


def place_of(pitch: npt.ArrayLike) -> Floats:
    """Where on the bridge a key's strings cross it, 0..1."""
    return np.asarray((np.asarray(pitch, dtype=np.float64) - 21.0) / 87.0)


def _shape(board: _Board, place: float) -> Floats:
    """Deflection of every mode at a place, mean square 1."""
    return np.asarray(np.sqrt(2.0) * np.cos(np.pi * board.waves * place + board.phase))


def _mean_conductance(hz: Floats) -> Floats:
    return np.asarray(MEAN_S_PER_KG / (1.0 + (hz / CORNER_HZ) ** 2) ** (CORNER_POWER / 2.0))


def conductance(hz: Floats, place: float) -> Floats:
    """Real part of the bridge's mobility at frequencies, s/kg."""
    board = _modes()
    # a mode of mass M adds ω²·η·ωn/(M·|…|²), whose mean over frequency is density/(4·M)
    per_mass = 4.0 * SPACING_HZ * _shape(board, place) ** 2
    r = np.asarray(hz)[:, None] / board.hz[None, :]
    peak = LOSS * r**2 / ((1.0 - r**2) ** 2 + (LOSS * r) ** 2) / (2.0 * np.pi * board.hz)
    departure = np.maximum(peak @ per_mass, 1e-3)
    stiffer = float(np.interp(place, *STIFFER))
    return np.asarray(stiffer * _mean_conductance(hz) * departure**EVENNESS)


def bus_gains(pitches: npt.ArrayLike) -> Floats:
    """How much each pitch drives each bus, shape (pitches, buses)."""
    at = place_of(pitches)
    return np.stack([np.interp(at, PLACES, np.eye(BUSES)[b]) for b in range(BUSES)], axis=1)


# Smooth radiation of the board, dB at Hz, as compared with recordings of a concert grand.
RADIATION_HZ = (20.0, 60.0, 120.0, 200.0, 500.0, 900.0, 1600.0, 2300.0, 3300.0, 4500.0, 8e3, 12e3)
RADIATION_DB = (-30.0, -12.0, -2.0, 0.0, 0.0, 3.0, 4.0, 2.0, 0.0, -4.0, -8.0, -13.0)


def radiation(hz: Floats) -> Floats:
    """The smooth part of the board's radiation, a factor."""
    return np.asarray(10.0 ** (np.interp(np.log(hz), np.log(RADIATION_HZ), RADIATION_DB) / 20.0))


def responses(rate_hz: int) -> Floats:
    """Impulse responses from every bus to left and right, shape (buses, 2, taps)."""
    board = _modes()
    use = board.hz < 0.46 * rate_hz
    hz = board.hz[use]
    smooth = radiation(hz)
    taps = int(RESPONSE_S * rate_hz)
    out = np.zeros((BUSES, 2, taps))
    # equal weight per mode rings with its own loss: √f keeps the mean response level
    level = smooth * np.sqrt(LOSS * hz * SPACING_HZ) / rate_hz
    for b, place in enumerate(PLACES):
        voiced = 10.0 ** (np.interp(place, (0.5, 0.7, 1.0), (0.0, -TREBLE_DB, -TREBLE_DB)) / 20.0)
        for ear, heard in enumerate((board.left[use], board.right[use])):
            side = 1.0 + (0.25 if ear else -0.25) * (place - 0.5)
            strength = level * side * voiced * heard * _shape(board, place)[use]
            _ring(out[b, ear], hz, strength, rate_hz)
    fade = taps // 8
    out[:, :, -fade:] *= np.linspace(1.0, 0.0, fade)
    return out


@numba.njit(cache=True, nogil=True, fastmath=True)
def _ring(out, hz, level, rate_hz):  # type: ignore[no-untyped-def]
    """out += Σ level·exp(−π·LOSS·f·t)·cos(2πft)."""
    for m in range(len(hz)):
        turn = np.exp((-np.pi * LOSS + 2j * np.pi) * hz[m] / rate_hz)
        z = complex(level[m], 0.0)
        for t in range(len(out)):
            out[t] += z.real
            z *= turn
            if abs(z.real) + abs(z.imag) < 1e-9:
                break
