"""A sixteen-bar piece written by hand, and takes of it with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction as F

import numpy as np

from valentin.judging import judge
from valentin.music import (
    Alignment,
    Bar,
    Findings,
    Harmony,
    Mark,
    Match,
    Metre,
    Part,
    PedalEvent,
    Performance,
    PerformedNote,
    Plan,
    Run,
    Score,
    ScoreNote,
    Shape,
    Spread,
    SpreadBand,
    Structure,
    Voice,
)

BARS = 16
ROOTS = (0, 5, 7, 0)


def _score() -> Score:
    notes: list[ScoreNote] = []
    marks: list[Mark] = []
    for bar in range(BARS):
        start = F(4 * bar)
        step = F(1, 4) if bar in (6, 7, 14) else F(1, 2)
        count = int(4 / step)
        for i in range(count):
            name = f"m{bar}.{i}-1"
            pitch = 72 + (i * 2 + bar) % 12
            notes.append(ScoreNote(name, "P1", start + i * step, step, pitch, "C5", 1, 1))
        marks.append(
            Mark(
                "slur",
                "",
                start,
                start + 4 - step,
                "P1",
                1,
                (f"m{bar}.0-1", f"m{bar}.{count - 1}-1"),
            )
        )
        for beat in range(4):
            for k, tone in enumerate((0, 4, 7)):
                name = f"a{bar}.{beat}.{k}-1"
                pitch = 48 + ROOTS[bar % 4] + tone
                notes.append(ScoreNote(name, "P1", start + beat, F(1), pitch, "C3", 2, 2))
    marks.append(Mark("hairpin", "crescendo", F(32), F(40), "P1", 0))
    notes.sort(key=lambda n: (n.onset_q, n.staff, n.pitch))
    return Score(
        "A study", "valentin", (Part("P1", "Piano"),), tuple(notes), tuple(marks),
        (Metre(F(0), F(4), F(1), "4/4"),),
        tuple(Bar(f"b{i}", str(i + 1), F(4 * i), F(4)) for i in range(BARS)),
        unfolded=True,
    )  # fmt: skip


SCORE = _score()
MELODY = tuple(n.id for n in SCORE.notes if n.staff == 1)
STRUCTURE = Structure(
    (Voice("melody", MELODY),),
    MELODY,
    (),
    tuple(
        Harmony(F(4 * b), F(4 * b + 4), ROOTS[b % 4], ROOTS[b % 4], "major") for b in range(BARS)
    ),
    (0.5,) * BARS,
)
ONSETS = tuple(sorted({n.onset_q for n in SCORE.notes}))


def centre_velocity(note: ScoreNote) -> float:
    """A melody 14 above the rest, an arch over eight bars, a crescendo over bars 9 and 10."""
    place = float(note.onset_q) % 32 / 32
    grown = 12 * np.clip((float(note.onset_q) - 32) / 8, 0, 1) * (note.onset_q < 40)
    return 50 + (14 if note.staff == 1 else 0) + 10 * np.sin(np.pi * place) + float(grown)


SPREAD = Spread(
    tuple(SpreadBand(0.85, 1.0, 1.18) for _ in ONSETS),
    tuple(SpreadBand(v - 8, v, v + 8) for v in map(centre_velocity, SCORE.notes)),
    tuple(SpreadBand(-0.02, 0.0, 0.02) for _ in SCORE.notes),
    tuple(SpreadBand(0.7, 1.0, 1.3) for _ in SCORE.notes),
    "written by hand",
)
REFERENCE = Plan(
    ONSETS,
    (0.5,) * len(ONSETS),
    tuple(Shape(n.id, round(centre_velocity(n)), 0.0, 1.0) for n in SCORE.notes),
)


@dataclass(frozen=True)
class Take:
    """A plan of the piece, who was hit, and the pedal in quarters (down, up)."""

    plan: Plan
    pedal_q: tuple[tuple[float, float], ...] = ()
    missed: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()


def fine_take(seed: int = 1) -> Take:
    """A good take: the reference with a pianist's scatter."""
    rng = np.random.default_rng(seed)
    tempo = 0.55 * 2.0 ** rng.normal(0, 0.015, len(ONSETS))
    shapes = tuple(
        Shape(n.id, round(centre_velocity(n) + rng.normal(0, 3)), rng.normal(0, 0.004), 0.98)
        for n in SCORE.notes
    )
    pedal = tuple((4 * b + 0.2, 4 * b + 3.9) for b in range(BARS))
    return Take(Plan(ONSETS, tuple(tempo), shapes, played=(True,) * len(shapes)), pedal)


def with_shapes(take: Take, change: Callable[[ScoreNote, Shape], Shape]) -> Take:
    """The take with every shape changed."""
    shapes = tuple(change(n, s) for n, s in zip(SCORE.notes, take.plan.shapes, strict=True))
    return replace(take, plan=replace(take.plan, shapes=shapes))


def with_tempo(take: Take, change: Callable[[float, float], float]) -> Take:
    """The take with every tempo changed by (place in quarters, seconds per quarter)."""
    plan = take.plan
    new = tuple(
        change(float(q), s) for q, s in zip(plan.onsets_q, plan.seconds_per_quarter, strict=True)
    )
    return replace(take, plan=replace(plan, seconds_per_quarter=new))


def played(take: Take) -> tuple[Performance, Alignment]:
    """The keys of a take, and which score note each is."""
    plan = take.plan
    q = np.array([float(x) for x in plan.onsets_q])
    steps = np.diff(q) * np.array(plan.seconds_per_quarter)[:-1]
    knots = np.concatenate([[0.5], 0.5 + np.cumsum(steps)])

    def seconds(x: float) -> float:
        i = int(np.clip(np.searchsorted(q, x + 1e-9, "right") - 1, 0, len(q) - 1))
        return float(knots[i] + (x - q[i]) * plan.seconds_per_quarter[i])

    rows = []
    for note, shape in zip(SCORE.notes, plan.shapes, strict=True):
        if note.id in take.missed:
            continue
        start, end = seconds(float(note.onset_q)), seconds(float(note.onset_q + note.duration_q))
        onset = max(start - shape.lead_s, 0.0)
        pitch = note.pitch + (note.id in take.wrong)
        rows.append(
            (onset, onset + shape.articulation * (end - start), pitch, shape.velocity, note.id)
        )
    rows.sort()
    notes = tuple(
        PerformedNote(f"p{i}", "P1", a, b, p, int(np.clip(v, 1, 127)))
        for i, (a, b, p, v, _) in enumerate(rows)
    )
    pairs = [Match(row[4], f"p{i}") for i, row in enumerate(rows)]
    pedal = [PedalEvent(seconds(q), "sustain", value) for pair in take.pedal_q
             for q, value in zip(pair, (127, 0), strict=True)]  # fmt: skip
    end = Performance(notes).end_s
    return Performance(notes, tuple(pedal)), Alignment(
        matches=tuple(m for m in pairs if m.score_id not in take.wrong),
        wrong=tuple(m for m in pairs if m.score_id in take.wrong),
        missed=tuple(Match(i, "") for i in sorted(take.missed)),
        runs=(Run(0, F(0), SCORE.end_q, 0.0, end),),
        coverage=1 - len(take.missed) / len(SCORE.notes),
    )


def judged(take: Take) -> Findings:
    """What the judge says of a take."""
    performance, alignment = played(take)
    flags = tuple(n.id not in take.missed | take.wrong for n in SCORE.notes)
    plan = replace(take.plan, played=flags, start_s=0.5)
    return judge(SCORE, STRUCTURE, performance, alignment, (plan,), SPREAD)


def practised(*stretches: tuple[Take, int, int]) -> tuple[Performance, Alignment, tuple[Plan, ...]]:
    """Stretches (a take, its first bar and the one after its last, from 0), each one a run.

    Between one run and the next are two seconds of silence.
    """
    onset = {n.id: n.onset_q for n in SCORE.notes}
    notes: list[PerformedNote] = []
    pedal: list[PedalEvent] = []
    labels: dict[str, list[Match]] = {"matches": [], "wrong": [], "missed": []}
    runs, plans, clock = [], [], 0.5
    for r, (take, first, after) in enumerate(stretches):
        performance, alignment = played(take)
        inside = {i for i, q in onset.items() if 4 * first <= q < 4 * after}
        key_of = {n.id: n for n in performance.notes}
        pairs = [m for m in (*alignment.matches, *alignment.wrong) if m.score_id in inside]
        keys = [key_of[m.performed_id] for m in pairs]
        begins = min(k.onset_s for k in keys)
        ends = max(k.offset_s for k in keys)
        by = clock - begins
        wrong = {m.score_id for m in alignment.wrong}
        for match, key in zip(pairs, keys, strict=True):
            name = f"r{r}{key.id}"
            notes.append(
                replace(key, id=name, onset_s=key.onset_s + by, offset_s=key.offset_s + by)
            )
            kind = "wrong" if match.score_id in wrong else "matches"
            labels[kind].append(Match(match.score_id, name, r))
        pedal += [
            replace(e, time_s=e.time_s + by)
            for e in performance.pedal
            if begins - 0.2 <= e.time_s <= ends
        ]
        places = [onset[m.score_id] for m in pairs]
        runs.append(Run(r, min(places), max(places), clock, ends + by))
        flags = tuple(n.id in inside and n.id not in take.missed | take.wrong for n in SCORE.notes)
        plans.append(replace(take.plan, played=flags, start_s=0.5 + by, run=r))
        clock = ends + by + 2.0
    struck = {m.score_id for m in (*labels["matches"], *labels["wrong"])}
    notes.sort(key=lambda n: (n.onset_s, n.pitch))
    return (
        Performance(tuple(notes), tuple(sorted(pedal, key=lambda e: e.time_s))),
        Alignment(
            matches=tuple(labels["matches"]),
            wrong=tuple(labels["wrong"]),
            missed=tuple(Match(n.id, "", 0, 0.0) for n in SCORE.notes if n.id not in struck),
            runs=tuple(runs),
            coverage=len(struck) / len(SCORE.notes),
        ),
        tuple(plans),
    )


def judged_practice(*stretches: tuple[Take, int, int]) -> Findings:
    """What the judge says of a sitting of several runs."""
    performance, alignment, plans = practised(*stretches)
    return judge(SCORE, STRUCTURE, performance, alignment, plans, SPREAD)
