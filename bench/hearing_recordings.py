"""Recordings with truth: our own renditions, clean and through the phone chain, and real ones.

In: takes of the index, a work folder. Out: `Recording`s; sounds and transcriptions are kept in the
work folder, so that a measure can be repeated without hearing everything again.

**Conventions.** The mistakes of a take and the noise of its room come from its name alone: the same
take is the same recording on any day. Files are named by what made them; a changed chain or planter
needs an emptied work folder.

**Knows nothing of** measures.
"""

from __future__ import annotations

import csv
import pickle
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from bench.common import Take, data_folder, sampled, takes
from bench.hearing_phone import FASTER, phone
from bench.hearing_planting import Planted, planted, slowed
from valentin.music import Performance, PerformedNote
from valentin.sounding import render, write_audio

__all__ = ["Chain", "Recording", "chosen", "kept", "maps", "rendition"]

Chain = Literal["clean", "phone"]
Made = TypeVar("Made")

MOST_OF_A_COMPOSER = 2


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of sound and what was played in it; `planted` where it is a rendition of ours."""

    name: str
    work: str
    path: Path
    struck: Performance
    planted: Planted | None = None


def chosen(split: Literal["train", "valid"], count: int) -> tuple[Take, ...]:
    """Takes of as many works, in train at most two of a composer."""
    rows: list[Take] = []
    for take in sampled([t for t in takes(split) if t.match], 10_000, seed=7):
        same = sum(row.composer == take.composer for row in rows)
        if any(row.work == take.work for row in rows):
            continue
        if split == "valid" or same < MOST_OF_A_COMPOSER:
            rows.append(take)
    return tuple(rows[:count])


def rendition(take: Take, seconds: float, chain: Chain, folder: Path) -> Recording:
    """The first seconds of a take, with mistakes, on our grand, through a chain."""
    seed = zlib.crc32(take.name.encode())
    made = planted(take, seconds, np.random.default_rng(seed))
    name = f"{take.name.replace('/', '-')}-{seconds:.0f}-{chain}"
    path = folder / f"{name}.wav"
    if not path.is_file():
        audio = render(made.take, instrument="modelled", hall="dry")
        if chain == "phone":
            audio = phone(audio, np.random.default_rng([seed, 1]))
        folder.mkdir(parents=True, exist_ok=True)
        write_audio(audio, path)
    if chain == "phone":
        made = replace(made, take=slowed(made.take, FASTER))
    return Recording(name, take.work, path, made.take, made)


def maps(names: Sequence[str] = ()) -> tuple[Recording, ...]:
    """The real recordings, or those named. Their truth has no pedal, and its offsets are the ends
    of the sound (the pedal is folded in): no offset is scored on them."""
    folder = data_folder() / "maps-dev"
    found = sorted(path for path in folder.glob("*.flac") if not names or path.stem in names)
    return tuple(Recording(p.stem, p.stem, p, _truth(p.with_suffix(".tsv"))) for p in found)


def _truth(path: Path) -> Performance:
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.reader(lines, delimiter="\t")
        rows = [tuple(map(float, row)) for row in table if not row[0].startswith("#")]
    rows.sort(key=lambda row: (row[0], row[2]))
    return Performance(
        tuple(
            PerformedNote(f"p{i}", "", on, off, round(pitch), max(1, round(velocity)))
            for i, (on, off, pitch, velocity) in enumerate(rows)
        ),
        source="maps",
    )


def kept(folder: Path, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, from the work folder if it was made before."""
    path = folder / f"{name}.pickle"
    if path.is_file():
        found: Made = pickle.loads(path.read_bytes())
        return found
    made = make()
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made
