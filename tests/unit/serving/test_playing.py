"""Playing for the visitor: wishes, and the bytes that are sent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.unit.serving.test_studio import QuickLibrary

from valentin import pianist
from valentin.serving.studio import studio

PIECE = "/pieces/" + pianist.pieces()[0].name


@pytest.fixture
def library() -> QuickLibrary:
    return QuickLibrary()


@pytest.fixture
def client(library: QuickLibrary) -> Iterator[TestClient]:
    with TestClient(studio(library), base_url="http://127.0.0.1:8009") as opened:
        yield opened


def samples(data: bytes) -> np.ndarray:  # type: ignore[type-arg]
    return np.frombuffer(data, "<f4").reshape(-1, 2)


def test_a_rendition_tells_steps_beats_and_where_its_sound_is(
    client: TestClient, library: QuickLibrary
) -> None:
    query = "from=9&to=12&tempo=0.8&hand=left&performer=rules&seed=3"
    told = client.get(f"{PIECE}/rendition?{query}").json()
    assert told["steps"] == [[0.0, "n1"]]
    assert told["duration_s"] == pytest.approx(0.1)
    assert (told["beats"], told["count_in"]) == ([[0.0, 1]], [[-0.5, 1]])
    assert (told["start_s"], told["end_s"]) == (0.0, 0.5)
    assert client.get(told["sound"]).status_code == 200
    wish = pianist.Wish("rules", 3, 0.8, ("9", "12"), "left")
    assert [asked for _, asked in library.asked] == [wish, wish]


def test_nothing_wished_is_the_whole_piece_by_the_model(
    client: TestClient, library: QuickLibrary
) -> None:
    client.get(f"{PIECE}/rendition?from=&to=&character=&hand=&seed=")
    assert [asked for _, asked in library.asked] == [pianist.Wish()]


def test_sound_is_whole_frames_of_stereo_floats(client: TestClient) -> None:
    heard = samples(client.get(f"{PIECE}/sound").content)
    assert 0.001 < float(np.abs(heard).max()) <= 1.0


def test_sound_from_the_middle_is_the_same_sound(client: TestClient) -> None:
    whole = samples(client.get(f"{PIECE}/sound").content)
    later = samples(client.get(f"{PIECE}/sound?at=0.05").content)
    skipped = round(0.05 * 44_100)
    same = min(len(whole) - skipped, len(later), 20_000)
    assert float(np.abs(later[0]).max()) < 1e-6
    assert np.allclose(whole[skipped + 300 :][: same - 300], later[300:same], atol=1e-6)


def test_a_hall_rings_longer_than_none(client: TestClient) -> None:
    dry = samples(client.get(f"{PIECE}/sound").content)
    hall = samples(client.get(f"{PIECE}/sound?hall=cathedral").content)
    assert len(hall) > len(dry) + 44_100


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tempo=0", "`tempo` must be a number from 0.25 to 2"),
        ("tempo=nan", "`tempo` must be"),
        ("tempo=fast", "`tempo` must be"),
        ("hand=third", "`hand` must be one of left, right"),
        ("performer=Liszt", "must be one of model"),
        ("character=rude", "must be one of calm"),
        ("seed=-2", "`seed` must be"),
        ("to=4", "which bar begins"),
        ("from=999", "Finding bar 999"),
    ],
)
@pytest.mark.parametrize("what", ["rendition", "sound"])
def test_a_wish_that_cannot_be_met_is_one_line(
    client: TestClient, what: str, query: str, words: str
) -> None:
    answer = client.get(f"{PIECE}/{what}?{query}")
    assert answer.status_code == 400
    assert words in answer.text
    assert "\n" not in answer.text.strip()


@pytest.mark.parametrize(
    "query",
    ["instrument=/etc/passwd", "instrument=bank.sf2", "hall=garage", "at=-1", "at=1e9", "at=soon"],
)
def test_an_instrument_is_looked_up_and_never_a_path(client: TestClient, query: str) -> None:
    assert client.get(f"{PIECE}/sound?{query}").status_code == 400


def test_a_player_is_followed_by_the_places_of_the_score(client: TestClient) -> None:
    told = client.get("/pieces/petzold-anh114/places").json()["places"]
    assert told[0][1] == [55, 59, 62, 74]
    assert all(pitches == sorted(set(pitches)) for _, pitches in told)
    assert len({name for name, _ in told}) == len(told)
    assert client.get("/pieces/nobody/places").status_code == 404
