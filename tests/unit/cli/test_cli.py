"""The command line: help is quick and whole, errors are one line, nothing half-written is left."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from valentin.cli import main

ROOT = Path(__file__).parents[3]
VERBS = ("play", "sound", "align", "teach", "show", "studio", "warm")


def run(*argv: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "valentin", *argv], input=stdin, capture_output=True, timeout=60
    )


def test_help_lists_every_verb_and_an_example() -> None:
    text = run("--help").stdout.decode()
    assert tuple(re.findall(r"^    (\w+)  ", text, re.M)) == VERBS
    assert "valentin teach" in text


def test_help_is_quick() -> None:
    times = []
    for _ in range(8):
        start = time.perf_counter()
        run("--help")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([verb, "--help"])
    assert f"valentin {verb}" in capsys.readouterr().out.split("example:")[1]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented(verb: str) -> None:
    assert f"valentin {verb}" in (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["sing"],
        ["play"],
        ["sound", "take.mid"],
        ["play", "x", "--tempo", "0"],
        ["play", "x", "--bars", "4-"],
    ],
)
def test_misuse_is_exit_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(argv)
