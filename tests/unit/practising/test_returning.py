"""What became of the last lesson; and which bars a short take is made of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F
from typing import Literal

import pytest

from valentin.music import (
    Alignment,
    Bar,
    BarSecurity,
    Finding,
    Findings,
    Heard,
    Lesson,
    Match,
    Meant,
    Part,
    Remark,
    Score,
    ScoreNote,
)
from valentin.practising import marked, reached, since

HEARD = Heard("judged", 100, 100, 1.0, 1.0, "both")
FLAT = Finding(
    "voicing", "issue", "melody above accompaniment", ("9", "12"), F(32), F(48), (), 2.0,
    "velocity", 12.0, 4.0, 0.9, 1.5,
)  # fmt: skip
BEFORE = Lesson(1.0, remarks=(Remark(FLAT, "", ""),))


def secure(first: int, last: int) -> tuple[BarSecurity, ...]:
    return tuple(
        BarSecurity(str(i), F(4 * i), F(4 * i + 4), 9, 9, 0, 0, 0, 0)
        for i in range(first, last + 1)
    )


def after(*found: Finding, bars: tuple[int, int] = (1, 32)) -> Findings:
    return Findings(HEARD, secure(*bars), found)


@pytest.mark.parametrize(
    ("now", "became"),
    [
        (None, "resolved"),
        (replace(FLAT, kind="unusual", value=9.0), "resolved"),
        (replace(FLAT, kind="unusual", value=2.2), "open"),
        (replace(FLAT, value=6.0), "better"),
        (replace(FLAT, value=2.2), "open"),
        (replace(FLAT, value=-4.0), "open"),
        (replace(FLAT, bars=("20", "24")), "resolved"),
        (replace(FLAT, measure="chords together"), "resolved"),
        (replace(FLAT, kind="strength", value=14.0), "resolved"),
    ],
)
def test_it_moved_or_it_did_not(now: Finding | None, became: str) -> None:
    (told,) = since(BEFORE, after(*([now] if now else [])))
    assert told.became == became
    assert told.finding is FLAT


def test_bars_that_did_not_come_again_say_nothing() -> None:
    assert since(BEFORE, after(bars=(20, 30)))[0].became == "not played"
    assert since(BEFORE, after(bars=(1, 9)))[0].became == "not played", "one bar of four"
    assert since(BEFORE, after(bars=(1, 10)))[0].became == "resolved", "two of four"


def test_a_refused_take_and_a_first_lesson_have_no_history() -> None:
    refused = replace(after(), heard=replace(HEARD, verdict="noise"))
    assert since(BEFORE, refused) == ()
    assert since(None, after()) == ()


def test_of_what_was_meant_nothing_is_said() -> None:
    meant = (Meant(FLAT.measure, ("10", "10")),)
    assert since(BEFORE, after(FLAT), meant) == ()
    assert len(since(BEFORE, after(FLAT), (Meant(FLAT.measure, ("20", "20")),))) == 1


def test_what_was_a_choice_was_no_task() -> None:
    odd = replace(BEFORE, remarks=(Remark(replace(FLAT, kind="unusual"), "", ""),))
    assert since(odd, after()) == ()


def test_notes_of_the_whole_piece_are_better_where_only_a_passage_is_left() -> None:
    notes = replace(FLAT, dimension="notes", measure="notes right", scope="piece", value=80.0)
    before = Lesson(1.0, remarks=(Remark(notes, "", ""),))
    passage = replace(notes, scope="stretch", bars=("3", "4"), value=70.0, expected=99.0)
    assert since(before, after(passage))[0].became == "better"
    assert since(before, after(replace(notes, value=79.0)))[0].became == "open"
    assert since(before, after())[0].became == "resolved"


def test_a_remark_is_new_or_said_again() -> None:
    rush = replace(FLAT, measure="tempo drift", dimension="tempo")
    lesson = Lesson(1.0, remarks=(Remark(FLAT, "", ""), Remark(rush, "", "")))
    assert [r.since for r in marked(lesson, BEFORE).remarks] == ["again", "new"]
    assert [r.since for r in marked(lesson, None).remarks] == ["", ""]


def score(bars: int) -> Score:
    notes = (
        ScoreNote(f"n{i}-1", "P1", F(i), F(1), 60 + i % 12, "C4", 1, 1) for i in range(4 * bars)
    )
    rows = (Bar(f"b{i}", str(i + 1), F(4 * i), F(4)) for i in range(bars))
    return Score("", "", (Part("P1", ""),), tuple(notes), bars=tuple(rows), unfolded=True)


def struck(*rows: int) -> Alignment:
    return Alignment(tuple(Match(f"n{i}-1", f"p{i}") for i in rows))


@pytest.mark.parametrize(
    ("rows", "bars"),
    [
        (range(20, 40), ("6", "10")),
        ([*range(20, 40), *range(60, 68)], ("6", "10")),
        (range(20, 31), None),
        (range(0, 80, 3), None),
    ],
    ids=["a passage", "the longer of two", "too few notes", "scattered"],
)
def test_the_bars_of_a_short_take(rows: range, bars: tuple[str, str] | None) -> None:
    heard = replace(HEARD, verdict="too little", coverage=0.3)
    assert reached(score(20), struck(*rows), heard) == bars


@pytest.mark.parametrize("verdict", ["judged", "noise", "wrong piece", "empty"])
def test_only_too_little_is_offered_as_a_passage(
    verdict: Literal["judged", "noise", "wrong piece", "empty"],
) -> None:
    heard = replace(HEARD, verdict=verdict)
    assert reached(score(20), struck(*range(20, 40)), heard) is None
