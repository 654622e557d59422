"""One orchestra that listens: Positions in, timed events out.

In: a `Stand` and the soloist's positions as they become known. Out: the orchestra's notes
beginning and ending, each said a moment ahead and never taken back.

**Conventions.** The orchestra has a place on the plan's axis that moves on in time at some speed,
and never back but for a jump of the soloist. The speed is always such that it would be met in
`MEET_S` with where the soloist is if he keeps his tempo: a difference is made up smoothly. It does
not go further than a little beyond the soloist's next onset before that is heard (`LEASH_P`); at a
fermata, and before the first key, not even as far, since nobody can foresee when. Where the soloist
rests, his next onset is far away, and the orchestra leads. Where he stops for `PATIENCE_S`, its
notes end and it waits.

A position is believed at once where it is the place heard last, or the soloist's next onset and not
far too early. Any other must be said by several keys in a row, and one further back must go on from
there: two trills that are alike send a follower to and fro, and nobody plays so.

**Knows nothing of** devices, how the position was found, what time it is but by being told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from valentin.accompanying.stand import SAME_P, Stand
from valentin.music import PartEvent, PerformedNote, Position, Tempo

__all__ = ["Accompanist"]

MEET_S = 0.25
"""Seconds in which a difference is made up; chosen on train takes (`bench/accompanying.py`)."""

LEASH_P = 0.12
"""Plan seconds that the orchestra goes beyond the soloist's next onset unheard: a note left out."""

DOUBT, LONGEST_DOUBT_S = 1.0, 0.3
"""Standard deviations of the soloist's next onset after which it is not waited for, and seconds."""

FASTEST = 2.5
"""How much faster than the soloist the orchestra may go to catch up."""

PATIENCE_S = 3.0
"""Seconds without a key, one being due, after which the orchestra's notes end."""

AWAY_P, BACK_P = 1.5, 0.4
"""Plan seconds ahead of the orchestra, and behind it, from which on it is a jump."""

SURE, AGREEING = 0.5, 4
"""Confidence of a position that may be a jump, and how many in a row it takes."""

EARLY_S = 0.5
"""Seconds before it is due from which on even the next onset is doubted."""

SHORTEST_S = 0.03
"""The least length of a note."""


@dataclass(slots=True)
class Accompanist:
    """The orchestra at its stands. `tempo` is the soloist's, on the plan's axis."""

    stand: Stand
    tempo: Tempo
    place_p: float
    now_s: float
    speed: float = 0.0  # plan seconds a second
    leads: bool = True  # whether it begins, before the first key
    begun: bool = False  # whether a key was heard
    heard_p: float = -1.0
    heard_s: float = 0.0
    next_note: int = 0
    doubts: list[float] = field(default_factory=list)
    sounding: dict[str, tuple[PerformedNote, float]] = field(default_factory=dict)
    ended_s: dict[str, float] = field(default_factory=dict)

    @classmethod
    def ready(cls, stand: Stand, start_p: float, time_s: float, slope: float = 1.0) -> Accompanist:
        """The orchestra before its first note from `start_p` on, beginning at `time_s`."""
        before_p = start_p - 2 * SAME_P
        return cls(
            stand,
            Tempo(start_p, time_s, slope),
            start_p,
            time_s,
            1 / slope,
            leads=stand.entry_after(before_p) > start_p + SAME_P,
            heard_p=before_p,
            heard_s=time_s,
            next_note=stand.first_from(start_p),
        )

    def hear(self, position: Position) -> tuple[PartEvent, ...]:
        """Take in where the soloist is; events of notes that end because he jumped."""
        here_p = self.stand.place_p(position)
        first, self.begun = not self.begun, True
        away = self._is_away(here_p)
        if (away or self._is_early(here_p, position, first)) and not self._agreed(position, here_p):
            return ()
        self.doubts.clear()
        if away:
            return self._moved(here_p, position.time_s)
        self._believed(here_p, position.time_s, first)
        return ()

    def play(self, until_s: float) -> tuple[PartEvent, ...]:
        """All events from the present moment to `until_s`, in order of time."""
        events: list[PartEvent] = []
        self._steer()
        limit_p = self._limit_p()
        reached_p = min(self.place_p + (until_s - self.now_s) * self.speed, limit_p)
        reached_p = max(reached_p, self.place_p)
        while self.next_note < len(self.stand.notes):
            note = self.stand.notes[self.next_note]
            if note.onset_s > reached_p:
                break
            self.next_note += 1
            time_s = self._time_of(note.onset_s)
            if note.id in self.sounding:
                events.append(self._up(note.id, time_s))
            time_s = max(time_s, self.ended_s.get(note.id, time_s))
            self.sounding[note.id] = note, time_s
            events.append(PartEvent(time_s, "down", note.id, note.part, note.pitch, note.velocity))
        over = [i for i, (note, _) in self.sounding.items() if note.offset_s <= reached_p]
        events += [self._up(i, self._time_of(self.sounding[i][0].offset_s)) for i in over]
        self.place_p, self.now_s = reached_p, until_s
        if reached_p >= limit_p - SAME_P and until_s - self.heard_s > PATIENCE_S:
            events += self.rest()
        return tuple(sorted(events, key=lambda e: (e.time_s, e.kind == "down")))

    def rest(self) -> tuple[PartEvent, ...]:
        """End every note that sounds, now."""
        return tuple(self._up(i, self.now_s) for i in tuple(self.sounding))

    @property
    def over(self) -> bool:
        """Whether the orchestra has played all it has."""
        return self.next_note >= len(self.stand.notes) and not self.sounding

    def _steer(self) -> None:
        """Set the speed so that the soloist is met in a moment."""
        meet_p = self.tempo.at(self.now_s + MEET_S)
        speed = (meet_p - self.place_p) / MEET_S
        self.speed = min(max(speed, 0.0), FASTEST / self.tempo.slope)

    def _limit_p(self) -> float:
        """How far the orchestra may go on what it has heard."""
        entry_p = self.stand.entry_after(self.heard_p)
        if entry_p == math.inf:
            return entry_p
        waiting = self.stand.is_held(self.heard_p) or (not self.begun and not self.leads)
        spread_s = min(DOUBT * self.tempo.spread_s(entry_p), LONGEST_DOUBT_S)
        if waiting or self.now_s < self.tempo.seconds(entry_p) + spread_s:
            return max(entry_p - 2 * SAME_P, self.place_p)
        return entry_p + LEASH_P

    def _is_away(self, here_p: float) -> bool:
        """Whether a place is neither the one heard last nor what comes next."""
        ahead = here_p - max(self.place_p, self.heard_p)
        due = self.stand.entry_after(self.heard_p)
        return (ahead > AWAY_P and here_p > due + SAME_P) or here_p < self.heard_p - BACK_P

    def _is_early(self, here_p: float, position: Position, first: bool) -> bool:
        """Whether a place is reached so early that it may be a mistake of the follower's."""
        return not first and self.tempo.seconds(here_p) - position.time_s > EARLY_S

    def _agreed(self, position: Position, here_p: float) -> bool:
        """Whether a doubtful place is believed: several keys say so, and it goes on from there."""
        if position.confidence < SURE:
            return False
        self.doubts = [p for p in self.doubts if abs(p - here_p) < AWAY_P] + [here_p]
        goes_on = here_p > min(self.doubts) + SAME_P
        return len(self.doubts) >= AGREEING and (goes_on or here_p > self.heard_p)

    def _believed(self, here_p: float, time_s: float, first: bool) -> None:
        """The soloist is where he was, or a little further on."""
        if here_p > self.heard_p + SAME_P:
            stopped = time_s - self.heard_s > PATIENCE_S
            waited = first or stopped or self.stand.is_held(self.heard_p)
            self.tempo = (self.tempo.moved if waited else self.tempo.reached)(here_p, time_s)
            self.heard_p = here_p
        self.heard_s = time_s
        self.place_p = max(self.place_p, min(here_p, self.heard_p))

    def _moved(self, here_p: float, time_s: float) -> tuple[PartEvent, ...]:
        """The soloist is elsewhere: go there."""
        ended = self.rest()
        self.tempo = self.tempo.moved(here_p, time_s)
        self.heard_p, self.heard_s = here_p, time_s
        self.place_p = here_p + max(0.0, self.now_s - time_s) / self.tempo.slope
        self.next_note = self.stand.first_from(here_p)
        return ended

    def _time_of(self, place_p: float) -> float:
        """When the orchestra passes a place ahead; at once for one that is past."""
        if self.speed <= 0 or place_p <= self.place_p:
            return self.now_s
        return self.now_s + (place_p - self.place_p) / self.speed

    def _up(self, name: str, time_s: float) -> PartEvent:
        note, since_s = self.sounding.pop(name)
        time_s = self.ended_s[name] = max(time_s, since_s + SHORTEST_S)
        return PartEvent(time_s, "up", name, note.part, note.pitch, 0)
