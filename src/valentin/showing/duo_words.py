"""Two takes compared, as plain text and as JSON.

In: a `Duo`. Out: texts.

**Conventions.** As in a lesson's: bars are numbers where they are printed as numbers.

**Knows nothing of** HTML, how the places were chosen.
"""

from __future__ import annotations

import json
from textwrap import fill, indent

from valentin.catalogue import catalogue
from valentin.music import Contrast, Duo

__all__ = ["duo_json", "duo_text", "place_title"]

_WIDTH = 88


def duo_text(duo: Duo) -> str:
    """The whole comparison as readable text."""
    words = catalogue("duo", duo.language)
    if duo.refusal:
        return fill(duo.refusal, _WIDTH) + "\n"
    parts = [words.say("names", one=duo.names[0], other=duo.names[1])]
    parts.append("\n".join(fill(contrast.words, _WIDTH) for contrast in duo.whole))
    for number, place in enumerate(duo.places, start=1):
        said = indent(fill(place.words, _WIDTH), "   ")
        parts.append(f"{number}. {place_title(duo, place)}\n{said}")
    return "\n\n".join([*parts, fill(duo.question, _WIDTH)]) + "\n"


def place_title(duo: Duo, place: Contrast) -> str:
    """ "Bars 9–12 · tempo"."""
    words = catalogue("duo", duo.language)
    first, last = place.bars or ("", "")
    where = words.say("bars.one" if first == last else "bars.more", first=first, last=last)
    named = words.say(f"facet.{place.facet}")
    return f"{where[0].upper()}{where[1:]} · {named}"


def duo_json(duo: Duo) -> str:
    """The comparison, whole, for machines."""
    whole = {
        "names": list(duo.names),
        "refusal": duo.refusal,
        "whole": [_contrast(contrast) for contrast in duo.whole],
        "places": [_contrast(contrast) for contrast in duo.places],
        "question": duo.question,
        "language": duo.language,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _contrast(contrast: Contrast) -> dict[str, object]:
    told: dict[str, object] = {
        "facet": contrast.facet,
        "one": round(contrast.one, 3),
        "other": round(contrast.other, 3),
        "unit": contrast.unit,
        "weight": round(contrast.weight, 3),
        "words": contrast.words,
    }
    if contrast.bars is None:
        return told
    bars = [int(bar) if bar.isdecimal() else bar for bar in contrast.bars]
    span = {"start_q": float(contrast.start_q), "end_q": float(contrast.end_q)}
    return told | {"bars": bars} | span
