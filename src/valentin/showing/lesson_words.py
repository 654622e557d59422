"""A lesson as plain text: for terminals, for the page's text version, for reading aloud.

In: a Lesson. Out: lines of text; nothing is left out that the page shows, save drawings and sound.

**Conventions.** Mistakes are told bar by bar, in the order of the lesson.

**Knows nothing of** HTML, how the remarks were chosen.
"""

from __future__ import annotations

from itertools import groupby
from textwrap import fill, indent

from valentin.music import Finding, Lesson, Mistake, Remark
from valentin.showing.names import bars_named, spelled, struck_name

__all__ = ["evidence", "lesson_text", "mistakes_by_bar", "remark_title"]

_WIDTH = 88


def lesson_text(lesson: Lesson) -> str:
    """The whole lesson as readable text."""
    parts: list[str] = []
    parts += [_wrapped(words) for words in (*lesson.refusals, *lesson.strengths)]
    for number, remark in enumerate(lesson.remarks, start=1):
        body = "\n".join(_wrapped(words) for words in (remark.words, remark.do) if words)
        parts.append(f"{number}. {remark_title(number, remark)}\n{indent(body, '   ')}")
    if lesson.mistakes:
        told = [f"{bar}: {words}" for bar, words in mistakes_by_bar(lesson.mistakes)]
        parts.append("Notes to look at\n" + indent("\n".join(told), "   "))
    if lesson.next:
        parts.append(_wrapped(f"Next: {lesson.next}"))
    return "\n\n".join(parts) + "\n"


def _wrapped(words: str) -> str:
    return fill(words, _WIDTH)


def remark_title(number: int, remark: Remark) -> str:
    """ "Start here · bars 9–12 · voicing"."""
    finding = remark.finding
    lead = "Start here · " if number == 1 else ""
    kind = " · unusual, and yours" if finding.kind == "unusual" else ""
    words = f"{lead}{bars_named(*finding.bars)} · {finding.dimension}{kind}"
    return words[0].upper() + words[1:]


def evidence(finding: Finding) -> str:
    """What was measured, in one line."""
    return (
        f"Measured: {finding.measure} {_number(finding.value)} {finding.unit}; fine pianists "
        f"{_number(finding.expected)} ± {_number(finding.spread)}. "
        f"Sure to {100 * finding.confidence:.0f} %."
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.2g}"


def mistakes_by_bar(mistakes: tuple[Mistake, ...], fifths: int = 0) -> list[tuple[str, str]]:
    """("Bar 12", "D instead of E♭; A not heard; an extra G") for each bar that has any.

    `fifths` is the key signature in which the keys struck are named.
    """
    return [
        (f"Bar {bar}" if bar else "Upbeat", "; ".join(_mistake(m, fifths) for m in rows))
        for bar, rows in groupby(mistakes, key=lambda m: m.bar)
    ]


def _mistake(mistake: Mistake, fifths: int) -> str:
    played = "" if mistake.played is None else struck_name(mistake.played, mistake.written, fifths)
    written = spelled(mistake.written).rstrip("-0123456789")
    if mistake.label == "missed":
        return f"{written or 'a note'} not heard"
    if mistake.label == "extra":
        return f"an extra {played}" if played else "an extra note"
    return f"{played or 'another key'} instead of {written or 'the note written'}"
