"""Score and take → Alignment: a walk with jumps, runs, a tempo map and pairs in each, labels.

In: a Score, folded, and a Performance. Out: an Alignment whose ids are those of
`unfold(score, alignment.repeats_taken)`.

**Conventions.** Every performed note is in exactly one of matches, wrong, extra, ornaments, unsure.
Every note of the unfolded score is matched, wrong, missed, or, where it is the twin of a note of
the same key and onset that was played, unsure with no performed note. The order in which
simultaneous notes are given, a shift in time and a constant tempo factor change nothing.

**Knows nothing of** whether the playing was good.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valentin.aligning.believing import placed_share, standing
from valentin.aligning.fitting import Fitted, fit
from valentin.aligning.hands import among_all, hand_alone
from valentin.aligning.labelling import label
from valentin.aligning.material import Heard
from valentin.aligning.naming import Found, named
from valentin.aligning.pausing import gaps_of
from valentin.aligning.renderings import course_of
from valentin.aligning.resuming import with_short_restarts
from valentin.aligning.runs import stretches_of
from valentin.aligning.timing import usual_tempo
from valentin.aligning.transposing import likely_transposition, moved
from valentin.aligning.walk import Walk, walk
from valentin.music import Alignment, Performance, Score, Written, sections_of

__all__ = ["align"]

IN_PLACE = 0.7
"""Share of keys placed below which it is asked whether the take is transposed, and which a
transposed take must reach: among 26 transpositions chance reaches .6."""


AS_MANY = 0.02
"""Share of keys that one hand's notes may place less than both hands' notes do: chance places some
on the other hand's."""


def align(score: Score, performance: Performance) -> Alignment:
    """Which performed note renders which score note, run by run.

    Raises ValueError for a score that is unfolded already.
    """
    written, heard = Written.of(score), Heard.of(performance)
    runs, semitones = _runs(written, heard), 0
    if placed_share(heard, runs) < IN_PLACE and len(heard.pitch) and len(written.pitch):
        semitones = likely_transposition(written, heard)
    if semitones:
        shifted = moved(heard, -semitones)
        again = _runs(written, shifted)
        if placed_share(heard, again) >= IN_PLACE:
            heard, runs = shifted, again
        else:
            semitones = 0
    runs = _of_one_hand(score, heard, runs)
    order = score.order or tuple(range(len(sections_of(score))))
    course = course_of(order, [visit for run in runs for visit in run.visits])
    labels, gaps = label(written, heard, runs), gaps_of(written, heard, runs)
    found = Found(written, heard, runs, labels, gaps, course, semitones)
    return named(score, performance, found)


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


def _of_one_hand(score: Score, heard: Heard, runs: list[Fitted]) -> list[Fitted]:
    """The runs among one hand's notes, where that hand was alone."""
    alone = hand_alone(score, runs)
    if alone is None:
        return runs
    notes = tuple(score.notes[int(i)] for i in alone)
    found = _runs(Written.of(replace(score, notes=notes)), heard)
    better = placed_share(heard, found) > placed_share(heard, runs) - AS_MANY
    return [among_all(run, alone) for run in found] if better else runs


def _fitted(written: Written, heard: Heard, walked: Walk) -> list[Fitted]:
    """The runs of a walk."""
    stretches = stretches_of(written, walked)
    usual = usual_tempo(np.concatenate([s.row_q[s.key_row] for s in stretches]), heard.onset_s)
    return [fit(written, heard, stretch, usual) for stretch in stretches]
