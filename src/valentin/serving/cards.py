"""Cards of kept moments over HTTP: opened, and where in a piece listeners were moved.

    POST   /cards {"text", "pieces"}   a card, or a link that ends in one
    DELETE /cards/{card}               POST /cards/{card}/restore
    GET    /pieces/{name}/moments      where listeners were moved, by bar

**Conventions.** `docs/reference/studio.md` says what each answers. A card is of the piece whose
page was shared here; else to the one that an earlier card of the page was taken for; else to the
only piece of its title. Where that says nothing, the answer asks, and nothing is kept.

**Knows nothing of** what a card looks like inside.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from valentin import pianist, recital
from valentin.errors import ReadError
from valentin.keeping import Moved, folded
from valentin.music import MomentCard
from valentin.pianist import Piece
from valentin.serving.asking import Json, json_of, keeper_of, text_of
from valentin.serving.shelf import found_pieces, piece_data

__all__ = ["routes"]

MOST_CHOICES = 300


def routes() -> list[Route]:
    """The addresses of this module."""
    return [
        Route("/cards", _open, methods=["POST"]),
        Route("/cards/{card}", _remove, methods=["DELETE"]),
        Route("/cards/{card}/restore", _restore, methods=["POST"]),
        Route("/pieces/{name}/moments", _moments, methods=["GET"]),
    ]


async def _open(request: Request) -> Response:
    data = await json_of(request)
    try:
        card = recital.read_card(text_of(data, "text"))
    except ReadError as error:
        return PlainTextResponse(str(error), 400)
    return await run_in_threadpool(_opened, request, card, _said(data))


def _said(data: Json) -> dict[int, str]:
    """The pieces that a person says the numbers on a card are."""
    said = data.get("pieces", {})
    if not isinstance(said, dict) or not all(
        number.isdecimal() and len(number) < 4 and isinstance(name, str)
        for number, name in said.items()
    ):
        raise HTTPException(400, "Opening a card: `pieces` must name a piece for each number.")
    return {int(number): pianist.piece(name).name for number, name in said.items()}


def _opened(request: Request, card: MomentCard, said: dict[int, str]) -> Response:
    known = _known(request, card) | said
    asked = [number for number in card.numbers if number not in known]
    if asked:
        return JSONResponse({"ask": [_question(card, number) for number in asked]})
    listener = keeper_of(request).cards.add(card, known)
    data = {
        "id": listener.id,
        "new": listener.new,
        "moments": listener.moments,
        "pieces": [piece_data(pianist.piece(name), 0) for name in listener.pieces],
    }
    return JSONResponse({"card": data}, 201 if listener.new else 200)


def _known(request: Request, card: MomentCard) -> dict[int, str]:
    """The pieces of a card, as far as they can be told without asking."""
    keeper = keeper_of(request)
    found = {n: alike[0].name for n in card.numbers if len(alike := _alike(card.title(n))) == 1}
    found |= keeper.cards.pieces_of(card.page)
    made = keeper.shared.piece_of(card.page)
    found |= {1: made} if made else {}
    return {number: name for number, name in found.items() if _is_there(name)}


def _is_there(name: str) -> bool:
    try:
        return pianist.piece(name).name == name
    except ReadError:
        return False


def _alike(title: str) -> list[Piece]:
    """The pieces of that title."""
    wanted = folded(title)
    return [p for p in found_pieces(wanted) if folded(p.title) == wanted] if wanted else []


def _question(card: MomentCard, number: int) -> Json:
    choices = _alike(card.title(number)) or found_pieces("")
    return {
        "number": number,
        "title": card.title(number),
        "moments": sum(moment.piece == number for moment in card.moments),
        "choices": [
            {"name": p.name, "title": p.title, "composer": p.composer}
            for p in choices[:MOST_CHOICES]
        ],
    }


def _remove(request: Request) -> Response:
    name = request.path_params["card"]
    keeper_of(request).cards.remove(name)
    return JSONResponse({"undo": f"/cards/{name}/restore"})


def _restore(request: Request) -> Response:
    keeper_of(request).cards.restore(request.path_params["card"])
    return JSONResponse({"restored": True})


def _moments(request: Request) -> Response:
    keeper = keeper_of(request)
    piece = pianist.piece(request.path_params["name"]).name
    moved = keeper.cards.moved(piece)
    bars: dict[str, list[Moved]] = {}
    for moment in moved:
        bars.setdefault(moment.bar, []).append(moment)
    made = {page.page: page for page in reversed(keeper.shared.list(piece))}
    pages = [
        {
            "page": name,
            "by": made[name].by if name in made else None,
            "mine": name in made and bool(made[name].take),
        }
        for name in dict.fromkeys(moment.page for moment in moved)
    ]
    return JSONResponse(
        {
            "listeners": len({moment.listener for moment in moved}),
            "bars": [_bar(bar, there) for bar, there in bars.items()],
            "pages": pages,
            "cards": list(dict.fromkeys(moment.listener for moment in moved)),
        }
    )


def _bar(bar: str, there: list[Moved]) -> Json:
    return {
        "bar": bar,
        "listeners": len({moment.listener for moment in there}),
        "moments": [
            {"card": m.listener, "page": m.page, "time_s": round(m.time_s, 3)} for m in there
        ],
    }
