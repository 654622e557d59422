"""How the instrument and the halls sound: `measures.md`, "Sound", measured on what is heard.

In: single notes, a dense human take, the halls' impulse responses. Out: rows of
`bench/results/sounding.json`.

Run: `python -m bench.sounding [--quick]`; without VALENTIN_DATA the dense take is left out. The
Salamander Grand is measured too where it is installed, in rows of its name.

**Conventions.** Level: energy of the first half second, in dB. Centroid: power-weighted mean
frequency of that half second up to 12 kHz. T30, EDT, C80 after ISO 3382-1, mean of the 500 and
1,000 Hz octaves; early IACC (0–80 ms), mean of 500, 1,000 and 2,000 Hz. Times are processor
seconds.

**Knows nothing of** how an instrument is made.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.signal

from bench.common import Row, data_folder, record, takes
from valentin.music import PedalEvent, Performance, PerformedNote
from valentin.reading import read_take
from valentin.sounding import halls, instruments, render
from valentin.sounding.acoustics import hall_responses
from valentin.sounding.choosing import _kept, bank_of
from valentin.sounding.scale import stretch_cents

__all__ = ["centroid_hz", "early_iacc", "level_db", "reverberation"]

Floats = npt.NDArray[np.float64]

RATE_HZ = 44_100
KEYS = {"C2": 36, "C4": 60, "C6": 84}
SPACING_S = 2.5
PEDALS = (0, 24, 32, 40, 48, 56, 64, 72, 80, 88, 127)


def level_db(sound: Floats) -> float:
    """Energy of the first half second of shape (frames,) in dB."""
    return float(10.0 * np.log10((sound[: RATE_HZ // 2] ** 2).sum() + 1e-20))


def centroid_hz(sound: Floats) -> float:
    """Power-weighted mean frequency of the first half second, up to 12 kHz."""
    part = sound[: RATE_HZ // 2] * np.hanning(RATE_HZ // 2)
    power = np.abs(np.fft.rfft(part)) ** 2
    hz = np.fft.rfftfreq(len(part), 1.0 / RATE_HZ)
    below = hz < 12_000.0
    return float((hz[below] * power[below]).sum() / power[below].sum())


def reverberation(response: Floats, rate_hz: int, centre_hz: float) -> tuple[float, float, float]:
    """(T30 in s, EDT in s, C80 in dB) of an impulse response in one octave."""
    heard = _octave(response, rate_hz, centre_hz)
    energy = np.cumsum((heard**2)[::-1])[::-1]
    decay = 10.0 * np.log10(energy / energy[0] + 1e-20)
    t = np.arange(len(decay)) / rate_hz

    def fall_s(top: float, bottom: float) -> float:
        part = (decay <= top) & (decay >= bottom)
        return float(-60.0 / np.polyfit(t[part], decay[part], 1)[0])

    early = int(0.080 * rate_hz)
    clarity = 10.0 * np.log10((heard[:early] ** 2).sum() / (heard[early:] ** 2).sum())
    return fall_s(-5.0, -35.0), fall_s(0.0, -10.0), float(clarity)


def early_iacc(left: Floats, right: Floats, rate_hz: int, centre_hz: float) -> float:
    """Largest normalised correlation of the ears within ±1 ms, over the first 80 ms."""
    span, lag = int(0.080 * rate_hz), int(0.001 * rate_hz)
    a, b = (_octave(ear, rate_hz, centre_hz)[:span] for ear in (left, right))
    both = scipy.signal.correlate(a, b, "full")[span - 1 - lag : span + lag]
    return float(np.abs(both).max() / np.sqrt((a**2).sum() * (b**2).sum()))


def _octave(x: Floats, rate_hz: int, centre_hz: float) -> Floats:
    edges = (centre_hz / np.sqrt(2.0), centre_hz * np.sqrt(2.0))
    sos = scipy.signal.butter(4, edges, "bandpass", fs=rate_hz, output="sos")
    return np.asarray(scipy.signal.sosfilt(sos, x))


def _heard(
    on: str, notes: Sequence[tuple[float, float, int, int]], pedals: Sequence[PedalEvent] = ()
) -> Floats:
    """The two channels' mean, shape (frames,), of notes (onset, release, pitch, velocity)."""
    played = tuple(PerformedNote(f"p{i}", "P1", *row) for i, row in enumerate(notes))
    take = Performance(played, tuple(pedals))
    return np.asarray(render(take, instrument=on).samples.mean(axis=1), float)


def _apart(on: str, pitch: int, velocities: Sequence[int]) -> Iterator[Floats]:
    """Each velocity of one key by itself, one after another in silence."""
    notes = [(i * SPACING_S, i * SPACING_S + 1.0, pitch, v) for i, v in enumerate(velocities)]
    sound = _heard(on, notes)
    for i in range(len(velocities)):
        start = int(i * SPACING_S * RATE_HZ)
        yield sound[start : start + int(SPACING_S * RATE_HZ)]


def _touch(on: str, step: int) -> Iterator[Row]:
    """Level and brightness over the velocities."""
    velocities = range(1, 128, step)
    least, most, drops = np.inf, 0.0, 0
    for name, pitch in KEYS.items():
        sounds = list(_apart(on, pitch, velocities))
        levels = np.array([level_db(sound) for sound in sounds])
        steps = np.diff(levels) / step
        least = min(least, float(steps.min()))
        most = max(most, float(steps[np.array(velocities[:-1]) >= 10].max()))
        centroids = np.array(
            [centroid_hz(s) for v, s in zip(velocities, sounds, strict=True) if v % 8 == 1]
        )
        drops += int((np.diff(centroids) <= 0).sum())
        yield Row(f"centroid at {name}, velocity 121 over 9", centroids[15] / centroids[1], n=16)
        yield Row(f"level at {name}, velocity 127 over 1", levels[-1] - levels[0], "dB", n=127)
    yield Row("level: least step between velocities", least, "dB", n=3, of="keys", target="> 0")
    yield Row("level: largest step above velocity 10", most, "dB", n=3, of="keys", target="≤ 1")
    yield Row("centroid: steps of 8 velocities that fall", drops, n=45, of="steps", target="0")


def _pedals(on: str) -> Iterator[Row]:
    """Decay after the key is let go, by pedal; the soft pedal's timbre."""
    rates = []
    for value in PEDALS:
        sound = _heard(on, [(0.0, 0.5, 48, 80)], [PedalEvent(0.2, "sustain", value)])
        part = sound[int(0.55 * RATE_HZ) : int(0.85 * RATE_HZ)]
        frames = part[: len(part) // 1323 * 1323].reshape(-1, 1323)
        db = 10.0 * np.log10((frames**2).mean(axis=1) + 1e-14)
        rates.append(-np.polyfit(np.arange(len(db)) * 0.03, db, 1)[0])
    distinct, last = 0, np.inf
    for rate in sorted(rates, reverse=True):
        if rate < last / 1.25 - 0.5:
            distinct, last = distinct + 1, rate
    yield Row("decay rates from pedal up to down", distinct, n=len(PEDALS), target="≥ 4")
    yield Row("decay, pedal up", rates[0], "dB/s", n=1, of="note")
    yield Row("decay, pedal down", rates[-1], "dB/s", n=1, of="note")
    apart = []
    for pitch in KEYS.values():
        note = [(0.3, 1.0, pitch, 70)]
        plain, soft = (_bands(_heard(on, note, pedal)[int(0.3 * RATE_HZ) :]) for pedal in (
            (), (PedalEvent(0.0, "soft", 127),)
        ))  # fmt: skip
        change = (soft - plain)[plain > plain.max() - 50.0]
        apart.append(float(change.std()))
    yield Row("una corda: change of the spectrum beside level", float(np.mean(apart)), "dB", n=3)


def _bands(sound: Floats) -> Floats:
    """Third-octave levels of the first half second in dB."""
    power = np.abs(np.fft.rfft(sound[: RATE_HZ // 2] * np.hanning(RATE_HZ // 2))) ** 2
    hz = np.fft.rfftfreq(RATE_HZ // 2, 1.0 / RATE_HZ)
    edges = 50.0 * 2.0 ** (np.arange(25) / 3.0)
    sums = [power[(hz >= a) & (hz < b)].sum() for a, b in itertools.pairwise(edges)]
    return np.asarray(10.0 * np.log10(np.array(sums) + 1e-12))


def _tuning(on: str) -> Iterator[Row]:
    """The sounding fundamental against the stretch of Rigaud, David & Daudet (2013)."""
    off = []
    for pitch in range(33, 97, 3):
        sound = _heard(on, [(0.0, 3.0, pitch, 64)])[int(0.2 * RATE_HZ) : int(2.2 * RATE_HZ)]
        power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
        hz = np.fft.rfftfreq(8 * len(sound), 1.0 / RATE_HZ)
        expected = 440.0 * 2.0 ** ((pitch - 69) / 12 + stretch_cents(pitch) / 1200)
        near = np.abs(np.log2(hz[1:] / expected)) < 0.03
        found = hz[1:][near][power[1:][near].argmax()]
        off.append(abs(1200.0 * np.log2(found / expected)))
    yield Row(
        "tuning: distance from the stretch curve", float(np.mean(off)), "cents",
        median=float(np.median(off)), worst=max(off), worst_at=str(33 + 3 * int(np.argmax(off))),
        n=len(off), of="keys", target="≤ 3",
    )  # fmt: skip


def _repetition(on: str) -> Iterator[Row]:
    """15 strokes a second: what lies above any partial, against one stroke alone."""
    once = _heard(on, [(0.1, 0.16, 72, 90)])
    often = _heard(on, [(0.1 + i / 15, 0.1 + (i + 0.8) / 15, 72, 90) for i in range(30)])
    sos = scipy.signal.butter(8, 15_000.0, "highpass", fs=RATE_HZ, output="sos")
    clicks = [float(np.abs(scipy.signal.sosfilt(sos, x)).max()) for x in (once, often)]
    ratio = 20.0 * np.log10(clicks[1] / clicks[0])
    yield Row("15 strokes a second: peak above 15 kHz over one stroke's", ratio, "dB", n=30)


def _making() -> Iterator[Row]:
    """The modelled bank made and loaded."""
    short = Performance((PerformedNote("p0", "P1", 0.0, 0.1, 60, 60),), ())
    with tempfile.TemporaryDirectory() as folder:
        for name, target in (("made", "< 30"), ("from its file", "< 3")):
            _kept.cache_clear()
            start = time.process_time()
            render(short, cache=Path(folder))
            yield Row(f"bank, {name}", time.process_time() - start, "s", n=1, target=target)


def _loading(on: str) -> Iterator[Row]:
    """A bank from the cache, and its size."""
    _kept.cache_clear()
    start = time.process_time()
    bank = bank_of(on, RATE_HZ)
    yield Row("bank, from its file", time.process_time() - start, "s", n=1, target="< 3")
    yield Row("bank, size in its file", bank.samples.nbytes / 1e6, "MB", n=1, of="bank")


def _speed(on: str) -> Iterator[Row]:
    """A dense take: speed, peak, clipped samples."""
    try:
        data_folder()
    except SystemExit:
        return
    liszt = [take for take in takes(robust_only=True) if take.folder.startswith("Liszt")]
    performances = [read_take(take.performance) for take in liszt]
    dense = max(performances, key=lambda p: len(p.notes) / p.end_s)
    render(replace(dense, notes=dense.notes[:40]), instrument=on)  # loaded and compiled
    start = time.process_time()
    sound = render(dense, instrument=on).samples
    taken = time.process_time() - start
    yield Row("speed on dense Liszt", dense.end_s / taken, "× real time", n=len(dense.notes),
              of="notes", target="≥ 20")  # fmt: skip
    yield Row("clipped samples on dense Liszt", int((np.abs(sound) >= 1.0).sum()), n=len(sound),
              of="samples", target="0")  # fmt: skip
    peak = float(20 * np.log10(np.abs(sound).max()))
    yield Row("peak on dense Liszt", peak, "dB full scale", n=len(sound), of="samples")


def _rooms() -> Iterator[Row]:
    """Every hall by ISO 3382-1."""
    for hall in halls():
        if hall == "dry":
            continue
        ears = np.asarray(hall_responses(hall, RATE_HZ), float).sum(axis=0)
        both = [reverberation(ear, RATE_HZ, hz) for ear in ears for hz in (500.0, 1000.0)]
        ring, early, clarity = np.mean(both, axis=0)
        left, right = ears
        alike = np.mean([early_iacc(left, right, RATE_HZ, hz) for hz in (500.0, 1000.0, 2000.0)])
        wanted = hall in ("shoebox", "vineyard")
        yield Row(f"{hall}: T30", ring, "s", n=2, of="ears", target="1.8–2.1" if wanted else "")
        yield Row(f"{hall}: EDT", early, "s", n=2, of="ears")
        yield Row(f"{hall}: C80", clarity, "dB", n=2, of="ears", target="−2…+2" if wanted else "")
        yield Row(f"{hall}: early IACC", float(alike), n=1, of="pair of ears",
                  target="≤ .35" if wanted else "")  # fmt: skip


def _instrument(on: str, quick: bool) -> Iterator[Row]:
    """What is measured on every instrument."""
    yield from _touch(on, 8 if quick else 1)
    yield from _pedals(on)
    yield from _tuning(on)
    yield from _repetition(on)
    yield from _speed(on)


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every eighth velocity; no record")
    quick = parser.parse_args().quick
    rows = [*_instrument("modelled", quick), *_making(), *_rooms()]
    if "salamander" in instruments():
        sampled = [*_instrument("salamander", quick), *_loading("salamander")]
        rows += [replace(row, name=f"salamander: {row.name}") for row in sampled]
    if quick:
        print(*rows, sep="\n")
    else:
        record("sounding", [replace(row, value=float(row.value)) for row in rows])


if __name__ == "__main__":
    main()
