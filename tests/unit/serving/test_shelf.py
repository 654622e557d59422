"""Scores over HTTP: added or told why not, found, taken off and brought back."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from valentin import pianist

SCORES = Path(__file__).parents[2] / "music" / "scores"
TIES = (SCORES / "ties.musicxml").read_bytes()


def add(client: TestClient, file: str, data: bytes = TIES, more: str = "") -> dict[str, object]:
    answer = client.post(f"/shelf?file={file}{more}", content=data)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(client: TestClient, words: str = "") -> list[str]:
    return [piece["name"] for piece in client.get(f"/shelf?words={words}").json()["pieces"]]


def test_the_repertoire_is_there_with_what_is_known_of_it(kept: TestClient) -> None:
    first = kept.get("/shelf").json()["pieces"][0]
    assert set(first) == {
        "name", "title", "composer", "level", "period", "listen_for", "mine", "takes", "url"
    }  # fmt: skip
    assert (first["mine"], first["takes"]) == (False, 0)
    assert kept.get(first["url"]).status_code == 200


def test_a_score_is_added_and_is_a_piece_like_every_other(kept: TestClient) -> None:
    added = add(kept, "ties.musicxml")
    piece = added["piece"]
    assert isinstance(piece, dict)
    assert (piece["name"], piece["mine"], added["new"]) == ("valentin-ties", True, True)
    assert names(kept)[-1] == "valentin-ties"
    assert names(kept, "TIES") == ["valentin-ties"]
    assert "<h1>Ties</h1>" in kept.get(piece["url"]).text
    assert "<svg" in kept.get(piece["url"] + "/score").text
    assert add(kept, "again.xml")["new"] is False


def test_words_find_level_and_period(kept: TestClient) -> None:
    assert names(kept, "first%20year") == ["petzold-anh114"]
    assert names(kept, "romantic%20advanced") == ["chopin-op9-2", "chopin-op55-1"]
    assert names(kept, "nothing") == []


@pytest.mark.parametrize(
    "file",
    ["../../../../tmp/evil.krn", "..%2f..%2fevil.musicxml", "C:\\evil.musicxml", "%00.krn",
     "x" * 5000 + ".musicxml", ".musicxml", "", "a%0d%0ab.xml", "%e2%80%aeevil.xml"],
)  # fmt: skip
def test_a_clients_name_is_no_path(kept: TestClient, home: Path, file: str) -> None:
    add(kept, file)
    files = [path for path in home.parent.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(home) for path in files)
    assert [
        p.parent.name for p in files if p.suffix in (".musicxml", ".krn", ".score", ".xml")
    ] == ["scores"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"%PDF-1.7", "that is a PDF"),
        (TIES[:900], "add what is whole of it"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "give a MusicXML"),
    ],
)
def test_what_cannot_be_read_is_said_by_the_name_it_came_with(
    kept: TestClient, data: bytes, words: str
) -> None:
    answer = kept.post("/shelf?file=my%20song.xml", content=data)
    assert answer.status_code == 400
    assert words in answer.text
    assert not data or "my song.xml" in answer.text
    assert "upload" not in answer.text
    assert len(names(kept)) == len(pianist.pieces())


def test_what_is_whole_of_a_damaged_score_can_be_added_with_its_remarks(kept: TestClient) -> None:
    added = add(kept, "half.musicxml", TIES[: len(TIES) * 3 // 4], "&lenient=1")
    assert added["remarks"]


def test_two_gigabytes_are_refused_before_they_are_taken(kept: TestClient) -> None:
    answer = kept.post(
        "/shelf?file=big.xml", content=b"x", headers={"content-length": str(2 << 30)}
    )
    assert answer.status_code == 413


def test_a_flow_without_end_is_cut_off(kept: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valentin.serving.shelf.LARGEST_SCORE", 1 << 20)
    answer = kept.post("/shelf?file=big.xml", content=(b" " * 65536 for _ in range(100)))
    assert answer.status_code == 413


def test_a_piece_is_taken_off_and_brought_back(kept: TestClient) -> None:
    add(kept, "ties.musicxml")
    gone = kept.delete("/shelf/valentin-ties").json()
    assert "valentin-ties" not in names(kept)
    assert kept.get("/pieces/valentin-ties").status_code == 404
    assert kept.post(gone["undo"]).json()["piece"]["name"] == "valentin-ties"
    assert "valentin-ties" in names(kept)


@pytest.mark.parametrize("name", ["chopin-op9-2", "nobody", "ties", "%2e%2e"])
def test_only_ones_own_pieces_can_be_taken_off(kept: TestClient, name: str) -> None:
    add(kept, "ties.musicxml")
    assert kept.delete(f"/shelf/{name}").status_code in (404, 405)
    assert len(names(kept)) == len(pianist.pieces()) + 1


def test_the_librarys_page_shows_titles_as_text(kept: TestClient) -> None:
    evil = TIES.replace(b">Ties<", b">&lt;script&gt;alert&lt;/script&gt; $name<", 1)
    add(kept, "evil.musicxml", evil)
    page = kept.get("/library?words=script%22%3E%3Cb%3E").text
    whole = kept.get("/library").text
    assert "<script>alert" not in page + whole
    assert "&lt;script&gt;alert&lt;/script&gt; $name" in whole
    assert 'value="script&quot;&gt;&lt;b&gt;"' in page
    assert "style=" not in whole  # the policy forbids it
