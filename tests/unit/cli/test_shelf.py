"""`valentin shelf`: the user's own scores from the command line, and every verb that finds them."""

import json
import shutil
from pathlib import Path

import pytest

from valentin.cli import main

SCORES = Path(__file__).parents[2] / "music" / "scores"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALENTIN_HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two scores, one of them deeper down, a bad one, and what is none."""
    folder = tmp_path / "my scores"
    (folder / "deeper").mkdir(parents=True)
    shutil.copy(SCORES / "ties.musicxml", folder)
    shutil.copy(SCORES / "voltas.musicxml", folder / "deeper" / "Zyklus.MUSICXML")
    (folder / "damaged.musicxml").write_bytes((SCORES / "ties.musicxml").read_bytes()[:900])
    (folder / "letter.txt").write_text("Dear piano", encoding="utf-8")
    (folder / ".hidden.musicxml").write_text("no score", encoding="utf-8")
    return folder


def test_a_folder_is_added_and_what_could_not_be_read_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shelf", "add", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "2 added to your shelf." in said
    assert "Passed over (files of other kinds: 1 .txt)." in said
    assert "1 could not be read:" in said
    assert "damaged.musicxml: Reading `damaged.musicxml`: the XML breaks off" in said
    assert main(["shelf", "add", str(folder), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert [score["name"] for score in again["there"]] == ["valentin-ties", "valentin-voltas"]
    assert again["added"] == []
    assert len(again["refused"]) == 1


def test_lenient_keeps_a_damaged_score_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (SCORES / "ties.musicxml").read_bytes()
    (folder / "damaged.musicxml").write_bytes(data[: len(data) * 3 // 4])
    assert main(["shelf", "add", "--lenient", str(folder / "damaged.musicxml")]) == 0
    assert "1 to know, `valentin show" in capsys.readouterr().out


def test_every_verb_finds_an_own_score_by_its_name(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["shelf", "add", str(folder)])
    take = tmp_path / "take.mid"
    assert main(["play", "valentin-ties", "--performer", "score", "-o", str(take)]) == 0
    assert main(["align", "ties", str(take), "-o", str(tmp_path / "take.tsv")]) == 0
    capsys.readouterr()
    assert main(["show", "voltas"]) == 0
    assert "Voltas" in capsys.readouterr().out
    assert main(["show"]) == 0
    listed = capsys.readouterr().out
    assert "chopin-op9-2" in listed
    assert "valentin-ties" in listed


def test_words_that_several_have_are_no_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["shelf", "add", str(folder)])
    assert main(["show", "valentin"]) == 1
    said = capsys.readouterr().err
    assert "could be valentin-ties, valentin-voltas; give one of these names." in said


def test_list_finds_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shelf", "list"]) == 0
    assert "Your shelf is empty" in capsys.readouterr().out
    main(["shelf", "add", str(folder)])
    capsys.readouterr()
    main(["shelf", "list", "VOLTAS"])
    assert capsys.readouterr().out.split()[0] == "valentin-voltas"
    main(["shelf", "list", "zyklus", "--json"])
    assert json.loads(capsys.readouterr().out)[0]["bars"] == 5
    main(["shelf", "list", "sonata"])
    assert "Nothing on your shelf" in capsys.readouterr().out


def test_remove_has_a_way_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["shelf", "add", str(folder)])
    assert main(["shelf", "remove", "ties"]) == 0
    told = capsys.readouterr().out.rpartition("`valentin shelf add ")[2].partition("`")[0]
    assert main(["show", "valentin-ties"]) == 1
    assert main(["shelf", "remove", "ties"]) == 1
    assert main(["shelf", "add", told]) == 0
    assert main(["show", "valentin-ties"]) == 0


@pytest.mark.parametrize("name", ["nowhere.musicxml", "letter.txt", "damaged.musicxml", "none"])
def test_what_cannot_be_added_is_one_line(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none").mkdir()
    assert main(["shelf", "add", str(folder / name)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("valentin: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_a_home_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("VALENTIN_HOME", str(tmp_path / "file" / "home"))
    assert main(["shelf", "add", str(SCORES / "ties.musicxml")]) == 1
    assert "set VALENTIN_HOME to a folder that can be written" in capsys.readouterr().err
