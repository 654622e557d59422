"""A file of sound → its samples, block by block.

In: a path to WAV, FLAC, Ogg, Opus, MP3 or AIFF; with PyAV also what phones and cameras write (m4a,
webm, mp4, mov, …). Out: a `Recording`, whose blocks can be asked for more than once.

**Conventions.** Blocks are float32 (frames, channels), full scale ±1, about a second each; at most
two channels (more are folded to two by their order). A length of 0 means that the file does not
say. What is not a number is silence.

**Knows nothing of** pianos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from valentin.errors import ReadError
from valentin.hearing.containers import contained, described
from valentin.hearing.mp3 import is_mp3
from valentin.music import Audio

__all__ = ["PHONE_SUFFIXES", "SUFFIXES", "Recording", "from_audio", "open_recording"]

Floats = npt.NDArray[np.float32]

SUFFIXES = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff")
PHONE_SUFFIXES = (
    ".m4a", ".aac", ".mp4", ".mov", ".webm", ".mkv", ".3gp", ".caf", ".wma", ".amr",
)  # fmt: skip
RATES_HZ = (4_000, 400_000)
"""What a recording may have; below 4 kHz there is nothing to hear."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound that can be gone through again and again. `duration_s` is 0 where it is not known."""

    name: str
    rate_hz: int
    duration_s: float
    blocks: Callable[[], Iterator[Floats]]


def from_audio(audio: Audio, name: str = "sound") -> Recording:
    """Samples in memory as a recording."""

    def blocks() -> Iterator[Floats]:
        for first in range(0, len(audio.samples), audio.rate_hz):
            yield _clean(audio.samples[first : first + audio.rate_hz])

    return Recording(name, audio.rate_hz, audio.duration_s, blocks)


def open_recording(path: Path) -> Recording:
    """A file of sound. Raises ReadError where it is none that can be read."""
    if not path.is_file():
        raise ReadError(f"Reading `{path}`: there is no such file.", path=str(path))
    if path.stat().st_size == 0:
        raise ReadError(f"Reading `{path}`: the file is empty; record anew.", path=str(path))
    if path.suffix.lower() in PHONE_SUFFIXES:
        return _by_av(path)
    if path.suffix.lower() == ".mp3" and not is_mp3(path):
        raise _unreadable(path, ValueError("no frames of MP3"))
    try:
        with soundfile.SoundFile(path) as sound:
            rate_hz, frames = sound.samplerate, sound.frames
    except (soundfile.SoundFileError, OSError) as error:
        raise _unreadable(path, error) from error
    _check_rate(path, rate_hz)
    return Recording(path.name, rate_hz, frames / rate_hz, lambda: _soundfile_blocks(path))


def _soundfile_blocks(path: Path) -> Iterator[Floats]:
    seconds = 0
    try:
        with soundfile.SoundFile(path) as sound:
            while True:
                block = sound.read(sound.samplerate, dtype="float32", always_2d=True)
                if not len(block):
                    return
                yield _clean(block)
                seconds += 1
    except (soundfile.SoundFileError, OSError) as error:
        raise ReadError(
            f"Reading `{path}`: it is damaged after {seconds // 60}:{seconds % 60:02d} "
            f"({_reason(error)}); copy it anew, or cut it before that.",
            path=str(path),
        ) from error


def _clean(block: Floats) -> Floats:
    """At most two channels, and only numbers."""
    if block.shape[1] > 2:
        block = np.stack([block[:, 0::2].mean(axis=1), block[:, 1::2].mean(axis=1)], axis=1)
    return np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0).astype(np.float32, copy=False)


def _check_rate(path: Path, rate_hz: int) -> None:
    low, high = RATES_HZ
    if not low <= rate_hz <= high:
        raise ReadError(
            f"Reading `{path}`: {rate_hz} samples a second; a recording has {low} to {high}.",
            path=str(path),
        )


def _unreadable(path: Path, error: Exception) -> ReadError:
    return ReadError(
        f"Reading `{path}`: this is no sound that can be read ({_reason(error)}); "
        "save it as WAV, FLAC, Ogg or MP3.",
        path=str(path),
    )


def _reason(error: Exception) -> str:
    return str(error).rstrip(".").split(": ")[-1].lower()


def _by_av(path: Path) -> Recording:
    rate_hz, duration_s = described(path)
    _check_rate(path, rate_hz)
    return Recording(path.name, rate_hz, duration_s, lambda: map(_clean, contained(path)))
