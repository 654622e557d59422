"""A lesson: few remarks, notes before music, strength first, refusals without a claim."""

from dataclasses import replace
from fractions import Fraction as F
from typing import Literal

import pytest

from valentin.music import BarSecurity, Dimension, Finding, Findings, Heard
from valentin.teaching import compose

HEARD = Heard("judged", 100, 100, 1.0, 1.0, "both")


def finding(
    dimension: Dimension,
    measure: str,
    weight: float,
    bars: tuple[int, int] = (9, 12),
    kind: Literal["issue", "unusual", "strength"] = "issue",
) -> Finding:
    return Finding(
        dimension, kind, measure, (str(bars[0]), str(bars[1])), F(4 * bars[0]), F(4 * bars[1] + 4),
        ("n1-1", "n2-1"), 1.0, "velocity", 12.0, 4.0, 0.9, weight,
    )  # fmt: skip


BALANCE = finding("voicing", "melody above accompaniment", 1.5)
RUSH = replace(finding("tempo", "tempo drift", 1.2, (20, 24)), value=30.0, unit="percent")
PEDAL = replace(finding("pedal", "old harmony in the pedal", 1.1, (30, 31)), unit="percent")
SHORT = replace(finding("articulation", "length of slurred notes", 1.05, (3, 4)), value=40.0)
NOTES = replace(finding("notes", "notes right", 1.1, (9, 10)), value=80.0, expected=98.0)
SECURE = tuple(
    BarSecurity(str(i), F(4 * i), F(4 * i + 4), 10, 10, 0, 0, 0, 0) for i in range(1, 33)
)


def test_at_most_three_remarks_the_weightiest_first() -> None:
    lesson = compose(Findings(HEARD, SECURE, (SHORT, PEDAL, RUSH, BALANCE)))
    assert [r.finding.dimension for r in lesson.remarks] == ["voicing", "tempo", "pedal"]


def test_one_remark_a_dimension() -> None:
    other = replace(BALANCE, bars=("25", "28"), start_q=F(100), end_q=F(116), weight=1.4)
    lesson = compose(Findings(HEARD, SECURE, (BALANCE, other)))
    assert [r.finding.bars for r in lesson.remarks] == [("9", "12")]


def test_notes_go_first_and_silence_music_in_their_bars() -> None:
    lesson = compose(
        Findings(HEARD, SECURE, (replace(BALANCE, bars=("9", "10"), end_q=F(44)), RUSH, NOTES))
    )
    assert [r.finding.dimension for r in lesson.remarks] == ["notes", "tempo"]
    assert "bars 9–10" in lesson.next


def test_where_much_is_not_sure_a_lesson_speaks_of_notes_only() -> None:
    shaky = tuple(replace(b, right=8, missed=2) for b in SECURE)
    lesson = compose(Findings(HEARD, shaky, (BALANCE, RUSH, NOTES)))
    assert [r.finding.dimension for r in lesson.remarks] == ["notes"]


def test_an_issue_goes_before_what_is_unusual_and_a_choice_is_called_one() -> None:
    odd = replace(RUSH, kind="unusual", weight=9.0)
    lesson = compose(Findings(HEARD, SECURE, (odd, BALANCE)))
    assert [r.finding.kind for r in lesson.remarks] == ["issue", "unusual"]
    assert lesson.remarks[1].words.startswith("This is unusual, and it can work.")
    assert lesson.remarks[1].do.startswith("If you mean it, keep it.")


def test_every_number_in_the_words_is_the_findings() -> None:
    remark = compose(Findings(HEARD, SECURE, (BALANCE,))).remarks[0]
    assert "bars 9–12" in remark.words
    assert "about 12" in remark.words
    assert "bar 9" in remark.do


def test_a_strength_is_said_first_and_never_where_a_remark_is() -> None:
    good = finding("voicing", "melody above accompaniment", 2.0, kind="strength")
    steady = finding("tempo", "steadiness of the beat", 1.0, (1, 4), "strength")
    lesson = compose(Findings(HEARD, SECURE, (BALANCE, good, steady)))
    assert lesson.strengths == ("Your beat in bars 1–4 is steady; one could dance to it.",)


def test_without_any_strength_there_is_still_something_to_build_on() -> None:
    assert "something to build on" in compose(Findings(HEARD, SECURE)).strengths[0]


def test_practice_is_not_an_error() -> None:
    heard = replace(HEARD, hands="right", restarts=("9", "9"))
    lesson = compose(Findings(heard, SECURE))
    assert lesson.remarks == ()
    assert any("right hand alone" in s for s in lesson.strengths)
    assert any("went back 2 times" in s for s in lesson.strengths)


@pytest.mark.parametrize("verdict", ["empty", "noise", "wrong piece", "too little"])
def test_a_refusal_makes_no_claim_about_a_bar(
    verdict: Literal["empty", "noise", "wrong piece", "too little"],
) -> None:
    heard = replace(HEARD, verdict=verdict, placed=0.31, coverage=0.4)
    lesson = compose(Findings(heard, SECURE, (BALANCE,)))
    assert len(lesson.refusals) == 1
    assert (lesson.remarks, lesson.mistakes, lesson.strengths, lesson.next) == ((), (), (), "")
    assert "bar" not in lesson.refusals[0].split()


def test_a_clean_take_gets_something_to_do() -> None:
    assert compose(Findings(HEARD, SECURE)).next


@pytest.mark.parametrize(("value", "said"), [(99.7, "99 of every 100"), (100.0, "every one")])
def test_nearly_all_is_not_all(value: float, said: str) -> None:
    good = replace(NOTES, kind="strength", value=value)
    assert said in compose(Findings(HEARD, SECURE, (good,))).strengths[0]


def test_notes_that_an_edition_may_have_so_are_not_called_a_fault() -> None:
    odd = replace(NOTES, kind="unusual", weight=0.5)
    remark = compose(Findings(HEARD, SECURE, (odd,))).remarks[0]
    assert (
        remark.words
        == "In bars 9–10, 2 notes are not as in the score. They are marked on the page."
    )
    assert remark.do.startswith("If your edition has them so, keep them.")
