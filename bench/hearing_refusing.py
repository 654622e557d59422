"""What hearing takes for a piano and what it refuses: pianos by worse and worse microphones, and
sounds that are no piano.

In: 12 s of each real recording of `maps-dev` through the phone chain, and of every third clean, as
by telephone (8 kHz, 300 to 3400 Hz), clipped, in noise, very quiet; noises, tones and silence;
speech by espeak-ng; `train` takes on other instruments of a General MIDI bank by fluidsynth. Out:
rows of `bench/results/hearing_refusing.json`; each refusal in words on the terminal.

Run: `python -m bench.hearing_refusing --soundfont BANK.sf2 [--work FOLDER]`. Without a bank, or
where espeak-ng or fluidsynth is missing, those clips are left out, and the rows' n tells.

**Conventions.** A share counts clips. One segment of the network is one clip, so each clip ends in
the middle of its music, which is harder than a whole recording. The thresholds were chosen on the
same real recordings, in windows of 8, 12 and 60 s: the shares of pianos are no test on new ones.

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
from functools import partial
from pathlib import Path

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
from valentin.music import Audio, PerformedNote
from valentin.reading import read_take

__all__ = ["clips"]

Floats = npt.NDArray[np.floating]
Make = Callable[[], Audio]

SECONDS = 11.9
RATE_HZ = 44_100
PHRASE = (
    "The quick brown fox jumps over the lazy dog. She sells sea shells by the sea shore, and then "
    "we all went home to listen to the radio, where a man was talking about the weather."
)
VOICES = ("en", "en-us+f3", "de")
PROGRAMS = {
    "celesta": 8, "vibes": 11, "marimba": 12, "harpsi": 6, "epiano": 4, "organ": 19,
    "accordion": 21, "nylon": 24, "steelguitar": 25, "distguitar": 30, "violin": 40, "harp": 46,
    "strings": 48, "choir": 52, "trumpet": 56, "sax": 65, "flute": 73, "synth": 81, "sitar": 104,
}  # fmt: skip
"""General MIDI programs, from 0."""
DAMPED = (4, 11, 46)  # these have a pedal, or ring
ORCHESTRA = ((76, (40, 73)), (64, (48, 71)), (52, (60, 48)), (0, (42, 43)))
"""From which pitch on which programs play."""
WANTED = (
    ("Bach", "fugue"), ("Chopin", "ballade"), ("Mozart", "sonata"), ("Debussy", ""),
    ("Beethoven", "sonata"), ("Schubert", "impromptu"), ("Liszt", ""), ("Scriabin", ""),
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


def _pianos() -> Iterator[tuple[str, str, Make]]:
    for at, path in enumerate(sorted((data_folder() / "maps-dev").glob("*.flac"))):
        first_s = 10 * (at % 2)

        def clean(path: Path = path, first_s: int = first_s) -> Audio:
            rate_hz = soundfile.info(path).samplerate
            samples, _ = soundfile.read(
                path, round(SECONDS * rate_hz), first_s * rate_hz, dtype="float32", always_2d=True
            )
            return Audio(samples, rate_hz)

        for kind, worsened in _WORSE.items():
            if kind == "phone" or at % 3 == 0:
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


def _quiet(audio: Audio, _: int) -> Audio:
    steps = 2**15  # as a file of 16 bits holds it
    return Audio((np.round(audio.samples * 1e-3 * steps) / steps).astype(np.float32), audio.rate_hz)


_WORSE: dict[str, Callable[[Audio, int], Audio]] = {
    "maps": lambda audio, _: audio, "phone": _by_phone, "tel": _by_telephone,
    "clip": _clipped, "noisy": _noisy, "quiet": _quiet,
}  # fmt: skip
_WORDS = {
    "maps": "clean", "phone": "by phone", "tel": "by telephone, 8 kHz",
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
    for at, (name, program) in enumerate(PROGRAMS.items()):
        path = paths[2 * at % len(paths)]
        yield (
            f"instrument: {name}", f"neg-{name}-0",
            partial(_played, path, [program], _one, soundfont),
        )  # fmt: skip
    path = paths[0]
    programs = [program for _, pair in ORCHESTRA for program in pair]
    yield "orchestra", "neg-orchestra-0", partial(_played, path, programs, _orchestral, soundfont)
    yield "drums", "neg-drums-0", partial(_played, path, [0], _drummed, soundfont)


def _takes() -> list[Path]:
    """One take of each of some composers."""
    rows = takes("train", robust_only=False, with_score=False)
    some = [[r for r in rows if r.composer == c and t in r.title.lower()] for c, t in WANTED]
    return [found[len(found) // 2].performance for found in some if found]


def _one(note: PerformedNote) -> list[tuple[int, int]]:
    return [(0, note.pitch)]


def _orchestral(note: PerformedNote) -> list[tuple[int, int]]:
    desk = next(k for k, (lowest, _) in enumerate(ORCHESTRA) if note.pitch >= lowest)
    return [(2 * desk, note.pitch), (2 * desk + 1, note.pitch - 12 * (desk == 3))]


def _drummed(note: PerformedNote) -> list[tuple[int, int]]:
    return [(9, DRUMS[note.pitch % len(DRUMS)])]


def _played(
    path: Path,
    programs: Sequence[int],
    where: Callable[[PerformedNote], list[tuple[int, int]]],
    soundfont: Path,
) -> Audio:
    """The beginning of a take on other instruments: channel and pitch of each note by `where`."""
    events = [
        (0.0, mido.Message("program_change", channel=channel, program=program))
        for channel, program in enumerate(programs)
    ]
    take = read_take(path)
    for note in take.notes:
        for channel, pitch in where(note) if note.onset_s < SECONDS else []:
            key = {"channel": channel, "note": max(pitch, 0)}
            events.append((note.onset_s, mido.Message("note_on", velocity=note.velocity, **key)))
            end_s = max(note.offset_s, note.onset_s + 0.05)
            events.append((end_s, mido.Message("note_off", **key)))
    if programs[0] in DAMPED:
        events += [
            (e.time_s, mido.Message("control_change", channel=0, control=64, value=e.value))
            for e in take.pedal
            if e.time_s < SECONDS and e.control == "sustain"
        ]
    file = mido.MidiFile(ticks_per_beat=1000)
    track, now = file.add_track(), 0
    for time_s, message in sorted(events, key=lambda event: event[0]):
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
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "valentin-hearing"
    )
    given = parser.parse_args(arguments)
    refused: dict[str, list[bool]] = defaultdict(list)
    for kind, name, make in clips(given.soundfont):
        said = kept(given.work, f"verdict-{name}", partial(_verdict, make))
        print(f"{name}: {said or 'heard as a piano'}", flush=True)
        refused[kind].append(bool(said))
    rows = [_row(kind, some) for kind, some in refused.items()]
    record("hearing_refusing", rows)


def _row(kind: str, refused: Sequence[bool]) -> Row:
    piano = kind.startswith("piano")
    share = sum(refused) / len(refused)
    value, what = (1 - share, "accepted") if piano else (share, "refused")
    return Row(f"{kind}: {what}", value, n=len(refused), of="clips", target="1")


if __name__ == "__main__":
    _main()
