"""The studio as a web application: addresses → what the library has.

    GET /                                the first piece of the shelf
    GET /pieces/{name}                   a piece: its page
    GET /pieces/{name}/score?spaces=     its score, engraved for a width, as SVG
    GET /pieces/{name}/rendition, /sound, /places   playing for the visitor: see `playing`
    GET /pieces/{name}/lessons/{n}       a lesson on a take, a page of its own (…/state: how far)
    GET /notes/{pitch}                   one note of the piano
    GET /web/{file}                      styles and scripts
    /pieces/{name}/concerto              playing with an orchestra: see `concerto`
    /shelf, /takes, /progress, …         what is the user's own: see `shelf`, `taking`, `progress`
    /shares, /cards                      pages to send on, and what comes back: `sharing`, `cards`

**Conventions.** What cannot be done is one line of text with a status of 400 or 404. A name from a
client is looked up, never used as a path.

**Knows nothing of** algorithms, sockets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from valentin import keeping, pianist
from valentin.errors import DeviceError, ReadError, ValentinError
from valentin.keeping import Gap, Keeper
from valentin.serving import cards, playing, progress, recording, sharing, shelf, taking
from valentin.serving.concerto import Hall
from valentin.serving.guard import Guard
from valentin.serving.library import LessonState, Library
from valentin.serving.pages import lesson_policy, piece_page, web_files
from valentin.serving.press import Press
from valentin.serving.workshop import Workshop

__all__ = ["studio"]

WIDTHS_SPACES = (36, 48, 68, 84, 100, 120, 150)
"""Widths that are engraved; the page chooses among them (`web/lib/layout.js`)."""
_PIANO = range(21, 109)


def studio(
    library: Library, keeper: Keeper | None = None, *, name: str = "localhost", token: str = ""
) -> Starlette:
    """The application; without a `keeper` it is this machine's. `name`, `token`: for the guard."""
    kept = keeper or keeping.keeper()
    press = Press(Workshop())  # no lesson waits for a page

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        kept.takes.recover()
        kept.recordings.recover()
        library.warm()
        yield
        library.close()
        press.workshop.close()
        kept.recordings.stop()
        kept.takes.stop()

    app = Starlette(
        routes=[
            Route("/", _first),
            Route("/pieces/{name}", _piece),
            Route("/pieces/{name}/score", _score),
            Route("/pieces/{name}/rendition", playing.rendition),
            Route("/pieces/{name}/sound", playing.sound),
            Route("/pieces/{name}/places", playing.places),
            Route("/pieces/{name}/lessons/{take:int}", _lesson),
            Route("/pieces/{name}/lessons/{take:int}/state", _lesson_state),
            Route("/notes/{pitch:int}", _note),
            Route("/web/{file:path}", _web),
            *shelf.routes(),
            *taking.routes(),
            *progress.routes(),
            *Hall(library).routes(),
            *recording.routes(),
            *sharing.routes(),
            *cards.routes(),
        ],
        middleware=[Middleware(Guard, name=name, token=token)],
        exception_handlers={
            ReadError: _missing,
            Gap: taking.gap,
            DeviceError: _broken,
            ValentinError: _impossible,
        },
        lifespan=lifespan,
    )
    app.state.library = library
    app.state.keeper = kept
    app.state.press = press
    return app


def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library


def _missing(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 404)


def _impossible(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 400)


def _broken(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 500)


def _first(request: Request) -> Response:
    shelf = _library(request).pieces()
    return HTMLResponse(piece_page(shelf, shelf[0]))


def _piece(request: Request) -> Response:
    piece = pianist.piece(request.path_params["name"])
    return HTMLResponse(piece_page(_library(request).pieces(), piece))


def _score(request: Request) -> Response:
    spaces = int(playing.among(request, "spaces", [str(width) for width in WIDTHS_SPACES]))
    return HTMLResponse("".join(_library(request).engraved(request.path_params["name"], spaces)))


def _lesson(request: Request) -> Response:
    page = _lesson_asked(request).future.result()
    return HTMLResponse(page, headers={"content-security-policy": lesson_policy(page)})


def _lesson_state(request: Request) -> Response:
    state = _lesson_asked(request)
    if state.future.done():
        state.future.result()
    return JSONResponse({"ready": state.future.done(), "words": state.words})


def _lesson_asked(request: Request) -> LessonState:
    return _library(request).lesson(request.path_params["name"], request.path_params["take"] - 1)


def _note(request: Request) -> Response:
    pitch = request.path_params["pitch"]
    if pitch not in _PIANO:
        raise HTTPException(404, f"The piano has keys {_PIANO[0]} to {_PIANO[-1]}, not {pitch}.")
    return Response(_library(request).note(pitch), media_type="audio/wav")


def _web(request: Request) -> Response:
    found = web_files().get(request.path_params["file"])
    if found is None:
        raise HTTPException(404, "There is no such file in the studio.")
    return Response(found.data, media_type=found.media_type, headers={"cache-control": "no-cache"})
