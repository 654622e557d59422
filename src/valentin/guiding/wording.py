"""A fact in words: once as a story, once as how it works.

In: the chosen facts and a catalogue. Out: cues with words of at most twelve words each.

**Conventions.** Every number in the words is the cue's value, or what it is compared with, rounded
as one says it. No sentence comes twice on a page.

**Knows nothing of** which facts are worth saying.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from valentin.catalogue import Catalogue
from valentin.guiding.fact import Fact
from valentin.music import Cue

__all__ = ["fields_of", "worded"]


def worded(words: Catalogue, facts: tuple[Fact, ...]) -> tuple[Cue, ...]:
    """The cues; one whose sentence was said before is left out."""
    seen: set[str] = set()
    count: Counter[str] = Counter()
    cues = []
    for fact in facts:
        kind = fact.cue.kind
        count[kind] += 1
        story, works = (
            _said(words, thread, fact.cue, count[kind]) for thread in ("story", "works")
        )
        if {story, works} & seen:
            continue
        seen |= {story, works}
        cues.append(replace(fact.cue, story=story, works=works))
    return tuple(cues)


def _said(words: Catalogue, thread: str, cue: Cue, time: int) -> str:
    """The words of a kind; those of its second and third time where there are such."""
    key = f"cue.{cue.kind}.{thread}"
    again = f"{key}.{time}"
    return words.say(again if again in words else key, **fields_of(words, cue))


def fields_of(words: Catalogue, cue: Cue) -> dict[str, str | int]:
    """Everything that a cue's words may say."""
    value, against = cue.value, cue.against or 0.0
    return {
        "bar": cue.bar,
        "value": _number(words, value, cue.unit),
        "against": _number(words, against, cue.unit),
        "times": _decimal(words, value / against) if against > 0 else "",
        "note": _key_name(words, round(value)) if cue.unit == "key" else "",
        "held": _key_name(words, round(against)) if cue.kind == "stay" else "",
        "root": _pitch_class(words, round(value)),
        "due": _pitch_class(words, round(against)),
        "signature": _signature(words, round(value)),
        "signature_before": _signature(words, round(against)),
        "seconds": _decimal(words, against),
    }


def _number(words: Catalogue, value: float, unit: str) -> str:
    if unit.startswith("seconds"):
        return _decimal(words, value)
    return str(round(value))


def _decimal(words: Catalogue, value: float) -> str:
    return f"{value:.1f}".replace(".", words.say("number.point"))


def _pitch_class(words: Catalogue, pitch: int) -> str:
    return words.say("names.keys").split()[pitch % 12]


def _key_name(words: Catalogue, pitch: int) -> str:
    return words.say("names.key", name=_pitch_class(words, pitch), octave=pitch // 12 - 1)


def _signature(words: Catalogue, fifths: int) -> str:
    kind = "sharps" if fifths > 0 else "flats" if fifths < 0 else "none"
    return words.say(f"signature.{kind}", count=abs(fifths))
