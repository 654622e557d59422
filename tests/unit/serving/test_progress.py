"""Progress over HTTP: the pages, their data, everything away and everything gone."""

import io
import json
import zipfile
from pathlib import Path

from starlette.testclient import TestClient
from tests.unit.serving.test_taking import PIECE, Live


def played(client: TestClient) -> Live:
    live = Live(client)
    live.send(0, 6)
    live.close()
    client.get(live.take["lesson"])
    return live


def test_nothing_played_is_a_page_too(kept: TestClient) -> None:
    page = kept.get("/progress").text
    assert "Nothing was played yet" in page
    assert kept.get("/progress/data").json()["plan"]["items"] == []
    assert "You have not played it here yet" in kept.get(f"/pieces/{PIECE}/progress").text


def test_what_was_played_is_there_with_a_plan(kept: TestClient) -> None:
    played(kept)
    data = kept.get("/progress/data").json()
    (piece,) = data["pieces"]
    assert (piece["name"], piece["takes"], piece["open"], piece["resolved"]) == (PIECE, 1, 1, 0)
    assert piece["secure"] == 0.0
    kinds = [item["kind"] for item in data["plan"]["items"]]
    assert kinds == ["mend", "mend", "play"]
    assert data["plan"]["items"][0]["url"] == f"/pieces/{PIECE}?from=1&to=1"
    assert data["plan"]["minutes"] == sum(item["minutes"] for item in data["plan"]["items"])
    page = kept.get("/progress").text
    assert "Hold back." in page
    assert "style=" not in page


def test_a_piece_shows_bars_remarks_and_takes(kept: TestClient) -> None:
    live = played(kept)
    data = kept.get(f"/pieces/{PIECE}/progress/data").json()
    assert data["bars"][:3] == ["0", "1", "2"]
    assert data["secure"] == [[None, 0.75, *[None] * (len(data["bars"]) - 2)]]
    assert data["remarks"][0]["resolved_s"] is None
    page = kept.get(f"/pieces/{PIECE}/progress").text
    assert 'class="growth wide"' in page
    assert live.take["lesson"] in page
    assert "It runs." in page


def test_a_piece_that_is_gone_keeps_its_progress(kept: TestClient) -> None:
    ties = Path(__file__).parents[2] / "music" / "scores" / "ties.musicxml"
    kept.post("/shelf?file=ties.musicxml", content=ties.read_bytes())
    live = Live(kept, "valentin-ties")
    live.send(0, 4)
    live.close()
    kept.delete("/shelf/valentin-ties")
    assert kept.get("/progress/data").json()["pieces"][0]["title"] == "valentin-ties"
    assert kept.get("/progress").status_code == 200
    assert kept.get(live.address).json()["take"]["notes"] == 2


def test_everything_can_be_taken_away_in_one_file(kept: TestClient) -> None:
    live = played(kept)
    answer = kept.get("/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = set(archive.namelist())
        tables = json.loads(archive.read("kept.json"))
        assert archive.read(f"takes/{live.take['id']}.mid").startswith(b"MThd")
    assert {f"takes/{live.take['id']}.jsonl", "README.txt"} <= names
    assert tables["findings"][0]["said"] == "It runs."


def test_everything_is_deleted_only_when_it_is_really_meant(kept: TestClient, home: Path) -> None:
    live, still_open = played(kept), Live(kept)
    still_open.send(0, 2)
    for half in ({}, {"really": True}, {"really": "yes"}):
        assert kept.post("/forget", json=half).status_code == 400
    assert kept.get("/forget").status_code == 405
    deleted = kept.post("/forget", json={"really": "everything"}).json()["deleted"]
    assert deleted == {
        "scores": 0, "takes": 1, "lessons": 1, "words": 0, "shared": 0, "cards": 0,
    }  # fmt: skip
    assert kept.get(live.address).status_code == 404
    assert kept.get(live.take["lesson"]).status_code == 404
    assert still_open.send(2, 4).status_code == 400
    assert sorted(p.name for p in home.rglob("*") if "valentin.db" not in p.name) == []
    played(kept)  # and one can begin again
