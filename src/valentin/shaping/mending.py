"""The student's own playing with one thing put right: Plan + reference Plan + Finding → Plan.

In: the unfolded score, the student's measured plan, the reference plan of the same score, and what
was found. Out: the student's plan, changed in the named quantity, in the named bars, and in
nothing else. Also the two plans of a demonstration, cut to the bars of each remark.

**Conventions.** The quantity goes to what the finding says is expected. Time inside the bars may be
dealt out anew, but the bars begin and end where the student's do. Velocities stay in 1..127.

**Knows nothing of** how the finding was measured, sound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import (
    GRACE_Q,
    Demonstration,
    Finding,
    Lesson,
    Mistake,
    Plan,
    PlannedPedal,
    RealisedNote,
    Score,
    Shape,
    TempoCurve,
    cut,
)

__all__ = ["demonstrated", "mend"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LIFTED_Q = 0.15
"""Quarters for which the foot is up where a new harmony may begin: the old strings have stopped."""

NEAR_Q = 1e-9
"""Quarters within which two places are one."""


def demonstrated(score: Score, lesson: Lesson, plans: tuple[Plan, ...], reference: Plan) -> Lesson:
    """The lesson with two plans at every remark: as played, and as it could be."""
    if not plans:
        return lesson
    remarks = []
    for remark in lesson.remarks:
        finding = remark.finding
        plan = _played_there(score, plans, finding)
        start, end = finding.start_q, finding.end_q
        mended = mend(score, plan, reference, finding)
        played = _with_wrong_keys(score, plan, lesson.mistakes)
        shown = Demonstration(cut(score, played, start, end), cut(score, mended, start, end))
        remarks.append(replace(remark, demonstration=shown))
    return replace(lesson, remarks=tuple(remarks))


def _played_there(score: Score, plans: tuple[Plan, ...], finding: Finding) -> Plan:
    """The run that plays most of the finding's bars; of equal ones the last."""
    inside = {n.id for n in score.notes if finding.start_q <= n.onset_q < finding.end_q}

    def played(plan: Plan) -> int:
        flags = plan.played or (True,) * len(plan.shapes)
        return sum(p and s.id in inside for s, p in zip(plan.shapes, flags, strict=True))

    return max(plans, key=lambda plan: (played(plan), plan.run))


def _with_wrong_keys(score: Score, plan: Plan, mistakes: tuple[Mistake, ...]) -> Plan:
    """The plan with the keys that were struck instead of the written ones."""
    shapes = {s.id: s for s in plan.shapes}
    notes = {n.id: n for n in score.notes}
    keys = tuple(
        RealisedNote(
            m.score_id,
            float(notes[m.score_id].onset_q),
            float(notes[m.score_id].duration_q or GRACE_Q),
            m.played,
            shapes[m.score_id].velocity,
        )
        for m in mistakes
        if m.label == "wrong" and m.played is not None and m.score_id in shapes
    )
    return replace(plan, realisations=(*plan.realisations, *keys)) if keys else plan


def mend(score: Score, student: Plan, reference: Plan, finding: Finding) -> Plan:
    """The student's plan with the finding's quantity at what is expected there.

    Raises ValueError for a measure that cannot be shown.
    """
    how = MENDERS.get(finding.measure)
    if how is None:
        raise ValueError(f"measure must be one of {', '.join(MENDERS)}, got {finding.measure!r}")
    return how(_Case.of(score, student, reference, finding))


@dataclass(frozen=True, slots=True)
class _Case:
    """The stretch to mend: `rows` are its shapes in the student's plan, in order."""

    student: Plan
    reference: Plan
    finding: Finding
    rows: npt.NDArray[np.int64]
    onset_q: Floats  # of those shapes
    named: Bools  # whether the finding names the note
    model: tuple[Shape, ...]  # the reference's shapes of the same notes

    @classmethod
    def of(cls, score: Score, student: Plan, reference: Plan, finding: Finding) -> _Case:
        onset = {n.id: n.onset_q for n in score.notes}
        model = {s.id: s for s in reference.shapes}
        rows = [
            i
            for i, s in enumerate(student.shapes)
            if s.id in model and finding.start_q <= onset[s.id] < finding.end_q
        ]
        names = set(finding.note_ids)
        return cls(
            student,
            reference,
            finding,
            np.array(rows, dtype=np.int64),
            np.array([float(onset[student.shapes[i].id]) for i in rows], dtype=np.float64),
            np.array([student.shapes[i].id in names for i in rows], dtype=np.bool_),
            tuple(model[student.shapes[i].id] for i in rows),
        )

    @property
    def velocity(self) -> Floats:
        return np.array([self.student.shapes[i].velocity for i in self.rows], dtype=np.float64)

    @property
    def model_velocity(self) -> Floats:
        return np.array([s.velocity for s in self.model], dtype=np.float64)

    def shaped(self, change: Callable[[int, Shape, Shape], Shape]) -> Plan:
        """The student's plan, each shape of the stretch changed: place, own, model → new."""
        shapes = list(self.student.shapes)
        for place, row in enumerate(self.rows):
            shapes[row] = change(place, shapes[row], self.model[place])
        return replace(self.student, shapes=tuple(shapes))

    def louder(self, by: Floats) -> Plan:
        """Velocities moved by so much each."""
        return self.shaped(
            lambda i, own, _: replace(
                own, velocity=int(np.clip(round(own.velocity + by[i]), 1, 127))
            )
        )


def _balance(case: _Case) -> Plan:
    """Melody up and the rest down, half of the way each, as far as the keyboard goes."""
    if case.named.all() or not case.named.any():
        return case.student
    velocity = case.velocity
    lacking = case.finding.expected - case.finding.value
    up = min(lacking / 2, 127 - float(velocity[case.named].max()))
    down = lacking - max(up, 0.0)
    return case.louder(np.where(case.named, max(up, 0.0), -down))


def _range(case: _Case) -> Plan:
    """The reference's rise and fall on top of the student's, so that the range is as expected."""
    own, model = case.velocity, case.model_velocity
    wave = model - model.mean()
    spread = float(wave.std())
    if spread == 0:
        return case.student
    lacking = max(case.finding.expected - case.finding.value, 0.0)
    moved = wave * lacking / spread
    room = np.where(moved > 0, 120 - own, own - 10)
    return case.louder(np.sign(moved) * np.minimum(np.abs(moved), np.maximum(room, 0)))


def _growth(case: _Case) -> Plan:
    """A straight slope on top of the student's own, so that the growth is as expected."""
    if len(case.onset_q) < 2 or np.ptp(case.onset_q) == 0:
        return case.student
    lacking = case.finding.expected - case.finding.value
    return case.louder(lacking * ((case.onset_q - case.onset_q.min()) / np.ptp(case.onset_q) - 0.5))


def _level(case: _Case) -> Plan:
    """All notes louder or softer by as much as they stick out."""
    return case.louder(np.full(len(case.rows), case.finding.expected - case.finding.value))


def _retimed(case: _Case, shape: Callable[[Floats, Floats, Floats], Floats]) -> Plan:
    """New tempos inside the stretch by (own, model, place 0..1) → tempos, its length kept."""
    start, end = float(case.finding.start_q), float(case.finding.end_q)
    plan = _with_edges(_with_edges(case.student, case.finding.start_q), case.finding.end_q)
    q = np.array([float(x) for x in plan.onsets_q])
    inside = np.flatnonzero((q >= start - NEAR_Q) & (q < end - NEAR_Q))
    if len(inside) < 2:
        return case.student
    own = np.array(plan.seconds_per_quarter)
    length = np.diff(np.append(q, max(end, q[-1])))[inside]
    model = _tempo_over(case.reference, q[inside], length)
    new = shape(own[inside], model, (q[inside] - start) / (end - start))
    new *= float(own[inside] @ length) / float(new @ length)
    own[inside] = new
    return replace(plan, seconds_per_quarter=tuple(own.tolist()))


def _with_edges(plan: Plan, at: Fraction) -> Plan:
    """The same curve with a knot at `at`."""
    if at in plan.onsets_q or not plan.onsets_q[0] < at < plan.onsets_q[-1]:
        return plan
    i = next(i for i, q in enumerate(plan.onsets_q) if q > at)
    return replace(
        plan,
        onsets_q=(*plan.onsets_q[:i], at, *plan.onsets_q[i:]),
        seconds_per_quarter=(
            *plan.seconds_per_quarter[:i],
            plan.seconds_per_quarter[i - 1],
            *plan.seconds_per_quarter[i:],
        ),
    )


def _tempo_over(plan: Plan, starts: Floats, lengths: Floats) -> Floats:
    """Seconds per quarter that a plan takes, as a whole, from each place on for a length."""
    curve = TempoCurve.of(plan)
    return np.asarray((curve.seconds(starts + lengths) - curve.seconds(starts)) / lengths)


def _drift(case: _Case) -> Plan:
    """The same bends of tempo without the slope under them."""
    percent = case.finding.value

    def level(own: Floats, _: Floats, place: Floats) -> Floats:
        return np.asarray(own * (1 + percent / 100) ** (place - 0.5))

    return _retimed(case, level)


def _steady(case: _Case) -> Plan:
    """The reference's tempo inside the stretch."""
    return _retimed(case, lambda own, model, place: model.copy())


def _even(case: _Case) -> Plan:
    """One tempo for the whole run, its notes where it puts them: even, as the remark asks.

    The reference's own playing of a run may breathe more than a student should copy.
    """
    plan = _retimed(case, lambda own, model, place: np.ones_like(own))
    return replace(case, student=plan).shaped(
        lambda i, own, model: replace(own, lead_s=0.0) if case.named[i] else own
    )


def _together(case: _Case) -> Plan:
    """The reference's leads for the notes named."""
    return case.shaped(
        lambda i, own, model: replace(own, lead_s=model.lead_s) if case.named[i] else own
    )


def _longer(case: _Case) -> Plan:
    """Named notes held as long as the reference holds them, none shorter than now."""
    return case.shaped(
        lambda i, own, model: (
            replace(own, articulation=max(own.articulation, model.articulation, 1.0))
            if case.named[i]
            else own
        )
    )


def _shorter(case: _Case) -> Plan:
    """Named notes held no longer than the reference holds them."""
    return case.shaped(
        lambda i, own, model: (
            replace(own, articulation=min(own.articulation, model.articulation))
            if case.named[i]
            else own
        )
    )


def _pedalled(case: _Case) -> Plan:
    """The reference's sustain pedal inside the stretch."""
    start, end = float(case.finding.start_q), float(case.finding.end_q)

    def inside(q: float) -> bool:
        return start <= q < end

    kept = [p for p in case.student.pedal_q if p.control != "sustain" or not inside(p.onset_q)]
    new = [p for p in case.reference.pedal_q if p.control == "sustain" and inside(p.onset_q)]
    both = sorted((*kept, *new), key=lambda p: p.onset_q)
    return replace(case.student, pedal_q=tuple(both))


def _cleared(case: _Case) -> Plan:
    """The pedal down only where the student and the reference have it, and lifted at every quarter.

    Nothing is held longer than it was, so that no harmony can run further into the next.
    """
    start, end = float(case.finding.start_q), float(case.finding.end_q)
    own = [p for p in case.student.pedal_q if p.control == "sustain"]
    lifts = np.arange(np.ceil(start), end)
    places = {start, *lifts, *(lifts + LIFTED_Q), *(p.onset_q for p in own)}
    places |= {p.onset_q for p in case.reference.pedal_q if p.control == "sustain"}
    new: list[PlannedPedal] = []
    for q in sorted(float(q) for q in places if start <= q < end):
        lifted = (q - np.floor(q + NEAR_Q)) < LIFTED_Q - NEAR_Q
        both = min(_pedal_at(case.student, q), _pedal_at(case.reference, q))
        value = 0 if lifted else both
        if not new or new[-1].value != value:
            new.append(PlannedPedal(q, "sustain", value))
    new.append(PlannedPedal(end, "sustain", _pedal_at(case.student, end)))
    kept = [p for p in case.student.pedal_q
            if p.control != "sustain" or not start <= p.onset_q <= end]  # fmt: skip
    return replace(case.student, pedal_q=tuple(sorted((*kept, *new), key=lambda p: p.onset_q)))


def _pedal_at(plan: Plan, q: float) -> int:
    """How far the sustain pedal is down at a place."""
    before = (p.value for p in reversed(plan.pedal_q)
              if p.control == "sustain" and p.onset_q <= q + NEAR_Q)  # fmt: skip
    return next(before, 0)


def _all_there(case: _Case) -> Plan:
    """Every written note played, the missing ones at the student's own level."""
    level = float(np.median(case.velocity - case.model_velocity)) if len(case.rows) else 0.0
    flags = list(case.student.played or (True,) * len(case.student.shapes))
    missing = {int(row) for row in case.rows if not flags[row]}
    places = {int(row): place for place, row in enumerate(case.rows)}
    shapes = list(case.student.shapes)
    for row in missing:
        model = case.model[places[row]]
        velocity = int(np.clip(round(model.velocity + level), 1, 127))
        shapes[row] = replace(model, velocity=velocity)
        flags[row] = True
    return replace(case.student, shapes=tuple(shapes), played=tuple(flags))


MENDERS: dict[str, Callable[[_Case], Plan]] = {
    "melody above accompaniment": _balance,
    "range of loudness": _range,
    "growth over the hairpin": _growth,
    "tempo drift": _drift,
    "sudden tempo": _steady,
    "sudden loudness": _level,
    "steadiness of the beat": _steady,
    "evenness of the run": _even,
    "chords together": _together,
    "length of slurred notes": _longer,
    "length of staccato notes": _shorter,
    "old harmony in the pedal": _cleared,
    "pedal down": _pedalled,
    "notes right": _all_there,
}
