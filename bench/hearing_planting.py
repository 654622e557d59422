"""Takes to be heard: the first minute of human takes, with mistakes planted, and their truth.

In: a human take with its truth. Out: `Planted`, the keys to be sounded and what each one is.

**Conventions.** Of the written notes 5 % go wrong: of three of them, one is another key instead,
one is left out, one gets a key too many beside it. Half of the other keys are near (one or two
semitones), half anywhere between the lowest and the highest key of the minute. A planted key is
never one that is struck or held within `CLEAR_S`, since that would be no mistake to any ear. Keys
that are down when the minute ends are let go; the pedal is cut there too. Seconds count from half a
second before the first key.

**Knows nothing of** hearing, aligning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bench.aligning_cases import Case, case_of
from bench.common import Take
from valentin.music import PedalEvent, Performance, PerformedNote, Score
from valentin.reading import read_match, read_score

__all__ = ["Planted", "planted", "slowed", "with_mistakes"]

Kind = Literal["written", "unwritten", "wrong", "extra"]
Struck = tuple[PerformedNote, Kind, str]

ERRORS, NEAR, CLEAR_S, BEFORE_S = 1 / 20, (-2, -1, 1, 2), 0.15, 0.5
LOWEST, HIGHEST = 21, 108


@dataclass(frozen=True, slots=True)
class Planted:
    """A minute to be sounded. `kinds` and `written` (folded ids, "" for none) are parallel to
    `take.notes`: "unwritten" keys are the human's own, "wrong" and "extra" were planted; `missed`
    are the folded ids left out."""

    score: Score
    take: Performance
    kinds: tuple[Kind, ...]
    written: tuple[str, ...]
    missed: tuple[str, ...]


def planted(take: Take, seconds: float, rng: np.random.Generator) -> Planted:
    """The first `seconds` of a take, with mistakes. Raises ValueError for one without truth."""
    if take.match is None:
        raise ValueError(f"{take.name} has no truth")
    score, _ = read_score(take.score, lenient=True)
    performance, truth = read_match(take.match)
    case = case_of(score, performance, truth)
    start = case.keys[0].note.onset_s - BEFORE_S
    rows, missed = with_mistakes(case, start + seconds, rng)
    rows.sort(key=lambda row: (row[0].onset_s, row[0].pitch))
    notes = tuple(
        replace(
            _moved(note, -start), id=f"p{i}", offset_s=min(note.offset_s - start, seconds)
        )
        for i, (note, _, _) in enumerate(rows)
    )  # fmt: skip
    pedal = _pedal(performance.pedal, start, seconds)
    kinds, written = tuple(kind for _, kind, _ in rows), tuple(name for _, _, name in rows)
    struck = Performance(notes, pedal, source="planted")
    return Planted(score, struck, kinds, written, tuple(missed))


def slowed(take: Performance, faster: float) -> Performance:
    """The take as it sounds from a tape that runs `faster` times as fast."""
    notes = tuple(
        replace(n, onset_s=n.onset_s / faster, offset_s=n.offset_s / faster) for n in take.notes
    )
    pedal = tuple(replace(event, time_s=event.time_s / faster) for event in take.pedal)
    return replace(take, notes=notes, pedal=pedal)


def with_mistakes(
    case: Case, end_s: float, rng: np.random.Generator
) -> tuple[list[Struck], list[str]]:
    """The keys struck before `end_s`, and the folded ids left out."""
    keys = [key for key in case.keys if key.note.onset_s < end_s]
    notes = [key.note for key in keys]
    rows: list[Struck] = []
    missed = []
    for key in keys:
        own: Kind = "written" if key.written else "unwritten"
        slip = int(rng.integers(3)) if key.written and rng.random() < ERRORS else -1
        other = _another(key.note, notes, rng) if slip in (0, 2) else None
        if slip == 1:
            missed.append(key.written)
        elif other is not None and slip == 0:
            rows.append((other, "wrong", ""))
            missed.append(key.written)
        else:
            rows.append((key.note, own, key.written))
            if other is not None:
                rows.append((other, "extra", ""))
    return rows, missed


def _another(
    note: PerformedNote, notes: Sequence[PerformedNote], rng: np.random.Generator
) -> PerformedNote | None:
    """Another key than `note`, near or anywhere; None where all that were tried sound already."""
    low, high = min(n.pitch for n in notes), max(n.pitch for n in notes)
    near = rng.random() < 0.5
    for _ in range(8):
        pitch = note.pitch + int(rng.choice(NEAR)) if near else int(rng.integers(low, high + 1))
        if LOWEST <= pitch <= HIGHEST and pitch != note.pitch and _clear(pitch, note, notes):
            return replace(note, pitch=pitch)
    return None


def _clear(pitch: int, note: PerformedNote, notes: Sequence[PerformedNote]) -> bool:
    return not any(
        n.pitch == pitch
        and n.onset_s < note.offset_s + CLEAR_S
        and note.onset_s < n.offset_s + CLEAR_S
        for n in notes
    )


def _moved(note: PerformedNote, by_s: float) -> PerformedNote:
    return replace(note, onset_s=note.onset_s + by_s, offset_s=note.offset_s + by_s)


def _pedal(events: Sequence[PedalEvent], start: float, seconds: float) -> tuple[PedalEvent, ...]:
    """The pedal within the minute: as it stood at the start, and up at the end."""
    kept: list[PedalEvent] = []
    before: dict[str, PedalEvent] = {}
    for event in events:
        moved = replace(event, time_s=event.time_s - start)
        if moved.time_s < 0:
            before[event.control] = replace(moved, time_s=0.0)
        elif moved.time_s < seconds:
            kept.append(moved)
    ends = tuple(PedalEvent(seconds, "sustain", 0) for _ in kept[:1] or before)
    return (*before.values(), *kept, *ends)
