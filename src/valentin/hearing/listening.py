"""Recording → Performance: the straight line of this room.

In: a recording. Out: what was played: notes, pedals, each note with a confidence.

**Conventions.** The recording is heard in segments of 16 s, each beginning 12 s after the one
before. An offset is the key going up, as far as the sound tells it; the pedal is not folded in. A
pedal is down (127) or up (0). An instrument tuned away from A = 440 Hz is resampled to it first;
times are those of the recording all the same.

**Knows nothing of** scores, files of MIDI.

**Reference.** See `weights`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from valentin.hearing.ears import Ears, ears
from valentin.hearing.recognising import check_piano, check_sound
from valentin.hearing.recordings import Recording, from_audio, open_recording
from valentin.hearing.resampling import resampled
from valentin.hearing.spectrum import FRAME_S, HOP, RATE_HZ
from valentin.hearing.stiffness import Strings
from valentin.hearing.stitching import HOP_FRAMES, LEAD_FRAMES, Memory, Notes, begun, named
from valentin.hearing.surveying import Survey, survey
from valentin.music import Audio, Performance, PerformedNote

__all__ = ["Heard", "hear", "heard", "judged"]

Floats = npt.NDArray[np.float32]
Progress = Callable[[float], None]

SEGMENT = 16 * RATE_HZ
QUIETEST = 10 ** (-45 / 20)
"""A segment this much weaker than the loud seconds is not made as loud as they are."""
MISTUNED_CENTS = 5.0
"""From here on the tuning is corrected; it is known to about 2 cents."""
LIKELY = 0.5
"""Probability from which a beginning is a note although the best path has none: a soft note whose
end is uncertain is likely by the sum of many paths, none of which is the best."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A performance, and the notes that are too doubtful to be in it, in the same order.

    `cents` is how far the instrument lies above A = 440 Hz.
    """

    performance: Performance
    faint: Notes
    cents: float = 0.0


def hear(recording: Path | Audio, progress: Progress | None = None) -> Performance:
    """What was played on the piano of a recording (a file of sound, or samples)."""
    return heard(recording, progress).performance


def heard(recording: Path | Audio, progress: Progress | None = None) -> Heard:
    """The same, with the notes that are in doubt.

    Raises ReadError where the file is no sound, TakeError where the sound is no piano, MissingError
    where the weights of the network are not installed.
    """
    source = from_audio(recording) if isinstance(recording, Audio) else open_recording(recording)
    ear = ears()
    surveyed = survey(source)
    check_sound(surveyed, source.name)
    strings = Strings(RATE_HZ)
    found = _listened(source, surveyed, ear, strings, progress or (lambda share: None))
    check_piano(surveyed, found.performance.notes, found.faint, strings, source.name)
    return found


def _listened(
    source: Recording, surveyed: Survey, ear: Ears, strings: Strings, progress: Progress
) -> Heard:
    stretch = 2 ** (_correction(surveyed) / 1200)
    frame_s = FRAME_S / stretch
    memory = Memory(frame_s)
    for segment, last in _segments(resampled(source.blocks(), RATE_HZ * stretch / source.rate_hz)):
        listened = ear.listen(segment, memory.starts, surveyed.loud * QUIETEST)
        memory.take(listened, last)
        strings.look(segment, begun(listened))
        progress(min(memory.first_frame * frame_s / surveyed.duration_s, 1.0))
    notes, faint = judged(memory.notes(), memory.faint())
    return Heard(
        Performance(notes, memory.pedal(), source.name, by_ear=True), faint, surveyed.cents
    )


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
    return named(every), named(note for note in faint if note.confidence < LIKELY)


def _correction(surveyed: Survey) -> float:
    """By how many cents the recording is brought down; what the ears do not mind is left."""
    return surveyed.cents if abs(surveyed.cents) >= MISTUNED_CENTS else 0.0


def _segments(blocks: Iterable[Floats]) -> Iterator[tuple[Floats, bool]]:
    """Sound by overlapping segments, and whether this is the last."""
    held: list[Floats] = []
    count = 0
    for block in blocks:
        if not held:
            held, count = (
                [np.zeros((LEAD_FRAMES * HOP, block.shape[1]), np.float32)],
                LEAD_FRAMES * HOP,
            )
        held.append(block)
        count += len(block)
        while count > SEGMENT:
            whole = np.concatenate(held)
            yield whole[:SEGMENT], False
            held = [whole[HOP_FRAMES * HOP :]]
            count = len(held[0])
    if held:
        # A shorter segment is not what the network was trained on: ghosts, and notes lost.
        rest = np.zeros((SEGMENT - count, held[0].shape[1]), np.float32)
        yield np.concatenate([*held, rest]), True
