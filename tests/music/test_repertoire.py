"""Every piece of the shelf reads without a guess, fills its bars, and is what its row says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from valentin.music import unfold
from valentin.reading import read_score
from valentin.repertoire import Piece, pieces


@pytest.fixture(params=pieces(), ids=lambda each: each.name, scope="module")
def piece(request: pytest.FixtureRequest) -> Piece:
    found: Piece = request.param
    return found


def test_a_piece_reads_as_its_row_says(piece: Piece) -> None:
    score, engraving = read_score(piece.score)
    assert (score.title, score.composer) == (piece.title, piece.composer)
    assert [remark for remark in score.remarks if "playback" not in remark.words] == []
    assert all(note.id in engraving.mei for note in score.notes)
    assert any(mark.kind == "tempo" for mark in score.marks)
    assert piece.listen_for.endswith(".")
    assert "public domain" in piece.source


def test_every_bar_but_the_pickup_is_full(piece: Piece) -> None:
    score, _ = read_score(piece.score)
    metre = score.metres[0].bar_quarters
    assert [bar.number for bar in score.bars if bar.length_q != metre] in ([], ["0"])


def test_the_menuet_repeats_both_halves() -> None:
    score, _ = read_score(next(p for p in pieces() if p.name == "petzold-anh114").score)
    whole = unfold(score)
    assert len(whole.notes) == 2 * len(score.notes)
    assert [bar.number for bar in whole.bars][14:18] == ["15", "16", "1", "2"]
    assert whole.end_q == 2 * score.end_q == Fraction(192)
