"""Progress over HTTP: how pieces have grown, what to practise next, all of it away or gone.

    GET  /library?words=           the library's page
    GET  /progress, …/data         every piece, and the plan
    GET  /pieces/{name}/progress, …/data
    GET  /export                   everything that is kept, as one zip
    POST /forget                   everything deleted

**Conventions.** `docs/reference/studio.md` says what each answers. The clock is the studio's.

**Knows nothing of** how progress is reckoned, what is in the database.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from valentin import keeping, pianist
from valentin.errors import ReadError
from valentin.music import Growth, PlanItem, Practised, RemarkStory
from valentin.pianist import Piece
from valentin.serving.asking import Json, json_of, keeper_of, library_of, press_of
from valentin.serving.kept_pages import (
    Grown,
    Planned,
    library_page,
    piece_progress_page,
    progress_page,
)
from valentin.serving.shelf import found_pieces

__all__ = ["routes"]

MOST_LISTED = 500
_WHY = "What is known of spacing and rest, and what is our choice: docs/concepts/practice.md."


def routes() -> list[Route]:
    """The addresses of this module."""
    return [
        Route("/library", _library),
        Route("/progress", _progress),
        Route("/progress/data", _progress_data),
        Route("/pieces/{name}/progress", _piece),
        Route("/pieces/{name}/progress/data", _piece_data),
        Route("/export", _export),
        Route("/forget", _forget, methods=["POST"]),
    ]


def _library(request: Request) -> Response:
    words = request.query_params.get("words", "")
    found = found_pieces(words)
    counts = keeper_of(request).takes.counts()
    return HTMLResponse(library_page(found[:MOST_LISTED], counts, words, len(found)))


def _progress(request: Request) -> Response:
    grown, planned = _all(request)
    return HTMLResponse(progress_page(grown, planned))


def _progress_data(request: Request) -> Response:
    grown, planned = _all(request)
    return JSONResponse(
        {
            "pieces": [_summary(each) for each in grown],
            "plan": {
                "minutes": sum(each.item.minutes for each in planned),
                "items": [_item(each) for each in planned],
                "why": _WHY,
            },
        }
    )


def _all(request: Request) -> tuple[list[Grown], list[Planned]]:
    """Every piece that was ever played, the last one first; and the plan."""
    history = keeper_of(request).lessons.history()
    parted: dict[str, list[Practised]] = {}
    for take in history:
        parted.setdefault(take.piece, []).append(take)
    titles = {name: _titled(name) for name in parted}
    grown = [
        Grown(name, titles[name], pianist.growth(takes), takes[-1].started_s)
        for name, takes in parted.items()
    ]
    plan = pianist.practice_plan(history, time.time())
    planned = [Planned(item, titles.get(item.piece, ""), _address(item)) for item in plan.items]
    return sorted(grown, key=lambda each: -each.last_s), planned


def _titled(name: str) -> str:
    try:
        return pianist.piece(name).title
    except ReadError:
        return name


def _address(item: PlanItem) -> str:
    if not item.piece:
        return ""
    first, last = item.bars or ("", "")
    query = "?" + urlencode({"from": first, "to": last}) if first else ""
    return f"/pieces/{quote(item.piece)}{query}"


def _summary(each: Grown) -> Json:
    growth = each.growth
    return {
        "name": each.name,
        "title": each.title,
        "takes": growth.takes,
        "time_s": round(growth.total_s, 1),
        "last_s": each.last_s,
        "secure": each.secure,
        "resolved": sum(story.resolved_s is not None for story in growth.remarks),
        "open": sum(story.resolved_s is None for story in growth.remarks),
    }


def _item(planned: Planned) -> Json:
    data = asdict(planned.item)
    return data | {"bars": data["bars"] and list(data["bars"]), "url": planned.url}


def _piece(request: Request) -> Response:
    piece, growth = _grown(request)
    takes = keeper_of(request).takes.list(piece.name, MOST_LISTED)
    return HTMLResponse(piece_progress_page(piece, growth, takes))


def _piece_data(request: Request) -> Response:
    _, growth = _grown(request)
    return JSONResponse(
        {
            "bars": list(growth.bars),
            "days": list(growth.days),
            "secure": [list(row) for row in growth.secure],
            "time_s": list(growth.time_s),
            "remarks": [_story(story) for story in growth.remarks],
        }
    )


def _grown(request: Request) -> tuple[Piece, Growth]:
    piece = pianist.piece(request.path_params["name"])
    history = keeper_of(request).lessons.history(piece.name)
    score, _ = library_of(request).read(piece.name)
    numbers = tuple(bar.number for bar in score.bars if bar.number[:1].isdecimal())
    return piece, pianist.growth(history, numbers)


def _story(story: RemarkStory) -> Json:
    return {
        "bars": list(story.issue.bars),
        "measure": story.issue.measure,
        "words": story.issue.words,
        "take": story.take,
        "said_s": story.said_s,
        "resolved_s": story.resolved_s,
    }


def _export(request: Request) -> Response:
    keeper = keeper_of(request)
    folder = Path(tempfile.mkdtemp(prefix="valentin-"))
    try:
        beside = folder / "beside"
        (beside / "takes").mkdir(parents=True)
        for take in keeper.takes.list():
            if not take.file and not take.open:
                played = keeping.performance_of(keeper.takes.events(take), take.id)
                pianist.write_take(played, beside / "takes" / f"{take.id}.mid")
        keeping.export(keeper.database, keeper.home, folder / "all.zip", beside)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        folder / "all.zip",
        media_type="application/zip",
        filename=f"valentin-{time.strftime('%Y-%m-%d')}.zip",
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


async def _forget(request: Request) -> Response:
    if (await json_of(request)).get("really") != "everything":
        raise HTTPException(400, 'Deleting everything: send {"really": "everything"}.')
    return await run_in_threadpool(_forgotten, request)


def _forgotten(request: Request) -> Response:
    keeper = keeper_of(request)
    keeper.takes.drop()
    keeper.recordings.drop()
    library_of(request).forget()
    press_of(request).forget()
    deleted = keeping.forget(keeper.database, keeper.home)
    return JSONResponse({"deleted": asdict(deleted)})
