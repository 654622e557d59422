"""`python -m engraving.student_take`: the student takes of the shelf, written from their lists.

A list (`repertoire/takes/NAME.toml`) names a rendition and the faults to plant in it. The rendition
is our own performer's, kept as a match file beside this one, so that a take stays the same to the
byte while the performer learns; `--render` makes the rendition anew.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np

from engraving.faults import Fault, plant
from valentin.music import unfold
from valentin.performing import known_alignment, perform
from valentin.reading import read_match, read_score, write_match, write_midi
from valentin.repertoire import piece
from valentin.shaping import plan_interpreted
from valentin.studying import study

HERE = Path(__file__).parent
TAKES = HERE.parent / "src" / "valentin" / "repertoire" / "takes"
RENDITION_SEED = 7


def render(name: str, path: Path) -> None:
    """Our performer's rendition of a piece of the shelf, aligned, as a match file."""
    score = unfold(read_score(piece(name).score)[0])
    plan = plan_interpreted(score, study(score), np.random.default_rng(RENDITION_SEED))
    performance = perform(score, plan)
    write_match(score, performance, known_alignment(score, plan, performance), path)


def student_take(listed: Path, out: Path) -> None:
    """Write the take that the list at `listed` describes to `out`, a MIDI file."""
    row = tomllib.loads(listed.read_text(encoding="utf-8"))
    score = unfold(read_score(piece(row["piece"]).score)[0])
    performance, alignment = read_match(HERE / "takes" / row["rendition"])
    faults = [
        Fault(f["kind"], f["start"], f.get("end", ""), float(f["amount"]), f.get("note", ""))
        for f in row["fault"]
    ]
    take = plant(score, performance, alignment, faults, np.random.default_rng(row["seed"]))
    write_midi(take, out)


def main(arguments: list[str]) -> int:
    """All takes of the shelf; with `--render`, their renditions first."""
    for listed in sorted(TAKES.glob("*.toml")):
        row = tomllib.loads(listed.read_text(encoding="utf-8"))
        if "--render" in arguments:
            render(row["piece"], HERE / "takes" / row["rendition"])
        student_take(listed, listed.with_suffix(".mid"))
        sys.stdout.write(f"{listed.stem}: {len(row['fault'])} faults planted\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
