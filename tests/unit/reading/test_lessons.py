"""A lesson that was written is read back; what is none is refused in one line."""

from __future__ import annotations

import json
from fractions import Fraction as F
from pathlib import Path

import pytest

from valentin.errors import ReadError
from valentin.music import Finding, Lesson, Remark
from valentin.reading import lesson_of, read_lesson
from valentin.showing import lesson_json

FOUND = Finding(
    "voicing", "issue", "melody above accompaniment", ("9", "12a"), F(97, 3), F(48), ("n1-1",),
    -3.25, "velocity", 12.5, None, 0.93, 1.5, "pianists", "stretch",
)  # fmt: skip
LESSON = Lesson(
    0.98, strengths=("Good.",), remarks=(Remark(FOUND, "Words.", "Do."),), next="Next.",
    part=("9", "16"), language="de",
)  # fmt: skip


def test_what_the_next_lesson_needs_comes_back() -> None:
    assert lesson_of(lesson_json(LESSON)) == LESSON


def test_a_lesson_of_before_there_were_parts_is_read_too() -> None:
    data = json.loads(lesson_json(LESSON))
    for name in ("part", "language", "offer", "since"):
        del data[name]
    assert lesson_of(json.dumps(data)).remarks == LESSON.remarks


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "\x00\xff", "null", "[" * 100_000, '{"coverage": 1}']
    + [
        lesson_json(LESSON).replace(*change)
        for change in (
            ('"value": -3.25', '"value": NaN'),
            ('"voicing"', '"colour"'),
            ('"start_q": ', '"start_q": "x", "was": '),
        )
    ],
    ids=range(10),
)
def test_what_is_no_lesson_is_said_so(text: str, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=r"`old.json`: this is no lesson; give a file"):
        read_lesson(path)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no such file"):
        read_lesson(tmp_path / "old.json")
