"""Ornaments sound as their time and their composer would have them."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from valentin.music import Mark, Ornament, Score, ScoreNote, TempoCurve
from valentin.shaping import plan_score
from valentin.shaping.figures import evenly, mordent, trill, turn


def sounded(playing: object, note_id: str) -> list[tuple[float, float, int]]:
    """(start, end, pitch) of a note and of all that its ornament adds, in seconds and order."""
    plan, score = playing.plan, playing.score
    curve = TempoCurve.of(plan)
    note = next(n for n in score.notes if n.id == note_id)
    shape = playing.shape(note_id)
    a, b = curve.seconds(
        [float(note.onset_q), float(note.onset_q + (note.duration_q or Fraction(1, 8)))]
    )
    rows = [(a - shape.lead_s, a - shape.lead_s + (b - a) * shape.articulation, note.pitch)]
    for row in plan.realisations:
        if row.id == note_id:
            start, end = curve.seconds([row.onset_q, row.onset_q + row.duration_q])
            rows.append((float(start), float(end), row.pitch))
    return sorted(rows)


def ornamented(tune: Score, kind: str, i: int = 16, length: int = 4, **more: object) -> ScoreNote:
    note = next(n for n in tune.notes if n.id == f"m{i}-1")
    return replace(note, duration_q=Fraction(length), ornament=Ornament(kind, **more))


@pytest.mark.parametrize(("composer", "first"), [("Johann Sebastian Bach", 74), ("Chopin", 72)])
def test_a_trill_begins_as_in_its_time_and_ends_on_its_note(
    tune: Score, play: Callable[..., object], composer: str, first: int
) -> None:
    played = play(replace(tune, composer=composer), notes=[ornamented(tune, "trill")])
    rows = sounded(played, "m16-1")
    assert len(rows) > 8
    assert rows[0][2] == first
    assert rows[-1][2] == 72
    assert {p for _, _, p in rows} == {71, 72, 74}
    steps = np.diff([start for start, _, _ in rows])
    assert np.all((steps > 0.05) & (steps < 0.12))


@pytest.mark.parametrize(
    ("kind", "more", "pitches"),
    [
        ("mordent", {}, [72, 71, 72]),
        ("mordent", {"below": -1}, [72, 70, 72]),
        ("inverted-mordent", {}, [72, 74, 72]),
        ("turn", {"length": 1}, [74, 72, 71, 72]),
        ("inverted-turn", {"length": 1}, [71, 72, 74, 72]),
        ("turn", {"length": 4}, [72, 74, 72, 71, 72]),
    ],
)
def test_each_sign_has_its_notes(
    tune: Score, play: Callable[..., object], kind: str, more: dict[str, int], pitches: list[int]
) -> None:
    played = play(replace(tune, composer="Chopin"), notes=[ornamented(tune, kind, **more)])
    rows = sounded(played, "m16-1")
    assert [p for _, _, p in rows] == pitches
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(rows))


def test_a_slide_comes_from_a_third_below(tune: Score, play: Callable[..., object]) -> None:
    played = play(replace(tune, composer="Chopin"), notes=[ornamented(tune, "slide")])
    rows = sounded(played, "m16-1")
    assert [p for _, _, p in rows] == [69, 71, 72]
    assert rows[2][0] - rows[0][0] < 0.2
    assert rows[2][1] - rows[2][0] > 3 * (rows[2][0] - rows[0][0])


def test_the_key_decides_the_neighbour(tune: Score, play: Callable[..., object]) -> None:
    flat = replace(tune, keys=(replace(tune.keys[0], fifths=-2),), composer="Chopin")
    rows = sounded(play(flat, notes=[ornamented(tune, "mordent")]), "m16-1")
    assert [p for _, _, p in rows] == [72, 70, 72]


def test_an_ornament_that_is_spelled_out_is_left_to_its_notes(
    tune: Score, play: Callable[..., object]
) -> None:
    note = ornamented(tune, "trill", spelled_out=True)
    assert not play(tune, notes=[note]).plan.realisations


def test_a_tremolo_repeats_evenly(tune: Score, play: Callable[..., object]) -> None:
    rows = sounded(play(tune, notes=[ornamented(tune, "tremolo", strokes=2)]), "m16-1")
    assert [p for _, _, p in rows] == [72] * 16
    steps = np.diff([start for start, _, _ in rows])
    assert steps.max() < 1.3 * steps.min()


def test_a_tremolo_to_and_fro_alternates(tune: Score, play: Callable[..., object]) -> None:
    pair = [ornamented(tune, "tremolo", i, 1, strokes=3, alternating=True) for i in (17, 18)]
    played = play(tune, notes=pair)
    rows = sorted(sounded(played, "m17-1") + sounded(played, "m18-1"))
    assert [p for _, _, p in rows] == [74, 76] * 8
    assert np.all(np.diff([start for start, _, _ in rows]) > 0)


def grace(i: int, pitch: int, kind: str, k: int = 0) -> ScoreNote:
    return ScoreNote(f"g{k}-1", "P1", Fraction(i), Fraction(0), pitch, "B4", 1, 1, "right", kind)


@pytest.mark.parametrize("kind", ["acciaccatura", "appoggiatura"])
def test_romantic_graces_come_before_the_beat_in_order(
    tune: Score, play: Callable[..., object], kind: str
) -> None:
    graces = [grace(16, 71 + k, kind, k) for k in range(3)]
    played = play(replace(tune, composer="Chopin"), notes=graces)
    starts = [sounded(played, n)[0][0] for n in ("m15-1", "g0-1", "g1-1", "g2-1", "m16-1")]
    assert np.all(np.diff(starts) > 0.03)
    assert played.shape("m16-1").lead_s == play(tune).shape("m16-1").lead_s


@pytest.mark.parametrize("inside_q", [Fraction(0), Fraction(1, 32)])
def test_a_termination_written_as_graces_is_struck_once(
    tune: Score, play: Callable[..., object], inside_q: Fraction
) -> None:
    closing = [
        replace(grace(20, pitch, "nachschlag", k), onset_q=Fraction(20) - inside_q)
        for k, pitch in enumerate((71, 72))
    ]
    played = play(replace(tune, composer="Chopin"), notes=[ornamented(tune, "trill"), *closing])
    shaken, graces = sounded(played, "m16-1"), [sounded(played, n)[0] for n in ("g0-1", "g1-1")]
    assert {p for _, _, p in shaken} == {72, 74}
    assert shaken[-1][2] == 72
    assert len(shaken) > 8
    assert [p for _, _, p in graces] == [71, 72]
    starts = [start for start, _, _ in [*shaken, *graces]]
    assert np.all(np.diff(starts) > 0.03)


def test_a_classical_appoggiatura_takes_from_its_main_note(
    tune: Score, play: Callable[..., object]
) -> None:
    played = play(replace(tune, composer="Mozart"), notes=[grace(16, 74, "appoggiatura")])
    (first, *_), (main, *_) = sounded(played, "g0-1")[0], sounded(played, "m16-1")[0]
    assert main - first > 0.05
    assert played.shape("m16-1").lead_s < played.shape("m20-1").lead_s - 0.05


@pytest.mark.parametrize(("text", "order"), [("up", [48, 55, 72]), ("down", [72, 55, 48])])
def test_a_rolled_chord_goes_its_way_and_ends_with_the_beat(
    tune: Score, play: Callable[..., object], text: str, order: list[int]
) -> None:
    middle = replace(next(n for n in tune.notes if n.id == "a33-1"), onset_q=Fraction(16))
    ids = ("a32-1", "a33-1", "m16-1")
    roll = Mark("arpeggio", text, Fraction(16), Fraction(16), "P1", 0, ids)
    played = play(tune, roll, notes=[middle])
    rows = sorted(sounded(played, n)[0] for n in ids)
    assert [p for _, _, p in rows] == order
    assert abs(played.shape(ids[[48, 55, 72].index(order[-1])]).lead_s) < 0.03


def test_the_plain_reading_has_its_ornaments_too(tune: Score) -> None:
    notes = tuple(
        replace(n, ornament=Ornament("trill")) if n.id == "m16-1" else n for n in tune.notes
    )
    assert plan_score(replace(tune, notes=notes)).realisations


@pytest.mark.parametrize("span_s", [0.05, 0.2, 0.5, 2.0])
def test_figures_fill_their_time_and_no_more(span_s: float) -> None:
    for figure in (
        trill(60, 62, 59, above=True, span_s=span_s),
        trill(60, 62, 59, above=False, span_s=span_s),
        mordent((60, 59, 60), span_s),
        turn(60, 62, 59, span_s),
        evenly([60, 60, 60], span_s),
    ):
        assert figure.pitches[-1] == 60
        assert figure.starts_s[0] == 0
        assert np.all(np.diff(figure.starts_s) > 0)
        assert figure.ends_s[-1] <= span_s + 1e-9
        assert np.all(np.array(figure.ends_s) > np.array(figure.starts_s))
