"""An hour heard at one go: processor time, and the peak of memory.

In: the real recordings of `maps-dev`, whole, and our own renditions, one after another, as one FLAC
of an hour in the work folder (44.1 kHz, two channels). Out: rows of
`bench/results/hearing_hour.json`.

Run: `python -m bench.hearing_hour [--minutes 60] [--work FOLDER]`.

**Conventions.** Processor time counts both threads; eight seconds are heard before the clock
starts, so that loading and compiling are not in it (they are in the memory). On two free cores an
hour takes half of its processor time, but for what one thread alone does; the wall clock is told
beside it, with how many processes waited for a processor when it ended.

**Knows nothing of** what was heard.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from bench.common import Row, record
from bench.hearing_recordings import chosen, maps, rendition
from valentin.hearing import heard
from valentin.music import Audio

__all__ = ["hour"]

Floats = npt.NDArray[np.float32]

RATE_HZ, RENDITION_S = 44_100, 60.0


def hour(minutes: float, folder: Path) -> Path:
    """The file, made now or before."""
    path = folder / f"hour-{minutes:.0f}.flac"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    left = round(minutes * 60 * RATE_HZ)
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, format="FLAC") as out:
        for samples in _sounds(folder):
            out.write(np.clip(samples[:left], -1, 1))
            left -= min(left, len(samples))
            if not left:
                return path
    raise ValueError("there are too few recordings for that long")


def _sounds(folder: Path) -> Iterator[Floats]:
    paths = [recording.path for recording in maps()]
    for chain in ("clean", "phone"):
        paths += [rendition(take, RENDITION_S, chain, folder).path for take in chosen("valid", 12)]
    for path in 3 * paths:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        if rate_hz != RATE_HZ:
            samples = resample_poly(samples, 441, rate_hz // 100).astype(np.float32)
        yield np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.hearing_hour")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "valentin-hearing"
    )
    given = parser.parse_args()
    path = hour(given.minutes, given.work)
    seconds = soundfile.info(path).duration
    samples, rate_hz = soundfile.read(path, 8 * RATE_HZ, dtype="float32", always_2d=True)
    heard(Audio(samples, rate_hz))
    begun, clock = time.process_time(), time.perf_counter()
    found = heard(path)
    spent, wall = time.process_time() - begun, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{len(found.performance.notes)} notes, {len(found.faint)} faint")
    size = {"n": round(seconds), "of": "s of music"}
    waiting = os.getloadavg()[1]
    record(
        "hearing_hour",
        [
            Row("processor seconds a second of music", spent / seconds, "s", **size),
            Row("times real time on two cores, if both are free", 2 * seconds / spent,
                target="≥ 2.5", **size),
            Row("times real time by the clock", seconds / wall, others=f"load {waiting:.0f}",
                **size),
            Row("peak memory", peak, "MB", target="< 600", **size),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    _main()
