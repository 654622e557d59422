"""The phone chain and the planter: what they promise, measured on their output."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest
from bench.aligning_cases import Case, Key
from bench.hearing_phone import FASTER, SNR_DB, phone, reverberation_s, room_response
from bench.hearing_planting import CLEAR_S, slowed, with_mistakes

from valentin.music import Audio, Performance, PerformedNote, Score, ScoreNote

RATE = 44_100


def tone(hz: float, seconds: float = 2.0) -> Audio:
    wave = 0.3 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)
    return Audio(np.stack([wave, wave], axis=1).astype(np.float32), RATE)


def loudest_hz(audio: Audio) -> float:
    sound = audio.samples[RATE // 2 : RATE * 3 // 2, 0]
    return float(np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * RATE)))) / 8


def test_the_room_dies_away_in_six_tenths_of_a_second() -> None:
    assert reverberation_s(room_response()) == pytest.approx(0.6, abs=0.01)


def test_the_phone_is_twenty_cents_sharp_and_mono() -> None:
    heard = phone(tone(1000.0), np.random.default_rng(0))
    assert heard.samples.shape[1] == 1
    cents = 1200 * np.log2(loudest_hz(heard) / 1000.0)
    assert cents == pytest.approx(20.0, abs=1.0)


def test_noise_lies_twenty_five_decibels_below() -> None:
    """Between 600 and 900 Hz there is only noise; of pink noise from 100 to 10000 Hz, its share."""
    heard = phone(tone(2000.0), np.random.default_rng(0)).samples[RATE // 2 : RATE * 3 // 2, 0]
    power = np.abs(np.fft.rfft(heard)) ** 2
    found = 10 * np.log10(power[1900:2200].sum() / power[600:900].sum())
    share = 10 * np.log10(np.log(900 / 600) / (np.log(11025 / 20) + 1))
    assert found == pytest.approx(SNR_DB - share, abs=2.0)


def test_the_same_seed_gives_the_same_recording() -> None:
    first, second = (phone(tone(500.0), np.random.default_rng(3)).samples for _ in range(2))
    assert np.array_equal(first, second)


def case(count: int = 400) -> Case:
    pitches = np.random.default_rng(1).integers(48, 84, count)
    notes = [
        PerformedNote(f"p{i}", "", 0.25 * i, 0.25 * i + 0.2, int(p), 60)
        for i, p in enumerate(pitches)
    ]
    written = [
        ScoreNote(f"n{i}", "P1", F(i), F(1), note.pitch, "", 1, 1) for i, note in enumerate(notes)
    ]
    score = Score("t", "c", (), tuple(written), (), (), ())
    return Case(score, tuple(Key(note, f"n{i}") for i, note in enumerate(notes)))


def test_one_note_in_twenty_goes_wrong_and_each_mistake_can_be_heard() -> None:
    rows, missed = with_mistakes(case(), 1000.0, np.random.default_rng(0))
    planted = [note for note, kind, _ in rows if kind in ("wrong", "extra")]
    assert 8 <= len(planted) <= 25
    assert len(rows) + len(missed) == 400 + len(planted)
    for mine in planted:
        for other, kind, _ in rows:
            if kind == "written" and other.pitch == mine.pitch:
                apart = max(other.onset_s - mine.offset_s, mine.onset_s - other.offset_s)
                assert apart >= CLEAR_S - 1e-9


def test_a_faster_tape_is_shorter() -> None:
    note = PerformedNote("p0", "", 87.0, 174.0, 60, 64)
    heard = slowed(Performance((note,)), FASTER).notes[0]
    assert heard == replace(note, onset_s=86.0, offset_s=172.0)
