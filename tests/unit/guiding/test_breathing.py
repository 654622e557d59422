"""The freer of two playings of a bar is the one whose beats differ more."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

import pytest

from valentin.guiding import beats_between, breath, freest_bar
from valentin.music import Beat


def beats(lengths: list[float]) -> tuple[Beat, ...]:
    times = [0.0, *accumulate(lengths)]
    return tuple(Beat(t, Fraction(i), str(i // 4 + 1), i % 4 == 0) for i, t in enumerate(times))


EVEN = beats([1.0] * 12)
FREE = beats([1.0] * 4 + [0.8, 1.4, 1.1, 0.7] + [1.0] * 4)


def test_a_metronome_does_not_breathe() -> None:
    assert breath((0.5,) * 8) == 0.0
    assert breath((1.0,)) == 0.0
    assert breath((1.0, 2.0)) == pytest.approx(0.5)


def test_the_bar_that_differs_is_found() -> None:
    assert freest_bar(FREE, EVEN, 60.0) == (4, 8)
    assert beats_between(FREE, 4, 8) == pytest.approx((0.8, 1.4, 1.1, 0.7))


def test_no_bar_where_none_breathes_or_it_comes_too_late() -> None:
    assert freest_bar(EVEN, EVEN, 60.0) is None
    assert freest_bar(FREE, EVEN, -1.0) is None
    assert freest_bar(FREE, EVEN[:-1], 60.0) is None


def test_two_bars_that_only_a_repeat_joins_are_not_compared() -> None:
    lengths = [0.5] * 4 + [0.3, 0.7] * 4 + [0.5] * 4  # the freest are the second and third heard

    def named(row: list[float], bars: str) -> tuple[Beat, ...]:
        pairs = zip(beats(row), bars + bars[-1], strict=True)
        return tuple(replace(beat, bar=bar) for beat, bar in pairs)

    once, twice = "1111222233334444", "1111222211112222"
    assert freest_bar(named(lengths, once), named([0.5] * 16, once), 60.0) == (4, 12)
    assert freest_bar(named(lengths, twice), named([0.5] * 16, twice), 60.0) in ((0, 8), (8, 16))
