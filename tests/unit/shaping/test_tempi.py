"""The written tempo, and what a file's own playback adds to it."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from valentin.music import Mark, NoteColumns, Score
from valentin.shaping.tempi import written_tempo


def speeds(score: Score, *marks: Mark) -> np.ndarray:
    told = replace(score, marks=marks)
    return 60.0 / written_tempo(told, NoteColumns.of(told)).seconds_per_quarter


def at(kind: str, text: str, start_q: int, value: float | None = None) -> Mark:
    return Mark(kind, text, Fraction(start_q), Fraction(start_q), value=value)


def test_the_playback_tells_the_speed_of_a_word_without_a_number(tune: Score) -> None:
    opening = at("tempo", "Allegro", 0), at("playback-tempo", "Allegro", 0, 97.0)
    for marks in (opening, opening[::-1]):
        assert set(speeds(tune, *marks)) == {97.0}


def test_a_later_word_takes_the_playback_s_speed_and_no_ratio_on_top(tune: Score) -> None:
    found = speeds(
        tune,
        at("tempo", "Moderato", 0),
        at("playback-tempo", "Moderato", 0, 80.0),
        at("tempo", "poco più mosso", 16),
        at("playback-tempo", "poco più mosso", 16, 100.0),
        at("tempo", "a tempo", 32),
    )
    onsets = NoteColumns.of(tune).onsets_q
    assert set(found[onsets < 16]) == {80.0}
    assert set(found[(onsets >= 16) & (onsets < 32)]) == {100.0}
    assert set(found[onsets >= 32]) == {80.0}
