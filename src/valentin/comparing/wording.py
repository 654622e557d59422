"""Differences in words: who does what, and never which is right.

In: a `Duo` without words. Out: the same with them.

**Conventions.** Each sentence names the one of the larger value first where that reads better;
every number in it is a field of the contrast, rounded as one says it.

**Knows nothing of** how anything was measured.
"""

from __future__ import annotations

from dataclasses import replace

from valentin.catalogue import Catalogue, catalogue
from valentin.music import Contrast, Duo

__all__ = ["worded"]


def worded(duo: Duo) -> Duo:
    """The two takes with words; a refusal where nothing was compared."""
    words = catalogue("duo", duo.language)
    if not duo.points:
        return replace(duo, refusal=words.say("refusal"))
    places = tuple(_said(words, duo.names, c) for c in duo.places)
    question = words.say("question.none")
    if places:
        widest = max(places, key=lambda c: c.weight)
        question = words.say("question", where=_where(words, widest))
    return replace(
        duo,
        whole=tuple(_said(words, duo.names, c) for c in duo.whole),
        places=places,
        question=question,
    )


def _where(words: Catalogue, contrast: Contrast) -> str:
    first, last = contrast.bars or ("", "")
    return words.say("bars.one" if first == last else "bars.more", first=first, last=last)


def _said(words: Catalogue, names: tuple[str, str], contrast: Contrast) -> Contrast:
    rows = sorted(zip((contrast.one, contrast.other), names, strict=True))
    (low, less), (high, more) = rows
    key = f"{'place' if contrast.bars else 'whole'}.{contrast.facet}"
    fields: dict[str, str | int] = {
        "more": more, "less": less, "where": _where(words, contrast),
        "high": _number(contrast, high), "low": _number(contrast, low),
    }  # fmt: skip
    return replace(contrast, words=words.say(key, **fields))


def _number(contrast: Contrast, value: float) -> str:
    if contrast.unit == "seconds":
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02d}"
    if contrast.facet == "loudness":
        return f"{round(value):+d}".replace("-", "−").replace("+0", "0")
    return f"{round(value)}".replace("-", "−")
