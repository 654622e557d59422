"""Performance → sound: the straight line from bank to engine to soundboard to limiter.

**Conventions.** Audio is stereo float32, full scale ±1, never clipped. The level is the same for
every performance: a soft piece stays soft.

**Knows nothing of** scores.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs

from valentin.errors import DeviceError
from valentin.music import Audio, Performance
from valentin.sounding.acoustics import HALLS, hall_responses
from valentin.sounding.bank import Bank, load_bank, save_bank
from valentin.sounding.convolving import Convolver
from valentin.sounding.engine import BLOCK, Engine
from valentin.sounding.limiting import DELAY as LIMITED
from valentin.sounding.limiting import Limiter
from valentin.sounding.modelled import build_modelled
from valentin.sounding.raising import DELAY as RAISED
from valentin.sounding.raising import Raiser

__all__ = ["halls", "instruments", "render", "stream"]

Floats = npt.NDArray[np.float32]

OUTPUT = 0.17  # full scale per unit of the board: the densest takes then peak near −2 dB
QUIET = 10.0 ** (-72.0 / 20.0)
LONGEST_TAIL_S = 15.0
FADE_S = 0.05


def instruments() -> tuple[str, ...]:
    """The names of the instruments that can be played here."""
    return ("modelled",)


def halls() -> tuple[str, ...]:
    """The names of the rooms to play in; "dry" is none."""
    return ("dry", *HALLS)


def render(
    performance: Performance,
    *,
    instrument: str = "modelled",
    hall: str = "dry",
    rate_hz: int = 44_100,
    progress: Callable[[float], None] | None = None,
    cache: Path | None = None,
) -> Audio:
    """The whole performance as sound. `progress` is told the share done, 0..1.

    `cache` is the folder where rendered banks are kept (by default the user's cache). Raises
    DeviceError for an instrument or a hall that is not there.
    """
    blocks: list[Floats] = []
    done = 0
    whole = max(1, int((performance.end_s + 1.0) * rate_hz))
    for block in stream(
        performance, instrument=instrument, hall=hall, rate_hz=rate_hz, cache=cache
    ):
        blocks.append(block)
        done += len(block)
        if progress:
            progress(min(1.0, done / whole))
    return Audio(np.concatenate(blocks), rate_hz)


def stream(
    performance: Performance,
    *,
    instrument: str = "modelled",
    hall: str = "dry",
    rate_hz: int = 44_100,
    cache: Path | None = None,
) -> Iterator[Floats]:
    """The same sound as `render`, block by block, shape (frames, 2)."""
    if hall not in halls():
        raise DeviceError(
            f"Choosing a hall: there is no `{hall}` here; choose {', '.join(halls())}."
        )
    bank = _bank(instrument, rate_hz, cache)
    return _played(performance, bank, _room(hall, rate_hz))


def _played(performance: Performance, bank: Bank, room: Convolver | None) -> Iterator[Floats]:
    """Engine, soundboard, room, limiter; ends when all is silent."""
    engine = Engine(bank, performance)
    raiser = Raiser(bank.bus_gain.shape[1])
    body = Convolver(bank.body, BLOCK)
    limiter = Limiter(bank.rate_hz)
    late = LIMITED + RAISED
    last_key = performance.end_s * bank.rate_hz
    frames = 0
    while True:
        heard = body.process(raiser.process(engine.block()))
        if room is not None:
            heard = room.process(heard)
        sound = np.ascontiguousarray(limiter.process(np.float32(OUTPUT) * heard)[:, late:].T)
        late = 0
        frames += len(sound)
        over = frames > last_key and float(np.abs(sound).max()) < QUIET
        if over or frames > last_key + LONGEST_TAIL_S * bank.rate_hz:
            fade = min(len(sound), int(FADE_S * bank.rate_hz))
            yield sound[:fade] * np.linspace(1.0, 0.0, fade, dtype=np.float32)[:, None]
            return
        yield sound


def _room(hall: str, rate_hz: int) -> Convolver | None:
    return None if hall == "dry" else Convolver(hall_responses(hall, rate_hz), BLOCK)


def _bank(instrument: str, rate_hz: int, cache: Path | None) -> Bank:
    if instrument not in instruments():
        raise DeviceError(
            f"Choosing an instrument: there is no `{instrument}` here; "
            f"choose {', '.join(instruments())}."
        )
    if not 8_000 <= rate_hz <= 96_000:
        raise ValueError(f"rate_hz must be in 8000..96000, got {rate_hz}")
    return _modelled(rate_hz, cache or platformdirs.user_cache_path("valentin"))


@functools.lru_cache(maxsize=2)
def _modelled(rate_hz: int, folder: Path) -> Bank:
    """The modelled grand from the cache, or rendered and kept there."""
    path = folder / f"modelled-{_design()}-{rate_hz}.npz"
    bank = load_bank(path)
    if bank is None:
        bank = build_modelled(rate_hz)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            save_bank(bank, path)
        except (OSError, DeviceError):
            return bank  # a cache that cannot be written costs time, not sound
    return bank


def _design() -> str:
    """A name for how the grand is made now: banks kept from another design are not used."""
    here = Path(__file__).parent
    made_by = ("bank", "modelled", "scale", "hammer", "strings", "soundboard", "voicing", "noises")
    return f"{zlib.crc32(b''.join((here / f'{m}.py').read_bytes() for m in made_by)):08x}"
