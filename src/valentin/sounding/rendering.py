"""Performance → sound: the straight line from instrument to hall to limiter.

**Conventions.** Audio is stereo float32, full scale ±1, never clipped. The level is the same for
every performance: a soft piece stays soft.

**Knows nothing of** scores.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from valentin.errors import DeviceError
from valentin.music import Audio, Performance
from valentin.sounding import soundfont
from valentin.sounding.acoustics import ALSO, HALLS, hall_responses
from valentin.sounding.bank import Bank, SpoiltError
from valentin.sounding.choosing import SAMPLED_HZ, bank_of, known, throw_away
from valentin.sounding.convolving import Convolver
from valentin.sounding.engine import BLOCK, Engine
from valentin.sounding.limiting import DELAY as LIMITED
from valentin.sounding.limiting import Limiter
from valentin.sounding.orchestra import orchestra_font, parted
from valentin.sounding.raising import DELAY as RAISED
from valentin.sounding.raising import Raiser
from valentin.sounding.writing import resampled

__all__ = ["chosen", "halls", "render", "stream"]

Floats = npt.NDArray[np.float32]
Progress = Callable[[float], None]

OUTPUT = 0.135  # full scale per unit of the board: the densest takes reach the limiter, by 3 dB
QUIET = 10.0 ** (-72.0 / 20.0)  # of the loudest sample: the last sound has died away
LONGEST_TAIL_S = 15.0
FADE_S = 0.05


def halls() -> tuple[str, ...]:
    """The names of the rooms to play in; "dry" is none."""
    return ("dry", *HALLS)


def chosen(instrument: str, hall: str) -> str:
    """The name of the instrument meant. Raises DeviceError where it or the hall is not there."""
    if hall not in halls() and hall not in ALSO:
        also = ", ".join(f"{name} ({ALSO[name]})" for name in ALSO)
        raise DeviceError(
            f"Choosing a hall: there is no `{hall}` here; choose {', '.join(halls())}, "
            f"or by another name {also}."
        )
    return known(instrument)


def render(
    performance: Performance,
    *,
    instrument: str = "modelled",
    hall: str = "dry",
    rate_hz: int = 44_100,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Audio:
    """The whole performance as sound. `progress` is told the share done, 0..1.

    `instrument` is a name, a soundfont's path, or "" for the preferred one; `cache` the folder
    where rendered banks are kept (by default the user's cache). Raises DeviceError for an
    instrument or a hall that is not there, MissingError where an instrument lacks its program.
    """
    blocks = stream(
        performance,
        instrument=instrument,
        hall=hall,
        rate_hz=rate_hz,
        progress=progress,
        cache=cache,
    )
    return Audio(np.concatenate(list(blocks)), rate_hz)


def stream(
    performance: Performance,
    *,
    instrument: str = "modelled",
    hall: str = "dry",
    rate_hz: int = 44_100,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Iterator[Floats]:
    """The same sound as `render`, block by block, shape (frames, 2)."""
    name = chosen(instrument, hall)
    if not 8_000 <= rate_hz <= 96_000:
        raise ValueError(f"rate_hz must be in 8000..96000, got {rate_hz}")
    own_hz = SAMPLED_HZ if name == "salamander" else rate_hz
    if name == "salamander" and progress:
        bank_of(name, own_hz, cache, progress)  # tells how far it is, where it has to be made first
    heard, late = _heard(performance, name, own_hz, cache)
    blocks = _finished(heard, late, performance, hall, own_hz)
    if own_hz != rate_hz:
        blocks = resampled(blocks, own_hz, rate_hz)
    return _told(blocks, performance, rate_hz, progress) if progress else blocks


def _told(
    blocks: Iterator[Floats], performance: Performance, rate_hz: int, progress: Progress
) -> Iterator[Floats]:
    """The same blocks, the share done told after each."""
    done, whole = 0, max(1, int((performance.end_s + 1.0) * rate_hz))
    for block in blocks:
        yield block
        done += len(block)
        progress(min(1.0, done / whole))


def _heard(
    performance: Performance, name: str, rate_hz: int, cache: Path | None
) -> tuple[Iterator[Floats], int]:
    """The instrument alone, blocks of shape (2, BLOCK) without end, and how many frames late."""
    if soundfont.is_path(name):
        silence = np.zeros((2, BLOCK), dtype=np.float32)
        played = soundfont.heard(performance, Path(name), rate_hz, BLOCK)
        return itertools.chain(played, itertools.repeat(silence)), 0
    pianos, others = parted(performance)
    font = orchestra_font() if others.notes else ""
    ours = pianos if font else performance
    piano = _unspoilt(name, rate_hz, cache, _played(ours, bank_of(name, rate_hz, cache)))
    return _with(piano, others, font, rate_hz) if font else piano, RAISED


def _with(
    piano: Iterator[Floats], others: Performance, font: str, rate_hz: int
) -> Iterator[Floats]:
    """The piano and an orchestra, which is as late as the piano is."""
    late_s = RAISED / rate_hz
    notes = tuple(
        replace(n, onset_s=n.onset_s + late_s, offset_s=n.offset_s + late_s) for n in others.notes
    )
    orchestra = soundfont.heard(replace(others, notes=notes), Path(font), rate_hz, BLOCK)
    for block in piano:
        theirs = next(orchestra, None)
        yield block if theirs is None else block + theirs


def _unspoilt(
    name: str, rate_hz: int, cache: Path | None, blocks: Iterator[Floats]
) -> Iterator[Floats]:
    """The same blocks; a bank that turns out to be damaged is said and thrown away."""
    try:
        yield from blocks
    except SpoiltError as error:
        throw_away(name, rate_hz, cache)
        raise DeviceError(
            f"Playing `{name}`: samples of its bank on this disk are damaged ({error}); the bank "
            "was thrown away: play again, and it is made anew."
        ) from error


def _played(performance: Performance, bank: Bank) -> Iterator[Floats]:
    """Engine and soundboard."""
    engine = Engine(bank, performance)
    raiser = Raiser(bank.bus_gain.shape[1])
    body = Convolver(bank.body, BLOCK)
    while True:
        yield np.float32(OUTPUT) * body.process(raiser.process(engine.block()))


def _finished(
    heard: Iterator[Floats], late: int, performance: Performance, hall: str, rate_hz: int
) -> Iterator[Floats]:
    """Hall and limiter; ends when all is silent."""
    room = None if hall == "dry" else Convolver(hall_responses(hall, rate_hz), BLOCK)
    limiter = Limiter(rate_hz)
    late += LIMITED
    last_key = performance.end_s * rate_hz
    frames, loudest = 0, 0.0
    for block in heard:
        there = block if room is None else room.process(block)
        sound = np.ascontiguousarray(limiter.process(there)[:, late:].T)
        late = 0
        frames += len(sound)
        peak = float(np.abs(sound).max())
        loudest = max(loudest, peak)
        over = frames > last_key and peak <= QUIET * loudest
        if over or frames > last_key + LONGEST_TAIL_S * rate_hz:
            fade = min(len(sound), int(FADE_S * rate_hz))
            yield sound[:fade] * np.linspace(1.0, 0.0, fade, dtype=np.float32)[:, None]
            return
        yield sound
