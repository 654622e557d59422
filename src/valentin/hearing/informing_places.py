"""When the notes that nobody heard were due, as the notes around them tell.

In: the Score (unfolded as played), the take and the Alignment of the two. Out: `Due`, one for each
written note inside a run that has no key of its own.

**Conventions.** The onsets of a run that were heard, each the median of its keys, are joined by
straight lines. A note is due within `slack_s` of its place: half the way to the next onset, since
there another one is due.

**Knows nothing of** sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import Alignment, Match, Performance, Score

__all__ = ["Due", "dues"]

Floats = npt.NDArray[np.float64]

LEAST_SLACK_S, MOST_SLACK_S = 0.06, 0.25
"""Notes of a chord are up to 60 ms apart; a quarter of a second away is another event."""


@dataclass(frozen=True, slots=True)
class Due:
    """A written note without a key: its key on the piano, when, and how near to that."""

    score_id: str
    run: int
    pitch: int
    at_s: float
    slack_s: float


def dues(score: Score, performance: Performance, alignment: Alignment) -> Iterator[Due]:
    """Every missed or wrongly struck note whose run says when it was due, in no order."""
    notes = {note.id: note for note in score.notes}
    onset_s = {note.id: note.onset_s for note in performance.notes}
    clocks = {
        run: _clock([(float(notes[m.score_id].onset_q), onset_s[m.performed_id]) for m in rows])
        for run, rows in _by_run(alignment.matches).items()
    }
    for match in (*alignment.missed, *alignment.wrong):
        if match.run not in clocks or match.score_id not in notes:
            continue
        places, times = clocks[match.run]
        note = notes[match.score_id]
        at_q = float(note.onset_q)
        if places[0] <= at_q <= places[-1]:
            yield Due(
                match.score_id,
                match.run,
                note.pitch + alignment.semitones_away(note.staff),
                float(np.interp(at_q, places, times)),
                _slack(places, times, at_q),
            )


def _by_run(matches: tuple[Match, ...]) -> dict[int, list[Match]]:
    rows: dict[int, list[Match]] = {}
    for match in matches:
        rows.setdefault(match.run, []).append(match)
    return rows


def _clock(pairs: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    """Score places in rising order and the seconds at which they came, never falling."""
    groups: dict[float, list[float]] = {}
    for at_q, at_s in pairs:
        groups.setdefault(at_q, []).append(at_s)
    places = np.array(sorted(groups))
    times = np.array([float(np.median(groups[at_q])) for at_q in places])
    return places, np.maximum.accumulate(times)


def _slack(places: Floats, times: Floats, at_q: float) -> float:
    """Half the way to the nearer of the onsets before and after."""
    here = np.interp(at_q, places, times)
    around = [
        times[int(np.searchsorted(places, at_q, side="left")) - 1],
        times[min(int(np.searchsorted(places, at_q, side="right")), len(times) - 1)],
    ]
    gaps = [abs(here - other) for other in around if abs(here - other) > 0]
    return float(np.clip(min(gaps, default=MOST_SLACK_S) / 2, LEAST_SLACK_S, MOST_SLACK_S))
