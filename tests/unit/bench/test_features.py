"""The measures of playing: hand-made renderings with known features."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest
from bench.common import across_works, by_work, sampled
from bench.features import Sheet, features_of, pearson, sd_ratio
from bench.likelihood import foretold

from valentin.music import (
    Bar,
    Metre,
    PerformedNote,
    Plan,
    Score,
    ScoreNote,
    Shape,
    Spread,
    SpreadBand,
)


def score() -> Score:
    """Four bars of 2/4, a chord of two notes on every quarter, a grace note before the third."""
    rows = [
        ScoreNote(f"n{q}{k}-1", "P1", F(q), F(1), 60 + 12 * k, "C4", 1, 1)
        for q in range(8)
        for k in range(2)
    ]
    rows.insert(4, ScoreNote("g-1", "P1", F(2), F(0), 70, "Bb4", 1, 1, grace="acciaccatura"))
    bars = tuple(Bar(f"b{i}", str(i + 1), F(2 * i), F(2)) for i in range(4))
    metre = Metre(F(0), F(2), F(1), "2/4")
    return Score("t", "c", (), tuple(rows), (), (metre,), bars, unfolded=True)


def heard(tempo: list[float]) -> dict[str, PerformedNote]:
    """Each quarter as long as told; the upper note 20 ms early, half of the quarter held."""
    starts = np.concatenate([[1.0], 1.0 + np.cumsum(tempo)])
    rows = {}
    for q, (start, length) in enumerate(zip(starts, [*tempo, tempo[-1]], strict=True)):
        for k in range(2):
            name = f"n{q}{k}-1"
            onset = float(start) - 0.02 * k
            note = PerformedNote(
                name, "P1", onset, onset + length / 2, 60 + 12 * k, 40 + q + 20 * k
            )
            rows[name] = note
    rows["g-1"] = PerformedNote("g-1", "P1", float(starts[2]) - 0.1, float(starts[2]), 70, 33)
    return rows


TEMPO = [0.5, 0.5, 1.0, 0.5, 0.5, 0.25, 0.5]


def test_features_are_as_defined() -> None:
    sheet = Sheet.of(score())
    found = features_of(sheet, heard(TEMPO))
    assert sheet.beats_q.tolist() == list(range(8))
    assert found.beat == pytest.approx(np.log2(TEMPO))
    assert found.ioi[:-1] == pytest.approx(np.log2(TEMPO))
    assert np.isnan(found.ioi[-1])
    assert found.vel[[0, 1, 2]].tolist() == [40, 60, 41]
    assert found.art[0] == pytest.approx(-1.0)
    assert np.isnan(found.art[4])
    assert found.asyn[:2] == pytest.approx([0.01, -0.01])
    assert found.asyn_plain[5:7] == pytest.approx([0.01, -0.01])
    assert found.asyn[4] == pytest.approx(-0.1 + 0.04)
    assert np.isnan(found.beat_inner).all()


def test_what_was_not_played_is_not_known() -> None:
    rows = heard(TEMPO)
    del rows["n30-1"], rows["n31-1"]
    found = features_of(Sheet.of(score()), rows)
    assert np.isnan(found.vel[7:9]).all()
    assert found.beat[2:4] == pytest.approx(np.log2([0.75, 0.75]))
    assert found.ioi[2] == pytest.approx(np.log2(0.75))


def test_a_constant_has_no_correlation_and_few_values_have_none_at_all() -> None:
    line = np.arange(20.0)
    assert pearson(line, 3 * line - 4) == pytest.approx(1)
    assert pearson(line, np.ones(20)) == 0
    assert np.isnan(pearson(line[:5], line[:5]))
    assert sd_ratio(2 * line, [line, line]) == pytest.approx(2)


def test_a_mean_over_works_has_an_interval_and_a_worst_work() -> None:
    row = across_works("r", {"a": 0.2, "b": 0.4, "c": 0.9, "d": float("nan")})
    assert (row.value, row.median, row.n) == (pytest.approx(0.5), 0.4, 3)
    assert (row.worst, row.worst_at) == (0.2, "a")
    assert 0.2 <= row.low <= row.value <= row.high <= 0.9  # type: ignore[operator]
    with pytest.raises(ValueError, match="no work has a value"):
        across_works("r", {"a": float("nan")})


def test_a_band_of_the_right_width_holds_four_fifths() -> None:
    rng = np.random.default_rng(1)
    count = 2000
    rows = [ScoreNote(f"n{i}-1", "P1", F(i), F(1), 60, "C4", 1, 1) for i in range(count)]
    long = Score("t", "c", (), tuple(rows), unfolded=True)
    tempo = (0.5 * 2 ** rng.normal(0, 0.1, count)).tolist()

    def plan(velocity: np.ndarray, lead: np.ndarray, spq: list[float]) -> Plan:
        shapes = zip(rows, velocity.tolist(), lead.tolist(), strict=True)
        return Plan(
            tuple(n.onset_q for n in rows), tuple(spq),
            tuple(Shape(n.id, round(v), x, 0.5) for n, v, x in shapes), played=(True,) * count,
        )  # fmt: skip

    human = plan(rng.normal(64, 5, count), rng.normal(0, 0.01, count), tempo)
    centre = plan(np.full(count, 64), np.zeros(count), [0.5] * count)

    def bands(low: float, mid: float, high: float) -> tuple[SpreadBand, ...]:
        return (SpreadBand(low, mid, high),) * count

    wide = 1.2816 * 0.1
    spread = Spread(
        bands(2**-wide, 1, 2**wide), bands(64 - 6.4, 64, 64 + 6.4),
        bands(-0.0128, 0, 0.0128), bands(0.4, 0.5, 0.6),
    )  # fmt: skip
    found = foretold(long, centre, spread, human)
    assert found["velocity"].coverage == pytest.approx(0.8, abs=0.04)
    assert found["lead"].coverage == pytest.approx(0.8, abs=0.04)
    assert found["tempo"].coverage == pytest.approx(0.8, abs=0.04)
    assert found["articulation"].coverage == 1.0
    assert found["velocity"].nats == pytest.approx(-np.log(5 * np.sqrt(2 * np.pi * np.e)), abs=0.1)


def test_no_takes_are_no_works() -> None:
    assert by_work(()) == {}
    assert sampled((), 3) == ()
