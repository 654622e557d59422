"""The physics of the modelled grand: tuning, blows, strings, soundboard, halls."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from bench.sounding import early_iacc, reverberation

from valentin.sounding.acoustics import HALLS, _panel_images, hall_responses
from valentin.sounding.hammer import hammer_speed_m_s, strengths
from valentin.sounding.scale import key, stretch_cents
from valentin.sounding.soundboard import bus_gains, conductance, responses
from valentin.sounding.strings import modes_of

ROOT = Path(__file__).parents[3]


def test_the_scale_is_stretched_as_a_tuner_does() -> None:
    cents = [stretch_cents(p) for p in range(21, 109)]
    assert stretch_cents(69) == 0.0
    assert np.all(np.diff(cents) > 0.0)
    assert -30.0 < cents[0] < -10.0
    assert 15.0 < cents[-1] < 40.0
    # nearly tempered in the middle octaves
    assert abs(stretch_cents(57)) < 3.0
    assert abs(stretch_cents(81)) < 4.0


def test_octaves_beat_slowly() -> None:
    # partial 4 of the lower against partial 2 of the upper in the bass, 2 against 1 above
    for low, k in ((40, 4), (60, 2), (72, 2)):
        beat_hz = key(low).partial_hz(k) - key(low + 12).partial_hz(k // 2)
        assert abs(beat_hz) < 1.5


def test_a_key_outside_the_keyboard_is_refused() -> None:
    with pytest.raises(ValueError, match=r"in 21\.\.108, got 20"):
        key(20)


@pytest.mark.parametrize("pitch", [36, 48, 60, 72])
def test_a_faster_hammer_is_louder_and_brighter(pitch: int) -> None:
    this = key(pitch)
    hz = np.array([this.partial_hz(k) for k in range(1, 21)])
    soft, loud = 20 * np.log10(np.abs(strengths(this, np.array([0.5, 4.0]), hz)))
    gain = loud - soft
    assert gain[0] > 15.0
    # in the bass the first eight partials lie below what even a slow hammer excites
    assert gain[3:12].max() > gain[0] + 4.0


def test_hammers_are_twice_as_fast_every_25_velocities() -> None:
    assert hammer_speed_m_s([52, 77, 102]) == pytest.approx([1.0, 2.0, 4.0])


def test_a_unison_has_a_prompt_sound_and_an_aftersound() -> None:
    modes = modes_of(key(60), 5000.0)
    fast, slow = -modes.rates.real.min(axis=1), -modes.rates.real.max(axis=1)
    assert (fast / slow)[:3].min() > 3.0
    loud = np.abs(modes.tutti)
    prompt = np.argmin(modes.rates.real, axis=1)
    share = loud[np.arange(len(loud)), prompt] / loud.sum(axis=1)
    assert share[:3].min() > 0.6
    # una corda wakes less of the prompt sound and more of the other motion
    soft = np.abs(modes.una_corda)
    soft_share = soft[np.arange(len(soft)), prompt] / soft.sum(axis=1)
    assert np.all(soft_share[:3] < share[:3])


def test_every_mode_dies_away() -> None:
    for pitch in (21, 30, 45, 60, 75, 90, 108):
        assert modes_of(key(pitch), 14_000.0).rates.real.max() < 0.0


def test_the_board_takes_and_gives_at_every_place() -> None:
    hz = np.geomspace(30.0, 8000.0, 200)
    for place in (0.0, 0.5, 1.0):
        assert conductance(hz, place).min() > 0.0
    assert bus_gains(np.arange(21, 109)).sum(axis=1) == pytest.approx(1.0)
    heard = responses(8000)
    assert np.isfinite(heard).all()
    tail = heard[..., -len(heard[0, 0]) // 10 :]
    assert np.abs(tail).max() < 0.02 * np.abs(heard).max()


TABLE = (ROOT / "docs" / "concepts" / "sound.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HALLS)
def test_a_hall_measures_as_the_documentation_says(name: str) -> None:
    row = next(line for line in TABLE.splitlines() if line.startswith(f"| `{name}`"))
    said = [float(cell.replace("−", "-")) for cell in row.split("|")[2:6]]
    ring_s, early_s, clarity_db, alike = measured(name)
    assert ring_s == pytest.approx(said[0], rel=0.02)
    assert early_s == pytest.approx(said[1], rel=0.03)
    assert clarity_db == pytest.approx(said[2], abs=0.2)
    assert alike == pytest.approx(said[3], abs=0.02)


@pytest.mark.parametrize("name", ["concert", "vienna", "tokyo"])
def test_a_concert_hall_sounds_like_one(name: str) -> None:
    ring_s, _, clarity_db, alike = measured(name)
    assert 1.8 <= ring_s <= 2.1
    assert -2.0 <= clarity_db <= 2.0
    assert alike <= 0.35


def test_a_vineyard_hall_is_no_box() -> None:
    # its first reflections come from the fronts of terraces to both sides, not from the far walls
    hall = HALLS["vineyard"]
    source, listener = np.array(hall.piano_m), np.array(hall.listener_m)
    away = [image - listener for image, walls, _ in _panel_images(hall, source) if walls == 1]
    away.sort(key=lambda path: float(np.linalg.norm(path)))
    sides = [path[0] / np.linalg.norm(path) for path in away[:4]]
    assert min(sides) < -0.5
    extra_ms = (np.linalg.norm(away[0]) - np.linalg.norm(source - listener)) / 0.343
    assert 10.0 < extra_ms < 30.0


@functools.cache
def measured(name: str) -> tuple[float, float, float, float]:
    """T30, EDT, C80 and early IACC of a hall, as `bench/sounding.py` has them."""
    rate_hz = 44_100  # that the measures are made for
    ears = hall_responses(name, rate_hz).sum(axis=0).astype(np.float64)
    both = [reverberation(ear, rate_hz, hz) for ear in ears for hz in (500.0, 1000.0)]
    left, right = ears
    alike = [early_iacc(left, right, rate_hz, hz) for hz in (500.0, 1000.0, 2000.0)]
    ring_s, early_s, clarity_db = np.mean(both, axis=0)
    return float(ring_s), float(early_s), float(clarity_db), float(np.mean(alike))


def test_halls_ring_longer_the_larger_they_are() -> None:
    rings = [_ring_s(hall_responses(name, 16_000)[0, 0], 16_000) for name in HALLS]
    assert rings == sorted(rings)
    for name in HALLS:
        assert np.isfinite(hall_responses(name, 16_000)).all()


def _ring_s(response: np.ndarray, rate_hz: int) -> float:
    """T30 by Schroeder's backward integration."""
    left = np.cumsum((np.asarray(response, dtype=np.float64) ** 2)[::-1])[::-1]
    db = 10 * np.log10(left / left[0] + 1e-12)
    use = (db < -5.0) & (db > -35.0)
    slope = np.polyfit(np.nonzero(use)[0] / rate_hz, db[use], 1)[0]
    return float(-60.0 / slope)
