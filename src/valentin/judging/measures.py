"""The table of measures: dimension, unit, scatter among fine pianists, and the issue's threshold.

**Conventions.** All numbers come from `bench/judging_thresholds.py` on `train` takes: `usual` and
`scatter` are medians over takes, `issue` is near the score that one fine take in twelve passes
somewhere, `unusual` near the one that every other does.

**Knows nothing of** how each is measured.
"""

from __future__ import annotations

from valentin.judging.deciding import Measure

__all__ = [
    "BALANCE", "CRESCENDO", "DRIFT", "EVENNESS", "FLATNESS", "LEGATO", "NOTES", "PEDAL_BLUR",
    "PEDAL_DRY", "STACCATO", "STEADINESS", "TOGETHER",
]  # fmt: skip

NOTES = Measure("notes right", "notes", "percent", 0.0, 1.0, 4.0, 2.0)
BALANCE = Measure("melody above accompaniment", "voicing", "velocity", 1.75, 3.5, 3.7, 1.9)
FLATNESS = Measure("range of loudness", "phrasing", "velocity", 0.0, 0.4, 3.3, 2.2)
CRESCENDO = Measure("growth over the hairpin", "dynamics", "velocity", 0.55, 1.1, 2.6, 0.8)
DRIFT = Measure("tempo drift", "tempo", "percent", 0.0, 0.1, 8.5, 2.2)
STEADINESS = Measure("steadiness of the beat", "tempo", "percent", -3.85, 0.46, 3.5, 2.0)
EVENNESS = Measure("evenness of the run", "rhythm", "percent", -2.5, 0.67, 2.75, 1.7)
TOGETHER = Measure("chords together", "rhythm", "milliseconds", -6.1, 0.9, 5.0, 3.0)
LEGATO = Measure("length of slurred notes", "articulation", "percent", 0.0, 0.2, 10.0, 1.5)
STACCATO = Measure("length of staccato notes", "articulation", "percent", -1.2, 0.3, 7.0, 4.0)
PEDAL_BLUR = Measure("old harmony in the pedal", "pedal", "percent", 0.0, 0.15, 6.0, 1.0)
PEDAL_DRY = Measure("pedal down", "pedal", "percent", 0.0, 0.15, 5.5, 0.5)
