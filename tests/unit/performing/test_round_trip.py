"""`measure` undoes `perform`, and `perform` undoes `measure`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.music import (
    Alignment,
    Mark,
    Match,
    Ornament,
    PedalEvent,
    Performance,
    PerformedNote,
    Plan,
    PlannedPedal,
    RealisedNote,
    Score,
    ScoreNote,
    Shape,
)
from valentin.performing import known_alignment, measure, perform
from valentin.performing.nominal import CHORD_S, KNOT_S

STEPS = (F(1, 4), F(1, 3), F(1, 2), F(1), F(3, 2))
SLOWEST = float(KNOT_S / min(STEPS)) * 1.1
"""Seconds per quarter from which every onset of these scores is a knot."""


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Two to eight onsets of chords, graces, trills and rolled chords."""
    notes: list[ScoreNote] = []
    marks: list[Mark] = []
    onset = F(0)
    for i in range(draw(st.integers(2, 8))):
        pitches = draw(st.lists(st.integers(30, 90), min_size=1, max_size=4, unique=True))
        rolled = len(pitches) > 1 and draw(st.booleans())
        for k in range(draw(st.integers(0, 2))):
            notes.append(
                ScoreNote(f"g{i}{k}-1", "P1", onset, F(0), 60 + k, "C4", 1, 1, grace="acciaccatura")
            )
        for k, pitch in enumerate(sorted(pitches)):
            trill = Ornament("trill") if draw(st.integers(0, 5)) == 0 else None
            length = draw(st.sampled_from(STEPS))
            notes.append(
                ScoreNote(
                    f"n{i}{k}-1", "P1", onset, length, pitch, "C4", 1 + k % 2, 1, ornament=trill
                )
            )
        if rolled:
            ids = tuple(f"n{i}{k}-1" for k in range(len(pitches)))
            marks.append(Mark("arpeggio", "up", onset, onset, note_ids=ids))
        onset += draw(st.sampled_from(STEPS))
    return Score("t", "c", (), tuple(notes), tuple(marks), unfolded=True)


def tells_time(score: Score, group: list[ScoreNote]) -> list[ScoreNote]:
    """The notes of a group whose mean onset is its time: plain ones, else ornamented ones."""
    rolled = {i for mark in score.marks for i in mark.note_ids[:-1]}
    plain = [n for n in group if not n.ornament and n.id not in rolled]
    return plain or group


@st.composite
def plans(draw: st.DrawFn, score: Score) -> Plan:
    """A plan in the form that `measure` gives: leads of an onset's reference notes cancel out."""
    onsets = sorted({n.onset_q for n in score.notes})
    tempi = [draw(st.floats(SLOWEST, 3.0)) for _ in onsets[1:]]
    knots, shapes, played = [], [], []
    for q in onsets:
        end = q in (onsets[0], onsets[-1])
        here = [n for n in score.notes if n.onset_q == q]
        heard = {n.id for n in here if draw(st.integers(0, 3)) or end}
        clock = tells_time(score, [n for n in here if not n.grace and n.id in heard])
        lead = {n.id: draw(st.floats(-0.2, 0.2)) for n in here}
        for n in clock:
            lead[n.id] *= CHORD_S
        middle = sum(lead[n.id] for n in clock) / max(1, len(clock))
        for n in clock:
            lead[n.id] -= middle
        knots += [q] if clock else []
        for n in here:
            shapes.append(
                Shape(n.id, draw(st.integers(1, 127)), lead[n.id], draw(st.floats(0.05, 2)))
            )
            played.append(n.id in heard)
    spread = dict(zip(onsets, [*tempi, tempi[-1]], strict=True))
    tempo = [spread[q] for q in knots]
    tempo[-1] = tempo[-2]
    last = float(onsets[-1])
    places = sorted(draw(st.lists(st.floats(-2, last + 1), max_size=5)))
    return Plan(
        tuple(knots),
        tuple(tempo),
        tuple(shapes),
        draw(realisations(score, played)),
        tuple(PlannedPedal(q, "sustain", draw(st.integers(0, 127))) for q in places),
        tuple(played),
        draw(st.floats(0, 10)),
    )


@st.composite
def realisations(draw: st.DrawFn, score: Score, played: list[bool]) -> tuple[RealisedNote, ...]:
    ids = [n.id for n, heard in zip(score.notes, played, strict=True) if heard]
    last = int(64 * score.notes[-1].onset_q)
    rows = [
        RealisedNote(
            draw(st.sampled_from(ids)),
            draw(st.integers(0, last)) / 64,
            draw(st.floats(0.01, 1)),
            pitch,
            draw(st.integers(1, 127)),
        )
        for pitch in draw(st.lists(st.integers(30, 90), max_size=4, unique=True))
    ]
    return tuple(sorted(rows, key=lambda row: (row.onset_q, row.pitch)))


@st.composite
def planned_scores(draw: st.DrawFn) -> tuple[Score, Plan]:
    score = draw(scores())
    return score, draw(plans(score))


def in_one_order(rows: Iterable[RealisedNote]) -> list[RealisedNote]:
    """Two added notes of one instant may change places when their times are rounded."""
    return sorted(rows, key=lambda r: (r.id, round(r.onset_q, 6), r.pitch, r.velocity))


def same(found: Plan, plan: Plan) -> None:
    """Equal but for rounding; of unplayed notes only the flag counts."""
    close = pytest.approx
    assert found.onsets_q == plan.onsets_q
    assert found.seconds_per_quarter == close(plan.seconds_per_quarter, abs=1e-9)
    assert found.start_s == close(plan.start_s, abs=1e-9)
    assert found.played == plan.played
    assert [s.id for s in found.shapes] == [s.id for s in plan.shapes]
    for a, b, heard in zip(found.shapes, plan.shapes, plan.played, strict=True):
        if heard:
            assert (a.velocity, a.lead_s) == (b.velocity, close(b.lead_s, abs=1e-9))
            assert a.articulation == close(b.articulation, abs=1e-9)
    assert len(found.realisations) == len(plan.realisations)
    for a, b in zip(*map(in_one_order, (found.realisations, plan.realisations)), strict=True):
        assert (a.id, a.pitch, a.velocity) == (b.id, b.pitch, b.velocity)
        assert (a.onset_q, a.duration_q) == (
            close(b.onset_q, abs=1e-9),
            close(b.duration_q, abs=1e-9),
        )
    assert [(p.control, p.value) for p in found.pedal_q] == [
        (p.control, p.value) for p in plan.pedal_q
    ]
    for a, b in zip(found.pedal_q, plan.pedal_q, strict=True):
        assert a.onset_q == close(b.onset_q, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(planned_scores())
def test_a_performed_plan_is_measured_as_it_was(pair: tuple[Score, Plan]) -> None:
    score, plan = pair
    performance = perform(score, plan)
    (found,) = measure(score, performance, known_alignment(score, plan, performance))
    same(found, plan)


@settings(max_examples=30, deadline=None)
@given(planned_scores(), st.data())
def test_every_run_is_measured_on_its_own(pair: tuple[Score, Plan], data: st.DataObject) -> None:
    score, first = pair
    inside = float(first.onsets_q[-1])
    first = replace(first, pedal_q=tuple(p for p in first.pedal_q if 0 <= p.onset_q <= inside))
    takes = [perform(score, first)]
    gap = 3 + max(n.offset_s for n in takes[0].notes)
    second = data.draw(plans(score))
    second = replace(
        second,
        start_s=gap,
        run=1,
        pedal_q=tuple(p for p in second.pedal_q if 0 <= p.onset_q <= inside),
    )
    takes.append(perform(score, second))
    matches, ornaments, notes = [], [], []
    for run, (plan, take) in enumerate(zip((first, second), takes, strict=True)):
        known = known_alignment(score, plan, take)
        matches += [Match(m.score_id, f"{run} {m.performed_id}", run) for m in known.matches]
        ornaments += [Match(m.score_id, f"{run} {m.performed_id}", run) for m in known.ornaments]
        notes += [replace(n, id=f"{run} {n.id}") for n in take.notes]
    both = Performance(tuple(notes), takes[0].pedal + takes[1].pedal)
    alignment = Alignment(tuple(matches), ornaments=tuple(ornaments))
    found = measure(score, both, alignment)
    assert [plan.run for plan in found] == [0, 1]
    same(found[0], first)
    same(found[1], second)


@settings(max_examples=80, deadline=None)
@given(scores(), st.data())
def test_any_performance_comes_back(score: Score, data: st.DataObject) -> None:
    """Times in any order, most notes missing, pedals anywhere: every matched note returns."""
    times = st.floats(0, 20)
    heard = data.draw(st.lists(st.sampled_from(score.notes), min_size=1, unique=True))
    notes = [
        PerformedNote(f"p{i}", "P1", on, on + data.draw(st.floats(0, 3)), n.pitch, 1 + i)
        for i, n in enumerate(heard)
        for on in [data.draw(times)]
    ]
    pedal = [PedalEvent(t, "soft", 3) for t in sorted(data.draw(st.lists(times, max_size=3)))]
    take = Performance(tuple(notes), tuple(pedal))
    matches = tuple(Match(n.id, p.id) for n, p in zip(heard, notes, strict=True))
    (plan,) = measure(score, take, Alignment(matches))
    again = {n.id: n for n in perform(score, plan).notes}
    assert len(again) == len(notes)
    for match, note in zip(matches, notes, strict=True):
        back = again[match.score_id]
        assert back.onset_s == pytest.approx(note.onset_s, abs=1e-6)
        assert back.offset_s == pytest.approx(note.offset_s, abs=1e-6)
        assert (back.velocity, back.pitch) == (note.velocity, note.pitch)
    assert [e.time_s for e in perform(score, plan).pedal] == pytest.approx(
        [e.time_s for e in pedal], abs=1e-6
    )
