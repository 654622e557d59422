"""Takes over HTTP: the live protocol, files, lessons, and what people say about them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
import soundfile
from starlette.testclient import TestClient
from tests.unit.serving.conftest import KeptLibrary

from valentin import pianist
from valentin.serving.lessons import Wanted

PIECE = "chopin-op9-2"


def events(first: int, last: int) -> list[dict[str, Any]]:
    return [
        {"time_s": n / 10, "kind": "up" if n % 2 else "down", "pitch": 60, "value": 64}
        for n in range(first, last)
    ]


class Live:
    """A page that plays a take."""

    def __init__(self, client: TestClient, piece: str = PIECE) -> None:
        self.client = client
        begun = client.post(f"/pieces/{piece}/takes", json={"source": "letters"})
        assert begun.status_code == 201, begun.text
        data = begun.json()
        self.take, self.pen, self.address = (
            data["take"],
            data["pen"],
            f"/takes/{data['take']['id']}",
        )

    def send(self, first: int, last: int) -> Any:
        batch = {"pen": self.pen, "first": first, "events": events(first, last)}
        return self.client.post(f"{self.address}/events", json=batch)

    def close(self) -> Any:
        return self.client.post(f"{self.address}/close", json={"pen": self.pen})


@pytest.fixture
def live(kept: TestClient) -> Live:
    return Live(kept)


@pytest.fixture
def closed(live: Live) -> Live:
    live.send(0, 6)
    live.close()
    return live


def midi() -> bytes:
    file = mido.MidiFile()
    on, off = (mido.Message(kind, note=60, time=200) for kind in ("note_on", "note_off"))
    file.tracks.append(mido.MidiTrack([on, off]))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def test_a_take_is_played_and_closed(kept: TestClient, live: Live) -> None:
    assert live.take["open"]
    assert live.send(0, 4).json() == {"next": 4}
    assert live.send(4, 6).json() == {"next": 6}
    done = live.close().json()["take"]
    assert (done["notes"], done["duration_s"], done["open"]) == (3, 0.5, False)
    assert done["source"] == "letters"
    listed = kept.get(f"/pieces/{PIECE}/takes").json()["takes"]
    assert listed == [done] == [kept.get(live.address).json()["take"]]
    assert kept.get(f"{live.address}/events").json()["events"] == events(0, 6)
    assert kept.get("/shelf").json()["pieces"][0]["takes"] == 1


def test_a_batch_is_sent_again_and_a_gap_is_told(live: Live) -> None:
    assert [live.send(0, 4).json(), live.send(2, 6).json()] == [{"next": 4}, {"next": 6}]
    answer = live.send(8, 9)
    assert (answer.status_code, answer.json()["next"]) == (409, 6)


def test_after_a_reload_the_new_page_writes_and_the_old_one_is_told(
    kept: TestClient, live: Live
) -> None:
    live.send(0, 4)
    renewed = kept.post(f"{live.address}/pen").json()
    assert renewed["next"] == 4
    refused = live.send(4, 6)
    assert (refused.status_code, refused.json()["taken"]) == (409, True)
    live.pen = renewed["pen"]
    assert live.send(4, 6).json() == {"next": 6}


def test_a_closed_take_takes_no_more(closed: Live) -> None:
    assert closed.send(6, 8).status_code == 400
    assert closed.close().status_code == 400
    assert closed.client.post(f"{closed.address}/pen").status_code == 400


def test_a_take_without_a_key_is_nothing(kept: TestClient, live: Live) -> None:
    assert live.close().json() == {"take": None}
    assert kept.get(live.address).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"first": -1}, {"first": None}, {"first": 1.5}, {"first": True}, {"events": None},
        {"events": {}}, {"events": [1]}, {"events": [{}]}, {"pen": 1}, {"pen": None},
        {"events": [{"time_s": "NaN", "kind": "down", "pitch": 60, "value": 1}]},
        {"events": [{"time_s": 1, "kind": "down", "pitch": 999, "value": 1}]},
        {"events": events(0, 5001)},
    ],
)  # fmt: skip
def test_a_batch_that_makes_no_sense_is_refused_whole(live: Live, change: dict[str, Any]) -> None:
    batch = {"pen": live.pen, "first": 0, "events": events(0, 2)} | change
    answer = live.client.post(f"{live.address}/events", json=batch)
    assert answer.status_code == 400, answer.text
    assert live.send(0, 0).json() == {"next": 0}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400), (b"[]", "application/json", 400),
        (b"\xff", "application/json", 400), (b"{}", "text/plain", 415),
        (b"[" * 100_000, "application/json", 400), (b" " * (2 << 20), "application/json", 413),
    ],
)  # fmt: skip
def test_what_is_no_object_is_refused(live: Live, content: bytes, kind: str, status: int) -> None:
    answer = live.client.post(
        f"{live.address}/events", content=content, headers={"content-type": kind}
    )
    assert answer.status_code == status


def test_another_sites_page_begins_no_take(kept: TestClient) -> None:
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert kept.post(f"/pieces/{PIECE}/takes", headers=headers).status_code == 403
        assert (
            kept.post("/forget", json={"really": "everything"}, headers=headers).status_code == 403
        )
        assert kept.get("/export", headers=headers).status_code == 403


def test_a_dropped_file_is_a_take(kept: TestClient) -> None:
    answer = kept.post(f"/pieces/{PIECE}/takes/file?file=../mine.mid", content=midi())
    assert answer.status_code == 201
    take = answer.json()["take"]
    assert (take["notes"], take["source"], take["file"]) == (1, "file", "mine.mid")
    rows = kept.get(f"/takes/{take['id']}/events").json()["events"]
    assert [row["kind"] for row in rows] == ["down", "up"]


@pytest.mark.parametrize(("data", "status"), [(b"", 400), (b"no take", 400), (b"MThd", 400)])
def test_what_is_no_take_is_told(kept: TestClient, data: bytes, status: int) -> None:
    answer = kept.post(f"/pieces/{PIECE}/takes/file?file=mine.mid", content=data)
    assert answer.status_code == status
    assert kept.get(f"/pieces/{PIECE}/takes").json()["takes"] == []


def test_a_lesson_is_made_once_and_kept(
    kept: TestClient, kept_library: KeptLibrary, closed: Live, home: Path
) -> None:
    lesson = closed.take["lesson"]
    kept.get(f"{lesson}/state")
    answer = kept.get(lesson)
    assert "a lesson" in answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert kept.get(f"{lesson}/state").json()["ready"]
    data = kept.get(f"{lesson}/data").json()
    assert data == {"lesson": {"next": "Play."}, "words": [], "resolved": []}
    assert len(kept_library.workshop.lessons) == 1
    score, take, wanted = kept_library.workshop.lessons[0]
    assert (score, len(take.notes), wanted) == (pianist.piece(PIECE).score, 3, Wanted())
    assert len(list((home / "lessons").iterdir())) == 1


def test_a_later_lesson_knows_the_one_before_it(
    kept: TestClient, kept_library: KeptLibrary, closed: Live
) -> None:
    kept.get(closed.take["lesson"])
    later = Live(kept)
    later.send(0, 4)
    later.close()
    kept.get(later.take["lesson"])
    wanted = [lesson[2] for lesson in kept_library.workshop.lessons]
    assert [w.earlier for w in wanted] == ["", '{"next": "Play."}']
    kept.delete(closed.address)
    kept.post(later.take["lesson"], json={})
    assert kept_library.workshop.lessons[-1][2].earlier == "", "a take put away is no history"


def test_a_lesson_on_some_bars_takes_the_place_of_the_one_there_was(
    kept: TestClient, kept_library: KeptLibrary, closed: Live
) -> None:
    lesson = closed.take["lesson"]
    kept.get(lesson)
    answer = kept.post(lesson, json={"bars": ["1", "2"]})
    assert answer.status_code == 202
    assert kept_library.workshop.lessons[-1][2].bars == ("1", "2")
    assert kept.get(f"{lesson}/state").json()["ready"]
    assert len(kept_library.workshop.lessons) == 2
    for bars in (["1"], "1-2", [1, 2], {}, ["1", "x" * 99], ["1", "99"]):
        answer = kept.post(lesson, json={"bars": bars})
        assert answer.status_code == 400, bars
    assert len(kept_library.workshop.lessons) == 2, "what cannot be done leaves all as it was"


def test_an_open_take_has_no_lesson_yet(kept: TestClient, live: Live) -> None:
    assert kept.get(live.take["lesson"]).status_code == 400
    assert kept.get(f"{live.take['lesson']}/data").status_code == 404


def test_i_meant_that_and_back(kept: TestClient, kept_library: KeptLibrary, closed: Live) -> None:
    kept.get(closed.take["lesson"])
    said = kept.post(f"{closed.address}/words", json={"kind": "meant", "remark": 1})
    assert said.status_code == 201
    word = said.json()["word"]
    assert (word["bars"], word["by"]) == (["1", "2"], "student")
    later = Live(kept)
    later.send(0, 4)
    later.close()
    kept.get(later.take["lesson"])
    assert [m.measure for m in kept_library.workshop.lessons[-1][2].meant] == ["drift"]
    undo = kept.delete(f"/words/{word['id']}").json()["undo"]
    assert kept.get(f"{closed.take['lesson']}/data").json()["words"] == []
    assert kept.post(undo).json()["word"] == word
    assert kept.get(f"{closed.take['lesson']}/data").json()["words"] == [word]


def test_a_teachers_note_on_any_bar(kept: TestClient, closed: Live) -> None:
    note = {"kind": "note", "by": "teacher", "bars": ["30", "31"], "text": "Breathe."}
    word = kept.post(f"{closed.address}/words", json=note).json()["word"]
    assert word["text"] == "Breathe."
    for wrong in ({"bars": ["1"]}, {"bars": [1, 2]}, {"bars": ["x" * 99, "1"]}, {"bars": None}):
        assert kept.post(f"{closed.address}/words", json=note | wrong).status_code == 400


@pytest.mark.parametrize("path", ["/takes/none", "/takes/..%2f..%2fvalentin.db", "/words/none"])
@pytest.mark.parametrize("method", ["DELETE"])
def test_what_is_not_there_cannot_be_removed(kept: TestClient, path: str, method: str) -> None:
    assert kept.request(method, path).status_code in (404, 405)


def test_a_take_is_removed_and_brought_back(kept: TestClient, closed: Live) -> None:
    undo = kept.delete(closed.address).json()["undo"]
    assert kept.get(f"/pieces/{PIECE}/takes").json()["takes"] == []
    assert kept.post(undo).json()["take"]["notes"] == 3
    assert len(kept.get(f"/pieces/{PIECE}/takes").json()["takes"]) == 1


def test_a_recording_is_a_take_that_its_lesson_hears(
    kept: TestClient, kept_library: KeptLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "made.wav"
    soundfile.write(path, np.zeros(8000, np.float32), 8000)
    address = f"/pieces/{PIECE}/takes/file?file=room.wav&source=microphone"
    take = kept.post(address, content=path.read_bytes()).json()["take"]
    assert (take["notes"], take["duration_s"], take["source"]) == (0, 1.0, "microphone")
    assert kept.get(f"/takes/{take['id']}/events").status_code == 400
    kept.get(take["lesson"])
    heard = kept_library.workshop.lessons[0][1]
    assert isinstance(heard, Path)
    assert heard.read_bytes() == path.read_bytes()
    assert kept.get(f"/takes/{take['id']}").json()["take"]["notes"] == 77


@pytest.mark.parametrize("file", ["noise.wav", "noise.mp3", "noise.ogg"])
def test_noise_is_no_recording(kept: TestClient, file: str) -> None:
    answer = kept.post(f"/pieces/{PIECE}/takes/file?file={file}", content=b"no sound" * 99)
    assert answer.status_code == 400
    assert file in answer.text
