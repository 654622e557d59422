"""A part of a plan is the same plan, only shorter, slower or with one hand."""

from fractions import Fraction as F

import pytest

from valentin.errors import MusicError
from valentin.music import (
    Bar,
    Part,
    Plan,
    PlannedPedal,
    Score,
    ScoreNote,
    Shape,
    at_tempo,
    bars_span,
    cut,
    only_hand,
)

NOTES = tuple(
    ScoreNote(f"n{i}-1", "P1", F(i, 2), F(1, 2), 60, "C4", 1 + i % 2, 1) for i in range(8)
)
BARS = tuple(Bar(f"m{i}", str(i + 1), F(2 * i), F(2)) for i in range(2))
SCORE = Score("", "", (Part("P1", ""),), NOTES, bars=BARS, unfolded=True)
PLAN = Plan(
    onsets_q=tuple(n.onset_q for n in NOTES),
    seconds_per_quarter=tuple(0.5 + i / 10 for i in range(8)),
    shapes=tuple(Shape(n.id, 60, 0.0, 1.0) for n in NOTES),
    pedal_q=(PlannedPedal(1.0, "sustain", 127), PlannedPedal(3.0, "sustain", 64)),
)


def test_cut_keeps_the_notes_and_tempo_of_its_bars() -> None:
    start, end = bars_span(SCORE, "2", "2")
    part = cut(SCORE, PLAN, start, end)
    assert [s.id for s in part.shapes] == ["n4-1", "n5-1", "n6-1", "n7-1"]
    assert part.onsets_q == (F(2), F(5, 2), F(3), F(7, 2))
    assert part.seconds_per_quarter == PLAN.seconds_per_quarter[4:]


def test_cut_carries_the_pedal_in_and_lifts_it() -> None:
    part = cut(SCORE, PLAN, F(2), F(4))
    assert [(p.onset_q, p.value) for p in part.pedal_q] == [(2.0, 127), (3.0, 64), (4.0, 0)]


def test_cut_between_two_knots_starts_at_the_cut() -> None:
    part = cut(SCORE, PLAN, F(9, 4), F(3))
    assert part.onsets_q == (F(9, 4), F(5, 2))
    assert part.seconds_per_quarter == PLAN.seconds_per_quarter[4:6]


def test_one_hand() -> None:
    assert {s.id for s in only_hand(SCORE, PLAN, "left").shapes} == {
        f"n{i}-1" for i in (1, 3, 5, 7)
    }


def test_twice_as_fast() -> None:
    assert at_tempo(PLAN, 2).seconds_per_quarter[0] == 0.25
    with pytest.raises(ValueError, match="must be positive"):
        at_tempo(PLAN, 0)


def test_a_bar_that_is_not_there() -> None:
    with pytest.raises(MusicError, match="Finding bar 9: the score has bars 1 to 2"):
        bars_span(SCORE, "9", "9")


def test_a_last_bar_before_the_first() -> None:
    with pytest.raises(MusicError, match="Finding bar 1: it comes before the first one"):
        bars_span(SCORE, "2", "1")


def test_no_last_bar_means_to_the_end() -> None:
    assert bars_span(SCORE, "2", "") == (F(2), F(4))
