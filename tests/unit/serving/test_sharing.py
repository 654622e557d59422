"""Pages to send on, and cards that come back, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from valentin import pianist
from valentin.errors import TakeError
from valentin.music import Performance
from valentin.recital import Page
from valentin.serving.workshop import Stopped, Workshop

PIECE = "petzold-anh114"
TAKE = pianist.piece("chopin-op9-2").takes[0]
HTML = (
    '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;">'
    "<body>a page</body>"
)


class Patient(Workshop):
    """Begins, and goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[tuple[tuple[Any, ...], Callable[..., None], Future[Any]]] = []

    def do(self, work: Callable[..., Any], *arguments: Any, told: Any = None) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self.jobs.append((arguments, told, future))
        return future

    def cancel(self, future: Future[Any]) -> None:
        future.set_exception(Stopped("The work was stopped."))

    def finish(self, name: str = "0f3a9c") -> None:
        self.jobs[-1][2].set_result(Page(HTML, name, 61.25))


@pytest.fixture
def bench(kept: TestClient) -> Patient:
    patient = Patient()
    kept.app.state.press.workshop = patient  # type: ignore[attr-defined]
    return patient


def begun(kept: TestClient, query: str = "", piece: str = PIECE) -> dict[str, Any]:
    answer = kept.post(f"/pieces/{piece}/shares?{query}")
    assert answer.status_code == 201, answer.text
    share: dict[str, Any] = answer.json()["share"]
    return share


def shares(kept: TestClient, piece: str = PIECE) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = kept.get(f"/pieces/{piece}/shares").json()["shares"]
    return listed


def test_a_page_is_made_told_of_and_saved(kept: TestClient, bench: Patient) -> None:
    wish = "performer=rules&seed=7&hall=salon&language=de&tempo=0.5&from=1&to=2&hand=left"
    share = begun(kept, wish)
    (_, played, asked), told, _ = bench.jobs[0]
    assert played == pianist.Wish("rules", seed=7), "the whole piece at its own tempo"
    assert (asked.language, asked.hall, asked.title) == (
        "de",
        "salon",
        "Menuet in G major, BWV Anh. 114",
    )
    assert (share["ready"], share["words"]) == (False, "getting ready")
    told(("sounding 2 min of music", 0.4))
    there = kept.get(f"/shares/{share['id']}").json()["share"]
    assert (there["words"], there["share"]) == ("sounding 2 min of music", 0.4)
    assert there["left_s"] >= 0
    assert shares(kept) == [there] or shares(kept)[0]["id"] == share["id"]
    bench.finish()
    made = kept.get(f"/shares/{share['id']}").json()["share"]
    assert (made["ready"], made["bytes"], made["length_s"]) == (True, len(HTML), 61.2)
    assert [s["id"] for s in shares(kept)] == [share["id"]]
    page = kept.get(made["url"])
    assert page.text == HTML
    assert page.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert kept.delete(f"/shares/{share['id']}").json() == {"removed": True}
    assert kept.get(made["url"]).status_code == 404
    assert shares(kept) == []


def test_who_asks_again_gets_the_same_and_can_stop_it(kept: TestClient, bench: Patient) -> None:
    first = begun(kept)
    assert begun(kept)["id"] == first["id"]
    second = begun(kept, "language=de")
    assert (second["id"] != first["id"], second["words"]) == (
        True,
        "waiting for the page before it",
    )
    assert len(bench.jobs) == 2
    assert kept.delete(f"/shares/{first['id']}").json() == {"stopped": True}
    assert kept.get(f"/shares/{first['id']}").status_code == 404
    assert len(shares(kept)) == 1


def test_what_cannot_be_made_is_told_and_may_be_tried_again(
    kept: TestClient, bench: Patient
) -> None:
    share = begun(kept)
    bench.jobs[0][2].set_exception(TakeError("Listening to the take: it has no notes."))
    (failed,) = shares(kept)
    assert (failed["failed"], failed["words"]) == (True, "Listening to the take: it has no notes.")
    again = begun(kept)
    assert again["id"] != share["id"]
    assert [s["id"] for s in shares(kept)] == [again["id"]]


def test_a_take_of_ones_own_is_shared(kept: TestClient, bench: Patient) -> None:
    path = "/pieces/chopin-op9-2/takes/file?file=mine.mid"
    take = kept.post(path, content=TAKE.read_bytes()).json()["take"]["id"]
    begun(kept, f"take={take}&by=An\u202ena", "chopin-op9-2")
    (_, played, asked), _, _ = bench.jobs[0]
    assert isinstance(played, Performance)
    assert asked.by == "Anna"
    assert kept.post(f"/pieces/{PIECE}/shares?take={take}").status_code == 400
    assert kept.post(f"/pieces/{PIECE}/shares?take=nobody").status_code == 404
    assert kept.post(f"/pieces/{PIECE}/shares?language=xx").status_code == 400


def test_deleting_everything_stops_what_is_made(kept: TestClient, bench: Patient) -> None:
    begun(kept)
    kept.post("/forget", json={"really": "everything"})
    assert shares(kept) == []


def card(page: str = "0f3a9c", title: str = "", *times_s: float) -> str:
    moments = [{"piece": 1, "time_s": t, "bar": "3"} for t in times_s or (4.5,)]
    told = {"format": "valentin moments 1", "page": page, "title": title, "moments": moments}
    return json.dumps(told)


def test_a_card_of_a_shared_page_finds_its_piece(kept: TestClient, bench: Patient) -> None:
    begun(kept)
    bench.finish()
    answer = kept.post("/cards", json={"text": card()})
    assert answer.status_code == 201
    told = answer.json()["card"]
    assert [piece["name"] for piece in told["pieces"]] == [PIECE]
    again = kept.post("/cards", json={"text": "file:///x.html#kept=0f3a9c;1,4500,3"})
    assert (again.status_code, again.json()["card"]["new"]) == (200, False)
    kept.post("/cards", json={"text": card("0f3a9c", "", 4.5, 9.0)})
    kept.post("/cards", json={"text": card("0f3a9c", "", 4.75)})
    moved = kept.get(f"/pieces/{PIECE}/moments").json()
    assert moved["listeners"] == 2
    assert moved["pages"] == [{"page": "0f3a9c", "by": "", "mine": False}]
    (bar,) = moved["bars"]
    assert (bar["bar"], bar["listeners"]) == ("3", 2)
    assert [m["time_s"] for m in bar["moments"]] == [4.5, 4.75, 9.0]
    undo = kept.delete(f"/cards/{told['id']}").json()["undo"]
    assert kept.get(f"/pieces/{PIECE}/moments").json()["listeners"] == 1
    kept.post(undo)
    assert kept.get(f"/pieces/{PIECE}/moments").json()["listeners"] == 2


def test_a_page_of_elsewhere_is_known_by_its_title(kept: TestClient) -> None:
    answer = kept.post("/cards", json={"text": card("beef", "menuet in g MAJOR, bwv ANH 114")})
    assert answer.json()["card"]["pieces"][0]["name"] == PIECE


def test_an_unknown_page_asks_and_keeps_nothing(kept: TestClient) -> None:
    answer = kept.post("/cards", json={"text": card("beef", "Nobody knows")}).json()
    (question,) = answer["ask"]
    assert (question["number"], question["title"], question["moments"]) == (1, "Nobody knows", 1)
    assert PIECE in [choice["name"] for choice in question["choices"]]
    assert kept.get(f"/pieces/{PIECE}/moments").json()["listeners"] == 0
    said = {"text": card("beef", "Nobody knows"), "pieces": {"1": PIECE}}
    assert kept.post("/cards", json=said).status_code == 201
    later = kept.post("/cards", json={"text": card("beef", "Nobody knows", 8.5)})
    assert later.status_code == 201, "the same page is not asked for twice"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"text": "{}"}, 400, "it is no card of moments"),
        ({"text": "x" * 200_000}, 400, "no card is so large"),
        ({"text": card(), "pieces": {"1": "\ud800"}}, 400, "no JSON object"),
        ({"text": card(), "pieces": []}, 400, "must name a piece"),
        ({"text": card(), "pieces": {"1": "nothing-such"}}, 404, "nothing-such"),
        ({"text": "x" * (1 << 20)}, 413, "more than 1 MB"),
    ],
)
def test_what_is_no_card_is_told(
    kept: TestClient, body: dict[str, Any], status: int, words: str
) -> None:
    told: dict[str, Any] = {
        "content": json.dumps(body),
        "headers": {"content-type": "application/json"},
    }
    answer = kept.post("/cards", **told)
    assert answer.status_code == status
    assert words in answer.text
    assert kept.delete("/cards/nobody").status_code == 404


def test_a_real_page_is_made_in_the_worker(tmp_path: Path) -> None:
    """The work itself, on two bars."""
    from valentin.serving.listening import Asked, made_page

    score = Path(__file__).parents[2] / "music" / "scores" / "ornaments.musicxml"
    told: list[tuple[str, float]] = []
    asked = Asked("de", "Klein", "", "modelled", "dry")
    page = made_page(score, pianist.Wish("score"), asked, told.append)
    assert '<html lang="de">' in page.html
    assert page.name in page.html
    assert page.length_s > 1
    assert [words for words, _ in told][:2] == [
        "reading the score",
        "finding what there is to listen for",
    ]
    shares_done = [share for words, share in told if words.startswith("sounding")]
    assert shares_done == sorted(shares_done)
    assert shares_done[-1] == 1.0
