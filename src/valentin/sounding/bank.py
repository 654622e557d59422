"""A bank of sound: everything an instrument plays, as strands of samples with their laws.

A *strand* is one mono stretch of sound that a blow starts: for the modelled grand, one band of a
key's spectrum; for a sampled piano, one recorded layer. How loud a strand sounds depends on the
velocity (`gain`), how fast a damper stops it on `damping_hz`, and where on the soundboard it enters
on `bus`. The engine knows strands, never how they came about.

**Conventions.** `samples` int16, strand s is `samples[start[s] : start[s] + length[s]] · scale[s]`.
Its samples come at `rate_hz / 2**octave`: a low band needs few. Ranges are (first, end) of strands:
`keys` (128, 2) what a blow on a pitch starts, `releases` (128, 2) what a key coming up starts,
`pedals` (2, 2) the dampers going up together and down together; empty where there is nothing.
`shift` (128,) is by how many semitones, −1, 0 or 1, the strands of a pitch are resampled. `gain`
has shape (strands, 128) over velocity, `soft_gain` the same with the soft pedal down; `bus_gain`
(strands, buses); `body` (buses, 2, taps) carries each bus to left and right. `damping_hz` is 1/s
under a full damper, 0 above the last one; `fading_hz` is 1/s, how fast the sound of a release gets
weaker with the time its key was held. `crc` is the CRC-32 of each strand's samples. The samples of
a bank from a file stay in the file and are read, and checked, where they are played.

**Knows nothing of** performances and physics.
"""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib
from dataclasses import Field, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from valentin.files import written
from valentin.sounding.sympathy import Resonators

__all__ = ["Bank", "SpoiltError", "check", "crc_of", "load_bank", "save_bank"]


@dataclass(frozen=True, slots=True)
class Bank:
    """Samples and laws of one instrument at one rate."""

    rate_hz: int
    samples: npt.NDArray[np.int16]
    start: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    scale: npt.NDArray[np.float32]
    octave: npt.NDArray[np.int64]
    crc: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.int64]
    releases: npt.NDArray[np.int64]
    pedals: npt.NDArray[np.int64]
    shift: npt.NDArray[np.int64]
    gain: npt.NDArray[np.float32]
    soft_gain: npt.NDArray[np.float32]
    damping_hz: npt.NDArray[np.float32]
    fading_hz: npt.NDArray[np.float32]
    bus_gain: npt.NDArray[np.float32]
    body: npt.NDArray[np.float32]
    strings: Resonators


class SpoiltError(Exception):
    """A bank's samples are not those that were kept."""


def crc_of(samples: npt.NDArray[np.int16]) -> int:
    """The checksum of one strand's samples."""
    return zlib.crc32(np.ascontiguousarray(samples).data)


def check(bank: Bank, strands: npt.NDArray[np.int64]) -> None:
    """Raises SpoiltError where the samples of one of these strands have changed."""
    for s in strands.tolist():
        if crc_of(bank.samples[bank.start[s] : bank.start[s] + bank.length[s]]) != bank.crc[s]:
            raise SpoiltError(f"strand {s}")


DAMAGE = (
    OSError, ValueError, KeyError, EOFError, TypeError, SyntaxError, RuntimeError,
    zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError,
)  # fmt: skip
"""What zipfile and numpy raise over single wrong bytes in a bank's directory and headers."""


def save_bank(bank: Bank, path: Path) -> None:
    """Keep a bank in a file. Raises DeviceError where that cannot be."""
    columns = {f"strings.{f.name}": getattr(bank.strings, f.name) for f in fields(Resonators)}
    columns |= {f.name: np.asarray(getattr(bank, f.name)) for f in _plain()}
    with written(path) as beside, beside.open("wb") as out:
        np.savez(out, allow_pickle=False, **columns)


def load_bank(path: Path) -> Bank | None:
    """The bank kept in a file, or None where there is none or it is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as kept:
            strings = Resonators(**{f.name: kept[f"strings.{f.name}"] for f in fields(Resonators)})
            columns = {f.name: kept[f.name] for f in _plain() if f.name != "samples"}
        columns["samples"] = _mapped(path, "samples.npy")
    except DAMAGE:
        return None
    columns["rate_hz"] = int(columns["rate_hz"])
    return Bank(**columns, strings=strings)


def _mapped(path: Path, name: str) -> npt.NDArray[np.int16]:
    """An array of an uncompressed archive, left in its file until it is read."""
    with path.open("rb") as file:
        with zipfile.ZipFile(file) as archive:
            at = archive.getinfo(name).header_offset
        file.seek(at + 26)
        file.seek(at + 30 + sum(struct.unpack("<HH", file.read(4))))
        np.lib.format.read_magic(file)
        shape, _, kind = np.lib.format.read_array_header_1_0(file)
        # copy-on-write, so that compiled code takes it for any other array
        return np.asarray(np.memmap(file, kind, "c", file.tell(), shape))


def _plain() -> list[Field[object]]:
    return [f for f in fields(Bank) if f.name != "strings"]
