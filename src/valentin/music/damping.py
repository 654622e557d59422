"""Pedal arithmetic: when each note is damped.

**Conventions.** A string rings until its key is up and the pedal is up. The pedal counts as down
from 64 of 127 on, as in the MIDI standard.

**Knows nothing of** sound.
"""

from __future__ import annotations

from bisect import bisect_right

from valentin.music.performance import Performance

__all__ = ["PEDAL_DOWN", "damped_s"]

PEDAL_DOWN = 64


def damped_s(performance: Performance) -> tuple[float, ...]:
    """Seconds at which each note is damped, parallel to the performance's notes."""
    events = [e for e in performance.pedal if e.control == "sustain"]
    times = [e.time_s for e in events]
    lifted = [performance.end_s] * (len(events) + 1)
    for i in range(len(events) - 1, -1, -1):
        lifted[i] = lifted[i + 1] if events[i].value >= PEDAL_DOWN else events[i].time_s
    out = []
    for note in performance.notes:
        at = bisect_right(times, note.offset_s)
        held = at > 0 and events[at - 1].value >= PEDAL_DOWN
        out.append(max(note.offset_s, lifted[at]) if held else note.offset_s)
    return tuple(out)
