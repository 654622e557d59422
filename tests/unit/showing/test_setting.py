"""Where a moment stands: between the note heads of its bar, in the order of time."""

from fractions import Fraction

import pytest

from valentin.music import Engraving, Score
from valentin.showing.engraving import draw
from valentin.showing.setting import Setting


@pytest.fixture(scope="module")
def setting(engraving: Engraving, score: Score) -> Setting:
    return Setting(score, draw(engraving, 68)[0])


def test_a_note_stands_at_its_head(setting: Setting, score: Score) -> None:
    for note in score.notes:
        found = setting.head(note.id)
        place = setting.place(note.onset_q)
        assert found is not None
        assert place is not None
        assert place.system == found[0]
        assert place.x == pytest.approx(found[1].x, abs=90)


def test_time_runs_to_the_right_and_then_down(setting: Setting) -> None:
    places = [setting.place(Fraction(i, 4)) for i in range(4 * 47)]
    keys = [(place.system, place.x) for place in places if place is not None]
    assert len(keys) == len(places)
    assert keys == sorted(keys)


def test_bars_between_are_those_that_a_stretch_touches(setting: Setting) -> None:
    assert [b.number for b in setting.bars_between(Fraction(8), Fraction(16))] == ["3", "4"]
    assert [b.number for b in setting.bars_between(Fraction(9), Fraction(9))] == ["3"]
    assert [b.number for b in setting.bars_between(Fraction(9), Fraction(13))] == ["3", "4"]


def test_what_is_not_drawn_has_no_place(setting: Setting) -> None:
    assert setting.head("nobody-1") is None
