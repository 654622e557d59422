"""Live events ↔ lines of a journal, and the performance they make.

In: events as a page or a keyboard sends them. Out: `KeyEvent`s that can be played, lines of text,
a `Performance`.

**Conventions.** A line is `[time_s, kind, pitch, value]` in JSON. Events may arrive a little out of
order (two devices); in a performance they stand in the order of their times. A key struck again
before it was let go ends at the new stroke; one never let go ends with the take.

**Knows nothing of** files and the network.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import count
from typing import Any

from valentin.errors import TakeError
from valentin.music import KeyEvent, PedalEvent, Performance, PerformedNote

__all__ = ["event_of", "event_of_line", "line_of", "performance_of"]

_PEDALS = ("sustain", "sostenuto", "soft")
_KINDS = ("down", "up", *_PEDALS)
LONGEST_S = 4 * 3600.0
"""As long as the longest take that `reading` takes."""


def event_of(time_s: Any, kind: Any, pitch: Any, value: Any) -> KeyEvent:
    """An event that can be played. Raises TakeError, saying what it may not be."""
    numbers = (pitch, value)
    if kind not in _KINDS:
        raise TakeError(f"Taking an event: its kind is {kind!r}; it must be {', '.join(_KINDS)}.")
    if not _is_number(time_s) or not 0 <= time_s <= LONGEST_S:
        raise TakeError(f"Taking an event: its time is {time_s!r}; give 0 to {LONGEST_S:g} s.")
    if any(type(n) is not int or not 0 <= n <= 127 for n in numbers):
        raise TakeError(f"Taking an event: pitch and value are {numbers}; give 0 to 127.")
    if kind == "down" and value == 0:
        kind = "up"  # as MIDI has it
    return KeyEvent(float(time_s), kind, pitch, value)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def line_of(event: KeyEvent) -> str:
    """One line of a journal, its end included."""
    row = [round(event.time_s, 4), event.kind, event.pitch, event.value]
    return json.dumps(row, separators=(",", ":")) + "\n"


def event_of_line(line: str) -> KeyEvent:
    """The event of a whole line. Raises TakeError for one that is damaged."""
    try:
        time_s, kind, pitch, value = json.loads(line)
    except (ValueError, TypeError) as error:
        raise TakeError("Reading a journal: a line of it is damaged.", evidence=line) from error
    return event_of(time_s, kind, pitch, value)


def performance_of(events: Sequence[KeyEvent], source: str = "") -> Performance:
    """What was played. Notes are `p0, p1, …` by onset, then pitch."""
    ordered = sorted(events, key=lambda event: event.time_s)
    end_s = ordered[-1].time_s if ordered else 0.0
    struck: dict[int, KeyEvent] = {}
    rows: list[tuple[float, int, float, int]] = []

    def let_go(pitch: int, at_s: float) -> None:
        if (key := struck.pop(pitch, None)) is not None:
            rows.append((key.time_s, pitch, at_s, key.value))

    for event in ordered:
        if event.kind in ("down", "up"):
            let_go(event.pitch, event.time_s)
        if event.kind == "down":
            struck[event.pitch] = event
    for pitch in sorted(struck):
        let_go(pitch, end_s)
    names = (f"p{i}" for i in count())
    notes = tuple(
        PerformedNote(name, "", onset_s, offset_s, pitch, velocity)
        for name, (onset_s, pitch, offset_s, velocity) in zip(names, sorted(rows), strict=False)
    )
    pedal = tuple(
        PedalEvent(e.time_s, e.kind, e.value)
        for e in ordered
        if e.kind != "down" and e.kind != "up"
    )
    return Performance(notes, pedal, source)
