"""The workshop: another process, told how far, stopped at will, and a death is no disaster."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from valentin.errors import DeviceError, ReadError
from valentin.serving.workshop import Stopped, Workshop

WAIT_S = 60


def whose(told: Callable[[float], None]) -> int:
    told(0.5)
    return os.getpid()


def refuse(told: object) -> None:
    raise ReadError("Reading `x`: no.", path="x", place="line 3")


def stumble(told: object) -> None:
    raise KeyError("x")


def die(told: object) -> None:
    os._exit(9)


def sleep(path: Path, told: object) -> None:
    path.touch()
    time.sleep(WAIT_S)


def test_the_workshop(tmp_path: Path) -> None:
    """One test, since starting a process takes a second."""
    workshop = Workshop()
    shares: list[float] = []
    first = workshop.do(whose, told=shares.append).result(WAIT_S)
    assert first != os.getpid()
    assert shares == [0.5]
    with pytest.raises(ReadError, match="Reading `x`: no") as caught:
        workshop.do(refuse).result(WAIT_S)
    assert caught.value.place == "line 3"
    with pytest.raises(RuntimeError, match="KeyError: 'x'"):
        workshop.do(stumble).result(WAIT_S)
    assert workshop.do(whose).result(WAIT_S) == first
    with pytest.raises(DeviceError, match="too much for this machine"):
        workshop.do(die).result(WAIT_S)
    waiting = workshop.do(sleep, tmp_path / "begun")
    never = workshop.do(die)
    after = workshop.do(whose)
    workshop.cancel(never)
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    workshop.cancel(waiting)
    with pytest.raises(Stopped, match="was stopped"):
        waiting.result(WAIT_S)
    assert after.result(WAIT_S) not in (first, os.getpid())
    assert never.cancelled()
    workshop.close()
