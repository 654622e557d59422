"""Recordings over HTTP: they leave the page as they are made.

    POST /pieces/{name}/recordings?rate=48000   begin
    POST /recordings/{recording}?at=            samples, as the body
    POST /recordings/{recording}/close          the take

**Conventions.** `docs/reference/studio.md` says what each answers. Samples are on the disk before
they are answered.

**Knows nothing of** what is recorded.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from valentin import pianist
from valentin.serving.asking import json_of, keeper_of
from valentin.serving.taking import take_data, title_of

__all__ = ["routes"]

LARGEST_BATCH = 8 << 20
"""A minute and more at any rate there is: what a page sends after the studio was away."""


def routes() -> list[Route]:
    """The addresses of this module."""
    return [
        Route("/pieces/{name}/recordings", _begin, methods=["POST"]),
        Route("/recordings/{recording}", _append, methods=["POST"]),
        Route("/recordings/{recording}/close", _close, methods=["POST"]),
    ]


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    if not text.isdecimal() or len(text) > 12:
        raise HTTPException(400, f"Recording: `{name}` must be a whole number.")
    return int(text)


async def _begin(request: Request) -> Response:
    await json_of(request)
    piece = await run_in_threadpool(pianist.piece, request.path_params["name"])
    rate_hz = _number(request, "rate")
    name = await run_in_threadpool(keeper_of(request).recordings.begin, piece.name, rate_hz)
    return JSONResponse({"recording": name, "next": 0}, 201)


async def _append(request: Request) -> Response:
    first = _number(request, "at")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BATCH:
            raise HTTPException(413, f"Recording: more than {LARGEST_BATCH >> 20} MB at once.")
    recordings, name = keeper_of(request).recordings, request.path_params["recording"]
    awaited = await run_in_threadpool(recordings.append, name, first, bytes(body))
    return JSONResponse({"next": awaited})


async def _close(request: Request) -> Response:
    await json_of(request)
    recordings, name = keeper_of(request).recordings, request.path_params["recording"]
    take = await run_in_threadpool(recordings.close, name)
    data = take and take_data(take, await run_in_threadpool(title_of, take.piece))
    return JSONResponse({"take": data})
