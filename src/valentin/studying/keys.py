"""The local key of every beat: pitch-class profiles → one of 24 keys.

In: a beats × 12 array of sounding time. Out: key index per beat, 0..11 major on that pitch class,
12..23 minor.

**Conventions.** Pitch classes 0 = C. Profiles need not be normalised.

**Knows nothing of** notes, chords.

**Reference.** Temperley, D. (2001), *The Cognition of Basic Musical Structures*, MIT Press, ch. 7:
the key profiles (a revision of Krumhansl & Kessler 1982) and a cost for changing key. We smooth
the profile over neighbouring beats and search with Viterbi.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["keys_of", "viterbi"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MAJOR = (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0)
MINOR = (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0)
"""Temperley's profiles: how well each degree fits a key."""

WINDOW_BEATS = 8
"""Beats over which a key is felt: two bars of 4/4."""

CHANGE_COST = 0.6
"""Correlation points for leaving a key; a passing dominant should not be worth it."""

SIGNATURE_POINTS = 0.05
"""Correlation points for a key that has the written signature."""


def keys_of(profiles: Floats, fifths: Ints) -> Ints:
    """The key of each beat, given its pitch classes and the written signature (fifths)."""
    if len(profiles) == 0:
        return np.zeros(0, dtype=np.int64)
    templates = np.array(
        [np.roll(MAJOR, k) for k in range(12)] + [np.roll(MINOR, k) for k in range(12)]
    )
    templates = templates - templates.mean(axis=1, keepdims=True)
    templates /= np.linalg.norm(templates, axis=1, keepdims=True)
    kernel = np.hanning(WINDOW_BEATS + 2)[1:-1]
    smooth = np.stack([_smoothed(profiles[:, c], kernel) for c in range(12)], axis=1)
    smooth = smooth - smooth.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(smooth, axis=1, keepdims=True)
    points = (smooth / np.where(norm > 0, norm, 1.0)) @ templates.T
    written = (fifths * 7) % 12
    points[np.arange(len(points)), written] += SIGNATURE_POINTS
    points[np.arange(len(points)), 12 + (written + 9) % 12] += SIGNATURE_POINTS
    return viterbi(points, np.full(len(points), CHANGE_COST))


def _smoothed(column: Floats, kernel: Floats) -> Floats:
    half = len(kernel) // 2
    return np.asarray(np.convolve(column, kernel, mode="full")[half : half + len(column)])


def viterbi(points: Floats, change_cost: Floats) -> Ints:
    """The best path through `points` (steps × states) where step t costs `change_cost[t]` to enter
    another state than the one before."""
    steps, states = points.shape
    stay = np.empty((steps, states), dtype=np.bool_)
    origin = np.empty(steps, dtype=np.int64)
    total = points[0].copy()
    for t in range(1, steps):
        origin[t] = int(total.argmax())
        leave = total[origin[t]] - change_cost[t]
        stay[t] = total >= leave
        total = np.where(stay[t], total, leave) + points[t]
    path = np.empty(steps, dtype=np.int64)
    path[-1] = int(total.argmax())
    for t in range(steps - 1, 0, -1):
        path[t - 1] = path[t] if stay[t, path[t]] else origin[t]
    return path
