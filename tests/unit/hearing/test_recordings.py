"""Files of sound: what is read, what is refused and in which words, what needs PyAV."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from valentin.errors import MissingError, ReadError, TakeError
from valentin.hearing.recognising import check_piano, check_sound
from valentin.hearing.recordings import from_audio, open_recording
from valentin.hearing.stiffness import Strings
from valentin.hearing.surveying import Survey, survey
from valentin.music import Audio, PerformedNote

RATE = 44_100


def tone(seconds: float = 3.0, hz: float = 440.0, channels: int = 1) -> Audio:
    wave = 0.3 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return Audio(np.repeat(wave[:, None], channels, axis=1).astype(np.float32), RATE)


def in_m4a(path: Path, audio: Audio, *, picture: bool = False) -> Path:
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as file:
        if len(audio.samples):
            stream = file.add_stream("aac", rate=RATE, layout="mono")
        if picture:
            seen = file.add_stream("mpeg4", rate=5)
            seen.width = seen.height = 64
            for _ in range(5):
                black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))
                file.mux(seen.encode(black))
            file.mux(seen.encode(None))
        if len(audio.samples):
            frame = av.AudioFrame.from_ndarray(audio.samples[:, :1].T.copy(), "fltp", "mono")
            frame.sample_rate = RATE
            file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("picture", [False, True], ids=["sound", "film"])
def test_what_a_phone_records_is_read(tmp_path: Path, picture: bool) -> None:
    path = in_m4a(tmp_path / "take.m4a", tone(), picture=picture)
    recording = open_recording(path)
    first, second = (np.concatenate(list(recording.blocks())) for _ in range(2))
    assert recording.rate_hz == RATE
    assert recording.duration_s == pytest.approx(3, abs=0.1)
    assert first.shape == second.shape
    assert len(first) == pytest.approx(3 * RATE, abs=4096)
    spectrum = np.abs(np.fft.rfft(first[RATE : 2 * RATE, 0]))
    assert spectrum.argmax() == 440
    assert np.abs(first).max() == pytest.approx(0.3, abs=0.05)


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    silent = Audio(np.zeros((0, 1), np.float32), RATE)
    path = in_m4a(tmp_path / "film.mp4", silent, picture=True)
    with pytest.raises(ReadError, match="no sound in it"):
        open_recording(path)


def test_without_pyav_the_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "take.m4a"
    path.write_bytes(b"anything")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingError, match="pip install av") as caught:
        open_recording(path)
    assert caught.value.command == "pip install av"


@pytest.mark.parametrize("name", ["text.wav", "text.m4a"])
def test_a_text_with_another_name_is_no_sound(tmp_path: Path, name: str) -> None:
    if name.endswith("m4a"):
        pytest.importorskip("av")
    path = tmp_path / name
    path.write_text("This is a letter.\n" * 20)
    with pytest.raises(ReadError, match="no sound that can be read"):
        open_recording(path)


def test_an_empty_file_is_told_from_a_missing_one(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    with pytest.raises(ReadError, match="no such file"):
        open_recording(path)
    path.touch()
    with pytest.raises(ReadError, match="the file is empty"):
        open_recording(path)


def test_a_file_cut_off_says_after_how_long(tmp_path: Path) -> None:
    path = tmp_path / "take.flac"
    noise = np.random.default_rng(0).normal(0, 0.1, 10 * RATE)
    soundfile.write(path, noise, RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ReadError, match=r"damaged after 0:0[345]"):
        survey(open_recording(path))


def test_many_channels_are_folded_and_no_number_is_silence() -> None:
    samples = np.repeat(tone(1).samples, 4, axis=1)
    samples[100, 0] = np.nan
    (block,) = from_audio(Audio(samples, RATE)).blocks()
    assert block.shape == (RATE, 2)
    assert np.isfinite(block).all()


def test_a_tone_has_a_tuning_and_noise_has_none() -> None:
    tuned = survey(from_audio(tone(3, 440 * 2 ** (20 / 1200))))
    assert tuned.cents == pytest.approx(20, abs=2)
    assert tuned.tuned > 0.9
    rng = np.random.default_rng(1)
    noise = survey(from_audio(Audio(rng.normal(0, 0.1, (RATE * 5, 1)).astype(np.float32), RATE)))
    with pytest.raises(TakeError, match="does not sound like a piano"):
        check_sound(noise, "noise")


def test_silence_is_refused() -> None:
    silent = survey(from_audio(Audio(np.zeros((RATE, 1), np.float32), RATE)))
    with pytest.raises(TakeError, match="silent"):
        check_sound(silent, "take")


def strings(factor: float) -> Strings:
    """A chord of decaying strings, so many times as stiff as a piano's, as it is looked at."""
    t = np.arange(RATE) / RATE
    seen = Strings(RATE)
    for pitch in (45, 48, 52, 55, 57, 60, 62, 64, 65, 67):
        stiff = factor * (np.exp(0.0926 * pitch - 13.64) + np.exp(-0.0847 * pitch - 5.82))
        first_hz = 440 * 2 ** ((pitch - 69) / 12)
        partials = [
            np.exp(-3 * t) / k * np.sin(2 * np.pi * k * first_hz * np.sqrt(1 + stiff * k * k) * t)
            for k in range(1, 12)
        ]
        seen.look(np.sum(partials, axis=0).astype(np.float32)[:, None], [(pitch, 0.0)])
    return seen


def some_notes(count: int, confidence: float) -> list[PerformedNote]:
    return [PerformedNote(f"p{k}", "", k, k + 1.0, 60, 64, confidence) for k in range(count)]


SURVEYED = Survey(60.0, 0.1, 0.0, 1.0)


@pytest.mark.parametrize("factor", [0.7, 1.0, 1.4])
def test_stiff_strings_are_a_piano(factor: float) -> None:
    seen = strings(factor)
    assert seen.seen > 60
    assert seen.like_piano > seen.like_others + 0.2
    check_piano(SURVEYED, some_notes(5, 1.0), (), seen, "take")


@pytest.mark.parametrize("factor", [0.0, 0.1])
def test_strings_without_stiffness_are_another_instrument(factor: float) -> None:
    with pytest.raises(TakeError, match="overtones of its notes lie where other instruments"):
        check_piano(SURVEYED, some_notes(5, 1.0), (), strings(factor), "take")


@pytest.mark.parametrize(
    ("count", "confidence", "faint", "refused"),
    [(0, 1.0, 9, True), (9, 0.9, 9, False), (9, 0.99, 90, False), (9, 0.9, 90, True)],
)
def test_what_is_ghostly_and_hardly_believed_is_no_piano(
    count: int, confidence: float, faint: int, refused: bool
) -> None:
    notes, others, seen = some_notes(count, confidence), some_notes(faint, 0.1), Strings(RATE)
    if refused:
        with pytest.raises(TakeError, match="piano"):
            check_piano(SURVEYED, notes, others, seen, "take")
    else:
        check_piano(SURVEYED, notes, others, seen, "take")


def test_an_mp3_is_one_and_other_bytes_under_its_name_are_refused_quietly(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    true, tagged, wrong = (tmp_path / name for name in ("true.mp3", "tagged.mp3", "wrong.mp3"))
    soundfile.write(true, tone(2).samples, RATE)
    tagged.write_bytes(b"ID3\x04\0\0\0\0\1\0" + bytes(128) + true.read_bytes())
    wrong.write_bytes(np.random.default_rng(2).integers(0, 256, 50_000, np.uint8).tobytes())
    assert open_recording(true).rate_hz == open_recording(tagged).rate_hz == RATE
    with pytest.raises(ReadError, match="no frames of mp3"):
        open_recording(wrong)
    assert capfd.readouterr().err == ""
