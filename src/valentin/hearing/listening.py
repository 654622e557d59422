"""Recording → Performance: the straight line of this room.

In: a recording. Out: what was played: notes, pedals, each note with a confidence.

**Conventions.** The recording is heard in segments of 16 s, each beginning 12 s after the one
before; what is cut by the end of a segment is heard again in the next. An offset is the key going
up, as far as the sound tells it; the pedal is not folded in. A pedal is down (127) or up (0).

**Knows nothing of** scores, files of MIDI.

**Reference.** See `weights`. Theirs drops a note that a repeated one begins to overlap at the
border of a segment; ours ends it there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from valentin.hearing.ears import NEAR_FRAMES, Ears, Interval, Listened, ears
from valentin.hearing.network import CONTROLS, PITCHES, TRACKS
from valentin.hearing.recordings import Recording, from_audio, open_recording
from valentin.hearing.resampling import resampled
from valentin.hearing.spectrum import FRAME_S, HOP, RATE_HZ
from valentin.music import Audio, PedalEvent, Performance, PerformedNote

__all__ = ["Heard", "hear", "heard", "judged"]

Floats = npt.NDArray[np.float32]
Notes = tuple[PerformedNote, ...]
Progress = Callable[[float], None]

SEGMENT = 16 * RATE_HZ
HOP_FRAMES = 517  # 12 s
_PEDALS: tuple[Literal["sustain", "soft"], ...] = ("sustain", "soft")  # as CONTROLS
LEAD_FRAMES = 173  # 4 s of silence before the first sound, as between segments
LIKELY = 0.5
"""Probability from which a beginning is a note although the best path has none: a soft note whose
end is uncertain is likely by the sum of many paths, none of which is the best."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A performance, and the notes that are too doubtful to be in it, in the same order."""

    performance: Performance
    faint: Notes


def hear(recording: Path | Audio, progress: Progress | None = None) -> Performance:
    """What was played on the piano of a recording (a file of sound, or samples)."""
    return heard(recording, progress).performance


def heard(recording: Path | Audio, progress: Progress | None = None) -> Heard:
    """The same, with what the ears thought of each moment."""
    source = from_audio(recording) if isinstance(recording, Audio) else open_recording(recording)
    return _listened(source, ears(), progress or (lambda share: None))


def _listened(source: Recording, ear: Ears, progress: Progress) -> Heard:
    blocks = resampled(source.blocks(), RATE_HZ / source.rate_hz)
    memory = _Memory()
    for segment, last in _segments(blocks):
        frame = memory.first_frame
        memory.take(ear.listen(segment, memory.starts), last)
        if source.duration_s:
            progress(min((frame + HOP_FRAMES) * FRAME_S / source.duration_s, 1.0))
    notes, faint = judged(memory.notes(), memory.faint())
    return Heard(Performance(notes, memory.pedal(), source.name, by_ear=True), faint)


def judged(notes: Notes, faint: Notes) -> tuple[Notes, Notes]:
    """The notes with those faint ones that are likely, and the others; sorted and named."""
    every: list[PerformedNote] = []
    last: dict[int, int] = {}
    likely = [note for note in faint if note.confidence >= LIKELY]
    for note in sorted((*notes, *likely), key=lambda n: (n.onset_s, n.pitch)):
        before = last.get(note.pitch)
        if before is not None and every[before].offset_s > note.onset_s:
            every[before] = replace(every[before], offset_s=note.onset_s)
        last[note.pitch] = len(every)
        every.append(note)
    return _named(every), _named(note for note in faint if note.confidence < LIKELY)


def _named(notes: Iterable[PerformedNote]) -> Notes:
    return tuple(replace(note, id=f"p{k}") for k, note in enumerate(notes))


def _segments(blocks: Iterator[Floats]) -> Iterator[tuple[Floats, bool]]:
    """Sound by overlapping segments, and whether this is the last."""
    held: list[Floats] = []
    count = 0
    for block in blocks:
        if not held:
            held, count = [np.zeros((LEAD_FRAMES * HOP, block.shape[1]), np.float32)], 0
            count = len(held[0])
        held.append(block)
        count += len(block)
        while count > SEGMENT:
            whole = np.concatenate(held)
            yield whole[:SEGMENT], False
            held = [whole[HOP_FRAMES * HOP :]]
            count = len(held[0])
    if held:
        whole = np.concatenate(held)
        rest = np.zeros((SEGMENT - count, whole.shape[1]), np.float32)
        yield np.concatenate([whole, rest]), True


@dataclass(slots=True)
class _Event:
    """A key or pedal held, in frames of the recording."""

    begin: float
    end: float
    velocity: int
    confidence: float
    ended: bool


class _Memory:
    """What has been heard so far, segment by segment."""

    def __init__(self) -> None:
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
        return _notes(self._events)

    def faint(self) -> Notes:
        """What may be a note and is near none of its key, sorted and named."""
        return _notes(
            [
                [e for e in some if all(abs(e.begin - n.begin) > NEAR_FRAMES + 1 for n in events)]
                for some, events in zip(self._faint, self._events, strict=True)
            ]
        )

    def pedal(self) -> tuple[PedalEvent, ...]:
        """Both pedals going down and up."""
        events = [
            PedalEvent(max(frame, 0.0) * FRAME_S, control, value)
            for track, control in enumerate(_PEDALS)
            for event in self._events[track]
            for frame, value in ((event.begin, 127), (event.end, 0))
        ]
        return tuple(sorted(events, key=lambda event: event.time_s))


def _notes(tracks: list[list[_Event]]) -> Notes:
    """The keys' events as notes, sorted and named."""
    found = [
        PerformedNote(
            "", "", max(event.begin, 0.0) * FRAME_S, max(event.end, event.begin, 0.0) * FRAME_S,
            pitch, min(max(event.velocity, 1), 127), event.confidence,
        )
        for pitch, events in zip(PITCHES, tracks[len(CONTROLS) :], strict=True)
        for event in events
    ]  # fmt: skip
    found.sort(key=lambda note: (note.onset_s, note.pitch))
    return _named(found)
