"""Fingers for a passage: for `show --fingering` and for machines.

In: a score, its fingerings, the first and last bar by number. Out: lines of text, or JSON.

**Conventions.** A line a hand and bar: what is struck together is joined by +, from the bottom up,
as `note:finger`; a finger that the score prints itself has a star. Grace notes are in brackets.

**Knows nothing of** how a finger is found.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from valentin.music import Fingering, Score, ScoreNote, bars_span

__all__ = ["fingering_json", "fingering_text"]

SOURCE = (
    "suggested after Parncutt, Sloboda, Clarke, Raekallio & Desain (1997) and Al Kasimi, Nichols & "
    "Raphael (2007); * is printed in the score"
)

Bars = tuple[str, str] | None
Row = tuple[ScoreNote, Fingering]


def fingering_text(score: Score, fingerings: Sequence[Fingering], bars: Bars = None) -> str:
    """The fingers, bar by bar and hand by hand."""
    lines = [f"fingers of {score.title or 'the score'}, {SOURCE}"]
    rows = _rows(score, fingerings, bars)
    starts = [bar.start_q for bar in score.bars]
    for bar, inside in groupby(rows, key=lambda row: bisect_right(starts, row[0].onset_q) - 1):
        members = list(inside)
        number = score.bars[bar].number if 0 <= bar < len(score.bars) else ""
        for hand in ("right", "left"):
            own = [row for row in members if row[1].hand == hand]
            if own:
                lines.append(f"  bar {number or '–'} {hand:5} {_said(own)}")
    return "\n".join(lines) + "\n"


def _said(rows: Sequence[Row]) -> str:
    """One hand's bar: slices from left to right."""
    words = []
    for (_, grace), slice_ in groupby(rows, key=lambda row: (row[0].onset_q, _single(row[0]))):
        notes = sorted(slice_, key=lambda row: row[0].pitch)
        word = "+".join(f"{n.spelling}:{f.finger}{'*' * f.printed}" for n, f in notes)
        words.append(f"({word})" if grace else word)
    return "  ".join(words)


def _single(note: ScoreNote) -> str:
    """Each grace note is a slice of its own."""
    return note.id if note.grace else ""


def _rows(score: Score, fingerings: Sequence[Fingering], bars: Bars) -> list[Row]:
    """The notes with a finger, within the bars."""
    fingers = {row.id: row for row in fingerings}
    start_q, end_q = bars_span(score, *bars) if bars else (score.end_q * 0, score.end_q + 1)
    return [
        (note, fingers[note.id])
        for note in score.notes
        if note.id in fingers and start_q <= note.onset_q < end_q
    ]


def fingering_json(score: Score, fingerings: Sequence[Fingering], bars: Bars = None) -> str:
    """The same for machines."""
    starts = [bar.start_q for bar in score.bars]
    rows = []
    for note, finger in _rows(score, fingerings, bars):
        bar = bisect_right(starts, note.onset_q) - 1
        rows.append(
            {
                "id": note.id,
                "bar": score.bars[bar].number if 0 <= bar < len(score.bars) else "",
                "onset_q": float(note.onset_q),
                "pitch": note.pitch,
                "spelling": note.spelling,
                "hand": finger.hand,
                "finger": finger.finger,
                "printed": finger.printed,
            }
        )
    whole = {"title": score.title, "source": SOURCE, "fingering": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
