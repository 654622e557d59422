"""A file is whole or is not there."""

from pathlib import Path

import pytest

from valentin.errors import DeviceError
from valentin.files import written


def test_a_file_appears_whole(tmp_path: Path) -> None:
    with written(tmp_path / "a.txt") as beside:
        beside.write_text("music", encoding="utf-8")
        assert not (tmp_path / "a.txt").exists()
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "music"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    old = tmp_path / "a.txt"
    old.write_text("old", encoding="utf-8")

    def write_half() -> None:
        with written(old) as beside:
            beside.write_text("half", encoding="utf-8")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_half()
    assert old.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="there is no folder"), written(tmp_path / "x" / "a"):
        pass


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="that is a folder"), written(tmp_path):
        pass
