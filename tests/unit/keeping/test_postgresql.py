"""The same on PostgreSQL, where there is one: VALENTIN_TEST_DATABASE is its URL (it is emptied)."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.keeping.conftest import read_text
from tests.unit.keeping.test_lessons import CAME, take_of

from valentin.keeping import Keeper, forget
from valentin.music import Meant

URL = os.environ.get("VALENTIN_TEST_DATABASE", "")
pytestmark = pytest.mark.skipif(not URL, reason="VALENTIN_TEST_DATABASE names no database")


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    monkeypatch.setenv("VALENTIN_DATABASE", URL)
    opened = Keeper(tmp_path / "home")
    forget(opened.database, opened.home)
    return opened


def _add_all(home: Path, folder: Path) -> None:
    opened = Keeper(home)
    for path in sorted(folder.iterdir()):
        opened.shelf.add(path, read_text)


def test_four_processes_at_once(school: Keeper, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for i in range(12):
        (folder / f"{i}.krn").write_text(f"Song 100 %\nComposer\n{i}\n", encoding="utf-8")
    context = multiprocessing.get_context("spawn")
    several = [context.Process(target=_add_all, args=(school.home, folder)) for _ in range(4)]
    for process in several:
        process.start()
    for process in several:
        process.join(60)
    assert [process.exitcode for process in several] == [0] * 4
    there = school.shelf.list("song 100")
    assert len({score.name for score in there}) == len(there) == 12


def test_lessons_words_and_deletion(school: Keeper, score_file: Callable[..., Path]) -> None:
    school.shelf.add(score_file("a.krn", "Étude"), read_text)
    school.shelf.remove("etude")
    school.shelf.restore("etude")
    take = take_of(school)
    school.lessons.store(take, '{"next": "weiter üben"}', CAME)
    school.lessons.say(take, "meant", "student", 1, "")
    assert school.lessons.meant("piece") == (Meant("melody above accompaniment", ("1", "2")),)
    assert school.lessons.history("piece")[0].bars == CAME.bars
    assert school.takes.counts() == {"piece": 1}
    forget(school.database, school.home)
    assert (school.shelf.list(), school.takes.list()) == ((), ())
