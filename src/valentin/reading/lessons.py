"""A lesson read back from its JSON, so that the next one knows it: the inverse of `lesson_json`.

In: the text of a lesson (schema: `docs/reference/lesson.md`). Out: `Lesson`.

**Conventions.** Demonstrations and mistakes are not read: the next lesson compares findings. What
earlier versions did not write is empty.

**Knows nothing of** what the lesson will be compared with.
"""

from __future__ import annotations

import json
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from valentin.errors import ReadError
from valentin.music import Dimension, Finding, Lesson, Remark
from valentin.reading.bounded import bytes_of

__all__ = ["lesson_of", "read_lesson"]

LARGEST = 64 << 20
"""Bytes; a lesson on an hour of music, with its demonstrations, is about one tenth of that."""
GRAIN = 10080
"""Divisions of a quarter that hold every notated place exactly, as in `judging`."""


def read_lesson(path: Path) -> Lesson:
    """The lesson in a file. Raises ReadError for a file that is none."""
    try:
        return lesson_of(bytes_of(path, LARGEST).decode("utf-8"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        words = "this is no lesson; give a file that `valentin teach … -o lesson.json` wrote."
        raise ReadError(f"Reading `{path.name}`: {words}", path=str(path)) from error


def lesson_of(text: str) -> Lesson:
    """The lesson in a text. Raises ValueError, TypeError or KeyError where it is none."""
    data = json.loads(text)
    part = data.get("part")
    return Lesson(
        coverage=float(data["coverage"]),
        refusals=tuple(map(str, data["refusals"])),
        strengths=tuple(map(str, data["strengths"])),
        remarks=tuple(_remark(row) for row in data["remarks"]),
        next=str(data["next"]),
        part=None if part is None else _bars(part),
        language=str(data.get("language", "en")),
    )


def _remark(row: dict[str, Any]) -> Remark:
    return Remark(_finding(row), str(row["words"]), str(row["do"]))


def _finding(row: dict[str, Any]) -> Finding:
    if row["dimension"] not in get_args(Dimension) or row["kind"] not in ("issue", "unusual"):
        raise ValueError(f"no such remark: {row['dimension']!r}, {row['kind']!r}")
    return Finding(
        dimension=row["dimension"],
        kind=row["kind"],
        measure=str(row["measure"]),
        bars=_bars(row["bars"]),
        start_q=_place(row["start_q"]),
        end_q=_place(row["end_q"]),
        note_ids=tuple(map(str, row["note_ids"])),
        value=_finite(row["value"]),
        unit=str(row["unit"]),
        expected=_finite(row["expected"]),
        spread=None if row["spread"] is None else float(row["spread"]),
        confidence=float(row["confidence"]),
        weight=float(row.get("weight", 1.0)),
        expected_by=row.get("expected_by", "plan"),
        scope=row.get("scope", "stretch"),
    )


def _finite(value: float) -> float:
    if not isfinite(value):
        raise ValueError(f"a value must be a number, got {value}")
    return float(value)


def _bars(pair: list[int | str]) -> tuple[str, str]:
    first, last = pair
    return str(first), str(last)


def _place(quarters: float) -> Fraction:
    return Fraction(quarters).limit_denominator(GRAIN)
