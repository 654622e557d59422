"""The user's own scores: whole or not there, once, found again, put away and brought back."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from valentin.errors import DeviceError, ReadError
from valentin.keeping import Keeper
from valentin.music import Score

Read = Callable[[Path], Score]
MakeScore = Callable[..., Path]


def test_a_score_is_copied_titled_and_named(
    keeper: Keeper, read: Read, score_file: MakeScore
) -> None:
    path = score_file("a.krn", "Prélude", "Frédéric Chopin")
    added = keeper.shelf.add(path, read)
    assert (added.new, added.score.name) == (True, "chopin-prelude")
    assert (added.score.title, added.score.bars, added.score.file) == ("Prélude", 1, "a.krn")
    path.unlink()
    kept = keeper.shelf.get("prelude")
    assert read(kept.path).title == "Prélude"
    assert kept.path.suffix == ".krn"


def test_the_same_file_is_kept_once(keeper: Keeper, read: Read, score_file: MakeScore) -> None:
    first = keeper.shelf.add(score_file("a.krn", "One"), read)
    again = keeper.shelf.add(score_file("b.musicxml", "One"), read)
    assert (first.new, again.new) == (True, False)
    assert again.score == first.score
    assert len(list((keeper.home / "scores").iterdir())) == 1


def test_two_of_one_title_have_two_names(keeper: Keeper, read: Read, score_file: MakeScore) -> None:
    names = [
        keeper.shelf.add(score_file("a.krn", "One", composer), read, {"one"}).score.name
        for composer in ("", "\n", "\n\n")
    ]
    assert names == ["one-2", "one-3", "one-4"]


def test_what_cannot_be_read_leaves_nothing(
    keeper: Keeper, read: Read, score_file: MakeScore
) -> None:
    with pytest.raises(ReadError, match="it is bad; mend it"):
        keeper.shelf.add(score_file("a.krn", "bad"), read)
    with pytest.raises(ReadError, match="no such file"):
        keeper.shelf.add(keeper.home / "nowhere.krn", read)
    assert keeper.shelf.list() == ()
    assert not list(keeper.home.rglob("*.krn"))


def test_a_full_disk_leaves_nothing(
    keeper: Keeper, read: Read, score_file: MakeScore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DeviceError, match="no space left on device"):
        keeper.shelf.add(score_file("a.krn", "One"), read)
    assert keeper.shelf.list() == ()
    assert not list((keeper.home / "scores").iterdir())


def test_words_find_titles_composers_and_files(
    keeper: Keeper, read: Read, score_file: MakeScore
) -> None:
    for file, title, composer in (
        ("a.krn", "Für Elise", "Ludwig van Beethoven"),
        ("b.krn", "Mondschein", "Beethoven"),
        ("c 100%_.krn", "Étude", "Chopin"),
    ):
        keeper.shelf.add(score_file(file, title, composer), read)
    found = {
        words: [score.title for score in keeper.shelf.list(words)]
        for words in ("", "BEETHOVEN", "fur elise", "etude", "100", "%", "nothing")
    }
    assert found == {
        "": ["Mondschein", "Étude", "Für Elise"],
        "BEETHOVEN": ["Mondschein", "Für Elise"],
        "fur elise": ["Für Elise"],
        "etude": ["Étude"],
        "100": ["Étude"],
        "%": ["Mondschein", "Étude", "Für Elise"],
        "nothing": [],
    }


def test_a_removed_score_comes_back(keeper: Keeper, read: Read, score_file: MakeScore) -> None:
    kept = keeper.shelf.add(score_file("a.krn", "One"), read).score
    away = keeper.shelf.remove("one")
    assert (away.removed, away.path.parent.name, away.path.exists()) == (True, "bin", True)
    assert keeper.shelf.list() == ()
    with pytest.raises(ReadError, match="your shelf is empty"):
        keeper.shelf.remove("one")
    back = keeper.shelf.add(away.path, read)
    assert (back.new, back.score.name, back.score.path) == (True, kept.name, kept.path)
    assert kept.path.exists()
    keeper.shelf.remove("one")
    assert keeper.shelf.restore("one").path == kept.path
    assert keeper.shelf.list() == (keeper.shelf.get("one"),)
    assert not list((keeper.home / "bin").iterdir())
    with pytest.raises(ReadError, match="in the bin: it is not there"):
        keeper.shelf.restore("nobody")


def _add_all(home: Path, folder: Path, read: Read) -> None:
    opened = Keeper(home)
    for path in sorted(folder.iterdir()):
        opened.shelf.add(path, read)


def test_four_processes_at_once_keep_each_score_once(tmp_path: Path, read: Read) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for i in range(12):
        (folder / f"{i}.krn").write_text(f"Song\nComposer\n{i}\n", encoding="utf-8")
    context = multiprocessing.get_context("fork")
    arguments = (tmp_path / "home", folder, read)
    several = [context.Process(target=_add_all, args=arguments) for _ in range(4)]
    for process in several:
        process.start()
    for process in several:
        process.join(60)
    assert [process.exitcode for process in several] == [0] * 4
    there = Keeper(tmp_path / "home").shelf.list()
    assert {score.file for score in there} == {f"{i}.krn" for i in range(12)}
    assert len({score.name for score in there}) == 12
    assert all(score.path.read_text(encoding="utf-8").startswith("Song") for score in there)
