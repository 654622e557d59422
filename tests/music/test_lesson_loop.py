"""The loop closes: a lesson knows the one before it, and some bars alone are heard as such."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from valentin.cli import main
from valentin.pianist import (
    Brief,
    Excerpt,
    Wish,
    lesson_of,
    play,
    read_score,
    read_take,
    teach,
    write_take,
)
from valentin.telling import lesson_text

SHELF = files("valentin") / "repertoire"
STUDENT = SHELF / "takes" / "chopin-op9-2-student.mid"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lesson on the student's take, as a file."""
    path = tmp_path_factory.mktemp("loop") / "first.json"
    assert main(["teach", "chopin-op9-2", str(STUDENT), "-o", str(path)]) == 0
    return path


def test_a_later_take_says_what_became_of_each_remark(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score, _ = read_score(SHELF / "chopin-op9-2.musicxml")
    take = tmp_path / "later.mid"
    write_take(play(score, Wish()).performance, take)
    capsys.readouterr()
    assert main(["teach", "chopin-op9-2", str(take), "--after", str(first), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    issues = [
        remark
        for remark in json.loads(first.read_text(encoding="utf-8"))["remarks"]
        if remark["kind"] == "issue"
    ]
    assert len(issues) >= 2
    assert [b["became"] for b in data["since"]] == ["resolved"] * len(issues)
    for became, issue in zip(data["since"], issues, strict=True):
        assert became["finding"]["measure"] == issue["measure"]
        assert f"{issue['bars'][0]}–{issue['bars'][1]}" in became["words"]
        assert " now" in became["words"]
    assert all(remark["since"] == "new" for remark in data["remarks"])


def test_the_same_take_again_has_everything_still_to_do(first: Path) -> None:
    score, _ = read_score(SHELF / "chopin-op9-2.musicxml")
    earlier = lesson_of(first.read_text(encoding="utf-8"))
    sitting = teach(score, read_take(STUDENT), Brief(earlier=earlier))
    remarks = sitting.lesson.remarks
    assert {b.became for b in sitting.lesson.since} == {"open"}
    assert [r.since for r in remarks] == ["again"] * len(remarks)


def test_some_bars_alone_are_refused_offered_and_then_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take = tmp_path / "some.mid"
    assert main(["play", "chopin-op9-2", "--bars", "9-16", "-o", str(take)]) == 0
    capsys.readouterr()
    assert main(["teach", "chopin-op9-2", str(take)]) == 0
    told = capsys.readouterr()
    assert "too little for a fair lesson" in told.out
    assert "bars 9–16" in told.out
    assert told.err == "For a lesson on these bars alone, add --bars 9-16.\n"
    assert main(["teach", "chopin-op9-2", str(take), "--bars", "9-16", "--json"]) == 0
    told = capsys.readouterr()
    data = json.loads(told.out)
    assert (data["part"], data["coverage"], data["refusals"]) == ([9, 16], 1.0, [])
    assert all(9 <= bar <= 16 for remark in data["remarks"] for bar in remark["bars"])
    assert told.err == ""


def test_of_a_whole_take_only_the_bars_asked_for_are_heard() -> None:
    score, _ = read_score(SHELF / "chopin-op9-2.musicxml")
    take = read_take(STUDENT)
    sitting = teach(score, take, Brief(excerpt=Excerpt(score, ("9", "12"))))
    assert sitting.findings.heard.verdict == "judged"
    assert sitting.lesson.coverage == 1.0
    assert sitting.findings.heard.placed == 1.0
    assert {n.id for n in sitting.take.notes} < {n.id for n in take.notes}
    (remark,) = sitting.lesson.remarks
    assert remark.finding.measure == "melody above accompaniment"
    assert json.loads(lesson_text(sitting, "json"))["remarks"][0]["demonstration"]


def test_other_bars_than_those_played_are_refused() -> None:
    score, _ = read_score(SHELF / "chopin-op9-2.musicxml")
    some = play(score, Wish(bars=("16", "18"))).performance
    lesson = teach(score, some, Brief(excerpt=Excerpt(score, ("9", "12")))).lesson
    assert lesson.refusals
    assert (lesson.remarks, lesson.mistakes) == ((), ())


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--bars", "9-99"], "bar 99: the score has bars 0 to 34"),
        (["--after", "lesson.json"], "`lesson.json`: there is no such file"),
        (["--after", str(STUDENT)], "this is no lesson"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["teach", "chopin-op9-2", str(STUDENT), *argv]) == 1
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
