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

from valentin.aligning.labelling import label
from valentin.aligning.material import Heard
from valentin.aligning.naming import Found, named
from valentin.aligning.pausing import gaps_of
from valentin.aligning.placing import place
from valentin.aligning.renderings import course_of
from valentin.music import Alignment, Performance, Score, sections_of

__all__ = ["align"]


def align(score: Score, performance: Performance) -> Alignment:
    """Which performed note renders which score note, run by run.

    Raises ValueError for a score that is unfolded already.
    """
    placed = place(score, Heard.of(performance))
    written, heard, runs = placed.written, placed.heard, placed.runs
    order = score.order or tuple(range(len(sections_of(score))))
    course = course_of(order, [visit for run in runs for visit in run.visits])
    labels, gaps = label(written, heard, runs), gaps_of(written, heard, runs)
    away = placed.semitones, placed.staff
    return named(score, performance, Found(written, heard, runs, labels, gaps, course, away))
