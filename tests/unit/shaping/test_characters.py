"""Each character moves the playing in its direction, and none disobeys a mark."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.cli import arguments
from valentin.music import Mark, Plan, Score
from valentin.shaping import CHARACTERS, plan_interpreted
from valentin.studying import study


def loudness(plan: Plan) -> float:
    return float(np.mean([s.velocity for s in plan.shapes]))


def contrast(plan: Plan) -> float:
    return float(np.std([s.velocity for s in plan.shapes]))


def touch(plan: Plan) -> float:
    return float(np.mean([s.articulation for s in plan.shapes]))


def speed(plan: Plan) -> float:
    return float(np.median(plan.seconds_per_quarter))


def rubato(plan: Plan) -> float:
    return float(np.std(np.log2(plan.seconds_per_quarter)))


def lead(plan: Plan) -> float:
    return float(np.std([s.lead_s for s in plan.shapes]))


MOVES: dict[str, tuple[tuple[Callable[[Plan], float], int], ...]] = {
    "calm": ((loudness, -1), (contrast, -1), (speed, 1), (rubato, -1)),
    "singing": ((touch, 1), (lead, 1), (contrast, 1)),
    "longing": ((speed, 1), (rubato, 1), (touch, 1)),
    "passionate": ((loudness, 1), (contrast, 1), (rubato, 1), (speed, -1)),
    "playful": ((touch, -1), (speed, -1), (rubato, -1)),
    "solemn": ((speed, 1), (rubato, -1), (touch, 1)),
    "brilliant": ((loudness, 1), (speed, -1), (touch, -1)),
    "mysterious": ((loudness, -1), (contrast, -1), (speed, 1)),
}


def test_every_word_is_measured() -> None:
    assert set(MOVES) == set(CHARACTERS)


@pytest.mark.parametrize("word", MOVES)
def test_a_character_moves_the_playing_its_way(tune: Score, word: str) -> None:
    structure = study(tune)
    plain, bent = plan_interpreted(tune, structure), plan_interpreted(tune, structure, None, word)
    for measure, sign in MOVES[word]:
        assert sign * (measure(bent) - measure(plain)) > 0, measure.__name__


@pytest.mark.parametrize("word", MOVES)
def test_a_character_keeps_forte_above_piano(tune: Score, word: str) -> None:
    marks = tuple(
        Mark("dynamic", text, Fraction(at), Fraction(at), "P1", 1)
        for text, at in (("p", 0), ("f", 32))
    )
    score = replace(tune, marks=marks)
    plan = plan_interpreted(score, study(score), None, word)
    half = [s.velocity for n, s in zip(score.notes, plan.shapes, strict=True) if n.onset_q < 32]
    other = [s.velocity for n, s in zip(score.notes, plan.shapes, strict=True) if n.onset_q >= 32]
    assert np.mean(other) - np.mean(half) > 4


def test_an_unknown_character_is_named(tune: Score) -> None:
    with pytest.raises(ValueError, match="calm, singing"):
        plan_interpreted(tune, study(tune), None, "angry")


def test_the_command_line_offers_every_word() -> None:
    assert tuple(CHARACTERS) == arguments.CHARACTERS
