"""The table of measures: dimension, unit, and how far fine takes stand out of themselves.

**Conventions.** All numbers come from `bench/judging_thresholds.py` on 56 `train` takes of 35
works: `usual`, `scatter` and `keeps` are medians over takes, `middle` is the median over takes of
the furthest stretch's score, `excess` the mean by which the further half passes it. Where nearly
all stretches of fine takes lie at the floor of a measure, `scatter` is the least difference that we
take to be worth telling.

**Knows nothing of** how each is measured.
"""

from __future__ import annotations

from valentin.judging.deciding import Measure

__all__ = [
    "BALANCE", "CRESCENDO", "DRIFT", "EVENNESS", "FLATNESS", "LEGATO", "NOTES", "PEDAL_BLUR",
    "PEDAL_DRY", "STACCATO", "STEADINESS", "SUDDEN_LEVEL", "SUDDEN_TEMPO", "TOGETHER",
]  # fmt: skip

NOTES = Measure("notes right", "notes", "percent", 0.0, 1.0, 0.94, 1.12, None, "pianists")
BALANCE = Measure(
    "melody above accompaniment", "voicing", "velocity", -0.9, 3.6, 1.9, 1.0, 6.2, "pianists"
)
FLATNESS = Measure("range of loudness", "phrasing", "velocity", 0.0, 0.37, 2.75, 0.64, 2.7, "take")
CRESCENDO = Measure(
    "growth over the hairpin", "dynamics", "velocity", 0.1, 0.76, 2.9, 1.4, 13.3, "pianists"
)
SUDDEN_LEVEL = Measure(
    "sudden loudness", "dynamics", "velocity", 0.0, 1.0, 3.6, 9.2, 4.0, "pianists"
)
DRIFT = Measure("tempo drift", "tempo", "percent", 0.0, 0.5, 0.7, 1.75, 7.1, "pianists")
SUDDEN_TEMPO = Measure("sudden tempo", "tempo", "percent", 0.0, 0.5, 2.6, 1.4, 2.4, "take")
STEADINESS = Measure(
    "steadiness of the beat", "tempo", "percent", -4.0, 0.26, 3.3, 1.5, 2.6, "pianists"
)
EVENNESS = Measure(
    "evenness of the run", "rhythm", "percent", -3.9, 0.55, 2.9, 1.0, 5.2, "pianists"
)
TOGETHER = Measure(
    "chords together", "rhythm", "milliseconds", -6.2, 0.88, -1.0, 3.9, 10.3, "pianists"
)
LEGATO = Measure(
    "length of slurred notes", "articulation", "percent", 0.0, 0.2, -1.0, 4.5, 10.0, "pianists"
)
STACCATO = Measure(
    "length of staccato notes", "articulation", "percent", -0.47, 0.21, -1.0, 5.1, 9.8, "pianists"
)
PEDAL_BLUR = Measure(
    "old harmony in the pedal", "pedal", "percent", 0.0, 0.1, 3.3, 5.6, None, "take"
)
PEDAL_DRY = Measure("pedal down", "pedal", "percent", 0.0, 0.17, -1.0, 5.6, 9.5, "take")
