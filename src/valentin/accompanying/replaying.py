"""A recorded solo and an orchestra that hears it for the first time.

In: a `Stand`, a take, and a follower's ear. Out: take and orchestra as one Performance.

**Conventions.** Time goes on in steps of `STEP_S`, and events are asked for `AHEAD_S` before they
sound, as live. The recorded soloist cannot hear the orchestra: where it plays alone for long, and
the take does not leave it the time, the rest of the take is played later, as a soloist would wait.
He waits before the key that the ear places at the entry after the tutti, and before no other, so
that an ear in doubt does not hold him up. The ear hears the take at its own times, without waits.

**Knows nothing of** the take but what has sounded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from valentin.accompanying.accompanist import PATIENCE_S, Accompanist
from valentin.accompanying.stand import SAME_P, Stand
from valentin.errors import TakeError
from valentin.music import KeyEvent, PartEvent, Performance, PerformedNote, Position

__all__ = ["accompanied", "begins_p", "notes_of", "replayed"]

STEP_S, AHEAD_S = 0.01, 0.02
"""Seconds from one look at the clock to the next, and ahead of which the orchestra commits."""

TUTTI_S = 3.0
"""Seconds of orchestra alone from which on the soloist waits for it."""

BREATH_S = 0.25
"""Seconds since the key before that an entry after a tutti has at least."""

FASTER, GRACE_P = 2.0, 1.0
"""Plan seconds for each second of a take that goes on, and besides."""

LATE_P = 8.0
"""Plan seconds after the soloist's first onset from which on a take begins in the middle."""

Ear = Callable[[KeyEvent], Position | None]


def accompanied(
    stand: Stand, take: Performance, ear: Ear, start_p: float, *, waits: bool = True
) -> Performance:
    """The take and the orchestra that hears it, from a place of the plan on.

    Raises TakeError for a take without notes.
    """
    if not take.notes:
        raise TakeError("Accompanying: no key was struck; give a take with notes in it.")
    keys = [KeyEvent(n.onset_s, "down", n.pitch, n.velocity) for n in take.notes]
    lead_s = stand.entry_after(start_p - 2 * SAME_P) - start_p
    begin_s = max(0.0, keys[0].time_s - lead_s)
    orchestra = Accompanist.ready(stand, start_p, begin_s)
    events = list(replayed(orchestra, keys, ear, waits=waits))
    struck_s = [e.time_s for e in events if isinstance(e, KeyEvent)]
    moved = _moved(take, [s - k.time_s for s, k in zip(struck_s, keys, strict=True)])
    notes = sorted((*moved.notes, *notes_of(events)), key=lambda n: (n.onset_s, n.pitch, n.id))
    return replace(moved, notes=tuple(notes))


def begins_p(stand: Stand, scouted: Sequence[Position]) -> float:
    """Where the orchestra begins: at the beginning, or where a take does that begins later.

    The keys before the first from which on the places go on as time does are of no known place.
    """
    start_p = float(stand.curve.seconds(0.0))
    first_p = None
    later: Position | None = None
    for position in reversed(scouted):
        here_p = stand.place_p(position)
        if later is not None and first_p is not None:
            most = FASTER * (later.time_s - position.time_s) + GRACE_P
            if not -GRACE_P <= first_p - here_p <= most:
                break
        first_p, later = here_p, position
    near_p = stand.entry_after(start_p - 2 * SAME_P) + LATE_P
    return start_p if first_p is None or first_p <= near_p else first_p


def _moved(take: Performance, late_s: Sequence[float]) -> Performance:
    """The take, each key so much later; a pedal goes with the key before it."""
    onsets = [n.onset_s for n in take.notes]
    notes = [
        replace(n, onset_s=n.onset_s + late, offset_s=n.offset_s + late)
        for n, late in zip(take.notes, late_s, strict=True)
    ]
    pedal = [
        replace(p, time_s=p.time_s + late_s[max(0, bisect_right(onsets, p.time_s) - 1)])
        for p in take.pedal
    ]
    return replace(take, notes=tuple(notes), pedal=tuple(pedal))


def replayed(
    orchestra: Accompanist, keys: Iterable[KeyEvent], ear: Ear, *, waits: bool = True
) -> Iterator[PartEvent | KeyEvent]:
    """The evening: the keys, moved where they waited, and the orchestra's events.

    Who has recorded one hand and not `waits` for the other only lets it begin.
    """
    late_s, before_s = 0.0, float("-inf")
    for key in keys:
        due_s = key.time_s + late_s
        position = ear(key)
        rested = key.time_s - before_s >= BREATH_S
        before_s = key.time_s
        if rested and (waits or not orchestra.begun):
            wait_s = _tutti_left(orchestra, position, due_s)
            late_s += wait_s
            due_s += wait_s
        yield from _until(orchestra, due_s)
        yield replace(key, time_s=due_s)
        if position is not None:
            yield from orchestra.hear(replace(position, time_s=due_s))
    end_s = orchestra.now_s + PATIENCE_S + 2 * STEP_S
    while not orchestra.over:
        before = orchestra.place_p
        yield from orchestra.play(orchestra.now_s + STEP_S)
        if orchestra.place_p <= before and orchestra.now_s > end_s:
            break
    yield from orchestra.rest()


def _tutti_left(orchestra: Accompanist, position: Position | None, due_s: float) -> float:
    """How long after `due_s` the orchestra arrives at the soloist's entry, if it plays alone."""
    stand = orchestra.stand
    entry_p = stand.entry_after(orchestra.heard_p)
    if entry_p == float("inf"):
        return 0.0
    if orchestra.begun:
        enters = position is not None and abs(stand.place_p(position) - entry_p) <= SAME_P
        alone = entry_p - max(orchestra.heard_p, orchestra.tempo.place)
        if not enters or orchestra.doubts or alone * orchestra.tempo.slope <= TUTTI_S:
            return 0.0
    return max(0.0, orchestra.tempo.seconds(entry_p) - due_s)


def _until(orchestra: Accompanist, time_s: float) -> Iterator[PartEvent]:
    """Play as far as is committed to before a key at `time_s` is heard."""
    while orchestra.now_s - AHEAD_S + STEP_S <= time_s:
        yield from orchestra.play(orchestra.now_s + STEP_S)


def notes_of(events: Iterable[PartEvent | KeyEvent]) -> tuple[PerformedNote, ...]:
    """The orchestra's events as notes; one that was played again has a name for each time."""
    begun: dict[str, PartEvent] = {}
    times: dict[str, int] = {}
    notes = []
    own = [event for event in events if isinstance(event, PartEvent)]
    for event in sorted(own, key=lambda e: (e.time_s, e.kind == "down")):
        if event.kind == "down":
            begun[event.id] = event
        elif event.id in begun:
            start = begun.pop(event.id)
            times[event.id] = times.get(event.id, 0) + 1
            again = f"×{times[event.id]}" if times[event.id] > 1 else ""
            end_s = max(event.time_s, start.time_s)
            notes.append(
                PerformedNote(
                    event.id + again, start.part, start.time_s, end_s, start.pitch, start.velocity
                )
            )
    return tuple(sorted(notes, key=lambda n: (n.onset_s, n.pitch, n.id)))
