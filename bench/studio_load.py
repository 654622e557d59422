"""The studio under load: how long pages take to come at 50 requests a second while it renders.

In: the real `valentin studio`. Out: rows of `bench/results/studio_load.json`.

Run: `python -m bench.studio_load [SECONDS]` (30).

**Conventions.** Requests begin when they are due, whether or not those before were answered; a time
is from that moment to the last byte, so what waits in a queue counts. Every address is asked for
once beforehand, as by a page that was open. While pages are asked for, a listening page is made in
the worker process, or sound is streamed by the server itself as fast as a player takes it. The load
of the machine stands beside: on a busy one the numbers are those of the machine.

**Knows nothing of** what is on the pages.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import numpy as np
from starlette.testclient import TestClient

from bench.common import Row, record
from bench.pictures import studio
from valentin import serving
from valentin.keeping import Keeper
from valentin.serving import Library

__all__ = ["asked", "spent"]

RATE_HZ, ROUNDS = 50, 20
SOUND_BYTES_S = 44_100 * 8
PIECE = "chopin-op9-2"
PAGES = (
    "", "library", "progress", f"pieces/{PIECE}", f"pieces/{PIECE}/progress", "shelf",
    f"pieces/{PIECE}/takes", f"pieces/{PIECE}/score?spaces=100", "web/app.js", "web/style.css",
)  # fmt: skip


async def asked(client: httpx.AsyncClient, seconds: float) -> list[float]:
    """Milliseconds that each page took, at a steady rate."""
    begun = time.perf_counter()
    taken: list[float] = []

    async def ask(path: str, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        answer = await client.get("/" + path)
        assert answer.status_code == 200, path
        taken.append(1000 * (time.perf_counter() - due))

    count = round(RATE_HZ * seconds)
    wanted = enumerate(islice(cycle(PAGES), count))
    await asyncio.gather(*(ask(path, begun + i / RATE_HZ) for i, path in wanted))
    return taken


async def _player(client: httpx.AsyncClient) -> None:
    """Takes sound as a player does: some seconds ahead, then at its own speed."""
    address = f"/pieces/{PIECE}/sound?instrument=modelled&hall=recital"
    async with client.stream("GET", address) as answer:
        begun, got = time.perf_counter(), 0
        async for block in answer.aiter_bytes():
            got += len(block)
            await asyncio.sleep(max(0.0, got / SOUND_BYTES_S - 8.0 - time.perf_counter() + begun))


async def measured(address: str, seconds: float) -> list[Row]:
    """Nothing else going on; a page being made; sound being streamed."""
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        for path in PAGES:
            await client.get("/" + path)
        rows = [_row("at rest", await asked(client, seconds))]
        share = (await client.post(f"/pieces/{PIECE}/shares?hall=recital")).json()["share"]["id"]
        while (await _share(client, share))["share"] < 0.02:
            await asyncio.sleep(0.3)
        rows.append(_row("while a listening page is made", await asked(client, seconds)))
        await client.delete(f"/shares/{share}")
        player = asyncio.create_task(_player(client))
        await asyncio.sleep(2.0)
        rows.append(_row("while sound is streamed", await asked(client, seconds)))
        player.cancel()
    return rows


async def _share(client: httpx.AsyncClient, name: str) -> dict[str, float]:
    told: dict[str, float] = (await client.get(f"/shares/{name}")).json()["share"]
    assert not told["ready"], "the page was made before it was measured; ask for a longer piece"
    return told


def _row(name: str, taken: list[float]) -> Row:
    middle, late = np.percentile(taken, [50, 99])
    return Row(
        f"page at 50 a second, 99 of 100, {name}",
        float(late),
        "ms",
        median=float(middle),
        worst=max(taken),
        n=len(taken),
        of="requests",
        others=f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        target="< 50",
    )


def spent(address_of: Callable[[str], object]) -> list[Row]:
    """Processor time of each page, client and server in one process."""
    told: dict[str, float] = {}
    for path in PAGES:
        address_of("/" + path)
        before = time.process_time()
        for _ in range(ROUNDS):
            address_of("/" + path)
        told["/" + path] = 1000 * (time.process_time() - before) / ROUNDS
    worst = max(told, key=lambda path: told[path])
    mean = sum(told.values()) / len(told)
    return [
        Row(
            "page, processor time of client and server",
            mean, "ms", worst=told[worst], worst_at=worst, n=len(told), of="addresses",
            others=f"{ROUNDS} times each", target="< 20",
        )
    ]  # fmt: skip


class _Idle(Library):
    """Begins nothing when the studio opens."""

    def warm(self) -> None:
        """Nothing to begin."""


def main(words: Sequence[str]) -> None:
    """Measure and record; times by the clock only where the machine has nothing else to do."""
    with TemporaryDirectory() as home:
        os.environ["VALENTIN_HOME"] = home
        app = serving.studio(_Idle(), Keeper(Path(home)))
        with TestClient(app, base_url="http://127.0.0.1:8009") as client:
            rows = spent(client.get)
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        print("The machine is busy: times by the clock are not measured.")
        record("studio_load", rows)
        return
    with TemporaryDirectory() as home, studio(home) as address:
        rows += asyncio.run(measured(address, float(words[0]) if words else 30.0))
    record("studio_load", rows)


if __name__ == "__main__":
    main(sys.argv[1:])
