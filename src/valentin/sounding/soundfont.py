"""A performance on any SF2 or SF3 soundfont, played by the program `fluidsynth`.

In go a performance and the file; out comes sound block by block, read from a temporary file that
fluidsynth has written.

**Conventions.** A part plays the General MIDI program of its name (`programs`), a channel for each
program; the pedals are the pianos'. There is no hall or chorus of fluidsynth's own. What half
pedal, soft pedal and velocity do is the soundfont's and fluidsynth's affair.

**Knows nothing of** banks and engines.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from valentin.errors import DeviceError, MissingError
from valentin.music import Performance
from valentin.sounding.programs import PIANO, program_of

__all__ = ["COMMAND", "available", "heard", "is_path"]

Floats = npt.NDArray[np.float32]

PROGRAM = "fluidsynth"
COMMAND = "apt install fluidsynth"
SUFFIXES = (".sf2", ".sf3")
GAIN = "0.5"
TICKS_PER_BEAT = 25_000
BEAT_US = 500_000  # so that a tick is 20 µs
DRUMS = 9  # the channel that plays no pitches
TAIL_S = 8.0  # for strings to ring after the last key
CONTROLS = {"sustain": 64, "sostenuto": 66, "soft": 67}


def available() -> bool:
    """Whether fluidsynth is on this machine."""
    return shutil.which(PROGRAM) is not None


def is_path(name: str) -> bool:
    """Whether a name means a file, not an instrument of ours."""
    return Path(name).suffix.lower() in SUFFIXES or "/" in name or Path(name).is_file()


def heard(performance: Performance, path: Path, rate_hz: int, frames: int) -> Iterator[Floats]:
    """Blocks of shape (2, frames) until the sound has ended.

    Raises MissingError without fluidsynth, DeviceError for a file that is no soundfont or where
    fluidsynth fails.
    """
    _check(path)
    if not available():
        raise MissingError(
            f"Playing on `{path.name}`: soundfonts need the program {PROGRAM}, which is not on "
            f"this machine; install it (on Debian: `{COMMAND}`) or choose another instrument.",
            command=COMMAND,
        )
    with tempfile.TemporaryDirectory() as folder:
        wave = Path(folder) / "sound.wav"
        _render(performance, path, rate_hz, wave)
        with soundfile.SoundFile(wave) as sound:
            for block in sound.blocks(frames, dtype="float32", always_2d=True, fill_value=0.0):
                yield np.ascontiguousarray(np.broadcast_to(block.T, (2, frames)))


def _check(path: Path) -> None:
    """Raise DeviceError for what cannot be a soundfont."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            size = file.seek(0, 2)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DeviceError(
            f"Playing on `{path}`: {reason}; give the path of an SF2 or SF3 soundfont."
        ) from error
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise DeviceError(
            f"Playing on `{path}`: that is no soundfont; give an SF2 or SF3 file or another "
            "instrument."
        )
    if size < 8 + struct.unpack("<I", head[4:8])[0]:
        raise DeviceError(
            f"Playing on `{path}`: the soundfont is cut off at {size:,} bytes; get it again."
        )


def _render(performance: Performance, path: Path, rate_hz: int, wave: Path) -> None:
    """Let fluidsynth write the sound."""
    take = wave.with_name("take.mid")
    command = [
        PROGRAM, "-n", "-i", "-q", "-g", GAIN, "-R", "0", "-C", "0", "-r", str(rate_hz),
        "-T", "wav", "-O", "float", "-F", str(wave), str(path.resolve()), str(take),
    ]  # fmt: skip
    try:
        take.write_bytes(_midi(performance))
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        whole = soundfile.info(wave).duration if wave.is_file() else 0.0
    except (OSError, soundfile.LibsndfileError) as error:
        raise _failed(path, str(error)) from error
    said = [line for line in ran.stderr.splitlines() if "error" in line.lower()]
    if ran.returncode != 0 or whole < performance.end_s or said:
        raise _failed(path, said[-1] if said else f"it ended with {ran.returncode}")


def _failed(path: Path, why: str) -> DeviceError:
    return DeviceError(
        f"Playing on `{path}`: {PROGRAM} could not ({why.strip()}); the file may be damaged or the "
        "disk full; try another instrument."
    )


def _midi(performance: Performance) -> bytes:
    """The performance as a standard MIDI file of one track."""
    events: list[tuple[int, int, bytes]] = []  # tick, order within it, bytes
    program = {part.id: program_of(part.name) for part in performance.parts}
    channel = _channels(list(program.values()))
    ends: dict[tuple[int, int], list[int]] = {}
    struck: dict[tuple[int, int], list[int]] = {}
    for note in performance.notes:
        on = channel[program.get(note.part, PIANO)]
        events.append((_tick(note.onset_s), 2, bytes((0x90 | on, note.pitch, note.velocity))))
        up = max(_tick(note.offset_s), _tick(note.onset_s) + 1)
        ends.setdefault((on, note.pitch), []).append(up)
        struck.setdefault((on, note.pitch), []).append(_tick(note.onset_s))
    for (on, pitch), ups in ends.items():
        for up in _released(sorted(struck[on, pitch]), sorted(ups)):
            events.append((up, 0, bytes((0x80 | on, pitch, 64))))
    for pedal in performance.pedal:
        control = CONTROLS.get(pedal.control)
        if control is not None:
            events.append((_tick(pedal.time_s), 1, bytes((0xB0, control, pedal.value))))
    events.append((_tick(performance.end_s + TAIL_S), 3, b"\xb0\x40\x00"))
    track, before = b"\0\xff\x51\x03" + BEAT_US.to_bytes(3, "big"), 0
    for on, number in {on: number for number, on in reversed(channel.items())}.items():
        track += bytes((0, 0xC0 | on, number))
    for tick, _, data in sorted(events):
        track += _variable(tick - before) + data
        before = tick
    track += b"\0\xff\x2f\0"
    header = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, TICKS_PER_BEAT)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + track


def _released(struck: list[int], ups: list[int]) -> Iterator[int]:
    """Of the ends of one pitch on one channel those at which nobody holds it any more.

    A channel has no two notes of a pitch: the end of one would silence the other.
    """
    for done, up in enumerate(ups, 1):
        if bisect_left(struck, up) <= done:
            yield up


def _channels(programs: list[int]) -> dict[int, int]:
    """A channel for each program, the piano's the first, which those beyond the 15th share."""
    free = [c for c in range(1, 16) if c != DRUMS]
    others = [p for p in dict.fromkeys(programs) if p != PIANO]
    return {PIANO: 0} | {p: free[i] if i < len(free) else 0 for i, p in enumerate(others)}


def _tick(time_s: float) -> int:
    return max(0, round(time_s * 1e6 / BEAT_US * TICKS_PER_BEAT))


def _variable(value: int) -> bytes:
    """A number in groups of seven bits, as MIDI files have it."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))
