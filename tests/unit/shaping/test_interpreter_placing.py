"""Graces and rolls lie where the interpreter wants them, and never out of order."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.music import Mark, NoteColumns, Score, ScoreNote, sorted_notes
from valentin.shaping.draft import Draft
from valentin.shaping.interpreter_features import view_of
from valentin.shaping.interpreter_figures import figure_table, in_figures
from valentin.shaping.interpreter_placing import (
    GRACE_GAP_S,
    ROLL_LEAST_S,
    SAME_KEY_S,
    placed,
)
from valentin.shaping.interpreter_scene import sight_of
from valentin.studying import study

CHORD = (40, 52, 59)


def figures(composer: str = "") -> Score:
    """Two quarters of melody over three graces, and a roll of three notes under one note."""
    notes = [
        ScoreNote(f"g{i}-1", "P1", Fraction(4), Fraction(0), 79 + i, "G5", 1, 1, "right",
                  grace="acciaccatura")
        for i in range(3)
    ]  # fmt: skip
    for name, q, pitch, staff in (
        ("m", 0, 72, 1),
        ("n", 4, 84, 1),
        ("o", 8, 76, 1),
        ("p", 4, 48, 2),
    ):
        notes.append(
            ScoreNote(
                f"{name}-1", "P1", Fraction(q), Fraction(4), pitch, "C4", staff, staff, "right"
            )
        )
    notes += [
        ScoreNote(f"c{p}-1", "P1", Fraction(8), Fraction(4), p, "C3", 2, 2, "left") for p in CHORD
    ]
    sign = Mark("arpeggio", "", Fraction(8), Fraction(8), "P1", 2, tuple(f"c{p}-1" for p in CHORD))
    return Score("", composer, (), sorted_notes(notes), marks=(sign,), unfolded=True)


def put(score: Score, late: np.ndarray, lead: float = 0.0) -> tuple[dict[str, float], Draft]:
    """When each note is struck against its onset, late + ."""
    sight, notes = sight_of(score, study(score)), NoteColumns.of(score)
    ones = np.ones(len(late))
    draft = Draft(60 * ones, lead * ones, ones, 0.4 * np.ones(len(notes.onsets_q)))
    done = placed(score, notes, draft, late, in_figures(sight))
    names = [note.id for note in score.notes]
    return dict(zip(names, (-done.lead_s).tolist(), strict=True)), done


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-0.4, 0.4), min_size=10, max_size=10))
def test_whatever_is_wanted_a_figure_keeps_its_order(wanted: list[float]) -> None:
    score = figures()
    at, draft = put(score, np.array(wanted))
    graces = [at["g0-1"], at["g1-1"], at["g2-1"], at["n-1"]]
    room = max(1.0, 1.6 / 0.6)  # drawn together where there is no room
    assert np.all(np.diff(graces) >= GRACE_GAP_S / room - 1e-9)
    roll = [at[f"c{p}-1"] for p in CHORD]
    assert np.all(np.diff(roll) > 0)
    assert roll[-1] - roll[0] >= ROLL_LEAST_S - 1e-9
    assert abs(at["n-1"] + at["p-1"]) < 1e-9
    assert abs(sum(roll) + at["o-1"]) < 1e-9
    assert np.all(draft.articulation > 0)


def test_what_is_wanted_in_order_is_played() -> None:
    score = figures()
    want = {"g0-1": -0.3, "g1-1": -0.2, "g2-1": -0.1, "n-1": 0.02, "p-1": -0.02,
            "c40-1": -0.15, "c52-1": -0.05, "c59-1": 0.1, "o-1": 0.1, "m-1": 0.3}  # fmt: skip
    at, _ = put(score, np.array([want[note.id] for note in score.notes]), lead=0.01)
    assert at.pop("m-1") == -0.01  # no figure: as the draft has it
    for name, value in at.items():
        assert abs(value - want[name]) < 1e-9


def test_a_key_that_comes_twice_has_time_to_come_up(tune: Score) -> None:
    for pitch, least in ((81, GRACE_GAP_S), (tune.notes[0].pitch, GRACE_GAP_S), (79, SAME_KEY_S)):
        grace = ScoreNote("g-1", "P1", Fraction(4), Fraction(0), pitch, "G5", 1, 1, "right",
                          grace="acciaccatura")  # fmt: skip
        score = replace(tune, notes=sorted_notes((grace, *tune.notes)))
        at, _ = put(score, np.zeros(len(score.notes)))
        assert at["m4-1"] - at["g-1"] >= least - 1e-9


def test_a_figure_concerns_both_hands_and_no_other_onset() -> None:
    score = figures()
    sight = sight_of(score, study(score))
    inside = dict(zip((n.id for n in score.notes), in_figures(sight).tolist(), strict=True))
    assert not inside.pop("m-1")
    assert all(inside.values())


def test_the_columns_tell_a_grace_from_its_main_note_and_know_the_style() -> None:
    tables = []
    for composer in ("Haydn", "Liszt"):
        score = figures(composer)
        structure = study(score)
        sight = sight_of(score, structure)
        tables.append(figure_table(sight, view_of(sight, structure)))
    rows = {note.id: i for i, note in enumerate(score.notes)}
    first, last, main, other = (tables[0][rows[n]] for n in ("g0-1", "g2-1", "n-1", "p-1"))
    assert (first[1], last[1], main[1]) == (3, 1, 0)
    assert (first[2], main[2], other[2]) == (0, 3, 0)
    assert np.isfinite(tables[0]).all()
    assert (tables[0] != tables[1]).any(axis=0).sum() == 1


def test_the_same_figure_in_another_place_is_put_the_same(tune: Score) -> None:
    def grace(q: int) -> ScoreNote:
        return ScoreNote("g-1", "P1", Fraction(q), Fraction(0), 81, "A5", 1, 1, "right",
                         grace="appoggiatura")  # fmt: skip

    for q in (4, 12):
        score = replace(tune, notes=sorted_notes((grace(q), *tune.notes)))
        late = np.array([-0.1 if n.grace else 0.0 for n in score.notes])
        at, _ = put(score, late)
        assert abs(at["g-1"] + 0.1) < 1e-9
        assert at[f"m{q}-1"] == 0.0
