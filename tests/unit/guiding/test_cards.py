"""A card as it comes back: read, mended where that is honest, refused in clear words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from valentin.errors import ReadError
from valentin.guiding import read_card
from valentin.music import KeptMoment

GOOD = {
    "format": "valentin moments 1", "page": "0f3a9c", "title": "Nocturne",
    "moments": [{"piece": 1, "time_s": 94.2, "bar": "16"}, {"piece": 1, "time_s": 2.5, "bar": "0"}],
}  # fmt: skip


def told(**changed: Any) -> str:
    return json.dumps(GOOD | changed)


def test_a_card_is_read_in_order() -> None:
    card = read_card(told())
    assert (card.page, card.title(1), card.title(2)) == ("0f3a9c", "Nocturne", "")
    assert card.moments == (KeptMoment(1, 2.5, "0"), KeptMoment(1, 94.2, "16"))
    assert card.numbers == (1,)


def test_a_programme_says_all_its_titles() -> None:
    moments = [{"piece": 2, "time_s": 1, "bar": "3"}]
    card = read_card(told(titles=["A", "B"], moments=moments))
    assert (card.numbers, card.title(2)) == ((2,), "B")


@pytest.mark.parametrize(
    "link",
    [
        "#kept=0f3a9c;1,94200,16;1,2500,0",
        "kept=0f3a9c;1,94200,16;1,2500,0",
        "  file:///home/anna/nocturne.html#kept=0f3a9c;1,94200,16;1,2500,0 and more words",
    ],
)
def test_a_link_says_the_same(link: str) -> None:
    assert read_card(link).moments == read_card(told()).moments
    assert read_card(link).titles == ()


def test_a_bar_in_a_link_is_what_it_was() -> None:
    assert read_card("#kept=0f;1,5,X%201%C3%A4").moments[0].bar == "X 1ä"


@pytest.mark.parametrize(
    "row",
    [
        {"piece": 0, "time_s": 1, "bar": "1"},
        {"piece": True, "time_s": 1, "bar": "1"},
        {"piece": 1, "time_s": -1, "bar": "1"},
        {"piece": 1, "time_s": float("nan"), "bar": "1"},
        {"piece": 1, "time_s": 10**400, "bar": "1"},
        {"piece": 1, "time_s": "2", "bar": "1"},
        {"piece": 1},
        "moment",
    ],
)
def test_what_cannot_be_a_moment_is_left_out(row: object) -> None:
    assert len(read_card(told(moments=[*GOOD["moments"], row])).moments) == 2
    with pytest.raises(ReadError, match="no moment on it that can be"):
        read_card(told(moments=[row]))


def test_what_is_shown_to_people_is_plain() -> None:
    moments = [{"piece": 1, "time_s": 1, "bar": "1\u202e6\ud800" + "9" * 50}]
    card = read_card(told(title="No\x00c", moments=moments))
    assert (card.title(1), card.moments[0].bar) == ("Noc", "16" + "9" * 10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no card of moments, or damaged"),
        (told()[:-9], "no card of moments, or damaged"),
        ("[" * 100_000, "no card of moments, or damaged"),
        ("{}", "it is no card of moments;"),
        (told(format="valentin moments 9"), "it is no card of moments;"),
        (told(page="<b>"), "does not say which page"),
        (told(moments=None), "has lost its moments"),
        ("#kept=nothing", "the link is not whole"),
        ("#kept=0f3a9c;", "the link is not whole"),
        (" " * 200_000, "more than 128 kB"),
    ],
)
def test_what_is_no_card_is_said(text: str, words: str) -> None:
    with pytest.raises(ReadError, match=words) as refused:
        read_card(text)
    assert str(refused.value).startswith("Opening a card: ")
