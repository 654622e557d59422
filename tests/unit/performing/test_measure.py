"""What a measured plan says of a take: tempo, leads, unplayed notes, pedal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest

from valentin.music import (
    Alignment,
    Mark,
    Match,
    PedalEvent,
    Performance,
    PerformedNote,
    Plan,
    Score,
    ScoreNote,
    Shape,
)
from valentin.performing import measure, perform
from valentin.performing.nominal import KNOT_S, choose_knots, reference_times


def note(name: str, onset: F | int, pitch: int, **more: object) -> ScoreNote:
    return ScoreNote(name, "P1", F(onset), F(1), pitch, "C4", 1, 1, **more)  # type: ignore[arg-type]


def played(name: str, onset: float, pitch: int = 60, velocity: int = 64) -> PerformedNote:
    return PerformedNote(name, "P1", onset, onset + 0.4, pitch, velocity)


def same_names(notes: tuple[PerformedNote, ...]) -> Alignment:
    return Alignment(tuple(Match(n.id, n.id) for n in notes))


def score_of(*notes: ScoreNote, marks: tuple[Mark, ...] = ()) -> Score:
    return Score("t", "c", (), notes, marks, unfolded=True)


def test_a_melody_that_leads_its_chord_has_a_lead_and_the_tempo_is_steady() -> None:
    score = score_of(*(note(f"n{i}{k}", i, 60 + k) for i in range(4) for k in range(3)))
    rows = tuple(
        played(f"n{i}{k}", 0.5 * i + (0.0 if k == 2 else 0.03), 60 + k)
        for i in range(4)
        for k in range(3)
    )
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert plan.seconds_per_quarter == pytest.approx([0.5] * 4)
    leads = {shape.id: shape.lead_s for shape in plan.shapes}
    assert leads["n12"] == pytest.approx(0.02)
    assert leads["n10"] == leads["n11"] == pytest.approx(-0.01)


def test_one_late_finger_does_not_move_its_chord() -> None:
    score = score_of(*(note(f"n{i}{k}", i, 60 + k) for i in range(3) for k in range(3)))
    rows = tuple(
        played(f"n{i}{k}", 0.5 * i + (0.3 if (i, k) == (1, 0) else 0.0), 60 + k)
        for i in range(3)
        for k in range(3)
    )
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert plan.seconds_per_quarter == pytest.approx([0.5] * 3)
    assert plan.shapes[3].lead_s == pytest.approx(-0.3)


def test_a_grace_note_before_the_beat_does_not_move_the_beat() -> None:
    grace = replace(note("g", 1, 62), duration_q=F(0), grace="acciaccatura")
    score = score_of(note("a", 0, 60), grace, note("b", 1, 60), note("c", 2, 60))
    rows = (played("a", 0), played("g", 0.42, 62), played("b", 0.5), played("c", 1.0))
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert plan.seconds_per_quarter == pytest.approx([0.5] * 3)
    shapes = {shape.id: shape for shape in plan.shapes}
    assert shapes["g"].lead_s == pytest.approx(0.08)
    assert shapes["g"].articulation == pytest.approx(0.4 / (0.5 / 8))


def test_a_rolled_chord_arrives_with_its_highest_note() -> None:
    chord = [note(f"b{k}", 1, 60 + 4 * k) for k in range(3)]
    mark = Mark("arpeggio", "up", F(1), F(1), note_ids=("b0", "b1", "b2"))
    score = score_of(note("a", 0, 60), *chord, note("c", 2, 60), marks=(mark,))
    rows = (
        played("a", 0), played("b0", 0.3), played("b1", 0.4, 64), played("b2", 0.5, 68),
        played("c", 1),
    )  # fmt: skip
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert plan.seconds_per_quarter == pytest.approx([0.5] * 3)
    assert [s.lead_s for s in plan.shapes[1:4]] == pytest.approx([0.2, 0.1, 0.0])


def test_fast_notes_leave_their_jitter_to_the_leads() -> None:
    jitter = 0.02 * np.array([0, 1, -1, 1, 0, -1, 1, -1, 0])
    score = score_of(*(note(f"n{i}", F(i, 4), 60) for i in range(9)))
    rows = tuple(played(f"n{i}", 0.1 * i + float(jitter[i])) for i in range(9))
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert plan.onsets_q == (F(0), F(1), F(2))
    assert plan.seconds_per_quarter == pytest.approx([0.4] * 3)
    assert [s.lead_s for s in plan.shapes] == pytest.approx(-jitter)


def test_a_note_that_was_not_played_is_flagged_and_expected_like_its_neighbours() -> None:
    score = score_of(note("a", 0, 60), note("b", 1, 60), note("c", 2, 60))
    rows = (played("a", 0, velocity=40), played("c", 1, velocity=60))
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert plan.played == (True, False, True)
    assert plan.shapes[1].velocity == 50
    assert plan.shapes[1].lead_s == 0
    assert plan.shapes[1].articulation == pytest.approx(0.8)
    assert plan.onsets_q == (F(0), F(2))


def test_a_plan_covers_only_the_stretch_that_was_played() -> None:
    score = score_of(*(note(f"n{i}", i, 60) for i in range(6)))
    rows = (played("n2", 5), played("n3", 5.5), played("n4", 6.0))
    (plan,) = measure(score, Performance(rows), same_names(rows))
    assert [s.id for s in plan.shapes] == ["n2", "n3", "n4"]
    assert (plan.onsets_q[0], plan.start_s) == (F(2), 5.0)


def test_a_pedal_pressed_before_the_first_note_lies_before_the_first_quarter() -> None:
    score = score_of(note("a", 0, 60), note("b", 1, 60))
    rows = (played("a", 1.0), played("b", 1.5))
    take = Performance(rows, (PedalEvent(0.75, "sustain", 90), PedalEvent(1.6, "sustain", 0)))
    (plan,) = measure(score, take, same_names(rows))
    assert [p.onset_q for p in plan.pedal_q] == pytest.approx([-0.5, 1.2])


def test_the_silence_between_two_runs_is_halved_between_their_pedals() -> None:
    score = score_of(note("a", 0, 60), note("b", 1, 60))
    rows = tuple(played(f"{run}{k}", 4 * run + 0.5 * k) for run in range(2) for k in range(2))
    matches = tuple(Match("ab"[k], f"{run}{k}", run) for run in range(2) for k in range(2))
    pedal = tuple(PedalEvent(t, "sustain", i) for i, t in enumerate((0.1, 2.0, 3.0, 4.2)))
    plans = measure(score, Performance(rows, pedal), Alignment(matches))
    assert [[p.value for p in plan.pedal_q] for plan in plans] == [[0, 1], [2, 3]]


def test_nothing_matched_gives_no_plan() -> None:
    assert measure(score_of(note("a", 0, 60)), Performance(()), Alignment(())) == ()


def test_names_that_are_nowhere_are_a_programming_error() -> None:
    score = score_of(note("a", 0, 60))
    take = Performance((played("p0", 0),))
    with pytest.raises(ValueError, match="'x', which is not in the score"):
        measure(score, take, Alignment((Match("x", "p0"),)))
    with pytest.raises(ValueError, match="'p9', which was not played"):
        measure(score, take, Alignment((Match("a", "p9"),)))
    plan = Plan((F(0),), (0.5,), (Shape("x", 64, 0, 1),))
    with pytest.raises(ValueError, match="'x', which is not in the score"):
        perform(score, plan)


def test_knots_stand_on_strong_beats_and_never_too_close() -> None:
    times = np.arange(17) * (KNOT_S * 0.6)
    weight = np.array([4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0, 4])
    knots = choose_knots(times, weight)
    assert knots.groups.tolist() == list(range(0, 17, 2))
    assert np.diff(knots.times_s).min() >= KNOT_S


def test_a_misplaced_group_is_no_knot() -> None:
    times = np.arange(9) * 0.5
    times[4] = 0.2
    assert 4 not in choose_knots(times, np.ones(9, dtype=np.int64)).groups


def test_a_group_goes_by_its_most_trusted_notes() -> None:
    group = np.array([0, 0, 0, 1, 1])
    onset = np.array([1.0, 1.02, 0.7, 2.0, 3.0])
    trust = np.array([3, 3, 1, 0, 0])
    times = reference_times(group, onset, trust, 2)
    assert times[0] == pytest.approx(1.01)
    assert np.isnan(times[1])


def test_an_ornament_written_out_beside_the_beats_gives_way_to_them() -> None:
    times = np.array([0.0, 0.3, 0.6, 0.56, 0.58, 0.9, 1.2])
    weight = np.array([4, 2, 3, 0, 0, 2, 4])
    assert choose_knots(times, weight).groups.tolist() == [0, 1, 2, 5, 6]
