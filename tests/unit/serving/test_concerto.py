"""A rehearsal over the socket: the clocks, the answer to a key, rest, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.unit.serving.test_studio import QuickLibrary

from valentin.serving.studio import studio

WS, MENUET = "ws://localhost", "/pieces/petzold-anh114/concerto"
FIRST = (74, 67, 69, 71, 72)  # the right hand's first keys


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(studio(QuickLibrary()), base_url="http://localhost") as client:
        yield client


def until(socket: Any, kind: str) -> dict[str, Any]:
    for _ in range(400):
        line: dict[str, Any] = socket.receive_json()
        if line["kind"] == kind:
            return line
    pytest.fail(f"nothing of {kind}")


def test_the_other_hand_answers_a_key_on_the_pages_clock(client: TestClient) -> None:
    with client.websocket_connect(f"{WS}{MENUET}?hand=right") as socket:
        laid = until(socket, "ready")
        assert laid["soloist"] == "right hand"
        assert [voice["parts"] for voice in laid["voices"]]
        socket.send_json({"kind": "clock", "sent_s": 1.0})
        ours_s = until(socket, "clock")["ours_s"]
        socket.send_json(
            {"kind": "clock", "sent_s": 2.0, "offset_s": 1000.0 - ours_s, "ahead_s": 0.05}
        )
        until(socket, "clock")
        socket.send_json({"kind": "begin", "time_s": 1000.1})
        socket.send_json({"kind": "down", "pitch": FIRST[0], "value": 70, "time_s": 1000.2})
        place = until(socket, "place")
        assert place["bar"] == "1"
        assert place["confidence"] > 0.5


def test_keys_that_nobody_can_strike_are_left_out(client: TestClient) -> None:
    with client.websocket_connect(f"{WS}{MENUET}?hand=right") as socket:
        until(socket, "ready")
        socket.send_json({"kind": "begin", "time_s": 0.0})
        for line in (
            "{",
            "[]",
            '{"kind": "down", "pitch": 900, "value": 1, "time_s": 0}',
            "x" * 9999,
        ):
            socket.send_text(line)
        socket.send_json({"kind": "down", "pitch": FIRST[0], "value": 70, "time_s": 0.0})
        assert until(socket, "place")["bar"] == "1"
        socket.send_json({"kind": "unplugged"})
        while until(socket, "doing")["doing"] != "rests":
            pass


def test_who_has_no_orchestra_is_told(client: TestClient) -> None:
    with client.websocket_connect(WS + MENUET) as socket:
        line = socket.receive_json()
    assert line["kind"] == "refused"
    assert "no orchestra" in line["words"]
    assert line["alone"] is True
    with client.websocket_connect(f"{WS}/pieces/nothing-of-the-kind/concerto") as socket:
        assert socket.receive_json()["kind"] == "refused"


def test_a_voice_is_a_file_of_sound(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valentin.concerto.voice_sound", lambda voice: voice)
    monkeypatch.setattr("valentin.pianist.encode_audio", lambda voice, _: voice.name.encode())
    assert client.get(f"{MENUET}/voices/0?hand=right").status_code == 200
    assert client.get(f"{MENUET}/voices/99?hand=right").status_code == 404
