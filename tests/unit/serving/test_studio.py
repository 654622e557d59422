"""The studio's addresses, with a library whose music is quick."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from starlette.testclient import TestClient

from valentin import pianist
from valentin.errors import MusicError
from valentin.music import CursorStep, Performance, PerformedNote, Pulse
from valentin.serving.library import LessonState, Library, Played
from valentin.serving.pages import web_files
from valentin.serving.studio import WIDTHS_SPACES, studio

PAGE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;">'
    "<body>a lesson</body>"
)
NOTE = PerformedNote("n1-1", "P1", 0.0, 0.1, 60, 64)


class QuickLibrary(Library):
    """Answers at once and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, pianist.Wish]] = []

    def warm(self) -> None:
        """Nothing to begin."""

    def engraved(self, name: str, spaces: int) -> tuple[str, ...]:
        pianist.piece(name)
        return (f"<svg>{spaces}</svg>",)

    def played(self, name: str, wish: pianist.Wish) -> Played:
        pianist.piece(name)
        if wish.bars == ("999", ""):
            raise MusicError("Finding bar 999: the score has bars 1 to 34.")
        self.asked.append((name, wish))
        pulse = Pulse(((-0.5, True),), ((0.0, True),), 0.0, 0.5)
        return Played(Performance((NOTE,)), (CursorStep(0.0, "n1-1"),), pulse)

    def note(self, pitch: int) -> bytes:
        return b"RIFF" + bytes([pitch])

    def lesson(self, name: str, take: int) -> LessonState:
        pianist.piece(name)
        done: Future[str] = Future()
        done.set_result(PAGE)
        return LessonState("done", done)


@pytest.fixture
def library() -> QuickLibrary:
    return QuickLibrary()


@pytest.fixture
def client(library: QuickLibrary) -> Iterator[TestClient]:
    with TestClient(studio(library), base_url="http://127.0.0.1:8009") as opened:
        yield opened


def name() -> str:
    return pianist.pieces()[0].name


def test_the_first_page_is_the_first_piece_with_the_shelf(client: TestClient) -> None:
    page = client.get("/").text
    for piece in pianist.pieces():
        assert f"/pieces/{piece.name}" in page
    assert f"<h1>{pianist.pieces()[0].title}</h1>" in page
    assert "$" not in page


def test_every_file_a_page_or_a_script_names_is_there(client: TestClient) -> None:
    files = web_files()
    assert {"paper.css", "style.css", "app.js", "icon.svg"} <= set(files)
    for file in files:
        assert client.get(f"/web/{file}").status_code == 200
    assert client.get("/web/app.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    ["index.html", "../pianist.py", "%2e%2e/pianist.py", "..%2f..%2fpianist.py", "/etc/passwd",
     "lib", "", "app.js/", "lib%2f..%2fapp.js"],
)  # fmt: skip
def test_no_path_from_outside_is_used_as_a_path(client: TestClient, path: str) -> None:
    assert client.get(f"/web/{path}").status_code == 404


@pytest.mark.parametrize("spaces", WIDTHS_SPACES)
def test_a_score_is_engraved_for_the_widths_there_are(client: TestClient, spaces: int) -> None:
    assert client.get(f"/pieces/{name()}/score?spaces={spaces}").text == f"<svg>{spaces}</svg>"


@pytest.mark.parametrize("spaces", ["69", "0", "-1", "1e9", "wide", "68 "])
def test_other_widths_are_refused(client: TestClient, spaces: str) -> None:
    answer = client.get(f"/pieces/{name()}/score?spaces={spaces}")
    assert answer.status_code == 400
    assert "must be one of" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/pieces/nobody", "/pieces/nobody/score", "/pieces/nobody/rendition", "/pieces/nobody/sound",
     "/pieces/nobody/lessons/1", "/pieces/../lessons/1", "/notes/20", "/notes/109", "/notes/c4"],
)  # fmt: skip
def test_what_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_lesson_is_served_under_its_own_policy(client: TestClient) -> None:
    answer = client.get(f"/pieces/{name()}/lessons/1")
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert client.get(f"/pieces/{name()}/lessons/1/state").json()["ready"] is True


def test_work_is_done_once_and_its_failure_is_not_kept() -> None:
    library, times = Library(), []

    def work() -> str:
        times.append(1)
        if len(times) == 1:
            raise MusicError("once")
        return "done"

    with pytest.raises(MusicError, match="once"):
        library._once(("read", "x"), work)
    assert [library._once(("read", "x"), work) for _ in range(3)] == ["done"] * 3
    assert len(times) == 2


def test_many_notes_put_no_score_away() -> None:
    library, read = Library(), []
    for i in range(200):
        library._once(("read", "x"), lambda: read.append(1))
        library._once(("note", i), bytes)
    assert len(read) == 1


def test_a_lesson_on_a_take_that_is_not_there_is_refused(client: TestClient) -> None:
    library = Library()
    with pytest.raises(Exception, match="there is no take 100"):
        library.lesson(name(), 99)
    library.close()
