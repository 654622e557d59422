"""Control events of MEI → marks.

In: measures, layout and a `Desk`. Out: `Mark` rows sorted by time.

**Conventions.** A slur or glissando runs from the onset of its first note to that of its last. A
hairpin, or a "cresc." that nothing ends, runs to the next level, hairpin or fade of its part, at
most `LONGEST_BARS`. Notes of an arpeggio are named from the lowest up, whatever its direction.

**Knows nothing of** what the marks ask of a player.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.music import Mark, MarkKind
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure
from valentin.reading.layers import Head
from valentin.reading.mei_tree import exact, id_of, number, printed_text
from valentin.reading.wording import Wording, metronome, tidy, worded

__all__ = ["LONGEST_BARS", "marks_of"]

LONGEST_BARS = 8
"""Bars: how far a "cresc." without an end is believed to reach; longer ones renew the word."""

_ARTICULATIONS = {
    "stacc": "staccato", "stacciss": "staccatissimo", "spicc": "staccatissimo", "ten": "tenuto",
    "acc": "accent", "marc": "marcato", "stress": "stress", "ten-stacc": "portato",
}  # fmt: skip
Reader = Callable[[Desk, int, Element], Iterator[Mark]]


def marks_of(measures: Sequence[Measure], heads: Sequence[Head], desk: Desk) -> tuple[Mark, ...]:
    """All marks of the score."""
    marks = list(_articulations(desk, heads))
    for bar, measure in enumerate(measures):
        for element in measure.element:
            if element.tag in _READERS:
                marks += _READERS[element.tag](desk, bar, element)
    marks.sort(key=lambda m: (m.start_q, m.kind, m.part, m.staff, m.text, m.note_ids))
    return tuple(_ended(_one_tempo(marks), desk))


def _one_tempo(marks: Sequence[Mark]) -> list[Mark]:
    """A tempo word and the metronome mark beside it are one mark."""
    rows: list[Mark] = []
    said: dict[Fraction, int] = {}
    for mark in marks:
        at = said.get(mark.start_q) if mark.kind == "tempo" else None
        if at is None:
            if mark.kind == "tempo":
                said[mark.start_q] = len(rows)
            rows.append(mark)
            continue
        first = rows[at]
        if mark.text not in first.text:
            first = replace(first, text=f"{first.text} {mark.text}".strip())
        rows[at] = replace(first, value=first.value if mark.value is None else mark.value)
    return rows


def _articulations(desk: Desk, heads: Sequence[Head]) -> Iterator[Mark]:
    """The signs at notes; one on a chord is one mark that names its notes."""
    seen: set[str] = set()
    for head in heads:
        owner = head.element if head.chord is None else head.chord
        if id_of(owner) not in seen:
            seen.add(id_of(owner))
            yield from _at(desk, owner, desk.heads_of_owner(owner))
        if head.chord is not None:
            yield from _at(desk, head.element, [head])


def _at(desk: Desk, owner: Element, heads: Sequence[Head]) -> Iterator[Mark]:
    texts = set(_signs(owner))
    ids = tuple(i for i in map(_name, heads) if desk.owners.get(i) == i)
    if not texts or not ids:  # on the tied end of a note there is nothing to strike
        return
    if {"staccato", "tenuto"} <= texts:
        texts = texts - {"staccato", "tenuto"} | {"portato"}
    stave = desk.staves.get(heads[0].printed, heads[0].stave)
    for text in sorted(texts):
        at = heads[0].onset_q
        yield Mark("articulation", text, at, at, stave.part, stave.place, ids)


def _name(head: Head) -> str:
    return id_of(head.element)


def _signs(owner: Element) -> Iterator[str]:
    values = owner.get("artic", "").split()
    for child in owner.findall("artic"):
        values += child.get("artic", "").split()
    yield from (_ARTICULATIONS[value] for value in values if value in _ARTICULATIONS)


def _dynamic(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    text = tidy(printed_text(element))
    rows = worded(text) or ((Wording("dynamic", text),) if text else ())
    yield from _said(desk, bar, element, rows)


def _said(desk: Desk, bar: int, element: Element, rows: Sequence[Wording]) -> Iterator[Mark]:
    for row in rows:
        mark = desk.mark(row.kind, row.text, bar, element)
        yield mark if row.kind == "hairpin" else replace(mark, end_q=mark.start_q, note_ids=())


def _hairpin(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    text = "crescendo" if element.get("form") == "cres" else "diminuendo"
    yield replace(desk.mark("hairpin", text, bar, element), note_ids=())


def _line(kind: MarkKind) -> Reader:
    def read(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
        mark = desk.mark(kind, printed_text(element), bar, element)
        ends = desk.heads_of(element, "endid")
        if ends:
            mark = replace(mark, end_q=max(mark.start_q, ends[0].onset_q))
        firsts = desk.note_ids(desk.heads_of(element, "startid"))
        yield replace(mark, note_ids=firsts[:1] + desk.note_ids(ends)[-1:])

    return read


def _fermata(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    yield desk.mark("fermata", "", bar, element)


def _breath(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    text = "caesura" if element.tag == "caesura" else ""
    mark = replace(desk.mark("breath", text, bar, element), note_ids=())
    if element.get("startid"):  # after the note that it hangs on
        heads = desk.heads_of(element, "startid")
        at = heads[0].onset_q + heads[0].duration_q if heads else mark.start_q
    else:
        at = desk.start(bar, element, desk.early)
    yield replace(mark, start_q=at, end_q=at)


def _arpeggio(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    heads = desk.heads_of(element, "plist") or desk.heads_of(element, "startid", "endid")
    ids = sorted(desk.note_ids(heads), key=lambda i: desk.notes[i].pitch)
    if ids and element.get("order") != "nonarp":
        start = min(head.onset_q for head in heads)
        staves = {desk.notes[i].staff for i in ids}
        staff = staves.pop() if len(staves) == 1 else 0
        text = "down" if element.get("order") == "down" else "up"
        yield Mark("arpeggio", text, start, start, desk.notes[ids[0]].part, staff, tuple(ids))


def _tempo(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    text = tidy(printed_text(element))
    count = exact(element.get("mm"))
    value = metronome(text)
    if count:
        unit = max(1, number(element, "mm.unit", 4))
        value = float(count) * 4 / unit * (2 - 0.5 ** min(2, number(element, "mm.dots")))
    if value:
        mark = desk.mark("tempo", text, bar, element)
        yield replace(mark, end_q=mark.start_q, note_ids=(), value=value)
    else:
        yield from _said(desk, bar, element, worded(text, tempo=True))


def _pedal(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    way = element.get("dir", "")
    if way not in ("down", "up", "half", "bounce"):
        return
    kind: MarkKind = "una-corda" if element.get("func") == "soft" else "pedal"
    mark = desk.mark(kind, "change" if way == "bounce" else way, bar, element)
    if way == "up" and not element.get("startid"):
        at = desk.start(bar, element, desk.early)
        mark = replace(mark, start_q=at, end_q=at)
    yield replace(mark, end_q=mark.start_q, note_ids=())


def _words(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    if not {"problem", "sic"} & set(element.get("type", "").split()):
        yield from _said(desk, bar, element, worded(printed_text(element)))


_READERS: dict[str, Reader] = {
    "dynam": _dynamic, "hairpin": _hairpin, "slur": _line("slur"), "phrase": _line("slur"),
    "gliss": _line("glissando"), "fermata": _fermata, "breath": _breath, "caesura": _breath,
    "arpeg": _arpeggio, "tempo": _tempo, "pedal": _pedal, "dir": _words,
}  # fmt: skip


def _ended(marks: Sequence[Mark], desk: Desk) -> Iterator[Mark]:
    """Hairpins without an end get one."""
    levels = [m for m in marks if m.kind in ("dynamic", "hairpin")]
    for mark in marks:
        if mark.kind != "hairpin" or mark.end_q > mark.start_q:
            yield mark
            continue
        after = (m.start_q for m in levels if m.start_q > mark.start_q and m.part == mark.part)
        bar = max(i for i, span in enumerate(desk.spans) if span.start_q <= mark.start_q)
        last = desk.spans[min(bar + LONGEST_BARS, len(desk.spans)) - 1]
        limit = last.start_q + last.length_q
        yield replace(mark, end_q=max(mark.start_q, min(next(after, limit), limit)))
