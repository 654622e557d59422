"""The measures of hearing: takes small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest
from bench.hearing_metrics import (
    Counts,
    global_shift,
    matched,
    pedal_frames,
    pedal_onsets,
    score_hearing,
    velocity_fit,
)

from valentin.music import PedalEvent, Performance, PerformedNote


def take(*rows: tuple[float, float, int], velocity: int = 64) -> Performance:
    """Notes (onset, offset, pitch)."""
    return Performance(
        tuple(
            PerformedNote(f"p{i}", "", on, off, pitch, velocity)
            for i, (on, off, pitch) in enumerate(rows)
        )
    )


def pedal(*events: tuple[float, int]) -> Performance:
    """A take of one note of four seconds, with the sustain pedal."""
    notes = take((0.0, 4.0, 60)).notes
    return Performance(notes, tuple(PedalEvent(t, "sustain", v) for t, v in events))


def test_fifty_milliseconds_are_near_enough_and_a_hair_more_is_not() -> None:
    struck = take((1.0, 2.0, 60))
    assert matched(struck.notes, take((1.05, 2.0, 60)).notes) == [(0, 0)]
    assert matched(struck.notes, take((1.0511, 2.0, 60)).notes) == []
    assert matched(struck.notes, take((1.0, 2.0, 61)).notes) == []


def test_as_many_pairs_as_can_be_had_not_the_nearest_first() -> None:
    """Nearest first would pair 1.04 with 1.05 and leave 1.00 and 1.09 apart."""
    struck = take((1.0, 2.0, 60), (1.05, 2.0, 60))
    heard = take((1.04, 2.0, 60), (1.09, 2.0, 60))
    assert matched(struck.notes, heard.notes) == [(0, 0), (1, 1)]


def test_one_key_serves_one_note() -> None:
    struck, heard = take((1.0, 2.0, 60)), take((0.98, 1.0, 60), (1.01, 2.0, 60))
    scored = score_hearing(struck, heard, shifted=False)
    assert scored.onsets == Counts(1, 2, 1)
    assert scored.onsets.precision == 0.5
    assert scored.onsets.f1 == pytest.approx(2 / 3)


def test_an_offset_may_be_off_by_a_fifth_of_the_note() -> None:
    struck = take((0.0, 2.0, 60), (3.0, 3.1, 62))
    heard = take((0.0, 2.4, 60), (3.0, 3.16, 62))
    assert matched(struck.notes, heard.notes, offsets=True) == [(0, 0)]


def test_the_shift_is_found_though_notes_are_missing_and_too_many() -> None:
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.uniform(0.08, 0.4, 200))
    pitches = rng.integers(48, 72, 200)
    struck = [(t, t + 0.2, int(p)) for t, p in zip(times, pitches, strict=True)]
    late = [(t + 0.0731, t + 0.3, p) for t, _, p in struck[::2]]
    late += [(float(t), float(t) + 0.1, 60) for t in rng.uniform(0, 40, 30)]
    found = global_shift(take(*struck).notes, take(*sorted(late)).notes)
    assert found == pytest.approx(0.0731, abs=1e-6)
    scored = score_hearing(take(*struck), take(*sorted(late)))
    assert scored.onsets.right >= 100
    assert scored.onset_sd_s < 0.01


def test_velocity_is_compared_after_one_line() -> None:
    struck = np.array([20.0, 40.0, 60.0, 80.0, 100.0])
    r, mae = velocity_fit(struck, 30 + struck / 2)
    assert r == pytest.approx(1.0)
    assert mae == pytest.approx(0.0, abs=1e-9)
    r, mae = velocity_fit(np.array([10.0, 20.0, 30.0, 40.0]), np.array([1.0, -1.0, 1.0, -1.0]))
    assert r == pytest.approx(-1 / np.sqrt(5))
    assert mae == pytest.approx(10.0)  # the line is 20 at 1, 30 at -1
    assert np.isnan(velocity_fit(struck, np.full(5, 64.0))[0])


def test_pedal_by_frame_and_by_onset() -> None:
    struck = pedal((1.0, 127), (2.0, 0), (3.0, 80), (3.5, 20))
    heard = pedal((1.09, 127), (2.0, 0), (3.2, 127), (3.5, 0))
    assert pedal_onsets(struck, heard) == Counts(1, 2, 2)
    frames = pedal_frames(struck, heard)
    assert (frames.struck, frames.heard, frames.right) == (150, 121, 121)


def test_half_pedal_that_stays_down_is_one_onset() -> None:
    struck = pedal((1.0, 64), (1.2, 127), (1.4, 70), (2.0, 63))
    assert pedal_onsets(struck, struck) == Counts(1, 1, 1)
    assert pedal_frames(struck, struck).struck == 100


def test_nothing_heard_is_nothing_right() -> None:
    scored = score_hearing(take((0.0, 1.0, 60)), Performance(()))
    assert scored.onsets == Counts(0, 0, 1)
    assert scored.onsets.f1 == 0.0
    assert np.isnan(scored.velocity_r)
