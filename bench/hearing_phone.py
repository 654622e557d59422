"""A recording as a phone in a living room would make it: what `bench/hearing.py` degrades with.

In: a rendition's `Audio`. Out: mono samples as a phone's file gives them back.

**Conventions.** In this order: 20 cents sharp, by playing the sound faster, so that every time is
divided by `FASTER`; a room of 5 × 4 × 2.7 m with T60 .6 s, the phone 1.2 m away; a phone's band
(100 Hz to 10 kHz); pink noise 25 dB below the sound; AAC at 96 kbit/s, mono, by ffmpeg, or, where
there is none, Opus by libsndfile. All noise comes from `rng`.

**Knows nothing of** what is played.

**Reference.** J. B. Allen, D. A. Berkley, "Image method for efficiently simulating small-room
acoustics", JASA 65 (1979); C. F. Eyring, "Reverberation time in 'dead' rooms", JASA 1 (1930);
M. R. Schroeder, "New method of measuring reverberation time", JASA 37 (1965).
"""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

from valentin.music import Audio

__all__ = ["FASTER", "codec", "phone", "reverberation_s", "room_response"]

Floats = npt.NDArray[np.float64]

FASTER = 87 / 86
"""20.02 cents, as a ratio that a resampler takes exactly."""
ROOM_M, PIANO_M, PHONE_M = (5.0, 4.0, 2.7), (1.3, 1.1, 0.9), (2.2, 1.8, 1.1)
SOUND_M_S, T60_S = 343.0, 0.6
LOW_HZ, HIGH_HZ = 100.0, 10_000.0
SNR_DB, PEAK = 25.0, 0.5
RATE_HZ = 44_100


def phone(audio: Audio, rng: np.random.Generator) -> Audio:
    """The recording, mono, at 44.1 kHz."""
    if audio.rate_hz != RATE_HZ:
        raise ValueError(f"rate_hz must be {RATE_HZ}, got {audio.rate_hz}")
    dry = resample_poly(audio.samples.mean(axis=1, dtype=np.float64), 86, 87)
    wet = fftconvolve(dry, room_response())[: len(dry) + RATE_HZ]
    band = sosfilt(butter(2, LOW_HZ, "high", fs=RATE_HZ, output="sos"), wet)
    band = sosfilt(butter(4, HIGH_HZ, "low", fs=RATE_HZ, output="sos"), band)
    noise = _pink(len(band), rng)
    noise *= _rms(band) / _rms(noise) * 10 ** (-SNR_DB / 20)
    sound = band + noise
    return _through_codec(sound * (PEAK / np.abs(sound).max()))


def _rms(samples: Floats) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def _pink(length: int, rng: np.random.Generator) -> Floats:
    """Noise whose power falls as 1/f from 20 Hz on."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(length, 1 / RATE_HZ), 20.0))
    return np.fft.irfft(spectrum, length)


@lru_cache(maxsize=1)
def room_response() -> Floats:
    """Every mirror image of the piano up to T60, walls alike (their loss by Eyring's formula).

    The walls' loss is the same at all frequencies; images fall on the nearest sample. The formula
    presumes a diffuse field, which a bare box is not: the loss is raised until the decay is T60.
    """
    loss = 1.0
    for _ in range(12):
        response = _images(loss)
        loss *= reverberation_s(response) / T60_S
    return response


def _images(loss: float) -> Floats:
    x, y, z = ROOM_M
    surface, volume = 2 * (x * y + y * z + z * x), x * y * z
    absorbed = 1 - np.exp(-0.161 * volume / (surface * T60_S) * loss)
    kept = np.sqrt(1 - absorbed)
    response = np.zeros(int(RATE_HZ * T60_S))
    axes = [_mirrored(*row) for row in zip(ROOM_M, PIANO_M, PHONE_M, strict=True)]
    for off_x, walls_x in zip(*axes[0], strict=True):
        square = off_x**2 + axes[1][0][:, None] ** 2 + axes[2][0][None, :] ** 2
        away = np.sqrt(square)
        walls = walls_x + axes[1][1][:, None] + axes[2][1][None, :]
        at = np.round(away / SOUND_M_S * RATE_HZ).astype(np.int64)
        near = at < len(response)
        np.add.at(response, at[near], (kept**walls / away)[near])
    return response


def _mirrored(length: float, source: float, ear: float) -> tuple[Floats, Floats]:
    """Along one axis: how far each image is from the ear, and off how many walls it came."""
    most = int(T60_S * SOUND_M_S / (2 * length)) + 1
    n = np.arange(-most, most + 1)
    off = np.concatenate([2 * n * length + source - ear, 2 * n * length - source - ear])
    return off, np.concatenate([np.abs(2 * n), np.abs(2 * n - 1)]).astype(np.float64)


def reverberation_s(response: Floats) -> float:
    """T60 from the decay between −5 and −25 dB of the energy still to come (T20)."""
    left = np.cumsum(response[::-1] ** 2)[::-1]
    level = 10 * np.log10(np.maximum(left / left[0], 1e-12))
    first, last = int(np.argmax(level <= -5)), int(np.argmax(level <= -25))
    slope = np.polyfit(np.arange(first, last) / RATE_HZ, level[first:last], 1)[0]
    return float(-60 / slope)


def codec() -> str:
    """What the phone's file is written with here."""
    return "AAC" if shutil.which("ffmpeg") else "Opus"


def _through_codec(samples: Floats) -> Audio:
    plain = io.BytesIO()
    soundfile.write(plain, samples.astype(np.float32), RATE_HZ, format="WAV", subtype="PCM_16")
    if codec() == "AAC":
        small = _ffmpeg(plain.getvalue(), "-c:a", "aac", "-b:a", "96k", "-f", "adts")
        plain = io.BytesIO(_ffmpeg(small, "-ar", str(RATE_HZ), "-f", "wav"))
        back, _ = soundfile.read(plain, dtype="float32", always_2d=True)
    else:
        small_file = io.BytesIO()
        sound = resample_poly(samples, 160, 147)
        soundfile.write(small_file, sound, 48_000, format="OGG", subtype="OPUS")
        small_file.seek(0)
        back, _ = soundfile.read(small_file, dtype="float64", always_2d=True)
        back = resample_poly(back, 147, 160).astype(np.float32)
    return Audio(np.ascontiguousarray(back[:, :1], np.float32), RATE_HZ)


def _ffmpeg(data: bytes, *how: str) -> bytes:
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", *how, "pipe:1"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout
