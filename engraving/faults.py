"""Faults planted in a rendition: Performance + its alignment → a take with known faults.

**Conventions.** Places are bars as numbered and eighths from the start of the bar (`16:3.5`). What
a fault leaves alone stays as it was. Faults of touch and pedal come first, then those that bend
time, so that every place means the same whatever else is planted.

**Knows nothing of** how faults are found: the judge shares no code with this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from valentin.music import Alignment, PedalEvent, Performance, PerformedNote, Score, ScoreNote

__all__ = ["Fault", "plant"]

EIGHTH_Q = Fraction(1, 2)
HAND_SD_S = 0.006
"""Seconds (SD) by which an onset differs when a passage is played again: motor noise."""
TOUCH_SD = 2.0
"""MIDI velocities (SD), likewise."""
RING_S = 0.25
"""Seconds that keys and pedal stay down after a stumble, before the hands come off."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `start` and `end` are places, `amount` what its kind says of it."""

    kind: str
    start: str
    end: str
    amount: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Played:
    """A note of the take and the score note it renders or adorns."""

    note: PerformedNote
    written: ScoreNote


@dataclass(frozen=True, slots=True)
class _Take:
    score: Score
    notes: tuple[_Played, ...]
    pedal: tuple[PedalEvent, ...]
    rng: np.random.Generator

    def place_q(self, place: str) -> Fraction:
        """Score time of `bar:eighth`, or of the bar's start."""
        number, _, eighth = place.partition(":")
        bar = next(bar for bar in self.score.bars if bar.number == number)
        return bar.start_q + Fraction(eighth or 0) * EIGHTH_Q

    def time_s(self, q: Fraction) -> float:
        """When the take reaches a place: the first onset of the first notes from there on."""
        first = min(p.written.onset_q for p in self.notes if p.written.onset_q >= q)
        return min(p.note.onset_s for p in self.notes if p.written.onset_q == first)


def plant(
    score: Score,
    performance: Performance,
    alignment: Alignment,
    faults: Sequence[Fault],
    rng: np.random.Generator,
) -> Performance:
    """The take with all faults, in the order of `_KINDS`. Raises KeyError for an unknown kind."""
    written = {note.id: note for note in score.notes}
    of = {m.performed_id: written[m.score_id] for m in alignment.matches + alignment.ornaments}
    take = _Take(
        score,
        tuple(_Played(note, of[note.id]) for note in performance.notes),
        performance.pedal,
        rng,
    )
    order = list(_KINDS)
    for fault in sorted(faults, key=lambda fault: order.index(fault.kind)):
        take = _KINDS[fault.kind](take, fault)
    notes = sorted((p.note for p in take.notes), key=lambda n: (n.onset_s, n.pitch))
    pedal = sorted(take.pedal, key=lambda event: event.time_s)
    return Performance(tuple(notes), tuple(pedal), source="planted")


def _flat_voicing(take: _Take, fault: Fault) -> _Take:
    """Every note as loud as the mean of its bar: `amount` is what is left of the differences."""
    start_q, end_q = take.place_q(fault.start), take.place_q(fault.end)
    inside = [p for p in take.notes if start_q <= p.written.onset_q < end_q]
    means: dict[str, float] = {}
    for bar in take.score.bars:
        here = [p.note.velocity for p in inside if _within(p, bar.start_q, bar.length_q)]
        if here:
            means[bar.number] = float(np.mean(here))

    def flat(p: _Played) -> _Played:
        bar = next(b for b in take.score.bars if _within(p, b.start_q, b.length_q))
        mean = means[bar.number]
        velocity = mean + fault.amount * (p.note.velocity - mean) + take.rng.normal(0.0, TOUCH_SD)
        return replace(p, note=replace(p.note, velocity=int(np.clip(round(velocity), 1, 127))))

    changed = {id(p): flat(p) for p in inside}
    return replace(take, notes=tuple(changed.get(id(p), p) for p in take.notes))


def _within(played: _Played, start_q: Fraction, length_q: Fraction) -> bool:
    return start_q <= played.written.onset_q < start_q + length_q


def _wrong_note(take: _Take, fault: Fault) -> _Take:
    """The note spelled `note` at `start` is struck `amount` semitones off."""
    q = take.place_q(fault.start)
    hits = [p for p in take.notes if (p.written.onset_q, p.written.spelling) == (q, fault.note)]
    if len(hits) != 1:
        raise ValueError(f"{len(hits)} notes {fault.note} at {fault.start}")
    hit = hits[0]
    slip = replace(hit, note=replace(hit.note, pitch=hit.note.pitch + int(fault.amount)))
    return replace(take, notes=tuple(slip if p is hit else p for p in take.notes))


def _smeared_pedal(take: _Take, fault: Fault) -> _Take:
    """The pedal goes down at `start` and stays down to `end`."""
    start_s = take.time_s(take.place_q(fault.start))
    end_s = take.time_s(take.place_q(fault.end))
    kept = [e for e in take.pedal if e.control != "sustain" or not start_s <= e.time_s < end_s]
    held = [PedalEvent(start_s, "sustain", 127), PedalEvent(end_s - 0.02, "sustain", 0)]
    return replace(take, pedal=tuple(sorted(kept + held, key=lambda e: e.time_s)))


def _rush(take: _Take, fault: Fault) -> _Take:
    """The beat shortens evenly until it lasts `amount` of what it did, then is itself again."""
    start_s = take.time_s(take.place_q(fault.start))
    span_s = take.time_s(take.place_q(fault.end)) - start_s

    def bent(time_s: float) -> float:
        x = min(max(time_s - start_s, 0.0), span_s)
        return time_s + (fault.amount - 1) * x * x / (2 * span_s)

    return _timed(take, bent)


def _restart(take: _Take, fault: Fault) -> _Take:
    """A stop after `end` is reached, `amount` seconds of silence, and again from `start`."""
    stop_q, again_q = take.place_q(fault.end), take.place_q(fault.start)
    stop_s, again_s = take.time_s(stop_q), take.time_s(again_q)
    off_s = stop_s + RING_S
    late_s = stop_s + fault.amount - again_s
    first = [
        replace(p, note=replace(p.note, offset_s=min(p.note.offset_s, off_s)))
        for p in take.notes
        if p.written.onset_q < stop_q and p.note.onset_s < stop_s
    ]
    second = [p for p in take.notes if p.written.onset_q >= again_q]
    shifted = _timed(replace(take, notes=tuple(second)), lambda time_s: time_s + late_s)
    again = tuple(_by_hand(p, take.rng) if p.written.onset_q < stop_q else p for p in shifted.notes)
    before = [e for e in take.pedal if e.time_s < stop_s]
    after = [e for e in shifted.pedal if e.time_s >= again_s + late_s]
    lift = [PedalEvent(off_s, "sustain", 0)]
    return replace(take, notes=(*first, *again), pedal=(*before, *lift, *after))


def _by_hand(played: _Played, rng: np.random.Generator) -> _Played:
    """The same note once more, as a hand plays it."""
    note, move_s = played.note, rng.normal(0.0, HAND_SD_S)
    velocity = int(np.clip(round(note.velocity + rng.normal(0.0, TOUCH_SD)), 1, 127))
    return replace(
        played,
        note=replace(
            note,
            id=f"{note.id}again",
            onset_s=note.onset_s + move_s,
            offset_s=note.offset_s + move_s,
            velocity=velocity,
        ),
    )


def _timed(take: _Take, move: Callable[[float], float]) -> _Take:
    """The take with every time moved."""
    notes = tuple(
        replace(
            p,
            note=replace(p.note, onset_s=move(p.note.onset_s), offset_s=move(p.note.offset_s)),
        )
        for p in take.notes
    )
    pedal = tuple(replace(event, time_s=move(event.time_s)) for event in take.pedal)
    return replace(take, notes=notes, pedal=pedal)


_KINDS: Mapping[str, Callable[[_Take, Fault], _Take]] = {
    "flat-voicing": _flat_voicing,
    "wrong-note": _wrong_note,
    "smeared-pedal": _smeared_pedal,
    "rush": _rush,
    "restart": _restart,
}
