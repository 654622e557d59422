"""Concerto: the orchestra, or the other hand, plays with somebody who is at the keyboard now.

    WS  /pieces/{name}/concerto?solo=&hand=&from=        a rehearsal
    GET /pieces/{name}/concerto/voices/{voice}?…         the notes of a voice, one after another

A rehearsal's lines are JSON. The page sends `begin` (with the names of its clock), `clock`, key
events and `unplugged`; the studio sends `ready`, `clock`, `events`, `place` and `doing`.
`docs/reference/studio.md` says what is in them.

**Conventions.** All times are of the page's clock, `performance.now()` in seconds; the page tells
by how much it is ahead of ours. Events are said `ahead_s` before they are to sound, as long as the
page needs for them.

**Knows nothing of** how a player is followed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from contextlib import suppress
from typing import Any, Literal, cast

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from valentin import concerto, pianist
from valentin.concerto import Rehearsal, Together, Voice
from valentin.errors import ValentinError
from valentin.music import KeyEvent, PartEvent, folded_id
from valentin.serving.library import Library

__all__ = ["Hall"]

STEP_S = 0.005
"""Seconds from one look at the clock to the next."""
AHEAD_S = (0.01, 0.25)
"""The least and the most that a page may ask to be told ahead."""
KEPT = 3
"""Evenings, and voices, that are kept."""
LONGEST_LINE = 4096
HANDS = {"": None, "left": "left", "right": "right"}

Key = tuple[str, str, str, str]


class Hall:
    """Where rehearsals are: what was laid out for the last few is kept."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._evenings: OrderedDict[Key, Together] = OrderedDict()
        self._sounds: OrderedDict[tuple[str, tuple[int, ...]], bytes] = OrderedDict()

    def routes(self) -> list[BaseRoute]:
        """The addresses of this module."""
        return [
            WebSocketRoute("/pieces/{name}/concerto", self.rehearse),
            Route("/pieces/{name}/concerto/voices/{voice:int}", self.voice),
        ]

    def _evening(self, key: Key) -> Together:
        """What is laid out for a piece, who is live and where one begins."""
        name, solo, hand, first = key
        if key not in self._evenings:
            score, _ = self._library.read(name)
            live = cast(Literal["left", "right"] | None, HANDS.get(hand))
            wish = pianist.Wish(hand=live, bars=(first, "") if first else None)
            self._evenings[key] = concerto.together(score, wish, solo)
            while len(self._evenings) > KEPT:
                self._evenings.popitem(last=False)
        return self._evenings[key]

    def _is_alone(self, name: str) -> bool:
        """Whether a piece has nobody but the pianist."""
        with suppress(ValentinError):
            return concerto.is_alone(self._library.read(name)[0])
        return False

    def voice(self, request: Request) -> Response:
        """The notes of one voice as a FLAC file."""
        voices = self._evening(_key(request)).voices
        number = request.path_params["voice"]
        if number >= len(voices):
            raise HTTPException(404, f"There are {len(voices)} voices, no number {number}.")
        voice = voices[number]
        key = voice.name, voice.pitches
        if key not in self._sounds:
            self._sounds[key] = pianist.encode_audio(concerto.voice_sound(voice), "flac")
            while len(self._sounds) > 12 * KEPT:
                self._sounds.popitem(last=False)
        return Response(self._sounds[key], media_type="audio/flac")

    async def rehearse(self, socket: WebSocket) -> None:
        """One rehearsal, from the first line to the last."""
        await socket.accept()
        with suppress(WebSocketDisconnect):
            try:
                evening = await run_in_threadpool(self._evening, _key(socket))
            except ValentinError as error:
                alone = await run_in_threadpool(self._is_alone, socket.path_params["name"])
                await socket.send_json({"kind": "refused", "words": str(error), "alone": alone})
                await socket.close()
                return
            await socket.send_json({"kind": "ready"} | _laid_out(evening))
            await _Desk(socket, concerto.rehearsal(evening)).sit()


def _key(asked: Request | WebSocket) -> Key:
    query = asked.query_params
    return (
        asked.path_params["name"],
        query.get("solo", ""),
        query.get("hand", ""),
        query.get("from", ""),
    )


def _laid_out(evening: Together) -> dict[str, Any]:
    return {
        "soloist": evening.soloist,
        "voices": [_voice(voice) for voice in evening.voices],
        "taken_s": concerto.TAKEN_S,
        "velocity": concerto.VOICE_VELOCITY,
    }


def _voice(voice: Voice) -> dict[str, Any]:
    return {"name": voice.name, "parts": voice.parts, "pitches": voice.pitches}


class _Desk:
    """One page at its rehearsal."""

    def __init__(self, socket: WebSocket, rehearsal: Rehearsal) -> None:
        self._socket, self._rehearsal = socket, rehearsal
        self._offset_s = 0.0  # the page's clock less ours
        self._ahead_s = 0.05
        self._doing = ""
        self._last_s = float("-inf")

    async def sit(self) -> None:
        """Until the page goes."""
        player = asyncio.create_task(self._play())
        try:
            while True:
                line = await self._socket.receive_text()
                if len(line) <= LONGEST_LINE:
                    await self._take(line)
        finally:
            player.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await player

    async def _play(self) -> None:
        """The orchestra, a little ahead of the clock."""
        while True:
            until_s = time.monotonic() + self._offset_s + self._ahead_s
            await self._say(self._rehearsal.play(until_s))
            if self._rehearsal.doing != self._doing:
                self._doing = self._rehearsal.doing
                await self._socket.send_json({"kind": "doing", "doing": self._doing})
            await asyncio.sleep(STEP_S)

    async def _take(self, line: str) -> None:
        """One line of the page's; what is not understood is left out."""
        with suppress(ValueError, TypeError, KeyError):
            data = json.loads(line)
            kind = data["kind"]
            if kind == "clock":
                await self._clock(data)
            elif kind == "begin":
                self._rehearsal.begin(float(data["time_s"]) + self._ahead_s)
            elif kind == "unplugged":
                await self._say(self._rehearsal.halt())
            elif kind == "down":
                await self._hear(_event(data, self._last_s))

    async def _clock(self, data: dict[str, Any]) -> None:
        if "offset_s" in data:
            self._offset_s = float(data["offset_s"])
            self._ahead_s = min(max(float(data["ahead_s"]), AHEAD_S[0]), AHEAD_S[1])
        ours_s = time.monotonic()
        await self._socket.send_json({"kind": "clock", "sent_s": data["sent_s"], "ours_s": ours_s})

    async def _hear(self, event: KeyEvent) -> None:
        self._last_s = event.time_s
        position, ended = self._rehearsal.hear(event)
        until_s = time.monotonic() + self._offset_s + self._ahead_s
        await self._say((*ended, *self._rehearsal.play(until_s)))
        if position is not None:
            place = folded_id(position.score_ids[0]) if position.score_ids else ""
            await self._socket.send_json(
                {
                    "kind": "place",
                    "id": place,
                    "bar": position.bar,
                    "confidence": position.confidence,
                    "heard_s": event.time_s,
                }
            )

    async def _say(self, events: tuple[PartEvent, ...]) -> None:
        if not events:
            return
        rows = [
            [round(e.time_s, 4), e.kind, e.id, folded_id(e.id), e.part, e.pitch, e.velocity]
            for e in events
        ]
        await self._socket.send_json({"kind": "events", "events": rows})


def _event(data: dict[str, Any], last_s: float) -> KeyEvent:
    """A key going down. Raises ValueError for what no keyboard sends."""
    pitch, value, time_s = int(data["pitch"]), int(data["value"]), float(data["time_s"])
    if not (0 <= pitch <= 127 and 1 <= value <= 127 and abs(time_s) < 1e9):
        raise ValueError("no such key")
    return KeyEvent(max(time_s, last_s), "down", pitch, value)
