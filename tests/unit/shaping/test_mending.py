"""The demonstration moves the named quantity the right way and leaves the bars where they are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.music import (
    Bar,
    Dimension,
    Finding,
    Lesson,
    Mistake,
    Part,
    Plan,
    PlannedPedal,
    Remark,
    Score,
    ScoreNote,
    Shape,
    TempoCurve,
)
from valentin.shaping import demonstrated, mend

NOTES = tuple(
    note
    for i in range(48)
    for note in (
        ScoreNote(f"m{i}-1", "P1", F(i, 2), F(1, 2), 72, "C5", 1, 1),
        ScoreNote(f"a{i}-1", "P1", F(i, 2), F(1, 2), 48, "C3", 2, 2),
    )
)
SCORE = Score(
    "",
    "",
    (Part("P1", ""),),
    NOTES,
    bars=tuple(Bar(f"b{i}", str(i + 1), F(4 * i), F(4)) for i in range(6)),
    unfolded=True,
)
START, END = F(8), F(16)
ONSETS = tuple(F(i, 2) for i in range(48))
INSIDE = [n for n in NOTES if START <= n.onset_q < END]
TUNE = tuple(n.id for n in INSIDE if n.staff == 1)
REFERENCE = Plan(
    ONSETS,
    tuple(0.5 + 0.03 * np.sin(i / 5) for i in range(48)),
    tuple(
        Shape(n.id, round(60 + 8 * np.sin(float(n.onset_q) / 3)) + 12 * (n.staff == 1), 0.01, 1.0)
        for n in NOTES
    ),
    pedal_q=tuple(
        PlannedPedal(q + k, "sustain", v)
        for q in range(0, 24, 2)
        for k, v in ((0.2, 127), (1.9, 0))
    ),
)


@st.composite
def students(draw: st.DrawFn) -> Plan:
    """A student's plan: any tempo, any loudness, any touch within reason."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    base = draw(st.floats(0.3, 1.5))
    shapes = tuple(
        Shape(
            n.id,
            int(np.clip(rng.normal(60, 8), 20, 110)),
            rng.normal(0, 0.02),
            rng.uniform(0.2, 1.4),
        )
        for n in NOTES
    )
    spq = tuple(base * 2.0 ** rng.normal(0, 0.15, 48))
    pedal = (PlannedPedal(7.0, "sustain", 127), PlannedPedal(17.0, "sustain", 0))
    return Plan(ONSETS, spq, shapes, pedal_q=pedal, played=tuple(rng.random(96) > 0.1))


Quantity = Callable[[Plan], float]


def inside(plan: Plan) -> list[tuple[ScoreNote, Shape]]:
    return [(n, s) for n, s in zip(NOTES, plan.shapes, strict=True) if START <= n.onset_q < END]


def balance(plan: Plan) -> float:
    rows = inside(plan)
    tune = np.mean([s.velocity for n, s in rows if n.staff == 1])
    return float(tune - np.mean([s.velocity for n, s in rows if n.staff == 2]))


def level_scatter(plan: Plan) -> float:
    rows = inside(plan)
    model = {s.id: s.velocity for s in REFERENCE.shapes}
    wave = np.array([model[s.id] for _, s in rows]) - np.mean([model[s.id] for _, s in rows])
    own = np.array([s.velocity for _, s in rows]) - np.mean([s.velocity for _, s in rows])
    return float(own @ wave / np.sqrt(wave @ wave) / np.sqrt(len(wave)))


def level(plan: Plan) -> float:
    return float(np.mean([s.velocity for _, s in inside(plan)]))


def growth(plan: Plan) -> float:
    rows = inside(plan)
    x = np.array([float(n.onset_q) for n, _ in rows])
    return float(np.polyfit(x, [s.velocity for _, s in rows], 1)[0] * np.ptp(x))


def _spq(plan: Plan) -> np.ndarray:
    q = np.linspace(8, 16, 17)
    return np.diff(TempoCurve.of(plan).seconds(q))


def drift(plan: Plan) -> float:
    spq = np.log2(_spq(plan))
    slope = np.polyfit(np.linspace(0, 1, len(spq)), spq, 1)[0]
    return float(100 * (2.0**-slope - 1))


def jitter(plan: Plan) -> float:
    return float(np.abs(np.diff(np.log2(_spq(plan)))).mean())


def apart(plan: Plan) -> float:
    return float(np.std([s.lead_s for _, s in inside(plan)]))


def held(plan: Plan) -> float:
    return float(np.mean([s.articulation for _, s in inside(plan)]))


def lifts(plan: Plan) -> float:
    return float(sum(p.value == 0 and 8 <= p.onset_q < 16 for p in plan.pedal_q))


def smeared(plan: Plan) -> float:
    """Quarters inside that the pedal goes over without a lift."""

    def lifted(q: int) -> bool:
        down = [p for p in plan.pedal_q if p.onset_q <= q + 1e-9][-1:]
        return all(p.value < 64 for p in down)

    return float(sum(not lifted(q) for q in range(8, 16)))


def there(plan: Plan) -> float:
    return float(
        sum(p for n, p in zip(NOTES, plan.played, strict=True) if START <= n.onset_q < END)
    )


@dataclass(frozen=True)
class Case:
    measure: str
    dimension: Dimension
    quantity: Quantity
    expected: float
    ids: tuple[str, ...]


EVERY = tuple(n.id for n in INSIDE)
CASES = [
    Case("melody above accompaniment", "voicing", balance, 14.0, TUNE),
    Case("range of loudness", "dynamics", level_scatter, 12.0, EVERY),
    Case("growth over the hairpin", "dynamics", growth, 20.0, EVERY),
    Case("growth over the hairpin", "dynamics", growth, -20.0, EVERY),
    Case("tempo drift", "tempo", drift, 0.0, EVERY),
    Case("sudden tempo", "tempo", jitter, 0.0, EVERY),
    Case("sudden loudness", "dynamics", level, 90.0, EVERY),
    Case("steadiness of the beat", "tempo", jitter, 0.0, EVERY),
    Case("evenness of the run", "rhythm", jitter, 0.0, EVERY),
    Case("chords together", "rhythm", apart, 0.0, EVERY),
    Case("length of slurred notes", "articulation", held, 2.0, EVERY),
    Case("length of staccato notes", "articulation", held, 0.0, EVERY),
    Case("old harmony in the pedal", "pedal", smeared, 0.0, EVERY),
    Case("pedal down", "pedal", lifts, 4.0, EVERY),
    Case("notes right", "notes", there, 32.0, EVERY),
]


def found(case: Case, student: Plan) -> Finding:
    return Finding(
        case.dimension, "issue", case.measure, ("3", "4"), START, END, case.ids,
        case.quantity(student), "", case.expected, 1.0, 1.0,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.measure} to {c.expected}")
@settings(max_examples=40, deadline=None)
@given(student=students())
def test_the_named_quantity_moves_towards_what_is_expected(case: Case, student: Plan) -> None:
    mended = mend(SCORE, student, REFERENCE, found(case, student))
    before, after = (abs(case.quantity(p) - case.expected) for p in (student, mended))
    assert after < before or before < 1e-9


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.measure} to {c.expected}")
@settings(max_examples=40, deadline=None)
@given(student=students())
def test_the_bars_stay_where_they_are_and_nothing_else_changes(case: Case, student: Plan) -> None:
    mended = mend(SCORE, student, REFERENCE, found(case, student))
    limits = [float(START), float(END), 0.0, 24.0]
    was, now = (TempoCurve.of(p).seconds(limits) for p in (student, mended))
    assert np.abs(was - now).max() < 0.050
    for note, old, new in zip(NOTES, student.shapes, mended.shapes, strict=True):
        assert old == new or START <= note.onset_q < END
        assert 1 <= new.velocity <= 127


@given(student=students())
@settings(max_examples=10, deadline=None)
def test_a_lesson_gets_both_plans_cut_to_its_bars_at_the_students_tempo(student: Plan) -> None:
    finding = found(CASES[0], student)
    lesson = Lesson(1.0, remarks=(Remark(finding, "words", "do"),))
    shown = demonstrated(SCORE, lesson, (student,), REFERENCE).remarks[0].demonstration
    assert shown is not None
    for plan in (shown.as_played, shown.as_could_be):
        assert {s.id for s in plan.shapes} == set(EVERY)
        length = TempoCurve.of(plan).seconds(16.0) - TempoCurve.of(plan).seconds(8.0)
        whole = TempoCurve.of(student).seconds(16.0) - TempoCurve.of(student).seconds(8.0)
        assert length == pytest.approx(whole, abs=0.05)


def test_a_wrong_key_is_heard_as_it_was_played() -> None:
    student = replace(REFERENCE, played=tuple(n.id != "m20-1" for n in NOTES))
    finding = replace(found(CASES[-1], student), note_ids=("m20-1",))
    mistake = Mistake("wrong", "3", "m20-1", "p1", 1.0, "C5", 73)
    lesson = Lesson(1.0, remarks=(Remark(finding, "w", "d"),), mistakes=(mistake,))
    shown = demonstrated(SCORE, lesson, (student,), REFERENCE).remarks[0].demonstration
    assert shown is not None
    assert [(r.id, r.pitch) for r in shown.as_played.realisations] == [("m20-1", 73)]
    assert shown.as_could_be.realisations == ()


def test_a_measure_that_cannot_be_shown_is_named() -> None:
    finding = replace(found(CASES[0], REFERENCE), measure="charm")
    with pytest.raises(ValueError, match="got 'charm'"):
        mend(SCORE, REFERENCE, REFERENCE, finding)
