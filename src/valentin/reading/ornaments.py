"""Ornament signs of MEI onto the notes that carry them.

In: measures, layout and a `Desk`. Out: notes with ornaments.

**Conventions.** On a chord an ornament belongs to the highest note. MusicXML's and MEI's "upper"
mordent goes to the note above (here `inverted-mordent`), the "lower" one, with the stroke, to the
note below (`mordent`). A tremolo between two chords stands on the notes of both. Two graces or more
after a trill, the last of its pitch, are its termination: each is a nachschlag. A nachschlag at the
end of a section stands `INSIDE_Q` before it, so that it is played whenever the section is.

**Knows nothing of** how an ornament is played.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.music import Ornament, ScoreNote, Section, sorted_notes
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure
from valentin.reading.layers import Head, Layout
from valentin.reading.mei_tree import id_of, printed_text

__all__ = ["INSIDE_Q", "inside", "is_slide", "ornamented"]

_SIGNS = ("trill", "mordent", "turn")
_ALTER = {"s": 1, "f": -1, "n": 0, "x": 2, "ss": 2, "ff": -2}
INSIDE_Q = Fraction(1, 32)
"""Quarters: shorter than any written note, so that no note lies between."""
_ENOUGH = 2
"""Hidden notes under a sign that make it spelled out: one alone may be anything."""


def ornamented(
    measures: Sequence[Measure],
    heads: Sequence[Head],
    desk: Desk,
    told: Mapping[str, Ornament] | None = None,
) -> tuple[ScoreNote, ...]:
    """The notes of the desk, with what the signs say; `told` the source itself says of some."""
    found: dict[str, Ornament] = {}
    for head in heads:
        if head.strokes:
            sign = Ornament("tremolo", strokes=head.strokes, alternating=head.alternating)
            found |= dict.fromkeys(desk.note_ids([head]), sign)
    for measure in measures:
        for element in measure.element:
            if element.tag in _SIGNS or is_slide(element):
                ids = desk.note_ids(desk.heads_of(element, "startid"))
                if ids:
                    found[max(ids, key=lambda i: desk.notes[i].pitch)] = _sign(element)
    for name, sign in (told or {}).items():
        if (owner := desk.owners.get(name, "")) in desk.notes:
            found[owner] = sign
    return _closed(_dressed(tuple(desk.notes.values()), found))


def inside(
    notes: tuple[ScoreNote, ...], layout: Layout, sections: Sequence[Section]
) -> tuple[ScoreNote, ...]:
    """The notes, every nachschlag within the section that it is printed in."""
    starts = {section.start_q for section in sections}
    printed_q = {id_of(h.element): layout.spans[h.bar].start_q for h in layout.heads if h.grace}
    early = {
        n.id
        for n in notes
        if n.grace == "nachschlag" and n.onset_q in starts and printed_q[n.id] < n.onset_q
    }
    if not early:
        return notes
    return sorted_notes(
        replace(n, onset_q=n.onset_q - INSIDE_Q) if n.id in early else n for n in notes
    )


def is_slide(element: Element) -> bool:
    """Whether an `ornam` of MEI is a slide, by its name, glyph or type."""
    if element.tag != "ornam":
        return False
    names = (element.get(n, "") for n in ("type", "glyph.name", "class", "label"))
    said = " ".join((*names, printed_text(element))).lower()
    return "schleif" in said or "slide" in said


def _sign(element: Element) -> Ornament:
    above = _ALTER.get(element.get("accidupper", ""))
    below = _ALTER.get(element.get("accidlower", ""))
    lower = element.get("form") == "lower"
    if element.tag == "ornam":
        return Ornament("slide")
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


def _closed(notes: tuple[ScoreNote, ...]) -> tuple[ScoreNote, ...]:
    """The notes with terminations of trills named."""
    graces: dict[tuple[str, int, int, Fraction], list[ScoreNote]] = defaultdict(list)
    for note in notes:
        if note.grace:
            graces[note.part, note.staff, note.voice, note.onset_q].append(note)
    closing: set[str] = set()
    for note in notes:
        if note.ornament and note.ornament.kind == "trill" and note.duration_q:
            end_q = note.onset_q + note.duration_q
            after = graces.get((note.part, note.staff, note.voice, end_q), [])
            if len(after) >= _ENOUGH and after[-1].pitch == note.pitch:
                closing |= {grace.id for grace in after}
    if not closing:
        return notes
    return tuple(replace(n, grace="nachschlag") if n.id in closing else n for n in notes)
