"""A mark bends what the model wants only where the model falls short of it."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from valentin.music import Mark, Score
from valentin.shaping.interpreter_marks import OBEYED, Versions, stepped, timed
from valentin.shaping.interpreter_scene import Sight, sight_of
from valentin.studying import study


def marked(tune: Score, *marks: Mark) -> Sight:
    score = replace(tune, marks=marks)
    return sight_of(score, study(score))


def mark(kind: str, text: str, at: int) -> Mark:
    return Mark(kind, text, Fraction(at), Fraction(at), "P1", 0)


def test_a_step_that_is_heard_is_left_alone_and_one_that_is_not_is_made(tune: Score) -> None:
    sight = marked(tune, mark("dynamic", "p", 0), mark("dynamic", "f", 32))
    late = sight.notes.onset_q >= 32
    plain = 60 + 5 * np.sin(sight.notes.onset_q)
    rules = np.where(late, 20.0, 0.0)
    heard = plain + np.where(late, 30.0, 0.0)
    assert np.array_equal(stepped(Versions(heard, plain, rules, 0 * rules), sight), heard)
    flat = Versions(plain, plain, rules, 0 * rules)
    made = stepped(flat, sight)
    assert np.array_equal(made[~late], plain[~late])
    added = (made - plain)[late]
    for staff in (1, 2):
        mine = sight.notes.staff[late] == staff
        assert np.ptp(added[mine]) < 1e-9  # the shape within is the model's own
        assert OBEYED * 20 - 11 < added[mine][0] < OBEYED * 20 + 11


def test_a_step_down_is_made_downwards(tune: Score) -> None:
    sight = marked(tune, mark("dynamic", "f", 0), mark("dynamic", "p", 32))
    late = sight.notes.onset_q >= 32
    level = np.full(len(late), 60.0)
    rules = np.where(late, -20.0, 0.0)
    made = stepped(Versions(level, level, rules, 0 * rules), sight)
    assert np.allclose(made[late], 60.0 - OBEYED * 20)


def test_time_bends_where_a_mark_speaks_of_time_and_nowhere_else(tune: Score) -> None:
    sight = marked(tune, mark("words", "rit.", 16), mark("tempo", "a tempo", 24))
    plain = marked(tune)
    groups = len(sight.notes.onsets_q)
    none, rules = np.zeros(groups), np.full(groups, 0.4)
    tempo = timed(Versions(none, none, rules, none), sight, plain)
    onsets = sight.notes.onsets_q
    assert np.allclose(tempo[(onsets > 17) & (onsets < 23)], OBEYED * 0.4)
    assert np.allclose(tempo[(onsets < 15) | (onsets > 26)], 0.0)
