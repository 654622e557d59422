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

NOTES = Measure("notes right", "notes", "percent", 0.0, 1.0, 4.0, 2.0, None, "pianists")
BALANCE = Measure(
    "melody above accompaniment", "voicing", "velocity", -1.3, 4.05, 3.4, 1.4, 7.8, lean=12
)
FLATNESS = Measure("range of loudness", "phrasing", "velocity", -0.1, 0.33, 3.9, 2.3, 3.1, "take")
CRESCENDO = Measure("growth over the hairpin", "dynamics", "velocity", -0.1, 1.0, 3.6, 1.1, 16.8)
DRIFT = Measure("tempo drift", "tempo", "percent", 0.0, 0.5, 5.4, 1.2, 7.8)
STEADINESS = Measure(
    "steadiness of the beat", "tempo", "percent", -3.9, 0.32, 5.1, 2.5, 3.2, "pianists"
)
EVENNESS = Measure(
    "evenness of the run", "rhythm", "percent", -3.8, 0.53, 3.5, 2.3, 3.4, "pianists"
)
TOGETHER = Measure(
    "chords together", "rhythm", "milliseconds", -6.2, 0.98, 5.0, 3.0, 10.1, "pianists"
)
LEGATO = Measure(
    "length of slurred notes", "articulation", "percent", 0.0, 0.2, 6.6, 3.0, 10.0, "pianists"
)
STACCATO = Measure(
    "length of staccato notes", "articulation", "percent", -1.0, 0.22, 8.0, 4.0, 22.6
)
PEDAL_BLUR = Measure(
    "old harmony in the pedal", "pedal", "percent", 0.0, 0.15, 5.4, 2.5, None, "take"
)
PEDAL_DRY = Measure("pedal down", "pedal", "percent", 0.0, 0.1, 4.8, 1.2, 10.3, "take")
