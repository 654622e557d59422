"""Sound into files and bytes, and what happens where that cannot be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.unit.sounding.conftest import RATE_HZ, notes

from valentin.errors import DeviceError
from valentin.music import Audio, Performance
from valentin.sounding import FORMATS, encode_audio, stream, write_audio, write_blocks

TIME = np.arange(30_000) / 44_100
TONE = (0.3 * np.sin(2 * np.pi * 440.0 * TIME)).astype(np.float32)
AUDIO = Audio(np.stack([TONE, 0.5 * TONE], axis=1), 44_100)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_gives_the_sound_back(format: str) -> None:
    back, rate_hz = soundfile.read(io.BytesIO(encode_audio(AUDIO, format)))
    assert len(back) / rate_hz == pytest.approx(AUDIO.duration_s, abs=0.06)
    middle = back[len(back) // 4 : len(back) // 2]
    assert np.sqrt((middle**2).mean(axis=0)) == pytest.approx([0.2121, 0.106], rel=0.03)
    spectrum = np.abs(np.fft.rfft(middle[:, 0] * np.hanning(len(middle))))
    assert np.argmax(spectrum) * rate_hz / len(middle) == pytest.approx(440.0, abs=5.0)


def test_an_mp3_is_small_enough_for_a_page() -> None:
    assert len(encode_audio(AUDIO, "mp3")) < 0.2 * AUDIO.samples.nbytes


@pytest.mark.parametrize("kbps", [48, 64, 96, 128])
def test_a_steady_bit_rate_is_the_one_asked_for(kbps: int) -> None:
    long = Audio(np.tile(AUDIO.samples, (10, 1)), AUDIO.rate_hz)
    sound = encode_audio(long, "mp3", kbps=kbps)
    assert len(sound) * 8 / long.duration_s == pytest.approx(kbps * 1000, rel=0.03)


@pytest.mark.parametrize("format", ["wav", "flac", "opus", "mp3"])
def test_a_stream_makes_the_same_file(tmp_path: Path, format: str) -> None:
    write_audio(AUDIO, tmp_path / f"whole.{format}")
    pieces = np.array_split(AUDIO.samples, 7)
    write_blocks(iter(pieces), 44_100, tmp_path / f"pieces.{format}")
    whole, pieces = (
        soundfile.read(tmp_path / f"{name}.{format}")[0] for name in ("whole", "pieces")
    )
    assert len(whole) == len(pieces)
    assert np.abs(whole - pieces).max() < 1e-3


def test_where_nothing_can_be_written_the_error_says_why(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="no folder"):
        write_audio(AUDIO, tmp_path / "none" / "x.wav")
    with pytest.raises(DeviceError, match="`xyz` is no sound format known here; use wav, flac"):
        write_audio(AUDIO, tmp_path / "x.xyz")
    (tmp_path / "x.wav").mkdir()
    with pytest.raises(DeviceError, match="that is a folder"):
        write_audio(AUDIO, tmp_path / "x.wav")


@pytest.mark.parametrize("format", ["wav", "flac", "ogg", "mp3"])
def test_a_disk_that_fills_leaves_no_half_file(
    tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = Path.open

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    def opened(path: Path, *args: object, **kwargs: object) -> object:
        return Full() if path.suffix == f".{format}" else real_open(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(DeviceError, match="no space left on device"):
        write_audio(AUDIO, tmp_path / f"x.{format}")
    assert list(tmp_path.iterdir()) == []


def test_a_rendering_that_breaks_leaves_no_half_file(tmp_path: Path) -> None:
    def broken() -> Iterator[np.ndarray]:
        yield AUDIO.samples
        raise RuntimeError("the strings broke")

    with pytest.raises(RuntimeError, match="strings broke"):
        write_blocks(broken(), 44_100, tmp_path / "x.wav")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_in_the_middle_of_a_take_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    room, wrote = 100_000, [0]
    real_open = Path.open

    class Filling:
        def __init__(self, file: io.BufferedIOBase) -> None:
            self._file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

        def __enter__(self) -> Filling:
            return self

        def __exit__(self, *error: object) -> None:
            self._file.close()

        def write(self, data: bytes) -> int:
            wrote[0] += len(data)
            if wrote[0] > room:
                raise OSError(28, "No space left on device")
            return self._file.write(data)

    def opened(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        file = real_open(path, mode, *args, **kwargs)
        return Filling(file) if path.suffix == ".flac" else file

    monkeypatch.setattr(Path, "open", opened)
    take = Performance(notes((0.0, 60.0, 60, 90)))
    blocks = stream(take, instrument="modelled", rate_hz=RATE_HZ, cache=cache)
    with pytest.raises(DeviceError, match="no space left on device"):
        write_blocks(blocks, RATE_HZ, tmp_path / "x.flac")
    assert 0 < wrote[0] < 3 * room
    assert list(tmp_path.iterdir()) == []
