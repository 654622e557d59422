"""Unfolding writes repeats out and numbers every rendering."""

from fractions import Fraction as F

import pytest

from valentin.music import (
    Bar,
    Key,
    Mark,
    Metre,
    Part,
    Score,
    ScoreNote,
    Section,
    folded_id,
    rendering_of,
    unfold,
)


def little_score() -> Score:
    """Two bars of 2/4, the first repeated; a key change in the second."""
    notes = tuple(ScoreNote(f"n{i}", "P1", F(i), F(1), 60 + i, "C4", 1, 1) for i in range(4))
    return Score(
        title="", composer="", parts=(Part("P1", ""),), notes=notes,
        marks=(Mark("slur", "", F(0), F(1), note_ids=("n0", "n1")),),
        metres=(Metre(F(0), F(2), F(1), "2/4"),),
        bars=(Bar("m1", "1", F(0), F(2)), Bar("m2", "2", F(2), F(2))),
        keys=(Key(F(0), 0), Key(F(2), 1)),
        sections=(Section(F(0), F(2)), Section(F(2), F(4))), order=(0, 0, 1),
    )  # fmt: skip


def test_renderings_are_numbered_from_one() -> None:
    ids = [n.id for n in unfold(little_score()).notes]
    assert ids == ["n0-1", "n1-1", "n0-2", "n1-2", "n2-1", "n3-1"]


def test_times_run_on_and_marks_follow() -> None:
    score = unfold(little_score())
    assert [n.onset_q for n in score.notes] == [0, 1, 2, 3, 4, 5]
    assert [m.note_ids for m in score.marks] == [("n0-1", "n1-1"), ("n0-2", "n1-2")]
    assert [b.start_q for b in score.bars] == [0, 2, 4]
    assert [(k.start_q, k.fifths) for k in score.keys] == [(0, 0), (4, 1)]
    assert len(score.metres) == 1


def test_another_order_leaves_the_repeat_out() -> None:
    score = unfold(little_score(), (0, 1))
    assert [n.id for n in score.notes] == ["n0-1", "n1-1", "n2-1", "n3-1"]


def test_unfolding_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="unfolded already"):
        unfold(unfold(little_score()))


def test_ids_fall_apart_again() -> None:
    assert folded_id("a-b-12") == "a-b"
    assert rendering_of("a-b-12") == 12
