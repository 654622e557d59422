"""When each place in the score sounds: what a gliding cursor follows.

In: the unfolded score, a performance, and which of its notes is which. Out: one step for each
score-onset group that was played, in the order of time.

**Conventions.** The time of a group is the median onset of its matched notes; graces do not count.
Steps rise strictly in time.

**Knows nothing of** pages and pixels.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from statistics import median

from valentin.music import Alignment, CursorStep, Performance, Score

__all__ = ["cursor_steps"]


def cursor_steps(
    score: Score, performance: Performance, alignment: Alignment
) -> tuple[CursorStep, ...]:
    """Where the sound is in the score, for every moment a note of it begins."""
    notes = {note.id: note for note in score.notes}
    struck = {note.id: note.onset_s for note in performance.notes}
    groups: dict[tuple[int, Fraction], list[tuple[float, str]]] = defaultdict(list)
    for match in (*alignment.matches, *alignment.wrong):
        note, time_s = notes.get(match.score_id), struck.get(match.performed_id)
        if note is not None and time_s is not None and not note.grace:
            groups[match.run, note.onset_q].append((time_s, note.id))
    found = sorted(
        (median(time_s for time_s, _ in rows), run, onset_q, min(rows)[1])
        for (run, onset_q), rows in groups.items()
    )
    steps: list[CursorStep] = []
    last: tuple[int, Fraction] | None = None
    for time_s, run, onset_q, note_id in found:
        forward = last is None or run != last[0] or onset_q > last[1]
        if forward and (not steps or time_s > steps[-1].time_s):
            steps.append(CursorStep(time_s, note_id))
            last = (run, onset_q)
    return tuple(steps)
