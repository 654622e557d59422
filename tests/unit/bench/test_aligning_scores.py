"""What the aligning bench counts as right: by name, nearly, and where the truth is in doubt."""

from dataclasses import replace
from fractions import Fraction

from bench.aligning_cases import Case, Key
from bench.aligning_scores import Counts, scored
from bench.aligning_truth import doubts

from valentin.music import Alignment, Match, Part, PerformedNote, Score, ScoreNote

PITCHES = (60, 62, 60, 62, 60, 67, 69, 71)


def trill() -> Score:
    notes = tuple(
        ScoreNote(f"n{i}", "P1", Fraction(i, 4), Fraction(1, 4), p, "C4", 1, 1)
        for i, p in enumerate(PITCHES)
    )
    return Score("", "", (Part("P1", "Piano"),), notes)


def key(i: int, seconds: float, written: str) -> Key:
    pitch = PITCHES[int(written[1:])] if written else 100
    return Key(PerformedNote(f"p{i}", "", seconds, seconds + 0.1, pitch, 60), written)


def test_of_equal_notes_in_a_row_any_may_be_the_one_left_out() -> None:
    played = ("n0", "n1", "n3", "n4", "n5", "n6", "n7")
    keys = tuple(key(i, i * 0.2, n) for i, n in enumerate(played))
    case = Case(trill(), keys, unheard=frozenset({("n2", 1)}))
    matches = tuple(
        Match(f"{n}-1", f"p{i}") for i, n in enumerate(("n0", "n1", "n3", "n2", "n5", "n6", "n7"))
    )
    marks = scored(case, Alignment(matches, missed=(Match("n4-1", ""),)))
    assert marks.missed == Counts(right=1)
    assert marks.named_missed == Counts(false=1, lost=1)
    far = scored(case, Alignment(matches, missed=(Match("n6-1", ""),)))
    assert far.missed == Counts(false=1, lost=1)


def test_a_wrong_note_of_the_human_is_an_extra_and_a_missed_one_of_the_truth() -> None:
    keys = (key(0, 0.0, "n0"), key(1, 0.2, ""))
    case = Case(trill(), keys, unheard=frozenset({("n1", 1)}))
    found = Alignment((Match("n0-1", "p0"),), wrong=(Match("n1-1", "p1"),))
    marks = scored(case, found)
    assert (marks.extra, marks.missed, marks.wrong) == (Counts(1), Counts(1), Counts())


def test_a_planted_wrong_note_said_to_be_extra_and_missed_is_two_faults() -> None:
    keys = (key(0, 0.0, "n0"), replace(key(1, 0.2, "n1"), planted="wrong"))
    found = Alignment((Match("n0-1", "p0"),), missed=(Match("n1-1", ""),), extra=(Match("", "p1"),))
    marks = scored(Case(trill(), keys), found)
    assert marks.extra == Counts(false=1)
    assert marks.missed == Counts(false=1)
    assert marks.wrong == Counts(lost=1)


def test_the_truth_is_in_doubt_where_the_later_note_came_first() -> None:
    places = {f"n{i}": (Fraction(i), 60 + i) for i in range(40)}
    right = [(i * 0.5, 60 + i, f"n{i}", 1) for i in range(40)]
    assert doubts(places, right, frozenset()) == (frozenset(), frozenset())
    swapped = list(right)
    swapped[20] = (*right[20][:2], "n22", 1)
    swapped[22] = (*right[22][:2], "n20", 1)
    keys, _ = doubts(places, swapped, frozenset())
    assert {20, 21, 22} <= keys
    assert max(keys) <= 25


def test_a_key_and_a_note_of_one_pitch_left_alone_at_one_moment_are_in_doubt() -> None:
    places = {f"n{i}": (Fraction(i), 60 + i) for i in range(9)}
    keys = [(i * 0.5, 60 + i, "" if i in (4, 6) else f"n{i}", 1) for i in range(9)]
    keys[6] = (3.0, 90, "", 1)
    found = doubts(places, keys, frozenset({("n4", 1), ("n6", 1)}))
    assert found == (frozenset({4}), frozenset({("n4", 1)}))
