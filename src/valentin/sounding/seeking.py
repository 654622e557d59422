"""Sound from the middle: what a listener hears who comes in at a second.

In: a performance and the second. Out: its sound from there, block by block.

**Conventions.** What began up to RINGING_S before still rings; earlier notes are taken to have died
away. Work begins on a block of the whole, so that notes start on the same frames. The sound rises
over RISE_S, so that nothing clicks. From second 0 it is `stream` itself.

**Knows nothing of** scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from valentin.music import PedalEvent, Performance
from valentin.sounding.engine import BLOCK
from valentin.sounding.rendering import stream

__all__ = ["stream_from"]

Floats = npt.NDArray[np.float32]

RINGING_S = 6.0
"""A third of a second's work; a middle C held in the pedal has then fallen by some 30 dB."""
RISE_S = 0.005


def stream_from(
    performance: Performance,
    at_s: float,
    *,
    instrument: str = "modelled",
    hall: str = "dry",
    rate_hz: int = 44_100,
) -> Iterator[Floats]:
    """The sound from second `at_s` on, blocks of shape (frames, 2); raises as `stream` does."""
    if at_s <= 0:
        yield from stream(performance, instrument=instrument, hall=hall, rate_hz=rate_hz)
        return
    begin_s = max(0, int((at_s - RINGING_S) * rate_hz) // BLOCK) * BLOCK / rate_hz
    skipped = round((at_s - begin_s) * rate_hz)
    rising = np.linspace(0.0, 1.0, round(RISE_S * rate_hz), dtype=np.float32)[:, None]
    part = _from(performance, begin_s)
    for block in stream(part, instrument=instrument, hall=hall, rate_hz=rate_hz):
        if skipped >= len(block):
            skipped -= len(block)
            continue
        heard, skipped = block[skipped:].copy(), 0
        count = min(len(rising), len(heard))
        heard[:count] *= rising[:count]
        rising = rising[count:]
        yield heard


def _from(performance: Performance, begin_s: float) -> Performance:
    """What begins at a second or later, with the pedals as they stand there."""
    notes = tuple(
        replace(note, onset_s=note.onset_s - begin_s, offset_s=note.offset_s - begin_s)
        for note in performance.notes
        if note.onset_s >= begin_s
    )
    before = {event.control: event.value for event in performance.pedal if event.time_s < begin_s}
    entering = tuple(PedalEvent(0.0, control, value) for control, value in before.items())
    after = tuple(
        replace(event, time_s=event.time_s - begin_s)
        for event in performance.pedal
        if event.time_s >= begin_s
    )
    return replace(performance, notes=notes, pedal=entering + after)
