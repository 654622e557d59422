"""Recordings over HTTP: begun, sent second by second, ended."""

from __future__ import annotations

import wave

from starlette.testclient import TestClient

from valentin.keeping import Keeper

PIECE = "petzold-anh114"
SECOND = b"\x01\x00" * 8_000


def test_a_recording_comes_second_by_second(kept: TestClient) -> None:
    begun = kept.post(f"/pieces/{PIECE}/recordings?rate=8000")
    assert begun.status_code == 201
    address = f"/recordings/{begun.json()['recording']}"
    for at in (0, len(SECOND)):
        answer = kept.post(f"{address}?at={at}", content=SECOND)
        assert answer.json() == {"next": at + len(SECOND)}
    gap = kept.post(f"{address}?at=99999", content=SECOND)
    assert (gap.status_code, gap.json()["next"]) == (409, 2 * len(SECOND))
    take = kept.post(f"{address}/close").json()["take"]
    assert (take["source"], take["duration_s"], take["piece"]) == ("microphone", 2.0, PIECE)
    keeper: Keeper = kept.app.state.keeper  # type: ignore[attr-defined]
    with wave.open(str(keeper.takes.get(take["id"]).path)) as flow:
        assert flow.getnframes() == 16_000
    assert kept.post(f"{address}/close").status_code == 400


def test_what_cannot_be_recorded_is_told(kept: TestClient) -> None:
    assert kept.post(f"/pieces/{PIECE}/recordings?rate=x").status_code == 400
    assert kept.post(f"/pieces/{PIECE}/recordings?rate=1").status_code == 400
    assert kept.post("/pieces/nothing-such/recordings?rate=48000").status_code == 404
    begun = kept.post(f"/pieces/{PIECE}/recordings?rate=8000").json()
    address = f"/recordings/{begun['recording']}"
    assert kept.post(f"{address}?at=-1", content=SECOND).status_code == 400
    assert kept.post(f"{address}?at=0", content=b"0" * ((8 << 20) + 1)).status_code == 413
    assert kept.post(f"{address}/close").json() == {"take": None}
