"""Unfolding writes repeats out and numbers every rendering."""

from dataclasses import replace
from fractions import Fraction as F

import pytest

from valentin.music import (
    Bar,
    Key,
    Mark,
    MarkKind,
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


def with_endings(*notes: ScoreNote, marks: tuple[Mark, ...] = ()) -> Score:
    """Bars of a quarter: one, a first ending, a second ending of two."""
    sections = (Section(F(0), F(1)), Section(F(1), F(2)), Section(F(2), F(4)))
    return Score("", "", (Part("P1", ""),), notes, marks, sections=sections, order=(0, 1, 0, 2))


def quarter(name: str, place: int, length: int = 1, pitch: int = 60, **more: bool) -> ScoreNote:
    return ScoreNote(name, "P1", F(place), F(length), pitch, "C4", 1, 1, **more)


def test_a_tie_goes_on_into_the_ending_that_is_played() -> None:
    score = unfold(with_endings(quarter("n1", 0, 2), quarter("n2", 2, 2, tied=True)))
    rows = [(n.id, n.onset_q, n.duration_q) for n in score.notes]
    assert rows == [("n1-1", 0, 2), ("n1-2", 2, 3)]


def test_a_tied_note_that_nothing_leads_to_is_struck() -> None:
    notes = (quarter("n1", 0, pitch=62), quarter("n2", 2, tied=True))
    assert [n.id for n in unfold(with_endings(*notes)).notes] == ["n1-1", "n1-2", "n2-1"]


def test_what_hangs_on_a_joined_note_hangs_on_the_one_it_continues() -> None:
    marks = (
        Mark("fermata", "", F(2), F(2), note_ids=("n2",)),
        Mark("articulation", "accent", F(2), F(2), note_ids=("n2",)),
    )
    notes = (quarter("n1", 0, 2), quarter("n2", 2, 2, tied=True))
    found = [(m.kind, m.note_ids) for m in unfold(with_endings(*notes, marks=marks)).marks]
    assert found == [("fermata", ("n1-2",))]


def test_a_note_ends_where_the_way_turns_off() -> None:
    score = unfold(with_endings(quarter("n1", 0), quarter("n2", 1, 2)))
    assert [(n.id, n.duration_q) for n in score.notes][1] == ("n2-1", 1)


def test_a_slur_goes_on_into_the_ending_that_is_played() -> None:
    notes = tuple(quarter(f"n{i}", i) for i in range(4))
    slur = Mark("slur", "", F(0), F(1), note_ids=("n0", "n1"))
    marks = unfold(with_endings(*notes, marks=(slur,))).marks
    assert [(m.note_ids, m.end_q) for m in marks] == [(("n0-1", "n1-1"), 1), (("n0-2", "n2-1"), 3)]


def with_repeat(*notes: ScoreNote, marks: tuple[Mark, ...]) -> Score:
    """Two quarters, repeated, and two more."""
    sections = (Section(F(0), F(2)), Section(F(2), F(4)))
    return Score("", "", (Part("P1", ""),), notes, marks, sections=sections, order=(0, 0, 1))


@pytest.mark.parametrize(
    ("kind", "start", "ids"),
    [
        ("slur", 0, [("n0-1", "n1-1"), ("n0-2", "n2-1")]),
        ("slur", 1, [("n1-2", "n2-1")]),
        ("glissando", 0, [("n0-2", "n2-1")]),
    ],
)
def test_a_line_ends_where_the_way_turns_back(
    kind: MarkKind, start: int, ids: list[tuple[str, str]]
) -> None:
    notes = tuple(quarter(f"n{i}", i) for i in range(4))
    line = Mark(kind, "", F(start), F(2), note_ids=(f"n{start}", "n2"))
    score = unfold(with_repeat(*notes, marks=(line,)))
    assert [m.note_ids for m in score.marks] == ids
    places = {n.id: n.onset_q for n in score.notes}
    assert [m.end_q for m in score.marks] == [places[last] for _, last in ids]


def test_a_hairpin_ends_where_the_way_turns_back() -> None:
    hairpin = Mark("hairpin", "crescendo", F(0), F(3))
    marks = unfold(with_repeat(quarter("n0", 0), marks=(hairpin,))).marks
    assert [(m.start_q, m.end_q) for m in marks] == [(0, 2), (2, 5)]


def test_every_note_that_a_mark_names_is_there() -> None:
    notes = tuple(quarter(f"n{i}", i) for i in range(4))
    pairs = [(a, b) for a in range(4) for b in range(a, 4)]
    marks = tuple(Mark("slur", "", F(a), F(b), note_ids=(f"n{a}", f"n{b}")) for a, b in pairs)
    score = unfold(with_endings(*notes, marks=marks))
    assert {i for m in score.marks for i in m.note_ids} <= {n.id for n in score.notes}


def test_a_note_for_one_pass_sounds_on_that_pass() -> None:
    first, second = quarter("n1", 0), replace(quarter("n2", 0, pitch=64), passes=(2,))
    score = unfold(with_endings(replace(first, passes=(1,)), second))
    assert [n.id for n in score.notes] == ["n1-1", "n2-2"]


def test_ids_fall_apart_again() -> None:
    assert folded_id("a-b-12") == "a-b"
    assert rendering_of("a-b-12") == 12
