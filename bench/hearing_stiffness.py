"""How stiff the strings seem, of pianos and of what is none: what `hearing.recognising` goes by.

In: the clips of `bench.hearing_refusing` whose keys are known: real recordings by worse and worse
microphones, other instruments and orchestras. Out: rows of `bench/results/hearing_stiffness.json`.

Run: `python -m bench.hearing_stiffness --soundfont BANK.sf2`. A clip takes a fraction of a second,
for the network is not asked: the partials are looked at where the *true* keys were struck.

**Conventions.** As in `bench.hearing_refusing`; only stiffness is tried, not the other reasons to
refuse. Known tunings are not corrected: only clips by phone are off, by 20 cents, and are brought
back first.

**Knows nothing of** the network.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from bench.common import Row, record
from bench.hearing_phone import FASTER
from bench.hearing_recordings import maps
from bench.hearing_refusing import SECONDS, clips, first_second, keys_of
from valentin.hearing.recognising import lacks_stiffness
from valentin.hearing.stiffness import Strings

__all__ = ["looked_at"]

RATE_HZ = 44_100
Keys = list[tuple[int, float]]


def looked_at(soundfont: Path | None) -> Iterator[tuple[str, str, Strings]]:
    """Kind, name and strings of each clip whose keys are known."""
    struck = {recording.name: recording.struck for recording in maps()}
    for kind, name, make in clips(soundfont):
        title = name.split("-", 2)[-1]
        if title in struck:
            first_s = first_second(title)
            keys = [(n.pitch, n.onset_s - first_s) for n in struck[title].notes]
        else:
            keys = keys_of(make)
        if not keys:
            continue
        audio, faster = make(), FASTER if kind == "piano, by phone" else Fraction(1)
        ratio = Fraction(faster).limit_denominator(1000) * Fraction(RATE_HZ, audio.rate_hz)
        sound = resample_poly(audio.samples.mean(axis=1), ratio.numerator, ratio.denominator)
        seen = Strings(RATE_HZ)
        seen.look(sound.astype(np.float32)[:, None], [key for key in keys if 0 <= key[1] < SECONDS])
        yield kind, name, seen


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.hearing_stiffness")
    parser.add_argument("--soundfont", type=Path)
    refused: dict[str, list[bool]] = defaultdict(list)
    for kind, name, seen in looked_at(parser.parse_args().soundfont):
        lead = seen.like_piano - seen.like_others
        print(f"{kind} | {name}: {seen.seen} partials, {lead:+.3f}", flush=True)
        refused[kind].append(lacks_stiffness(seen))
        refused["pianos" if kind.startswith("piano") else "other sounds"].append(refused[kind][-1])
    rows = []
    for kind, some in sorted(refused.items(), key=lambda item: not item[0].startswith("piano")):
        share, n = sum(some) / len(some), len(some)
        if kind.startswith("piano"):
            rows.append(Row(f"{kind}: accepted", 1 - share, n=n, of="clips", target="1"))
        else:
            rows.append(Row(f"{kind}: refused", share, n=n, of="clips", target="1"))
    record("hearing_stiffness", rows)


if __name__ == "__main__":
    _main()
