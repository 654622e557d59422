"""A piece's history: bars as last played each day, remarks until they are mended."""

from datetime import timezone

from valentin.music import BarPractice, Issue, Practised
from valentin.practising import growth

UTC = timezone.utc  # noqa: UP017
DAY_S = 86_400.0
TEMPO = Issue("tempo", "drift", ("3", "6"), 1, "It runs.", "Hold back.")


def bar(name: str, right: int, notes: int = 10, stops: int = 0) -> BarPractice:
    return BarPractice(name, notes, right, stops, 2.0)


def take(
    name: str, at_s: float, bars: tuple[BarPractice, ...] = (), issues: tuple[Issue, ...] = ()
) -> Practised:
    return Practised(name, "piece", at_s, 60.0, True, bars, issues)


def whole(right: int = 10) -> tuple[BarPractice, ...]:
    return tuple(bar(str(n), right) for n in range(1, 9))


def test_a_bar_is_as_sure_as_the_last_time_that_day() -> None:
    history = [
        take("b", 2000.0, (bar("1", 9), bar("2", 5))),
        take("a", 1000.0, (bar("1", 4),)),
        take("c", 1000.0 + 2 * DAY_S, (bar("2", 10), bar("3", 0, notes=0))),
    ]
    grown = growth(history, ("1", "2", "3"), UTC)
    assert grown.days == ("1970-01-01", "1970-01-03")
    assert grown.secure == ((0.9, 0.5, None), (None, 1.0, None))
    assert grown.time_s == (4.0, 4.0, 2.0)
    assert (grown.takes, grown.total_s) == (3, 180.0)


def test_without_a_score_the_bars_are_those_played_in_order() -> None:
    grown = growth([take("a", 0.0, (bar("10", 1), bar("9", 1), bar("9a", 1), bar("x", 1)))])
    assert grown.bars == ("x", "9", "9a", "10")


def test_a_remark_is_resolved_when_its_bars_came_without_it() -> None:
    history = [
        take("a", 1.0, whole(), (TEMPO,)),
        take("b", 2.0, whole()[:3]),  # one of its four bars: says nothing
        take("c", 3.0, whole(), (Issue("tempo", "drift", ("6", "8")),)),  # found, though unsaid
        take("d", 4.0, whole(), (Issue("pedal", "blur", ("3", "6"), 1),)),
    ]
    stories = growth(history).remarks
    assert [(s.issue.measure, s.take, s.said_s, s.resolved_s, s.resolved_by) for s in stories] == [
        ("drift", "a", 1.0, 4.0, "d"), ("blur", "d", 4.0, None, "")
    ]  # fmt: skip


def test_a_remark_said_again_is_one_story_until_it_was_resolved() -> None:
    again = Issue("tempo", "drift", ("5", "7"), 2)
    history = [
        take("a", 1.0, whole(), (TEMPO,)),
        take("b", 2.0, whole(), (again,)),
        take("c", 3.0, whole()),
        take("d", 4.0, whole(), (again,)),
    ]
    assert [(s.take, s.resolved_by) for s in growth(history).remarks] == [("a", "c"), ("d", "")]


def test_the_unusual_and_the_refused_tell_no_story() -> None:
    unusual = Issue("tempo", "drift", ("3", "6"), 1, kind="unusual")
    refused = Practised("b", "piece", 2.0, 60.0, judged=False)
    grown = growth([take("a", 1.0, whole(), (unusual,)), refused])
    assert grown.remarks == ()
    assert grown.total_s == 120.0
    mended = growth([take("a", 1.0, whole(), (TEMPO,)), take("b", 2.0, whole(), (unusual,))])
    assert mended.remarks[0].resolved_by == "b"
    assert growth([take("a", 1.0, whole(), (TEMPO,)), refused]).remarks[0].resolved_s is None


def test_no_take_is_an_empty_picture() -> None:
    grown = growth([], ("1", "2"))
    assert (grown.days, grown.secure, grown.time_s, grown.takes) == ((), (), (0.0, 0.0), 0)
