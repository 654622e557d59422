"""Strings that were not struck and sound along: every open string answers what the bridge carries.

In go the buses of each octave of sampling rates and the dampers' pressure; out comes, added to the
same buses, what the open strings give back. A silently held key answers too.

**Conventions.** Modes of a string are resonators z' = rate·z + drive·x, heard as Re z. While a
string itself has been struck, its samples hold its whole sound and it is not driven.

**Knows nothing of** where the resonators' numbers come from.

**Reference** N. H. Fletcher, T. D. Rossing, "The Physics of Musical Instruments" (2nd ed. 1998),
section 12.11; resonators in modal form as in B. Bank, J. Chabassier, "Model-based digital pianos",
IEEE Signal Processing Magazine 36/1 (2019), 103–114.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["Resonators", "Sympathy"]

CLOSED = 0.99  # a damper that presses harder lets no string be moved
FORGOTTEN = 1e-6  # N

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Resonators:
    """Modes of open strings: rates in 1/s, drive per second, all in rows of one octave of rates."""

    pitch: npt.NDArray[np.int64]
    octave: npt.NDArray[np.int64]
    bus: npt.NDArray[np.int64]
    rate: npt.NDArray[np.complex128]
    drive: npt.NDArray[np.float32]
    damping_hz: npt.NDArray[np.float32]


class Sympathy:
    """The open strings of one instrument during one performance."""

    def __init__(self, strings: Resonators, rate_hz: int) -> None:
        order = np.lexsort((strings.bus, strings.octave))
        self._place = np.stack([strings.octave, strings.bus, strings.pitch])[:, order]
        rate = rate_hz / 2.0**strings.octave
        self._turn = (strings.rate / rate)[order]
        self._drive = (strings.drive / rate)[order].astype(np.float32)
        self._damping = (strings.damping_hz / rate)[order]
        self._state = np.zeros((2, len(order)), dtype=np.float32)

    def process(self, octaves: Floats, pressure: npt.NDArray[np.float64], struck: Floats) -> None:
        """Add the answer of the open strings to a block in place.

        `pressure` has shape (128, segments); `struck` is 1 where one sounds by itself.
        """
        open_now = pressure.min(axis=1) < CLOSED
        sounding = np.abs(self._state).max(axis=0) > FORGOTTEN
        awake = sounding | open_now[self._place[2]]
        self._state[:, ~awake] = 0.0
        rows = np.nonzero(awake)[0]
        places = self._place[:2, rows]
        ends = np.nonzero(np.diff(places).any(axis=0))[0] + 1
        carried = octaves.sum(axis=1)
        for group in np.split(rows, ends) if len(rows) else ():
            octave, bus, _ = self._place[:, group[0]]
            frames = octaves.shape[2] >> int(octave)
            _answer(
                octaves[octave, bus, :frames], carried[octave, :frames], group, self._state,
                self._place[2], self._drive, struck, self._turn, self._damping, pressure,
            )  # fmt: skip


@numba.njit(cache=True, nogil=True, fastmath=True)
def _answer(out, x, rows, state, pitch, drives, struck, turn, damping, pressure):  # type: ignore[no-untyped-def]
    """Run some resonators over one block; vectors run over resonators, time is the outer loop."""
    segments = pressure.shape[1]
    wide = len(x) // segments
    modes = len(rows)
    c, s = np.empty(modes, dtype=np.float32), np.empty(modes, dtype=np.float32)
    re, im = np.empty(modes, dtype=np.float32), np.empty(modes, dtype=np.float32)
    drive = np.empty(modes, dtype=np.float32)
    for m in range(modes):
        re[m], im[m] = state[0, rows[m]], state[1, rows[m]]
    for g in range(segments):
        for m in range(modes):
            row = rows[m]
            drive[m] = drives[row] * (1.0 - struck[pitch[row], g])
            felt = pressure[pitch[row], g]
            if g == 0 or felt != pressure[pitch[row], g - 1]:
                size = np.exp(turn[row].real - damping[row] * felt)
                c[m], s[m] = size * np.cos(turn[row].imag), size * np.sin(turn[row].imag)
        for t in range(g * wide, (g + 1) * wide):
            sound = x[t]
            total = np.float32(0.0)
            for m in range(modes):
                here = c[m] * re[m] - s[m] * im[m] + drive[m] * sound
                im[m] = c[m] * im[m] + s[m] * re[m]
                re[m] = here
                total += here
            out[t] += total
    for m in range(modes):
        state[0, rows[m]], state[1, rows[m]] = re[m], im[m]
