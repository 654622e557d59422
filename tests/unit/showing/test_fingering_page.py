"""The score with its fingers: each where it belongs, and where they come from."""

import re

import pytest

from valentin.music import Fingering
from valentin.reading import read_score
from valentin.repertoire import piece
from valentin.showing import fingering_page
from valentin.showing.fingering_page import with_fingers
from valentin.studying import fingered


@pytest.fixture(scope="module")
def prelude():  # type: ignore[no-untyped-def]
    return read_score(piece("chopin-op28-7").score)


def test_every_note_has_its_finger_on_the_page(prelude) -> None:  # type: ignore[no-untyped-def]
    score, engraving = prelude
    rows = fingered(score)
    page = fingering_page(score, engraving, rows)
    assert len(re.findall(r'class="fing"', page)) == len(rows) == len(score.notes)
    assert "Parncutt" in page
    assert "printed in the score" in page
    assert "http" not in page.partition("</style>")[2].replace("http://www.w3.org", "")


def test_of_some_bars_only(prelude) -> None:  # type: ignore[no-untyped-def]
    score, engraving = prelude
    page = fingering_page(score, engraving, fingered(score), ("1", "2"))
    start, end = score.bars[1].start_q, score.bars[3].start_q
    inside = sum(start <= note.onset_q < end for note in score.notes)
    assert len(re.findall(r'class="fing"', page)) == inside > 0


def test_a_printed_finger_is_not_drawn_twice(prelude) -> None:  # type: ignore[no-untyped-def]
    score, engraving = prelude
    first, second = score.notes[:2]
    rows = [Fingering(first.id, "right", 2, printed=True), Fingering(second.id, "left", 5)]
    mei = with_fingers(engraving, rows).mei
    assert f'startid="#{second.id}" place="below"' in mei
    assert f'startid="#{first.id}" place' not in mei
