"""A page from any piece that can be heard; a clear refusal of what cannot."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from valentin import pianist, recital
from valentin.cli import main
from valentin.errors import MusicError, TakeError
from valentin.music import Performance

SMALL = Path(__file__).parents[1] / "music" / "scores"


@pytest.fixture(scope="module")
def small() -> recital.Listening:
    """Two bars and a little, with ornaments."""
    score, engraving = pianist.read_score(SMALL / "ornaments.musicxml")
    return recital.listen(score, engraving, title="A <small> thing", language="de")


def test_a_piece_of_a_few_bars_is_a_page(small: recital.Listening) -> None:
    html = recital.page([small], language="de", instrument="modelled").html
    assert '<html lang="de">' in html
    assert "A &lt;small&gt; thing" in html
    assert "A <small> thing" not in html
    assert "sound-1-whole" in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert len(small.cues) <= 2


def test_two_pieces_are_a_programme(small: recital.Listening) -> None:
    html = recital.page([small, small], instrument="modelled").html
    assert html.count('data-piece="') == 2
    assert "Programme" in html
    assert "a recital hall" in html


def test_a_take_with_stops_is_heard_as_it_is() -> None:
    piece = pianist.piece("chopin-op9-2")
    score, engraving = pianist.read_score(piece.score)
    heard = recital.listen(score, engraving, pianist.read_take(piece.takes[0]), by="Anna")
    assert heard.rendition.performance.notes[0].onset_s == pytest.approx(recital.OPENING_S)
    assert all(cue.time_s <= heard.rendition.performance.end_s for cue in heard.cues)
    assert [beat.time_s for beat in heard.beats] == sorted(b.time_s for b in heard.beats)


def test_a_take_without_a_name_is_not_said_to_be_ours(small: recital.Listening) -> None:
    played = small.rendition.performance
    heard = recital.listen(small.score, small.engraving, played, language="de")
    assert (small.by, heard.by) == ("", "jemandem")


def test_a_take_of_another_piece_is_refused(small: recital.Listening) -> None:
    take = pianist.read_take(pianist.piece("chopin-op9-2").takes[0])
    with pytest.raises(TakeError, match="of its notes are written in this score"):
        recital.listen(small.score, small.engraving, take)
    with pytest.raises(TakeError, match="it has no notes"):
        recital.listen(small.score, small.engraving, Performance(()))


def test_a_score_without_notes_is_refused(small: recital.Listening) -> None:
    with pytest.raises(MusicError, match="the score has no notes"):
        recital.listen(replace(small.score, notes=()), small.engraving)


def test_cues_go_out_and_come_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cues = tmp_path / "x.toml"
    assert main(["listen", "chopin-op28-20", "-o", str(cues)]) == 0
    words = re.sub(
        r'story = ".*"', 'story = "Here I hold my breath."', cues.read_text("utf-8"), count=1
    )
    cues.write_text(words, encoding="utf-8")
    assert main(["listen", "chopin-op28-20", "--cues", str(cues)]) == 0
    assert "Here I hold my breath." in capsys.readouterr().out


def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["listen", "chopin-op28-20", "--cues", str(tmp_path / "none.toml")]) == 1
    assert "give the file that `-o x.toml` wrote" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["listen", "chopin-op28-20", "chopin-op28-7", "--take", "x.mid"])
    assert "a take belongs to one score" in capsys.readouterr().err
