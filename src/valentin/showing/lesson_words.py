"""A lesson as plain text: for terminals, for the page's text version, for reading aloud.

In: a Lesson. Out: lines of text; nothing is left out that the page shows, save drawings and sound.

**Conventions.** Mistakes are told bar by bar, in the order of the lesson; all in its language.

**Knows nothing of** HTML, how the remarks were chosen.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from textwrap import fill, indent

from valentin.catalogue import Catalogue
from valentin.music import Finding, Lesson, Mistake
from valentin.showing.names import struck_name
from valentin.showing.page_words import note_said, number_said, remark_title, words_of

__all__ = ["became_mark", "evidence", "lesson_text", "mistakes_by_bar"]

_WIDTH = 88
_MARKS = {"resolved": "✓", "better": "↗", "open": "○", "not played": "–"}
_MOST_IN_A_BAR = 8
_MOST_BARS = 12
"""Bars whose notes are told one by one where one only reads: more would bury the lesson."""


def lesson_text(lesson: Lesson, most_bars: int | None = _MOST_BARS) -> str:
    """The whole lesson as readable text; of bars with notes to look at, so many at most."""
    words = words_of(lesson)
    parts = [_wrapped(said) for said in lesson.refusals]
    if lesson.since:
        told = [f"{became_mark(b.became)} {b.words}" for b in lesson.since]
        parts.append("\n   ".join([words.say("since"), *told]))
    parts += [_wrapped(said) for said in lesson.strengths]
    for number, remark in enumerate(lesson.remarks, start=1):
        body = "\n".join(_wrapped(said) for said in (remark.words, remark.do) if said)
        parts.append(f"{number}. {remark_title(words, number, remark)}\n{indent(body, '   ')}")
    if lesson.mistakes:
        told = [f"{bar}: {said}" for bar, said in mistakes_by_bar(words, lesson.mistakes)]
        left = len(told) - (most_bars or len(told))
        if left > 1:
            told = [*told[:most_bars], words.say("mistakes.more", count=left)]
        parts.append(f"{words.say('mistakes')}\n" + indent("\n".join(told), "   "))
    if lesson.next:
        parts.append(_wrapped(f"{words.say('next')}: {lesson.next}"))
    return "\n\n".join(parts) + "\n"


def _wrapped(words: str) -> str:
    return fill(words, _WIDTH)


def became_mark(became: str) -> str:
    """A sign for what became of an earlier remark."""
    return _MARKS[became]


def evidence(words: Catalogue, finding: Finding) -> str:
    """What was measured, what was expected and from where, and what it rests on, in a few lines."""
    expected = number_said(words, finding.expected)
    told = words.say(
        "evidence.throughout" if finding.scope == "piece" else "evidence",
        measure=_named(words, "measure", finding.measure),
        value=number_said(words, finding.value),
        unit=_named(words, "unit", finding.unit),
        whose=words.say(f"whose.{finding.expected_by}", expected=expected),
    )
    if finding.spread is not None:
        told += " " + words.say("spread", near=number_said(words, finding.spread))
    key = "sure.notes" if finding.dimension == "notes" else "sure"
    return f"{told} {words.say(key, share=round(100 * finding.confidence))}"


def _named(words: Catalogue, kind: str, name: str) -> str:
    key = f"{kind}.{name}"
    return words.say(key) if key in words else name


def mistakes_by_bar(words: Catalogue, mistakes: tuple[Mistake, ...]) -> list[tuple[str, str]]:
    """("Bar 12", "D instead of E♭; A not heard; an extra G") for each bar that has any.

    What comes several times is counted, and a bar with very many is summed up. A bar that comes
    again, since it is repeated, is told again.
    """
    told: dict[str, str] = {}
    for bar, rows in groupby(mistakes, key=lambda m: m.bar):
        name = words.say("bar", bar=bar) if bar else words.say("bar.upbeat")
        while name in told:
            name = words.say("bar.again", bar=name)
        told[name] = _bar_told(words, list(rows))
    return list(told.items())


def _bar_told(words: Catalogue, mistakes: list[Mistake]) -> str:
    told = Counter(_mistake(words, m) for m in mistakes)
    if len(told) <= _MOST_IN_A_BAR:
        return "; ".join(
            said if count == 1 else words.say("times", words=said, count=count)
            for said, count in told.items()
        )
    return "; ".join(
        words.say(f"sum.{label}", count=count)
        for label in ("wrong", "missed", "extra")
        if (count := sum(m.label == label for m in mistakes))
    )


def _mistake(words: Catalogue, mistake: Mistake) -> str:
    played = ""
    if mistake.played is not None:
        name = struck_name(mistake.played, mistake.written, mistake.fifths)
        played = note_said(words, name)
    written = note_said(words, mistake.written)
    if mistake.label == "missed":
        return words.say("missed" if written else "missed.unnamed", note=written)
    if mistake.label == "extra":
        return words.say("extra" if played else "extra.unnamed", note=played)
    return words.say(
        "wrong",
        played=played or words.say("wrong.played"),
        written=written or words.say("wrong.written"),
    )
