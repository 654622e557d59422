"""Lessons and words on them are stored, undone and read as the history they are."""

import json
import zipfile
from pathlib import Path

import pytest

from valentin.errors import ReadError, TakeError
from valentin.keeping import Keeper, export, forget
from valentin.music import BarPractice, Issue, KeyEvent, Meant, Practised

BARS = (BarPractice("1", 8, 8, 0, 2.5), BarPractice("2", 9, 7, 1, 3.25))
ISSUES = (
    Issue("voicing", "melody above accompaniment", ("1", "2"), 1, "Equally loud.", "Play it."),
    Issue("notes", "notes", ("2", "2"), 2, "Not sure.", "Slowly."),
    Issue("pedal", "blur", ("2", "2")),
)
CAME = Practised("", "", 0.0, 4.0, True, BARS, ISSUES)


def take_of(keeper: Keeper, piece: str = "piece") -> str:
    pen = keeper.takes.begin(piece, "keyboard")
    keeper.takes.append(pen.take.id, pen.pen, 0, [KeyEvent(0.0, "down", 60, 64)])
    keeper.takes.close(pen.take.id, pen.pen)
    return pen.take.id


@pytest.fixture
def take(keeper: Keeper) -> str:
    name = take_of(keeper)
    keeper.lessons.store(name, '{"next": "go"}', CAME)
    return name


def test_a_lesson_is_stored_with_its_take_and_a_new_one_takes_its_place(
    keeper: Keeper, take: str
) -> None:
    assert keeper.lessons.lesson(take) == '{"next": "go"}'
    keeper.lessons.store(take, "{}", CAME)
    assert keeper.lessons.lesson(take) == "{}"
    (row,) = keeper.lessons.history("piece")
    assert (row.take, row.judged, row.bars, row.issues) == (take, True, BARS, ISSUES)
    with pytest.raises(ReadError, match="there is none on this take yet"):
        keeper.lessons.lesson("nobody's")


def test_a_take_without_a_lesson_has_its_time_in_the_history(keeper: Keeper, take: str) -> None:
    other = take_of(keeper, "other")
    keeper.lessons.store(other, "{}", Practised("", "", 0.0, 1.0, False))
    bare = take_of(keeper, "piece")
    history = keeper.lessons.history()
    assert [(row.take, row.judged, len(row.bars)) for row in history] == [
        (take, True, 2), (other, False, 0), (bare, False, 0)
    ]  # fmt: skip
    keeper.takes.remove(take)
    assert [row.take for row in keeper.lessons.history()] == [other, bare]


def test_what_was_meant_is_known_until_it_is_taken_back(keeper: Keeper, take: str) -> None:
    word = keeper.lessons.say(take, "meant", "student", 1, "")
    assert (word.bars, word.measure) == (("1", "2"), "melody above accompaniment")
    expected = (Meant("melody above accompaniment", ("1", "2")),)
    assert keeper.lessons.meant("piece") == expected
    assert keeper.lessons.meant("other") == ()
    assert keeper.lessons.take_back(word.id).removed
    assert keeper.lessons.meant("piece") == ()
    assert keeper.lessons.words(take) == ()
    assert keeper.lessons.say_again(word.id) == word
    assert keeper.lessons.meant("piece") == expected


def test_a_teacher_notes_any_bar(keeper: Keeper, take: str) -> None:
    keeper.lessons.say(take, "note", "teacher", ("12a", "14"), "Breathe here <b>")
    keeper.lessons.say(take, "disagree", "student", 2, "The score is wrong.")
    assert [(w.kind, w.by, w.bars, w.text) for w in keeper.lessons.words(take)] == [
        ("note", "teacher", ("12a", "14"), "Breathe here <b>"),
        ("disagree", "student", ("2", "2"), "The score is wrong."),
    ]


@pytest.mark.parametrize(
    ("kind", "by", "about", "text", "words"),
    [
        ("meant", "student", 3, "", "no remark 3"),
        ("meant", "student", 0, "", "no remark 0"),
        ("meant", "student", -1, "", "no remark -1"),
        ("meant", "student", 2, "", "are not heard as meant"),
        ("meant", "student", ("1", "2"), "", "a note is on bars"),
        ("note", "student", 1, "x", "a note is on bars"),
        ("note", "teacher", ("1", "1"), "  ", "the note is empty"),
        ("note", "teacher", ("1", "1"), "x" * 2001, "more than 2000"),
        ("praise", "teacher", 1, "", "meant, disagree or note"),
        ("meant", "mother", 1, "", "by student or teacher"),
    ],
)
def test_what_cannot_be_said_is_told(
    keeper: Keeper, take: str, kind: str, by: str, about: int | tuple[str, str], text: str,
    words: str,
) -> None:  # fmt: skip
    with pytest.raises(TakeError, match=words):
        keeper.lessons.say(take, kind, by, about, text)
    assert keeper.lessons.words(take) == ()


def test_everything_can_be_taken_away(keeper: Keeper, take: str, tmp_path: Path) -> None:
    keeper.lessons.say(take, "note", "teacher", ("1", "1"), "Schön")
    beside = tmp_path / "beside"
    (beside / "takes").mkdir(parents=True)
    (beside / "takes" / f"{take}.mid").write_bytes(b"MThd")
    export(keeper.database, keeper.home, tmp_path / "all.zip", beside)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = set(archive.namelist())
        tables = json.loads(archive.read("kept.json"))
    assert names == {"README.txt", "kept.json", f"takes/{take}.jsonl", f"takes/{take}.mid"}
    assert tables["takes"][0]["id"] == take
    assert tables["words"][0]["text"] == "Schön"
    assert len(tables["bars"]) == 2


def test_what_is_deleted_is_in_no_file_any_more(keeper: Keeper, take: str) -> None:
    secret = "Zwischentöne im Garten"
    for i in range(300):
        keeper.lessons.say(take, "note", "teacher", ("1", "1"), f"{secret} {i}")
    keeper.takes.remove(take)
    (keeper.home / "valentin-before-version-2.db").write_text(secret, encoding="utf-8")

    def found() -> list[str]:
        files = (path for path in keeper.home.rglob("*") if path.is_file())
        return [path.name for path in files if secret.encode() in path.read_bytes()]

    assert found()
    deleted = forget(keeper.database, keeper.home)
    assert (deleted.takes, deleted.lessons, deleted.words) == (1, 1, 300)
    assert found() == []
    assert {path.name for path in keeper.home.iterdir()} <= {
        "valentin.db", "valentin.db-wal", "valentin.db-shm"
    }  # fmt: skip
    assert take_of(keeper) != take  # and one can begin again
