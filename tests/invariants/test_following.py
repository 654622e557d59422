"""What must be so of every follower: nothing printed depends on what comes after.

**Conventions.** Seconds are multiples of 1/1024, shifts and factors powers of two, so that moving a
take in time is exact.
"""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.following import follow
from valentin.music import KeyEvent, Part, Position, Score, ScoreNote, Section

TICK_S = 1 / 1024
CHORDS = st.lists(st.sets(st.integers(40, 80), min_size=1, max_size=3), min_size=4, max_size=24)
STROKES = st.lists(st.tuples(st.integers(0, 2000), st.integers(36, 84)), min_size=1, max_size=40)


def score_of(chords: list[set[int]], up: int = 0) -> Score:
    notes = tuple(
        ScoreNote(f"n{i}x{p}", "P1", Fraction(i, 2), Fraction(1, 2), p + up, "C4", 1, 1)
        for i, chord in enumerate(chords)
        for p in sorted(chord)
    )
    half, end = Fraction(len(chords) // 2, 2), Fraction(len(chords), 2)
    sections = (Section(Fraction(0), half), Section(half, end))
    return Score("", "", (Part("P1", "Piano"),), notes, sections=sections, order=(0, 0, 1))


def events_of(strokes: list[tuple[int, int]], up: int = 0, slower: int = 1) -> list[KeyEvent]:
    events, now = [], 0
    for gap, pitch in strokes:
        now += gap
        events.append(KeyEvent(now * TICK_S * slower, "down", pitch + up, 64))
    return events


def heard(chords: list[set[int]], strokes: list[tuple[int, int]], up: int = 0) -> list[Position]:
    return list(follow(score_of(chords, up), events_of(strokes, up)))


@settings(max_examples=60)
@given(CHORDS, STROKES)
def test_one_position_a_key_and_nothing_is_revised(
    chords: list[set[int]], strokes: list[tuple[int, int]]
) -> None:
    found = heard(chords, strokes)
    assert len(found) == len(strokes)
    assert found == heard(chords, strokes)
    half = len(strokes) // 2
    assert half == 0 or found[:half] == heard(chords, strokes[:half])
    names = {f"{n.id}-{k}" for n in score_of(chords).notes for k in (1, 2)}
    for position in found:
        assert 0 <= position.confidence <= 1
        assert position.score_ids
        assert set(position.score_ids) <= names
        assert 0 < position.seconds_per_quarter < 1e4


@settings(max_examples=40)
@given(CHORDS, STROKES)
def test_transposing_changes_nothing(
    chords: list[set[int]], strokes: list[tuple[int, int]]
) -> None:
    as_written = [p.onset_q for p in heard(chords, strokes)]
    assert as_written == [p.onset_q for p in heard(chords, strokes, up=5)]
