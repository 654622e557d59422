"""The real studio, killed in the middle of a take: what was answered is there afterwards."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx


def opened(home: Path) -> tuple["subprocess.Popen[str]", httpx.Client]:
    process = subprocess.Popen(
        [sys.executable, "-m", "valentin", "studio", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"VALENTIN_HOME": str(home)},
    )
    assert process.stdout is not None
    address = process.stdout.readline().partition("http://")[2].split()[0]
    return process, httpx.Client(base_url=f"http://{address}", timeout=60)


def test_a_studio_that_is_killed_loses_at_most_a_second(tmp_path: Path) -> None:
    process, page = opened(tmp_path)
    try:
        begun = page.post("/pieces/petzold-anh114/takes", json={"source": "keyboard"}).json()
        address, pen = f"/takes/{begun['take']['id']}", begun["pen"]
        began, sent, answered_s = time.monotonic(), 0, 0.0
        while answered_s < 1.0:
            now = time.monotonic() - began
            kind = "up" if sent % 2 else "down"
            event = {"time_s": now, "kind": kind, "pitch": 60, "value": 64}
            batch = {"pen": pen, "first": sent, "events": [event]}
            sent = page.post(f"{address}/events", json=batch).json()["next"]
            answered_s = now
    finally:
        process.kill()
        process.wait(20)
    process, page = opened(tmp_path)
    try:
        (take,) = page.get("/pieces/petzold-anh114/takes").json()["takes"]
        assert not take["open"]
        events = page.get(f"{address}/events").json()["events"]
        assert len(events) == sent > 5
        assert answered_s - events[-1]["time_s"] < 0.001
        assert page.post(f"{address}/events", json=batch).status_code == 400
    finally:
        process.kill()
        process.wait(20)
