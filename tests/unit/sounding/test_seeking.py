"""Sound from the middle is the sound there is there."""

import numpy as np
import pytest

from valentin.music import PedalEvent, Performance, PerformedNote
from valentin.sounding import stream_from

TAKE = Performance(
    tuple(PerformedNote(f"p{i}", "", 0.4 * i, 0.4 * i + 0.3, 48 + i, 70) for i in range(20)),
    (PedalEvent(0.1, "sustain", 127), PedalEvent(7.0, "sustain", 0)),
)


def heard(at_s: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.concatenate(list(stream_from(TAKE, at_s)))


@pytest.mark.parametrize("at_s", [0.5, 3.21, 7.9])
def test_it_is_the_whole_sound_cut(at_s: float) -> None:
    whole, part = heard(0.0)[round(at_s * 44_100) :], heard(at_s)
    count = min(len(whole), len(part)) - 4_410
    difference = part[441:count] - whole[441:count]
    loud = float(np.sqrt(np.mean(heard(0.0) ** 2)))
    assert float(np.sqrt(np.mean(difference**2))) < 0.02 * loud


def test_it_rises_from_silence() -> None:
    part = heard(3.21)
    assert float(np.abs(part[0]).max()) == 0.0
    assert float(np.abs(part[1:4]).max()) < 0.02


def test_after_the_end_there_is_silence_and_an_end() -> None:
    assert [block for block in stream_from(TAKE, 60.0) if np.abs(block).max() > 1e-3] == []
