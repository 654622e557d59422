"""Performing: human takes measured as plans and performed again.

In: robust human takes, one or more of each work. Out: rows of `bench/results/performing.json`.

Run: `python -m bench.performing [HOW MANY]` (60).

**Conventions.** A take is measured with the alignment of its match file; what the plan performs is
compared with the take note by note. A match whose score note our reader does not have is counted
and left out.

**Knows nothing of** how the tempo curve is found.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.common import Row, Take, across_works, record, sampled, takes
from valentin.music import Performance, Plan, Score, unfold
from valentin.performing import measure, perform
from valentin.reading import read_match, read_score

__all__ = ["Trip", "round_trip"]


@dataclass(frozen=True, slots=True)
class Trip:
    """What one take lost on its way through a plan, and how long the way took."""

    work: str
    notes: int
    unread: int
    onset_ms: float
    offset_ms: float
    velocities_changed: int
    pedals_changed: int
    measure_s: float
    perform_s: float
    plan: Plan


def round_trip(take: Take, score: Score) -> Trip:
    """Measure a take and perform its plan again."""
    if take.match is None:
        raise ValueError(f"{take.name} has no alignment")
    performance, alignment = read_match(take.match)
    there = {note.id for note in score.notes}
    known = tuple(match for match in alignment.matches if match.score_id in there)
    unread = len(alignment.matches) - len(known)
    alignment = replace(alignment, matches=known)
    began = time.process_time()
    (plan,) = measure(score, performance, alignment)
    between = time.process_time()
    again = perform(score, plan)
    ended = time.process_time()
    played = {note.id: note for note in performance.notes}
    back = {note.id: note for note in again.notes}
    pairs = [(played[m.performed_id], back[m.score_id]) for m in alignment.matches]
    onsets = [abs(a.onset_s - b.onset_s) for a, b in pairs]
    offsets = [abs(a.offset_s - b.offset_s) for a, b in pairs]
    return Trip(
        take.work,
        len(performance.notes),
        unread,
        1000 * max(onsets),
        1000 * max(offsets),
        sum(a.velocity != b.velocity for a, b in pairs),
        _pedals_changed(performance, again),
        between - began,
        ended - between,
        plan,
    )


def _pedals_changed(before: Performance, after: Performance) -> int:
    """Events that moved by more than a millisecond or changed."""
    if len(before.pedal) != len(after.pedal):
        return max(len(before.pedal), len(after.pedal))
    return sum(
        (a.control, a.value) != (b.control, b.value) or abs(a.time_s - b.time_s) > 1e-3
        for a, b in zip(before.pedal, after.pedal, strict=True)
    )


def _rows(trips: Sequence[Trip]) -> list[Row]:
    def worst(name: str, values: Sequence[float], unit: str, target: str) -> Row:
        at = int(np.argmax(values))
        return Row(
            name, float(values[at]), unit, worst_at=trips[at].work, n=len(trips), of="takes",
            target=target,
        )  # fmt: skip

    notes = sum(t.notes for t in trips)
    leads = {t.work: 1000 * float(np.median(np.abs(_leads(t.plan)))) for t in trips}
    steady = {t.work: float(np.std(np.log2(t.plan.seconds_per_quarter))) for t in trips}
    return [
        worst("onset after the round trip, worst note", [t.onset_ms for t in trips], "ms", "≤ 1"),
        worst("release after the round trip, worst note", [t.offset_ms for t in trips], "ms", ""),
        worst("velocities changed", [t.velocities_changed for t in trips], "", "0"),
        worst("pedal events changed", [t.pedals_changed for t in trips], "", "0"),
        worst("matches without a score note", [t.unread for t in trips], "notes", "0"),
        Row("measure", notes / sum(t.measure_s for t in trips), "notes/s", n=notes, of="notes"),
        Row("perform", notes / sum(t.perform_s for t in trips), "notes/s", n=notes, of="notes"),
        worst("measure, slowest take", [t.measure_s for t in trips], "s", "< 1"),
        across_works("median of |lead|", leads, unit="ms", higher_is_better=False),
        across_works("SD of log2 tempo", steady, unit="octaves", higher_is_better=False),
    ]


def _leads(plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    pairs = zip(plan.shapes, plan.played, strict=True)
    return np.array([shape.lead_s for shape, played in pairs if played])


def main(words: Sequence[str]) -> None:
    """The round trip of a sample of takes, as many works as possible."""
    trips = []
    for take in sampled(takes(), int(words[0]) if words else 60):
        score = unfold(read_score(take.score)[0])
        trips.append(round_trip(take, score))
    record("performing", _rows(trips))


if __name__ == "__main__":
    main(sys.argv[1:])
