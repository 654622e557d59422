"""The table of measures: dimension, unit, scatter among fine pianists, and the issue's threshold.

**Conventions.** All numbers come from `bench/judging_thresholds.py` on `train` takes: `usual` and
`scatter` are medians over takes, `issue` is near the score that one fine take in twelve passes
somewhere, `unusual` near the one that every other does, `keeps` a median over takes. Where nearly
all stretches of fine takes lie at the floor of a measure (drift, legato, pedal), `scatter` is the
least difference that we take to be worth telling, and not from the bench.

**Knows nothing of** how each is measured.
"""

from __future__ import annotations

from valentin.judging.deciding import Measure

__all__ = [
    "BALANCE", "CRESCENDO", "DRIFT", "EVENNESS", "FLATNESS", "LEGATO", "NOTES", "PEDAL_BLUR",
    "PEDAL_DRY", "STACCATO", "STEADINESS", "TOGETHER",
]  # fmt: skip

NOTES = Measure(
    "notes right", "notes", "percent", 0.0, 1.0, (1.1, 2.2, 2.6, 2.9, 3.7), None, "pianists"
)
BALANCE = Measure(
    "melody above accompaniment",
    "voicing",
    "velocity",
    -0.3,
    3.6,
    (1.7, 2.6, 3.2, 4.0, 5.8),
    6.2,
    "pianists",
    lean=12,
)
FLATNESS = Measure(
    "range of loudness", "phrasing", "velocity", -0.1, 0.32, (2.2, 3.0, 3.4, 4.5, 5.1), 2.9, "take"
)
CRESCENDO = Measure(
    "growth over the hairpin",
    "dynamics",
    "velocity",
    -0.1,
    0.72,
    (0.8, 2.1, 2.7, 4.3, 4.5),
    14.0,
    "pianists",
)
DRIFT = Measure(
    "tempo drift", "tempo", "percent", 0.0, 0.5, (0.4, 1.8, 3.2, 3.7, 4.8), 5.8, "pianists"
)
STEADINESS = Measure(
    "steadiness of the beat",
    "tempo",
    "percent",
    -4.1,
    0.26,
    (1.6, 3.3, 3.8, 4.3, 4.5),
    2.9,
    "pianists",
)
EVENNESS = Measure(
    "evenness of the run",
    "rhythm",
    "percent",
    -4.0,
    0.43,
    (2.6, 3.7, 3.9, 4.7, 5.2),
    3.8,
    "pianists",
)
TOGETHER = Measure(
    "chords together",
    "rhythm",
    "milliseconds",
    -6.4,
    0.83,
    (1.0, 1.8, 2.6, 3.3, 4.8),
    10.3,
    "pianists",
)
LEGATO = Measure(
    "length of slurred notes",
    "articulation",
    "percent",
    0.0,
    0.2,
    (0.5, 1.2, 2.3, 5.1, 6.7),
    10.0,
    "pianists",
)
STACCATO = Measure(
    "length of staccato notes",
    "articulation",
    "percent",
    -0.3,
    0.2,
    (0.5, 1.0, 2.0, 5.2, 9.2),
    7.5,
    "pianists",
)
PEDAL_BLUR = Measure(
    "old harmony in the pedal",
    "pedal",
    "percent",
    0.0,
    0.15,
    (1.0, 1.5, 2.0, 5.2, 6.0),
    None,
    "take",
)
PEDAL_DRY = Measure(
    "pedal down", "pedal", "percent", 0.0, 0.1, (0.5, 1.5, 3.4, 4.6, 5.6), 9.5, "take"
)
