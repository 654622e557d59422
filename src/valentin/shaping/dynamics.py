"""The written dynamics: marks and hairpins → a level for every note.

In: a score and its columns. Out: a level in steps for each note (p −1, f +1), and the notes that
accents of the kind sf mark.

**Conventions.** One step is the distance from mf/mp to f or p. A mark holds for its whole part,
unless both staves have their own at the same place. A hairpin runs from the level where it begins
to the mark that follows it, if that lies in its direction, else one step.

**Knows nothing of** velocities, phrases, performers.

**Reference.** Kosta, K., Bandtlow, O. & Chew, E. (2018), *Dynamics and relativity*, JNMR 47(2): a
mark's loudness depends on what stands before; levels are steps, not absolute values.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import Mark, NoteColumns, Score

__all__ = ["WrittenDynamics", "written_dynamics"]

Floats = npt.NDArray[np.float64]

LEVELS: dict[str, float] = {
    "pppp": -3.8, "ppp": -3.0, "pp": -2.0, "p": -1.0, "mp": -0.35, "mf": 0.35, "f": 1.0,
    "ff": 2.0, "fff": 3.0, "ffff": 3.8,
}  # fmt: skip
"""Steps from the middle. ppp and fff are rare enough to be one step further, no more."""

AFTER: dict[str, float] = {"fp": -1.0, "ffp": -1.0, "sfp": -1.0, "sfpp": -2.0, "mfp": -1.0}
"""The level that follows an accent which names one."""

FORCED = {"sf", "sfz", "sffz", "fz", "ffz", "rf", "rfz", "fp", "ffp", "sfp", "sfpp", "mfp", "sff"}
"""Marks that accent the notes at their place."""

WORD_LEVELS: dict[str, float] = {
    "piano": -1.0, "pianissimo": -2.0, "forte": 1.0, "fortissimo": 2.0, "mezza voce": -0.6,
    "sotto voce": -1.5, "mezzo forte": 0.35, "mezzo piano": -0.35,
}  # fmt: skip

HAIRPIN_STEPS = 1.0
"""Steps that a hairpin climbs or falls where no mark says how far."""

REACH_Q = Fraction(4)
"""Quarters after a hairpin within which a dynamic mark still says where it leads."""

OPEN_HAIRPIN_Q = Fraction(8)
"""Length of a cresc. or dim. whose end is not written, if no mark comes sooner."""


@dataclass(frozen=True, slots=True)
class WrittenDynamics:
    """Per note: level in steps, slope in steps per quarter, and 1 where sf or its like stands."""

    level: Floats
    slope: Floats
    forced: Floats


def written_dynamics(score: Score, notes: NoteColumns) -> WrittenDynamics:
    """The dynamics as written, for each note."""
    count = len(notes.pitch)
    out = WrittenDynamics(np.zeros(count), np.zeros(count), np.zeros(count))
    staves = {(int(p), int(s)) for p, s in zip(notes.part, notes.staff, strict=True)}
    for part, staff in sorted(staves):
        rows = np.flatnonzero((notes.part == part) & (notes.staff == staff))
        marks = _of_staff(score, score.parts[part].id if score.parts else "", staff)
        _fill(out, rows, notes.onset_q[rows], marks)
    return out


def _of_staff(score: Score, part: str, staff: int) -> list[Mark]:
    """The marks that this staff obeys, in time order."""
    mine = [
        m for m in score.marks if m.kind in {"dynamic", "hairpin", "words"} and m.part in {part, ""}
    ]
    own = {(m.kind, m.start_q) for m in mine if m.staff in {staff, 0}}
    kept = [m for m in mine if m.staff in {staff, 0} or (m.kind, m.start_q) not in own]
    return sorted(kept, key=lambda m: (m.start_q, m.kind != "dynamic"))


def _named_level(mark: Mark) -> float | None:
    text = mark.text.strip().lower()
    if mark.kind == "dynamic":
        return LEVELS.get(text, AFTER.get(text))
    return WORD_LEVELS.get(text) if mark.kind == "words" else None


def _fill(
    out: WrittenDynamics, rows: npt.NDArray[np.int64], onset: Floats, marks: list[Mark]
) -> None:
    level = np.zeros(len(rows))
    for i, mark in enumerate(marks):
        at = int(np.searchsorted(onset, float(mark.start_q) - 1e-6))
        named = _named_level(mark)
        if named is not None:
            after = mark.start_q if mark.text.lower() in LEVELS else mark.start_q + Fraction(1, 16)
            level[int(np.searchsorted(onset, float(after) - 1e-6)) :] = named
        if mark.kind == "dynamic" and mark.text.strip().lower() in FORCED:
            here = (onset >= float(mark.start_q) - 1e-6) & (onset < float(mark.start_q) + 1e-3)
            out.forced[rows[here]] = 1.0
        if mark.kind == "hairpin" and at < len(level):
            _hairpin(level, out.slope, rows, onset, marks[i:])
    out.level[rows] = level


def _hairpin(
    level: Floats, slope: Floats, rows: npt.NDArray[np.int64], onset: Floats, marks: list[Mark]
) -> None:
    """Bend the level from here on by the hairpin `marks[0]`."""
    mark = marks[0]
    named = [
        (m.start_q, lev)
        for m in marks[1:]
        if m.start_q > mark.start_q and (lev := _named_level(m)) is not None
    ]
    end = mark.end_q
    if end <= mark.start_q:
        end = min([mark.start_q + OPEN_HAIRPIN_Q, *(q for q, _ in named[:1])])
    a, b = float(mark.start_q), float(end)
    first = int(np.searchsorted(onset, a - 1e-6))
    last = int(np.searchsorted(onset, b - 1e-6, side="right"))
    begin = level[min(first, len(level) - 1)]
    sign = -1.0 if mark.text.startswith(("dim", "decresc", "d")) else 1.0
    steps = sign * HAIRPIN_STEPS
    if named and named[0][0] <= end + REACH_Q and (named[0][1] - begin) * sign > 0:
        steps = named[0][1] - begin
    reach = np.clip((onset[first:] - a) / max(b - a, 1e-6), 0.0, 1.0)
    level[first:] = np.clip(begin + steps * reach, min(LEVELS.values()), max(LEVELS.values()))
    slope[rows[first:last]] = steps / max(b - a, 1e-6)
