"""Expression words, glissandi, breaths, feet and waits are heard as their words and signs ask."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import Mark, Score, ScoreNote, TempoCurve
from valentin.shaping.expressions import expression_of, unheard
from valentin.shaping.glissandi import keys_between
from valentin.shaping.words import change_of_tempo

Play = Callable[..., object]


def point(kind: str, text: str, at: float, *note_ids: str) -> Mark:
    return Mark(kind, text, Fraction(at), Fraction(at), "P1", 1, tuple(note_ids))


WORDS = [
    ("dolce", "velocity", -1), ("con fuoco", "velocity", 1), ("pesante", "velocity", 1),
    ("leggiero", "touch", -1), ("legatissimo", "touch", 1), ("lointain", "velocity", -1),
    ("très doux et lié", "touch", 1), ("leidenschaftlich", "velocity", 1), ("zart", "velocity", -1),
    ("con fuoco", "beat", -1), ("mesto", "beat", 1), ("agité", "beat", -1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what", "sign"), WORDS)
def test_a_word_moves_the_playing_its_way(
    tune: Score, play: Play, text: str, what: str, sign: int
) -> None:
    plain, bent = play(tune), play(tune, point("words", text, 16))
    if what == "velocity":
        moved = bent.velocities("", 16, 40) - plain.velocities("", 16, 40)
    elif what == "touch":
        moved = np.array([bent.shape(f"m{q}-1").articulation - plain.shape(f"m{q}-1").articulation
                          for q in range(16, 40)])  # fmt: skip
    else:
        moved = np.array([bent.beat_s(q) - plain.beat_s(q) for q in range(18, 40)])
    assert np.all(moved * sign >= 0), moved
    assert moved.mean() * sign > 0
    assert np.array_equal(plain.velocities("", 0, 16), bent.velocities("", 0, 16))


@pytest.mark.parametrize("text", ["en dehors", "marcato il canto", "cantabile", "hervortretend"])
def test_a_song_stands_out(tune: Score, play: Play, text: str) -> None:
    plain, bent = play(tune), play(tune, point("words", text, 16))
    tune_by = (bent.velocities("m", 16, 40) - plain.velocities("m", 16, 40)).mean()
    rest_by = (bent.velocities("a", 16, 40) - plain.velocities("a", 16, 40)).mean()
    assert tune_by > rest_by + 2


@pytest.mark.parametrize("text", ["smorzando", "morendo", "verklingend", "en se perdant"])
def test_a_word_that_fades_fades(tune: Score, play: Play, text: str) -> None:
    plain, bent = play(tune), play(tune, point("words", text, 16))
    lost = plain.velocities("m", 16, 48) - bent.velocities("m", 16, 48)
    assert lost[-1] >= 6
    assert np.mean(lost[:4]) < np.mean(lost[-4:])


def test_the_next_dynamic_ends_a_word(tune: Score, play: Play) -> None:
    level = point("dynamic", "mf", 24)
    plain, bent = play(tune, level), play(tune, level, point("words", "dolce", 16))
    assert np.all(plain.velocities("m", 24) == bent.velocities("m", 24))


def test_what_nobody_understands_is_named(tune: Score) -> None:
    known = ["dolce", "Andante", "rit.", "a tempo", "sotto voce", "m.g.", "D.C. al Fine"]
    marks = [point("words", text, i) for i, text in enumerate([*known, "zwiefach"])]
    assert [m.text for m in unheard(replace(tune, marks=tuple(marks)))] == ["zwiefach"]
    assert expression_of("zwiefach") is None


def test_a_length_counted_anew_changes_the_speed(tune: Score, play: Play) -> None:
    change = change_of_tempo("♩ = ♩.")
    assert change is not None
    assert change.ratio == 1.5
    first = replace(point("tempo", "♩ = 60", 0), value=60.0)
    played = play(tune, first, point("tempo", "♩ = 𝅗𝅥", 32))
    assert played.beat_s(40) < 0.75 * played.beat_s(16)


@pytest.mark.parametrize(
    ("first", "last", "keys"),
    [
        (60, 67, (60, 62, 64, 65)), (67, 60, (67, 65, 64, 62)), (61, 68, (61, 63, 66)),
        (60, 63, (60, 61, 62)),
    ],
)  # fmt: skip
def test_a_glissando_keeps_to_its_keys(first: int, last: int, keys: tuple[int, ...]) -> None:
    assert keys_between(first, last) == keys


def test_a_glissando_is_swept(tune: Score, play: Play) -> None:
    low = replace(tune.notes[0], id="g0-1", pitch=60, duration_q=Fraction(2), voice=9)
    high = replace(low, id="g1-1", pitch=72, onset_q=Fraction(2))
    sign = Mark("glissando", "", Fraction(0), Fraction(2), "P1", 1, ("g0-1", "g1-1"))
    plan = play(tune, sign, notes=(low, high)).plan
    assert [r.pitch for r in plan.realisations] == [62, 64, 65, 67, 69, 71]
    onsets = [r.onset_q for r in plan.realisations]
    assert onsets == sorted(onsets)
    assert 0 < onsets[0] < onsets[-1] < 2


@pytest.mark.parametrize("text", ["", "caesura"])
def test_a_breath_lifts_the_hands_and_takes_time(tune: Score, play: Play, text: str) -> None:
    plain, bent = play(tune), play(tune, point("breath", text, 16))
    assert bent.shape("m15-1").articulation < plain.shape("m15-1").articulation
    assert bent.beat_s(15) > plain.beat_s(15)


def wait_s(playing: object, at_q: float) -> float:
    curve = TempoCurve.of(playing.plan)  # type: ignore[attr-defined]
    return float(curve.seconds(at_q + 1.0) - curve.seconds(at_q))


def test_a_fermata_on_a_rest_waits(tune: Score, play: Play) -> None:
    bare = replace(tune, notes=tuple(n for n in tune.notes if not 15 <= n.onset_q < 16))
    plain, held = play(bare), play(bare, point("fermata", "", 15))
    assert wait_s(held, 15) > 1.3 * wait_s(plain, 15)
    assert wait_s(held, 20) == pytest.approx(wait_s(plain, 20))


def test_a_fermata_on_a_bar_line_holds_what_ends_there(tune: Score, play: Play) -> None:
    plain, held = play(tune), play(tune, point("fermata", "barline", 16))
    assert wait_s(held, 15) > 1.2 * wait_s(plain, 15)
    assert wait_s(held, 16) == pytest.approx(wait_s(plain, 16), rel=0.05)


def pressed(playing: object, control: str) -> list[int]:
    return [p.value for p in playing.plan.pedal_q if p.control == control]  # type: ignore[attr-defined]


def test_the_middle_pedal_is_played(tune: Score, play: Play) -> None:
    marks = point("sostenuto", "down", 8), point("sostenuto", "up", 16)
    assert pressed(play(tune, *marks), "sostenuto") == [127, 0]


def test_half_a_pedal_is_half_down(tune: Score, play: Play) -> None:
    marks = [point("pedal", text, at) for at, text in ((0, "half"), (60, "up"))]
    assert set(pressed(play(tune, *marks), "sustain")) == {64, 0}


def test_no_pedal_where_it_is_forbidden(tune: Score, play: Play) -> None:
    marks = point("pedal", "without", 16), point("pedal", "free", 32)
    plan = play(tune, *marks).plan
    downs = [p.onset_q for p in plan.pedal_q if p.control == "sustain" and p.value]
    assert not [q for q in downs if 16 <= q < 32]
    assert [q for q in downs if q < 16]
    assert [q for q in downs if q >= 32]


def test_two_signs_side_by_side_roll_at_the_same_time(tune: Score, play: Play) -> None:
    low = [replace(tune.notes[0], id=f"x{i}-1", pitch=40 + 4 * i, staff=2, hand="left", voice=8)
           for i in range(2)]  # fmt: skip
    high: list[ScoreNote] = [replace(n, id=f"y{i}-1", pitch=80 + 4 * i) for i, n in enumerate(low)]
    marks = (point("arpeggio", "up", 0, "x0-1", "x1-1"), point("arpeggio", "up", 0, "y0-1", "y1-1"))
    both = play(tune, *marks, notes=(*low, *high))
    one = play(
        tune, point("arpeggio", "up", 0, "x0-1", "x1-1", "y0-1", "y1-1"), notes=(*low, *high)
    )
    assert both.shape("y0-1").lead_s > one.shape("y0-1").lead_s
    starts = [both.shape(name).lead_s for name in ("x0-1", "y0-1")]
    assert starts[0] - starts[1] == pytest.approx(0.0, abs=0.03)
