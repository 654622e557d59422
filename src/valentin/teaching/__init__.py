"""Teach: Findings → Lesson. Choose few, order them, say them, give something to do.

**Conventions.** At most three remarks, the first is where to start. Notes before music: about a
passage whose notes are not sure, nothing else is said. What is within the spread, or nearly, is
"unusual", a choice. A refused take gets a sentence and no claim about any bar.

**Knows nothing of** arrays, how anything was measured, pages.

**Reference.** Shares of what teachers talk about, and the order of a lesson: `docs/concepts/
teaching.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valentin.music import Became, Finding, Findings, Heard, Lesson, Remark
from valentin.teaching.catalogue import Catalogue, catalogue, languages
from valentin.teaching.choosing import chosen, praised
from valentin.teaching.wording import (
    bars_words,
    became_words,
    do_words,
    habit_words,
    span_words,
    strength_words,
    why_words,
)

__all__ = ["compose", "languages"]

Bars = tuple[str, str]

WRITTEN = {"growth over the hairpin", "length of slurred notes", "length of staccato notes"}
"""Measures of what a sign in the score asks for: to pass over it is no artist's licence as such."""

WHOLE = 0.97
"""Share of the score's notes from which a take is one of the whole piece."""


def compose(
    findings: Findings,
    *,
    language: str = "en",
    part: Bars | None = None,
    offer: Bars | None = None,
    since: tuple[Became, ...] = (),
) -> Lesson:
    """The lesson on a take, or on the bars of a `part`.

    `offer` are bars of a refused take that could be heard alone; `since` is what became of an
    earlier lesson. Raises ValueError for a language that has no catalogue.
    """
    words = catalogue(language)
    heard = findings.heard
    lesson = Lesson(coverage=heard.coverage, part=part, language=language)
    if heard.verdict != "judged":
        return replace(lesson, refusals=_refusals(words, heard, part, offer), offer=offer)
    remarks = tuple(_remarks(words, findings))
    return replace(
        lesson,
        strengths=(*_strengths(words, findings, part), *_practice(words, heard)),
        remarks=remarks,
        mistakes=findings.mistakes,
        next=_next(words, remarks, part),
        since=tuple(
            replace(one, words=became_words(words, one))
            for one in since
            if one.became != "not played" or part is None
        ),
    )


def _refusals(
    words: Catalogue, heard: Heard, part: Bars | None, offer: Bars | None
) -> tuple[str, ...]:
    key = f"refusal.{heard.verdict}"
    if part and f"{key}.part" in words:
        key += ".part"
    said = words.say(
        key,
        placed=round(100 * heard.placed),
        coverage=round(100 * heard.coverage),
        bars=span_words(words, part) if part else "",
    )
    if offer is None:
        return (said,)
    return said, words.say("refusal.offer", bars=span_words(words, offer))


def _remarks(words: Catalogue, findings: Findings) -> Iterator[Remark]:
    """Each finding chosen, in words; what is unusual is called so at length only once."""
    told: set[str] = set()
    for finding in chosen(findings):
        kind = _kind(finding)
        more = ".more" if kind in told and f"{kind}.do.more" in words else ""
        told.add(kind)
        why, do = why_words(words, finding), do_words(words, finding)
        if finding.dimension == "notes":
            why += habit_words(words, finding, findings.mistakes)
        if kind == "unusual":
            why = words.say(f"unusual.lead{more}") + why
        yield Remark(finding, why, words.say(f"{kind}.do{more}", do=do) if kind else do)


def _kind(finding: Finding) -> str:
    """Which words go round a remark: none round an issue."""
    if finding.kind != "unusual":
        return ""
    if finding.dimension == "notes":
        return "unusual.notes"
    return "unusual.written" if finding.measure in WRITTEN else "unusual"


def _strengths(words: Catalogue, findings: Findings, part: Bars | None) -> tuple[str, ...]:
    coverage = findings.heard.coverage
    bars = span_words(words, part) if part else ""
    told = tuple(
        strength_words(words, finding, whole=coverage >= WHOLE) for finding in praised(findings)
    )
    if told:
        return told
    key = "strength.none" + (".whole" if coverage >= WHOLE else "") + (".part" if part else "")
    return (words.say(key, coverage=int(100 * coverage), bars=bars),)


def _practice(words: Catalogue, heard: Heard) -> tuple[str, ...]:
    told = []
    if heard.by_ear:
        told.append(words.say("practice.by ear"))
    if heard.hands != "both":
        told.append(words.say(f"practice.{heard.hands}"))
    if heard.stopped:
        told.append(words.say("practice.stopped", last=heard.stopped))
    if heard.restarts:
        count = len(heard.restarts)
        told.append(words.say("practice.restarts", count=count, first=heard.restarts[0]))
    if heard.skips:
        count = len(heard.skips)
        told.append(words.say("practice.skips", count=count, first=heard.skips[0]))
    return tuple(told)


def _next(words: Catalogue, remarks: tuple[Remark, ...], part: Bars | None) -> str:
    if not remarks:
        return words.say("next.clean")
    first = remarks[0].finding
    key = "next.notes" if first.dimension == "notes" else "next.remark"
    if first.kind == "unusual":
        key = "next.unusual"
    if first.scope == "piece":
        key = "next.notes.throughout"
    again = words.say("next.again.part", bars=span_words(words, part)) if part else ""
    again = again or words.say("next.again")
    return words.say(key, where=bars_words(words, first), again=again)
