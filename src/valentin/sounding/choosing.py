"""Which instruments there are, and their banks: made once, kept in a cache, loaded in a moment.

**Conventions.** An instrument goes by its name, or is the path of a soundfont (`.sf2`, `.sf3`).
`""` is the one this machine prefers: what the environment variable VALENTIN_INSTRUMENT names, else
the Salamander Grand where it is installed and ready to play, else the modelled grand.

**Knows nothing of** performances.
"""

from __future__ import annotations

import functools
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from valentin.errors import DeviceError
from valentin.sounding import salamander, soundfont
from valentin.sounding.bank import Bank, load_bank, save_bank
from valentin.sounding.modelled import build_modelled
from valentin.sounding.sampled import build_sampled

__all__ = [
    "SAMPLED_HZ",
    "Shown",
    "bank_of",
    "install",
    "instruments",
    "known",
    "shelf",
    "throw_away",
]

SAMPLED_HZ = 44_100  # a bank of recordings is large: there is one, at one rate
MADE_BY = {
    "modelled": (
        "bank", "packing", "modelled", "scale", "hammer", "strings", "soundboard", "voicing",
        "noises",
    ),
    "salamander": (
        "bank", "packing", "sampled", "cutting", "layering", "salamander", "modelled", "scale",
        "strings", "soundboard", "voicing",
    ),
}  # fmt: skip

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a list of instruments."""

    name: str
    words: str
    ready: bool


def instruments() -> tuple[str, ...]:
    """The names of the instruments that can be played here."""
    return ("modelled", "salamander") if salamander.installed() else ("modelled",)


def shelf() -> tuple[Shown, ...]:
    """What there is and what there could be."""
    fluid = soundfont.available()
    return (
        Shown("modelled", "a grand made of physics; built in", True),
        Shown(
            "salamander",
            salamander.CREDIT
            if salamander.installed()
            else f"{salamander.CREDIT}; `valentin instrument install salamander` fetches 80 MB",
            salamander.installed(),
        ),
        Shown(
            "FILE.sf2",
            "any SF2 or SF3 soundfont, played by fluidsynth"
            + ("" if fluid else f"; needs it: `{soundfont.COMMAND}`"),
            fluid,
        ),
    )


def known(name: str) -> str:
    """The name of the instrument meant. Raises DeviceError where there is none such."""
    meant = name or os.environ.get("VALENTIN_INSTRUMENT", "")
    if not meant:
        return "salamander" if salamander.installed() and ready("salamander") else "modelled"
    if meant in instruments() or soundfont.is_path(meant):
        return meant
    if meant == "salamander":
        raise DeviceError(
            "Choosing an instrument: `salamander` is not installed; run "
            "`valentin instrument install salamander`."
        )
    raise DeviceError(
        f"Choosing an instrument: there is no `{meant}` here; choose {', '.join(instruments())}, "
        "or give a soundfont (.sf2, .sf3)."
    )


def ready(name: str) -> bool:
    """Whether an instrument's bank is in the user's cache, so that nobody waits for it."""
    return _path(name, SAMPLED_HZ, platformdirs.user_cache_path("valentin")).is_file()


def install(name: str, progress: Progress | None = None) -> None:
    """Fetch an instrument and make its bank. Raises DeviceError for one that cannot be had."""
    if name == "modelled":
        return
    if name != "salamander":
        raise DeviceError(
            f"Installing an instrument: there is no `{name}` to be had; only `salamander`."
        )
    told = progress or (lambda share: None)
    salamander.install(lambda share: told(0.4 * share))
    bank_of("salamander", SAMPLED_HZ, None, lambda share: told(0.4 + 0.6 * share))
    told(1.0)


def bank_of(
    name: str, rate_hz: int, cache: Path | None = None, progress: Progress | None = None
) -> Bank:
    """An instrument's bank, from the cache or made and kept there. `name` is a known one."""
    folder = cache or platformdirs.user_cache_path("valentin")
    if progress and not _path(name, rate_hz, folder).is_file():
        _made(name, rate_hz, folder, progress)
    return _kept(name, rate_hz, folder)


def throw_away(name: str, rate_hz: int, cache: Path | None = None) -> None:
    """Forget a kept bank, so that it is made anew."""
    folder = cache or platformdirs.user_cache_path("valentin")
    _path(name, rate_hz, folder).unlink(missing_ok=True)
    _kept.cache_clear()


@functools.lru_cache(maxsize=3)
def _kept(name: str, rate_hz: int, folder: Path) -> Bank:
    return load_bank(_path(name, rate_hz, folder)) or _made(name, rate_hz, folder, None)


def _path(name: str, rate_hz: int, folder: Path) -> Path:
    return folder / f"{name}-{_design(name)}-{rate_hz}.npz"


def _made(name: str, rate_hz: int, folder: Path, progress: Progress | None) -> Bank:
    path = _path(name, rate_hz, folder)
    if name == "modelled":
        bank = build_modelled(rate_hz, progress)
    else:
        _undamaged()
        bank = build_sampled(salamander.folder(), salamander.layout(), rate_hz, progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_bank(bank, path)
        for old in set(folder.glob(f"{name}-*-{rate_hz}.npz")) - {path}:
            old.unlink(missing_ok=True)
    except (OSError, DeviceError):
        return bank  # a cache that cannot be written costs time, not sound
    return load_bank(path) or bank


def _undamaged() -> None:
    hurt = salamander.damage()
    if hurt:
        raise DeviceError(
            f"Playing `salamander`: `{hurt[0]}` is damaged or missing in `{salamander.folder()}` "
            f"({len(hurt)} such); run `valentin instrument install salamander` again."
        )


def _design(name: str) -> str:
    """A name for how a bank is made now: banks kept from another design are not used."""
    here = Path(__file__).parent
    return f"{zlib.crc32(b''.join((here / f'{m}.py').read_bytes() for m in MADE_BY[name])):08x}"
