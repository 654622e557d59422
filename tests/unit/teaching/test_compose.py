"""A lesson: few remarks, notes before music, strength first, refusals without a claim."""

import re
from dataclasses import replace
from fractions import Fraction as F
from typing import Literal

import pytest

from valentin.judging import measures
from valentin.judging.deciding import Measure
from valentin.music import (
    BarSecurity,
    Became,
    Dimension,
    Finding,
    Findings,
    Heard,
    Mistake,
)
from valentin.teaching import compose, languages

MEASURES = [m for m in vars(measures).values() if isinstance(m, Measure)]
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


def test_three_remarks_are_about_three_things_where_there_are_three() -> None:
    step = replace(RUSH, measure="sudden tempo", bars=("4", "7"), start_q=F(16), weight=1.15)
    lesson = compose(Findings(HEARD, SECURE, (BALANCE, RUSH, step, PEDAL)))
    assert [r.finding.dimension for r in lesson.remarks] == ["voicing", "tempo", "pedal"]
    far = replace(step, weight=1.45)
    lesson = compose(Findings(HEARD, SECURE, (BALANCE, RUSH, far, PEDAL)))
    assert [r.finding.measure for r in lesson.remarks] == [
        "melody above accompaniment", "sudden tempo", "old harmony in the pedal",
    ]  # fmt: skip


def test_one_remark_a_measure() -> None:
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
    begin = replace(NOTES, value=83.7, scope="piece", weight=1.0)
    other = replace(NOTES, bars=("20", "21"), start_q=F(80), end_q=F(88), weight=3.0)
    lesson = compose(Findings(HEARD, SECURE, (BALANCE, RUSH, other, begin)))
    assert [r.finding for r in lesson.remarks] == [begin, other]
    assert "about 83 of every 100" in lesson.remarks[0].words
    assert "Begin with bars 9–10" in lesson.remarks[0].words
    assert "Make bars 9–10 sure first, then the bars after them" in lesson.next


def test_an_issue_goes_before_what_is_unusual_and_a_choice_is_called_one() -> None:
    odd = replace(RUSH, kind="unusual", weight=9.0)
    lesson = compose(Findings(HEARD, SECURE, (odd, BALANCE)))
    assert [r.finding.kind for r in lesson.remarks] == ["issue", "unusual"]
    assert lesson.remarks[1].words.startswith("This is unusual, and it can work.")
    assert lesson.remarks[1].do.startswith("If you mean it, keep it.")


SAID = [
    ("melody above accompaniment", -7.2, 14.4, ["7", "127", "14"]),
    ("melody above accompaniment", 1.0, 14.4, ["14", "127"]),
    ("melody above accompaniment", 6.4, 14.4, ["6", "127", "14"]),
    ("range of loudness", 4.0, 9.9, ["2.5"]),
    ("range of loudness", 4.0, 8.2, ["2"]),
    ("range of loudness", 4.0, 6.1, ["1.5"]),
    ("range of loudness", 2.0, 10.0, ["5"]),
    ("range of loudness", 4.0, 5.0, []),
    ("range of loudness", 0.0, 5.0, []),
    ("growth over the hairpin", -2.0, 12.0, []),
    ("growth over the hairpin", -21.0, 12.0, []),
    ("growth over the hairpin", 2.0, -12.0, []),
    ("tempo drift", 31.4, 0.0, ["31"]),
    ("tempo drift", -31.4, 0.0, ["31"]),
    ("sudden tempo", 31.4, 0.0, ["31"]),
    ("sudden tempo", -31.4, 0.0, ["31"]),
    ("sudden loudness", 21.4, 0.0, []),
    ("sudden loudness", -21.4, 0.0, []),
    ("steadiness of the beat", 17.3, 4.0, ["17"]),
    ("evenness of the run", 23.4, 5.0, ["23"]),
    ("chords together", 95.4, 20.0, ["95"]),
    ("length of slurred notes", 44.4, 100.0, ["44"]),
    ("length of staccato notes", 96.4, 51.2, ["96", "51"]),
    ("old harmony in the pedal", 88.0, 10.0, []),
    ("pedal down", 12.4, 63.4, ["12", "63"]),
    ("notes right", 81.9, 99.5, ["53"]),
]
"""A measure, what was found and expected, and every number said of it beside the bars."""


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("name", "value", "expected", "numbers"), SAID)
def test_every_number_in_the_words_is_the_findings(
    name: str, value: float, expected: float, numbers: list[str], language: str
) -> None:
    measure = next(m for m in MEASURES if m.name == name)
    found = Finding(
        measure.dimension, "issue", name, ("209", "312"), F(836), F(1252),
        tuple(f"n{i}-1" for i in range(53)), value, measure.unit, expected, 4.0, 0.9, 1.5,
    )  # fmt: skip
    remark = compose(Findings(HEARD, SECURE, (found,)), language=language).remarks[0]
    said = [number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", remark.words)]
    assert sorted(said) == sorted(["209", "312", *numbers]), "in the order of the language"
    assert set(re.findall(r"\d+", remark.do)) <= {"209", "312"}


def test_no_message_is_left_out_of_that() -> None:
    assert {name for name, *_ in SAID} == {m.name for m in MEASURES}


@pytest.mark.parametrize(
    ("value", "said"),
    [(4.0, "about 2.5 times"), (8.0, "somewhat further"), (1.0, "much further")],
)
def test_how_much_further_is_said_as_one_says_it(value: float, said: str) -> None:
    flat = replace(finding("phrasing", "range of loudness", 1.2), value=value, expected=10.0)
    assert said in compose(Findings(HEARD, SECURE, (flat,))).remarks[0].words


@pytest.mark.parametrize(
    ("restarts", "skips", "said"),
    [
        (("9",), (), "You went back once, to bar 9."),
        (("9", "4", "9"), (), "You went back 3 times."),
        ((), ("13",), "You jumped ahead once, to bar 13."),
        ((), ("13", "20"), "You jumped ahead 2 times."),
    ],
)
def test_how_one_practised_is_named(
    restarts: tuple[str, ...], skips: tuple[str, ...], said: str
) -> None:
    lesson = compose(Findings(replace(HEARD, restarts=restarts, skips=skips), SECURE))
    assert lesson.strengths[-1].startswith(said)


def test_bars_on_both_sides_of_a_repeat_are_named_as_such() -> None:
    over = replace(BALANCE, bars=("32", "3"))
    lesson = compose(Findings(HEARD, SECURE, (over,)))
    assert "In bar 32 to bar 3 (over the repeat) the melody" in lesson.remarks[0].words


def test_what_is_unusual_is_no_place_to_start_but_a_choice() -> None:
    odd = replace(BALANCE, kind="unusual", weight=0.5)
    lesson = compose(Findings(HEARD, SECURE, (odd,)))
    assert "choose one because you like it" in lesson.next
    assert "that way" not in lesson.next


def test_what_is_unusual_is_called_so_at_length_only_once() -> None:
    odd = tuple(replace(f, kind="unusual", weight=0.5) for f in (BALANCE, RUSH, PEDAL))
    said = [r.words for r in compose(Findings(HEARD, SECURE, odd)).remarks]
    assert [words.startswith("This is unusual, and it can work.") for words in said] == [
        True, False, False,
    ]  # fmt: skip
    assert all(words.startswith("Another choice, if you mean it.") for words in said[1:])


def test_two_signs_passed_over_are_not_told_in_the_same_words() -> None:
    lost = replace(finding("dynamics", "growth over the hairpin", 0.5, kind="unusual"), value=0.0)
    both = (lost, replace(SHORT, kind="unusual", weight=0.4))
    done = [r.do for r in compose(Findings(HEARD, SECURE, both)).remarks]
    assert done[0].startswith("If that is your choice, keep it.")
    assert done[1].startswith("Your choice, too; or, to try what the sign asks for:")


def slips(count: int, written: str, played: int) -> tuple[Mistake, ...]:
    return tuple(
        Mistake("wrong", "9", f"n{i}-1", f"p{i}", 0.9, written, played) for i in range(count)
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "9 times it is the same: B where the score has B♭."),
     ("de", "9 Mal ist es dasselbe: H, wo B steht.")],
)  # fmt: skip
def test_one_misreading_that_comes_again_is_named_once(language: str, said: str) -> None:
    mistakes = slips(9, "Bb4", 71) + slips(3, "C5", 74)
    lesson = compose(Findings(HEARD, SECURE, (NOTES,), mistakes), language=language)
    assert said in lesson.remarks[0].words


@pytest.mark.parametrize(
    "mistakes",
    [
        slips(5, "Bb4", 71),
        slips(9, "Bb4", 72),
        slips(9, "C5", 73),
        slips(6, "Bb4", 71) + slips(9, "C5", 74),
        (),
    ],
    ids=["too few", "another key", "a sign too many", "one of many", "none"],
)
def test_slips_of_many_kinds_are_no_misreading(mistakes: tuple[Mistake, ...]) -> None:
    lesson = compose(Findings(HEARD, SECURE, (NOTES,), mistakes))
    assert "it is the same" not in lesson.remarks[0].words


def test_what_the_score_asks_for_is_not_said_to_work_without() -> None:
    lost = replace(finding("dynamics", "growth over the hairpin", 0.5, kind="unusual"), value=0.0)
    remark = compose(Findings(HEARD, SECURE, (lost,))).remarks[0]
    assert "it can work" not in remark.words
    assert remark.do.startswith("If that is your choice, keep it.")


@pytest.mark.parametrize(
    ("value", "expected", "said"),
    [(2.0, 12.0, "does not grow yet"), (-20.0, 12.0, "grows softer instead"),
     (-2.0, -12.0, "does not fade yet"), (30.0, -12.0, "grows louder instead")],
)  # fmt: skip
def test_a_hairpin_played_the_other_way_is_said_so(
    value: float, expected: float, said: str
) -> None:
    lost = finding("dynamics", "growth over the hairpin", 1.2)
    lesson = compose(Findings(HEARD, SECURE, (replace(lost, value=value, expected=expected),)))
    assert said in lesson.remarks[0].words


def test_half_a_piece_is_not_called_the_whole() -> None:
    part = replace(HEARD, coverage=0.76, stopped="5")
    good = replace(NOTES, kind="strength", value=100.0)
    strengths = compose(Findings(part, SECURE, (good,))).strengths
    assert strengths[0].startswith("As far as you played")
    assert "as far as bar 5" in strengths[1]
    assert compose(Findings(HEARD, SECURE, (good,))).strengths == (
        "The notes are learned: every one is as written.",
    )


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


def test_a_lesson_on_some_bars_is_named_as_such_and_asks_for_them_again() -> None:
    lesson = compose(Findings(HEARD, SECURE, (BALANCE,)), part=("9", "16"))
    assert lesson.part == ("9", "16")
    assert lesson.strengths[0] == (
        "You played bars 9–16 from beginning to end. That is something to build on."
    )
    assert lesson.next.endswith("then play bars 9–16 again, and we compare.")
    whole = compose(Findings(HEARD, SECURE, (BALANCE,)))
    assert whole.part is None
    assert whole.next.endswith("then play the whole piece again, and we compare.")


@pytest.mark.parametrize("verdict", ["too little", "wrong piece"])
def test_a_refusal_of_some_bars_names_what_was_asked_for(
    verdict: Literal["too little", "wrong piece"],
) -> None:
    heard = replace(HEARD, verdict=verdict, placed=0.31, coverage=0.4)
    (said,) = compose(Findings(heard), part=("9", "16")).refusals
    assert "bars 9–16" in said


def test_too_little_offers_the_bars_it_is_made_of() -> None:
    heard = replace(HEARD, verdict="too little", coverage=0.4)
    lesson = compose(Findings(heard), offer=("1", "12"))
    assert lesson.offer == ("1", "12")
    assert "bars 1–12" in lesson.refusals[1]
    assert lesson.remarks == ()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
@pytest.mark.parametrize("scope", ["stretch", "piece"])
def test_what_became_of_every_measure_is_said(
    measure: Measure, language: str, scope: Literal["stretch", "piece"]
) -> None:
    states: tuple[Literal["resolved", "better", "open", "not played"], ...]
    states = ("resolved", "better", "open", "not played")
    for up in (12.0, -12.0):
        issue = replace(finding(measure.dimension, measure.name, 1.2), expected=up, scope=scope)
        since = tuple(Became(issue, state) for state in states)
        told = compose(Findings(HEARD, SECURE), language=language, since=since).since
        assert [one.became for one in told] == list(states)
        assert len({one.words for one in told}) == 4
        if scope == "stretch":
            assert all("9–12" in one.words for one in told)


def test_german_counts_and_writes_numbers_as_germans_do() -> None:
    flat = replace(finding("phrasing", "range of loudness", 1.2), value=4.0, expected=10.0)
    lesson = compose(Findings(replace(HEARD, restarts=("9",)), SECURE, (flat,)), language="de")
    assert "etwa 2,5 Mal so weit" in lesson.remarks[0].words
    assert lesson.strengths[-1].startswith("Du bist einmal zurückgegangen, zu Takt 9.")
    assert lesson.language == "de"
