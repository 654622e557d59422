"""A score in hand: ghosts go, faint notes come, what was struck stays, what is in doubt is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as F

import pytest

from valentin.aligning import align
from valentin.hearing.informing import informed, settled
from valentin.music import (
    Alignment,
    Bar,
    Metre,
    Performance,
    PerformedNote,
    Score,
    ScoreNote,
    folded_id,
    unfold,
)

TUNE = (60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60, 67)
BEAT_S = 0.5


def score() -> Score:
    """Eight bars of 4/4: a tune in quarters, twice, over a bass note a bar (two octaves below)."""
    notes = []
    for i in range(32):
        pitch = TUNE[i % 16]
        notes.append(ScoreNote(f"t{i}", "P1", F(i), F(1), pitch, "", 1, 1))
        if i % 4 == 0:
            notes.append(ScoreNote(f"b{i}", "P1", F(i), F(4), TUNE[i % 16] - 24, "", 2, 2))
    bars = tuple(Bar(f"m{i}", str(i + 1), F(4 * i), F(4)) for i in range(8))
    return Score("t", "c", (), tuple(notes), (), (Metre(F(0), F(4), F(1), "4/4"),), bars)


def struck() -> list[PerformedNote]:
    """The score as written, surely heard; ids are those of the written notes."""
    return [
        PerformedNote(
            n.id, "", 1 + BEAT_S * float(n.onset_q), 1.4 + BEAT_S * float(n.onset_q), n.pitch, 70
        )
        for n in score().notes
    ]


def heard(onset_s: float, pitch: int, velocity: int, confidence: float) -> PerformedNote:
    return PerformedNote("x", "", onset_s, onset_s + 0.3, pitch, velocity, confidence)


def take(notes: Sequence[PerformedNote]) -> Performance:
    rows = sorted(notes, key=lambda n: (n.onset_s, n.pitch))
    return Performance(tuple(replace(n, id=f"p{i}") for i, n in enumerate(rows)))


def listen(
    notes: Sequence[PerformedNote], faint: Sequence[PerformedNote] = ()
) -> tuple[Performance, Alignment]:
    """Both passes, as `pianist` joins them."""
    raw = take(notes)
    first = align(score(), raw)
    weak = take(faint).notes
    better = informed(raw, weak, unfold(score(), first.repeats_taken), first)
    second = align(score(), better)
    unfolded = unfold(score(), second.repeats_taken)
    return better, settled(second, better, weak, unfolded)


def test_a_clean_take_is_left_as_it_is() -> None:
    better, alignment = listen(struck())
    assert better == take(struck())
    assert (alignment.wrong, alignment.extra, alignment.missed, alignment.unsure) == ((),) * 4


def test_a_soft_note_that_the_score_expects_is_found() -> None:
    notes = [n for n in struck() if n.id != "t9"]
    better, alignment = listen(notes, [heard(5.52, TUNE[9], 20, 0.4)])
    assert len(better.notes) == len(struck())
    assert not alignment.missed


def test_a_faint_note_that_nobody_wrote_is_not_put_in() -> None:
    better, _ = listen(struck(), [heard(5.52, 66, 20, 0.4), heard(5.25, 69, 20, 0.4)])
    assert len(better.notes) == len(struck())


def test_what_was_not_played_stays_missed() -> None:
    """Another key at its time, its own key at another time, its own key with next to no belief."""
    notes = [n for n in struck() if n.id != "t9"]
    faint = [heard(5.5, 66, 20, 0.4), heard(6.2, TUNE[9], 20, 0.4), heard(5.5, TUNE[9], 9, 0.001)]
    better, alignment = listen(notes, faint)
    assert len(better.notes) == len(notes)
    assert [folded_id(m.score_id) for m in alignment.missed] == ["t9"]


def test_where_nobody_can_say_whether_it_came_it_is_unsure() -> None:
    notes = [n for n in struck() if n.id != "t9"]
    _, alignment = listen(notes, [heard(5.5, TUNE[9], 9, 0.1)])
    assert not alignment.missed
    assert [(folded_id(m.score_id), m.performed_id) for m in alignment.unsure] == [("t9", "")]


def test_a_string_still_ringing_is_not_a_key() -> None:
    ghost = heard(1.26, 60, 30, 0.6)
    better, alignment = listen([*struck(), ghost])
    assert len(better.notes) == len(struck())
    assert not alignment.extra


def test_an_overtone_is_not_a_key() -> None:
    loud = [replace(n, velocity=100) if n.id == "b8" else n for n in struck()]
    ghost = heard(5.01, TUNE[8] - 24 + 19, 40, 0.6)
    better, alignment = listen([*loud, ghost])
    assert len(better.notes) == len(struck())
    assert (alignment.extra, alignment.wrong) == ((),) * 2


def test_one_key_heard_twice_at_once_was_struck_once() -> None:
    better, alignment = listen([*struck(), heard(5.56, TUNE[9], 50, 0.95)])
    assert len(better.notes) == len(struck())
    assert not alignment.extra


@pytest.mark.parametrize("instead", [True, False])
def test_a_wrong_note_surely_heard_is_told(instead: bool) -> None:
    notes = [n for n in struck() if not (instead and n.id == "t9")]
    better, alignment = listen([*notes, heard(5.5, 70, 70, 0.99)])
    told = (*alignment.wrong, *alignment.extra)
    pitch = {n.id: n.pitch for n in better.notes}
    assert [pitch[m.performed_id] for m in told] == [70]


def test_a_wrong_note_half_heard_is_unsure_and_so_is_the_note_it_stands_for() -> None:
    notes = [n for n in struck() if n.id != "t9"]
    _, alignment = listen([*notes, heard(5.5, 70, 70, 0.45)])
    assert (alignment.wrong, alignment.extra, alignment.missed) == ((),) * 3
    assert {bool(m.performed_id) for m in alignment.unsure} == {True, False}


def test_every_key_and_note_is_in_one_place() -> None:
    ghosts = [heard(1.26, 60, 30, 0.6), heard(3.3, 61, 60, 0.45), heard(7.3, 80, 60, 0.99)]
    notes = [n for n in struck() if n.id not in ("t9", "b4", "t20")]
    faint = [heard(5.5, TUNE[9], 9, 0.1), heard(3.0, TUNE[4] - 24, 9, 0.45)]
    better, alignment = listen([*notes, *ghosts], faint)
    sides = (*alignment.matches, *alignment.wrong, *alignment.extra, *alignment.unsure)
    keys = sorted(m.performed_id for m in (*sides, *alignment.ornaments) if m.performed_id)
    assert keys == sorted(n.id for n in better.notes)
    written = [m.score_id for m in (*sides, *alignment.missed) if m.score_id]
    assert sorted(written) == sorted(n.id for n in unfold(score()).notes)
