"""What must be so of every alignment: `align` on generated takes, with slips and restarts.

**Conventions.** Seconds are multiples of 1/1024, shifts and factors powers of two, so that moving a
take in time is exact.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.aligning import align
from valentin.music import (
    Alignment,
    Ornament,
    Part,
    Performance,
    PerformedNote,
    Score,
    ScoreNote,
    Section,
    unfold,
)

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
TICK_S = 1 / 1024

Written = list[tuple[int, ...]]


def score_of(chords: Written, signs: frozenset[int] = frozenset(), repeat: bool = False) -> Score:
    notes = tuple(
        ScoreNote(
            f"n{i}-{p}",
            "P1",
            Fraction(i, 2),
            Fraction(1, 2),
            p,
            f"{NAMES[p % 12]}{p // 12 - 1}",
            1 if p > 59 else 2,
            1,
            ornament=Ornament("trill") if i in signs else None,
        )
        for i, chord in enumerate(chords)
        for p in sorted(set(chord))
    )
    half, end = Fraction(len(chords) // 2, 2), Fraction(len(chords), 2)
    if not repeat or not 0 < half < end:
        return Score("", "", (Part("P1", "Piano"),), notes)
    sections = (Section(Fraction(0), half), Section(half, end))
    return Score("", "", (Part("P1", "Piano"),), notes, sections=sections, order=(0, 0, 1))


def take_of(strokes: list[tuple[int, int, int]]) -> Performance:
    """A take of (gap in ticks, pitch, length in ticks)."""
    notes, now = [], 0
    for i, (gap, pitch, length) in enumerate(strokes):
        now += gap
        notes.append(PerformedNote(f"p{i}", "", now * TICK_S, (now + length) * TICK_S, pitch, 64))
    return Performance(tuple(sorted(notes, key=lambda n: (n.onset_s, n.pitch))))


pitches = st.integers(40, 80)
chords = st.lists(
    st.lists(pitches, min_size=1, max_size=3, unique=True).map(tuple), min_size=1, max_size=40
)


@st.composite
def practised(draw: st.DrawFn) -> tuple[Score, Performance]:
    """A score and somebody practising it: slips, extras, omissions, jumps."""
    written = draw(chords)
    signs = draw(st.frozensets(st.integers(0, len(written) - 1), max_size=2))
    score = score_of(written, signs, draw(st.booleans()))
    places = list(range(len(written)))
    for _ in range(draw(st.integers(0, 2))):
        at, back = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        places = [*places[: at + 1], *range(back, len(written))]
    strokes = []
    for place in places:
        for k, pitch in enumerate(written[place]):
            fate = draw(st.integers(0, 30))
            gap = draw(st.integers(0, 20)) if k else draw(st.integers(200, 420))
            if fate == 0:
                continue
            strokes.append((gap, pitch + (1 if fate == 1 else 0), 200))
            if fate == 2:
                strokes.append((draw(st.integers(0, 150)), draw(pitches), 100))
    return score, take_of(strokes)


anything = st.tuples(
    chords.map(score_of),
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(21, 108), st.integers(1, 900)), max_size=60
    ).map(take_of),
)


def labels(found: Alignment) -> list[set[tuple[str, str, int]]]:
    kinds = (found.matches, found.wrong, found.missed, found.extra, found.ornaments, found.unsure)
    return [{(m.score_id, m.performed_id, m.run) for m in rows} for rows in kinds]


def accounted_for(score: Score, take: Performance, found: Alignment) -> None:
    rows = (*found.matches, *found.wrong, *found.extra, *found.ornaments, *found.unsure)
    performed = sorted(m.performed_id for m in rows if m.performed_id)
    assert performed == sorted(n.id for n in take.notes)
    named = {m.score_id for m in (*found.matches, *found.wrong, *found.missed, *found.unsure)} - {
        ""
    }
    assert named == {n.id for n in unfold(score, found.repeats_taken).notes}
    struck = {m.score_id for m in (*found.matches, *found.wrong)}
    assert not struck & {m.score_id for m in found.missed}
    matched = [(m.score_id, m.run) for m in found.matches]
    assert len(matched) == len(set(matched))
    assert 0.0 <= found.coverage <= 1.0
    assert all(0.0 <= m.confidence <= 1.0 for m in (*rows, *found.missed))
    assert [run.index for run in found.runs] == list(range(len(found.runs)))
    assert all(a.start_s <= b.start_s for a, b in pairwise(found.runs))


def moved(take: Performance, factor: float, shift_s: float) -> Performance:
    return Performance(
        tuple(
            replace(n, onset_s=n.onset_s * factor + shift_s, offset_s=n.offset_s * factor + shift_s)
            for n in take.notes
        )
    )


@given(st.one_of(practised(), anything))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_note_is_accounted_for_once(case: tuple[Score, Performance]) -> None:
    accounted_for(*case, align(*case))


@given(practised(), st.sampled_from([(1.0, 4096.0), (0.5, 0.0), (2.0, 0.0), (4.0, 64.0)]))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_shift_in_time_and_a_tempo_factor_change_nothing(
    case: tuple[Score, Performance], move: tuple[float, float]
) -> None:
    score, take = case
    assert labels(align(score, moved(take, *move))) == labels(align(score, take))


@given(practised(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_order_of_simultaneous_notes_changes_nothing(
    case: tuple[Score, Performance], chance: object
) -> None:
    score, take = case
    together = Performance(
        tuple(
            replace(n, onset_s=round(n.onset_s * 8) / 8, offset_s=round(n.onset_s * 8) / 8 + 0.2)
            for n in take.notes
        )
    )
    shuffled = list(together.notes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = Performance(tuple(sorted(shuffled, key=lambda n: n.onset_s)))
    pitch = {n.id: (n.onset_s, n.pitch) for n in together.notes}

    def by_pitch(found: Alignment) -> list[list[object]]:
        return [
            sorted((s, pitch.get(p, (-1.0, -1)), run) for s, p, run in rows)
            for rows in labels(found)
        ]

    assert by_pitch(align(score, again)) == by_pitch(align(score, together))


@given(practised())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_the_same_input_gives_the_same_output(case: tuple[Score, Performance]) -> None:
    assert align(*case) == align(*case)


@pytest.mark.parametrize("semitones", [-12, -3, 2, 12])
def test_transposing_the_take_changes_only_the_transposition(semitones: int) -> None:
    written = [(60 + (7 * i * i) % 19, 45 + (5 * i) % 12) for i in range(40)]
    score = score_of(written)
    take = take_of([(300 if k == 0 else 5, p, 250) for c in written for k, p in enumerate(c)])
    shifted = Performance(tuple(replace(n, pitch=n.pitch + semitones) for n in take.notes))
    found = align(score, shifted)
    assert found.transposition == semitones
    assert labels(found) == labels(align(score, take))
