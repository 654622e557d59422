"""The design of the modelled grand, key by key: pitch, stiffness, strings, hammer, strike point.

In goes a MIDI pitch 21..108; out comes a `Key` of physical quantities.

**Conventions.** SI units in names (`_hz`, `_kg`, `_n`, `_m`). `stiffness` is the inharmonicity B in
f_k = k·f0·√(1 + B·k²), so `f0_hz` is not quite the sounding fundamental `f0·√(1+B)`.

**Knows nothing of** time, velocity, sound.

**Reference** Inharmonicity and tuning: F. Rigaud, B. David, L. Daudet, "A parametric model and
estimation techniques for the inharmonicity and tuning of the piano", JASA 133 (2013), 3107–3118.
Strings and hammers: A. Chaigne, A. Askenfelt, "Numerical simulations of piano strings II", JASA 95
(1994), 1631–1640, table I (C2, C4, C7), interpolated over the keyboard on logarithmic scales.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass

__all__ = ["HIGHEST", "LOWEST", "Key", "key", "stretch_cents"]

LOWEST, HIGHEST = 21, 108
A4, A4_HZ = 69, 440.0

# ln B is the sum of two straight lines in MIDI pitch (Rigaud et al. 2013, averages over pianos:
# levels −5.82 and −13.64; a concert grand's longer strings are less stiff, as recordings show).
BASS_SLOPE, BASS_LEVEL = -8.47e-2, -6.1
TREBLE_SLOPE, TREBLE_LEVEL = 9.26e-2, -13.8
# Octave type that the tuner listens to, falling from about 4:2 in the bass to 2:1 in the treble.
OCTAVE_RISE, OCTAVE_CENTRE, OCTAVE_WIDTH = 2.5, 55.0, 24.0

# Chaigne & Askenfelt 1994, table I: (pitch, string length, string mass, tension, hammer mass per
# string, felt stiffness, felt exponent, strike point over length).
TABLE = (
    (36, 1.90, 35.0e-3, 750.0, 4.9e-3, 4.0e8, 2.3, 0.12),
    (60, 0.62, 3.93e-3, 670.0, 2.97e-3, 4.5e9, 2.5, 0.12),
    (96, 0.09, 0.467e-3, 750.0, 2.2e-3, 1.0e12, 3.0, 0.0625),
)


# How long the lightest blow lasts (pitch, seconds), string held still. A. Askenfelt, E. Jansson,
# "From touch to string vibrations I", JASA 88 (1990), 52–63, found 4 ms in the bass and under 1 ms
# on top; in bass and middle the felt's own law does that, on top it would make pianissimo mute.
LIGHTEST = (
    (21, 12.0e-3), (60, 8.0e-3), (72, 2.3e-3), (84, 1.15e-3), (96, 0.6e-3), (108, 0.3e-3),
)  # fmt: skip
# Hammers as compared with recordings: harder than the table in the bass, softer in the treble.
HARDNESS_HALVES = 24.0  # semitones


@dataclass(frozen=True, slots=True)
class Key:
    """One key's strings and hammer; masses are per string."""

    pitch: int
    f0_hz: float
    stiffness: float
    strings: int
    string_kg: float
    impedance: float  # kg/s, √(tension · mass per length)
    hammer_kg: float
    felt: float
    felt_exponent: float
    felt_floor: float  # N/m, below which felt does not soften however light the blow
    strike: float

    def partial_hz(self, k: int) -> float:
        """Frequency of partial k = 1, 2, …"""
        return k * self.f0_hz * math.sqrt(1.0 + self.stiffness * k * k)


def stiffness(pitch: float) -> float:
    """Inharmonicity B of a key."""
    return math.exp(BASS_SLOPE * pitch + BASS_LEVEL) + math.exp(TREBLE_SLOPE * pitch + TREBLE_LEVEL)


def _octave_type(pitch: float) -> float:
    return 1.0 + OCTAVE_RISE / 2.0 * (1.0 - math.tanh((pitch - OCTAVE_CENTRE) / OCTAVE_WIDTH))


def _octave_stretch_cents(pitch: float) -> float:
    """How much wider than 2:1 the octave above `pitch` is, by the model of Rigaud et al."""
    rho = _octave_type(pitch)
    low, high = stiffness(pitch), stiffness(pitch + 12.0)
    lower_one, upper_one = 1.0 + low * 4.0 * rho * rho, 1.0 + high * rho * rho
    # f0 of both notes so that partial 2ρ of the lower meets partial ρ of the upper
    ratio = math.sqrt(lower_one / upper_one)
    # … and the sounding fundamentals f0·√(1+B) of both
    return 1200.0 * math.log2(ratio * math.sqrt((1.0 + high) / (1.0 + low)))


@functools.cache
def stretch_cents(pitch: int) -> float:
    """Cents of the sounding fundamental above equal temperament (A4 = 440 Hz: 0)."""
    if pitch == A4:
        return 0.0
    step = 1 if pitch > A4 else -1
    lower = min(pitch, pitch - step)
    return stretch_cents(pitch - step) + step * _octave_stretch_cents(lower - 5.5) / 12.0


def _between(pitch: float, column: int, *, log: bool = True) -> float:
    """A table column at `pitch`: piecewise linear, log or not, kept constant-sloped outside."""
    (p0, *a), (p1, *b) = TABLE[:2] if pitch <= TABLE[1][0] else TABLE[1:]
    x, y = a[column], b[column]
    t = (pitch - p0) / (p1 - p0)
    if log:
        return math.exp(math.log(x) + t * (math.log(y) - math.log(x)))
    return x + t * (y - x)


def _lightest_s(pitch: int) -> float:
    """Contact time of the lightest blow, s."""
    pairs = itertools.pairwise(LIGHTEST)
    (p0, s0), (p1, s1) = next((a, b) for a, b in pairs if pitch <= b[0])
    return s0 * math.pow(s1 / s0, (pitch - p0) / (p1 - p0))


@functools.cache
def key(pitch: int) -> Key:
    """The design of one key. Raises ValueError outside 21..108."""
    if not LOWEST <= pitch <= HIGHEST:
        raise ValueError(f"a piano key is in {LOWEST}..{HIGHEST}, got {pitch}")
    b = stiffness(pitch)
    sounding_hz = A4_HZ * 2.0 ** ((pitch - A4) / 12.0 + stretch_cents(pitch) / 1200.0)
    return Key(
        pitch=pitch,
        f0_hz=sounding_hz / math.sqrt(1.0 + b),
        stiffness=b,
        strings=1 if pitch < 29 else 2 if pitch < 41 else 3,
        string_kg=_between(pitch, 1),
        impedance=math.sqrt(_between(pitch, 2) * _between(pitch, 1) / _between(pitch, 0)),
        hammer_kg=_between(pitch, 3),
        felt=_between(pitch, 4) * 2.0 ** ((60 - pitch) / HARDNESS_HALVES),
        felt_exponent=_between(pitch, 5, log=False),
        felt_floor=_between(pitch, 3) * (math.pi / _lightest_s(pitch)) ** 2,
        strike=min(0.12, _between(pitch, 6, log=False)),
    )
