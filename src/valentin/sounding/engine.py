"""The sampler: strands of a bank, started by notes, stopped by dampers, summed on buses.

In go a `Bank` and a `Performance`; out come blocks of bus signals, one after another, each octave
of sampling rates apart.

**Conventions.** The engine works in blocks of BLOCK frames and segments of SEGMENT frames on one
fixed grid from time 0, so nothing depends on how a caller takes the sound away. A note starts on
the nearest of every GRID frames (0.2 ms), which every octave shares. Inside a segment an envelope
moves in a straight line.

**Knows nothing of** physics, stereo, files.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

import numba
import numpy as np
import numpy.typing as npt

from valentin.music import PedalEvent, Performance
from valentin.sounding.bank import Bank
from valentin.sounding.damping import Dampers
from valentin.sounding.sympathy import Sympathy

__all__ = ["BLOCK", "OCTAVES", "Engine"]

Floats = npt.NDArray[np.float32]

BLOCK = 4096  # frames
SEGMENT = 128  # frames
OCTAVES = 4  # sampling rates: the full one, a half, a quarter, an eighth
GRID = 1 << (OCTAVES - 1)
NEVER = 1 << 60  # frames
RINGING = 0.05  # a struck string above this part of its sound is not moved by others
SILENT = 1e-6  # an envelope below −120 dB is over
RESTRIKE_S = 0.008  # a hammer on a ringing string takes most of the old sound away …
RESTRIKE_LEFT = 0.25  # … and leaves this much

_ITEM = np.dtype(
    [
        ("strand", np.int64),
        ("pitch", np.int64),
        ("start", np.int64),
        ("next", np.int64),
        ("gain", np.float64),
        ("env", np.float64),
    ]
)


class Engine:
    """Plays one performance on one bank."""

    def __init__(self, bank: Bank, performance: Performance) -> None:
        self._bank = bank
        self._dampers = Dampers(performance)
        self._sympathy = Sympathy(bank.strings, bank.rate_hz)
        self._waiting = _items(bank, performance, self._dampers)
        self._playing = self._waiting[:0]
        self._now = 0
        self._taken = 0

    @property
    def silent(self) -> bool:
        """True when every strand has been played to its end."""
        return self._taken == len(self._waiting) and len(self._playing) == 0

    def block(self) -> Floats:
        """The next block, shape (octaves, buses, BLOCK); octave o fills BLOCK / 2**o of it."""
        bank, end = self._bank, self._now + BLOCK
        until = int(np.searchsorted(self._waiting["start"], end))
        items = np.concatenate([self._playing, self._waiting[self._taken : until]])
        self._taken = until
        out = np.zeros((OCTAVES, bank.bus_gain.shape[1], BLOCK), dtype=np.float32)
        rate = bank.rate_hz
        pressure = self._dampers.pressures(self._now / rate, SEGMENT / rate, BLOCK // SEGMENT)
        struck = np.zeros_like(pressure, dtype=np.float32)
        if len(items):
            _play(
                out, items["strand"].copy(), items["pitch"].copy(), items["start"] - self._now,
                items["next"] - self._now, items["gain"].copy(), env := items["env"].copy(),
                pressure, struck, (bank.samples, bank.start, bank.length, bank.scale, bank.octave),
                bank.damping_hz, bank.bus_gain, float(rate),
            )  # fmt: skip
            items["env"] = env
            strands = items["strand"]
            lasts = items["start"] + (bank.length[strands] << bank.octave[strands])
            items = items[(env > SILENT) & (lasts > end)]
        self._sympathy.process(out, pressure, struck)
        self._playing, self._now = items, end
        return out


def _items(bank: Bank, performance: Performance, dampers: Dampers) -> npt.NDArray[np.void]:
    """Every strand that will be started, by starting frame."""
    following: dict[int, int] = {}
    rows: list[tuple[int, int, int, int, float, float]] = []
    soft = _soft_pedal(performance.pedal)
    for note in sorted(performance.notes, key=lambda n: n.onset_s, reverse=True):
        start = _frame(note.onset_s, bank)
        after = following.get(note.pitch, NEVER)
        following[note.pitch] = start
        depth = soft(note.onset_s)
        for strand in range(int(bank.first[note.pitch]), int(bank.first[note.pitch + 1])):
            gain = (1.0 - depth) * float(bank.gain[strand, note.velocity])
            gain += depth * float(bank.soft_gain[strand, note.velocity])
            if gain > 0.0:
                rows.append((strand, note.pitch, start, after, gain, 1.0))
        falls = dampers.pedal_pressure(note.offset_s)
        strand = int(bank.release[note.pitch])
        if strand >= 0 and falls > 0.0:
            gain = falls * float(bank.gain[strand, note.velocity])
            rows.append((strand, 0, _frame(note.offset_s, bank), NEVER, gain, 1.0))
    rows += [
        (strand, 0, _frame(time_s, bank), NEVER, float(bank.gain[strand, 64]), 1.0)
        for time_s, down in _pedal_strokes(performance.pedal)
        if (strand := int(bank.pedal[0 if down else 1])) >= 0
    ]
    items = np.array(rows, dtype=_ITEM)
    return items[np.lexsort((items["strand"], items["start"]))]


def _frame(time_s: float, bank: Bank) -> int:
    return max(0, round(time_s * bank.rate_hz / GRID) * GRID)


def _soft_pedal(pedal: Sequence[PedalEvent]) -> Callable[[float], float]:
    """How far the soft pedal is down at a time, 0..1."""
    events = [e for e in pedal if e.control == "soft"]
    times = [e.time_s for e in events]

    def depth(time_s: float) -> float:
        i = bisect_right(times, time_s)
        return events[i - 1].value / 127.0 if i else 0.0

    return depth


def _pedal_strokes(pedal: Sequence[PedalEvent]) -> Iterator[tuple[float, bool]]:
    """When the sustain pedal goes all the way down (True) or up (False)."""
    down = False
    for event in pedal:
        if event.control == "sustain" and (event.value < 30 if down else event.value > 70):
            down = not down
            yield event.time_s, down


@numba.njit(cache=True, nogil=True, fastmath=True)
def _play(  # type: ignore[no-untyped-def]
    out, strand, pitch, start, after, gain, env, pressure, struck, bank, damping, bus_gain, rate
):
    """Add every item's part of this block to the buses and move its envelope on."""
    samples, first, length, scale, octave = bank
    segments = BLOCK // SEGMENT
    line = np.zeros(BLOCK, dtype=np.float32)
    for i in range(len(strand)):
        s = strand[i]
        o = octave[s]
        wide = SEGMENT >> o
        origin = start[i] >> o
        begin, stop = max(0, origin), min(BLOCK >> o, origin + length[s])
        base = first[s] - origin
        level = gain[i] * scale[s]
        k = damping[s] * SEGMENT / rate
        e, old = env[i], _left(-after[i] / rate)
        for g in range(begin // wide, segments):
            a, b = max(begin, g * wide), min(stop, (g + 1) * wide)
            if a >= b:
                break
            here = e * old
            # what the damper pressed before the blow in this segment is not this sound's
            e *= math.exp(-k * max(0.0, pressure[pitch[i], g] - (a - g * wide) / wide))
            if e > RINGING:
                struck[pitch[i], g] = 1.0
            old = _left(((g + 1) * SEGMENT - after[i]) / rate)
            slope = np.float32(level * (e * old - here) / wide)
            height = np.float32(level * here) - slope * np.float32(g * wide)
            for t in range(a, b):
                line[t] = samples[base + t] * (height + slope * np.float32(t))
        env[i] = e
        for bus in range(out.shape[1]):
            share = bus_gain[s, bus]
            if share != 0.0:
                for t in range(begin, stop):
                    out[o, bus, t] += share * line[t]


@numba.njit(cache=True, nogil=True)
def _left(since_s):  # type: ignore[no-untyped-def]
    """What is left of a sound this long after its string was struck again."""
    if since_s <= 0.0:
        return 1.0
    return RESTRIKE_LEFT + (1.0 - RESTRIKE_LEFT) * math.exp(-since_s / RESTRIKE_S)
