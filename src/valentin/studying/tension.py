"""How far from rest each chord is: chords and their keys → 0..1.

**Conventions.** 0 is the tonic triad in root position; 1 a far, dissonant, inverted chord.

**Knows nothing of** melody, metre, performers.

**Reference.** Sundberg, J., Friberg, A. & Frydén, L. (1991), *Common secrets of musicians and
listeners*, in: Representing Musical Structure, Academic Press (harmonic charge: distance from the
tonic on the circle of fifths). Lerdahl, F. (2001), *Tonal Pitch Space*, OUP, ch. 4 (surface
dissonance and inversion add to tension). We add the two with fixed shares.
"""

from __future__ import annotations

import numpy as np

from valentin.music import Harmony
from valentin.studying.harmony import QUALITIES, ChordRow

__all__ = ["CHARGE", "tension_of"]

CHARGE = (0.0, 6.5, 2.0, 4.5, 4.0, 2.5, 6.0, 1.0, 5.5, 3.0, 3.5, 5.0)
"""Melodic charge by semitones above the root, unitless (Sundberg et al. 1991)."""

DISSONANCE = {
    "dominant-seventh": 0.4,
    "major-seventh": 0.5,
    "minor-seventh": 0.3,
    "diminished": 0.6,
    "half-diminished": 0.6,
    "diminished-seventh": 0.9,
    "augmented": 0.8,
}
"""Share of the greatest dissonance, by quality; triads 0."""

SHARES = (0.6, 0.3, 0.1)
"""Distance from the tonic, dissonance, inversion."""


def tension_of(row: ChordRow) -> tuple[float, ...]:
    """Tension of each chord, 0..1."""
    return tuple(_tension(chord, key) for chord, key in zip(row.chords, row.keys, strict=True))


def _tension(chord: Harmony, key: int) -> float:
    if chord.root < 0:
        return 0.0
    tones = QUALITIES[chord.quality]
    tonic = _charge(0, (0, 4, 7) if key < 12 else (0, 3, 7))
    far = _charge(chord.root - key, tones[:3]) - tonic
    distance = float(np.clip(far / 3.5, 0.0, 1.0))
    inverted = float(chord.bass not in {chord.root, -1})
    shares = (distance, DISSONANCE.get(chord.quality, 0.0), inverted)
    return float(sum(a * b for a, b in zip(SHARES, shares, strict=True)))


def _charge(above_tonic: int, tones: tuple[int, ...]) -> float:
    """Mean melodic charge of the chord's triad against the tonic."""
    return sum(CHARGE[(above_tonic + t) % 12] for t in tones) / len(tones)
