"""Where `judging/measures.py` has its numbers from: how far fine takes stand out of themselves.

In: human takes of `train` works (`VALENTIN_DATA`). Out: a table, one row a measure: the median and
robust scatter of `beyond` inside a take, and quantiles over takes of the take's highest score.
`unusual` was set near the median, `issue` near 92 %; measures of which no fault is planted higher.

    python -m bench.judging_thresholds --takes 60

**Knows nothing of** planted faults.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import numpy as np

from bench.common import sampled, takes
from bench.teaching import Known
from valentin.aligning import align
from valentin.judging import measured
from valentin.judging.deciding import Sample, scores
from valentin.judging.observing import observe
from valentin.performing import measure
from valentin.reading import read_score, read_take

QUANTILES = (0.5, 0.75, 0.85, 0.92, 0.97)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--takes", type=int, default=60)
    highest: dict[str, list[float]] = defaultdict(list)
    habits: dict[str, list[tuple[float, float]]] = defaultdict(list)
    chosen = sampled(takes("train"), options.parse_args().takes)
    for take in chosen:
        folded, _ = read_score(take.score)
        played = read_take(take.performance)
        alignment = align(folded, played)
        known = Known.of(folded, alignment.repeats_taken)
        plans = measure(known.score, played, alignment)
        seen = observe(known.score, known.structure, played, alignment, plans, known.spread)
        by_measure: dict[str, list[Sample]] = defaultdict(list)
        for sample in measured(seen):
            by_measure[sample.measure.name].append(sample)
        for name, rows in by_measure.items():
            beyond = np.array([s.beyond for s in rows])
            middle = float(np.median(beyond))
            habits[name].append((middle, 1.4826 * float(np.median(np.abs(beyond - middle)))))
            heard = [z for z, s in zip(scores(rows), rows, strict=True) if s.audible >= 1]
            highest[name].append(max(heard, default=-np.inf))
    print(f"{'measure':30} usual scatter  " + " ".join(f"{q:6.0%}" for q in QUANTILES))
    for name, values in highest.items():
        row = np.array(values + [-np.inf] * (len(chosen) - len(values)))
        usual, scatter = np.median(np.array(habits[name]), axis=0)
        cells = " ".join(f"{v:6.2f}" for v in np.quantile(row, QUANTILES, method="lower"))
        print(f"{name:30} {usual:5.2f} {scatter:7.3f}  {cells}")


if __name__ == "__main__":
    main()
