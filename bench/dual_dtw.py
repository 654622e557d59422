"""The leading published matcher, run beside ours: parangonar's DualDTW, a test-time extra.

**Conventions.** It gets the score unfolded as written, since it cannot infer repeats; extras and
missed notes are taken from its own labels.

**Knows nothing of** runs, wrong notes, ornaments.

**Reference.** S. Peter, "Online Symbolic Music Alignment with Offline Reinforcement Learning",
IJCAI 2023, and the package parangonar (`pip install parangonar`).
"""

from __future__ import annotations

import numpy as np

from valentin.music import Alignment, Match, Performance, Score, unfold

__all__ = ["align_dual_dtw"]

SCORE_FIELDS = [
    ("onset_beat", "f4"), ("duration_beat", "f4"), ("onset_quarter", "f4"),
    ("duration_quarter", "f4"), ("onset_div", "i4"), ("duration_div", "i4"), ("pitch", "i4"),
    ("voice", "i4"), ("id", "U256"), ("is_grace", "?"), ("divs_pq", "i4"),
]  # fmt: skip
TAKE_FIELDS = [
    ("onset_sec", "f4"), ("duration_sec", "f4"), ("onset_tick", "i4"), ("duration_tick", "i4"),
    ("pitch", "i4"), ("velocity", "i4"), ("track", "i4"), ("channel", "i4"), ("id", "U256"),
]  # fmt: skip
DIVISIONS = 5040


def align_dual_dtw(score: Score, performance: Performance) -> Alignment:
    """DualDTW's answer as our word."""
    from parangonar.match import DualDTWNoteMatcher

    written = np.array(
        [
            (
                q := float(n.onset_q), d := float(n.duration_q), q, d, round(q * DIVISIONS),
                round(d * DIVISIONS), n.pitch, n.voice, n.id, bool(n.grace), DIVISIONS,
            )
            for n in unfold(score).notes
        ],
        dtype=SCORE_FIELDS,
    )  # fmt: skip
    take = np.array(
        [
            (
                n.onset_s, n.offset_s - n.onset_s, round(n.onset_s * 1000),
                round((n.offset_s - n.onset_s) * 1000), n.pitch, n.velocity, 0, 0, n.id,
            )
            for n in performance.notes
        ],
        dtype=TAKE_FIELDS,
    )  # fmt: skip
    rows = DualDTWNoteMatcher()(written, take)
    return Alignment(
        matches=tuple(
            Match(r["score_id"], r["performance_id"]) for r in rows if r["label"] == "match"
        ),
        missed=tuple(Match(r["score_id"], "") for r in rows if r["label"] == "deletion"),
        extra=tuple(Match("", r["performance_id"]) for r in rows if r["label"] == "insertion"),
    )
