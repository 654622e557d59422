"""`show --fingering`: fingers for a passage, for a hand of one's own, for machines."""

import json

import pytest

from valentin.cli import main
from valentin.cli.arguments import HANDS_CM
from valentin.studying import HANDS_CM as STUDIED


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["show", "petzold-anh114", *arguments])
    return capsys.readouterr().out


def test_a_passage_has_a_finger_for_every_note(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "--fingering", "--bars", "1-2").splitlines()
    assert "Parncutt" in lines[0]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["bar", "1", "right"], ["bar", "1", "left"], ["bar", "2", "right"], ["bar", "2", "left"],
    ]  # fmt: skip
    assert lines[1].split()[3:] == ["D5:5", "G4:1", "A4:2", "B4:3", "C5:4"]


def test_machines_get_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(shown(capsys, "--fingering", "--json", "--hand-span", "18.5cm"))
    assert len({row["id"] for row in whole["fingering"]}) == len(whole["fingering"]) > 100
    assert {row["finger"] for row in whole["fingering"]} == {1, 2, 3, 4, 5}
    assert {row["hand"] for row in whole["fingering"]} == {"left", "right"}


@pytest.mark.parametrize("arguments", [("--hand-span", "huge"), ("--bars", "1-2")])
def test_a_misused_option_is_usage(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        shown(capsys, *arguments)
    assert ended.value.code == 2


def test_the_hands_of_the_command_line_are_those_of_the_room() -> None:
    assert HANDS_CM == STUDIED
