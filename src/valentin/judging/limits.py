"""What a listener can just hear: the floors below which nothing is a finding.

**Conventions.** Each floor is in the unit its name says. A finding must reach its floor however far
it stands out of the spread.

**Reference.** Dannenberg, R. (2006), "The interpretation of MIDI velocity", Proc. ICMC: level rises
with the square of velocity, 40·log10(v) dB. Moore, B. (2012), *An Introduction to the Psychology of
Hearing*, ch. 4: about 1 dB is just noticed in a steady sound. Ellis, M. (1991), "Thresholds for
detecting tempo change", Psychology of Music 19, 164–169. Friberg, A. & Sundberg, J. (1995), "Time
discrimination in a monotonic, isochronous sequence", J. Acoust. Soc. Am. 98, 2524–2531. Goebl, W. &
Parncutt, R. (2002), "The influence of relative intensity on the perception of onset asynchronies",
Proc. ICMPC 7. Repp, B. (1995), "Acoustics, perception, and production of legato articulation on a
digital piano", J. Acoust. Soc. Am. 97, 3862–3874.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = [
    "ASYNCHRONY_S",
    "EVENNESS",
    "GAP_S",
    "LEVEL_DB",
    "TEMPO",
    "evenness_floor",
    "velocity_db",
]

Floats = npt.NDArray[np.float64]

LEVEL_DB = 2.0
"""dB between two levels in music: twice Moore's 1 dB, since notes come one after another."""

TEMPO = 0.08
"""log2 of beat period (about 6 %): slow change of tempo noticed in music, from Ellis (1991)."""

EVENNESS = 0.025
"""Share of an inter-onset interval by which one onset may be off unheard (Friberg & Sundberg)."""

EVENNESS_S = 0.006
"""Seconds: the same floor for intervals below 240 ms (Friberg & Sundberg)."""

ASYNCHRONY_S = 0.040
"""Seconds between notes meant together that a listener begins to hear as two (Goebl & Parncutt)."""

GAP_S = 0.060
"""Seconds of silence between two tones heard as a break. Repp's listeners called tones legato
until the gap passed a few tens of milliseconds; the room's own ring covers as much again."""


def velocity_db(velocity: npt.ArrayLike) -> Floats:
    """Level in dB below the loudest key, by Dannenberg's square law."""
    return np.asarray(40.0 * np.log10(np.maximum(np.asarray(velocity, np.float64), 1.0) / 127.0))


def evenness_floor(interval_s: npt.ArrayLike) -> Floats:
    """The just-noticeable displacement of one onset as a share of the interval."""
    interval = np.asarray(interval_s, np.float64)
    return np.maximum(EVENNESS, EVENNESS_S / np.maximum(interval, 1e-3))
