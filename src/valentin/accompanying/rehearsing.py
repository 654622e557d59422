"""A rehearsal: a live player's events in, the orchestra's events and where everybody is out.

In: a `Stand`, an ear that places keys, events as they come. Out: the same events as a replay of
them would give, and in one word what the orchestra is doing.

**Conventions.** Times are seconds of one clock, the player's. Ask for events often, a little ahead
of the time at which they are to be heard.

**Knows nothing of** sockets, sounds, whose clock it is.
"""

from __future__ import annotations

import math
from typing import Literal

from valentin.accompanying.accompanist import Accompanist
from valentin.accompanying.replaying import Ear
from valentin.accompanying.stand import Stand
from valentin.music import KeyEvent, PartEvent, Position

__all__ = ["Doing", "Rehearsal"]

Doing = Literal["ready", "leads", "plays", "waits", "rests", "lost", "over"]

LEADING_S, WAITING_S = 2.0, 0.3
"""Seconds to the soloist's entry from which the orchestra leads; seconds after it that it waits."""

STRANGE, REMEMBERED = 0.4, 32
"""Mean confidence, over so many keys, under which what is played seems to be something else: one
hand of 16 train takes is under it in 3 % of takes at worst, of other pieces in 15 of 16."""


class Rehearsal:
    """One player and the orchestra, from a place of the plan on."""

    def __init__(self, stand: Stand, ear: Ear, start_p: float) -> None:
        self._stand, self._ear, self._start_p = stand, ear, start_p
        self._orchestra: Accompanist | None = None
        self._confidence: float = 1.0

    def begin(self, time_s: float) -> None:
        """The orchestra may begin at `time_s`, if it is not the soloist's to begin."""
        self._orchestra = Accompanist.ready(self._stand, self._start_p, time_s)

    def hear(self, event: KeyEvent) -> tuple[Position | None, tuple[PartEvent, ...]]:
        """Where the player is, and notes that end because of it."""
        if self._orchestra is None:
            return None, ()
        position = self._ear(event)
        if position is None:
            return None, ()
        self._confidence += (position.confidence - self._confidence) / REMEMBERED
        return position, self._orchestra.hear(position)

    def play(self, until_s: float) -> tuple[PartEvent, ...]:
        """What the orchestra does up to `until_s`."""
        if self._orchestra is None or until_s <= self._orchestra.now_s:
            return ()
        return self._orchestra.play(until_s)

    def halt(self) -> tuple[PartEvent, ...]:
        """There is no keyboard any more: come to rest until a key is heard."""
        return self._orchestra.halt() if self._orchestra else ()

    @property
    def doing(self) -> Doing:
        """What the orchestra is doing."""
        orchestra = self._orchestra
        if orchestra is None:
            return "ready"
        if orchestra.over:
            return "over"
        if not orchestra.begun and not orchestra.leads and not orchestra.halted:
            return "ready"
        if orchestra.resting:
            return "rests"
        if self._confidence < STRANGE:
            return "lost"
        entry_p = self._stand.entry_after(orchestra.heard_p)
        left_s = orchestra.tempo.seconds(entry_p) - orchestra.now_s
        if self._stand.is_held(orchestra.heard_p) and entry_p < math.inf:
            return "waits"
        if left_s < -WAITING_S:
            return "waits"
        return "leads" if left_s > LEADING_S else "plays"
