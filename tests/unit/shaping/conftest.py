"""Small scores for the shaping tests: a melody over an accompaniment, and marks put on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import (
    Bar,
    Key,
    Mark,
    Metre,
    Part,
    Plan,
    Score,
    ScoreNote,
    Shape,
    TempoCurve,
    sorted_notes,
)
from valentin.shaping import plan_rules
from valentin.studying import study

TUNE = (72, 74, 76, 77, 79, 77, 76, 74)


@dataclass(frozen=True)
class Playing:
    """A score, its plan, and the questions that tests ask of them."""

    score: Score
    plan: Plan

    def shape(self, note_id: str) -> Shape:
        return next(s for s in self.plan.shapes if s.id == note_id)

    def velocities(self, prefix: str, start_q: float = 0, end_q: float = 1e9) -> np.ndarray:
        rows = zip(self.score.notes, self.plan.shapes, strict=True)
        return np.array(
            [
                s.velocity
                for n, s in rows
                if n.id.startswith(prefix) and start_q <= n.onset_q < end_q
            ]
        )

    def beat_s(self, at_q: float) -> float:
        curve = TempoCurve.of(self.plan)
        return float(curve.seconds(at_q + 1) - curve.seconds(at_q))


def melody_and_chords(bars: int = 16) -> Score:
    """`m0-1, m1-1, …` a melody in quarters; `a0-1, …` eighths below it, in C, 4/4."""
    notes = []
    for i in range(4 * bars):
        q = Fraction(i)
        notes.append(ScoreNote(f"m{i}-1", "P1", q, Fraction(1), TUNE[i % 8], "C5", 1, 1, "right"))
        for k, pitch in enumerate((48, 55)):
            at = q + Fraction(k, 2)
            notes.append(
                ScoreNote(f"a{2 * i + k}-1", "P1", at, Fraction(1, 2), pitch, "C3", 2, 5, "left")
            )
    return Score(
        title="Tune",
        composer="",
        parts=(Part("P1", "Piano"),),
        notes=sorted_notes(notes),
        metres=(Metre(Fraction(0), Fraction(4), Fraction(1), "4/4"),),
        bars=tuple(Bar(f"b{j}", str(j + 1), Fraction(4 * j), Fraction(4)) for j in range(bars)),
        keys=(Key(Fraction(0), 0, "major"),),
        unfolded=True,
    )


@pytest.fixture
def tune() -> Score:
    return melody_and_chords()


@pytest.fixture
def play() -> Callable[..., Playing]:
    def playing(score: Score, *marks: Mark, notes: Iterable[ScoreNote] = ()) -> Playing:
        given = {n.id: n for n in notes}
        rows = [given.pop(n.id, n) for n in score.notes]
        full = replace(score, marks=marks, notes=sorted_notes([*given.values(), *rows]))
        return Playing(full, plan_rules(full, study(full)))

    return playing
