"""Sound → file or bytes: WAV, FLAC, Ogg (Vorbis), Opus, MP3.

**Conventions.** The format follows the ending of the file's name. WAV and FLAC are 24 bit.

**Knows nothing of** music.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import soundfile

from valentin.errors import DeviceError
from valentin.files import written
from valentin.music import Audio

__all__ = ["FORMATS", "encode_audio", "resampled", "write_audio", "write_blocks"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Format:
    name: str
    subtype: str
    rates_hz: tuple[int, ...] = ()  # the only ones it has, where that is so
    kbps: int = 0  # a steady bit rate; 0 is the encoder's own choice

    def rate_options(self, rate_hz: int) -> dict[str, object]:
        """How the encoder is asked for the bit rate: a share of the way down from the highest."""
        if not self.kbps:
            return {}
        low, high = (32, 320) if rate_hz >= 32_000 else (8, 160)
        share = (high - self.kbps) / (high - low)
        return {"bitrate_mode": "CONSTANT", "compression_level": min(max(share, 0.0), 1.0)}


MOST_FRAMES = 65_536  # handed to an encoder at once
SMALL_KBPS = 64  # where LAME too would choose 24 kHz for two channels
FORMATS = ("wav", "flac", "ogg", "opus", "mp3")
_FORMATS = {
    "wav": _Format("WAV", "PCM_24"),
    "flac": _Format("FLAC", "PCM_24"),
    "ogg": _Format("OGG", "VORBIS"),
    "opus": _Format("OGG", "OPUS", (8_000, 12_000, 16_000, 24_000, 48_000)),
    "mp3": _Format("MP3", "MPEG_LAYER_III"),
}


def write_audio(audio: Audio, path: Path) -> None:
    """Write sound to a file. Raises DeviceError where that cannot be; leaves no half file."""
    write_blocks([audio.samples], audio.rate_hz, path)


def write_blocks(blocks: Iterable[Floats], rate_hz: int, path: Path) -> None:
    """The same from a stream of blocks (frames, channels), which is never held whole."""
    form = _format(path.suffix.lstrip(".").lower(), f"Writing `{path}`")
    with written(path) as beside, beside.open("wb") as out:
        _encode(blocks, rate_hz, form, out)


def encode_audio(audio: Audio, format: str, *, kbps: int | None = None) -> bytes:
    """The sound as the bytes of a file, to be put into a page; every browser plays "mp3".

    `kbps` asks for an MP3 of one steady bit rate, in which a player finds any second exactly; at
    64 and below it holds what lies under 12 kHz.
    """
    out = io.BytesIO()
    form = _format(format, "Encoding sound")
    if kbps:
        form = replace(form, kbps=kbps, rates_hz=(24_000,) if kbps <= SMALL_KBPS else ())
    _encode([audio.samples], audio.rate_hz, form, out)
    return out.getvalue()


def _format(name: str, doing: str) -> _Format:
    if name not in _FORMATS:
        raise DeviceError(
            f"{doing}: `{name}` is no sound format known here; use {', '.join(FORMATS)}."
        )
    return _FORMATS[name]


def _encode(blocks: Iterable[Floats], rate_hz: int, form: _Format, out: IO[bytes]) -> None:
    """Raises OSError where `out` takes no more."""
    if form.rates_hz and rate_hz not in form.rates_hz:
        blocks, rate_hz = resampled(blocks, rate_hz, form.rates_hz[-1]), form.rates_hz[-1]
    held = _Held(out)
    sound: soundfile.SoundFile | None = None
    # the encoder calls back from C, where an interrupt would be lost: only the main thread gets one
    with ThreadPoolExecutor(1) as desk:
        try:
            for block in blocks:
                if sound is None:
                    sound = desk.submit(
                        soundfile.SoundFile, held, "w", rate_hz, block.shape[1], form.subtype,
                        format=form.name, **form.rate_options(rate_hz),
                    ).result()  # fmt: skip
                for start in range(0, len(block), MOST_FRAMES):
                    desk.submit(sound.write, block[start : start + MOST_FRAMES]).result()
                    held.check()
        finally:
            if sound is not None:
                desk.submit(sound.close).result()
    held.check()


class _Held:
    """A file whose errors wait to be asked for: the encoder, in C, cannot pass them on."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._error: OSError | None = None

    def check(self) -> None:
        if self._error is not None:
            raise self._error

    def write(self, data: bytes) -> int:
        if self._error is None:
            try:
                self._out.write(data)
                self._out.flush()
            except OSError as error:
                self._error = error
        return len(data)

    def read(self, size: int = -1) -> bytes:
        return self._out.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0 if self._error else self._out.seek(offset, whence)

    def tell(self) -> int:
        return 0 if self._error else self._out.tell()


def resampled(blocks: Iterable[Floats], rate_hz: int, to_hz: int) -> Iterator[Floats]:
    """The same sound at another rate, in pieces that join without a seam."""
    shared = math.gcd(rate_hz, to_hz)
    up, down = to_hz // shared, rate_hz // shared
    margin = -(-16 // down) * down * 2  # frames around a piece that its filter may need
    piece = down * (1 + MOST_FRAMES // down)
    kept: Floats | None = None
    for block in blocks:
        before = np.zeros((margin, block.shape[1]), np.float32) if kept is None else kept
        kept = np.concatenate([before, block])
        while len(kept) >= piece + 2 * margin:
            yield _inner(kept[: piece + 2 * margin], up, down, margin)
            kept = kept[piece:]
    if kept is not None:
        frames = len(kept) - margin
        padded = np.concatenate([kept, np.zeros((2 * margin, kept.shape[1]), np.float32)])
        whole = -(-frames // down) * down
        last = _inner(padded[: whole + 2 * margin], up, down, margin)
        yield last[: -(-frames * up // down)]


def _inner(sound: Floats, up: int, down: int, margin: int) -> Floats:
    cut = margin * up // down
    import scipy.signal  # takes a second, and most files need no other rate

    raised = scipy.signal.resample_poly(sound, up, down, axis=0)
    return np.asarray(raised[cut : len(raised) - cut], dtype=np.float32)
