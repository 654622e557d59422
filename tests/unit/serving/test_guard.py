"""The guard lets this machine's own pages in, and nobody else's."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from valentin.serving.guard import POLICY, Guard


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello")


def client(base_url: str = "http://127.0.0.1:8009", name: str = "", token: str = "") -> TestClient:
    app = Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])
    return TestClient(Guard(app, name=name or "127.0.0.1", token=token), base_url=base_url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8009", "localhost:8009", "[::1]:8009", "192.168.1.7:8009"]
)
def test_numbers_and_localhost_are_let_in(host: str) -> None:
    assert client().get("/", headers={"host": host}).text == "hello"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8009", "127.0.0.1.evil.example", "localhost.evil.example", ""],
)
def test_a_name_that_someone_else_can_give_is_refused(host: str) -> None:
    answer = client().get("/", headers={"host": host})
    assert answer.status_code == 403
    assert "use the address it printed" in answer.text


def test_the_name_it_was_started_with_is_let_in() -> None:
    answer = client(name="music-room.local").get("/", headers={"host": "music-room.local:8009"})
    assert answer.text == "hello"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    ],
)
def test_another_sites_scripts_are_refused(method: str, headers: dict[str, str]) -> None:
    assert client().request(method, "/", headers=headers).status_code == 403


def test_its_own_scripts_and_a_link_from_elsewhere_are_let_in() -> None:
    own = {"origin": "http://127.0.0.1:8009", "sec-fetch-site": "same-origin"}
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client().post("/", headers=own).text == "hello"
    assert client().get("/", headers=link).text == "hello"


def test_every_answer_carries_the_policy_even_a_refusal() -> None:
    for host in ("127.0.0.1:8009", "evil.example"):
        headers = client().get("/", headers={"host": host}).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"


def test_beyond_the_loopback_a_token_is_shown_once() -> None:
    visitor = client(token="secret")
    assert visitor.get("/").status_code == 403
    assert visitor.get("/?token=wrong").status_code == 403
    assert "set-cookie" not in visitor.get("/").headers
    assert visitor.get("/?token=secret").text == "hello"
    assert visitor.get("/").text == "hello"
