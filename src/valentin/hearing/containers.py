"""What phones and cameras write → its sound, block by block, by PyAV.

In: a path to m4a, mp4, mov, webm, … Out: rate, duration, and float32 blocks (frames, channels).

**Conventions.** The first stream of sound counts; pictures are passed over. Channels stay as they
are. A duration of 0 means that the file does not say. PyAV is optional, and loaded when asked for.

**Knows nothing of** what is heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from valentin.errors import MissingError, ReadError

__all__ = ["INSTALL", "contained", "described"]

Floats = npt.NDArray[np.float32]

INSTALL = "pip install av"
_MICROSECOND = 1e-6  # the unit of a container's duration


def described(path: Path) -> tuple[int, float]:
    """Rate in Hz and duration in seconds. Raises ReadError where no sound can be read."""
    with _sound_of(path) as (container, stream):
        return int(stream.rate), (container.duration or 0) * _MICROSECOND


def contained(path: Path) -> Iterator[Floats]:
    """The sound in blocks of about a second. Raises ReadError where the file is damaged."""
    av = _av(path)
    with _sound_of(path) as (container, stream):
        rate_hz = int(stream.rate)
        even = av.AudioResampler(format="fltp", rate=rate_hz)
        held: list[Floats] = []
        for frame in container.decode(stream):
            held += [part.to_ndarray().T for part in even.resample(frame)]
            if sum(map(len, held)) >= rate_hz:
                yield np.concatenate(held)
                held = []
        held += [part.to_ndarray().T for part in even.resample(None)]
        if held:
            yield np.concatenate(held)


@contextmanager
def _sound_of(path: Path) -> Iterator[tuple[Any, Any]]:
    """The opened file and its first stream of sound."""
    av = _av(path)
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise ReadError(
                    f"Reading `{path}`: there is no sound in it; record anew.", path=str(path)
                )
            yield container, container.streams.audio[0]
    except (av.FFmpegError, OSError) as error:
        reason = (getattr(error, "strerror", "") or str(error)).rstrip(".").lower()
        raise ReadError(
            f"Reading `{path}`: this is no sound that can be read ({reason}); "
            "save it as WAV, FLAC, Ogg or MP3.",
            path=str(path),
        ) from error


def _av(path: Path) -> Any:
    """PyAV. Raises MissingError where it is not installed."""
    try:
        import av
    except ImportError as error:
        raise MissingError(
            f"Reading `{path}`: sound from phones and cameras needs PyAV; install it with "
            f"`{INSTALL}`, or save the recording as WAV or MP3.",
            command=INSTALL,
        ) from error
    return av
