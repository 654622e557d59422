"""A studio with a home of its own, whose workshop works at once and whose lessons are quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from valentin.keeping import Keeper
from valentin.music import BarPractice, Issue, Practised
from valentin.serving.lessons import Made, made
from valentin.serving.library import Library
from valentin.serving.studio import studio
from valentin.serving.workshop import Workshop

PAGE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;">'
    "<body>a lesson</body>"
)
SAID = Issue("tempo", "drift", ("1", "2"), 1, "It runs.", "Hold back.")
CAME = Practised("", "", 0.0, 9.0, True, (BarPractice("1", 8, 6, 0, 3.0),), (SAID,))


class AtOnce(Workshop):
    """Does what it is asked to at once; a lesson it only pretends to make."""

    def __init__(self) -> None:
        super().__init__()
        self.lessons: list[tuple[Any, ...]] = []

    def do(self, work: Callable[..., Any], *arguments: Any, told: Any = None) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            if work is made:
                self.lessons.append(arguments)
                future.set_result(Made(PAGE, '{"next": "Play."}', CAME, 77))
            else:
                future.set_result(work(*arguments, lambda _: None))
        except Exception as error:  # noqa: BLE001 - as the workshop does
            future.set_exception(error)
        return future


class KeptLibrary(Library):
    """Begins nothing when the studio opens."""

    def __init__(self) -> None:
        super().__init__()
        self.workshop = self.reading = AtOnce()

    def warm(self) -> None:
        """Nothing to begin."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VALENTIN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def kept_library() -> KeptLibrary:
    return KeptLibrary()


@pytest.fixture
def kept(home: Path, kept_library: KeptLibrary) -> Iterator[TestClient]:
    """The studio with what is kept in it."""
    app = studio(kept_library, Keeper(home))
    with TestClient(app, base_url="http://127.0.0.1:8009") as opened:
        yield opened
