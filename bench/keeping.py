"""How long lists take when much is kept: 10,000 takes of one piece, 10,000 own scores.

In: a database filled for the purpose. Out: processor time of each answer of the studio, the median
of `ROUNDS` after one that is not counted (it reads the score).

**Knows nothing of** what a browser makes of it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert
from starlette.testclient import TestClient

from bench.common import Row, record
from valentin.keeping import Keeper
from valentin.keeping.tables import scores, takes
from valentin.serving import Library, studio

MANY = 10_000
ROUNDS = 5
PIECE = "petzold-anh114"


class _Idle(Library):
    """Begins nothing when the studio opens."""

    def warm(self) -> None:
        """Nothing to begin."""


def main() -> None:
    """Fill, ask, record."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VALENTIN_HOME"] = folder
        keeper = Keeper(Path(folder))
        _fill(keeper)
        with TestClient(studio(_Idle(), keeper), base_url="http://127.0.0.1:8009") as client:
            rows = [
                _row("10,000 takes of a piece, listed", client, f"/pieces/{PIECE}/takes"),
                _row("10,000 own scores, all listed", client, "/shelf"),
                _row("10,000 own scores, one found", client, "/shelf?words=song%209999"),
                _row("Library page over 10,000 own scores", client, "/library"),
                _row("Progress page over 10,000 takes", client, "/progress"),
            ]
    record("keeping", rows)


def _fill(keeper: Keeper) -> None:
    with keeper.database.writing() as connection:
        connection.execute(
            insert(takes),
            [
                {"id": f"t{i}", "piece": PIECE, "source": "keyboard", "file": "",
                 "suffix": ".jsonl", "started_s": 1.7e9 + 900 * i, "duration_s": 90.0,
                 "notes": 400}
                for i in range(MANY)
            ],
        )  # fmt: skip
        connection.execute(
            insert(scores),
            [
                {"name": f"song-{i}", "digest": f"{i:064x}", "suffix": ".mxl", "file": f"{i}.mxl",
                 "title": f"Song {i}", "composer": "Nobody", "notes": 400, "bars": 32,
                 "words": f"nobody song {i}", "added_s": 1.7e9}
                for i in range(MANY)
            ],
        )  # fmt: skip


def _row(measure: str, client: TestClient, address: str) -> Row:
    assert client.get(address).status_code == 200
    times = []
    for _ in range(ROUNDS):
        before = time.process_time()
        client.get(address)
        times.append(1000 * (time.process_time() - before))
    value = statistics.median(times)
    return Row(measure, value, "ms", n=ROUNDS, of="answers", target="≤ 200")


if __name__ == "__main__":
    main()
