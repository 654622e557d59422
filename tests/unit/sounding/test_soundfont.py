"""Soundfonts through fluidsynth: the errors always, the sound where the program and a font are."""

from __future__ import annotations

import stat
import struct
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from tests.unit.sounding.conftest import notes

from valentin.errors import DeviceError, MissingError
from valentin.music import PedalEvent, Performance
from valentin.sounding import render
from valentin.sounding.soundfont import _midi, available

ONE = Performance(notes((0.0, 0.5, 60, 60)), (PedalEvent(0.1, "sustain", 90),))
FAKE = """#!/bin/sh
while [ "$1" != "-F" ]; do shift; done
{body}
"""


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """As much of a soundfont as we look at ourselves."""
    path = tmp_path / "small.sf2"
    path.write_bytes(b"RIFF" + struct.pack("<I", 4) + b"sfbk")
    return path


def fake_fluidsynth(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name, alone on the path."""
    folder.mkdir()
    program = folder / "fluidsynth"
    program.write_text(FAKE.format(body=body))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"none\.sf2`: no such file"):
        render(ONE, instrument=str(tmp_path / "none.sf2"))


def test_a_file_that_is_no_soundfont_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.sf2").write_text("not a soundfont at all")
    with pytest.raises(DeviceError, match="that is no soundfont"):
        render(ONE, instrument=str(tmp_path / "text.sf2"))


def test_a_soundfont_that_is_cut_off_is_named(font: Path) -> None:
    whole = font.read_bytes()
    font.write_bytes(whole[:4] + struct.pack("<I", 5_000) + whole[8:])
    with pytest.raises(DeviceError, match="cut off at 12 bytes"):
        render(ONE, instrument=str(font))


def test_without_fluidsynth_the_error_says_how_to_get_it(
    font: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="apt install fluidsynth") as caught:
        render(ONE, instrument=str(font))
    assert caught.value.command == "apt install fluidsynth"


def test_a_program_that_fails_is_quoted(
    font: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = 'echo "fluidsynth: error: Failed to load" >&2; exit 1'
    fake_fluidsynth(tmp_path / "bin", body, monkeypatch)
    with pytest.raises(DeviceError, match="Failed to load"):
        render(ONE, instrument=str(font))


def test_an_error_that_the_program_only_mentions_is_one(
    font: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros((90_000, 2)), 8000)
    body = f'cp "{tmp_path}/silence.wav" "$2"; echo "fluidsynth: error: no preset" >&2'
    fake_fluidsynth(tmp_path / "bin", body, monkeypatch)
    with pytest.raises(DeviceError, match="no preset"):
        render(ONE, instrument=str(font), rate_hz=8000)


def test_a_program_that_writes_nothing_is_no_silence(
    font: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_fluidsynth(tmp_path / "bin", "exit 0", monkeypatch)
    with pytest.raises(DeviceError, match="disk full"):
        render(ONE, instrument=str(font))


def test_what_the_program_writes_is_what_is_heard(
    font: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tone = 0.2 * np.sin(2 * np.pi * 440.0 * np.arange(16_000) / 8000)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], axis=1), 8000)
    fake_fluidsynth(tmp_path / "bin", f'cp "{tmp_path}/tone.wav" "$2"', monkeypatch)
    heard = render(ONE, instrument=str(font), rate_hz=8000).samples
    assert np.abs(heard[1000:4000, 0] - tone[1000:4000]).max() < 1e-3
    assert len(heard) < 3 * 8000


FONTS = sorted(Path("/usr/share/sounds").glob("sf*/*.sf[23]"))


@pytest.mark.skipif(
    not (FONTS and available()), reason="no soundfont or no fluidsynth on this machine"
)
def test_a_real_soundfont_plays_in_tune_and_in_time() -> None:
    take = Performance(notes((0.5, 1.5, 69, 80)))
    heard = render(take, instrument=str(FONTS[0]), rate_hz=22_050).samples.mean(axis=1)
    assert np.abs(heard[: int(0.49 * 22_050)]).max() < 0.01 * np.abs(heard).max()
    part = heard[int(0.6 * 22_050) : int(1.4 * 22_050)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 18))
    hz = np.fft.rfftfreq(1 << 18, 1 / 22_050)
    near = (hz > 400) & (hz < 480)
    assert hz[near][spectrum[near].argmax()] == pytest.approx(440.0, abs=3.0)


def test_the_take_is_written_as_it_was_played(tmp_path: Path) -> None:
    (tmp_path / "take.mid").write_bytes(_midi(ONE))
    told, at_s = [], 0.0
    for message in mido.MidiFile(tmp_path / "take.mid"):
        at_s += message.time
        if not message.is_meta and message.type != "program_change":
            told.append((round(at_s, 3), message.type, message.bytes()[1:]))
    assert told[:3] == [
        (0.0, "note_on", [60, 60]),
        (0.1, "control_change", [64, 90]),
        (0.5, "note_off", [60, 64]),
    ]
    assert told[-1][0] > 5.0  # the strings may ring on
