"""A sampled grand, on a tiny bank of the same layout: touch, tuning, pedals, damage."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from tests.unit.sounding.conftest import notes

from valentin.errors import DeviceError
from valentin.music import PedalEvent, Performance
from valentin.sounding.bank import Bank, load_bank, save_bank
from valentin.sounding.engine import _TABLES, Engine, _shifted
from valentin.sounding.layering import gains, rising
from valentin.sounding.raising import Raiser
from valentin.sounding.sampled import Layout, Noise, build_sampled
from valentin.sounding.scale import stretch_cents

FROM_HZ, RATE_HZ = 16_000, 11_025
LAYERS = 4
RECORDED = (57, 60, 63)
Floats = npt.NDArray[np.float64]


def recorded(pitch: int, layer: int, rng: np.random.Generator) -> Floats:
    """A note as a microphone hears it: late by some milliseconds, out of tune, stereo, hissing."""
    t = np.arange(int(1.5 * FROM_HZ)) / FROM_HZ - 0.010 - rng.uniform(0.0, 0.004)
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12.0 + 0.08 / 12.0)
    partials = np.arange(1, min(16, int(0.45 * FROM_HZ / hz)))
    strength = 0.3 ** (LAYERS - layer) * partials ** -(3.0 - 0.5 * layer)
    wave = (strength * np.sin(2 * np.pi * np.outer(np.maximum(t, 0), partials * hz))).sum(axis=1)
    wave *= np.exp(-np.maximum(t, 0.0) * 2.0) * (t > 0.0) * 0.5
    hiss = 1e-5 * rng.normal(size=(len(t), 2))
    return np.asarray(wave[:, None] * np.array([1.0, 0.6]) + hiss)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recordings."""
    folder = tmp_path_factory.mktemp("small")
    rng = np.random.default_rng(1)
    for pitch in RECORDED:
        for layer in range(LAYERS):
            sound = recorded(pitch, layer + 1, rng)
            soundfile.write(folder / f"{pitch}v{layer}.ogg", sound, FROM_HZ)
    click = rng.normal(size=(2000, 2)) * np.exp(-np.arange(2000) / 300.0)[:, None]
    soundfile.write(folder / "rel.ogg", 0.1 * click, FROM_HZ)
    return folder


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Which file is what."""
    noise = Noise("rel.ogg", np.full(128, 0.05), 2.0)
    return Layout(
        layers={p: tuple(f"{p}v{layer}.ogg" for layer in range(LAYERS)) for p in RECORDED},
        velocities=(20.0, 50.0, 80.0, 115.0),
        releases=dict.fromkeys(range(56, 65), (noise,)),
        pedals=((noise,), (noise,)),
        level=1.0,
        weight=np.ones(128),
    )


@pytest.fixture(scope="module")
def bank(folder: Path, layout: Layout) -> Bank:
    return build_sampled(folder, layout, RATE_HZ)


def heard(bank: Bank, rows: list[tuple[float, float, int, int]], *pedal: PedalEvent) -> Floats:
    """Left and right of the engine, shape (2, frames), a second after the last key."""
    performance = Performance(notes(*rows), pedal)
    engine, raiser = Engine(bank, performance), Raiser(2)
    blocks = math.ceil((performance.end_s + 1.0) * RATE_HZ / 4096)
    return np.concatenate([raiser.process(engine.block()) for _ in range(blocks)], axis=1)


def level_db(sound: Floats, start_s: float, end_s: float) -> float:
    part = sound[:, int(start_s * RATE_HZ) : int(end_s * RATE_HZ)].astype(float)
    return float(10 * np.log10((part**2).mean() + 1e-20))


def spectrum(sound: Floats) -> tuple[Floats, Floats]:
    part = sound[0, : int(0.5 * RATE_HZ)] * np.hanning(int(0.5 * RATE_HZ))
    size = 1 << 17
    return np.abs(np.fft.rfft(part, size)) ** 2, np.fft.rfftfreq(size, 1.0 / RATE_HZ)


def test_level_and_brightness_rise_with_every_velocity(bank: Bank) -> None:
    rows = [(1.5 * i, 1.5 * i + 0.6, 60, v) for i, v in enumerate(range(1, 128, 3))]
    sound = heard(bank, rows)
    levels, centroids = [], []
    for start_s, *_ in rows:
        part = sound[:, int(start_s * RATE_HZ) : int((start_s + 0.5) * RATE_HZ)]
        power, hz = spectrum(part)
        levels.append(level_db(part, 0.0, 0.5))
        centroids.append((power * hz).sum() / power.sum())
    assert np.diff(levels).min() > 0.0
    assert np.diff(levels).max() < 3.0
    assert np.diff(centroids).min() > -1.0  # Hz


@pytest.mark.parametrize("pitch", range(56, 65))
def test_every_key_is_in_tune_recorded_or_not(bank: Bank, pitch: int) -> None:
    power, hz = spectrum(heard(bank, [(0.0, 1.0, pitch, 80)]))
    expected = 440.0 * 2.0 ** ((pitch - 69) / 12 + stretch_cents(pitch) / 1200)
    near = np.abs(np.log2(np.maximum(hz, 1.0) / expected)) < 0.04
    found = hz[near][power[near].argmax()]
    assert abs(1200 * np.log2(found / expected)) < 2.0


def test_keys_that_were_not_recorded_are_as_loud(bank: Bank) -> None:
    levels = [level_db(heard(bank, [(0.0, 1.0, p, 70)]), 0.0, 0.5) for p in range(56, 65)]
    assert max(levels) - min(levels) < 1.5


def test_left_and_right_are_as_recorded(bank: Bank) -> None:
    left, right = heard(replace(bank, releases=0 * bank.releases), [(0.0, 1.0, 60, 80)])
    ratio = np.linalg.norm(right[:5000]) / np.linalg.norm(left[:5000])
    assert ratio == pytest.approx(0.6, abs=0.02)


def test_dampers_pedals_and_the_soft_pedal_work_as_on_the_other_grand(bank: Bank) -> None:
    row = [(0.0, 0.3, 60, 80)]
    fall = []
    for value in (0, 35, 50, 65, 127):
        sound = heard(bank, row, PedalEvent(0.0, "sustain", value))
        fall.append(level_db(sound, 0.2, 0.3) - level_db(sound, 0.45, 0.55))
    assert np.all(np.diff(fall) < -1.0), fall
    caught = heard(bank, row, PedalEvent(0.1, "sostenuto", 127))
    assert level_db(caught, 0.8, 0.9) > level_db(heard(bank, row), 0.8, 0.9) + 20.0
    plain, hz = spectrum(heard(bank, row))
    soft, _ = spectrum(heard(bank, row, PedalEvent(0.0, "soft", 127)))
    low, high = hz < 500.0, (hz > 2000.0) & (hz < 4000.0)
    loss_db = [10 * np.log10(plain[at].sum() / soft[at].sum()) for at in (low, high)]
    assert loss_db[0] > 0.1
    assert loss_db[1] > loss_db[0] + 2.0


def test_a_release_is_weaker_the_longer_its_key_was_held(bank: Bank) -> None:
    only = replace(bank, keys=0 * bank.keys)
    early, late = (level_db(heard(only, [(0.0, s, 60, 60)]), s, s + 0.1) for s in (0.1, 1.1))
    assert early - late == pytest.approx(8.686 * 2.0, abs=1.0)


def test_a_semitone_is_a_semitone_at_every_frequency() -> None:
    n = np.arange(20_000)
    for hz in (0.02, 0.1, 0.2, 0.25):
        wave = (20_000 * np.sin(2 * np.pi * hz * n)).astype(np.int16)
        for shift, ratio in ((1, 89 / 84), (-1, 84 / 89)):
            line = np.zeros(4096, dtype=np.int16)
            _shifted(line, wave, 0, 0, 0, 4096, shift, _TABLES)
            turn = 2 * np.pi * hz * ratio * np.arange(4096)
            basis = np.stack([np.sin(turn), np.cos(turn)], axis=1)[8:]
            fit, *_ = np.linalg.lstsq(basis, line[8:].astype(float), rcond=None)
            assert np.hypot(*fit) == pytest.approx(20_000, rel=0.01)
            assert abs(fit[1]) < 0.02 * 20_000  # and no later
            assert np.abs(line[8:] - basis @ fit).max() < 0.005 * 20_000


def test_layers_that_are_no_brighter_are_left_out() -> None:
    assert rising([1.0, 2.0, 1.5, 3.0, 4.0, 3.5, 5.0]) in ([0, 1, 3, 4, 6], [0, 2, 3, 4, 6])
    assert rising([3.0, 1.0, 2.0]) == [1, 2]
    assert rising([7.0]) == [0]


def test_between_two_layers_a_band_has_the_energy_it_should() -> None:
    velocities, laws = np.array([30.0, 90.0]), np.linspace(-2.0, 1.0, 128)[None, :]
    common = np.array([[[4.0]], [[25.0]]])
    for alike in (0.0, 0.6, 1.0):
        got = gains(laws, common, np.array([[alike]]), velocities)[:, 0]
        one, other = got[0] * 2.0, got[1] * 5.0
        energy = one**2 + other**2 + 2 * alike * one * other
        assert energy[1:] == pytest.approx(np.exp(2 * laws[0, 1:]))


def test_a_recording_that_is_missing_or_damaged_is_named(
    folder: Path, layout: Layout, tmp_path: Path
) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    hurt = tmp_path / "60v2.ogg"
    hurt.write_bytes(hurt.read_bytes()[:60])
    with pytest.raises(DeviceError, match=r"`60v2\.ogg` (cannot be read|has no sound)"):
        build_sampled(tmp_path, layout, RATE_HZ)
    hurt.unlink()
    with pytest.raises(DeviceError, match=r"`60v2\.ogg` is missing .* install the instrument"):
        build_sampled(tmp_path, layout, RATE_HZ)


def test_a_bank_from_its_file_sounds_the_same(bank: Bank, tmp_path: Path) -> None:
    save_bank(bank, tmp_path / "b.npz")
    kept = load_bank(tmp_path / "b.npz")
    assert kept is not None
    row = [(0.0, 0.4, 61, 66)]
    assert np.array_equal(heard(kept, row), heard(bank, row))
