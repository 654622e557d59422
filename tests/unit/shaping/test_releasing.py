"""A key is up before it is struck again; a unison is one stroke."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import NoteColumns, Score, ScoreNote, sorted_notes
from valentin.shaping.draft import Draft
from valentin.shaping.releasing import LONGEST_S, RELEASE_GAP_S, released


def with_note(tune: Score, onset: int, pitch: int) -> tuple[Score, int]:
    """The tune with one more whole note, and that note's place."""
    more = ScoreNote("x-1", "P1", Fraction(onset), Fraction(4), pitch, "C4", 2, 2, "left")
    score = replace(tune, notes=sorted_notes((*tune.notes, more)))
    return score, next(i for i, note in enumerate(score.notes) if note.id == "x-1")


def held(score: Score, lead: float = 0.0) -> np.ndarray:
    """Articulation after release, of notes held for their full length at 60 quarters a minute."""
    notes = NoteColumns.of(score)
    leads = np.full(len(notes.pitch), lead)
    leads[::2] = 0.0
    draft = Draft(leads * 0 + 64.0, leads, leads * 0 + 1.0, np.ones(len(notes.onsets_q)))
    return released(notes, draft).articulation


def test_a_long_note_ends_before_its_key_is_struck(tune: Score) -> None:
    score, at = with_note(tune, 0, tune.notes[0].pitch)
    again = [n.onset_q for n in score.notes if n.pitch == tune.notes[0].pitch and n.onset_q > 0]
    if not again:
        pytest.fail("the tune must strike its first key again")
    room = float(min(again))
    assert held(score)[at] * 4.0 == pytest.approx(min(room - RELEASE_GAP_S, 4.0))


def test_a_unison_does_not_end_its_other_note(tune: Score) -> None:
    first = next(note for note in tune.notes if note.id == "m63-1")
    score, at = with_note(tune, int(first.onset_q), first.pitch)
    assert held(score, lead=0.005)[at] == pytest.approx(1.0)
    other = next(i for i, note in enumerate(score.notes) if note.id == first.id)
    assert held(score, lead=0.005)[other] == pytest.approx(1.0)


def test_no_key_is_held_for_half_a_minute_unless_it_is_written(tune: Score) -> None:
    notes = NoteColumns.of(tune)
    slow = np.full(len(notes.onsets_q), 3.0)
    three = Draft(notes.pitch * 0 + 64.0, notes.pitch * 0.0, notes.pitch * 0 + 3.0, slow)
    written = 3.0 * notes.duration_q
    seconds = released(notes, three).articulation * written
    assert seconds.max() > LONGEST_S / 2
    assert np.all(seconds <= np.maximum(LONGEST_S, written) + 1e-9)
