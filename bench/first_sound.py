"""How long a player waits for the first sound: from the command to the first block of samples.

In: pieces of the shelf, and of the development data. Out: rows of `bench/results/first_sound.json`.

Run: `python -m bench.first_sound`.

**Conventions.** Seconds of processor, the child that parses the score counted too, of a process of
its own that does what `valentin play SCORE -o x.wav` does up to the first block: imports, reading,
planning with the model, rendering as a stream. The kernels are compiled, as set-up leaves them. The
middle of `RUNS`.

**Knows nothing of** how long the rest takes.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from bench.common import Row, data_folder, record
from valentin.repertoire import pieces

__all__: list[str] = []

RUNS = 3

PROGRAM = """
import resource, sys
from pathlib import Path
from valentin import pianist
score, _ = pianist.read_score(Path(sys.argv[1]))
rendition = pianist.play(score, pianist.Wish())
next(iter(pianist.stream(rendition.performance)))
used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(u.ru_utime + u.ru_stime for u in used))
"""


def seconds_of(path: Path) -> float:
    """The middle of several runs."""
    command = [sys.executable, "-c", PROGRAM, str(path)]
    runs = [
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(RUNS + 1)
    ]
    return statistics.median(runs[1:])


def main() -> None:
    """Measure and record."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    shelf = {piece.name: seconds_of(piece.score) for piece in pieces()}
    slowest = max(shelf, key=lambda name: shelf[name])
    nocturnes = sorted((data_folder() / "nocturnes").glob("*.krn"))
    longest = max(nocturnes, key=lambda path: path.stat().st_size)
    record(
        "first_sound",
        [
            Row("first sound, op. 9 no. 2", shelf["chopin-op9-2"], "s", n=RUNS, of="runs",
                target="< 3 s"),
            Row("first sound, slowest of the shelf", shelf[slowest], "s", worst_at=slowest,
                n=len(shelf), of="pieces", target="< 3 s"),
            Row("first sound, longest nocturne", seconds_of(longest), "s",
                worst_at=longest.stem, n=RUNS, of="runs", target="< 3 s"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
