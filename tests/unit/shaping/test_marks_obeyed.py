"""Every written mark is heard in what the rules play, whatever else they do."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import Mark, Score, TempoCurve

Play = Callable[..., object]


def point(kind: str, text: str, at: float, *note_ids: str) -> Mark:
    return Mark(kind, text, Fraction(at), Fraction(at), "P1", 1, tuple(note_ids))


@pytest.mark.parametrize(
    ("softer", "louder"),
    [
        ("ppp", "pp"),
        ("pp", "p"),
        ("p", "mp"),
        ("mp", "mf"),
        ("mf", "f"),
        ("f", "ff"),
        ("ff", "fff"),
    ],
)
def test_each_dynamic_is_louder_than_the_one_below(
    tune: Score, play: Play, softer: str, louder: str
) -> None:
    low = play(tune, point("dynamic", softer, 0))
    high = play(tune, point("dynamic", louder, 0))
    for prefix in "ma":
        assert np.all(high.velocities(prefix) > low.velocities(prefix))


def test_a_mark_holds_until_the_next(tune: Score, play: Play) -> None:
    both = play(tune, point("dynamic", "p", 0), point("dynamic", "f", 32))
    soft, loud = play(tune, point("dynamic", "p", 0)), play(tune, point("dynamic", "f", 0))
    assert np.array_equal(both.velocities("m", 0, 32), soft.velocities("m", 0, 32))
    assert np.array_equal(both.velocities("m", 32), loud.velocities("m", 32))


@pytest.mark.parametrize(("text", "sign"), [("crescendo", 1), ("diminuendo", -1)])
@pytest.mark.parametrize("length_q", [8, 16])
def test_a_hairpin_goes_one_way(
    tune: Score, play: Play, text: str, sign: int, length_q: int
) -> None:
    """At equal places of the bar, on equal notes, every bar goes further than the last."""
    hairpin = Mark("hairpin", text, Fraction(16), Fraction(16 + length_q), "P1", 1)
    flat = [replace(n, pitch=72) for n in tune.notes if n.id.startswith("m")]
    played = play(tune, point("dynamic", "mf", 0), hairpin, notes=flat)
    for prefix in "ma":
        bars = np.array([played.velocities(prefix, q, q + 4) for q in range(16, 16 + length_q, 4)])
        assert np.all(np.diff(bars, axis=0) * sign >= 0), bars
        assert np.all((bars[-1] - bars[0]) * sign >= 2), bars


def test_a_hairpin_reaches_the_mark_that_follows(tune: Score, play: Play) -> None:
    hairpin = Mark("hairpin", "crescendo", Fraction(16), Fraction(24), "P1", 1)
    far = play(tune, point("dynamic", "p", 0), hairpin, point("dynamic", "ff", 24))
    near = play(tune, point("dynamic", "p", 0), hairpin, point("dynamic", "mp", 24))
    assert far.velocities("m", 22, 24).mean() > near.velocities("m", 22, 24).mean() + 5


@pytest.mark.parametrize("text", ["accent", "marcato"])
def test_an_accent_is_louder(tune: Score, play: Play, text: str) -> None:
    plain, accented = play(tune), play(tune, point("articulation", text, 17, "m17-1"))
    assert accented.shape("m17-1").velocity >= plain.shape("m17-1").velocity + 3
    assert accented.shape("m18-1").velocity == plain.shape("m18-1").velocity


@pytest.mark.parametrize("text", ["sf", "sfz", "fz", "rfz", "fp"])
def test_sforzando_is_louder_on_its_notes_alone(tune: Score, play: Play, text: str) -> None:
    plain = play(tune, point("dynamic", "p", 0))
    forced = play(tune, point("dynamic", "p", 0), point("dynamic", text, 17))
    assert forced.shape("m17-1").velocity >= plain.shape("m17-1").velocity + 4
    assert forced.shape("m18-1").velocity == plain.shape("m18-1").velocity


def test_fp_falls_back_to_piano(tune: Score, play: Play) -> None:
    played = play(tune, point("dynamic", "f", 0), point("dynamic", "fp", 17))
    soft = play(tune, point("dynamic", "p", 0))
    assert played.shape("m18-1").velocity == soft.shape("m18-1").velocity


@pytest.mark.parametrize("text", ["staccato", "staccatissimo", "portato"])
def test_detached_notes_are_shorter(tune: Score, play: Play, text: str) -> None:
    slur = Mark("slur", "", Fraction(16), Fraction(20), "P1", 1, ("m16-1", "m20-1"))
    plain, short = play(tune, slur), play(tune, point("articulation", text, 24, "m24-1"))
    assert short.shape("m24-1").articulation < 0.9 * play(tune).shape("m24-1").articulation
    assert short.shape("m24-1").articulation < plain.shape("m18-1").articulation


def test_staccatissimo_is_the_shortest(tune: Score, play: Play) -> None:
    held = [
        play(tune, point("articulation", text, 24, "m24-1")).shape("m24-1").articulation
        for text in ("staccatissimo", "staccato", "portato")
    ]
    assert held == sorted(held)
    assert len(set(held)) == 3


def test_tenuto_is_longer(tune: Score, play: Play) -> None:
    held = play(tune, point("articulation", "tenuto", 24, "m24-1")).shape("m24-1").articulation
    assert held > play(tune).shape("m24-1").articulation


def test_a_slur_binds_all_its_notes_but_the_last(tune: Score, play: Play) -> None:
    slur = Mark("slur", "", Fraction(16), Fraction(19), "P1", 1, ("m16-1", "m19-1"))
    plain, bound = play(tune), play(tune, slur)
    for i in (16, 17, 18):
        assert bound.shape(f"m{i}-1").articulation > plain.shape(f"m{i}-1").articulation
        assert bound.shape(f"m{i}-1").articulation >= 0.95
    assert bound.shape("m19-1").articulation < bound.shape("m18-1").articulation


def test_a_fermata_holds(tune: Score, play: Play) -> None:
    plain, held = play(tune), play(tune, point("fermata", "", 31, "m31-1"))
    assert held.beat_s(31) > 1.4 * plain.beat_s(31)
    assert held.beat_s(33) == pytest.approx(plain.beat_s(33), rel=0.2)


@pytest.mark.parametrize("text", ["rit.", "rallentando", "poco rit.", "zurückhaltend", "cédez"])
def test_slowing_words_slow_down_and_a_tempo_comes_back(tune: Score, play: Play, text: str) -> None:
    plain = play(tune, point("tempo", "Andante", 0))
    slow = play(
        tune, point("tempo", "Andante", 0), point("words", text, 16), point("tempo", "a tempo", 24)
    )
    ratio = [slow.beat_s(q) / plain.beat_s(q) for q in range(14, 26)]
    assert ratio[9] > 1.15
    assert np.all(np.diff(ratio[2:10]) > -1e-6)
    assert ratio[-1] == pytest.approx(ratio[0], rel=0.03)


@pytest.mark.parametrize("text", ["accel.", "stringendo", "immer schneller", "animez"])
def test_hurrying_words_hurry(tune: Score, play: Play, text: str) -> None:
    plain, fast = play(tune), play(tune, point("words", text, 16), point("tempo", "a tempo", 24))
    assert fast.beat_s(23) < 0.93 * plain.beat_s(23)
    assert fast.beat_s(26) == pytest.approx(plain.beat_s(26), rel=0.03)


@pytest.mark.parametrize(
    ("text", "faster"),
    [("più mosso", True), ("meno mosso", False), ("plus lent", False), ("schneller", True)],
)
def test_a_new_speed_holds(tune: Score, play: Play, text: str, faster: bool) -> None:
    plain, changed = play(tune), play(tune, point("tempo", text, 32))
    for q in (34, 44, 54):
        assert (changed.beat_s(q) < 0.95 * plain.beat_s(q)) == faster
        assert (changed.beat_s(q) > 1.05 * plain.beat_s(q)) != faster


def test_pedal_marks_are_played(tune: Score, play: Play) -> None:
    marks = [(4, "down"), (8, "change"), (12, "half"), (60, "up")]
    played = play(tune, *(point("pedal", text, at) for at, text in marks))
    events = [(round(e.onset_q), e.value) for e in played.plan.pedal_q if e.control == "sustain"]
    assert events == [(4, 127), (8, 0), (8, 127), (12, 0), (12, 64), (60, 0)]


def test_few_pedal_marks_rule_where_they_stand_and_harmony_elsewhere(
    tune: Score, play: Play
) -> None:
    played = play(tune, point("pedal", "down", 9), point("pedal", "up", 15))
    events = [(e.onset_q, e.value > 63) for e in played.plan.pedal_q if e.control == "sustain"]
    assert [down for q, down in events if 9.01 < q < 15.01] == [True]
    assert len(events) > 8
    assert [down for _, down in events] == [True, False] * (len(events) // 2)


def test_old_music_has_no_pedal(tune: Score, play: Play) -> None:
    assert not play(replace(tune, composer="J. S. Bach")).plan.pedal_q
    assert play(replace(tune, composer="Chopin")).plan.pedal_q


def test_no_pedal_holds_two_harmonies(tune: Score, play: Play) -> None:
    """Between two chords the pedal is up, or goes up within a tenth of a second of the second."""
    low = [
        replace(n, pitch=n.pitch + 5) for n in tune.notes if n.id[0] == "a" and n.onset_q % 8 >= 4
    ]
    played = play(replace(tune, composer="Chopin"), notes=low)
    curve = TempoCurve.of(played.plan)
    times = curve.seconds([e.onset_q for e in played.plan.pedal_q])
    ups = times[[e.value == 0 for e in played.plan.pedal_q]]
    for q in range(4, 64, 4):
        assert np.abs(ups - curve.seconds(q)).min() < 0.1


def test_una_corda_is_played_and_taken_back(tune: Score, play: Play) -> None:
    played = play(tune, point("una-corda", "una corda", 4), point("una-corda", "tre corde", 12))
    soft = [(e.onset_q, e.value) for e in played.plan.pedal_q if e.control == "soft"]
    assert soft == [(4.0, 127), (12.0, 0)]
