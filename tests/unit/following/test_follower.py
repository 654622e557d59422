"""One player followed: clean, from the middle, again, skipping, with slips; never a second late."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from valentin.errors import MusicError, TakeError
from valentin.following import Follower, follow
from valentin.music import Bar, KeyEvent, Part, Position, Score, ScoreNote, Section

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
QUARTER_S = 0.5


def melody(length: int, seed: int = 3) -> list[int]:
    """Pitches that wander, so that few places are like another."""
    rng = np.random.default_rng(seed)
    return np.clip(72 + np.cumsum(rng.integers(-4, 5, length)), 50, 94).tolist()


def score_of(pitches: list[int], *, repeat: bool = False) -> Score:
    """One note each quarter over a bass note in every bar of four."""
    notes = [note(f"n{i}", i, p, 1) for i, p in enumerate(pitches)]
    notes += [note(f"b{i}", i, 36 + pitches[i] % 12, 2) for i in range(0, len(pitches), 4)]
    notes.sort(key=lambda n: (n.onset_q, n.staff, n.pitch))
    bars = tuple(
        Bar(f"bar{i}", str(i + 1), Fraction(4 * i), Fraction(4)) for i in range(len(pitches) // 4)
    )
    end = Fraction(len(pitches))
    sections = (Section(Fraction(0), Fraction(16)), Section(Fraction(16), end))
    return Score(
        "", "", (Part("P1", "Piano"),), tuple(notes), bars=bars,
        sections=sections if repeat else (), order=(0, 0, 1) if repeat else (),
    )  # fmt: skip


def note(name: str, onset: int, pitch: int, staff: int) -> ScoreNote:
    spelling = f"{NAMES[pitch % 12]}{pitch // 12 - 1}"
    return ScoreNote(name, "P1", Fraction(onset), Fraction(1), pitch, spelling, staff, 1)


def played(score: Score, *spans: tuple[int, int], quarter_s: float = QUARTER_S) -> list[KeyEvent]:
    """The notes of each span of quarters, one span after another with a breath between."""
    events, now = [], 0.0
    for first, last in spans:
        rows = [n for n in score.notes if first <= n.onset_q < last]
        events += [
            KeyEvent(now + float(n.onset_q - first) * quarter_s, "down", n.pitch, 70) for n in rows
        ]
        now = events[-1].time_s + 1.2
    return events


def places(score: Score, events: list[KeyEvent]) -> list[float]:
    return [float(p.onset_q) for p in follow(score, events)]


def test_clean_playing_is_followed_note_for_note() -> None:
    score = score_of(melody(64))
    found = list(follow(score, played(score, (0, 64))))
    assert [p.onset_q for p in found] == [n.onset_q for n in score.notes]
    assert [p.bar for p in found[:6]] == ["1"] * 5 + ["2"]
    assert found[-1].seconds_per_quarter == pytest.approx(QUARTER_S, rel=0.03)
    assert found[-1].confidence > 0.9
    assert {name for p in found for name in p.score_ids} == {f"{n.id}-1" for n in score.notes}


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("start", [12, 30])
def test_a_start_in_the_middle_is_found_within_eight_keys(start: int, factor: float) -> None:
    score = score_of(melody(64))
    found = places(score, played(score, (start, 64), quarter_s=QUARTER_S * factor))
    assert found[8:] == [n.onset_q for n in score.notes if n.onset_q >= start][8:]


@pytest.mark.parametrize("spans", [((0, 40), (32, 64)), ((0, 24), (44, 64)), ((32, 64), (0, 32))])
def test_a_restart_and_a_skip_are_found_within_eight_keys(
    spans: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    score = score_of(melody(64))
    events = played(score, *spans)
    (first, last), (again, end) = spans
    before = sum(first <= n.onset_q < last for n in score.notes)
    expected = [n.onset_q for n in score.notes if again <= n.onset_q < end]
    assert places(score, events)[before + 8 :] == expected[8:]


@pytest.mark.parametrize("taken", [True, False])
def test_a_repeat_is_followed_both_ways(taken: bool) -> None:
    score = score_of(melody(32), repeat=True)
    events = played(score, *([(0, 16)] if taken else []))
    later = played(score, (0, 32))
    shift = 16 * QUARTER_S if taken else 0.0
    events += [KeyEvent(e.time_s + shift, "down", e.pitch, 70) for e in later]
    found = list(follow(score, events))
    assert found[-1].onset_q == 47
    assert found[-1].score_ids == ("n31-1",)
    assert ("n0-2" in {name for p in found for name in p.score_ids}) == taken
    assert all(b.onset_q >= a.onset_q for a, b in pairwise(found))


def test_slips_do_not_lead_astray() -> None:
    score = score_of(melody(64))
    events = played(score, (0, 64))
    slipped = [
        KeyEvent(e.time_s, "down", e.pitch + (1 if i % 9 == 4 else 0), 70)
        for i, e in enumerate(events)
    ]
    found = places(score, slipped)
    true = [float(n.onset_q) for n in score.notes]
    away = [abs(a - b) > 1 for a, b in zip(found, true, strict=True)]
    assert sum(away) <= len(away) / 20
    assert not any(a and b for a, b in pairwise(away))


def test_a_free_cadenza_is_waited_out() -> None:
    score = score_of(melody(64))
    events = played(score, (0, 32))
    now, rng = events[-1].time_s, np.random.default_rng(0)
    for _ in range(20):
        now += 0.15
        events.append(KeyEvent(now, "down", int(rng.integers(60, 90)), 60))
    rest = played(score, (32, 64))
    events += [KeyEvent(now + 0.8 + e.time_s, "down", e.pitch, 70) for e in rest]
    true = [n.onset_q for n in score.notes if n.onset_q >= 32]
    assert places(score, events)[-len(true) + 8 :] == true[8:]


def test_only_keys_going_down_say_anything() -> None:
    score = score_of(melody(16))
    follower = Follower(score)
    assert follower.hear(KeyEvent(0.0, "sustain", 0, 127)) is None
    assert isinstance(follower.hear(KeyEvent(0.1, "down", score.notes[0].pitch, 70)), Position)
    assert follower.hear(KeyEvent(0.2, "up", score.notes[0].pitch, 0)) is None
    with pytest.raises(ValueError, match="events must come in order"):
        follower.hear(KeyEvent(0.05, "down", 60, 70))


def test_nothing_to_follow_is_said() -> None:
    score = score_of(melody(16))
    with pytest.raises(TakeError, match="no key was struck"):
        list(follow(score, []))
    with pytest.raises(MusicError, match="no notes"):
        Follower(Score("", "", (), ()))


def test_a_player_who_says_where_he_begins_is_there_with_one_key() -> None:
    """Literal repeats cannot be told apart by ear."""
    notes = tuple(
        ScoreNote(f"n{i}", "P1", Fraction(i), Fraction(1), 60 + i % 4, "C4", 1, 1)
        for i in range(32)
    )
    bars = tuple(Bar(f"b{i}", str(i + 1), Fraction(4 * i), Fraction(4)) for i in range(8))
    score = Score("", "", (Part("P1", "Piano"),), notes, bars=bars)
    key = KeyEvent(0.0, "down", 60, 64)
    for start in (0, 4, 20):
        position = Follower(score, Fraction(start)).hear(key)
        assert position is not None
        assert position.onset_q == start
