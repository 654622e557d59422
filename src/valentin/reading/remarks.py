"""What was guessed, left out or odd in a score, as data.

In: what the reading found. Out: `ScoreRemark` rows in the order of the bars.

**Conventions.** The first bar may be a pickup, and two bars around a repeat sign may make up one
between them: these are not odd.

**Knows nothing of** terminals.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from valentin.music import Mark, ScoreNote, ScoreRemark
from valentin.reading.course import Course
from valentin.reading.frame import Measure, bar_quarters
from valentin.reading.layers import Layout, Span
from valentin.reading.mei_tree import id_of
from valentin.reading.notes import Resolved
from valentin.reading.ornaments import is_slide
from valentin.reading.told import Told

__all__ = ["guesses_at", "in_order", "lost", "remarks_of", "unread"]

_READ = frozenset(
    (
        "staff", "dynam", "hairpin", "slur", "phrase", "gliss", "fermata", "breath", "caesura",
        "arpeg", "tempo", "pedal", "dir", "trill", "mordent", "turn", "tie", "octave", "fing",
        "beamSpan", "tupletSpan", "mNum", "repeatMark", "reh", "harm", "annot", "midi", "sb", "pb",
        "cb", "pad", "scoreDef", "staffDef", "lb",
    )
)  # fmt: skip
"""Children of a bar that are read, or say nothing of the sound (numbers, letters, chord names)."""

_IN_WORDS = {
    "lv": "a tie that lets ring", "bracketSpan": "", "line": "", "ornam": "an ornament sign",
    "attacca": "an attacca", "bend": "a bend", "harpPedal": "pedals of a harp",
    "fTrem": "a tremolo between chords",
}  # fmt: skip

_BESIDE = {
    "harm": ("one chord symbol is", "{} chord symbols are"),
    "fb": ("one figured bass is", "{} figured basses are"),
    "syl": ("one syllable of a song text is", "{} syllables of a song text are"),
}
"""What stands beside the music → how to say that it is not played, of one and of several."""

_OCTAVE_WORDS = re.compile(r"(?i)\W*(8\s?va|8\s?ve|8\s?vb|15\s?m[ab]|col(l['’])?\s?8)\b")
_SLACK_Q = Fraction(1, 16)
"""Quarters: a bar that is off by less is rounded tuplets, not a mistake worth a word."""


def remarks_of(
    mei: Element,
    measures: Sequence[Measure],
    layout: Layout,
    resolved: Resolved,
    course: Course,
) -> tuple[ScoreRemark, ...]:
    """Everything worth saying about how the score was read."""
    rows = list(_lengths(measures, layout.spans))
    for bar, words in course.guesses:
        rows.append(_at(measures, layout.spans, bar, "guessed", words))
    heads = {id_of(h.element): h for h in layout.heads}
    for name in resolved.loose:
        words = f"the tie from {name} leads to no note; it ends where it is written"
        rows.append(_at(measures, layout.spans, heads[name].bar, "odd", words))
    for name in resolved.beyond:
        words = f"note {name} is beyond the keys of any piano"
        rows.append(_at(measures, layout.spans, heads[name].bar, "left-out", words))
    for bar, span in enumerate(layout.spans):
        if span.repeated:
            words = "a sign that repeats a bar or a beat is not written out"
            rows.append(_at(measures, layout.spans, bar, "left-out", words))
    rows += _printed(resolved.notes, measures, layout.spans)
    rows += _unpitched(measures)
    pieces = len(mei.findall(".//mdiv"))
    if pieces > 1:
        words = f"the file holds {pieces} pieces or movements; the first was read"
        rows.append(ScoreRemark("left-out", words))
    return in_order(rows)


def guesses_at(
    measures: Sequence[Measure], layout: Layout, guesses: Iterable[tuple[Fraction, str]]
) -> list[ScoreRemark]:
    """Guesses by their place in quarters."""
    return [
        _at(measures, layout.spans, _bar_at(layout.spans, start_q), "guessed", words)
        for start_q, words in guesses
    ]


def unread(
    measures: Sequence[Measure], layout: Layout, told: Told | None, marks: Iterable[Mark]
) -> list[ScoreRemark]:
    """Signs that are not understood, octave signs that are only words, staves in other metres."""
    rows = []
    for bar, measure in enumerate(measures):
        tags = [
            child.tag for child in measure.element if child.tag not in _READ and not is_slide(child)
        ]
        for words in dict.fromkeys(_IN_WORDS.get(tag, f"`{tag}`") for tag in tags):
            if words:
                found = f"{words} is not understood"
                rows.append(_at(measures, layout.spans, bar, "left-out", found))
        if measure.others:
            words = f"a staff is in {', '.join(measure.others)}; bars are counted in "
            rows.append(_at(measures, layout.spans, bar, "guessed", words + measure.signature))
    for bar, words in told.unread if told is not None else ():
        if bar < len(measures):
            found = f"{words} is not understood"
            rows.append(_at(measures, layout.spans, bar, "left-out", found))
    for mark in marks:
        if mark.kind == "words" and _OCTAVE_WORDS.match(mark.text):
            bar = _bar_at(layout.spans, mark.start_q)
            words = f"`{mark.text}` is only words in the file; its notes were taken as they stand"
            rows.append(_at(measures, layout.spans, bar, "guessed", words))
    if told is not None and told.edited:
        count = len(told.edited)
        words = f"{count} notes of its editor are" if count > 1 else "one note of its editor is"
        bar = _bar_at(layout.spans, told.edited[0])
        found = f"{words} in the file and not read, the first here"
        rows.append(_at(measures, layout.spans, bar, "left-out", found))
    return [*rows, *_beside(measures, layout.spans)]


def _beside(measures: Sequence[Measure], spans: Sequence[Span]) -> Iterator[ScoreRemark]:
    """Chord symbols, figures, song texts: said once, where they begin."""
    found: dict[str, list[int]] = {}
    for bar, measure in enumerate(measures):
        for element in measure.element.iter():
            if element.tag in _BESIDE and element.find("fb") is None:
                found.setdefault(element.tag, []).append(bar)
    for tag, bars in found.items():
        one, several = _BESIDE[tag]
        words = several.format(len(bars)) if len(bars) > 1 else one
        yield _at(measures, spans, bars[0], "left-out", f"{words} not played, the first here")


def lost(layout: Layout, named: Told | None, believed: Told | None) -> list[ScoreRemark]:
    """What the source has and the engraving has not: bars that fit, notes."""
    rows = []
    if named is not None and believed is None:
        words = f"the engraving has {len(layout.spans)} bars and the file {len(named.bars)}"
        rows.append(ScoreRemark("guessed", f"{words}; times are those of the engraving"))
    kept = {id_of(head.element) for head in layout.heads}
    if named is not None and (gone := len(named.pitched - kept)):
        words = f"{gone} notes of the file are" if gone > 1 else "one note of the file is"
        rows.append(ScoreRemark("left-out", f"{words} not in the engraving"))
    return rows


def in_order(*remarks: Iterable[ScoreRemark]) -> tuple[ScoreRemark, ...]:
    """All remarks in the order of their places."""
    return tuple(sorted((row for rows in remarks for row in rows), key=lambda row: row.start_q))


def _bar_at(spans: Sequence[Span], q: Fraction) -> int:
    return max(0, bisect_right([span.start_q for span in spans], q) - 1)


def _unpitched(measures: Sequence[Measure]) -> Iterator[ScoreRemark]:
    heads = (note for measure in measures for note in measure.element.iter("note"))
    if count := sum(not note.get("pname") for note in heads):
        yield ScoreRemark("left-out", f"{count} notes without a pitch (percussion) were left out")


def _printed(
    notes: Sequence[ScoreNote], measures: Sequence[Measure], spans: Sequence[Span]
) -> Iterator[ScoreRemark]:
    """Small notes may be cues where there are other players; alone they are filigree, no guess."""
    cues = [n for n in notes if n.small] if len({n.part for n in notes}) > 1 else []
    for what, chosen in (
        ("not in print; they were taken to sound", [n for n in notes if n.hidden]),
        ("printed small; they were taken to be played", cues),
    ):
        if chosen:
            count = f"{len(chosen)} notes are" if len(chosen) > 1 else "one note is"
            bar = _bar_at(spans, min(n.onset_q for n in chosen))
            yield _at(measures, spans, bar, "guessed", f"{count} {what}, the first here")


def _at(
    measures: Sequence[Measure], spans: Sequence[Span], bar: int, kind: str, words: str
) -> ScoreRemark:
    number = measures[bar].element.get("n", "")
    start = spans[bar].start_q
    if kind == "odd":
        return ScoreRemark("odd", words, number, start)
    if kind == "left-out":
        return ScoreRemark("left-out", words, number, start)
    return ScoreRemark("guessed", words, number, start)


def _lengths(measures: Sequence[Measure], spans: Sequence[Span]) -> Iterator[ScoreRemark]:
    """Bars, and staves of bars, that do not last what the metre says."""
    for bar, (measure, span) in enumerate(zip(measures, spans, strict=True)):
        asked = span.bars * bar_quarters(measure.signature) if measure.signature else span.length_q
        if abs(span.length_q - asked) > _SLACK_Q and not _completed(spans, bar, asked):
            words = f"lasts {_said(span.length_q)} quarters in {measure.signature}"
            yield _at(measures, spans, bar, "odd", words)
        for n, length in span.uneven:
            if abs(length - span.length_q) > _SLACK_Q and length:
                words = f"staff {n} lasts {_said(length)} quarters of {_said(span.length_q)}"
                yield _at(measures, spans, bar, "odd", words)


def _completed(spans: Sequence[Span], bar: int, asked: Fraction) -> bool:
    """Whether it is a pickup, or makes up a whole bar with one beside it or with the first."""
    length = spans[bar].length_q
    if length > asked:
        return False
    beside = [spans[i].length_q for i in (bar - 1, bar + 1, 0) if 0 <= i < len(spans) and i != bar]
    return bar == 0 or any(length + other == asked for other in beside)


def _said(quarters: Fraction) -> str:
    """3.5 rather than 7/2."""
    return f"{float(quarters):.4g}"
