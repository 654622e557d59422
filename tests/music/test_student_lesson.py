"""The lesson on the made-up student take of the nocturne says what was planted, and where."""

from importlib.resources import files

import numpy as np
import pytest

from valentin.music import Demonstration, Lesson, Score, TempoCurve
from valentin.pianist import read_score, read_take, teach

SHELF = files("valentin") / "repertoire"


@pytest.fixture(scope="module")
def lesson() -> tuple[Score, Lesson]:
    score, _ = read_score(SHELF / "chopin-op9-2.musicxml")
    sitting = teach(score, read_take(SHELF / "takes" / "chopin-op9-2-student.mid"))
    return sitting.score, sitting.lesson


def test_the_remarks_name_what_was_planted(lesson: tuple[Score, Lesson]) -> None:
    said = {(r.finding.dimension, r.finding.bars) for r in lesson[1].remarks}
    assert ("pedal", ("27", "28")) in said
    assert ("voicing", ("9", "12")) in said


def test_the_two_overlooked_signs_stand_in_the_margin(lesson: tuple[Score, Lesson]) -> None:
    wrong = [(m.bar, m.written, m.played) for m in lesson[1].mistakes if m.label == "wrong"]
    assert wrong == [("3", "A2", 44), ("14", "E5", 75)]


def test_going_back_is_named_and_is_no_mistake(lesson: tuple[Score, Lesson]) -> None:
    assert any(s.startswith("You went back once, to bar 16.") for s in lesson[1].strengths)
    assert not any(m.bar == "16" for m in lesson[1].mistakes)


def test_every_remark_is_heard_in_both_versions_of_the_same_length(
    lesson: tuple[Score, Lesson],
) -> None:
    for remark in lesson[1].remarks:
        shown = remark.demonstration
        assert isinstance(shown, Demonstration)
        ends = [float(remark.finding.start_q), float(remark.finding.end_q)]
        lengths = [
            np.diff(TempoCurve.of(p).seconds(ends)) for p in (shown.as_played, shown.as_could_be)
        ]
        assert abs(lengths[0] - lengths[1]) < 0.05
        assert shown.as_played != shown.as_could_be
