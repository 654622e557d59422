"""A small grand: the modelled bank at a low rate, rendered once for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from valentin.music import PedalEvent, Performance, PerformedNote
from valentin.sounding import render

RATE_HZ = 11_025
Floats = npt.NDArray[np.float32]
Play = Callable[..., Floats]


def notes(*rows: tuple[float, float, int, int]) -> tuple[PerformedNote, ...]:
    """Notes from (onset, offset, pitch, velocity)."""
    return tuple(PerformedNote(f"p{i}", "P1", *row) for i, row in enumerate(sorted(rows)))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("banks")


@pytest.fixture(scope="session")
def play(cache: Path) -> Play:
    """Rows of notes and pedal events → sound, shape (frames, 2), at RATE_HZ."""

    def sound(rows: list[tuple[float, float, int, int]], *pedal: PedalEvent) -> Floats:
        performance = Performance(notes(*rows), pedal)
        return render(performance, rate_hz=RATE_HZ, cache=cache).samples

    return sound


def level_db(sound: Floats, start_s: float, end_s: float) -> float:
    """Root mean square of a stretch, dB re full scale; after the end there is silence."""
    part = sound[int(start_s * RATE_HZ) : int(end_s * RATE_HZ)]
    power = (part.astype(np.float64) ** 2).sum() / (2 * (end_s - start_s) * RATE_HZ)
    return float(10.0 * np.log10(power + 1e-20))
