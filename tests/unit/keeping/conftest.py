"""A home of its own for every test, and music that is quick to read."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from valentin.errors import ReadError
from valentin.keeping import Keeper
from valentin.music import Bar, Part, Score, ScoreNote

NOTE = ScoreNote("n1", "P1", Fraction(0), Fraction(1), 60, "C4", 1, 1)
BARS = (Bar("b1", "1", Fraction(0), Fraction(4)),)
EMPTY = Score("", "", (Part("P1", "Piano"),), (NOTE,), bars=BARS)


def read_text(path: Path) -> Score:
    """A "score" whose two lines are title and composer. Raises ReadError for "bad"."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines[:1] == ["bad"]:
        raise ReadError(f"Reading `{path.name}`: it is bad; mend it.", path=str(path))
    title, composer, *_ = [*lines, "", ""]
    return replace(EMPTY, title=title, composer=composer)


@pytest.fixture
def read() -> Callable[[Path], Score]:
    return read_text


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    opened = Keeper(tmp_path / "home")
    yield opened
    opened.database.close()


@pytest.fixture
def score_file(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, title: str, composer: str = "") -> Path:
        path = tmp_path / name
        path.write_text(f"{title}\n{composer}\n", encoding="utf-8")
        return path

    return written
