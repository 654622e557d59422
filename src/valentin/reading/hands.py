"""m.g. and m.d. onto the notes: which hand plays what its staff does not say.

In: measures, layout, a `Desk`, notes. Out: notes with the hand that the words give them.

**Conventions.** The words speak of the voice that begins under or over them, to the end of its
beam, or of one chord where there is no beam: the upper voice where they stand above the staff, the
lower one where they stand below.

**Knows nothing of** fingers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal
from xml.etree.ElementTree import Element

from valentin.music import ScoreNote
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure
from valentin.reading.layers import Head
from valentin.reading.mei_tree import printed_text

__all__ = ["handed"]

Side = Literal["left", "right"]

_LEFT = re.compile(
    r"(?i)\s*\(?(m\.?\s?[sg]\.|l\.\s?h\.|man[oa] sinistra|main gauche|linke|links)(?!\w)"
)
_RIGHT = re.compile(
    r"(?i)\s*\(?(m\.?\s?d\.|r\.\s?h\.|man[oa] destra|main droite|rechte|rechts)(?!\w)"
)


def handed(
    measures: Sequence[Measure], heads: Sequence[Head], desk: Desk, notes: Sequence[ScoreNote]
) -> tuple[ScoreNote, ...]:
    """The notes, with the hands that the words of the score give them."""
    sides: dict[str, Side] = {}
    for bar, element, side in _words(measures):
        chosen = _voice(element, _there(bar, element, heads, desk))
        if chosen:
            beam = _beam(measures[bar].element, chosen[0])
            meant = [h for h in heads if h.bar == bar and _inside(h, beam)] or chosen
            late = [h for h in meant if h.onset_q >= chosen[0].onset_q]
            sides |= dict.fromkeys(desk.note_ids(late), side)
    return tuple(replace(n, hand=sides[n.id]) if n.id in sides else n for n in notes)


def _words(measures: Sequence[Measure]) -> Iterator[tuple[int, Element, Side]]:
    for bar, measure in enumerate(measures):
        for element in measure.element:
            if element.tag in ("dir", "dynam", "tempo"):
                text = printed_text(element)
                if _LEFT.match(text):
                    yield bar, element, "left"
                elif _RIGHT.match(text):
                    yield bar, element, "right"


def _there(bar: int, element: Element, heads: Sequence[Head], desk: Desk) -> list[Head]:
    """The heads that begin where the words stand, on their staff."""
    start = desk.start(bar, element)
    part, place = desk.where(element)
    return [
        head
        for head in heads
        if head.onset_q == start
        and head.stave.part == part
        and not head.hidden
        and (not place or desk.staves.get(head.printed, head.stave).place == place)
    ]


def _voice(element: Element, heads: Sequence[Head]) -> list[Head]:
    if not heads:
        return []
    layers = {(head.stave.n, head.layer) for head in heads}
    chosen = max(layers) if element.get("place") == "below" else min(layers)
    return [head for head in heads if (head.stave.n, head.layer) == chosen]


def _beam(measure: Element, head: Head) -> Element | None:
    """The innermost beam that holds a head."""
    found = None
    for beam in measure.iter("beam"):
        if any(note is head.element for note in beam.iter("note")):
            found = beam
    return found


def _inside(head: Head, beam: Element | None) -> bool:
    return beam is not None and any(note is head.element for note in beam.iter("note"))
