"""Every command that the reference shows works as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from valentin import pianist
from valentin.cli import main

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.S)
    for line in block.splitlines()
    if not line.startswith(("valentin studio", "valentin warm"))
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the score, the take and the recordings that the reference speaks of."""
    folder = tmp_path_factory.mktemp("desk")
    nocturne = pianist.piece("chopin-op9-2")
    shutil.copy(nocturne.score, folder / "score.musicxml")
    shutil.copy(nocturne.takes[0], folder / "take.mid")
    assert main(["play", "chopin-op9-2", "-o", str(folder / "other.mid")]) == 0
    right = ["--hands", "right", "-o", str(folder / "right.mid")]
    assert main(["play", "chopin-op9-2", *right]) == 0
    sounds = [f"-o{folder / f'recording.{kind}'}" for kind in ("wav", "mp3")]
    assert main(["play", "chopin-op9-2", "--bars", "1-3", *sounds]) == 0
    return folder


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) >= 9


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command(
    command: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if command.startswith("valentin sound"):
        assert main(["play", "chopin-op28-20", "--bars", "1-2", "-o", str(desk / "take2.mid")]) == 0
        command = command.replace("take.mid", "take2.mid")
    monkeypatch.chdir(desk)
    program, *argv = shlex.split(command)
    assert program == "valentin"
    outputs = [Path(argv[i + 1]) for i, word in enumerate(argv) if word == "-o"]
    assert main(argv) == 0
    if outputs:
        assert all(path.stat().st_size > 100 for path in outputs)
    else:
        assert capsys.readouterr().out.strip()
