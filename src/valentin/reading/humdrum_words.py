"""Words of a Humdrum text that Verovio would lose, spelled so that it keeps them.

In: a text. Out: the same text, line for line.

Encoders write the words and the metronome mark of the beginning in two records (`!!!OMD: Lento.`
and `!!!OMD: [half-dot] = 60`), or leave the record empty and put a modernised spelling beside it
(`!!!OMD-mod: Larghetto`); Verovio reads one of them. Of a text that is marked as a problem it draws
a warning sign and no word: some of these are words of the music whose line could not be encoded
(`!LO:TX:t=ac--ce-le-rando.:problem:text with extension lines`), others are the editor's own notes
(`t=P:…`).

**Conventions.** The words of a tempo come first, then the metronome mark. A note of the editor
becomes a comment that begins with `EDITOR`. Lines keep their numbers, since notes are named after
them.

**Knows nothing of** what a word means, but for `joined`.

**Reference.** D. Huron, *The Humdrum Toolkit: Reference Manual* (1995), reference records; Verovio
Humdrum Viewer, documentation of `!LO:TX`.
"""

from __future__ import annotations

import re

from valentin.reading.wording import joined

__all__ = ["EDITOR", "with_words"]

EDITOR = "!P:"
"""How a field begins that holds a note of the editor."""

_RECORD = re.compile(r"!!!OMD(-mod)?[^:\t]*:[ \t]*(.*)")
_PROBLEM = re.compile(r"(!LO:TX(?::[^\t]*?)?:t=)([^\t:]*(?::[^\t]*?)?):problem\b[^\t]*")
_NOT_TEXT = re.compile(r"^(\w{0,2}:)?\s*P:")
_KEYS = re.compile(r":(?=(?:dur|ext|vis|cc|color|size|rj|lj|cj|[abBi]{1,2})(?:=|:|$))")


def with_words(text: str) -> str:
    """The text with its tempo at the start in one record and its words free of warning signs."""
    lines = text.split("\n")
    _one_tempo(lines)
    if ":problem" not in text:
        return "\n".join(lines)
    return "\n".join(
        "\t".join(map(_plain, line.split("\t"))) if ":problem" in line else line for line in lines
    )


def _plain(field: str) -> str:
    """A field with its text restored, or marked as the editor's."""
    found = _PROBLEM.fullmatch(field.rstrip("\r"))
    if not found:
        return field
    words, *keys = _KEYS.split(found[2])
    if _NOT_TEXT.match(words):
        return f"{EDITOR} {words.partition('P:')[2].strip()}"
    kept = "".join(f":{key}" for key in keys if not key.startswith("ext"))
    return f"{found[1]}{joined(words)}{kept}"


def _one_tempo(lines: list[str]) -> None:
    """All tempo records before the first note in the last of them."""
    found: list[tuple[int, bool, str]] = []
    for i, line in enumerate(lines):
        if line and line[0] not in "!*":
            break
        if record := _RECORD.fullmatch(line.rstrip("\r")):
            found.append((i, bool(record[1]), record[2].strip()))
    said = [(i, words) for i, modern, words in found if words and not modern]
    said = said or [(i, words) for i, _, words in found if words]
    if not said or len(found) == 1:
        return
    marks = [words for _, words in said if "=" in words]
    words = [words for _, words in said if "=" not in words]
    for i, _, _ in found:
        lines[i] = "!!"
    lines[said[-1][0]] = "!!!OMD: " + " ".join(dict.fromkeys((*words, *marks)))
