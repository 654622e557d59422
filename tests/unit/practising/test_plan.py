"""The plan: what is not sure, what is due, rest, and the music; spaced, short, blaming nobody."""

import re
from datetime import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valentin.catalogue import catalogue, languages
from valentin.music import BarPractice, Issue, Practised
from valentin.practising import plan

UTC = timezone.utc  # noqa: UP017
DAY_S = 86_400.0
NOON_S = DAY_S / 2
BLAME = re.compile(r"streak|missed|should have|failed|late|lazy|only \d|day in a row", re.I)


def take(
    piece: str, day: float, shares: dict[str, float], issues: tuple[Issue, ...] = ()
) -> Practised:
    bars = tuple(BarPractice(b, 100, round(100 * s), 0, 2.0) for b, s in shares.items())
    return Practised("t", piece, NOON_S + day * DAY_S, 125.0, True, bars, issues)


def kinds(history: list[Practised], day: float) -> list[tuple[str, tuple[str, str] | None]]:
    items = plan(history, NOON_S + day * DAY_S, UTC).items
    return [(item.kind, item.bars) for item in items]


def test_nothing_played_is_nothing_planned() -> None:
    assert plan([], 0.0).items == ()


def test_what_is_not_sure_is_mended_in_passages_and_the_piece_is_played() -> None:
    shares = {"1": 1.0, "2": 0.6, "3": 0.7, "4": 1.0, "5": 0.96, "6": 1.0}
    assert kinds([take("a", 0, shares)], 0) == [
        ("mend", ("2", "3")), ("mend", ("5", "5")), ("play", None)
    ]  # fmt: skip


def test_a_long_passage_is_cut_to_what_can_be_worked_at() -> None:
    shares = {str(n): 0.5 for n in range(1, 21)}
    found = [bars for kind, bars in kinds([take("a", 0, shares)], 0) if kind == "mend"]
    assert found == [("1", "8"), ("9", "16")]


@pytest.mark.parametrize(
    ("days", "today", "due"),
    [
        ([0], 0, False), ([0], 1, True), ([0, 1], 2, False), ([0, 1], 3, True),
        ([0, 1, 3], 6, False), ([0, 1, 3], 7, True), ([0, 0], 1, True), ([0], 400, True),
    ],
)  # fmt: skip
def test_what_is_sure_is_due_again_after_a_gap_that_doubles(
    days: list[int], today: int, due: bool
) -> None:
    history = [take("a", day, {"1": 1.0, "2": 1.0}) for day in days]
    assert (("refresh", ("1", "2")) in kinds(history, today)) == due


def test_an_insecure_day_begins_the_gaps_anew() -> None:
    history = [take("a", day, {"1": share}) for day, share in enumerate((1.0, 1.0, 0.5, 1.0))]
    assert ("refresh", ("1", "1")) in kinds(history, 4)


def test_old_and_new_take_turns_and_there_is_rest() -> None:
    history = [
        take("old", 0, {"1": 1.0}),
        take("new", 10, {"1": 0.5, "3": 0.5, "5": 1.0}),
        take("new", 11, {"7": 1.0}),
    ]
    items = plan(history, NOON_S + 12 * DAY_S, UTC).items
    assert [(i.kind, i.piece) for i in items] == [
        ("mend", "new"), ("refresh", "old"), ("mend", "new"), ("rest", ""), ("refresh", "new"),
        ("play", "new"),
    ]  # fmt: skip


def test_an_open_remark_is_in_the_plan_with_what_to_do() -> None:
    said = Issue("voicing", "melody", ("9", "12"), 1, "Equal.", "Left hand half as loud.")
    bars = {str(n): 1.0 for n in range(1, 17)}
    items = plan([take("a", 0, bars, (said,))], NOON_S, UTC).items
    assert "Left hand half as loud." in items[0].words
    mended = plan([take("a", 0, bars, (said,)), take("a", 0.1, bars)], NOON_S, UTC).items
    assert [item.kind for item in mended] == ["play"]


SHARES = st.dictionaries(st.integers(1, 60).map(str), st.floats(0, 1), max_size=40)
HISTORIES = st.lists(
    st.builds(take, st.sampled_from("abcde"), st.floats(0, 60), SHARES), min_size=1, max_size=12
)


@given(HISTORIES, st.floats(60, 200))
def test_any_history_gives_a_plan_that_can_be_practised(
    history: list[Practised], day: float
) -> None:
    planned = plan(history, NOON_S + day * DAY_S, UTC)
    assert planned.items[-1].kind == "play"
    assert 2 <= planned.minutes <= 45
    assert all(item.minutes > 0 and item.words for item in planned.items)


@pytest.mark.parametrize("language", languages("practice"))
def test_nobody_is_blamed(language: str) -> None:
    said = [form for forms in catalogue("practice", language).messages.values() for form in forms]
    assert said
    assert not [form for form in said if BLAME.search(form)]
