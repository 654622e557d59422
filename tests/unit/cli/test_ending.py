"""A verb that is ended from outside leaves no half file."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("end", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_verb_ended_while_it_writes_leaves_nothing(end: str, tmp_path: Path) -> None:
    verb = subprocess.Popen(
        [sys.executable, "-m", "valentin", "play", "chopin-op9-2", "-o", tmp_path / "nocturne.wav"],
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while not any(file.stat().st_size for file in tmp_path.iterdir()):
        assert verb.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    verb.send_signal(signal.Signals[end])
    _, said = verb.communicate(timeout=30)
    assert verb.returncode == 128 + signal.Signals[end]
    assert list(tmp_path.iterdir()) == []
    assert b"Traceback" not in said
