"""What a hand has to do is told hand by hand."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from valentin.music import NoteColumns, Score, ScoreNote, sorted_notes
from valentin.shaping.interpreter_hands import hand_columns


def columns(score: Score) -> dict[str, np.ndarray]:
    return dict(hand_columns(NoteColumns.of(score)))


def test_a_hand_waits_for_its_own_next_note(tune: Score) -> None:
    told = columns(tune)
    melody = np.array([n.id.startswith("m") for n in tune.notes])
    assert np.allclose(told["hand_wait"][melody][:-1], 0.0)  # quarters
    assert np.allclose(told["hand_wait"][~melody][:-1], -1.0)  # eighths


def test_a_jump_is_as_far_as_it_is(tune: Score) -> None:
    told = columns(tune)
    rows = [i for i, n in enumerate(tune.notes) if n.id.startswith("m")]
    pitches = np.array([tune.notes[i].pitch for i in rows])
    assert np.array_equal(told["jump"][rows][:-1], np.diff(pitches))
    assert np.array_equal(told["jump_past"][rows][1:], -np.diff(pitches))


def test_the_other_hand_changes_nothing(tune: Score) -> None:
    more = ScoreNote("x-1", "P1", Fraction(5, 4), Fraction(1, 4), 30, "F#1", 2, 6, "left")
    score = replace(tune, notes=sorted_notes((*tune.notes, more)))
    before, after = columns(tune), columns(score)
    old = {n.id: i for i, n in enumerate(tune.notes) if n.id.startswith("m")}
    new = {n.id: i for i, n in enumerate(score.notes) if n.id.startswith("m")}
    for name in before:
        a = before[name][list(old.values())]
        assert np.array_equal(a, after[name][[new[k] for k in old]]), name


def test_a_held_note_is_known(tune: Score) -> None:
    long = ScoreNote("x-1", "P1", Fraction(8), Fraction(4), 40, "E2", 2, 6, "left")
    score = replace(tune, notes=sorted_notes((*tune.notes, long)))
    told, at = columns(score), {n.id: i for i, n in enumerate(score.notes)}
    assert told["hand_holds"][at["a18-1"]] == 1.0
    assert told["hand_strikes"][at["x-1"]] == np.log2(8.0)
