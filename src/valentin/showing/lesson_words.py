"""A lesson as plain text: for terminals, for the page's text version, for reading aloud.

In: a Lesson. Out: lines of text; nothing is left out that the page shows, save drawings and sound.

**Conventions.** Mistakes are told bar by bar, in the order of the lesson.

**Knows nothing of** HTML, how the remarks were chosen.
"""

from __future__ import annotations

from collections import Counter
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
    lead = "Start here · " if number == 1 and finding.kind == "issue" else ""
    kind = " · unusual, and yours" if finding.kind == "unusual" else ""
    words = f"{lead}{bars_named(*finding.bars)} · {finding.dimension}{kind}"
    return words[0].upper() + words[1:]


_WHOSE = {
    "pianists": "fine pianists' takes have {} at the median",
    "plan": "our own plan of this score has {} there",
    "take": "the rest of this take gives {} to expect",
}


def evidence(finding: Finding) -> str:
    """What was measured, what was expected and from where, and what it rests on, in a few lines."""
    whole = " over the piece" if finding.scope == "piece" else ""
    told = (
        f"Measured: {finding.measure}{whole}, {_number(finding.value)} {finding.unit}; "
        f"{_WHOSE[finding.expected_by].format(_number(finding.expected))}."
    )
    if finding.spread is not None:
        near = _number(finding.spread)
        told += f" Fine pianists keep within {near} of that in four stretches of five."
    if finding.dimension == "notes":
        return f"{told} The labels of these notes are sure to {100 * finding.confidence:.0f} %."
    return f"{told} Of the notes written there, {100 * finding.confidence:.0f} % were surely heard."


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.2g}"


def mistakes_by_bar(mistakes: tuple[Mistake, ...]) -> list[tuple[str, str]]:
    """("Bar 12", "D instead of E♭; A not heard; an extra G") for each bar that has any.

    What comes several times is counted, and a bar with very many is summed up. A bar that comes
    again, since it is repeated, is told again.
    """
    told: dict[str, str] = {}
    for bar, rows in groupby(mistakes, key=lambda m: m.bar):
        name = f"Bar {bar}" if bar else "Upbeat"
        while name in told:
            name += " again"
        told[name] = _bar_told(list(rows))
    return list(told.items())


def _bar_told(mistakes: list[Mistake]) -> str:
    told = Counter(_mistake(m) for m in mistakes)
    if len(told) <= _MOST_IN_A_BAR:
        return "; ".join(
            words if count == 1 else f"{words} ({count} times)" for words, count in told.items()
        )
    return "; ".join(
        form.format(count) if count > 1 else one
        for label, (one, form) in _SUMS.items()
        if (count := sum(m.label == label for m in mistakes))
    )


_MOST_IN_A_BAR = 8
_SUMS = {
    "wrong": ("another key for one note", "other keys for {} notes"),
    "missed": ("one note not heard", "{} notes not heard"),
    "extra": ("an extra note", "{} extra notes"),
}


def _mistake(mistake: Mistake) -> str:
    played = ""
    if mistake.played is not None:
        played = struck_name(mistake.played, mistake.written, mistake.fifths)
    written = spelled(mistake.written).rstrip("-0123456789")
    if mistake.label == "missed":
        return f"{written or 'a note'} not heard"
    if mistake.label == "extra":
        return f"an extra {played}" if played else "an extra note"
    return f"{played or 'another key'} instead of {written or 'the note written'}"
