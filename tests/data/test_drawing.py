"""Real scores: every note and every bar that was read is drawn, inside its system."""

import os
from pathlib import Path

import pytest

from valentin.reading import read_score
from valentin.showing.engraving import NARROW_SPACES, WIDE_SPACES, draw

SCORES = (
    "asap-dev/Bach/Fugue/bwv_846/xml_score.musicxml",
    "asap-dev/Chopin/Sonata_2/3rd_no_repeat/xml_score.musicxml",
    "debussy/l113-01_childrens_doctor.musicxml",
    "nocturnes/009-1-KI-001.krn",
)


@pytest.mark.data
@pytest.mark.skipif("VALENTIN_DATA" not in os.environ, reason="VALENTIN_DATA is not set")
@pytest.mark.parametrize("name", SCORES)
def test_what_was_read_is_drawn(name: str) -> None:
    score, engraving = read_score(Path(os.environ["VALENTIN_DATA"]) / name)
    for systems in draw(engraving, WIDE_SPACES, NARROW_SPACES):
        heads = [note.id for system in systems for note in system.notes]
        missing = {note.id for note in score.notes} - set(heads)
        assert len(heads) == len(set(heads))
        assert len(missing) <= 0.001 * len(score.notes), missing
        bars = [bar for system in systems for bar in system.bars]
        assert [bar.id for bar in bars] == [bar.id for bar in score.bars]
        for system in systems:
            assert all(0 <= bar.left < bar.right <= system.width for bar in system.bars)
