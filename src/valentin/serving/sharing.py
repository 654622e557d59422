"""Pages to send on, over HTTP: made, saved, put away.

    POST   /pieces/{name}/shares?language=&by=&take=&performer=&character=&seed=&instrument=&hall=
    GET    /pieces/{name}/shares     those being made, then those that are there
    GET    /shares/{share}           one;  …/page: the page itself
    DELETE /shares/{share}           make it no further, or delete it

**Conventions.** `docs/reference/studio.md` says what each answers. A page is of the whole piece at
its own tempo, whatever is practised. Who asks for the same while it is made gets the same.

**Knows nothing of** what is on a page.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from valentin import pianist, recital
from valentin.errors import TakeError
from valentin.keeping import Shared, Take
from valentin.serving.asking import Json, json_of, keeper_of, library_of, plain, press_of
from valentin.serving.lessons import is_recording, read_notes
from valentin.serving.listening import Asked, Played
from valentin.serving.pages import lesson_policy
from valentin.serving.playing import among, wish_of
from valentin.serving.press import Pressing

__all__ = ["routes"]

LONGEST_BY = 80
_HEAD_BYTES = 16_384
"""Of a page, within which its policy stands."""


def routes() -> list[Route]:
    """The addresses of this module."""
    return [
        Route("/pieces/{name}/shares", _begin, methods=["POST"]),
        Route("/pieces/{name}/shares", _list, methods=["GET"]),
        Route("/shares/{share}", _get, methods=["GET"]),
        Route("/shares/{share}", _remove, methods=["DELETE"]),
        Route("/shares/{share}/page", _page, methods=["GET"]),
    ]


async def _begin(request: Request) -> Response:
    await json_of(request)
    return await run_in_threadpool(_begun, request)


def _begun(request: Request) -> Response:
    piece = pianist.piece(request.path_params["name"])
    keeper, press = keeper_of(request), press_of(request)
    take = _take(request, piece.name)
    wish = replace(wish_of(request), bars=None, hand=None, tempo=1.0)
    asked = Asked(
        language=among(request, "language", sorted(recital.languages(), key="en".__ne__)),
        title=piece.title,
        by=plain(request.query_params.get("by", ""))[:LONGEST_BY].strip(),
        instrument=among(request, "instrument", ["", *pianist.instruments()]),
        hall=among(request, "hall", list(pianist.halls())),
    )
    name = take.id if take else ""
    page = Pressing((piece.name, name or wish, asked), piece.name, name, asked)

    def source() -> tuple[Path, Played]:
        return piece.score, _played_in(request, take) if take else wish

    def keep(made: recital.Page) -> None:
        about = {
            "id": page.id, "page": made.name, "piece": piece.name, "take": name,
            "title": asked.title, "by": asked.by, "language": asked.language, "hall": asked.hall,
            "length_s": made.length_s,
        }  # fmt: skip
        keeper.shared.add(made.html, about)

    return JSONResponse({"share": _making(press.begin(page, source, keep))}, 201)


def _take(request: Request, piece: str) -> Take | None:
    name = request.query_params.get("take", "")
    if not name:
        return None
    take = keeper_of(request).takes.get(name)
    if take.open:
        raise TakeError("Sharing a take: it is still being played; close it first.")
    if take.piece != piece:
        raise HTTPException(400, "Sharing a take: it is a take of another piece.")
    return take


def _played_in(request: Request, take: Take) -> Played:
    """What is in a take: its notes, or the recording that is yet to be heard."""
    takes, reading = keeper_of(request).takes, library_of(request).reading
    if is_recording(take.path):
        return takes.file(take)
    return takes.performance(take, lambda path: reading.do(read_notes, path).result())


def _making(page: Pressing) -> Json:
    left_s = page.left_s
    return {
        "id": page.id,
        "piece": page.piece,
        "take": page.take,
        "title": page.asked.title,
        "by": page.asked.by,
        "language": page.asked.language,
        "hall": page.asked.hall,
        "ready": False,
        "failed": page.failed,
        "words": page.words,
        "share": round(page.share, 3),
        "left_s": None if left_s is None else round(left_s, 1),
    }


def _made(page: Shared) -> Json:
    return {
        "id": page.id,
        "piece": page.piece,
        "take": page.take,
        "title": page.title,
        "by": page.by,
        "language": page.language,
        "hall": page.hall,
        "ready": True,
        "bytes": page.bytes,
        "length_s": round(page.length_s, 1),
        "made_s": page.made_s,
        "url": f"/shares/{page.id}/page",
        "file": f"{page.piece}.html",
    }


def _list(request: Request) -> Response:
    piece = pianist.piece(request.path_params["name"]).name
    kept = keeper_of(request).shared.list(piece)
    there = {page.id for page in kept}
    making = [p for p in press_of(request).of(piece) if p.id not in there]
    return JSONResponse({"shares": [*map(_making, making), *map(_made, kept)]})


def _get(request: Request) -> Response:
    name = request.path_params["share"]
    making = press_of(request).get(name)
    share = _making(making) if making else _made(keeper_of(request).shared.get(name))
    return JSONResponse({"share": share})


def _page(request: Request) -> Response:
    page = keeper_of(request).shared.get(request.path_params["share"])
    with page.path.open("rb") as flow:
        head = flow.read(_HEAD_BYTES).decode(errors="replace")
    headers = {"content-security-policy": lesson_policy(head), "cache-control": "no-store"}
    return FileResponse(page.path, media_type="text/html; charset=utf-8", headers=headers)


def _remove(request: Request) -> Response:
    name = request.path_params["share"]
    if press_of(request).stop(name):
        return JSONResponse({"stopped": True})
    keeper_of(request).shared.remove(name)
    return JSONResponse({"removed": True})
