"""Some bars as a score of their own, and what was foreseen of them in the whole."""

from __future__ import annotations

from fractions import Fraction as F
from importlib.resources import files

import pytest

from valentin.errors import MusicError
from valentin.music import Excerpt, Foreseen, Score, as_printed, foreseen_there, unfold
from valentin.reading import read_score
from valentin.shaping import expected, plan_interpreted
from valentin.studying import study

SHELF = files("valentin") / "repertoire"


@pytest.fixture(scope="module")
def whole() -> Score:
    return read_score(SHELF / "chopin-op9-2.musicxml")[0]


def test_a_passage_has_the_bars_notes_and_no_others(whole: Score) -> None:
    excerpt = Excerpt(whole, ("9", "12"))
    start_q, end_q = excerpt.span
    part = excerpt.passage
    assert [bar.number for bar in part.bars] == ["9", "10", "11", "12"]
    assert {n.id for n in part.notes} == {n.id for n in whole.notes if start_q <= n.onset_q < end_q}
    assert part.bars[0].start_q == 0
    assert part.end_q == end_q - start_q
    assert part.metres[0].signature == "12/8"
    assert part.keys[0].fifths == -3
    assert (part.metres[0].start_q, part.keys[0].start_q) == (0, 0)
    ids = {n.id for n in part.notes}
    assert all(ids.issuperset(mark.note_ids) for mark in part.marks)
    assert any(mark.kind == "tempo" for mark in part.marks), "in force from bar 1"


def test_bars_that_are_not_there_are_named(whole: Score) -> None:
    with pytest.raises(MusicError, match="bars 0 to 34"):
        Excerpt(whole, ("9", "99"))


def test_repeats_inside_a_passage_are_not_written_out() -> None:
    score, _ = read_score(SHELF / "chopin-op28-7.musicxml")
    every = Excerpt(score, (score.bars[0].number, "")).passage
    assert unfold(every).order == (0,)
    assert len(unfold(every).notes) == len(as_printed(score).notes)


def test_what_was_foreseen_goes_with_its_notes(whole: Score) -> None:
    printed = as_printed(whole)
    structure = study(printed)
    known = Foreseen(structure, plan_interpreted(printed, structure), expected(printed, structure))
    there = foreseen_there(printed, known, ("9", "12"))
    part = unfold(Excerpt(whole, ("9", "12")).passage)
    row = {note.id: i for i, note in enumerate(printed.notes)}
    for i, note in enumerate(part.notes):
        assert there.spread.velocity[i] == known.spread.velocity[row[note.id]]
        assert note.onset_q == printed.notes[row[note.id]].onset_q - F(8 * 6 + F(1, 2))
    assert len(there.spread.seconds_per_quarter) == len({n.onset_q for n in part.notes})
    assert [s.id for s in there.plan.shapes] == [
        s.id for s in known.plan.shapes if s.id in {n.id for n in part.notes}
    ]
    assert there.plan.onsets_q[0] == 0
    assert all(0 <= p.start_q < p.end_q <= part.end_q for p in there.structure.phrases)
    assert set(there.structure.melody) == set(structure.melody) & {n.id for n in part.notes}
