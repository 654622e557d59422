"""What can still be read of a damaged file, and what had to be left out.

In: the text of a broken score. Out: text that is whole again, and words for what is missing.

**Conventions.** Nothing is invented: XML is cut after its last whole measure and closed; lines of
Humdrum that do not fit their spines are taken out.

**Knows nothing of** music.
"""

from __future__ import annotations

from contextlib import suppress
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, tostring

from valentin.reading.humdrum import broken_lines, without_lines

__all__ = ["salvaged_humdrum", "salvaged_xml"]


def salvaged_xml(text: str) -> tuple[str, str]:
    """Well-formed XML as far as its measures are whole; "" where there is not one."""
    builder = _Builder()
    with suppress(ParseError):
        XMLParser(target=builder).feed(text)
    if builder.root is None or not builder.whole:
        return "", ""
    _cut(builder.root, set(builder.whole))
    last = builder.whole[-1]
    name = last.get("number") or last.get("n") or "?"
    return tostring(builder.root, encoding="unicode"), f"the file is damaged after bar {name}"


class _Builder(TreeBuilder):
    """Keeps the outermost element and the measures that came to their end."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self.whole: list[Element] = []

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        element = super().start(tag, attrs)
        if self.root is None:
            self.root = element
        return element

    def end(self, tag: str) -> Element:
        element = super().end(tag)
        if _is_measure(element):
            self.whole.append(element)
        return element


def _is_measure(element: Element) -> bool:
    return element.tag.rpartition("}")[2] == "measure"


def _cut(parent: Element, whole: set[Element]) -> None:
    """Take out measures that did not end."""
    for child in list(parent):
        if _is_measure(child):
            if child not in whole:
                parent.remove(child)
        elif any(_is_measure(e) for e in child.iter()):
            _cut(child, whole)


def salvaged_humdrum(text: str) -> tuple[str, str]:
    """The lines that fit their spines; "" where too few are left to be the same score."""
    broken = broken_lines(text)
    named = ", ".join(str(place) for place in broken[:5]) + (" and more" if broken[5:] else "")
    return without_lines(text, broken), f"lines {named} do not fit the spines"
