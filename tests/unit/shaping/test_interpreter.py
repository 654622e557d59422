"""The learned interpreter obeys every mark, and plays the same score the same way."""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from valentin.music import (
    Mark,
    Ornament,
    Plan,
    Score,
    ScoreNote,
    Shape,
    TempoCurve,
    sorted_notes,
)  # fmt: skip
from valentin.shaping.interpreter import plan_interpreted, spread_interpreted
from valentin.studying import study


@dataclass(frozen=True)
class Playing:
    """A score and what the interpreter makes of it."""

    score: Score
    plan: Plan

    def shape(self, note_id: str) -> Shape:
        return next(s for s in self.plan.shapes if s.id == note_id)

    def velocities(self, prefix: str, start_q: float = 0, end_q: float = 1e9) -> np.ndarray:
        rows = zip(self.score.notes, self.plan.shapes, strict=True)
        kept = [s.velocity for n, s in rows if n.id[0] == prefix and start_q <= n.onset_q < end_q]
        return np.array(kept)

    def beat_s(self, at_q: float) -> float:
        curve = TempoCurve.of(self.plan)
        return float(curve.seconds(at_q + 1) - curve.seconds(at_q))


def playing(score: Score, *marks: Mark) -> Playing:
    full = replace(score, marks=marks)
    return Playing(full, plan_interpreted(full, study(full)))


def point(kind: str, text: str, at: float, *note_ids: str) -> Mark:
    return Mark(kind, text, Fraction(at), Fraction(at), "P1", 1, tuple(note_ids))


LEVELS = ("ppp", "pp", "p", "mp", "mf", "f", "ff", "fff")


@pytest.mark.parametrize(("softer", "louder"), list(pairwise(LEVELS)))
def test_each_dynamic_is_louder_than_the_one_below(tune: Score, softer: str, louder: str) -> None:
    low, high = (playing(tune, point("dynamic", text, 0)) for text in (softer, louder))
    for prefix in "ma":
        assert np.all(high.velocities(prefix) > low.velocities(prefix))


def test_a_change_of_dynamic_is_heard(tune: Score) -> None:
    for first, then, sign in (("p", "f", 1), ("f", "p", -1)):
        played = playing(tune, point("dynamic", first, 0), point("dynamic", then, 32))
        for prefix in "ma":
            before, after = played.velocities(prefix, 0, 32), played.velocities(prefix, 32)
            assert (after.mean() - before.mean()) * sign > 6


@pytest.mark.parametrize(("text", "sign"), [("crescendo", 1), ("diminuendo", -1)])
def test_a_hairpin_goes_its_way(tune: Score, text: str, sign: int) -> None:
    hairpin = Mark("hairpin", text, Fraction(16), Fraction(24), "P1", 1)
    plain = playing(tune, point("dynamic", "mf", 0))
    bent = playing(tune, point("dynamic", "mf", 0), hairpin)
    for prefix, each in (("m", 1), ("a", 2)):
        change = bent.velocities(prefix) - plain.velocities(prefix)
        assert (change[24 * each] - change[15 * each]) * sign >= 3


@pytest.mark.parametrize("text", ["accent", "marcato"])
def test_an_accent_is_louder(tune: Score, text: str) -> None:
    plain, accented = playing(tune), playing(tune, point("articulation", text, 17, "m17-1"))
    assert accented.shape("m17-1").velocity >= plain.shape("m17-1").velocity + 3


@pytest.mark.parametrize("text", ["sf", "sfz", "fz", "fp"])
def test_sforzando_is_louder(tune: Score, text: str) -> None:
    forced = playing(tune, point("dynamic", "p", 0), point("dynamic", text, 17))
    around = (forced.velocities("m", 9, 10) + forced.velocities("m", 25, 26)) / 2
    assert forced.shape("m17-1").velocity >= around + 3


@pytest.mark.parametrize("text", ["staccato", "staccatissimo"])
def test_staccato_is_shorter(tune: Score, text: str) -> None:
    short = playing(tune, point("articulation", text, 24, "m24-1")).shape("m24-1").articulation
    assert short < 0.85 * playing(tune).shape("m24-1").articulation


def test_a_slur_binds(tune: Score) -> None:
    slur = Mark("slur", "", Fraction(16), Fraction(19), "P1", 1, ("m16-1", "m19-1"))
    plain, bound = playing(tune), playing(tune, slur)
    for i in (16, 17, 18):
        assert bound.shape(f"m{i}-1").articulation > plain.shape(f"m{i}-1").articulation


@pytest.mark.parametrize(("text", "sign"), [("tenuto", 1), ("portato", -1)])
def test_tenuto_and_portato(tune: Score, text: str, sign: int) -> None:
    plain, marked = playing(tune), playing(tune, point("articulation", text, 20, "m20-1"))
    longer = marked.shape("m20-1").articulation - plain.shape("m20-1").articulation
    assert longer * sign > 0


def test_a_fermata_holds(tune: Score) -> None:
    plain, held = playing(tune), playing(tune, point("fermata", "", 31, "m31-1"))
    assert held.beat_s(31) > 1.15 * plain.beat_s(31)


@pytest.mark.parametrize(("text", "sign"), [("rit.", 1), ("accel.", -1)])
def test_gradual_changes_of_tempo(tune: Score, text: str, sign: int) -> None:
    marks = point("words", text, 16), point("tempo", "a tempo", 24)
    plain, changed = playing(tune), playing(tune, *marks)
    ratio = np.log2(changed.beat_s(23) / plain.beat_s(23))
    assert ratio * sign > 0.05
    assert abs(np.log2(changed.beat_s(28) / plain.beat_s(28))) < abs(ratio)


@pytest.mark.parametrize(("text", "sign"), [("più mosso", -1), ("meno mosso", 1)])
def test_a_new_speed_holds(tune: Score, text: str, sign: int) -> None:
    plain, changed = playing(tune), playing(tune, point("tempo", text, 32))

    def step(of: Playing) -> float:
        return float(np.log2(np.mean([of.beat_s(q) for q in range(36, 56)])
                             / np.mean([of.beat_s(q) for q in range(4, 28)])))  # fmt: skip

    assert (step(changed) - step(plain)) * sign > 0.08


def test_slow_words_are_slower(tune: Score) -> None:
    words = ("Largo", "Adagio", "Andante", "Allegretto", "Allegro", "Presto")
    beats = [playing(tune, point("tempo", w, 0)) for w in words]
    speeds = [float(np.median(b.plan.seconds_per_quarter)) for b in beats]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] > 1.3 * speeds[-1]


@pytest.mark.parametrize("beats_a_minute", [50.0, 120.0])
def test_a_metronome_mark_is_the_speed(tune: Score, beats_a_minute: float) -> None:
    mark = replace(point("tempo", "", 0), value=beats_a_minute)
    plan = playing(tune, mark).plan
    assert np.median(plan.seconds_per_quarter) == pytest.approx(60 / beats_a_minute, rel=0.1)


def test_una_corda_is_played_and_taken_back(tune: Score) -> None:
    marks = point("una-corda", "una corda", 8), point("una-corda", "tre corde", 24)
    events = [e for e in playing(tune, *marks).plan.pedal_q if e.control == "soft"]
    assert [(round(e.onset_q), e.value > 63) for e in events] == [(8, True), (24, False)]


def test_pedal_marks_are_played(tune: Score) -> None:
    played = playing(tune, point("pedal", "down", 4), point("pedal", "up", 28))
    events = [e for e in played.plan.pedal_q if e.control == "sustain"]
    assert [(round(e.onset_q), e.value > 63) for e in events] == [(4, True), (28, False)]


@pytest.mark.parametrize("sign", ["trill", "mordent", "inverted-mordent", "turn"])
def test_an_ornament_is_played(tune: Score, sign: str) -> None:
    notes = tuple(replace(n, ornament=Ornament(sign)) if n.id == "m20-1" else n for n in tune.notes)
    played = playing(replace(tune, notes=notes))
    assert len([r for r in played.plan.realisations if r.id == "m20-1"]) >= 2


@pytest.mark.parametrize(("text", "first"), [("up", "a40-1"), ("down", "m20-1")])
def test_a_rolled_chord_goes_its_way(tune: Score, text: str, first: str) -> None:
    ids = ("a40-1", "m20-1")
    roll = Mark("arpeggio", text, Fraction(20), Fraction(20), "P1", 0, ids)
    played = playing(tune, roll)
    leads = {name: played.shape(name).lead_s for name in ids}
    assert leads[first] - min(leads.values()) > 0.04


def test_a_grace_comes_before_its_note(tune: Score) -> None:
    grace = ScoreNote("g-1", "P1", Fraction(20), Fraction(0), 81, "A5", 1, 1, "right",
                      grace="acciaccatura")  # fmt: skip
    played = playing(replace(tune, notes=sorted_notes((grace, *tune.notes))))
    assert played.shape("g-1").lead_s - played.shape("m20-1").lead_s > 0.02


def test_it_plays_the_same_way_twice_and_every_note_once(tune: Score) -> None:
    structure = study(tune)
    plan = plan_interpreted(tune, structure)
    assert plan == plan_interpreted(tune, structure)
    assert [s.id for s in plan.shapes] == [n.id for n in tune.notes]
    assert all(np.isfinite([s.lead_s, s.articulation]).all() for s in plan.shapes)


def test_a_seed_is_a_style(tune: Score) -> None:
    structure = study(tune)
    one, again, other = (
        plan_interpreted(tune, structure, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other
    assert one != plan_interpreted(tune, structure)


def test_transposing_by_an_octave_keeps_the_marks_and_the_order(tune: Score) -> None:
    up = replace(tune, notes=tuple(replace(n, pitch=n.pitch + 12) for n in tune.notes))
    a, b = (plan_interpreted(s, study(s)) for s in (tune, up))
    assert [s.id for s in a.shapes] == [s.id for s in b.shapes]


def test_the_spread_surrounds_the_plan(tune: Score) -> None:
    structure = study(tune)
    plan = plan_interpreted(tune, structure)
    spread = spread_interpreted(tune, structure, plan)
    for bands in (spread.velocity, spread.lead_s, spread.articulation, spread.seconds_per_quarter):
        assert all(b.low < b.centre < b.high for b in bands)
    assert [b.centre for b in spread.velocity] == [s.velocity for s in plan.shapes]
    with pytest.raises(ValueError, match="shapes for"):
        spread_interpreted(tune, structure, replace(plan, shapes=(), played=()))


def test_nothing_to_play(tune: Score) -> None:
    empty = replace(tune, notes=())
    plan = plan_interpreted(empty, study(empty))
    assert plan.shapes == ()
    assert spread_interpreted(empty, study(empty), plan).velocity == ()
