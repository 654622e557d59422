"""What hearing takes for a piano and what it refuses: pianos by worse and worse microphones, and
sounds that are no piano.

In: 12 s of each real recording of `maps-dev`, from its second minute: clean, through the phone
chain, clipped, as on an old record, and of some as by telephone (8 kHz, 300 to 3400 Hz), in noise,
very quiet; noises, tones and silence; speech by espeak-ng; `train` takes on other instruments of a
General MIDI bank by fluidsynth, and the orchestra of the concertos. Out: rows of
`bench/results/hearing_refusing.json`; each refusal in words on the terminal.

Run: `python -m bench.hearing_refusing --soundfont BANK.sf2 [--every 4] [--work FOLDER]`; of all
clips only each fourth. Without a bank, or where espeak-ng or fluidsynth is missing, those clips are
left out, and the rows' n tells.

**Conventions.** A share counts clips. One segment of the network is one clip, so each clip ends in
the middle of its music, which is harder than a whole recording. The limits were chosen on other
clips: the first minute of the same real recordings (one piano, two rooms), renditions of ours, and
21 other programs of the same bank, other takes.

**Knows nothing of** how hearing decides.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import mido
import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import butter, chirp, resample_poly, sosfilt

from bench.common import Row, data_folder, record, takes
from bench.hearing_phone import phone
from bench.hearing_recordings import kept
from valentin.errors import TakeError
from valentin.hearing import heard
from valentin.music import Audio, PerformedNote, Score
from valentin.reading import read_score, read_take

__all__ = ["SECONDS", "clips", "first_second", "keys_of"]

Floats = npt.NDArray[np.floating]
Make = Callable[[], Audio]
Event = tuple[float, Any]

SECONDS = 11.9
RATE_HZ = 44_100
PHRASE = (
    "The quick brown fox jumps over the lazy dog. She sells sea shells by the sea shore, and then "
    "we all went home to listen to the radio, where a man was talking about the weather."
)
VOICES = ("en-gb", "fr", "es", "it+f2")
PROGRAMS = {
    "guitars, harp, plucked": (24, 25, 27, 45, 46, 105, 107),
    "organs, accordion": (16, 18, 19, 20, 22),
    "harpsichord, clavinet, electric piano": (5, 6, 7),
    "bars and bells": (9, 10, 11, 12, 13, 14),
    "bowed strings, choir": (41, 42, 44, 49, 53),
    "winds": (57, 60, 61, 66, 68, 71, 74),
    "synthesizers": (80, 88, 90),
}
"""General MIDI programs, from 0."""
DAMPED = (5, 11, 46)  # these have a pedal, or ring
DESKS = {
    "FLAUTO": 73, "OBOE": 68, "CLARINETTO": 71, "FAGOTTO": 70, "CORNO": 60, "TROMB": 56,
    "TROMP": 56, "TIMPANI": 47, "BASSO": 43, "VIOL": 48,
}  # fmt: skip
"""What plays a part of an orchestra, by how its name begins."""
TUTTI = (("chopin-op11-i", 0), ("chopin-op21-ii", 0), ("chopin-op21-ii", 250),
         ("chopin-op11-ii", 180))  # fmt: skip
"""Concertos and the quarter from which their orchestra is heard, at 120 quarters a minute."""
WANTED = (
    ("Bach", "prelude"), ("Haydn", ""), ("Schumann", ""), ("Brahms", ""),
    ("Ravel", ""), ("Prokofiev", ""), ("Chopin", "etude"), ("Balakirev", ""),
)  # fmt: skip
"""Composers and words of titles whose takes the other instruments play."""
DRUMS = (36, 38, 42, 46, 49, 45, 51)


def clips(soundfont: Path | None) -> Iterator[tuple[str, str, Make]]:
    """Kind, name and sound of each clip; kinds of pianos begin with `piano`."""
    yield from _pianos()
    yield from _noises()
    if shutil.which("espeak-ng"):
        for voice in VOICES:
            yield "speech", f"neg-speech-{voice}", partial(_spoken, voice)
    if soundfont and shutil.which("fluidsynth"):
        yield from _instruments(soundfont)


def first_second(title: str) -> int:
    """Where the clips of a real recording begin."""
    return 55 if title == "chpn-p19" else 60


def keys_of(make: Make) -> list[tuple[int, float]]:
    """Pitch and onset of what fluidsynth plays in a clip, and nothing of other clips."""
    if not isinstance(make, partial) or make.func is not _played:
        return []
    return [
        (message.note, time_s)
        for time_s, message in make.args[0]()
        if message.type == "note_on" and message.channel != 9
    ]


def _pianos() -> Iterator[tuple[str, str, Make]]:
    for at, path in enumerate(sorted((data_folder() / "maps-dev").glob("*.flac"))):

        def clean(path: Path = path, first_s: int = first_second(path.stem)) -> Audio:
            rate_hz = soundfile.info(path).samplerate
            samples, _ = soundfile.read(
                path, round(SECONDS * rate_hz), first_s * rate_hz, dtype="float32", always_2d=True
            )
            return Audio(samples, rate_hz)

        for kind, worsened in _WORSE.items():
            if kind in OFTEN or at % 3 == 0:
                yield (
                    f"piano, {_WORDS[kind]}",
                    f"pos-{kind}-{path.stem}",
                    partial(_worsened, clean, worsened, at),
                )


def _worsened(clean: Make, how: Callable[[Audio, int], Audio], seed: int) -> Audio:
    return how(clean(), seed)


def _by_phone(audio: Audio, seed: int) -> Audio:
    samples = resample_poly(audio.samples[:, 0], RATE_HZ, audio.rate_hz)
    return phone(Audio(samples.astype(np.float32)[:, None], RATE_HZ), np.random.default_rng(seed))


def _by_telephone(audio: Audio, _: int) -> Audio:
    band = butter(4, [300, 3400], "band", fs=8000, output="sos")
    return _audio(sosfilt(band, resample_poly(audio.samples[:, 0], 8000, audio.rate_hz)), 8000)


def _clipped(audio: Audio, _: int) -> Audio:
    return _audio(
        np.clip(audio.samples[:, 0] / np.abs(audio.samples).max() * 8, -1, 1), audio.rate_hz
    )


def _noisy(audio: Audio, seed: int) -> Audio:
    noise = np.random.default_rng(seed).standard_normal(audio.samples.shape)
    return Audio(
        (audio.samples + 0.3 * audio.samples.std() * noise).astype(np.float32), audio.rate_hz
    )


def _old(audio: Audio, seed: int) -> Audio:
    """As from a shellac disc: a narrow band, hiss, crackle, and a hole out of the middle."""
    rng = np.random.default_rng(seed)
    rate_hz, sound = audio.rate_hz, audio.samples[:, 0].astype(np.float64)
    at = np.arange(len(sound))
    wow = 0.0005 * rate_hz / (2 * np.pi * 1.3) * np.sin(2 * np.pi * 1.3 * at / rate_hz)
    sound = np.interp(at + wow, at, sound)
    band = butter(2, [200, 3500], "band", fs=rate_hz, output="sos")
    crackle = (rng.random(len(sound)) < 8 / rate_hz) * rng.uniform(-1, 1, len(sound))
    noise = 0.08 * sound.std() * rng.standard_normal(len(sound)) + 6 * sound.std() * crackle
    return _audio(sosfilt(band, sound + noise), rate_hz)


def _quiet(audio: Audio, _: int) -> Audio:
    steps = 2**15  # as a file of 16 bits holds it
    return Audio((np.round(audio.samples * 1e-3 * steps) / steps).astype(np.float32), audio.rate_hz)


_WORSE: dict[str, Callable[[Audio, int], Audio]] = {
    "maps": lambda audio, _: audio, "phone": _by_phone, "old": _old, "tel": _by_telephone,
    "clip": _clipped, "noisy": _noisy, "quiet": _quiet,
}  # fmt: skip
OFTEN = ("maps", "phone", "old", "clip")
_WORDS = {
    "maps": "clean", "phone": "by phone", "old": "as on an old record",
    "tel": "by telephone, 8 kHz",
    "clip": "clipped by 18 dB", "noisy": "in white noise, 10 dB", "quiet": "60 dB too quiet",
}  # fmt: skip


def _noises() -> Iterator[tuple[str, str, Make]]:
    rng = np.random.default_rng(7)
    count = round(SECONDS * RATE_HZ)
    t = np.arange(count) / RATE_HZ
    white = rng.standard_normal(count)
    spectrum = np.fft.rfft(white)
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    pink = np.fft.irfft(spectrum, count)
    clap = white * np.exp(-300 * t)
    claps = [rng.uniform(0.2, 1) * np.roll(clap, int(rng.uniform(0, count))) for _ in range(300)]
    hum = sum(0.05 / k * np.sin(2 * np.pi * 50 * k * t) for k in range(1, 12))
    sounds: dict[str, Floats] = {
        "silence": 0 * t, "white": 0.1 * white, "hiss": 1e-3 * white,
        "pink": 0.1 * pink / pink.std(), "hum": hum + 1e-4 * white,
        "sweep": 0.3 * chirp(t, 30, SECONDS, 8000, "logarithmic"),
        "sine440": 0.3 * np.sin(2 * np.pi * 440 * t),
        "clicks": (np.arange(count) % (RATE_HZ // 2) == 0).astype(float),
        "applause": 0.2 * np.sum(claps, axis=0) / np.abs(np.sum(claps, axis=0)).max(),
    }  # fmt: skip
    for name, sound in sounds.items():
        yield "silence, noise, tones", f"neg-{name}", partial(_audio, sound, RATE_HZ)


def _spoken(voice: str) -> Audio:
    command = ["espeak-ng", "-v", voice, "--stdout", PHRASE]
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    samples, rate_hz = soundfile.read(io.BytesIO(wav), dtype="float32")
    return _audio(samples[: round(SECONDS * rate_hz)], rate_hz)


def _instruments(soundfont: Path) -> Iterator[tuple[str, str, Make]]:
    paths = _takes()
    at = 0
    for family, programs in PROGRAMS.items():
        for program in programs:
            at += 1
            some = partial(_take_events, paths[at % len(paths)], program, _one)
            yield family, f"neg-program-{program}", partial(_played, some, soundfont)
    for name, first_q in TUTTI:
        path = data_folder() / "concertos" / f"{name}.krn"
        some = partial(_tutti, path, first_q)
        yield "orchestra", f"neg-{name}-{first_q}", partial(_played, some, soundfont)
    yield (
        "drums",
        "neg-drums-1",
        partial(_played, partial(_take_events, paths[0], 0, _drummed), soundfont),
    )
    for at, program in enumerate((0, 1, 0)):
        some = partial(_take_events, paths[at], program, _one)
        yield "piano, of the bank", f"pos-bank-{at}", partial(_played, some, soundfont)


def _takes() -> list[Path]:
    """One take of each of some composers."""
    rows = takes("train", robust_only=False, with_score=False)
    some = [[r for r in rows if r.composer == c and t in r.title.lower()] for c, t in WANTED]
    return [found[len(found) // 2].performance for found in some if found]


def _one(note: PerformedNote) -> tuple[int, int]:
    return 0, note.pitch


def _drummed(note: PerformedNote) -> tuple[int, int]:
    return 9, DRUMS[note.pitch % len(DRUMS)]


def _take_events(
    path: Path, program: int, where: Callable[[PerformedNote], tuple[int, int]]
) -> list[Event]:
    """The beginning of a take on another instrument: channel and pitch of each note by `where`."""
    events = [(0.0, mido.Message("program_change", channel=0, program=program))]
    take = read_take(path)
    for note in take.notes:
        if note.onset_s < SECONDS:
            events += _struck(*where(note), note.velocity, note.onset_s, note.offset_s)
    if program in (0, 1, *DAMPED):
        events += [
            (e.time_s, mido.Message("control_change", channel=0, control=64, value=e.value))
            for e in take.pedal
            if e.time_s < SECONDS and e.control == "sustain"
        ]
    return events


@cache
def _score(path: Path) -> Score:
    return read_score(path, lenient=True)[0]


def _tutti(path: Path, first_q: float) -> list[Event]:
    """The orchestra of a concerto in exact time, without its soloist."""
    score = _score(path)
    desks = {
        part.id: program
        for part in score.parts
        for word, program in DESKS.items()
        if part.name.upper().startswith(word)
    }
    channels = {program: k for k, program in enumerate(sorted(set(desks.values())))}
    events = [
        (0.0, mido.Message("program_change", channel=k + (k > 8), program=program))
        for program, k in channels.items()
    ]
    for note in score.notes:
        start_s = float(note.onset_q - first_q) / 2
        if note.part in desks and 0 <= start_s < SECONDS:
            k = channels[desks[note.part]]
            end_s = start_s + float(note.duration_q) / 2
            events += _struck(k + (k > 8), note.pitch, 80, start_s, end_s)
    return events


def _struck(channel: int, pitch: int, velocity: int, start_s: float, end_s: float) -> list[Event]:
    key = {"channel": channel, "note": pitch}
    return [
        (start_s, mido.Message("note_on", velocity=velocity, **key)),
        (max(end_s, start_s + 0.05), mido.Message("note_off", **key)),
    ]


def _played(some: Callable[[], list[Event]], soundfont: Path) -> Audio:
    """Events by fluidsynth."""
    file = mido.MidiFile(ticks_per_beat=1000)
    track, now = file.add_track(), 0
    for time_s, message in sorted(some(), key=lambda event: event[0]):
        ticks = round(time_s * 2000)  # 120 quarters a minute
        track.append(message.copy(time=ticks - now))
        now = ticks
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "x.mid", Path(folder) / "x.wav"
        file.save(midi)
        subprocess.run(
            ["fluidsynth", "-ni", "-g", "0.6", "-r", str(RATE_HZ), "-F", wav, soundfont, midi],
            capture_output=True, check=True,
        )  # fmt: skip
        samples, _ = soundfile.read(wav, round(SECONDS * RATE_HZ), dtype="float32", always_2d=True)
    return Audio(samples, RATE_HZ)


def _audio(samples: Floats, rate_hz: int) -> Audio:
    return Audio(samples.astype(np.float32)[:, None], rate_hz)


def _verdict(make: Make) -> str:
    """Why a clip is refused, or nothing."""
    try:
        heard(make())
    except TakeError as refusal:
        return str(refusal)
    return ""


def _main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench.hearing_refusing")
    parser.add_argument("--soundfont", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only each so manieth clip")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "valentin-hearing"
    )
    given = parser.parse_args(arguments)
    refused: dict[str, list[bool]] = defaultdict(list)
    for kind, name, make in list(clips(given.soundfont))[:: given.every]:
        said = kept(given.work, f"verdict-{name}", partial(_verdict, make))
        print(f"{name}: {said or 'heard as a piano'}", flush=True)
        refused[kind].append(bool(said))
    rows = [_row(kind, some) for kind, some in refused.items()]
    for whole, piano in (("piano, all of them", True), ("other sounds, all of them", False)):
        some = [n for kind, names in refused.items() for n in names
                if kind.startswith("piano") == piano]  # fmt: skip
        rows.append(_row(whole, some))
    record("hearing_refusing", rows)


def _row(kind: str, refused: Sequence[bool]) -> Row:
    piano = kind.startswith("piano")
    share = sum(refused) / len(refused)
    value, what = (1 - share, "accepted") if piano else (share, "refused")
    return Row(f"{kind}: {what}", value, n=len(refused), of="clips", target="1")


if __name__ == "__main__":
    _main()
