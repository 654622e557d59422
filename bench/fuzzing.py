"""Damaged files of every format: each is read and played, or refused in one line, within 10 s.

In: the scores in `tests/music/scores`, and small ones of the development data where it is there; a
MIDI take, a score MIDI and a `.match` made from them. Out: rows of `bench/results/fuzzing.json`.

Run: `python -m bench.fuzzing [--files 1200] [--seed 1] [--keep FOLDER]`; what fails is kept in
FOLDER.

**Conventions.** Seconds are those of the processor, the child that parses counted too, so that a
busy machine does not matter; by the clock a file may take `STUCK_S`. File i is drawn from (seed, i)
alone, so that a failure can be made again. What can be read is also unfolded, played by the rules
and engraved; a MIDI take or a `.match` is written again.

**Knows nothing of** what a reader may say.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.common import Row, data_folder, record
from bench.reading import processor_s
from valentin import pianist
from valentin.errors import ValentinError
from valentin.reading import read_match, read_score, read_take, write_match, write_midi
from valentin.showing import engrave

__all__ = ["damaged"]

SCORES = Path(__file__).parents[1] / "tests" / "music" / "scores"
LIMIT_S = 10.0
STUCK_S = 120.0
"""Seconds by the clock: beyond them a file hangs without using the processor."""
LARGEST = 150_000
"""Bytes: a larger file teaches a reader no more and takes longer."""
NUMBERS = ("0", "-1", "1", "3", "7", "999999999", "1e9", "0.333", "NaN", "", "½")


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The file after one to six accidents."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        if len(data) < 8:
            return data
        data = rng.choice(ACCIDENTS)(data, rng)
    return data


def _byte(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data))
    return data[:i] + bytes([rng.randrange(256)]) + data[i + 1 :]


def _lost(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data))
    return data[:i] + data[i + int(2 ** rng.uniform(0, 10)) :]


def _doubled(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data))
    return data[:i] + data[i : i + int(2 ** rng.uniform(0, 10))] + data[i:]


def _cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))]


def _line_lost(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def _lines_swapped(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def _number(data: bytes, rng: random.Random) -> bytes:
    """Another number in place of one of them."""
    places = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
    if not places:
        return data
    end = start = rng.choice(places)
    while end < len(data) and 48 <= data[end] <= 57:
        end += 1
    return data[:start] + rng.choice(NUMBERS).encode() + data[end:]


def _word_swapped(data: bytes, rng: random.Random) -> bytes:
    """A piece from elsewhere in the file in place of another of the same length."""
    size = rng.randint(1, 40)
    i, j = rng.randrange(len(data)), rng.randrange(len(data))
    return data[:i] + data[j : j + size] + data[i + size :]


ACCIDENTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _byte, _lost, _doubled, _cut_off, _line_lost, _lines_swapped, _number, _number, _word_swapped,
)  # fmt: skip


def _sources(folder: Path) -> Mapping[str, list[Path]]:
    """Good files of every format."""
    found: dict[str, list[Path]] = {}
    for path in sorted(SCORES.iterdir()):
        if path.suffix in (".musicxml", ".mxl", ".mei", ".krn"):
            found.setdefault(path.suffix, []).append(path)
    try:
        root = data_folder()
    except SystemExit:
        print("no development data: only the project's own scores are damaged")
    else:
        for pattern in ("nocturnes/*.krn", "debussy/*.musicxml"):
            small = [p for p in sorted(root.glob(pattern)) if p.stat().st_size < LARGEST]
            found[Path(pattern).suffix] += small
    for name in ("ties", "repeat", "ornaments", "pedal"):
        path = next(SCORES.glob(f"{name}.*"))
        score, _ = read_score(path)
        rendition = pianist.play(score, pianist.Wish(performer="rules"))
        write_midi(rendition.performance, folder / f"{name}.mid")
        out = folder / f"{name}.match"
        write_match(rendition.score, rendition.performance, rendition.alignment, out)
        found.setdefault(".mid", []).append(folder / f"{name}.mid")
        found.setdefault(".match", []).append(out)
    return found


def _used(path: Path, out: Path, lenient: bool) -> str:
    """What a user does with such a file."""
    if path.suffix == ".match":
        performance, _ = read_match(path)
        write_midi(performance, out)
        return "match read"
    if path.suffix == ".mid" and not lenient:
        write_midi(read_take(path), out)
        return "take read"
    score, engraving = read_score(path, lenient=lenient)
    rendition = pianist.play(score, pianist.Wish(performer="rules"))
    write_midi(rendition.performance, out)
    if len(score.notes) < 400:
        engrave(score, engraving)
    return "score read"


def _kinds(files: int, seed: int, folder: Path, keep: Path | None) -> tuple[Counter[str], float]:
    """How each file ended, and the longest time."""
    ends: Counter[str] = Counter()
    slowest = 0.0
    sources = _sources(folder)
    formats = sorted(sources)
    for i in range(files):
        rng = random.Random(f"{seed} {i}")
        suffix = formats[i % len(formats)]
        path = folder / f"damaged-{i}{suffix}"
        path.write_bytes(damaged(rng.choice(sources[suffix]).read_bytes(), rng))
        start, started = processor_s(), time.perf_counter()
        trouble = ""
        try:
            end = _used(path, folder / "out.mid", rng.random() < 0.5)
        except ValentinError as error:
            end = "refused" if "\n" not in str(error) else "refused in several lines"
        except Exception:  # noqa: BLE001 - this is what is looked for
            end, trouble = "traceback", traceback.format_exc()
        seconds, waited = processor_s() - start, time.perf_counter() - started
        slowest = max(slowest, seconds)
        if seconds > LIMIT_S or waited > STUCK_S:
            ends["longer than 10 s"] += 1
        ends[end] += 1
        if trouble or seconds > LIMIT_S or end == "refused in several lines":
            print(path.name, f"{seconds:.1f} s", end, trouble, flush=True)
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / path.name).write_bytes(path.read_bytes())
        path.unlink()
    return ends, slowest


def main() -> None:
    """Damage, read, count, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ends, slowest = _kinds(given.files, given.seed, Path(folder), given.keep)
    rows = [
        Row(f"files: {name}", ends[name], n=given.files, of="files", target=target)
        for name, target in (
            ("score read", ""), ("take read", ""), ("match read", ""), ("refused", ""),
            ("refused in several lines", "0"), ("traceback", "0"), ("longer than 10 s", "0"),
        )
    ]  # fmt: skip
    record("fuzzing", [*rows, Row("slowest file", slowest, "s", n=given.files, of="files")])


if __name__ == "__main__":
    main()
