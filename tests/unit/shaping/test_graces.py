"""Graces and rolls take the time that pianists give them."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from valentin.music import Mark, NoteColumns, Score, ScoreNote, sorted_notes
from valentin.shaping.draft import Draft
from valentin.shaping.graces import graces_placed, rolled


def drafted(score: Score, beat_s: float) -> tuple[NoteColumns, Draft]:
    notes = NoteColumns.of(score)
    ones = np.ones(len(notes.pitch))
    return notes, Draft(60 * ones, 0 * ones, ones, beat_s * np.ones(len(notes.onsets_q)))


def with_grace(tune: Score, kind: str) -> Score:
    grace = ScoreNote(
        "g-1", "P1", Fraction(4), Fraction(0), 81, "A5", 1, 1, "right", grace=kind
    )  # fmt: skip
    return replace(tune, notes=sorted_notes((grace, *tune.notes)))


def lead_of(score: Score, beat_s: float) -> float:
    notes, draft = drafted(score, beat_s)
    placed = graces_placed(score, notes, draft)
    return float(placed.lead_s[[n.id for n in score.notes].index("g-1")])


def test_a_grace_is_shorter_where_there_is_less_time_and_where_it_is_slashed(tune: Score) -> None:
    plain, slashed = (with_grace(tune, kind) for kind in ("appoggiatura", "acciaccatura"))
    assert 0.02 < lead_of(plain, 0.3) < lead_of(plain, 1.0) < 0.5
    assert lead_of(slashed, 0.6) < lead_of(plain, 0.6)


def test_a_grace_on_the_beat_delays_its_main_note(tune: Score) -> None:
    score = replace(with_grace(tune, "appoggiatura"), composer="Haydn")
    notes, draft = drafted(score, 0.5)
    placed = graces_placed(score, notes, draft)
    main = [n.id for n in score.notes].index("m4-1")
    assert placed.lead_s[main] < -0.02
    assert abs(lead_of(score, 0.5)) < 1e-9


def test_a_grace_that_closes_the_note_before_leaves_the_next_one_alone(tune: Score) -> None:
    score = replace(with_grace(tune, "nachschlag"), composer="Haydn")
    notes, draft = drafted(score, 0.5)
    placed = graces_placed(score, notes, draft)
    assert placed.lead_s[[n.id for n in score.notes].index("m4-1")] == 0.0
    assert lead_of(score, 0.5) > 0.02


def test_a_roll_rises_to_the_beat_and_is_broader_where_there_is_time(tune: Score) -> None:
    chord = [ScoreNote(f"c{p}-1", "P1", Fraction(32), Fraction(4), p, "C4", 2, 3, "left")
             for p in (40, 52, 59)]  # fmt: skip
    ids = tuple(n.id for n in chord)
    sign = Mark("arpeggio", "", Fraction(32), Fraction(32), "P1", 2, ids)
    score = replace(tune, notes=sorted_notes((*tune.notes, *chord)), marks=(sign,))
    leads = []
    for beat_s in (0.4, 1.2):
        notes, draft = drafted(score, beat_s)
        after = rolled(score, notes, draft)
        rows = [[n.id for n in score.notes].index(name) for name in ids]
        leads.append(after.lead_s[rows])
    assert np.all(np.diff(leads[0]) < 0)
    assert leads[0][-1] == 0.0
    assert leads[1][0] > leads[0][0] > 0.05
