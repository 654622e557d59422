"""The learned interpreter obeys every mark, and plays the same score the same way."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import Mark, Ornament, Plan, Score, Shape, TempoCurve
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


@pytest.mark.parametrize(("softer", "louder"), [("pp", "p"), ("p", "mf"), ("mf", "f"), ("f", "ff")])
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


def test_pedal_marks_are_played(tune: Score) -> None:
    played = playing(tune, point("pedal", "down", 4), point("pedal", "up", 28))
    events = [e for e in played.plan.pedal_q if e.control == "sustain"]
    assert [(round(e.onset_q), e.value > 63) for e in events] == [(4, True), (28, False)]


def test_an_ornament_is_played(tune: Score) -> None:
    notes = tuple(
        replace(n, ornament=Ornament("trill")) if n.id == "m20-1" else n for n in tune.notes
    )
    played = playing(replace(tune, notes=notes))
    assert len([r for r in played.plan.realisations if r.id == "m20-1"]) >= 2


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
