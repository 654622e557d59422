"""The page of signs is made from its table, and every sign has a test that exists."""

import ast
from pathlib import Path

import pytest
from bench.notation import PAGE, SIGNS, page

ROOT = Path(__file__).parents[2]

ASKED = (
    "accidental", "after-notes", "nested", "cadenza", "cross-staff", "cross-bar", "three staves",
    "8va", "arpeggio across staves", "tremolo", "glissando", "unmeasured", "metre changes",
    "two metres at once", "ties over a repeat", "coda", "segno", "voltas", "fermata on a rest",
    "italian, german, french", "dolce", "con fuoco", "smorzando", "en dehors", "m.g.", "una corda",
    "tre corde", "sostenuto pedal", "half pedal", "dots, ranges", "a bar repeated by a sign",
    "voices",
)  # fmt: skip
"""What the repertoire asks of a reader, by a word of its row."""


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bench.notation`"


@pytest.mark.parametrize("word", ASKED)
def test_every_sign_that_is_asked_for_has_a_row(word: str) -> None:
    rows = [sign.name.casefold() for signs in SIGNS.values() for sign in signs]
    assert any(word in name for name in rows)


def test_every_named_test_is_there() -> None:
    named = {test for signs in SIGNS.values() for sign in signs for test in sign.tests}
    assert all(sign.tests for signs in SIGNS.values() for sign in signs)
    for path in {test.partition("::")[0] for test in named}:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        there = {f"{path}::{n.name}" for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        missing = {test for test in named if test.startswith(f"{path}::")} - there
        assert not missing


def test_every_row_of_the_page_is_whole() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 7 for line in rows), "a bar inside a cell"
