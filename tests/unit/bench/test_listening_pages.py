"""Frames that were due and did not come are counted."""

import pytest
from bench.listening_pages import dropped


def test_at_the_displays_own_rate_none_is_missing() -> None:
    assert dropped([16.7, 16.6, 16.8, 16.7, 16.7]) == 0.0


def test_a_gap_of_three_frames_lacks_two() -> None:
    assert dropped([16.7] * 7 + [50.0]) == pytest.approx(2 / 10)
