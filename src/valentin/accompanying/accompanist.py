"""One orchestra that listens: Positions in, timed events out.

In: a `Stand` and the soloist's positions as they become known. Out: the orchestra's notes
beginning and ending, each said a moment ahead and never taken back.

**Conventions.** The soloist's tempo is a line through the places he has reached. What lies before
his next onset is played when that line comes there. What he has to strike too is not played before
he strikes it: then it sounds at once, and so does what was left before it. So where he rests the
orchestra leads up to his entry, and there it waits; where he stops for `PATIENCE_S`, its notes end.

A position is believed at once where it is the place heard last, or the soloist's next onset and not
far too early. Any other must be said by several keys in a row, and one further back must go on from
there: two trills that are alike send a follower to and fro, and nobody plays so.

**Knows nothing of** devices, how the position was found, what time it is but by being told.

**Reference.** R. B. Dannenberg, "An on-line algorithm for real-time accompaniment", ICMC (1984);
C. Raphael, "Music Plus One and machine learning", ICML (2010): what sounds together with the
soloist is struck with him, what lies between is predicted. E. W. Large, M. R. Jones, "The dynamics
of attending", Psychological Review 106 (1999): an oscillator corrects phase and period by shares of
the error; our line is a Kalman filter, whose shares follow from what is known so far.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from valentin.accompanying.stand import SAME_P, Stand
from valentin.music import PartEvent, PerformedNote, Position, Tempo

__all__ = ["Accompanist"]

PATIENCE_S = 3.0
"""Seconds without a key, one being due, after which the orchestra's notes end."""

AWAY_P, BACK_P = 0.8, 0.4
"""Plan seconds ahead of the orchestra, and behind it, from which on it is a jump."""

SURE, AGREEING = 0.5, 3
"""Confidence of a position that may be a jump, and how many in a row it takes."""

EARLY_S, EARLY_SHARE = 0.15, 0.5
"""Before it is due by so many seconds, and this share of the step, even the next onset is doubted.
These and the above chosen on train takes (`bench/accompanying.py`)."""

ANSWER_S = 0.01
"""Seconds from a key to what sounds because of it: the way to the page and back takes less."""

BREATHS, BREATH_S = 2.0, 4.0
"""Times its planned length, and seconds besides, that a note is held for a soloist who is late."""

SHORTEST_S = 0.03
"""The least length of a note."""


@dataclass(slots=True)
class Accompanist:
    """The orchestra at its stands. `tempo` is the soloist's, on the plan's axis."""

    stand: Stand
    tempo: Tempo
    place_p: float
    now_s: float
    leads: bool = True  # whether it begins, before the first key
    begun: bool = False  # whether a key was heard
    halted: bool = False
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
            leads=stand.entry_after(before_p) > start_p + SAME_P,
            heard_p=before_p,
            heard_s=time_s,
            next_note=stand.first_from(start_p),
        )

    def hear(self, position: Position) -> tuple[PartEvent, ...]:
        """Take in where the soloist is; events of notes that end because he jumped."""
        here_p = self.stand.place_p(position)
        self.now_s = min(self.now_s, position.time_s + ANSWER_S)
        first, self.begun, self.halted = not self.begun, True, False
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
        while self.next_note < len(self.stand.notes):
            note = self.stand.notes[self.next_note]
            due_s = self._due_s(note.onset_s)
            if due_s > until_s:
                break
            self.next_note += 1
            time_s = max(due_s, self.now_s)
            if note.id in self.sounding:
                events.append(self._up(note.id, time_s))
            time_s = max(time_s, self.ended_s.get(note.id, time_s))
            self.sounding[note.id] = note, time_s
            events.append(PartEvent(time_s, "down", note.id, note.part, note.pitch, note.velocity))
        ends_s = {name: self._end_s(*held) for name, held in self.sounding.items()}
        events += [self._up(i, max(s, self.now_s)) for i, s in ends_s.items() if s <= until_s]
        entry_p = self.stand.entry_after(self.heard_p)
        self.place_p = max(self.place_p, min(self.tempo.at(until_s), entry_p))
        self.now_s = until_s
        if self._is_forsaken(entry_p):
            events += self.rest()
        return tuple(sorted(events, key=lambda e: (e.time_s, e.kind == "down")))

    def rest(self) -> tuple[PartEvent, ...]:
        """End every note that sounds, now."""
        return tuple(self._up(i, self.now_s) for i in tuple(self.sounding))

    def halt(self) -> tuple[PartEvent, ...]:
        """End every note, and play nothing more until a key is heard: there is no keyboard."""
        self.halted = True
        return self.rest()

    @property
    def over(self) -> bool:
        """Whether the orchestra has played all it has."""
        return self.next_note >= len(self.stand.notes) and not self.sounding

    @property
    def resting(self) -> bool:
        """Whether it has come to rest: the soloist has stopped, or there is no keyboard."""
        return self.halted or self._is_forsaken(self.stand.entry_after(self.heard_p))

    def _due_s(self, place_p: float) -> float:
        """When the orchestra comes to a place; infinite where nobody can know yet."""
        if self.halted:
            return math.inf
        if place_p <= self.heard_p + SAME_P:
            return -math.inf
        entry_p = self.stand.entry_after(self.heard_p)
        held = entry_p < math.inf and self.stand.is_held(self.heard_p)
        if held or place_p >= entry_p - 2 * SAME_P or (not self.begun and not self.leads):
            return math.inf
        return self.tempo.seconds(place_p)

    def _end_s(self, note: PerformedNote, since_s: float) -> float:
        """When a note that sounds ends: with the music, or when all breath is spent."""
        planned_s = (note.offset_s - note.onset_s) * self.tempo.slope
        return min(self._due_s(note.offset_s), since_s + BREATHS * planned_s + BREATH_S)

    def _is_forsaken(self, entry_p: float) -> bool:
        """Whether the soloist is so late that he must have stopped."""
        if entry_p == math.inf:
            return False
        return self.now_s > max(self.tempo.seconds(entry_p), self.heard_s) + PATIENCE_S

    def _is_away(self, here_p: float) -> bool:
        """Whether a place is neither the one heard last nor what comes next."""
        ahead = here_p - max(self.place_p, self.heard_p)
        due = self.stand.entry_after(self.heard_p)
        return (ahead > AWAY_P and here_p > due + SAME_P) or here_p < self.heard_p - BACK_P

    def _is_early(self, here_p: float, position: Position, first: bool) -> bool:
        """Whether a place is reached so early that it may be a mistake of the follower's."""
        step_s = (here_p - self.heard_p) * self.tempo.slope
        early_s = self.tempo.seconds(here_p) - position.time_s
        return not first and early_s > max(EARLY_S, EARLY_SHARE * step_s)

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
            due_s = self.tempo.seconds(self.stand.entry_after(self.heard_p))
            stopped = time_s - max(due_s, self.heard_s) > PATIENCE_S
            waited = first or stopped or self.stand.is_held(self.heard_p)
            self.tempo = (self.tempo.moved if waited else self.tempo.reached)(here_p, time_s)
            self.heard_p = here_p
        self.heard_s = time_s
        self.place_p = max(self.place_p, self.heard_p)

    def _moved(self, here_p: float, time_s: float) -> tuple[PartEvent, ...]:
        """The soloist is elsewhere: go there."""
        ended = self.rest()
        self.tempo = self.tempo.moved(here_p, time_s)
        self.heard_p, self.heard_s = here_p, time_s
        self.place_p = here_p
        self.next_note = self.stand.first_from(here_p)
        return ended

    def _up(self, name: str, time_s: float) -> PartEvent:
        note, since_s = self.sounding.pop(name)
        time_s = self.ended_s[name] = max(time_s, since_s + SHORTEST_S)
        return PartEvent(time_s, "up", name, note.part, note.pitch, 0)
