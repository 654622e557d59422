"""The page's pure logic, under `node --test` as it is."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no node on this system")
def test_the_pages_logic() -> None:
    tests = sorted(Path(__file__).parent.joinpath("lib").glob("*.test.mjs"))
    assert tests
    run = subprocess.run(
        [str(NODE), "--test", *map(str, tests)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
