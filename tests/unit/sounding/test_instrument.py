"""The physics of the modelled grand: tuning, blows, strings, soundboard, halls."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal

from valentin.sounding.acoustics import HALLS, hall_responses
from valentin.sounding.hammer import hammer_speed_m_s, strengths
from valentin.sounding.scale import key, stretch_cents
from valentin.sounding.soundboard import bus_gains, conductance, responses
from valentin.sounding.strings import modes_of


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


def test_a_concert_hall_sounds_like_one() -> None:
    rate_hz = 24_000
    ears = hall_responses("concert", rate_hz).sum(axis=0).astype(np.float64)
    octave = scipy.signal.butter(3, (354.0, 1414.0), "bandpass", fs=rate_hz, output="sos")
    mid = scipy.signal.sosfilt(octave, ears, axis=1)
    onset = int(np.argmax(np.abs(ears).max(axis=0) > 0.2 * np.abs(ears).max()))
    early, late = np.split(mid[:, onset:], [int(0.08 * rate_hz)], axis=1)
    assert 1.8 <= _ring_s(mid[0], rate_hz) <= 2.1
    assert -2.0 <= 10 * np.log10((early**2).sum() / (late**2).sum()) <= 2.0
    lags = np.correlate(early[0], early[1], "full")
    near = lags[len(early[0]) - 1 - 24 : len(early[0]) + 24]  # ±1 ms
    assert np.abs(near).max() / np.sqrt((early**2).sum(axis=1).prod()) <= 0.35


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
