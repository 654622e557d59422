"""Playing for the visitor: a wish in an address → how it is played, and its sound as it is made.

    GET /pieces/{name}/rendition?from=&to=&tempo=&hand=&performer=&character=&seed=
    GET /pieces/{name}/sound?…&instrument=&hall=&at=
    GET /pieces/{name}/places                        what to follow a player by

The first answers in JSON: `duration_s`; `start_s` and `end_s`, between which the bars last and a
loop repeats; `steps` for the cursor, [seconds, note id as written]; `beats` and `count_in` for the
metronome, [seconds, 1 where a bar begins]; `sound`, the address of the second without instrument
and hall. The second is the sound from second `at` on, sent block by block while it is rendered. The
third has `places` in the order of the score: [note id, [pitches that begin there]].

**Conventions.** Sound is stereo float32 at RATE_HZ, little-endian, interleaved. `from` and `to` are
printed bars, "" being the piece's start and end. The same address gives the same sound.

**Knows nothing of** the clock of a sound card, what a page looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import Literal
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from valentin import pianist
from valentin.music import ScoreNote, folded_id
from valentin.serving.library import Library, Played

__all__ = ["RATE_HZ", "among", "places", "rendition", "sound", "wish_of"]

RATE_HZ = 44_100
"""The rate of streamed sound; the page expects it (`web/lib/schedule.js`)."""
_TEMPI = (0.25, 2.0)
_SEEDS = 1_000_000
_HANDS: tuple[Literal["left", "right"], ...] = ("left", "right")
_PERFORMERS: tuple[Literal["model", "rules", "score"], ...] = ("model", "rules", "score")


def rendition(request: Request) -> Response:
    """How a piece is played as wished."""
    wish, played = _played(request)
    pulse = played.pulse
    return JSONResponse(
        {
            "sound": f"/pieces/{request.path_params['name']}/sound?{urlencode(_asked(wish))}",
            "duration_s": round(played.performance.end_s, 3),
            "start_s": pulse.start_s,
            "end_s": pulse.end_s,
            "steps": [[round(s.time_s, 3), folded_id(s.note_id)] for s in played.steps],
            "beats": [[time_s, int(strong)] for time_s, strong in pulse.beats],
            "count_in": [[time_s, int(strong)] for time_s, strong in pulse.count_in],
        }
    )


def sound(request: Request) -> Response:
    """The sound of a rendition, from a second on."""
    _, played = _played(request)
    instrument = among(request, "instrument", ["", *pianist.instruments()])
    hall = among(request, "hall", list(pianist.halls()))
    at_s = _number(request.query_params, "at", 0.0, (0.0, max(0.0, played.performance.end_s)))
    blocks = pianist.stream(played.performance, instrument, hall, RATE_HZ, at_s)
    sent = (block.astype("<f4", copy=False).tobytes() for block in blocks)
    return StreamingResponse(
        chain([next(sent, b"")], sent),  # what cannot be played is told before the sound begins
        media_type="application/octet-stream",
        headers={"cache-control": "no-store"},
    )


def places(request: Request) -> Response:
    """Every place of the score where something begins, graces with the note they lean on."""
    library: Library = request.app.state.library
    score, _ = library.read(request.path_params["name"])
    groups: dict[Fraction, list[ScoreNote]] = {}
    for note in score.notes:
        groups.setdefault(note.onset_q, []).append(note)
    rows = [
        [next((n.id for n in notes if not n.grace), notes[0].id), sorted({n.pitch for n in notes})]
        for _, notes in sorted(groups.items())
    ]
    return JSONResponse({"places": rows})


def _played(request: Request) -> tuple[pianist.Wish, Played]:
    library: Library = request.app.state.library
    wish = wish_of(request)
    return wish, library.played(request.path_params["name"], wish)


def wish_of(request: Request) -> pianist.Wish:
    """What an address wishes for. Raises HTTPException (400) for what nobody can play."""
    query = request.query_params
    bars = (query.get("from", ""), query.get("to", ""))
    if bars[1] and not bars[0]:
        raise HTTPException(400, "`to` needs `from`: which bar begins?")
    character = among(request, "character", ["", *pianist.CHARACTERS])
    hand = among(request, "hand", ["", *_HANDS])
    performer = among(request, "performer", list(_PERFORMERS))
    seed = _number(query, "seed", -1.0, (-1.0, _SEEDS))
    return pianist.Wish(
        performer=next(each for each in _PERFORMERS if each == performer),
        seed=None if seed < 0 else int(seed),
        tempo=_number(query, "tempo", 1.0, _TEMPI),
        bars=bars if bars[0] else None,
        hand=next((each for each in _HANDS if each == hand), None),
        character=character or None,
    )


def _asked(wish: pianist.Wish) -> dict[str, str]:
    """A wish as it stands in an address."""
    first, last = wish.bars or ("", "")
    parts = {
        "from": first,
        "to": last,
        "tempo": f"{wish.tempo:g}",
        "hand": wish.hand or "",
        "performer": wish.performer,
        "character": wish.character or "",
        "seed": "" if wish.seed is None else str(wish.seed),
    }
    return {name: value for name, value in parts.items() if value}


def among(request: Request, name: str, values: Sequence[str]) -> str:
    """One of the values, the first where none is given. Raises HTTPException (400) for others."""
    value = request.query_params.get(name, values[0])
    if value not in values:
        raise HTTPException(400, f"`{name}` must be one of {', '.join(filter(None, values))}.")
    return value


def _number(
    query: Mapping[str, str], name: str, default: float, limits: tuple[float, float]
) -> float:
    low, high = limits
    text = query.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise HTTPException(400, f"`{name}` must be a number from {low:g} to {high:g}.")
    return value
