"""A finding in words: where and why, and what to do about it.

In: a finding and a catalogue. Out: sentences.

**Conventions.** Every number in the words is recomputed from the finding and rounded as one says
it. The message is chosen by measure and, where a measure has two sides, by the side.

**Knows nothing of** which findings are worth saying.
"""

from __future__ import annotations

from collections import Counter

from valentin.music import Became, Finding, Mistake
from valentin.teaching.catalogue import Catalogue, note_names

__all__ = [
    "bars_words", "became_words", "do_words", "habit_words", "span_words", "strength_words",
    "why_words",
]  # fmt: skip

LEVEL = 3.0
"""Velocities between two voices that count as equally loud: about 1 dB (see `judging.limits`)."""

HABIT = 6
"""Times from which one misreading is a habit and no slip."""

LITTLE, FAR = 1.5, 5.5
"""How many times as far sound could move: below the one it is said as a little further, above the
other as much further."""


def bars_words(catalogue: Catalogue, finding: Finding) -> str:
    """ "bar 9" or "bars 9–12"; where a repeat lies between, "bar 32 to bar 3 (over the repeat)"."""
    return span_words(catalogue, finding.bars)


def span_words(catalogue: Catalogue, bars: tuple[str, str]) -> str:
    """The same of first and last bar."""
    first, last = bars
    if first.isdecimal() and last.isdecimal() and int(first) > int(last):
        return catalogue.say("bars.over", first=first, last=last)
    return catalogue.say("bars.one" if first == last else "bars.more", first=first, last=last)


def became_words(catalogue: Catalogue, became: Became) -> str:
    """What became of something said in an earlier lesson."""
    finding = became.finding
    topic = catalogue.say(f"topic.{finding.measure}")
    key = f"since.{became.became}"
    if became.became == "resolved":
        side = _side(finding) if f"{key}.{finding.measure}{_side(finding)}" in catalogue else ""
        key += f".{finding.measure}{side}"
    elif finding.scope == "piece":
        key += ".throughout"
    return catalogue.say(key, where=bars_words(catalogue, finding), topic=topic)


def why_words(catalogue: Catalogue, finding: Finding) -> str:
    """Where it is and why it matters."""
    key = f"issue.{finding.measure}.words"
    sided = key + _side(finding)
    key = sided if sided in catalogue else key
    if finding.measure == "growth over the hairpin" and _away(finding):
        key += ".away"
    return catalogue.say(key, **_fields(catalogue, finding))


def do_words(catalogue: Catalogue, finding: Finding) -> str:
    """What to do about it."""
    key = f"issue.{finding.measure}.do"
    sided = key + _side(finding)
    return catalogue.say(sided if sided in catalogue else key, **_fields(catalogue, finding))


def habit_words(catalogue: Catalogue, finding: Finding, mistakes: tuple[Mistake, ...]) -> str:
    """One misreading that most of the other keys come from, wherever it is; "" where none is.

    A sharp or a flat passed over, say: the letter stays and the key is a semitone away.
    """
    near = [(m.written.rstrip("-0123456789"), m.played) for m in mistakes if m.label == "wrong"]
    read = Counter(
        (written, played % 12)
        for written, played in near
        if written and played is not None and (played - _pitch_class(written)) % 12 in (1, 11)
    )
    (same, count), *_ = [*read.most_common(1), (("", 0), 0)]
    if count < HABIT or 2 * count < len(near) or finding.kind != "issue":
        return ""
    written, played = same
    plain = written[0] if _pitch_class(written[0]) == played else ""
    if not plain:
        return ""
    names = note_names(catalogue.language)
    fields = {"played": names.say(f"note.{plain}"), "written": names.say(f"note.{written}")}
    return " " + catalogue.say("habit", count=count, **fields)


def _pitch_class(spelling: str) -> int:
    """Of a letter with its signs: "A#" is 10."""
    signs = spelling.count("#") - spelling[1:].count("b")
    return ("C.D.EF.G.A.B".index(spelling[0]) + signs) % 12


def strength_words(catalogue: Catalogue, finding: Finding, *, whole: bool = True) -> str:
    """What went well, over the `whole` piece or as far as it was played."""
    key = f"strength.{finding.measure}"
    sided = key + _side(finding)
    if not whole and f"{sided}.part" in catalogue:
        sided += ".part"
    return catalogue.say(sided if sided in catalogue else key, **_fields(catalogue, finding))


def _side(finding: Finding) -> str:
    """Which of a measure's messages fits, "" where it has one."""
    if finding.measure == "notes right":
        if finding.scope == "piece":
            return ".throughout"
        return ".all" if finding.value == 100 else ""
    if finding.measure == "range of loudness" and finding.kind != "strength":
        return ".little" if _times(finding) < LITTLE else ".far" if _times(finding) > FAR else ""
    if finding.measure in ("tempo drift", "sudden tempo"):
        return ".rush" if finding.value > 0 else ".drag"
    if finding.measure == "sudden loudness":
        return ".loud" if finding.value > 0 else ".soft"
    if finding.measure == "growth over the hairpin":
        return ".up" if finding.expected > 0 else ".down"
    if finding.measure == "melody above accompaniment":
        if finding.value <= -LEVEL:
            return ".behind"
        return ".level" if finding.value < LEVEL else ".ahead"
    return ""


def _fields(catalogue: Catalogue, finding: Finding) -> dict[str, str | int]:
    first, last = finding.bars
    return {
        "where": bars_words(catalogue, finding),
        "start": catalogue.say("bars.one", first=first, last=first),
        "end": catalogue.say("bars.one", first=last, last=last),
        "value": _said(finding),
        "value_abs": abs(round(finding.value)),
        "expected": round(finding.expected),
        "times": f"{round(2 * min(_times(finding), FAR)) / 2:g}".replace(
            ".", catalogue.say("number.point")
        ),
        "count": len(finding.note_ids),
    }


def _away(finding: Finding) -> bool:
    """Whether the loudness clearly goes the other way than the sign."""
    return finding.value * finding.expected < 0 and abs(finding.value) > 2 * LEVEL


def _times(finding: Finding) -> float:
    """What is expected over what there was, the larger the less there was."""
    return finding.expected / max(finding.value, 1e-6)


def _said(finding: Finding) -> int:
    """The value as one says it; 99.7 of every 100 notes are not all of them."""
    return int(finding.value) if finding.measure == "notes right" else round(finding.value)
