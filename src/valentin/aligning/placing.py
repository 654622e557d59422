"""The runs of a take, whatever was done with the score: all of it, transposed, one hand of it.

In: a Score, folded, and the take. Out: `Placed`: the runs that stand, the score as it was then
looked for, and how far from the page it sounded.

**Conventions.** The take is first taken to be as written. Where few keys find a place it is asked
whether all of it is transposed, then whether one hand is an octave away; where only one staff was
played, that staff alone is looked for. What is found is believed only if it places clearly more.

**Knows nothing of** labels, ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from valentin.aligning.believing import placed_share, standing
from valentin.aligning.fitting import Fitted, fit
from valentin.aligning.hands import among_all, hand_alone
from valentin.aligning.material import Heard
from valentin.aligning.resuming import with_short_restarts
from valentin.aligning.runs import stretches_of
from valentin.aligning.timing import usual_tempo
from valentin.aligning.transposing import likely_hand, likely_transposition, moved, with_hand_moved
from valentin.aligning.walk import Walk, walk
from valentin.music import Score, Written

__all__ = ["Placed", "place"]

IN_PLACE = 0.7
"""Share of keys placed below which it is asked whether the take is transposed, and which a
transposed take must reach: among 26 transpositions chance reaches .6."""

HANDS_IN_PLACE, CLEARLY_MORE = 0.9, 0.08
"""Share of keys placed below which it is asked whether one hand is an octave away, and how much
more must be placed then."""

AS_MANY = 0.02
"""Share of keys that one hand's notes may place less than both hands' notes do: chance places some
on the other hand's."""


@dataclass(frozen=True, slots=True)
class Placed:
    """`written` is the score as it was looked for, `heard` the take moved to where it is written;
    the take lay `semitones` away, or its hand on `staff` alone did (0: all of it)."""

    written: Written
    heard: Heard
    runs: list[Fitted]
    semitones: int = 0
    staff: int = 0


def place(score: Score, heard: Heard) -> Placed:
    """The runs of the take, as written, transposed, or with one hand an octave away."""
    written = Written.of(score)
    found = Placed(written, heard, _runs(written, heard))
    asked = score
    if len(heard.pitch) and len(written.pitch):
        if placed_share(heard, found.runs) < IN_PLACE:
            found = _transposed(found)
        if placed_share(heard, found.runs) < HANDS_IN_PLACE:
            asked, found = _hand_moved(score, heard, found)
    return replace(found, runs=_of_one_hand(asked, found.heard, found.runs))


def _transposed(found: Placed) -> Placed:
    """The take moved to where it is written, if it is transposed."""
    semitones = likely_transposition(found.written, found.heard)
    if not semitones:
        return found
    heard = moved(found.heard, -semitones)
    runs = _runs(found.written, heard)
    if placed_share(heard, runs) < IN_PLACE:
        return found
    return Placed(found.written, heard, runs, semitones)


def _hand_moved(score: Score, heard: Heard, found: Placed) -> tuple[Score, Placed]:
    """The score with one hand an octave away, if the take was played so."""
    staff, semitones = likely_hand(score, found.written, heard)
    if not semitones:
        return score, found
    asked = with_hand_moved(score, staff, semitones)
    written = Written.of(asked)
    runs = _runs(written, heard)
    least = max(IN_PLACE, placed_share(heard, found.runs) + CLEARLY_MORE)
    if placed_share(heard, runs) < least:
        return score, found
    return asked, Placed(written, heard, runs, semitones, staff)


def _of_one_hand(score: Score, heard: Heard, runs: list[Fitted]) -> list[Fitted]:
    """The runs among one hand's notes, where that hand was alone."""
    alone = hand_alone(score, runs)
    if alone is None:
        return runs
    notes = tuple(score.notes[int(i)] for i in alone)
    found = _runs(Written.of(replace(score, notes=notes)), heard)
    better = placed_share(heard, found) > placed_share(heard, runs) - AS_MANY
    return [among_all(run, alone) for run in found] if better else runs


def _runs(written: Written, heard: Heard) -> list[Fitted]:
    """The runs that stand."""
    if not len(heard.pitch) or not len(written.pitch):
        return []
    walked = walk(written, heard)
    runs = _fitted(written, heard, walked)
    again = with_short_restarts(written, heard, walked, runs)
    if again is not None:
        others = _fitted(written, heard, again)
        runs = max(runs, others, key=lambda some: placed_share(heard, some))
    return standing(written, heard, runs)


def _fitted(written: Written, heard: Heard, walked: Walk) -> list[Fitted]:
    """The runs of a walk."""
    stretches = stretches_of(written, walked)
    usual = usual_tempo(np.concatenate([s.row_q[s.key_row] for s in stretches]), heard.onset_s)
    return [fit(written, heard, stretch, usual) for stretch in stretches]
