"""Engraving → systems: every note and bar where its id says, at every width."""

import re
from xml.etree import ElementTree

import pytest

from valentin.errors import MusicError
from valentin.music import Engraving, Score, folded_id
from valentin.showing import engrave
from valentin.showing.engraving import draw


def test_every_note_and_bar_of_the_score_is_drawn_once(engraving: Engraving, score: Score) -> None:
    for systems in draw(engraving, 150, 68):
        heads = [note.id for system in systems for note in system.notes]
        bars = [bar.id for system in systems for bar in system.bars]
        assert sorted(heads) == sorted(folded_id(note.id) for note in score.notes)
        assert bars == [bar.id for bar in score.bars]


def test_a_narrow_page_has_more_systems_and_each_fits(engraving: Engraving) -> None:
    wide, narrow = draw(engraving, 150, 68)
    assert len(narrow) > len(wide)
    for system in (*wide, *narrow):
        assert all(0 <= bar.left < bar.right <= system.width for bar in system.bars)
        assert 0 < system.top < system.bottom < system.height


def test_heads_stand_inside_their_bars_and_rise_with_their_pitch(engraving: Engraving) -> None:
    (systems,) = draw(engraving, 150)
    for system in systems:
        boxes = {bar.id: bar for bar in system.bars}
        for note in system.notes:
            assert boxes[note.bar_id].left < note.x < boxes[note.bar_id].right
        tune = [note for note in system.notes if note.id.startswith(f"t{system.bars[0].id[3:]}-")]
        assert [n.y for n in tune] == sorted((n.y for n in tune), reverse=True)
        assert [n.x for n in tune] == sorted(n.x for n in tune)
        assert {n.staff for n in system.notes if n.id.startswith("b")} == {1}


def test_the_drawing_is_well_formed_and_leaves_colour_and_fonts_to_the_page(
    engraving: Engraving, score: Score
) -> None:
    pages = engrave(score, engraving)
    ElementTree.fromstring(f"<page>{''.join(pages)}</page>")
    text = "".join(pages)
    assert not re.search(r"(fill|stroke|color)=\"(?!none)", text)
    assert "http" not in text
    assert "style=" not in text
    assert "font-face" not in text
    used = set(re.findall(r'href="#([^"]+)"', text))
    assert used <= set(re.findall(r'<path id="([^"]+)"', pages[0]))


def test_each_bar_can_be_pressed_and_each_system_has_a_cursor(
    engraving: Engraving, score: Score
) -> None:
    pages = engrave(score, engraving, width_spaces=68)
    numbers = re.findall(r'data-bar="(\d+)"', "".join(pages))
    assert numbers == [bar.number for bar in score.bars]
    assert all(page.count('class="cursor"') == 1 for page in pages)


def test_the_same_score_is_drawn_the_same(engraving: Engraving, score: Score) -> None:
    assert engrave(score, engraving) == engrave(score, engraving)


@pytest.mark.parametrize("mei", ["", "   ", "<mei/>", "not music"])
def test_an_engraving_without_music_is_refused(mei: str, score: Score) -> None:
    with pytest.raises(MusicError, match="Engraving the score"):
        engrave(score, Engraving(mei))


@pytest.mark.parametrize("spaces", [0, 19, 3000])
def test_a_senseless_width_is_refused(engraving: Engraving, spaces: float) -> None:
    with pytest.raises(ValueError, match="staff spaces wide"):
        draw(engraving, spaces)


def named(engraving: Engraving, *names: str) -> Engraving:
    """The engraving with a name for each staff."""
    mei = engraving.mei
    for n, name in enumerate(names, start=1):
        staff = re.search(rf'<staffDef n="{n}"[^>]*/>', mei)[0]
        inside = f"{staff[:-2]}><label>{name}</label></staffDef>"
        mei = mei.replace(staff, inside)
    return Engraving(mei)


def test_an_only_instrument_is_not_named_and_several_are(
    engraving: Engraving, score: Score
) -> None:
    assert "Piano" not in "".join(engrave(score, named(engraving, "Piano")))
    both = "".join(engrave(score, named(engraving, "Piano", "Orchestra")))
    assert "Piano" in both
    assert "Orchestra" in both
