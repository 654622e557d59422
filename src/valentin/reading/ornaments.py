"""Ornament signs of MEI onto the notes that carry them.

In: measures, layout and a `Desk`. Out: notes with ornaments.

**Conventions.** On a chord an ornament belongs to the highest note. MusicXML's and MEI's "upper"
mordent goes to the note above (here `inverted-mordent`), the "lower" one, with the stroke, to the
note below (`mordent`). A tremolo between two chords stands on the notes of both.

**Knows nothing of** how an ornament is played.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from valentin.music import Ornament, ScoreNote
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure
from valentin.reading.layers import Head

__all__ = ["ornamented"]

_SIGNS = ("trill", "mordent", "turn")
_ALTER = {"s": 1, "f": -1, "n": 0, "x": 2, "ss": 2, "ff": -2}
_ENOUGH = 2
"""Hidden notes under a sign that make it spelled out: one alone may be anything."""


def ornamented(
    measures: Sequence[Measure], heads: Sequence[Head], desk: Desk
) -> tuple[ScoreNote, ...]:
    """The notes of the desk, with what the signs say."""
    found: dict[str, Ornament] = {}
    for head in heads:
        if head.strokes:
            sign = Ornament("tremolo", strokes=head.strokes, alternating=head.alternating)
            found |= dict.fromkeys(desk.note_ids([head]), sign)
    for measure in measures:
        for element in measure.element:
            if element.tag in _SIGNS:
                ids = desk.note_ids(desk.heads_of(element, "startid"))
                if ids:
                    found[max(ids, key=lambda i: desk.notes[i].pitch)] = _sign(element)
    return _dressed(tuple(desk.notes.values()), found)


def _sign(element: Element) -> Ornament:
    above = _ALTER.get(element.get("accidupper", ""))
    below = _ALTER.get(element.get("accidlower", ""))
    lower = element.get("form") == "lower"
    if element.tag == "trill":
        return Ornament("trill", above, below)
    if element.tag == "turn":
        return Ornament("inverted-turn" if lower else "turn", above, below)
    return Ornament("mordent" if lower else "inverted-mordent", above, below)


def _dressed(notes: tuple[ScoreNote, ...], found: dict[str, Ornament]) -> tuple[ScoreNote, ...]:
    hidden = [note for note in notes if note.hidden]
    onsets = [note.onset_q for note in hidden]
    rows = []
    for note in notes:
        sign = found.get(note.id)
        if sign is not None and hidden:
            first = bisect_left(onsets, note.onset_q)
            last = bisect_left(onsets, note.onset_q + note.duration_q)
            beside = [n for n in hidden[first:last] if (n.part, n.staff) == (note.part, note.staff)]
            sign = replace(sign, spelled_out=len(beside) >= _ENOUGH)
        rows.append(replace(note, ornament=sign) if sign is not None else note)
    return tuple(rows)
