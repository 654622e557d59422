"""A metronome that goes with the music: in time, in the metre, counted in."""

from fractions import Fraction
from itertools import pairwise

import pytest

from valentin import pianist
from valentin.music import CursorStep, Pulse, unfold
from valentin.showing import pulse


def played(name: str, **wish: object) -> tuple[pianist.Rendition, pianist.Wish]:
    score, _ = pianist.read_score(pianist.piece(name).score)
    asked = pianist.Wish(performer="score", **wish)  # type: ignore[arg-type]
    return pianist.play(score, asked), asked


def pulse_of(name: str, **wish: object) -> Pulse:
    rendition, asked = played(name, **wish)
    steps = pianist.cursor_steps(rendition.score, rendition.performance, rendition.alignment)
    return pulse(rendition.score, steps, asked.bars)


def test_a_menuet_has_three_even_beats_a_bar_and_three_before() -> None:
    told = pulse_of("petzold-anh114", bars=("1", "2"))
    times = [time_s for time_s, _ in told.beats]
    step = times[1]
    assert [strong for _, strong in told.beats] == [True, False, False] * 2
    assert times == pytest.approx([i * step for i in range(6)], abs=1e-3)
    assert told.end_s == pytest.approx(6 * step, abs=1e-3)
    assert [t for t, _ in told.count_in] == pytest.approx([-3 * step, -2 * step, -step], abs=1e-3)
    assert [strong for _, strong in told.count_in] == [True, False, False]


def test_an_upbeat_is_counted_in_as_the_end_of_a_bar() -> None:
    told = pulse_of("chopin-op9-2")
    beat = told.beats[1][0] - told.beats[0][0]
    assert len(told.count_in) == 4
    assert told.count_in[0][1]
    assert told.beats[0][1], "the first beat after the upbeat begins bar 1"
    assert told.beats[0][0] == pytest.approx(beat / 3, abs=0.05)
    assert told.beats[0][0] - told.count_in[-1][0] == pytest.approx(beat, abs=0.05)


def test_half_the_tempo_is_twice_as_long() -> None:
    usual, slow = (pulse_of("petzold-anh114", tempo=tempo) for tempo in (1.0, 0.5))
    assert slow.end_s == pytest.approx(2 * usual.end_s, rel=1e-3)
    assert len(slow.beats) == len(usual.beats) == 192


@pytest.mark.parametrize("name", [piece.name for piece in pianist.pieces()])
def test_beats_rise_and_every_bar_begins_with_one(name: str) -> None:
    rendition, _ = played(name)
    steps = pianist.cursor_steps(rendition.score, rendition.performance, rendition.alignment)
    told = pulse(rendition.score, steps, None)
    times = [time_s for time_s, _ in (*told.count_in, *told.beats, (told.end_s, True))]
    assert all(earlier < later for earlier, later in pairwise(times))
    whole = [bar for bar in rendition.score.bars if bar.length_q > 1]
    assert sum(strong for _, strong in told.beats) == len(whole)


def test_one_place_or_none_still_has_a_pulse() -> None:
    score, _ = pianist.read_score(pianist.piece("petzold-anh114").score)
    unfolded = unfold(score)
    alone = next(note for note in unfolded.notes if note.onset_q == Fraction(0))
    told = pulse(unfolded, (CursorStep(0.0, alone.id),), ("1", "1"))
    assert [time_s for time_s, _ in told.beats] == [0.0, 0.5, 1.0]
    assert len(pulse(unfolded, (), ("1", "1")).beats) == 3
