"""Names of scores: made from what is printed, found by a part of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valentin.errors import ReadError
from valentin.keeping.naming import LONGEST, chosen, folded, name_for

SHELF = {
    "chopin-op9-2": "Frédéric Chopin Nocturne in E-flat major, op. 9 no. 2",
    "chopin-op28-7": "Frédéric Chopin Prelude in A major, op. 28 no. 7",
    "dvorak-humoreske": "Antonín Dvořák Humoreske, op. 101 no. 7",
}


@pytest.mark.parametrize(
    ("title", "composer", "stem", "name"),
    [
        ("Prélude", "Frédéric Chopin", "x", "chopin-prelude"),
        ("Humoreske", "Dvořák, Antonín (1841–1904)", "x", "dvorak-humoreske"),
        ("Nocturne", "F. Chopin (1810-1849)", "x", "chopin-nocturne"),
        ("", "", "My first song (2)", "my-first-song-2"),
        ("夜想曲", "", "nocturne_3", "nocturne-3"),
        ("夜想曲", "", "夜", "score"),
        ("Chopin: Étude", "Chopin", "x", "chopin-etude"),
    ],
)
def test_a_name_says_who_and_what(title: str, composer: str, stem: str, name: str) -> None:
    assert name_for(title, composer, stem, ()) == name


@given(st.text(), st.text(), st.text())
def test_any_text_gives_a_name_that_is_no_path(title: str, composer: str, stem: str) -> None:
    name = name_for(title, composer, stem, ())
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= LONGEST
    assert name_for(title, composer, stem, {name}) == f"{name}-2"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("chopin-op9-2", "chopin-op9-2"),
        ("nocturne", "chopin-op9-2"),
        ("Prélude", "chopin-op28-7"),
        ("op. 9 no. 2", "chopin-op9-2"),
        ("DVOŘÁK", "dvorak-humoreske"),
        ("op9", "chopin-op9-2"),
        ("humor", "dvorak-humoreske"),
    ],
)
def test_a_part_that_only_one_has_is_enough(wanted: str, name: str) -> None:
    assert chosen(wanted, SHELF) == name


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("chopin", "could be chopin-op9-2, chopin-op28-7; give one"),
        ("no 7", "could be chopin-op28-7, dvorak-humoreske; give one"),
        ("chopin-op9-3", "the nearest on the shelf are chopin-op9-2"),
        ("noctrune", "the nearest on the shelf are chopin-op9-2"),
        ("zzz", "the shelf has chopin-op9-2"),
        ("", "the shelf has chopin-op9-2"),
    ],
)
def test_else_the_near_ones_are_named(wanted: str, words: str) -> None:
    with pytest.raises(ReadError, match=re.escape(words)):
        chosen(wanted, SHELF)
