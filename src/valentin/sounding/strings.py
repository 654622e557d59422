"""What the strings of one key do after the blow: decaying modes, coupled at the bridge.

In goes a `Key`; out come its `Modes`: for every partial, as many complex decays as there are
strings, and how strongly a blow on all strings, or on all but the first (una corda), wakes each.

**Conventions.** A mode sounds as Re(strength · wake · exp(rate·t)), `rate` = −decay + i·ω in 1/s.
Partials are rows, modes of a partial columns.

**Knows nothing of** hammers, soundboards, samples.

**Reference** Prompt sound, aftersound and beats of a unison: G. Weinreich, "Coupled piano strings",
JASA 62 (1977), 1474–1484. Losses of the string itself: A. Chaigne, A. Askenfelt, JASA 95 (1994),
1112–1118, and for bending C. Valette, C. Cuesta, "Mécanique de la corde vibrante" (1993); through
the bridge: its conductance, from `soundboard`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.sounding.scale import Key
from valentin.sounding.soundboard import conductance, place_of

__all__ = ["Modes", "modes_of"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

AIR_LOSS_HZ = 0.3  # 1/s, string and air at low frequency (b1 of Chaigne & Askenfelt: 0.5)
INNER_LOSS_S = 1.0e-9  # s, times ω² (their b3: 6.25e-9, bridge included)
BENDING_LOSS = 5.0e-4  # loss angle of the wire, felt as far as stiffness bends the partial
REACTANCE = 0.2  # imaginary over real part of the bridge's mobility
UNISON_CENTS = 0.35  # mistuning that a good tuner leaves, root mean square
BLOW_SPREAD = 0.06  # unevenness of the hammer over a unison


@dataclass(frozen=True, slots=True)
class Modes:
    """All modes of a key; `tutti` and `una_corda` wake them for the two hammer positions."""

    partials_hz: Floats
    prompt: Complexes  # rate of all strings of a unison moving together
    rates: Complexes
    tutti: Complexes
    una_corda: Complexes


def modes_of(key: Key, top_hz: float) -> Modes:
    """The modes of a key whose frequency is below `top_hz`."""
    hz: list[float] = []
    while (next_hz := key.partial_hz(len(hz) + 1)) < top_hz:
        hz.append(next_hz)
    partials = np.array(hz)
    n = key.strings
    rng = np.random.default_rng(key.pitch)
    cents = rng.normal(0.0, UNISON_CENTS, n)
    detune = 2.0 ** ((cents - cents.mean()) / 1200.0)
    blow = 1.0 + rng.normal(0.0, BLOW_SPREAD, n)
    soft = blow * np.array([0.0] + [1.0] * (n - 1)) if n > 1 else blow * 0.7
    omega = 2.0 * math.pi * partials
    bent = key.stiffness * np.arange(1, len(hz) + 1) ** 2
    inner = AIR_LOSS_HZ + INNER_LOSS_S * omega**2
    inner += 0.5 * BENDING_LOSS * omega * bent / (1.0 + bent)
    # once a period, the bridge takes 2·Z·G of the wave that meets it
    bridge = 2.0 * key.f0_hz * key.impedance * conductance(partials, float(place_of(key.pitch)))
    system = np.zeros((len(hz), n, n), dtype=np.complex128)
    system -= bridge[:, None, None] * (1.0 - 1j * REACTANCE)
    own = 1j * omega[:, None] * (detune - 1.0) - inner[:, None]
    system[:, range(n), range(n)] += own
    slow, shapes = np.linalg.eig(system)
    return Modes(
        partials_hz=partials,
        prompt=-inner - n * bridge + 1j * omega,
        rates=slow + 1j * omega[:, None],
        tutti=_woken(shapes, blow),
        una_corda=_woken(shapes, soft),
    )


def _woken(shapes: Complexes, blow: Floats) -> Complexes:
    """What the bridge hears of each mode when the strings are struck as `blow` says."""
    n = len(blow)
    struck = np.broadcast_to(blow[:, None], (len(shapes), n, 1))
    part = np.linalg.solve(shapes, struck.astype(np.complex128))[..., 0]
    return np.asarray(shapes.sum(axis=1) * part / n)
