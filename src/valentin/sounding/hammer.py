"""The blow: a felt hammer against a stiff string, giving each partial's complex strength.

In goes a `Key`, hammer velocities and the partials' frequencies; out comes, for every velocity and
partial, the complex amplitude with which the free string goes on after the blow.

**Conventions.** Velocities in m/s. Strengths are bridge-force amplitudes in newtons per string;
their phase refers to the moment of first contact.

**Knows nothing of** decay over seconds, soundboards, MIDI.

**Reference** Felt as a nonlinear spring F = K·ξ^p: A. Chaigne, A. Askenfelt, JASA 95 (1994), 1112.
The string here is a set of modes instead of their grid, as in B. Bank, S. Zambon, F. Fontana, "A
modal-based real-time piano synthesizer", IEEE TASLP 18 (2010), 809–821; Stulov's hysteresis as a
loss that grows with the speed of compression (A. Stulov, JASA 97 (1995), 2577).
"""

from __future__ import annotations

import math

import numba
import numpy as np
import numpy.typing as npt

from valentin.sounding.scale import Key

__all__ = ["hammer_speed_m_s", "strengths"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

STEP_S = 1.0 / 176_400.0  # about 40 steps in the shortest contact
CONTACT_S = 0.012  # longer than any blow, bass pianissimo included
APART_S = 0.003  # a hammer that has been off the string for so long does not come back
FELT_LOSS_S = 1.0e-4  # s; relaxation: the felt is stiffer while it is being compressed
# A Disklavier's MIDI 52 is 1 m/s and 25 steps double it (W. Goebl, R. Bresin, JASA 114 (2003)).
SPEED_AT_52_M_S = 1.0
STEPS_PER_DOUBLING = 25.0


def hammer_speed_m_s(velocity: npt.ArrayLike) -> Floats:
    """Speed of the hammer at the string for a MIDI velocity."""
    v = np.asarray(velocity, dtype=np.float64)
    return np.asarray(SPEED_AT_52_M_S * 2.0 ** ((v - 52.0) / STEPS_PER_DOUBLING))


def strengths(key: Key, speeds_m_s: Floats, partials_hz: Floats) -> Complexes:
    """Complex bridge-force amplitudes in newtons, shape (speeds, partials)."""
    k = np.arange(1, len(partials_hz) + 1, dtype=np.float64)
    shape = np.sin(k * math.pi * key.strike)
    # a deflection q pulls at the far bridge with (−1)^(k+1)·T·kπ/L·q, and T = 4·L·M·f0²
    pull = (-1.0) ** (k + 1.0) * 4.0 * math.pi * key.f0_hz**2 * key.string_kg * k
    felt = (key.hammer_kg, key.felt, key.felt_exponent, key.felt_floor)
    omega = 2.0 * math.pi * partials_hz
    blows = [_blow(shape, omega, 2.0 / key.string_kg, felt, float(speed)) for speed in speeds_m_s]
    return np.asarray(pull * np.stack(blows))


@numba.njit(cache=True, nogil=True, fastmath=True)
def _blow(shape, omega, per_mass, hammer, speed):  # type: ignore[no-untyped-def]
    """Complex deflection of every mode, referred to first contact; modes move exactly."""
    hammer_kg, felt, exponent, floor = hammer
    modes = len(shape)
    cos, sin = np.cos(omega * STEP_S), np.sin(omega * STEP_S)
    place, motion = np.zeros(modes), np.zeros(modes)  # motion = velocity / ω
    head, squeeze_before = 0.0, 0.0
    free, steps = 0, 0
    while steps < CONTACT_S / STEP_S and free < APART_S / STEP_S:
        string = 0.0
        for m in range(modes):
            string += shape[m] * place[m]
        head += speed * STEP_S
        squeeze = head - string
        push = 0.0
        free += 1
        if squeeze > 0.0:
            free = 0
            rate = (squeeze - squeeze_before) / STEP_S
            push = felt * squeeze**exponent + floor * squeeze
            push *= max(0.0, 1.0 + FELT_LOSS_S * rate / squeeze)
            push = min(push, hammer_kg * (abs(speed) + 1.0) / STEP_S)
        squeeze_before = squeeze
        speed -= push / hammer_kg * STEP_S
        for m in range(modes):
            kick = motion[m] + per_mass * shape[m] * push * STEP_S / omega[m]
            here = place[m]
            place[m] = cos[m] * here + sin[m] * kick
            motion[m] = cos[m] * kick - sin[m] * here
        steps += 1
    return (place - 1j * motion) * np.exp(-1j * omega * steps * STEP_S)
