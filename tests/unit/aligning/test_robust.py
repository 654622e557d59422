"""The aligner on takes that are no performance of the score: nothing falls over, and it says so."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.aligning import align
from valentin.music import Alignment, Part, Performance, PerformedNote, Score, ScoreNote

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def piece(places: int, seed: int = 0) -> Score:
    """Two voices, a note each every half quarter, drawn at random."""
    rng = np.random.default_rng(seed)
    low, high = rng.integers(36, 60, places), rng.integers(60, 90, places)
    notes = tuple(
        ScoreNote(
            f"n{i}v{v}", "P1", Fraction(i, 2), Fraction(1, 2), p,
            f"{NAMES[p % 12]}{p // 12 - 1}", v, 1,
        )
        for i in range(places)
        for v, p in ((2, int(low[i])), (1, int(high[i])))
    )  # fmt: skip
    return Score("", "", (Part("P1", "Piano"),), notes)


def rendition(score: Score, semitones: int = 0, each_s: float = 0.5, seed: int = 1) -> Performance:
    """The score at a steady tempo, its chords a little spread."""
    spread = np.random.default_rng(seed).random(len(score.notes)) * 0.02
    return keys(
        [
            (float(n.onset_q) * each_s + s, n.pitch + semitones)
            for n, s in zip(score.notes, spread, strict=True)
        ]
    )


def keys(struck: list[tuple[float, int]]) -> Performance:
    return Performance(
        tuple(
            PerformedNote(f"p{i}", "", t, t + 0.2, p, 64) for i, (t, p) in enumerate(sorted(struck))
        )
    )


def nothing_lost(take: Performance, found: Alignment) -> None:
    rows = (*found.matches, *found.wrong, *found.extra, *found.ornaments, *found.unsure)
    assert sorted(m.performed_id for m in rows if m.performed_id) == sorted(
        n.id for n in take.notes
    )


def test_one_note() -> None:
    score = piece(40)
    for pitch in (score.notes[0].pitch, 21):
        take = keys([(0.0, pitch)])
        found = align(score, take)
        nothing_lost(take, found)
        assert found.coverage < 0.02
        assert found.transposition == 0


def test_a_score_of_one_note() -> None:
    score = Score("", "", (Part("P1", "Piano"),), piece(1).notes[:1])
    found = align(score, keys([(1.0, score.notes[0].pitch)]))
    assert [m.score_id for m in found.matches] == [f"{score.notes[0].id}-1"]


def test_a_score_without_notes() -> None:
    take = rendition(piece(10))
    found = align(Score("", "", (Part("P1", "Piano"),), ()), take)
    assert len(found.unsure) == len(take.notes)
    assert found.coverage == 0.0


def test_a_take_of_another_piece_is_not_believed() -> None:
    take = rendition(piece(200, seed=7))
    found = align(piece(200), take)
    nothing_lost(take, found)
    assert found.coverage < 0.1
    assert not found.wrong
    assert len(found.unsure) > 0.9 * len(take.notes)


def test_all_notes_at_once() -> None:
    score = piece(100)
    take = keys([(0.0, n.pitch) for n in score.notes])
    nothing_lost(take, align(score, take))


def test_one_key_again_and_again() -> None:
    take = keys([(0.1 * i, 60) for i in range(300)])
    found = align(piece(100), take)
    nothing_lost(take, found)
    assert found.coverage < 0.2


@pytest.mark.parametrize("semitones", [12, -12, 2, -2])
def test_a_transposed_take_is_matched_and_said_to_be_transposed(semitones: int) -> None:
    score = piece(120)
    found = align(score, rendition(score, semitones))
    assert found.transposition == semitones
    assert len(found.matches) == len(score.notes)
    assert not found.wrong


def test_a_slip_of_an_octave_is_no_transposition() -> None:
    score = piece(60)
    take = rendition(score)
    struck = [(n.onset_s, n.pitch + (12 if 20 < i < 30 else 0)) for i, n in enumerate(take.notes)]
    assert align(score, keys(struck)).transposition == 0


def test_thirty_thousand_notes() -> None:
    score = piece(15_000)
    found = align(score, rendition(score))
    assert len(found.matches) > 0.999 * len(score.notes)
    assert len(found.runs) == 1


def test_a_long_take_of_a_short_score() -> None:
    score = piece(60)
    once = rendition(score)
    struck = [(n.onset_s + 32 * k, n.pitch) for k in range(60) for n in once.notes]
    take = keys(struck)
    found = align(score, take)
    nothing_lost(take, found)
    assert len(found.runs) == 60
    assert len(found.matches) == len(struck)


def test_another_piece_before_this_one_does_not_hide_it() -> None:
    score, other = piece(60), piece(400, seed=9)
    before = rendition(other)
    start_s = before.end_s + 3.0
    own = [(n.onset_s + start_s, n.pitch) for n in rendition(score).notes]
    take = keys([(n.onset_s, n.pitch) for n in before.notes] + own)
    found = align(score, take)
    nothing_lost(take, found)
    assert found.coverage > 0.9


def test_of_equal_places_the_nearer_one_is_resumed() -> None:
    """Eight quarters, four times over: stopped in the third time, gone on four quarters back."""
    tune = piece(16, seed=4)
    notes = tuple(
        replace(n, id=f"{n.id}t{t}", onset_q=n.onset_q + 8 * t)
        for t in range(4)
        for n in tune.notes
    )
    score = replace(tune, notes=notes)
    whole = rendition(score)
    stop_s, back_s = 11.0, 8.99
    first = [(n.onset_s, n.pitch) for n in whole.notes if n.onset_s < stop_s]
    again = [(n.onset_s - back_s + stop_s + 3, n.pitch) for n in whole.notes if n.onset_s > back_s]
    found = align(score, keys(first + again))
    assert [float(run.start_q) for run in found.runs] == pytest.approx([0.0, 18.0], abs=0.5)


@pytest.mark.parametrize("staff", [1, 2])
def test_one_hand_alone_leaves_the_other_hands_notes_unasked(staff: int) -> None:
    score = piece(120)
    alone = replace(score, notes=tuple(n for n in score.notes if n.staff == staff))
    take = rendition(alone)
    found = align(score, take)
    nothing_lost(take, found)
    assert len(found.matches) == len(alone.notes)
    assert {m.confidence for m in found.missed} == {0.0}


@pytest.mark.parametrize(("staff", "semitones"), [(1, 12), (2, -12), (1, -12)])
def test_one_hand_an_octave_away_is_said_to_be(staff: int, semitones: int) -> None:
    score = piece(120)
    moved = [replace(n, pitch=n.pitch + semitones * (n.staff == staff)) for n in score.notes]
    take = rendition(replace(score, notes=tuple(moved)))
    found = align(score, take)
    nothing_lost(take, found)
    assert (found.transposition, found.transposed_staff) == (semitones, staff)
    assert len(found.matches) > 0.97 * len(score.notes)
    assert found.semitones_away(staff) == semitones
    assert found.semitones_away(3 - staff) == 0


def test_another_piece_is_said_to_be_one_and_a_short_take_is_not() -> None:
    assert align(piece(200), rendition(piece(200, seed=7))).another_piece
    assert not align(piece(200), rendition(piece(200))).another_piece
    assert not align(piece(200), keys([(0.0, 21)])).another_piece
    assert not align(piece(200), Performance(())).another_piece
