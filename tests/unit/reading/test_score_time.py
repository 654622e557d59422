"""Time as the sources tell it, exactly."""

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from valentin.reading.humdrum import broken_lines, told_by_humdrum, without_lines
from valentin.reading.layers import Layout
from valentin.reading.mei_tree import exact
from valentin.reading.musicxml import (
    by_parts,
    told_by,
    with_ids,
    without_line_breaks,
    without_multiple_rests,
)
from valentin.reading.names import names_in_musicxml
from valentin.reading.remarks import lost


def musicxml(*bars: str) -> ElementTree.Element:
    inside = "".join(f'<measure number="{i}">{bar}</measure>' for i, bar in enumerate(bars, 1))
    return ElementTree.fromstring(f'<score-partwise><part id="P1">{inside}</part></score-partwise>')


def note(name: str, duration: int | str, more: str = "", step: str = "C", tie: str = "") -> str:
    ties = "".join(f'<tie type="{kind}"/>' for kind in tie.split())
    return (
        f'<note id="{name}">{more}<pitch><step>{step}</step><octave>4</octave></pitch>'
        f"<duration>{duration}</duration>{ties}<voice>1</voice></note>"
    )


DIVISIONS = "<attributes><divisions>{}</divisions></attributes>"


def test_notes_stand_where_their_durations_put_them() -> None:
    bar = DIVISIONS.format(6) + note("a", 2) + note("b", 2, "<chord/>") + note("c", 4)
    back = "<backup><duration>6</duration></backup><forward><duration>1</duration></forward>"
    told = told_by(musicxml(bar + back + note("d", 5), note("e", 6)))
    assert told.notes["a"] == told.notes["b"] == (0, Fraction(1, 3))
    assert told.notes["c"] == (Fraction(1, 3), Fraction(2, 3))
    assert told.notes["d"] == (Fraction(1, 6), Fraction(5, 6))
    assert told.bars == ((0, 1), (1, 1))


def test_divisions_may_change() -> None:
    told = told_by(musicxml(DIVISIONS.format(4) + note("a", 4), DIVISIONS.format(3) + note("b", 2)))
    assert told.notes["b"] == (1, Fraction(2, 3))


def test_no_cursor_goes_before_its_bar() -> None:
    back = "<backup><duration>9</duration></backup>"
    told = told_by(musicxml(DIVISIONS.format(1) + note("a", 2) + back + note("b", 1)))
    assert told.notes["b"] == (0, 1)


def test_decimals_are_exact() -> None:
    told = told_by(musicxml(DIVISIONS.format(1) + note("a", "0.25") + note("b", "0.75")))
    assert told.notes["b"] == (Fraction(1, 4), Fraction(3, 4))


@pytest.mark.parametrize("text", ["", "x", "-3", "1e9999999", "9" * 5000, "0"])
def test_nonsense_lasts_nothing(text: str) -> None:
    told = told_by(musicxml(DIVISIONS.format(1) + note("a", text) + note("b", 1)))
    assert told.notes["b"] == (0, 1)


def test_a_tie_finds_its_own_voice_before_another() -> None:
    bar = DIVISIONS.format(1) + note("a", 1, tie="start") + note("b", 1, tie="stop start")
    other = "<backup><duration>1</duration></backup>" + note("x", 1, tie="stop").replace(
        "<voice>1", "<voice>2"
    )
    told = told_by(musicxml(bar + other, note("c", 1, tie="stop")))
    assert told.ties == (("a", "b"), ("b", "c"))


def test_a_tie_into_another_pitch_leads_nowhere() -> None:
    bar = note("a", 1, tie="start") + note("b", 1, step="D", tie="stop")
    assert told_by(musicxml(DIVISIONS.format(1) + bar)).ties == ()


def test_every_note_gets_an_id_of_its_own() -> None:
    root = musicxml(note("n1", 1) + note("", 1) + note("n1", 1) + note("n3", 1))
    assert with_ids(root)
    names = [element.get("id") for element in root.iter("note")]
    assert names[0] == "n1"
    assert names[3] == "n3"
    assert len(set(names)) == 4
    assert not with_ids(root)


def test_a_timewise_score_is_turned() -> None:
    text = (
        "<score-timewise><part-list/>"
        '<measure number="1"><part id="P1">{}</part><part id="P2">{}</part></measure>'
        '<measure number="2"><part id="P1">{}</part><part id="P2"/></measure></score-timewise>'
    ).format(DIVISIONS.format(1) + note("a", 1), note("b", 1), note("c", 1))
    told = told_by(by_parts(ElementTree.fromstring(text)))
    assert told.notes["c"] == (1, 1)
    assert told.notes["b"][0] == 0


KERN = """**kern\t**kern
*M3/4\t*M3/4
=1\t=1
4C\t12c 12e
.\t12d
.\t12e
*^\t*
4D\t2D\t4.c
4E\t.\t.
.\t.\t8qd
.\t.\t8d
*v\t*v\t*
=2\t=2
2.C\t0.r
=3\t=3
[2.C\t.
==\t==
*-\t*-
"""


def test_humdrum_lines_stand_where_the_first_spine_runs_out() -> None:
    told = told_by_humdrum(KERN)
    assert told.notes["note-L4F2S2"] == (0, Fraction(1, 3))
    assert told.notes["note-L6F2"] == (Fraction(2, 3), Fraction(1, 3))
    assert told.notes["note-L8F2"] == (1, 2)
    assert told.notes["note-L9F1"] == (2, 1)
    assert told.notes["note-L10F3"] == (Fraction(5, 2), 0)
    assert told.notes["note-L16F1"] == (6, 3)


def test_a_rest_over_a_bar_line_leaves_the_bars_alone() -> None:
    told = told_by_humdrum(KERN)
    named = told.for_bars(["measure-L1", "measure-L13", "measure-L15"])
    assert named is not None
    assert named.bars == ((0, 3), (3, 3), (6, 3))


def test_bars_that_are_not_the_same_are_not_told() -> None:
    assert told_by_humdrum(KERN).for_bars(["measure-L1", "measure-L77"]) is None
    assert told_by(musicxml(note("a", 1))).for_bars(["x", "y"]) is None


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (KERN, []),
        ("**kern\t**kern\n4c\n4d\t4e\n*-\t*-\n", [2]),
        ("**kern\n*^\n4c\t4e\n*v\t*v\n4f\n*-\n", []),
        ("**kern\n*^\n4c\n4c\t4d\n*v\t*v\n*-\n", [3]),
        ("4c\n**kern\n4d\n*-\n", [1]),
        ("**kern\n4c\n\n!!comment\twith tab\n4d\n*-\n", []),
        ("**kern\t**kern\n4c\t\n*-\t*-\n", [2]),
    ],
)
def test_broken_spines_are_found(text: str, broken: list[int]) -> None:
    assert broken_lines(text) == broken
    assert broken_lines(without_lines(text, broken)) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("-2.5", Fraction(-5, 2)), ("1e5", None), ("", None), (None, None), ("١", None)],
)
def test_numbers_are_exact_or_none(text: str | None, value: Fraction | None) -> None:
    assert exact(text) == value


def test_staves_are_as_long_as_the_voices_on_them() -> None:
    lower = note("c", 3).replace("<voice>1", "<staff>2</staff><voice>5")
    crossed = note("d", 1).replace("<voice>1", "<staff>1</staff><voice>5")
    back = "<backup><duration>4</duration></backup>"
    staves = DIVISIONS.replace("</attributes>", "<staves>2</staves></attributes>").format(1)
    told = told_by(
        musicxml(staves + note("a", 4) + back + lower, note("b", 4) + back + lower + crossed)
    )
    assert told.staves == (((1, 4), (2, 3)), ((1, 4), (2, 4)))


def test_a_forward_fills_the_voice_it_follows() -> None:
    told = told_by(
        musicxml(DIVISIONS.format(1) + note("a", 2) + "<forward><duration>2</duration></forward>")
    )
    assert told.staves == (((1, 4),),)


def test_the_second_end_of_a_tie_is_entered() -> None:
    bar = DIVISIONS.format(1) + note("a", 1, tie="start")
    told = told_by(musicxml(bar, note("b", 1, tie="stop"), note("c", 1, tie="stop")))
    assert told.ties == (("a", "b"),)
    assert told.entered == {"c"}


def test_rests_drawn_as_one_are_written_out() -> None:
    style = "<measure-style><multiple-rest>3</multiple-rest></measure-style>"
    root = musicxml(f"<attributes>{style}</attributes>" + note("a", 1))
    assert without_multiple_rests(root)
    assert not list(root.iter("multiple-rest"))
    assert not without_multiple_rests(root)


def test_bars_that_do_not_fit_are_told() -> None:
    told = told_by(musicxml(DIVISIONS.format(1) + note("a", 1), note("b", 1)))
    said = lost(Layout((), (), ()), told, None)
    assert [row.kind for row in said] == ["guessed", "left-out"]
    assert "0 bars and the file 2" in said[0].words
    assert said[1].words == "2 notes of the file are not in the engraving"
    assert lost(Layout((), (), ()), None, None) == []


def test_words_on_two_lines_stay_two_words() -> None:
    words = "<direction-type><words>RONDO\n  Allegro</words></direction-type>"
    root = musicxml(f"<direction>{words}</direction>" + note("a", 1))
    assert without_line_breaks(root)
    assert [element.text for element in root.iter("words")] == ["RONDO Allegro"]
    assert not without_line_breaks(root)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("13e Nocturne., Lento.", "13e Nocturne, Lento"),
        ("Waltz Op.", "Waltz Op."),
        ("Scriabin(1872 - 1915)", "Scriabin (1872 - 1915)"),
        ("\u202eRED\u0085 x", "RED x"),
    ],
)
def test_a_title_is_tidied(written: str, title: str) -> None:
    root = ElementTree.Element("score-partwise")
    work = ElementTree.SubElement(root, "work")
    ElementTree.SubElement(work, "work-title").text = written
    assert names_in_musicxml(root) == (title, "")
