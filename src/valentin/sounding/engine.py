"""The sampler: strands of a bank, started by notes, stopped by dampers, summed on buses.

In go a `Bank` and a `Performance`; out come blocks of bus signals, one after another, each octave
of sampling rates apart.

**Conventions.** The engine works in blocks of BLOCK frames and segments of SEGMENT frames on one
fixed grid from time 0, so nothing depends on how a caller takes the sound away. A note starts on
the nearest of every GRID frames (0.2 ms), which every octave shares. Inside a segment an envelope
moves in a straight line. A bank that holds one key for three is resampled by a semitone, as 89 to
84 (0.1 cent off).

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
from valentin.sounding.bank import Bank, check
from valentin.sounding.damping import Dampers
from valentin.sounding.packing import LARGEST
from valentin.sounding.sympathy import Sympathy

__all__ = ["BLOCK", "OCTAVES", "Engine"]

Floats = npt.NDArray[np.float32]

BLOCK = 4096  # frames
SEGMENT = 128  # frames
OCTAVES = 4  # sampling rates: the full one, a half, a quarter, an eighth
GRID = 1 << (OCTAVES - 1)
NEVER = 1 << 60  # frames
RINGING = 0.012  # a struck string above this part of its loudest sound is not moved by others
LOOK_EVERY = 4  # samples, where the loudness of a strand is looked at
SILENT = 10.0 ** (-92.0 / 20.0)  # a strand this far below the loudest blow is over
RESTRIKE_S = 0.008  # a hammer on a ringing string takes most of the old sound away …
RESTRIKE_LEFT = 0.25  # … and leaves this much
SEMITONE = (89, 84)
TAPS = 8  # of the resampler

_ITEM = np.dtype(
    [
        ("strand", np.int64),
        ("pitch", np.int64),
        ("start", np.int64),
        ("next", np.int64),
        ("shift", np.int64),
        ("frames", np.int64),  # at the strand's own rate, after shifting
        ("gain", np.float64),
        ("env", np.float64),
    ]
)

_STROKE = np.dtype(
    [
        ("start", np.int64),
        ("first", np.int64),  # strands from here …
        ("end", np.int64),  # … to here
        ("velocity", np.int64),
        ("depth", np.float64),  # of the soft pedal
        ("share", np.float64),  # of the strands' gain
        ("held_s", np.float64),
        ("pitch", np.int64),
        ("next", np.int64),
        ("shift", np.int64),
    ]
)


class Engine:
    """Plays one performance on one bank."""

    def __init__(self, bank: Bank, performance: Performance) -> None:
        self._bank = bank
        self._dampers = Dampers(performance)
        self._sympathy = Sympathy(bank.strings, bank.rate_hz)
        self._waiting = _strokes(bank, performance, self._dampers)
        self._silent = SILENT * float((bank.gain[:, 127] * bank.scale).max())
        loudest = np.maximum(bank.gain.max(axis=1), bank.soft_gain.max(axis=1))
        self._ringing = (RINGING * LARGEST * loudest).astype(np.float64)
        self._proven = np.zeros(len(bank.start), dtype=bool)
        self._playing = np.zeros(0, dtype=_ITEM)
        self._now = 0
        self._taken = 0

    @property
    def silent(self) -> bool:
        """True when every strand has been played to its end."""
        return self._taken == len(self._waiting) and len(self._playing) == 0

    def block(self) -> Floats:
        """The next block, shape (octaves, buses, BLOCK); octave o fills BLOCK / 2**o of it.

        Raises SpoiltError where a strand's samples are not what they were.
        """
        bank, end = self._bank, self._now + BLOCK
        items = np.concatenate([self._playing, self._started(end)])
        out = np.zeros((OCTAVES, bank.bus_gain.shape[1], BLOCK), dtype=np.float32)
        rate = bank.rate_hz
        pressure = self._dampers.pressures(self._now / rate, SEGMENT / rate, BLOCK // SEGMENT)
        struck = np.zeros_like(pressure, dtype=np.float32)
        if len(items):
            _play(
                out, items["strand"].copy(), items["pitch"].copy(), items["start"] - self._now,
                items["next"] - self._now, (items["shift"].copy(), items["frames"].copy()),
                items["gain"].copy(), env := items["env"].copy(), pressure, struck,
                (bank.samples, bank.start, bank.scale, bank.octave, bank.damping_hz, bank.bus_gain),
                self._ringing, _TABLES, float(rate),
            )  # fmt: skip
            items["env"] = env
            strands = items["strand"]
            lasts = items["start"] + (items["frames"] << bank.octave[strands])
            items = items[
                (env * items["gain"] * bank.scale[strands] > self._silent) & (lasts > end)
            ]
        self._sympathy.process(out, pressure, struck)
        self._playing, self._now = items, end
        return out

    def _started(self, end: int) -> npt.NDArray[np.void]:
        """What starts before a frame; each strand is looked at once before it is first heard."""
        until = int(np.searchsorted(self._waiting["start"], end))
        items = _items(self._bank, self._waiting[self._taken : until])
        self._taken = until
        new = np.unique(items["strand"])
        check(self._bank, new[~self._proven[new]])
        self._proven[new] = True
        return items


def _strokes(bank: Bank, performance: Performance, dampers: Dampers) -> npt.NDArray[np.void]:
    """All that starts strands: keys going down and up, the pedal; by starting frame."""
    following: dict[int, int] = {}
    soft = _soft_pedal(performance.pedal)
    strokes = []
    for note in sorted(performance.notes, key=lambda n: n.onset_s, reverse=True):
        start, pitch, velocity = _frame(note.onset_s, bank), note.pitch, note.velocity
        after = following.get(pitch, NEVER)
        following[pitch] = start
        shift = bank.shift[pitch]
        depth = soft(note.onset_s)
        strokes.append((start, *bank.keys[pitch], velocity, depth, 1.0, 0.0, pitch, after, shift))
        start, held_s = _frame(note.offset_s, bank), note.offset_s - note.onset_s
        falls = dampers.pedal_pressure(note.offset_s)
        strokes.append(
            (start, *bank.releases[pitch], velocity, 0.0, falls, held_s, 0, NEVER, shift)
        )
    for time_s, down in _pedal_strokes(performance.pedal):
        strands = bank.pedals[0 if down else 1]
        strokes.append((_frame(time_s, bank), *strands, 64, 0.0, 1.0, 0.0, 0, NEVER, 0))
    found = np.array(strokes, dtype=_STROKE)
    return found[np.argsort(found["start"], kind="stable")]


def _items(bank: Bank, strokes: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """The strands that some strokes start and that are heard, by starting frame."""
    parts = [np.zeros(0, dtype=_ITEM)]
    for start, first, end, velocity, depth, share, held_s, pitch, after, shift in strokes.tolist():
        strands = slice(first, end)
        gain = (1.0 - depth) * bank.gain[strands, velocity]
        gain += depth * bank.soft_gain[strands, velocity]
        gain *= share * np.exp(-bank.fading_hz[strands] * held_s)
        heard = np.nonzero(gain > 0.0)[0]
        items = np.zeros(len(heard), dtype=_ITEM)
        items["strand"], items["gain"] = first + heard, gain[heard]
        items["pitch"], items["start"], items["next"] = pitch, start, after
        items["env"], items["shift"] = 1.0, shift
        length = bank.length[items["strand"]]
        if shift:
            up, down = SEMITONE if shift > 0 else SEMITONE[::-1]
            length = np.maximum(0, (length - TAPS) * down // up)
        items["frames"] = length
        parts.append(items)
    found = np.concatenate(parts)
    return found[np.lexsort((found["strand"], found["start"]))]


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


def _semitone_taps(up: int, down: int) -> Floats:
    """For every phase of a step of up / down samples, the taps of a windowed sinc."""
    places = np.arange(TAPS) - (TAPS // 2 - 1) - np.arange(down)[:, None] / down
    wide = min(1.0, down / up)  # what a faster reading would fold back is filtered away
    window = np.i0(6.0 * np.sqrt(np.maximum(0.0, 1.0 - (2.0 * places / TAPS) ** 2)))
    taps = np.sinc(wide * places) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), dtype=np.float32)


_TABLES = (_semitone_taps(*SEMITONE), _semitone_taps(*SEMITONE[::-1]))


@numba.njit(cache=True, nogil=True, fastmath=True)
def _play(  # type: ignore[no-untyped-def]
    out,
    strand,
    pitch,
    start,
    after,
    reach,
    gain,
    env,
    pressure,
    struck,
    bank,
    ringing,
    tables,
    rate,
):
    """Add every item's part of this block to the buses and move its envelope on."""
    samples, first, scale, octave, damping, bus_gain = bank
    shift, frames = reach
    segments = BLOCK // SEGMENT
    line = np.zeros(BLOCK, dtype=np.int16)
    for i in range(len(strand)):
        s = strand[i]
        o = octave[s]
        wide = SEGMENT >> o
        origin = start[i] >> o
        begin, stop = max(0, origin), min(BLOCK >> o, origin + frames[i])
        if shift[i] == 0:
            source, ahead = samples, first[s] - origin
        else:
            _shifted(line, samples, first[s], origin, begin, stop, shift[i], tables)
            source, ahead = line, 0
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
            peak = 0
            for t in range(ahead + a, ahead + b, LOOK_EVERY):
                peak = max(peak, abs(source[t]))
            if peak * e * gain[i] > ringing[s]:
                struck[pitch[i], g] = 1.0
            old = _left(((g + 1) * SEGMENT - after[i]) / rate)
            slope = level * (e * old - here) / wide
            height = level * here - slope * g * wide
            for bus in range(out.shape[1]):
                share = bus_gain[s, bus]
                if share != 0.0:
                    up, base = np.float32(share * slope), np.float32(share * height)
                    sound, to = source[ahead + a : ahead + b], out[o, bus, a:b]
                    for t in range(b - a):
                        to[t] += sound[t] * (base + up * np.float32(a + t))
        env[i] = e


@numba.njit(cache=True, nogil=True, fastmath=True)
def _shifted(line, samples, first, origin, begin, stop, shift, tables):  # type: ignore[no-untyped-def]
    """Put a strand's samples from `begin` to `stop` into the line, a semitone up or down."""
    taps = tables[0] if shift > 0 else tables[1]
    up, down = SEMITONE if shift > 0 else (SEMITONE[1], SEMITONE[0])
    before = TAPS // 2 - 1
    while begin < stop and (begin - origin) * up // down < before:
        line[begin] = 0  # the strand's first samples have none before them
        begin += 1
    at = (begin - origin) * up // down
    phase = (begin - origin) * up % down
    near = np.empty(max(0, stop - begin) * up // down + TAPS + 2, dtype=np.float32)
    for i in range(len(near)):
        near[i] = samples[first + at - before + i]
    # unsigned indices need no check for counting from the end, which doubles the speed
    place, step, turn, one = np.uint64(0), np.uint64(up), np.uint64(down), np.uint64(1)
    part = np.uint64(phase)
    for t in range(begin, stop):
        total = np.float32(0.0)
        for j in range(np.uint64(TAPS)):
            total += taps[part, j] * near[place + j]
        line[t] = np.int16(min(max(total, np.float32(-32_767.0)), np.float32(32_767.0)))
        part += step
        while part >= turn:
            part -= turn
            place += one


@numba.njit(cache=True, nogil=True)
def _left(since_s):  # type: ignore[no-untyped-def]
    """What is left of a sound this long after its string was struck again."""
    if since_s <= 0.0:
        return 1.0
    return RESTRIKE_LEFT + (1.0 - RESTRIKE_LEFT) * math.exp(-since_s / RESTRIKE_S)
