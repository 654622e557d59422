"""Metronome marks within reason, and the playback's tempi where none is printed."""

from fractions import Fraction as F

import pytest

from valentin.music import Mark
from valentin.reading.humdrum import told_by_humdrum
from valentin.reading.tempi import bounded, played_back
from valentin.reading.told import Playback


def tempo(text: str, at: int = 0, value: float | None = None) -> Mark:
    return Mark("tempo", text, F(at), F(at), value=value)


@pytest.mark.parametrize(
    ("value", "kept", "guesses"), [(0.001, 10, 1), (10, 10, 0), (66, 66, 0), (99999, 400, 1)]
)
def test_a_metronome_mark_is_kept_within_reason(value: float, kept: float, guesses: int) -> None:
    marks, said = bounded([tempo("♩ = x", 0, value)])
    assert [m.value for m in marks] == [kept]
    assert len(said) == guesses


CASES: dict[str, tuple[list[Mark], list[Playback], list[tuple[F, float | None]]]] = {
    "words at the start": ([tempo("Lento")], [Playback(F(0), 40, True)], [(F(0), 40)]),
    "no words at the start": ([], [Playback(F(0), 84, False)], [(F(0), 84)]),
    "a default without words": ([tempo("Lento")], [Playback(F(0), 120, False)], []),
    "a default with words": ([tempo("Allegro")], [Playback(F(0), 120, True)], [(F(0), 120)]),
    "a printed metronome mark": ([tempo("♩ = 60", 0, 60)], [Playback(F(0), 40, True)], []),
    "a step of a rit.": ([tempo("rit.", 4)], [Playback(F(4), 40, True)], []),
    "a step without words": ([tempo("a tempo", 8)], [Playback(F(4), 40, False)], []),
    "a tempo": ([tempo("a tempo", 8)], [Playback(F(8), 84, True)], [(F(8), 84)]),
    "beyond reason": ([tempo("Presto")], [Playback(F(0), 4000, True)], [(F(0), 400)]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_playback_speaks_where_nothing_is_printed(name: str) -> None:
    marks, playback, expected = CASES[name]
    rows, said = played_back(marks, playback, F(0))
    assert [(m.start_q, m.value) for m in rows] == expected
    assert {m.kind for m in rows} <= {"playback-tempo"}
    assert len(said) == len(expected)


def test_a_speed_in_humdrum_is_read() -> None:
    told = told_by_humdrum("**kern\t**kern\n*MM66\t*MM66\n4c\t4e\n*MM90\t*\n4d\t4f\n*-\t*-\n")
    assert told.playback == (Playback(F(0), 66.0, True), Playback(F(1), 90.0, True))
