"""Whose fault the scatter of onsets is on the real recordings: the ears', or their truth's.

In: the real recordings of `maps-dev`, our renditions of `valid` takes, and what was heard in both
(`bench.hearing maps`, `bench.hearing rendered`; from the work folder). Out: rows of
`bench/results/hearing_truth.json`.

Run: `python -m bench.hearing_truth [--seconds 60] [--work FOLDER]`.

**Conventions.** Only onsets that stand alone: no other key 300 ms before or 200 ms after, but for
chords within 10 ms. The sound's own onset is where its spectrum grows most within 150 ms of the
truth, by a rule that knows nothing of the network. Scatter is 1.4826 times the median distance from
the median. If the truth were exact, the sound would not stray from it together with the ears. A
player piano strikes soft notes late or early by itself: so scatter is told by how hard a key was
struck, of pairs within 100 ms, beside that of renditions, whose truth is exact.

**Knows nothing of** how hearing is done.

**Reference** (spectral flux). J. P. Bello et al., "A tutorial on onset detection in music signals",
IEEE Trans. Speech and Audio Processing 13 (2005).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from bench.common import Row, across_works, record
from bench.hearing import first_of, listened
from bench.hearing_metrics import global_shift, matched
from bench.hearing_recordings import Recording, chosen, maps, rendition
from valentin.music import Performance

__all__ = ["flux", "scatter_ms"]

Floats = npt.NDArray[np.float64]

HOP, WINDOW, FRAMES_BACK = 32, 512, 4
BEFORE_S, AFTER_S, CHORD_S, AROUND_S = 0.3, 0.2, 0.01, 0.15
WITHIN_S, BANDS = 0.1, ((20, 40), (40, 60), (60, 110))
FEWEST = 40
"""Onsets that stand alone, below which a recording says nothing."""


def flux(samples: Floats, rate_hz: int) -> tuple[Floats, Floats]:
    """Times in seconds, and how much the (compressed) spectrum has grown there."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    level = np.log1p(1000 * np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)))
    grown = np.maximum(level[FRAMES_BACK:] - level[:-FRAMES_BACK], 0).sum(axis=1)
    centre = np.arange(len(grown)) * HOP + WINDOW / 2 + FRAMES_BACK * HOP / 2
    return centre / rate_hz, grown


def scatter_ms(values: Floats) -> float:
    """A standard deviation that outliers do not move, in milliseconds."""
    return 1482.6 * float(np.median(np.abs(values - np.median(values))))


def _apart(recording: Recording, seconds: float, folder: Path) -> tuple[Floats, Floats]:
    """Of the onsets that stand alone: sound minus truth, heard minus truth."""
    struck, heard = recording.struck.notes, listened(recording, seconds, folder).performance.notes
    shift_s = global_shift(struck, heard)
    rate_hz = soundfile.info(recording.path).samplerate
    samples, _ = soundfile.read(recording.path, frames=round(seconds * rate_hz))
    times, grown = flux(samples, rate_hz)
    onsets = np.array([note.onset_s for note in struck])
    sound, ears = [], []
    for s, h in matched(struck, heard, shift_s):
        off = onsets - struck[s].onset_s
        if ((np.abs(off) > CHORD_S) & (off > -BEFORE_S) & (off < AFTER_S)).any():
            continue
        near = np.flatnonzero(np.abs(times - struck[s].onset_s - shift_s) < AROUND_S)
        if len(near):
            sound.append(times[near[int(np.argmax(grown[near]))]] - struck[s].onset_s)
            ears.append(heard[h].onset_s - struck[s].onset_s)
    return np.array(sound), np.array(ears)


def _by_velocity(recording: Recording, heard: Performance) -> Floats:
    """Velocity struck, and seconds heard minus struck after the shift, of each pair."""
    struck = recording.struck.notes
    shift_s = global_shift(struck, heard.notes)
    pairs = matched(struck, heard.notes, shift_s, within_s=WITHIN_S)
    away = [
        (struck[s].velocity, heard.notes[h].onset_s - struck[s].onset_s - shift_s) for s, h in pairs
    ]
    return np.array(away, np.float64).reshape(-1, 2)


def _softer_and_louder(seconds: float, folder: Path) -> list[Row]:
    every = {"maps": [first_of(recording, seconds) for recording in maps()]}
    every["rendered"] = [rendition(t, seconds, "clean", folder) for t in chosen("valid", 12)]
    rows = []
    for name, recordings in every.items():
        away = np.concatenate(
            [_by_velocity(r, listened(r, seconds, folder).performance) for r in recordings]
        )
        for low, high in BANDS:
            some = away[(away[:, 0] >= low) & (away[:, 0] < high), 1]
            row = Row(f"{name}: onset SD at velocities {low} to {high - 1}",
                      1000 * float(some.std()), "ms", n=len(some), of="notes")  # fmt: skip
            rows.append(row)
    return rows


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.hearing_truth")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "valentin-hearing"
    )
    given = parser.parse_args()
    found = {}
    for recording in maps():
        sound, ears = _apart(first_of(recording, given.seconds), given.seconds, given.work)
        if len(sound) >= FEWEST:
            found[recording.work] = sound, ears
    rows = []
    for name, column in (("sound from truth", 0), ("heard from truth", 1), ("heard from sound", 2)):
        values = {w: scatter_ms((s, e, e - s)[column]) for w, (s, e) in found.items()}
        rows.append(
            across_works(f"scatter of onsets, {name}", values, unit="ms", higher_is_better=False)
        )
    values = {work: float(np.corrcoef(s, e)[0, 1]) for work, (s, e) in found.items()}
    rows.append(across_works("r of sound from truth and heard from truth", values))
    rows += _softer_and_louder(given.seconds, given.work)
    record("hearing_truth", rows)


if __name__ == "__main__":
    _main()
