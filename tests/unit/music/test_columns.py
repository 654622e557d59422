"""The metrical place of a score time: pickups, wherever they come."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import Bar, Grid, Metre, Part, Score, ScoreNote, Section, unfold


def waltz(pickup: Fraction, lengths: tuple[Fraction, ...]) -> Score:
    """Bars of 3/4 after a pickup, quarters all through, no repeat."""
    bars, start = [], Fraction(0)
    for i, length in enumerate((pickup, *lengths)):
        bars.append(Bar(f"b{i}", str(i), start, length))
        start += length
    notes = tuple(
        ScoreNote(f"n{i}", "P1", Fraction(i), Fraction(1), 60 + i, "C4", 1, 1)
        for i in range(int(start))
    )
    return Score(
        title="",
        composer="",
        parts=(Part("P1", "Piano"),),
        notes=notes,
        metres=(Metre(Fraction(0), Fraction(3), Fraction(1), "3/4"),),
        bars=tuple(bars),
    )


def weights(score: Score) -> list[int]:
    onsets = np.unique([float(note.onset_q) for note in score.notes])
    return Grid.at(score, onsets).weight.tolist()


def test_a_pickup_lies_at_the_end_of_its_bar_each_time_it_is_played() -> None:
    score = waltz(Fraction(1), (Fraction(3), Fraction(2)))
    twice = unfold(replace(score, sections=(Section(Fraction(0), score.end_q),), order=(0, 0)))
    assert weights(twice) == [2, 4, 2, 2, 4, 2] * 2


@pytest.mark.parametrize("last", [3, 2])
def test_a_pickup_after_a_full_bar_is_still_a_pickup(last: int) -> None:
    score = waltz(Fraction(1), (Fraction(3), Fraction(last)))
    twice = unfold(replace(score, sections=(Section(Fraction(0), score.end_q),), order=(0, 0)))
    once = weights(score)
    assert weights(twice) == once * 2


def test_a_bar_that_completes_a_short_one_goes_on_where_that_ended() -> None:
    score = waltz(Fraction(3), (Fraction(2), Fraction(1), Fraction(3)))
    assert weights(score) == [4, 2, 2, 4, 2, 2, 4, 2, 2]
