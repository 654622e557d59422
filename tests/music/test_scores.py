"""Every small score is read as its expectation says, sign for sign."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from valentin.music import Score, unfold
from valentin.reading import read_score

FOLDER = Path(__file__).parent / "scores"
EXPECTED = sorted(FOLDER.glob("*.json"))


def plain(value: Any) -> Any:
    """Words as JSON has them: Fractions as text, dataclasses as objects."""
    if isinstance(value, Fraction):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(item) for key, item in asdict(value).items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def agrees(found: Any, expected: Any) -> bool:
    """Whether what is expected is there; null and what is not listed are not looked at."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            item is None or agrees(found.get(key), item) for key, item in expected.items()
        )
    return bool(found == expected)


def read(expectation: Path) -> Score:
    name = json.loads(expectation.read_text(encoding="utf-8"))["score"]
    return read_score(FOLDER / name)[0]


@pytest.mark.parametrize("expectation", EXPECTED, ids=lambda p: p.stem)
def test_small_score(expectation: Path) -> None:
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    score = read(expectation)
    for key, rows in expected.items():
        if key in ("score", "shows"):
            continue
        if key == "unfolded":
            assert [note.id for note in unfold(score).notes] == rows
            continue
        found = plain(getattr(score, key))
        if not isinstance(rows, list):
            assert found == rows, key
            continue
        if key == "marks":
            found = _beside(found, rows)
        wrong = [(f, e) for f, e in zip(found, rows, strict=False) if not agrees(f, e)]
        assert not wrong, f"{key}: found, then expected: {wrong[0]}"
        assert len(found) == len(rows), f"{key}: {found[len(rows) :] or rows[len(found) :]}"


def _beside(found: list[Any], rows: list[Any]) -> list[Any]:
    """The marks of the kinds that are expected, each put where it is expected."""
    kinds = {row["kind"] for row in rows}
    left = [mark for mark in found if mark["kind"] in kinds]
    placed = []
    for row in rows:
        fit = next((mark for mark in left if agrees(mark, row)), None)
        if fit is not None:
            left.remove(fit)
            placed.append(fit)
    return placed + left
