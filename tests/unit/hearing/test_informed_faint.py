"""Notes that the best path passed over: the likely ones are notes, the others are kept aside."""

from __future__ import annotations

import numpy as np

from valentin.hearing.intervals import decoded
from valentin.hearing.listening import judged
from valentin.music import PerformedNote


def note(onset_s: float, offset_s: float, pitch: int, confidence: float) -> PerformedNote:
    return PerformedNote("x", "", onset_s, offset_s, pitch, 50, confidence)


def test_the_likely_ones_join_and_end_what_they_interrupt() -> None:
    notes, faint = judged(
        (note(0.0, 3.0, 60, 1.0), note(4.0, 5.0, 60, 1.0)),
        (note(1.0, 4.5, 60, 0.7), note(2.0, 2.5, 64, 0.2)),
    )
    assert [(n.onset_s, n.offset_s) for n in notes] == [(0.0, 1.0), (1.0, 4.0), (4.0, 5.0)]
    assert [n.id for n in notes] == ["p0", "p1", "p2"]
    assert [(n.onset_s, n.id) for n in faint] == [(2.0, "p0")]


def test_many_ends_none_of_which_is_best_still_make_one_likely_beginning() -> None:
    """Ten ends, each a little worse than silence: the best path is empty, the note is likely."""
    reach = np.full((20, 20), -50.0, np.float32)
    reach[3, 6:16] = -0.1 / np.arange(3, 13)
    path, likely, ends = decoded(reach, np.full(20, -50.0, np.float32), 0)
    assert path == []
    assert likely[3] > 0.85
    assert 6 <= ends[3] < 16
