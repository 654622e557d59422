"""How many semitones a take, or one hand of it, lies above the score, where it is not on it.

In: `Written` and `Heard`. Out: the transposition whose walk costs least, 0 unless another is
clearly cheaper; the same for one staff and octaves.

**Conventions.** Semitones, take minus score.

**Knows nothing of** single notes an octave off.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valentin.aligning.material import Heard
from valentin.aligning.walk import walk
from valentin.music import Score, Written

__all__ = ["likely_hand", "likely_transposition", "moved", "with_hand_moved"]

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
    if len(heard.pitch) < FEWEST_KEYS:
        return 0
    sample = _sample(heard)
    costs = {t: walk(written, moved(sample, -t)).nats for t in SEMITONES}
    best = min(costs, key=lambda t: (costs[t], abs(t), t))
    return best if costs[best] < CLEARLY * walk(written, sample).nats else 0


def _sample(heard: Heard) -> Heard:
    """Keys from the start and from the middle of the take."""
    count = len(heard.pitch)
    middle = max(SAMPLE_KEYS, count // 2)
    keys = np.r_[: min(count, SAMPLE_KEYS), middle : min(count, middle + SAMPLE_KEYS)]
    return Heard(heard.order[keys], heard.onset_s[keys], heard.offset_s[keys], heard.pitch[keys])


def likely_hand(score: Score, written: Written, heard: Heard) -> tuple[int, int]:
    """The staff that lies an octave away, and the semitones; (0, 0) if none does."""
    if len(heard.pitch) < FEWEST_KEYS:
        return 0, 0
    sample = _sample(heard)
    costs = {
        (staff, octave): walk(Written.of(with_hand_moved(score, staff, octave)), sample).nats
        for staff in sorted({note.staff for note in score.notes})
        for octave in (-12, 12)
    }
    best = min(costs, key=lambda hand: (costs[hand], hand))
    return best if costs[best] < CLEARLY * walk(written, sample).nats else (0, 0)


def with_hand_moved(score: Score, staff: int, semitones: int) -> Score:
    """The score with one staff elsewhere; what would leave the keyboard stays."""
    return replace(
        score,
        notes=tuple(
            replace(n, pitch=n.pitch + semitones)
            if n.staff == staff and 0 <= n.pitch + semitones <= 127
            else n
            for n in score.notes
        ),
    )


def moved(heard: Heard, semitones: int) -> Heard:
    """The take transposed; keys that leave the keyboard stay at its ends."""
    return replace(heard, pitch=np.clip(heard.pitch + semitones, 0, 127))
