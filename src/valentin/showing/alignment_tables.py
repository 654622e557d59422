"""An alignment as a table, as JSON, in a few lines.

In: the unfolded score, the take, the alignment. Out: texts. The columns are `label score_id
performed run confidence`: one row for each performed note, in the take's order, then one for each
missed score note, in the score's order.

**Conventions.** `performed` is the 0-based index of the note in the take sorted by (onset, pitch),
empty for a missed note; `score_id` is empty where a performed note has no place in the score.

**Knows nothing of** how the alignment was found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from operator import attrgetter

from valentin.music import Alignment, Match, Performance, Score
from valentin.showing.names import bars_named

__all__ = ["alignment_json", "alignment_summary", "alignment_tsv"]

_LABELS = (
    ("match", "matches"),
    ("wrong", "wrong"),
    ("extra", "extra"),
    ("ornament", "ornaments"),
    ("unsure", "unsure"),
    ("missed", "missed"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    score_id: str
    performed: int | None
    run: int
    confidence: float


def _rows(score: Score, performance: Performance, alignment: Alignment) -> list[_Row]:
    in_take = sorted(performance.notes, key=attrgetter("onset_s", "pitch"))
    index = {note.id: i for i, note in enumerate(in_take)}
    place = {note.id: i for i, note in enumerate(score.notes)}
    rows = [
        _Row(label, match.score_id, index.get(match.performed_id), match.run, match.confidence)
        for label, match in _labelled(alignment)
        if label == "missed" or match.performed_id in index
    ]
    end = len(index)
    return sorted(
        rows,
        key=lambda r: (
            end if r.performed is None else r.performed,
            place.get(r.score_id, len(place)),
            r.run,
        ),
    )


def _labelled(alignment: Alignment) -> Iterator[tuple[str, Match]]:
    for label, name in _LABELS:
        for match in getattr(alignment, name):
            yield label, match


def alignment_tsv(score: Score, performance: Performance, alignment: Alignment) -> str:
    """The alignment as tab-separated lines with a header."""
    lines = ["label\tscore_id\tperformed\trun\tconfidence"]
    for row in _rows(score, performance, alignment):
        performed = "" if row.performed is None else str(row.performed)
        lines.append(f"{row.label}\t{row.score_id}\t{performed}\t{row.run}\t{row.confidence:.4g}")
    return "\n".join(lines) + "\n"


def alignment_json(score: Score, performance: Performance, alignment: Alignment) -> str:
    """The alignment with its runs and pauses; a performed note that is missing is null."""
    whole = {
        "coverage": round(alignment.coverage, 6),
        "transposition": alignment.transposition,
        "transposed_staff": alignment.transposed_staff,
        "another_piece": alignment.another_piece,
        "repeats_taken": list(alignment.repeats_taken),
        "runs": [
            {
                "index": run.index,
                "start_q": float(run.start_q),
                "end_q": float(run.end_q),
                "start_s": round(run.start_s, 6),
                "end_s": round(run.end_s, 6),
            }
            for run in alignment.runs
        ],
        "pauses": [
            {
                "at_q": float(pause.at_q),
                "start_s": round(pause.start_s, 6),
                "end_s": round(pause.end_s, 6),
            }
            for pause in alignment.pauses
        ],
        "notes": [asdict(row) for row in _rows(score, performance, alignment)],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def alignment_summary(score: Score, performance: Performance, alignment: Alignment) -> str:
    """How much of the take has its place in the score, in a few lines."""
    counts = Counter(label for label, _ in _labelled(alignment))
    lines = [
        f"{len(performance.notes)} notes played, {len(score.notes)} written; "
        f"{100 * alignment.coverage:.1f} % of the written notes were heard",
        ", ".join(f"{counts[label]} {label}" for label, _ in _LABELS),
    ]
    if alignment.another_piece:
        lines.append("this seems to be another piece: the take has no place in this score")
    if alignment.transposition:
        staff = alignment.transposed_staff
        what = f"the hand on staff {staff} was played" if staff else "played"
        lines.append(f"{what} {alignment.transposition:+d} semitones away from the score")
    if len(alignment.runs) > 1:
        lines.append(f"{len(alignment.runs)} runs, each a stretch without a stop or a jump:")
        lines += [
            f"  {run.index}: {_bars(score, run.start_q, run.end_q)}, "
            f"{run.start_s:.1f} s to {run.end_s:.1f} s"
            for run in alignment.runs
        ]
    return "\n".join(lines) + "\n"


def _bars(score: Score, start_q: Fraction, end_q: Fraction) -> str:
    inside = [
        b.number for b in score.bars if start_q < b.start_q + b.length_q and b.start_q < end_q
    ]
    return bars_named(inside[0], inside[-1]) if inside else "no bar"
