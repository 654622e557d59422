"""Key events, one by one → Position: where in the score the player is, now.

In: a folded Score and live key events. Out: after each key struck a Position, never revised.

**Conventions.** `onset_q`, the ids and the bar are those of `unfold(score)`, every repeat written
out; a repeat not taken is a skip. A key that belongs to a neighbour of the place reached (a late
hand) is given its own place. Events come in the order of time; the time is the event's own, so that
a replay is the same as the evening. Only keys going down say where the player is.

**Knows nothing of** devices, the future, what an accompaniment does with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from valentin.errors import MusicError, TakeError
from valentin.following.ground import Ground
from valentin.following.lattice import BY_JUMP, COST, TEMPO, TRUST, VISIT, WAY, Lattice
from valentin.music import KeyEvent, Position, Score, Tempo

__all__ = ["Follower", "follow"]

NEIGHBOURS = (-1, -2, 1, -3, 2)
"""Where a key's own group is looked for, in turn, if the place reached does not have it."""

ELSEWHERE_Q = 1.0
"""Quarters from the place reached beyond which a story is one of another place."""

REMEMBERED = 12
"""Keys over which the cost of what was heard is averaged."""

DOUBT_NATS = 2.0
"""Average cost of a key at which the follower believes itself by 1/e."""


class Follower:
    """Follows one player through one score. Its memory does not grow."""

    def __init__(self, score: Score, start_q: Fraction = Fraction(0)) -> None:
        """`start_q` (of the unfolded score) is where the player has said that he will begin."""
        if not score.notes:
            raise MusicError("Following: the score has no notes; give a score with music in it.")
        self._ground = Ground.of(score)
        self._lattice = Lattice(self._ground, start_q=start_q)
        self._tempo: Tempo | None = None
        self._cost = 0.0
        self._bars = [float(bar.start_q) for bar in score.bars]
        self._numbers = [bar.number for bar in score.bars]

    def hear(self, event: KeyEvent) -> Position | None:
        """Where the player is after this event; None for any but a key going down.

        Raises ValueError for an event earlier than the one before it.
        """
        if event.kind != "down" or event.value == 0:
            return None
        if event.time_s < self._lattice.last_s:
            raise ValueError(
                f"events must come in order, got {event.time_s} s after {self._lattice.last_s} s"
            )
        reached = self._lattice.hear(event.pitch, event.time_s)
        ground, visit = self._ground, int(self._lattice.stories[reached, VISIT])
        own = self._own(reached, event.pitch)
        tempo = self._beaten(reached, visit, event.time_s)
        cost = float(ground.nats[event.pitch, own])
        self._cost += (cost - self._cost) / min(REMEMBERED, self._lattice.keys)
        bar = bisect_right(self._bars, float(ground.onset_q[own])) - 1
        tag = f"-{ground.rendering[visit]}"
        return Position(
            event.time_s,
            ground.onset_q[own] + ground.shift_q[visit],
            self._numbers[bar] if bar >= 0 else "",
            self._confidence(reached),
            tuple(name + tag for name in ground.ids[own]),
            tempo.slope,
        )

    def _own(self, reached: int, pitch: int) -> int:
        """The group that the key belongs to: the one reached, or one beside it."""
        nats, around = self._ground.nats[pitch], self._ground.around[pitch]
        if nats[reached] == 0 or around[reached]:
            return reached
        for away in NEIGHBOURS:
            beside = reached + away
            if 0 <= beside < len(nats) and nats[beside] == 0:
                return beside
        return reached

    def _beaten(self, reached: int, visit: int, time_s: float) -> Tempo:
        """The tempo after this key."""
        ground, story = self._ground, self._lattice.stories[reached]
        place_q = float(ground.place_q[reached]) + float(ground.shift_q[visit])
        before = self._tempo
        if before is None:
            now = Tempo(place_q, time_s, ground.usual_tempo)
        elif story[WAY] == BY_JUMP or place_q < before.place - ELSEWHERE_Q:
            own = float(story[TEMPO]) if story[TRUST] > 1 else None
            now = Tempo(place_q, time_s, own or before.slope)
        else:
            now = before.reached(place_q, time_s)
        self._tempo = now
        return now

    def _confidence(self, reached: int) -> float:
        """The share of the place reached among all, less where the keys fit badly."""
        ground, cost = self._ground, self._lattice.stories[:, COST]
        odds = np.exp(-np.minimum(cost, 50.0))
        near = np.abs(ground.place_q - ground.place_q[reached]) <= ELSEWHERE_Q
        share = float(odds[near].sum() / odds.sum())
        return round(share * float(np.exp(-self._cost / DOUBT_NATS)), 3)


def follow(score: Score, events: Iterable[KeyEvent]) -> Iterator[Position]:
    """The position after each key struck. Raises TakeError where none is."""
    follower, position = Follower(score), None
    for event in events:
        position = follower.hear(event)
        if position is not None:
            yield position
    if position is None:
        raise TakeError("Following: no key was struck; give a take with notes in it.")
