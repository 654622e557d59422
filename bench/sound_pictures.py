"""How the modelled grand differs from real ones: decays and spectral envelopes, as pictures.

In: notes of `maps-dev` that sound alone (VALENTIN_DATA), the Salamander Grand's recordings where
they are installed, and the same notes on the modelled grand. Out: `docs/pictures/decays.svg` and
`docs/pictures/envelopes.svg`, and what they show as numbers.

Run: `python -m bench.sound_pictures`.

**Conventions.** Decay: how much weaker the sound is at 0.4–0.5 s than in the first 0.1 s, per
second. Envelope: the level of each partial from 0.05 to 0.25 s, the strongest at 0 dB; partials are
looked for within 3 % of where the modelled grand has them.

**Knows nothing of** how an instrument is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from bench.common import data_folder
from valentin.music import Performance, PerformedNote
from valentin.sounding import render, salamander
from valentin.sounding.scale import key

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
REGISTERS = {
    "bass": (21, 47),
    "tenor": (48, 59),
    "middle": (60, 67),
    "upper": (68, 75),
    "treble": (76, 88),
}
ALONE_S = 0.25
PARTIALS = 16
REAL, OURS, OTHER = "#1c1c1c", "#b3421e", "#2d6a8a"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Note:
    """One real note: where it is from, how it was struck, its sound from the blow on."""

    take: str
    pitch: int
    velocity: int
    held_s: float
    alone_s: float
    sound: Floats
    rate_hz: int


def real_notes() -> Iterator[Note]:
    """Notes of maps-dev before which nothing sounds and after which nothing comes for ALONE_S."""
    for path in sorted((data_folder() / "maps-dev").glob("*.tsv")):
        sound, rate_hz = soundfile.read(path.with_suffix(".flac"))
        rows = np.loadtxt(path, comments="#", skiprows=1, ndmin=2).tolist()
        rows.sort()
        for i, (on, off, pitch, velocity) in enumerate(rows):
            ended = all(row[1] < on and row[0] < on - 0.05 for row in rows[:i])
            following = [row[0] for row in rows[i + 1 :]] + [len(sound) / rate_hz]
            if ended and following[0] - on > ALONE_S:
                part = sound[int(on * rate_hz) : int(following[0] * rate_hz)]
                before = sound[int((on - 0.06) * rate_hz) : int((on - 0.01) * rate_hz)]
                if len(before) and rms_db(part[: rate_hz // 4]) > rms_db(before) + 15.0:
                    yield Note(
                        path.stem,
                        int(pitch),
                        int(velocity),
                        off - on,
                        following[0] - on,
                        part,
                        rate_hz,
                    )


def ours(pitch: int, velocity: int, held_s: float) -> Floats:
    """The same note on the modelled grand at 44,100 Hz."""
    take = Performance((PerformedNote("p0", "P1", 0.0, held_s, pitch, velocity),))
    return np.asarray(render(take, instrument="modelled").samples.mean(axis=1), float)


def rms_db(sound: Floats) -> float:
    return float(10.0 * np.log10((sound**2).mean() + 1e-14))


def decay_db_s(sound: Floats, rate_hz: int) -> float:
    """How fast a note gets weaker over its first half second."""
    early, late = (sound[int(a * rate_hz) : int((a + 0.1) * rate_hz)] for a in (0.0, 0.4))
    return (rms_db(early) - rms_db(late)) / 0.4


def envelope_db(sound: Floats, rate_hz: int, pitch: int) -> Floats:
    """Level of each partial, the strongest at 0 dB; NaN above the recording's reach."""
    part = sound[int(0.05 * rate_hz) : int(0.25 * rate_hz)]
    size = 1 << 17
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)), size)) ** 2
    out = np.full(PARTIALS, np.nan)
    for k in range(1, PARTIALS + 1):
        hz = key(pitch).partial_hz(k)
        if hz < min(0.45 * rate_hz, 7000.0):
            low, high = int(0.97 * hz * size / rate_hz), int(1.03 * hz * size / rate_hz) + 1
            out[k - 1] = 10.0 * np.log10(power[low:high].max() + 1e-20)
    return np.asarray(out - np.nanmax(out))


def recorded() -> Iterator[tuple[int, float]]:
    """Pitch and decay of the Salamander Grand's ninth layer, struck at 69."""
    if not salamander.installed():
        return
    for pitch, files in salamander.layout().layers.items():
        sound, rate_hz = soundfile.read(salamander.folder() / files[8], frames=48_000)
        mono = sound.mean(axis=1)
        begins = int(np.argmax(np.abs(mono) > 0.05 * np.abs(mono).max()))
        yield pitch, decay_db_s(mono[begins:], rate_hz)


def line(points: Sequence[tuple[float, float]], colour: str, dash: str = "") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    look = f'fill="none" stroke="{colour}" stroke-width="1.6" stroke-dasharray="{dash}"'
    return f'<polyline points="{path}" {look}/>'


def dots(points: Sequence[tuple[float, float]], colour: str) -> str:
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y in points
    )


def words(x: float, y: float, text: str, colour: str = REAL) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{text}</text>'


def page(width: int, height: int, parts: Sequence[str]) -> str:
    space = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11"'
    head = f'<svg {space} viewBox="0 0 {width} {height}">'
    ground = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    return "\n".join([head, ground, *parts, "</svg>"]) + "\n"


def draw_decays(notes: Sequence[Note]) -> str:
    """Decay over the keyboard."""

    def at(pitch: float, db_s: float) -> tuple[float, float]:
        return 50 + 6.4 * (pitch - 21), 250 - 2.6 * min(max(db_s, 0.0), 85.0)

    pitches = range(21, 109, 3)
    mine = [(p, decay_db_s(ours(p, 69, 1.0), 44_100)) for p in pitches]
    parts = [line([at(21, d), at(108, d)], "#ddd") for d in (0, 20, 40, 60, 80)]
    parts += [words(8, at(21, d)[1] + 4, f"{d}") for d in (0, 20, 40, 60, 80)]
    parts += [words(at(12 * o + 12, 0)[0] - 6, 268, f"C{o}") for o in range(1, 9)]
    parts += [line([at(*row) for row in mine], OURS), words(60, 18, "modelled", OURS)]
    rows = list(recorded())
    if rows:
        parts += [
            line([at(*row) for row in rows], OTHER, "5 3"),
            words(130, 18, "Salamander's recordings", OTHER),
        ]
        gap = [a[1] - b[1] for a, b in zip(mine, rows, strict=True)]
        print(
            f"decay, ours less Salamander's: median {np.median(gap):.1f} dB/s, n = {len(gap)} keys"
        )
    held = [n for n in notes if min(n.held_s, n.alone_s) > 0.5]
    parts += [dots([at(n.pitch, decay_db_s(n.sound, n.rate_hz)) for n in held], REAL)]
    parts += [
        words(280, 18, "notes of maps-dev"),
        words(420, 18, "dB/s over the first half second"),
    ]
    for note in held:
        mine_too = decay_db_s(ours(note.pitch, note.velocity, note.held_s), 44_100)
        real = decay_db_s(note.sound, note.rate_hz)
        print(f"decay {note.take} {note.pitch} v{note.velocity}: {real:.1f}, {mine_too:.1f} dB/s")
    return page(640, 280, parts)


def draw_envelopes(notes: Sequence[Note]) -> str:
    """One note a register: its partials and ours."""
    parts: list[str] = []
    for row, (name, (low, high)) in enumerate(REGISTERS.items()):
        of = [n for n in notes if low <= n.pitch <= high]
        if not of:
            continue
        note = max(of, key=lambda n: n.alone_s)
        left = 14 + 128 * row
        curves = {
            REAL: envelope_db(note.sound, note.rate_hz, note.pitch),
            OURS: envelope_db(ours(note.pitch, note.velocity, note.held_s), 44_100, note.pitch),
        }
        parts.append(words(left, 16, f"{name}: {note.pitch}, v{note.velocity}"))
        parts += [
            line([(left, 30 - 3 * d), (left + 112, 30 - 3 * d)], "#ddd") for d in (0, -20, -40, -60)
        ]
        for colour, levels in curves.items():
            points = [
                (left + 7.0 * k, 30 - 3 * max(d, -65.0))
                for k, d in enumerate(levels)
                if np.isfinite(d)
            ]
            parts += [line(points, colour), dots(points, colour)]
        gap = curves[OURS] - curves[REAL]
        heard = np.isfinite(gap) & (curves[REAL] > -50.0)
        off = np.round(gap[heard]).astype(int).tolist()
        print(f"{name} {note.take} {note.pitch} v{note.velocity}: ours less real, dB {off}")
    parts += [words(14, 248, "a real note"), words(90, 248, "modelled", OURS)]
    parts += [words(160, 248, "partials 1–16, 0.05–0.25 s after the blow; a line every 20 dB")]
    return page(660, 260, parts)


def main() -> None:
    """Draw both pictures."""
    notes = list(real_notes())
    print(f"{len(notes)} notes of maps-dev sound alone")
    (PICTURES / "decays.svg").write_text(draw_decays(notes), encoding="utf-8")
    (PICTURES / "envelopes.svg").write_text(draw_envelopes(notes), encoding="utf-8")


if __name__ == "__main__":
    main()
