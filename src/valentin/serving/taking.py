"""Takes over HTTP: played live batch by batch, or brought as a file; and the lesson on each.

    POST   /pieces/{name}/takes            begin          GET  …   the takes of a piece
    POST   /pieces/{name}/takes/file?file= a file
    POST   /takes/{take}/events            a batch        GET  …   all of them
    POST   /takes/{take}/pen, /close       write on after a reload; the end
    GET    /takes/{take}                   DELETE …       POST /takes/{take}/restore
    GET    /takes/{take}/lesson            …/state, …/data; DELETE: do it no further
    POST   /takes/{take}/lesson            make it anew, on some bars alone
    POST   /takes/{take}/words             DELETE /words/{word}, POST /words/{word}/restore

**Conventions.** `docs/reference/studio.md` says what each answers. Events are kept before they are
answered.

**Knows nothing of** what a lesson says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from valentin import pianist
from valentin.errors import ReadError, TakeError
from valentin.files import written
from valentin.keeping import Gap, Take, Word, event_of, folder
from valentin.music import KeyEvent, Performance
from valentin.serving.asking import (
    Json,
    file_of,
    json_of,
    keeper_of,
    library_of,
    named,
    shown_name,
    text_of,
)
from valentin.serving.lessons import Made, Wanted, is_recording, read_any, read_notes
from valentin.serving.library import Asked, LessonState
from valentin.serving.pages import lesson_policy
from valentin.serving.playing import among

__all__ = ["gap", "routes", "take_data"]

MOST_EVENTS = 5_000
LARGEST_MIDI = 8 << 20
LARGEST_RECORDING = 256 << 20
_MIDI = (".mid", ".midi")


def routes() -> list[Route]:
    """The addresses of this module."""
    take, word = "/takes/{take}", "/words/{word}"
    return [
        Route("/pieces/{name}/takes", _begin, methods=["POST"]),
        Route("/pieces/{name}/takes", _list, methods=["GET"]),
        Route("/pieces/{name}/takes/file", _file, methods=["POST"]),
        Route(take, _get, methods=["GET"]),
        Route(take, _remove, methods=["DELETE"]),
        Route(f"{take}/restore", _restore, methods=["POST"]),
        Route(f"{take}/events", _append, methods=["POST"]),
        Route(f"{take}/events", _events, methods=["GET"]),
        Route(f"{take}/pen", _pen, methods=["POST"]),
        Route(f"{take}/close", _close, methods=["POST"]),
        Route(f"{take}/lesson", _lesson, methods=["GET"]),
        Route(f"{take}/lesson", _ask_lesson, methods=["POST"]),
        Route(f"{take}/lesson", _stop_lesson, methods=["DELETE"]),
        Route(f"{take}/lesson/state", _lesson_state, methods=["GET"]),
        Route(f"{take}/lesson/data", _lesson_data, methods=["GET"]),
        Route(f"{take}/words", _say, methods=["POST"]),
        Route(word, _take_back, methods=["DELETE"]),
        Route(f"{word}/restore", _say_again, methods=["POST"]),
    ]


def gap(_request: Request, error: Exception) -> Response:
    """A batch that cannot be taken now, and what is awaited."""
    assert isinstance(error, Gap)
    what: Json = {"taken": True} if error.taken else {}
    return JSONResponse({"words": str(error), "next": error.next} | what, 409)


def take_data(take: Take, title: str) -> Json:
    """A take for the page."""
    return {
        "id": take.id,
        "piece": take.piece,
        "title": title,
        "started_s": take.started_s,
        "duration_s": round(take.duration_s, 3),
        "notes": take.notes,
        "source": take.source,
        "file": take.file,
        "open": take.open,
        "lesson": f"/takes/{take.id}/lesson",
    }


def _data(take: Take) -> Json:
    return take_data(take, title_of(take.piece))


def title_of(name: str) -> str:
    """The title of a piece; its name where the piece is no longer there."""
    try:
        return pianist.piece(name).title
    except ReadError:
        return name


async def _begin(request: Request) -> Response:
    data = await json_of(request)
    source = text_of(data, "source") or "keyboard"
    name = (await run_in_threadpool(pianist.piece, request.path_params["name"])).name
    pen = await run_in_threadpool(keeper_of(request).takes.begin, name, source)
    return JSONResponse({"take": _data(pen.take), "pen": pen.pen, "next": pen.next}, 201)


async def _append(request: Request) -> Response:
    data = await json_of(request)
    first = data.get("first")
    if type(first) is not int or first < 0:
        raise HTTPException(400, "Taking events: `first` must be the number of the first event.")
    events = _events_of(data.get("events"))
    takes = keeper_of(request).takes
    awaited = await run_in_threadpool(
        takes.append, request.path_params["take"], text_of(data, "pen"), first, events
    )
    return JSONResponse({"next": awaited})


def _events_of(rows: Any) -> list[KeyEvent]:
    if not isinstance(rows, list) or len(rows) > MOST_EVENTS:
        raise HTTPException(400, f"Taking events: give a list of at most {MOST_EVENTS}.")
    if not all(isinstance(row, dict) for row in rows):
        raise HTTPException(400, "Taking events: each must be {time_s, kind, pitch, value}.")
    return [event_of(*(row.get(k) for k in ("time_s", "kind", "pitch", "value"))) for row in rows]


def _pen(request: Request) -> Response:
    pen = keeper_of(request).takes.take_pen(request.path_params["take"])
    return JSONResponse({"take": _data(pen.take), "pen": pen.pen, "next": pen.next})


async def _close(request: Request) -> Response:
    pen = text_of(await json_of(request), "pen")
    closed = await run_in_threadpool(
        keeper_of(request).takes.close, request.path_params["take"], pen
    )
    return JSONResponse({"take": None if closed is None else _data(closed)})


async def _file(request: Request) -> Response:
    is_midi = shown_name(request).lower().endswith(_MIDI)
    async with file_of(request, LARGEST_MIDI if is_midi else LARGEST_RECORDING) as path:
        return await run_in_threadpool(_filed, request, path)


def _filed(request: Request, path: Path) -> Response:
    piece = pianist.piece(request.path_params["name"]).name
    name = shown_name(request)
    takes = keeper_of(request).takes
    source = among(request, "source", ["file", "microphone"])
    library = library_of(request)
    try:
        take = takes.add_file(
            piece, path, lambda p: library.reading.do(read_any, p).result(), name, source
        )
    except (ReadError, TakeError) as error:
        return PlainTextResponse(named(error, path, name), 400)
    return JSONResponse({"take": _data(take)}, 201)


def _heard(request: Request, path: Path) -> Performance:
    """The take in a MIDI file, read where it can do no harm."""
    return library_of(request).reading.do(read_notes, path).result()


def _take(request: Request) -> Take:
    return keeper_of(request).takes.get(request.path_params["take"])


def _list(request: Request) -> Response:
    piece = pianist.piece(request.path_params["name"])
    takes = keeper_of(request).takes.list(piece.name)
    return JSONResponse({"takes": [take_data(take, piece.title) for take in takes]})


def _get(request: Request) -> Response:
    return JSONResponse({"take": _data(_take(request))})


def _events(request: Request) -> Response:
    take = _take(request)
    if is_recording(take.path):
        raise TakeError("Reading the keys of a take: it is a recording; its lesson heard them.")
    if take.file:
        played = keeper_of(request).takes.performance(take, lambda p: _heard(request, p))
        rows = _rows_of(played)
    else:
        events = keeper_of(request).takes.events(take)
        rows = [(e.time_s, e.kind, e.pitch, e.value) for e in events]
    names = ("time_s", "kind", "pitch", "value")
    return JSONResponse({"events": [dict(zip(names, row, strict=True)) for row in rows]})


def _rows_of(played: Performance) -> list[tuple[float, str, int, int]]:
    """A performance as the events it was played with."""
    rows = [(note.onset_s, "down", note.pitch, note.velocity) for note in played.notes]
    rows += [(note.offset_s, "up", note.pitch, 0) for note in played.notes]
    rows += [(pedal.time_s, pedal.control, 0, pedal.value) for pedal in played.pedal]
    return sorted(rows, key=lambda row: (row[0], row[1] == "down"))


def _remove(request: Request) -> Response:
    take = keeper_of(request).takes.remove(request.path_params["take"])
    library_of(request).forget_lesson(take.id)
    return JSONResponse({"undo": f"/takes/{take.id}/restore"})


def _restore(request: Request) -> Response:
    return JSONResponse({"take": _data(keeper_of(request).takes.restore(_take(request).id))})


def _page(request: Request, take: Take) -> Path:
    return keeper_of(request).home / "lessons" / f"{take.id}.html"


def _begun(request: Request, take: Take, bars: tuple[str, str] | None = None) -> LessonState:
    """The lesson on a take, or on some of its bars; the first to ask begins it."""
    if take.open:
        raise TakeError("Opening a lesson: the take is still being played; close it first.")
    keeper = keeper_of(request)

    def asked() -> Asked:
        if is_recording(take.path):
            played: Performance | Path = keeper.takes.file(take)
        else:
            played = keeper.takes.performance(take, lambda path: _heard(request, path))
        wanted = Wanted(keeper.lessons.meant(take.piece), keeper.lessons.before(take.id), bars)
        return pianist.piece(take.piece).score, played, wanted

    def keep(lesson: Made) -> None:
        keeper.lessons.store(take.id, lesson.data, lesson.practised)
        if is_recording(take.path):
            keeper.takes.heard(take.id, lesson.practised.duration_s, lesson.notes)
        page = _page(request, take)  # last: who finds the page asks for the rest
        folder(page.parent)
        with written(page) as beside:
            beside.write_text(lesson.page, encoding="utf-8")

    return library_of(request).prepared(take.id, asked, keep)


def _lesson(request: Request) -> Response:
    take = _take(request)
    kept = _page(request, take)
    page = kept.read_text("utf-8") if kept.is_file() else _begun(request, take).future.result()
    return HTMLResponse(page, headers={"content-security-policy": lesson_policy(page)})


def _lesson_state(request: Request) -> Response:
    take = _take(request)
    if _page(request, take).is_file():
        return JSONResponse({"ready": True, "words": "ready"})
    state = _begun(request, take)
    if state.future.done():
        state.future.result()
    return JSONResponse({"ready": state.future.done(), "words": state.words})


async def _ask_lesson(request: Request) -> Response:
    data = await json_of(request)
    bars = None if data.get("bars") is None else _bars(data)
    return await run_in_threadpool(_asked_anew, request, bars)


def _asked_anew(request: Request, bars: tuple[str, str] | None) -> Response:
    """Away with the lesson there is, and begin another."""
    take = _take(request)
    if bars:
        score, _ = library_of(request).read(take.piece)
        pianist.Excerpt(score, bars)
    library_of(request).forget_lesson(take.id)
    _page(request, take).unlink(missing_ok=True)
    return JSONResponse({"words": _begun(request, take, bars).words}, 202)


def _stop_lesson(request: Request) -> Response:
    library_of(request).forget_lesson(_take(request).id)
    return JSONResponse({"stopped": True})


def _lesson_data(request: Request) -> Response:
    take = _take(request)
    lessons = keeper_of(request).lessons
    lesson = json.loads(lessons.lesson(take.id))
    stories = pianist.growth(lessons.history(take.piece)).remarks
    resolved = [
        {
            "bars": list(story.issue.bars),
            "measure": story.issue.measure,
            "words": story.issue.words,
            "take": story.take,
        }
        for story in stories
        if story.resolved_by == take.id
    ]
    words = [_word_data(word) for word in lessons.words(take.id)]
    return JSONResponse({"lesson": lesson, "words": words, "resolved": resolved})


def _word_data(word: Word) -> Json:
    return {
        "id": word.id,
        "kind": word.kind,
        "by": word.by,
        "remark": word.remark or None,
        "bars": list(word.bars),
        "text": word.text,
        "at_s": word.at_s,
    }


async def _say(request: Request) -> Response:
    data = await json_of(request)
    take = await run_in_threadpool(_take, request)
    about = _about(data)
    kind, by, text = (text_of(data, name) for name in ("kind", "by", "text"))
    word = await run_in_threadpool(
        keeper_of(request).lessons.say, take.id, kind, by or "student", about, text
    )
    return JSONResponse({"word": _word_data(word)}, 201)


def _about(data: Json) -> int | tuple[str, str]:
    """A remark's number, or first and last bar."""
    remark = data.get("remark")
    return remark if type(remark) is int else _bars(data)


def _bars(data: Json) -> tuple[str, str]:
    """First and last bar, as printed."""
    bars = data.get("bars")
    if isinstance(bars, list) and len(bars) == 2:
        first, last = bars
        if all(isinstance(bar, str) and 0 < len(bar) <= 16 for bar in bars):
            return first, last
    raise HTTPException(400, "Naming a place: give `remark`, a number, or `bars`, two texts.")


def _take_back(request: Request) -> Response:
    word = keeper_of(request).lessons.take_back(request.path_params["word"])
    return JSONResponse({"undo": f"/words/{word.id}/restore"})


def _say_again(request: Request) -> Response:
    word = keeper_of(request).lessons.say_again(request.path_params["word"])
    return JSONResponse({"word": _word_data(word)})
