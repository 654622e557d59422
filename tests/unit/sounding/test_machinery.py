"""The parts between bank and ear: bank files, dampers, rates, convolution, limiter."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import scipy.signal
from tests.unit.sounding.conftest import RATE_HZ, Play, notes

from valentin.errors import DeviceError
from valentin.music import PedalEvent, Performance
from valentin.sounding.bank import Bank, load_bank, save_bank
from valentin.sounding.choosing import _kept, bank_of
from valentin.sounding.convolving import Convolver
from valentin.sounding.damping import Dampers, pressure_of
from valentin.sounding.limiting import CEILING, DELAY, Limiter
from valentin.sounding.modelled import build_modelled
from valentin.sounding.raising import DELAY as RAISED
from valentin.sounding.raising import Raiser
from valentin.sounding.rendering import render


def test_a_bank_comes_back_from_its_file(tmp_path: Path, cache: Path, play: Play) -> None:
    play([(0.0, 0.1, 60, 60)])  # makes the file
    bank = load_bank(next(cache.glob("*.npz")))
    assert bank is not None
    save_bank(bank, tmp_path / "b.npz")
    again = load_bank(tmp_path / "b.npz")
    assert again is not None
    for field in fields(Bank):
        if field.name != "strings":
            assert np.array_equal(getattr(bank, field.name), getattr(again, field.name))
    assert np.array_equal(bank.strings.rate, again.strings.rate)


def test_a_damaged_bank_is_made_anew(tmp_path: Path) -> None:
    whole = bank_of("modelled", 8000, tmp_path)
    path = next(tmp_path.glob("*.npz"))
    good = path.read_bytes()
    version = good.rindex(b"PK\x01\x02") + 6  # one wrong byte in the directory
    odd = good[:version] + b"\xf5" + good[version + 1 :]
    for damaged in (b"", b"not a bank", good[: len(good) // 2], odd):
        path.unlink()  # what is mapped stays
        path.write_bytes(damaged)
        assert load_bank(path) is None
    _kept.cache_clear()
    again = bank_of("modelled", 8000, tmp_path)
    assert np.array_equal(whole.samples, again.samples)
    assert path.read_bytes() == good


def test_samples_damaged_inside_a_bank_are_said_and_made_anew(tmp_path: Path) -> None:
    note = Performance(notes((0.0, 0.2, 60, 64)))
    good = render(note, rate_hz=8000, cache=tmp_path)
    path = next(tmp_path.glob("*.npz"))
    whole = bank_of("modelled", 8000, tmp_path)
    strand = whole.keys[60][1] - 2  # of a wire; the knocks of several keys are one
    sound = whole.samples[whole.start[strand] : whole.start[strand] + whole.length[strand]]
    kept = path.read_bytes()
    at = kept.index(sound.tobytes()) + 11
    path.unlink()  # what is mapped stays
    path.write_bytes(kept[:at] + bytes([kept[at] ^ 64]) + kept[at + 1 :])
    _kept.cache_clear()
    other = Performance(notes((0.0, 0.2, 72, 64)))
    render(other, rate_hz=8000, cache=tmp_path)  # its own samples are whole
    with pytest.raises(DeviceError, match="damaged"):
        render(note, rate_hz=8000, cache=tmp_path)
    again = render(note, rate_hz=8000, cache=tmp_path)
    assert np.array_equal(good.samples, again.samples)


def test_a_bank_that_cannot_be_kept_still_plays(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert len(bank_of("modelled", 8000, blocked / "folder").samples) > 0


def test_two_banks_of_one_design_are_the_same() -> None:
    told: list[float] = []
    one, other = build_modelled(8000, told.append), build_modelled(8000)
    assert np.array_equal(one.samples, other.samples)
    assert told[-1] == 1.0


def test_levels_rise_evenly_over_all_velocities(cache: Path) -> None:
    bank = bank_of("modelled", RATE_HZ, cache)
    for pitch in (36, 60, 84, 105):
        strands = range(*bank.keys[pitch])
        energy = [
            bank.gain[s] ** 2 * ((bank.samples[_span(bank, s)] * float(bank.scale[s])) ** 2).sum()
            for s in strands
        ]
        level = 10 * np.log10(np.sum(energy, axis=0)[1:])
        assert np.all(np.diff(level) > 0.0)
        assert np.diff(level)[9:].max() < 1.0


def _span(bank: Bank, strand: int) -> slice:
    return slice(bank.start[strand], bank.start[strand] + bank.length[strand])


def test_pedal_pressure_goes_from_full_to_none() -> None:
    pressures = pressure_of(np.arange(128))
    assert pressures[0] == 1.0
    assert pressures[127] == 0.0
    assert np.all(np.diff(pressures) <= 0.0)
    assert len(np.unique(pressures)) > 40


def test_dampers_follow_keys_and_pedal_inside_a_segment() -> None:
    take = Performance(notes((0.10, 0.25, 60, 64)), (PedalEvent(0.4, "sustain", 127),))
    mean = Dampers(take).pressures(0.0, 0.1, 5)
    assert mean[60] == pytest.approx([1.0, 0.0, 0.5, 1.0, 0.0])
    assert mean[61] == pytest.approx([1.0, 1.0, 1.0, 1.0, 0.0])


def test_convolution_in_blocks_is_convolution() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(3, 1024)).astype(np.float32)
    h = rng.normal(size=(3, 2, 300)).astype(np.float32)
    convolver = Convolver(h, 128)
    got = np.concatenate([convolver.process(x[:, i : i + 128]) for i in range(0, 1024, 128)], 1)
    for out in range(2):
        want = sum(scipy.signal.fftconvolve(x[i], h[i, out])[:1024] for i in range(3))
        assert np.abs(got[out] - want).max() < 1e-3


def test_every_octave_arrives_in_step() -> None:
    frames, hz, rate_hz = 4096, 400.0, 44_100
    raiser = Raiser(1)
    blocks = []
    for b in range(3):
        octaves = np.zeros((4, 1, frames), dtype=np.float32)
        for o in range(4):
            t = (b * (frames >> o) + np.arange(frames >> o)) * 2**o / rate_hz
            octaves[o, 0, : frames >> o] = np.sin(2 * np.pi * hz * t)
        blocks.append(raiser.process(octaves)[0])
    sound = np.concatenate(blocks)[frames:]
    t = (frames + np.arange(len(sound)) - RAISED) / rate_hz
    assert np.abs(sound - 4.0 * np.sin(2 * np.pi * hz * t)).max() < 2e-3


def test_the_limiter_is_idle_below_its_ceiling_and_holds_above() -> None:
    rng = np.random.default_rng(5)
    calm = (0.1 * rng.normal(size=(2, 20_480))).astype(np.float32)
    assert np.array_equal(_limited(calm)[:, DELAY:], calm[:, :-DELAY])
    wild = calm.copy()
    wild[:, 9000:9010] = 3.0
    wild[0, 15_000] = -2.0
    held = _limited(wild)
    fine = scipy.signal.resample_poly(held, 8, 1, axis=1)
    assert np.abs(held).max() <= CEILING * 1.001
    assert np.abs(fine).max() < 1.0
    # far from the peaks nothing is changed
    assert np.array_equal(held[:, DELAY : DELAY + 8000], wild[:, :8000])


def _limited(x: np.ndarray) -> np.ndarray:
    limiter = Limiter(44_100)
    return np.concatenate(
        [limiter.process(x[:, i : i + 4096]) for i in range(0, x.shape[1], 4096)], axis=1
    )
