"""What valentin says in one language, read from a gettext message catalogue.

In: which texts ("lesson", "listening") and a language code. Out: a `Catalogue` that fills a
message's fields.

**Conventions.** `locale/LANGUAGE/TEXTS.po` is an ordinary .po file whose ids are symbols
("voicing.issue"), so that English is a translation like every other and no sentence lives in code.
A message with plural forms is chosen by the field `count` and the file's own `Plural-Forms` rule.
Fields stand in braces. No compiled .mo is needed: the file is small and read once.

**Knows nothing of** what the messages say.

**Reference.** GNU gettext manual, "The Format of PO Files".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources import files

__all__ = ["Catalogue", "catalogue", "languages", "read_po"]

LINE = re.compile(r'(?:(msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s+)?("(?:[^"\\]|\\.)*")$')
FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: its messages (all plural forms), and the rule that chooses among them."""

    language: str
    messages: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]

    def __contains__(self, key: str) -> bool:
        return key in self.messages

    def say(self, key: str, **fields: str | int) -> str:
        """The message `key` with its fields filled; raises ValueError where one is missing."""
        if key not in self.messages:
            raise ValueError(f"the catalogue {self.language!r} has no message {key!r}")
        forms = self.messages[key]
        count = fields.get("count", 1)
        form = forms[self.plural(int(count))] if len(forms) > 1 else forms[0]
        missing = set(FIELD.findall(form)) - set(fields)
        if missing:
            raise ValueError(f"message {key!r} needs {sorted(missing)}")
        return FIELD.sub(lambda found: str(fields[found[1]]), form)


def languages(texts: str) -> tuple[str, ...]:
    """The languages in which these texts are there."""
    folder = files("valentin") / "locale"
    return tuple(sorted(f.name for f in folder.iterdir() if (f / f"{texts}.po").is_file()))


@cache
def catalogue(texts: str, language: str) -> Catalogue:
    """The catalogue of some texts in a language. Raises ValueError for one that is not there."""
    if language not in languages(texts):
        there = ", ".join(languages(texts))
        raise ValueError(f"language must be one of {there}, got {language!r}")
    text = (files("valentin") / "locale" / language / f"{texts}.po").read_text(encoding="utf-8")
    messages = read_po(text)
    header = messages.pop("", ("",))[0]
    rule = re.search(r"plural=([^;\n]+);", header)
    return Catalogue(language, messages, c2py(rule[1] if rule else "n != 1"))


def read_po(text: str) -> dict[str, tuple[str, ...]]:
    """Messages of a .po file: id → its forms, the header under the empty id."""
    messages: dict[str, list[str]] = {}
    key, into = "", ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        found = LINE.match(line)
        if found is None:
            raise ValueError(f"line {number} of a message catalogue makes no sense: {line!r}")
        into = found[1] or into
        words = str(ast.literal_eval(found[3]))
        if into == "msgid":
            key = words if found[1] else key + words
        elif into.startswith("msgstr"):
            forms = messages.setdefault(key, [])
            if found[1]:
                forms.append("")
            forms[-1] += words
    return {name: tuple(forms) for name, forms in messages.items()}
