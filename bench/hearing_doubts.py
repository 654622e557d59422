"""The beliefs from which a note is told, dropped or unsure: what `hearing.informing` was chosen by.

In: the first 40 s of eight `train` takes with planted mistakes, through the phone chain, and
Debussy's "Clair de lune" of `maps-dev`. Out: rows of `bench/results/hearing_doubts.json`: what
would be told with each of some beliefs.

Run: `python -m bench.hearing_doubts [--takes 8] [--seconds 40] [--work FOLDER]`.

**Conventions.** As in `bench.hearing`; only what is named in a row is changed from what ships.

**Knows nothing of** `valid` takes and the other real recordings.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.common import Row, data_folder, record
from bench.hearing import first_of, listened
from bench.hearing_informed import Told, as_planted, told
from bench.hearing_metrics import Counts
from bench.hearing_planting import Planted
from bench.hearing_recordings import chosen, maps, rendition
from valentin import pianist
from valentin.hearing import Heard, informing
from valentin.reading import read_score

__all__ = ["tried"]

SCORE = "debussy/l075-03_suite_clair.musicxml"
TRIED = {
    "STRUCK": (0.5, 0.65, 0.8, 0.9),
    "GHOST": (0.1, 0.3, 0.5),
    "EXPECTED": (0.05, 0.15, 0.3),
    "HARDLY": (0.02, 0.05),
    "NEARLY": (-15, 0, 10),
}


@contextmanager
def tried(name: str, value: float) -> Iterator[None]:
    """With one constant of `informing` changed."""
    ships = getattr(informing, name)
    setattr(informing, name, value)
    try:
        yield
    finally:
        setattr(informing, name, ships)


def _cases(count: int, seconds: float, folder: Path) -> Iterator[tuple[Planted, Heard]]:
    for take in chosen("train", count):
        recording = rendition(take, seconds, "phone", folder)
        if recording.planted:
            yield recording.planted, listened(recording, seconds, folder)
    real = first_of(maps(["deb_clai"])[0], seconds)
    score, _ = read_score(data_folder() / SCORE, lenient=True)
    yield as_planted(score, real.struck), listened(real, seconds, folder)


def _rows(name: str, value: float, cases: list[tuple[Planted, Heard]]) -> Iterator[Row]:
    every = Told(Counts())
    for truth, heard in cases:
        better = pianist.attend(truth.score, heard)
        every += told(truth, better.performance, better.alignment)
    tag, notes = f"{name} {value}", every.onsets.struck
    yield Row(f"{tag}: onset F", every.onsets.f1, n=notes, of="notes")
    false = every.in_200(every.ghosts + every.misplaced)
    yield Row(f"{tag}: false wrong notes in 200", false, n=notes, of="notes")
    yield Row(f"{tag}: planted wrong notes told", every.found / max(every.planted, 1),
              n=every.planted, of="keys")  # fmt: skip
    yield Row(f"{tag}: planted omissions told", every.noticed / max(every.left_out, 1),
              n=every.left_out, of="notes")  # fmt: skip


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.hearing_doubts")
    parser.add_argument("--takes", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "valentin-hearing"
    )
    given = parser.parse_args()
    cases = list(_cases(given.takes, given.seconds, given.work))
    rows: list[Row] = []
    for name, values in TRIED.items():
        for value in values:
            with tried(name, value):
                rows += _rows(name, value, cases)
    record("hearing_doubts", rows)


if __name__ == "__main__":
    _main()
