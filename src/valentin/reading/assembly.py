"""MEI tree → Score: the pipeline of this room, read from top to bottom.

In: the tree, the source it came from, and what it `Told` of time. Out: the Score, folded.

**Conventions.** See `valentin.music.score`.

**Knows nothing of** files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.errors import MusicError
from valentin.music import Bar, Key, Mark, Metre, Score
from valentin.reading.controls import marks_of
from valentin.reading.course import course_of
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure, bar_quarters, measures_of, parts_of
from valentin.reading.hands import handed
from valentin.reading.implied import implied_alters, implied_octaves
from valentin.reading.layers import Layout, Span, laid_out
from valentin.reading.mei_tree import id_of
from valentin.reading.names import names_in_mei
from valentin.reading.notes import Resolved, resolved, ties_of
from valentin.reading.ornaments import inside, ornamented
from valentin.reading.remarks import guesses_at, in_order, lost, remarks_of, unread
from valentin.reading.signs import path_of_expansion, signs_of_mei
from valentin.reading.source import Source
from valentin.reading.tempi import bounded, playback_in_mei, played_back, units_agreed
from valentin.reading.told import Told

__all__ = ["score_of"]

EARLY = Fraction(1, 10)
"""Beats: Verovio sets the end of a MusicXML pedal, breath or caesura early, to look better."""


def score_of(
    mei: Element, source: Source, told: Told | None = None, *, lenient: bool = False
) -> Score:
    """The Score that an MEI tree holds.

    Raises MusicError for a pitch beyond all keys, unless `lenient` leaves such notes out.
    """
    written = mei.find(".//score")
    if written is None:
        return Score("", "", (), ())
    measures = measures_of(written)
    named, told = told, told.for_bars([id_of(m.element) for m in measures]) if told else None
    layout = laid_out(measures, told)
    notes = _resolved(measures, layout, source, told)
    if notes.beyond and not lenient:
        bar = next(h.bar for h in layout.heads if id_of(h.element) == notes.beyond[0])
        place = f"bar {measures[bar].element.get('n', '')}"
        words = f"{place}, note {notes.beyond[0]} is beyond the keys of any piano"
        raise MusicError(words, place=place, note=notes.beyond[0])
    signs = told.signs if told and told.signs is not None else signs_of_mei(measures)
    path = path_of_expansion(written, measures) if _lists_its_order(source) else []
    course = course_of(signs, layout.spans, path)
    early = EARLY if source.kind == "musicxml" else Fraction(0)
    desk = Desk(measures, layout, notes, early, told.lines if told else None)
    title, composer = names_in_mei(mei)
    dressed = ornamented(measures, layout.heads, desk, told.ornaments if told else None)
    marks, guessed = _marks(measures, layout, desk, told)
    remarks = remarks_of(mei, measures, layout, notes, course)
    return Score(
        title=(told.title if told else "") or title,
        composer=(told.composer if told else "") or composer,
        parts=parts_of(written),
        notes=inside(handed(measures, layout.heads, desk, dressed), layout, course.sections),
        marks=marks,
        metres=_metres(measures, layout.spans),
        bars=_bars(measures, layout.spans),
        keys=_keys(measures, layout.spans),
        sections=course.sections,
        order=course.order,
        remarks=in_order(
            remarks,
            guesses_at(measures, layout, guessed),
            lost(layout, named, told),
            unread(measures, layout, told, marks),
        ),
    )


def _marks(
    measures: list[Measure], layout: Layout, desk: Desk, told: Told | None
) -> tuple[tuple[Mark, ...], list[tuple[Fraction, str]]]:
    """All marks, with speeds within reason and those of the playback, and what was guessed."""
    first_q = min((note.onset_q for note in desk.notes.values()), default=Fraction(0))
    playback = told.playback if told else playback_in_mei(measures, desk)
    found = marks_of(measures, layout.heads, desk)
    agreed, reread = units_agreed(found, playback, first_q)
    marks, changed = bounded(agreed)
    more, guessed = played_back(marks, playback, first_q)
    every = tuple(sorted((*marks, *more), key=lambda m: m.start_q))
    return every, reread + changed + guessed


def _resolved(
    measures: list[Measure], layout: Layout, source: Source, told: Told | None
) -> Resolved:
    """The notes; what an MEI file leaves to the reader is worked out."""
    ties = told.ties if told and told.ties is not None else ties_of(measures)
    if source.kind != "mei":
        return _told_of_notes(resolved(layout.heads, ties), told)
    alters = None if "accid.ges" in source.text else implied_alters(measures, layout.heads, ties)
    octaves = None if "oct.ges" in source.text else implied_octaves(measures, layout.heads)
    return _told_of_notes(resolved(layout.heads, ties, alters, octaves), told)


def _told_of_notes(found: Resolved, told: Told | None) -> Resolved:
    """The notes with what depends on the way through the repeats."""
    entered = found.entered | (told.entered if told else frozenset())
    passes = told.passes if told else {}
    if not entered and not passes:
        return found
    rows = (replace(n, tied=n.id in entered, passes=passes.get(n.id, ())) for n in found.notes)
    return replace(found, notes=tuple(rows))


def _lists_its_order(source: Source) -> bool:
    """Whether the file itself says in which order its sections are played."""
    if source.kind == "humdrum":
        return "*>[" in source.text
    return source.kind == "mei" and "<expansion" in source.text


def _bars(measures: Sequence[Measure], spans: Sequence[Span]) -> tuple[Bar, ...]:
    return tuple(
        Bar(id_of(m.element), m.element.get("n", ""), span.start_q, span.length_q)
        for m, span in zip(measures, spans, strict=True)
    )


def _metres(measures: Sequence[Measure], spans: Sequence[Span]) -> tuple[Metre, ...]:
    rows: list[Metre] = []
    for measure, span in zip(measures, spans, strict=True):
        signature = measure.signature or "4/4"
        if not rows or rows[-1].signature != signature:
            rows.append(Metre(span.start_q, bar_quarters(signature), _beat(signature), signature))
    return tuple(rows)


def _beat(signature: str) -> Fraction:
    """Length of the felt beat: three of the units in compound time (6/8, 6/4, 12/16), else one.

    So the beats of all 179 (n)ASAP scores of one metre were annotated, 3/8 in three.
    """
    count, _, unit = signature.partition("/")
    if "/" in unit:  # 2/4+3/8: the beat of its first half
        return _beat(signature.partition("+")[0])
    quarters = Fraction(4, int(unit))
    compound = count.isdigit() and int(count) % 3 == 0 and int(count) > 3 and int(unit) >= 4
    return 3 * quarters if compound else quarters


def _keys(measures: Sequence[Measure], spans: Sequence[Span]) -> tuple[Key, ...]:
    rows: list[Key] = []
    for measure, span in zip(measures, spans, strict=True):
        if not rows or (rows[-1].fifths, rows[-1].mode) != (measure.fifths, measure.mode):
            rows.append(Key(span.start_q, measure.fifths, measure.mode))
    return tuple(rows)
