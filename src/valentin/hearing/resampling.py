"""Sound at one rate → sound at another, block by block.

In: blocks (frames, channels) and the ratio of the rates, any number. Out: blocks at the new rate.

**Conventions.** Output sample n is the input at n / ratio: no delay, nothing lost at the borders of
blocks. The filter is a Kaiser-windowed sinc of 32 zero crossings a side at the lower of the two
rates, its pass band ending at 0.92 of the lower Nyquist frequency; between two of its 256 phases it
is interpolated linearly.

**Knows nothing of** what is heard.

**Reference.** J. O. Smith, "Digital audio resampling home page" (band-limited interpolation).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["resampled"]

Floats = npt.NDArray[np.float32]

_CROSSINGS = 32
_PHASES = 256
_ROLL_OFF = 0.96  # middle of the transition, of the lower Nyquist frequency
_BETA = 8.0  # 80 dB


def resampled(blocks: Iterable[Floats], ratio: float) -> Iterator[Floats]:
    """Blocks at `ratio` times their rate."""
    if ratio == 1.0:
        yield from blocks
        return
    taps, half = _filter(ratio)
    held: Floats | None = None
    taken, given = 0, 0  # input frames before `held`, output frames given
    for block in blocks:
        if held is None:
            held, taken = np.zeros((half, block.shape[1]), np.float32), -half
        held = np.concatenate([held, block])
        ready = _ready(taken + len(held) - half, ratio)
        out = np.zeros((max(ready - given, 0), held.shape[1]), np.float32)
        _interpolate(held, taken, taps, half, given, ratio, out)
        given += len(out)
        yield out
        keep = min(max(int(given / ratio) - half - taken, 0), len(held))
        held, taken = held[keep:], taken + keep
    if held is not None:
        end = taken + len(held)
        held = np.concatenate([held, np.zeros((half + 1, held.shape[1]), np.float32)])
        out = np.zeros((max(math.ceil(end * ratio) - given, 0), held.shape[1]), np.float32)
        _interpolate(held, taken, taps, half, given, ratio, out)
        yield out


def _ready(known: int, ratio: float) -> int:
    """How many output samples lie before input sample `known`."""
    return max(math.floor((known - 1) * ratio), 0)


def _filter(ratio: float) -> tuple[Floats, int]:
    """Taps (phases + 1, 2·half) and how many input samples a side they reach."""
    cut = _ROLL_OFF * min(ratio, 1.0)
    half = math.ceil(_CROSSINGS / min(ratio, 1.0))
    at = np.arange(2 * half)[None, :] - half + 1
    distance = at - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.i0(_BETA * np.sqrt(np.maximum(1 - (distance / half) ** 2, 0))) / np.i0(_BETA)
    taps = cut * np.sinc(cut * distance) * window
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32), half


@njit(cache=True, fastmath=True, nogil=True)
def _interpolate(  # type: ignore[no-untyped-def]  # numba
    held, taken, taps, half, given, ratio, out
):  # fmt: skip
    for n in range(len(out)):
        at = (given + n) / ratio
        whole = int(np.floor(at))
        place = (at - whole) * (taps.shape[0] - 1)
        phase = min(int(place), taps.shape[0] - 2)
        share = np.float32(place - phase)
        first = whole - half + 1 - taken
        for channel in range(held.shape[1]):
            total = np.float32(0)
            for k in range(taps.shape[1]):
                tap = taps[phase, k] + share * (taps[phase + 1, k] - taps[phase, k])
                total += tap * held[first + k, channel]
            out[n, channel] = total
