"""Segments heard one after another → the notes and pedals of a whole recording.

In: the intervals of each segment, in order. Out: notes, faint notes, pedal events.

**Conventions.** Events are in frames of the recording until they are given out in seconds. What a
segment settled is where the next begins; what was cut by its end is heard again there.

**Knows nothing of** sound, the network.

**Reference.** As in Transkun V2 (see `weights`), which drops a note that a repeated one begins to
overlap at the border of a segment; ours ends it there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from valentin.hearing.ears import NEAR_FRAMES, Interval, Listened
from valentin.hearing.network import CONTROLS, PITCHES, TRACKS
from valentin.hearing.spectrum import FRAME_S
from valentin.music import PedalEvent, PerformedNote

__all__ = ["HOP_FRAMES", "LEAD_FRAMES", "Memory", "Notes", "begun", "named"]

HOP_FRAMES = 517
"""From one segment to the next: 12 s."""
LEAD_FRAMES = 173
"""Of silence before the first sound, 4 s: as much as segments overlap."""
Notes = tuple[PerformedNote, ...]

_PEDALS: tuple[Literal["sustain", "soft"], ...] = ("sustain", "soft")  # as CONTROLS


@dataclass(slots=True)
class _Event:
    """A key or pedal held, in frames of the recording."""

    begin: float
    end: float
    velocity: int
    confidence: float
    ended: bool


class Memory:
    """What has been heard so far, segment by segment, each frame lasting `frame_s`."""

    def __init__(self, frame_s: float) -> None:
        self._frame_s = frame_s
        self.first_frame = -LEAD_FRAMES
        self.starts = [LEAD_FRAMES] * TRACKS
        self._events: list[list[_Event]] = [[] for _ in range(TRACKS)]
        self._faint: list[list[_Event]] = [[] for _ in range(TRACKS)]

    def take(self, listened: Listened, last: bool) -> None:
        """One segment more. All tracks begin in the next one where they were settled."""
        for track, intervals in enumerate(listened.intervals):
            settled = 0
            for interval in intervals:
                self._add(self._events[track], interval)
                if interval.ends:
                    settled = interval.last_frame
            self.starts[track] = max(settled - HOP_FRAMES, 0)
        first = LEAD_FRAMES // 2 if self.first_frame >= 0 else 0
        end = math.inf if last else HOP_FRAMES + LEAD_FRAMES // 2
        for events, intervals in zip(self._faint, listened.faint, strict=True):
            events += [self._event(i) for i in intervals if first <= i.begin < end]
        self.first_frame += HOP_FRAMES

    def _event(self, interval: Interval) -> _Event:
        begin, end = self.first_frame + interval.begin, self.first_frame + interval.end
        return _Event(begin, end, interval.velocity, interval.confidence, interval.ends)

    def _add(self, events: list[_Event], interval: Interval) -> None:
        event = self._event(interval)
        begin, end = event.begin, event.end
        before = events[-1] if events else None
        if before is not None and begin < before.end:
            if not interval.begins:  # the rest of what was cut
                before.end, before.ended = max(end, before.end), interval.ends
                return
            if before.ended:
                before.end = begin
            else:  # heard anew, with what follows it
                events.pop()
        if interval.begins:
            events.append(event)

    def notes(self) -> Notes:
        """All notes, sorted and named."""
        return _notes(self._events, self._frame_s)

    def faint(self) -> Notes:
        """What may be a note and is near none of its key, sorted and named."""
        return _notes(
            [
                [e for e in some if all(abs(e.begin - n.begin) > NEAR_FRAMES + 1 for n in events)]
                for some, events in zip(self._faint, self._events, strict=True)
            ],
            self._frame_s,
        )

    def pedal(self) -> tuple[PedalEvent, ...]:
        """Both pedals going down and up."""
        events = [
            PedalEvent(max(frame, 0.0) * self._frame_s, control, value)
            for track, control in enumerate(_PEDALS)
            for event in self._events[track]
            for frame, value in ((event.begin, 127), (event.end, 0))
        ]
        return tuple(sorted(events, key=lambda event: event.time_s))


def begun(listened: Listened) -> list[tuple[int, float]]:
    """Pitch and onset, in seconds of a segment, of the keys that go down in it."""
    return [
        (pitch, interval.begin * FRAME_S)
        for pitch, intervals in zip(PITCHES, listened.intervals[len(CONTROLS) :], strict=True)
        for interval in intervals
        if interval.begins
    ]


def _notes(tracks: list[list[_Event]], frame_s: float) -> Notes:
    """The keys' events as notes, sorted and named."""
    found = [
        PerformedNote(
            "", "", max(event.begin, 0.0) * frame_s, max(event.end, event.begin, 0.0) * frame_s,
            pitch, min(max(event.velocity, 1), 127), event.confidence,
        )
        for pitch, events in zip(PITCHES, tracks[len(CONTROLS) :], strict=True)
        for event in events
    ]  # fmt: skip
    found.sort(key=lambda note: (note.onset_s, note.pitch))
    return named(found)


def named(notes: Iterable[PerformedNote]) -> Notes:
    """The notes with names by their order."""
    return tuple(replace(note, id=f"p{k}") for k, note in enumerate(notes))
