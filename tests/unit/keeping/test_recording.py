"""Recordings while they are made: on the disk at once, whole after any accident."""

from __future__ import annotations

import os
import wave
from pathlib import Path

import pytest

from valentin.errors import TakeError
from valentin.keeping import Gap, Keeper
from valentin.keeping.recording import Recordings

SECOND = b"\x01\x00\xff\x7f" * 4_000
"""A second at 8 kHz."""


def samples_in(path: Path) -> tuple[int, int, bytes]:
    with wave.open(str(path)) as flow:
        return flow.getnchannels(), flow.getframerate(), flow.readframes(flow.getnframes())


def test_what_is_sent_is_on_the_disk_and_becomes_a_take(keeper: Keeper) -> None:
    name = keeper.recordings.begin("song", 8_000)
    assert keeper.recordings.append(name, 0, SECOND) == len(SECOND)
    (tape,) = (keeper.home / "takes" / "open").glob("*.pcm")
    assert tape.read_bytes().endswith(SECOND)
    assert keeper.recordings.append(name, len(SECOND), SECOND) == 2 * len(SECOND)
    take = keeper.recordings.close(name)
    assert take is not None
    assert (take.piece, take.source, take.duration_s, take.notes) == ("song", "microphone", 2.0, 0)
    assert samples_in(take.path) == (1, 8_000, 2 * SECOND)
    assert list((keeper.home / "takes" / "open").iterdir()) == []


def test_a_batch_sent_twice_is_taken_once_and_a_gap_is_told(keeper: Keeper) -> None:
    name = keeper.recordings.begin("song", 8_000)
    keeper.recordings.append(name, 0, SECOND)
    assert keeper.recordings.append(name, 0, SECOND + SECOND[:100]) == len(SECOND) + 100
    with pytest.raises(Gap, match="missing") as gap:
        keeper.recordings.append(name, 99_999, SECOND)
    assert gap.value.next == len(SECOND) + 100


def test_after_an_accident_the_next_studio_makes_a_take(keeper: Keeper) -> None:
    name = keeper.recordings.begin("song", 8_000)
    keeper.recordings.append(name, 0, SECOND + b"\x05")
    other = Recordings(keeper.home, keeper.takes)
    assert other.recover() == (), "it is still being made"
    tape = keeper.recordings._open[name]
    os.close(tape.handle)  # as when its process is killed
    (take,) = other.recover()
    assert samples_in(take.path) == (1, 8_000, SECOND), "a torn sample is left out"


def test_nothing_recorded_is_no_take(keeper: Keeper) -> None:
    name = keeper.recordings.begin("song", 48_000)
    assert keeper.recordings.close(name) is None
    with pytest.raises(TakeError, match="it has ended already"):
        keeper.recordings.append(name, 0, SECOND)
    with pytest.raises(TakeError, match="samples a second"):
        keeper.recordings.begin("song", 5)


def test_stopping_keeps_and_dropping_does_not(keeper: Keeper) -> None:
    for _ in range(2):
        keeper.recordings.append(keeper.recordings.begin("song", 8_000), 0, SECOND)
    keeper.recordings.stop()
    assert len(keeper.takes.list("song")) == 2
    keeper.recordings.append(keeper.recordings.begin("song", 8_000), 0, SECOND)
    keeper.recordings.drop()
    assert len(keeper.takes.list("song")) == 2
    assert list((keeper.home / "takes" / "open").iterdir()) == []
