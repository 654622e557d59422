"""How many semitones a take lies above the score, where it does not lie on it.

In: `Written` and `Heard`. Out: the transposition whose walk costs least, 0 unless another is
clearly cheaper.

**Conventions.** Semitones, take minus score.

**Knows nothing of** single notes an octave off.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valentin.aligning.material import Heard
from valentin.aligning.walk import walk
from valentin.music import Written

__all__ = ["likely_transposition", "moved"]

SEMITONES = (*range(-12, 0), *range(1, 13), -24, 24)
"""What is tried: everything within an octave, and two octaves."""

SAMPLE_KEYS = 200
"""Keys from the start and from the middle of the take that decide."""

FEWEST_KEYS = 12
"""A take of fewer keys fits somewhere at any transposition."""

CLEARLY = 0.6
"""Share of the untransposed walk's cost below which another one is believed. A take in place costs
0.2 to 1 nats a key, one out of place 2.5 to 4."""


def likely_transposition(written: Written, heard: Heard) -> int:
    """Semitones by which the take lies above the score."""
    count = len(heard.pitch)
    if count < FEWEST_KEYS:
        return 0
    middle = max(SAMPLE_KEYS, count // 2)
    keys = np.r_[: min(count, SAMPLE_KEYS), middle : min(count, middle + SAMPLE_KEYS)]
    sample = Heard(heard.order[keys], heard.onset_s[keys], heard.offset_s[keys], heard.pitch[keys])
    costs = {t: walk(written, moved(sample, -t)).nats for t in SEMITONES}
    best = min(costs, key=lambda t: (costs[t], abs(t), t))
    return best if costs[best] < CLEARLY * walk(written, sample).nats else 0


def moved(heard: Heard, semitones: int) -> Heard:
    """The take transposed; keys that leave the keyboard stay at its ends."""
    return replace(heard, pitch=np.clip(heard.pitch + semitones, 0, 127))
