"""A small convolutional network over onset groups, evaluated in numpy.

In: standardised columns of groups and of notes, and which group each note belongs to. Out: two
values a group (beat tempo, timing within the beat) and three a note (velocity, articulation,
asynchrony), all standardised.

**Conventions.** Shapes are (groups, channels). A block is a dilated convolution of width 3 with a
gate, added to what it was given: x + u · σ(v), where (u, v) = conv(norm(x)).

**Knows nothing of** what the columns mean, training.

**Reference.** A. van den Oord et al., "WaveNet: a generative model for raw audio" (2016): gated
dilated convolutions. S. Bai, J. Z. Kolter, V. Koltun, "An empirical evaluation of generic
convolutional and recurrent networks for sequence modeling" (2018). Ours look both ways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["CLIP", "DILATIONS", "Network"]

Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

DILATIONS = (1, 2, 4, 8, 16, 32)
"""Groups between the taps of each block: together they see 63 groups before and after."""

CLIP = 5.0
"""Standard deviations beyond which an input no longer counts for more."""

NORM_EPS = 1e-5
"""Added to a variance, as in training."""

PER_BLOCK = 4
"""Arrays of a block: scale and shift of its norm, taps, offset."""


@dataclass(frozen=True, slots=True)
class Network:
    """The arrays of one trained network, in the order in which they are used.

    `means` and `scales` standardise groups, then notes; `weights` holds the input layer (w, b), the
    blocks (norm scale, norm shift, taps of shape (3, in, out), offset), the groups' head (w, b, w,
    b) and the notes' head (w, b, w, b).
    """

    group_mean: Singles
    group_scale: Singles
    note_mean: Singles
    note_scale: Singles
    weights: tuple[Singles, ...]

    def predict(self, groups: Singles, notes: Singles, group: Ints) -> tuple[Singles, Singles]:
        """Standardised values of shape (groups, 2) and (notes, 3)."""
        first = np.clip((groups - self.group_mean) / self.group_scale, -CLIP, CLIP)
        own = np.clip((notes - self.note_mean) / self.note_scale, -CLIP, CLIP)
        weights = iter(self.weights)
        start = _silu(first @ next(weights) + next(weights))
        state = start
        for dilation in DILATIONS:
            block = tuple(next(weights) for _ in range(PER_BLOCK))
            state = state + _gated(_convolved(state, block, dilation))
        state = np.concatenate([state, start], axis=1)
        of_groups = _silu(state @ next(weights) + next(weights)) @ next(weights) + next(weights)
        seen = np.concatenate([state[group], own], axis=1)
        of_notes = _silu(seen @ next(weights) + next(weights)) @ next(weights) + next(weights)
        return of_groups, of_notes


def _convolved(x: Singles, block: tuple[Singles, ...], dilation: int) -> Singles:
    scale, shift, taps, offset = block
    x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + NORM_EPS)
    x = x * scale + shift
    out = x @ taps[1] + offset
    if len(x) > dilation:
        out[dilation:] += x[:-dilation] @ taps[0]
        out[:-dilation] += x[dilation:] @ taps[2]
    return np.asarray(out)


def _gated(x: Singles) -> Singles:
    half = x.shape[1] // 2
    return np.asarray(x[:, :half] * _sigmoid(x[:, half:]))


def _silu(x: Singles) -> Singles:
    return np.asarray(x * _sigmoid(x))


def _sigmoid(x: Singles) -> Singles:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float32)
