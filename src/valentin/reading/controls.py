"""Control events of MEI → marks.

In: measures, layout and a `Desk`. Out: `Mark` rows sorted by time.

**Conventions.** A slur or glissando runs from the onset of its first note to that of its last. A
hairpin, or a "cresc." that nothing ends, runs to the next level, hairpin or fade of its part, at
most `LONGEST_BARS`. Notes of an arpeggio are named from the lowest up, whatever its direction.

**Knows nothing of** what the marks ask of a player.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.music import Mark, MarkKind
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure
from valentin.reading.layers import Head
from valentin.reading.mei_tree import exact, id_of, number, printed_text
from valentin.reading.wording import Wording, bends, metronome, tidy, worded

__all__ = ["LONGEST_BARS", "marks_of"]

LIFTED_BARS = 2
"""Bars within which the words "Ped." and "*" belong together."""
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
    marks = list(_fingered(marks))
    marks.sort(key=lambda m: (m.start_q, m.kind, m.part, m.staff, m.text, m.note_ids))
    return tuple(_ended(_footed(_one_tempo(_once(marks)), desk), desk))


def _once(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks without a "cresc." in words where a hairpin with an end says the same."""
    drawn = {(m.text, m.part, m.start_q) for m in marks if m.kind == "hairpin" and _lasts(m)}
    for mark in marks:
        said = mark.kind == "hairpin" and not _lasts(mark)
        if not said or (mark.text, mark.part, mark.start_q) not in drawn:
            yield mark


def _lasts(mark: Mark) -> bool:
    return mark.end_q > mark.start_q


def _one_tempo(marks: Iterable[Mark]) -> list[Mark]:
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


def _fingered(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Fingers of one note as one mark ("4" and "1": "4-1"); of a chord one to each note."""
    said: dict[tuple[str, ...], list[str]] = {}
    for mark in marks:
        if mark.kind == "fingering":
            said.setdefault(mark.note_ids, []).append(mark.text)
    for mark in marks:
        if mark.kind != "fingering":
            yield mark
            continue
        texts = [piece for text in said.pop(mark.note_ids, []) for piece in text.split()]
        if texts and len(texts) == len(mark.note_ids):
            pairs = zip(mark.note_ids, texts, strict=True)
            yield from (replace(mark, text=text, note_ids=(one,)) for one, text in pairs)
        elif texts:
            yield replace(mark, text="-".join(texts))


def _footed(marks: Iterable[Mark], desk: Desk) -> list[Mark]:
    """Pedal signs made whole, in order.

    A sign that is only words leaves the pedal to the player where nothing lifts it soon. What ends
    a sostenuto pedal is its end, where no other pedal is down.
    """
    rows = list(marks)
    feet = [mark for mark in rows if mark.kind in ("pedal", "sostenuto")]
    after = dict(zip(map(id, feet), feet[1:], strict=False))
    down = middle = False
    found: list[Mark] = []
    for mark in rows:
        text = mark.text
        if mark.kind == "pedal":
            if text in ("sign", "half sign"):
                soon = _is_soon(mark, after.get(id(mark)), desk)
                text = ("half" if text == "half sign" else "down") if soon else "free"
            elif text == "lift" and not down and not middle:
                continue  # an asterisk of another kind
            text = "up" if text == "lift" else text
            if text == "up" and middle and not down:
                mark, middle = replace(mark, kind="sostenuto"), False
            down = text in ("down", "half", "change")
        elif mark.kind == "sostenuto":
            middle = text == "down"
        found.append(replace(mark, text=text))
    return found


def _is_soon(mark: Mark, following: Mark | None, desk: Desk) -> bool:
    """Whether what follows comes within `LIFTED_BARS`."""
    if following is None:
        return False
    bar = max(k for k, span in enumerate(desk.spans) if span.start_q <= mark.start_q)
    last = desk.spans[min(bar + LIFTED_BARS, len(desk.spans) - 1)]
    return following.start_q <= last.start_q + last.length_q


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
        lasts = row.kind == "hairpin" or (row.kind == "tempo" and bends(row.text))
        yield mark if lasts else replace(mark, end_q=mark.start_q, note_ids=())


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
    mark = desk.mark("fermata", "", bar, element)
    span = desk.spans[bar]
    if not element.get("startid") and mark.start_q >= span.start_q + span.length_q:
        mark = replace(mark, text="barline")
    yield mark


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
    if count and value is None:
        unit = max(1, number(element, "mm.unit", 4))
        value = float(count) * 4 / unit * (2 - 0.5 ** min(2, number(element, "mm.dots")))
    if value:
        mark = desk.mark("tempo", text, bar, element)
        yield replace(mark, end_q=mark.start_q, note_ids=(), value=value)
    else:
        yield from _said(desk, bar, element, worded(text, tempo=True))


_PEDALS: dict[str, MarkKind] = {"soft": "una-corda", "sostenuto": "sostenuto"}


def _pedal(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    way = element.get("dir", "")
    if way not in ("down", "up", "half", "bounce"):
        return
    kind = _PEDALS.get(element.get("func", ""), "pedal")
    text = "change" if way == "bounce" else way
    if kind == "una-corda":
        text = "tre corde" if way == "up" else "una corda"
    mark = desk.mark(kind, text, bar, element)
    if way == "up" and not element.get("startid"):
        at = desk.start(bar, element, desk.early)
        mark = replace(mark, start_q=at, end_q=at)
    yield replace(mark, end_q=mark.start_q, note_ids=())


def _words(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    if {"problem", "sic"} & set(element.get("type", "").split()):
        return
    if metronome(printed_text(element)):
        yield from _tempo(desk, bar, element)
    else:
        yield from _said(desk, bar, element, worded(printed_text(element)))


def _fingering(desk: Desk, bar: int, element: Element) -> Iterator[Mark]:
    text = printed_text(element)
    heads = desk.heads_of(element, "startid")
    if heads and text:
        yield replace(desk.mark("fingering", text, bar, element), end_q=heads[0].onset_q)


_READERS: dict[str, Reader] = {
    "dynam": _dynamic, "hairpin": _hairpin, "slur": _line("slur"), "phrase": _line("slur"),
    "gliss": _line("glissando"), "fermata": _fermata, "breath": _breath, "caesura": _breath,
    "arpeg": _arpeggio, "tempo": _tempo, "pedal": _pedal, "dir": _words, "fing": _fingering,
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
