"""The library's addresses: the repertoire and the user's own shelf, in JSON.

    GET    /shelf?words=             every piece with these words
    POST   /shelf?file=&lenient=     a score, as the body: onto the own shelf, or why not
    DELETE /shelf/{name}             off the shelf, with the way back
    POST   /shelf/{name}/restore     back

**Conventions.** `docs/reference/studio.md` says what each answers. A score is read in the workshop,
so that a hostile file ends the workshop's process and nothing else.

**Knows nothing of** pages; what is inside a score.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from valentin import pianist
from valentin.errors import ReadError
from valentin.keeping import folded
from valentin.music import Score
from valentin.pianist import Piece
from valentin.serving.asking import Json, file_of, keeper_of, library_of, named, shown_name

__all__ = ["found_pieces", "piece_data", "routes"]

LARGEST_SCORE = 64 << 20
"""As much as `reading` takes."""


def routes() -> list[Route]:
    """The addresses of this module."""
    return [
        Route("/shelf", _list, methods=["GET"]),
        Route("/shelf", _add, methods=["POST"]),
        Route("/shelf/{name}", _remove, methods=["DELETE"]),
        Route("/shelf/{name}/restore", _restore, methods=["POST"]),
    ]


def found_pieces(words: str) -> tuple[Piece, ...]:
    """The repertoire, then the own shelf: what has these words."""
    wanted = folded(words).split()
    engraved = (
        piece
        for piece in pianist.pieces()
        if all(w in folded(f"{_printed(piece)} {piece.name}") for w in wanted)
    )
    return (*engraved, *pianist.own_pieces(words))


def _printed(piece: Piece) -> str:
    return f"{piece.composer} {piece.title} {piece.level} {piece.period}"


def piece_data(piece: Piece, takes: int) -> Json:
    """A piece for the page."""
    return {
        "name": piece.name,
        "title": piece.title,
        "composer": piece.composer,
        "level": piece.level,
        "period": piece.period,
        "listen_for": piece.listen_for,
        "mine": piece.mine,
        "takes": takes,
        "url": f"/pieces/{quote(piece.name)}",
    }


def _list(request: Request) -> Response:
    counts = keeper_of(request).takes.counts()
    pieces = found_pieces(request.query_params.get("words", ""))
    return JSONResponse(
        {"pieces": [piece_data(piece, counts.get(piece.name, 0)) for piece in pieces]}
    )


async def _add(request: Request) -> Response:
    lenient = request.query_params.get("lenient", "") == "1"
    async with file_of(request, LARGEST_SCORE) as path:
        return await run_in_threadpool(_added, request, path, lenient)


def _added(request: Request, path: Path, lenient: bool) -> Response:
    scores: list[Score] = []

    def read(path: Path) -> Score:
        scores.append(library_of(request).reading.do(_read, path, lenient).result())
        return scores[0]

    taken = {piece.name for piece in pianist.pieces()}
    name = shown_name(request)
    try:
        added = keeper_of(request).shelf.add(path, read, taken, name)
    except ReadError as error:
        return PlainTextResponse(named(error, path, name), 400)
    remarks = [
        {"bar": remark.bar, "kind": remark.kind, "words": remark.words}
        for score in scores
        for remark in score.remarks
    ]
    piece = pianist.piece(added.score.name)
    data = piece_data(piece, keeper_of(request).takes.counts().get(piece.name, 0))
    return JSONResponse({"piece": data, "new": added.new, "remarks": remarks})


def _read(path: Path, lenient: bool, _told: object) -> Score:
    return pianist.read_score(path, lenient=lenient)[0]


def _remove(request: Request) -> Response:
    name = request.path_params["name"]
    mine = {piece.name: piece for piece in pianist.own_pieces()}
    if name not in mine:
        return PlainTextResponse("Taking a piece off the shelf: it is not one of yours.", 404)
    keeper_of(request).shelf.remove(name)
    return JSONResponse(
        {"piece": piece_data(mine[name], 0), "undo": f"/shelf/{quote(name)}/restore"}
    )


def _restore(request: Request) -> Response:
    own = keeper_of(request).shelf.restore(request.path_params["name"])
    counts = keeper_of(request).takes.counts()
    return JSONResponse({"piece": piece_data(pianist.piece(own.name), counts.get(own.name, 0))})
