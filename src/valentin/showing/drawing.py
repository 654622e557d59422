"""A drawn system and where everything in it stands: what marks, curves and the cursor are laid on.

In: one page of Verovio's SVG (see `engraving`), which holds one system. Out: a `System`, whose
`svg` is the inside of the drawing, rewritten small: glyphs are references to one sheet of glyphs
for the whole page, every colour is left to the page (`currentColor`), editor's signs are gone.

**Conventions.** Lengths are in `UNIT`s: a staff space is 180 of them, whatever its size on the
page; x grows rightwards, y downwards, from the top left corner of the system. Note and bar ids
are the engraving's, kept as `data-id` on `<g class="note">` and `<g class="measure">`, since a page
may hold one score in two widths; a note carries its head's centre as `data-x`.

**Knows nothing of** takes, lessons, HTML, the size of a pixel.

**Reference.** Verovio 6 writes SMuFL glyphs in a font of 1000 units an em, an em of four spaces,
at a scale of .72 (a staff space is then 180).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from xml.etree import ElementTree

from valentin.showing.smufl import plain

__all__ = ["SPACE", "BarBox", "NoteBox", "System", "glyph_sheet", "read_page"]

SPACE = 180.0
"""One staff space in drawing units (Verovio's `unit` 9, doubled, times ten)."""

_SVG = "{http://www.w3.org/2000/svg}"
_HEAD_WIDTH_EM = {"E0A2": 0.422, "E0A3": 0.295, "E0A4": 0.295, "E0A0": 0.624}
"""Note head widths in ems / 4 of the Leipzig font, measured from its outlines; others as E0A4."""
_EM = 1000.0
_SKIPPED = {"desc", "defs", "style", "title"}
_SIGN_GROUPS = {"accid", "artic", "dynam", "trill", "turn", "mordent", "fermata"}
_SKIPPED_GROUPS = {"problem", "sic", "placeholder", "pageMilestone"}
_KEPT_ATTRIBUTES = {
    "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height",
    "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "font-size",
    "font-style", "font-weight", "text-anchor", "visibility", "dx", "dy",
}  # fmt: skip
_LETTERS = ' font-family="serif" font-weight="bold" font-style="italic" font-size="450px"'
"""How music-font text is set once it is letters: as dynamics are, upright spaces high."""
_MOVE = re.compile(r"translate\(\s*(-?[\d.]+)[ ,]+(-?[\d.]+)\s*\)")
_WORD_END = re.compile(r"\w(</tspan>)+(<tspan[^>]*>)*$")
_SCALE = re.compile(r"scale\(\s*(-?[\d.]+)")
_LINE = re.compile(r"M\s*(-?[\d.]+)[ ,]+(-?[\d.]+)\s*L\s*(-?[\d.]+)[ ,]+(-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class NoteBox:
    """The head of a note: its centre and its size; `staff` counts from 0 at the top."""

    id: str
    bar_id: str
    staff: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class BarBox:
    """A bar on its staves, from the top line of the first to the bottom line of the last."""

    id: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class System:
    """One line of music: its drawing and the places in it.

    `signs` are the origins (left end, middle line) of accidentals, articulation and dynamics.
    """

    svg: str = field(repr=False)
    width: float
    height: float
    bars: tuple[BarBox, ...]
    notes: tuple[NoteBox, ...]
    signs: tuple[tuple[float, float], ...]
    glyphs: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def top(self) -> float:
        """The top line of the highest staff."""
        return min((bar.top for bar in self.bars), default=0.0)

    @property
    def bottom(self) -> float:
        """The bottom line of the lowest staff."""
        return max((bar.bottom for bar in self.bars), default=self.height)


def glyph_sheet(systems: tuple[System, ...]) -> str:
    """One hidden SVG with every glyph the systems refer to."""
    glyphs = {name: path for system in systems for name, path in system.glyphs}
    shapes = "".join(
        f'<path id="{name}" transform="scale(1,-1)" d="{escape(path, quote=True)}"/>'
        for name, path in sorted(glyphs.items())
    )
    return (
        f'<svg class="glyphs" width="0" height="0" aria-hidden="true"><defs>{shapes}</defs></svg>'
    )


def read_page(page: str) -> System:
    """One page of Verovio's SVG (`svgHtml5`, `svgRemoveXlink`, `svgViewBox`) as a System."""
    root = ElementTree.fromstring(page)
    inner = root.find(f"{_SVG}svg")
    margin = None if inner is None else inner.find(f"{_SVG}g")
    if inner is None or margin is None:
        raise ValueError("an engraved page must hold one drawing with one margin")
    _, _, width, height = (float(x) for x in inner.get("viewBox", "").split())
    pen = _Pen(*_moved(margin))
    pen.children(margin, _Where())
    return System(
        svg=f'<g transform="translate({_n(pen.left)} {_n(pen.top)})">{"".join(pen.out)}</g>',
        width=width,
        height=height,
        bars=tuple(pen.bars),
        notes=tuple(pen.notes),
        signs=tuple(pen.signs),
        glyphs=tuple(_glyphs(root)),
    )


def _glyphs(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for symbol in root.iterfind(f"{_SVG}defs/{_SVG}g"):
        path = symbol.find(f"{_SVG}path")
        if path is not None:
            yield _glyph_name(symbol.get("id", "")), path.get("d", "")


def _glyph_name(reference: str) -> str:
    """`#E0A4-x1y2` → `g-E0A4`: the same glyph has one name on the whole page."""
    return "g-" + reference.removeprefix("#").partition("-")[0]


@dataclass(frozen=True, slots=True)
class _Where:
    """The bar, staff and note that the pen is inside of, and the kind of the innermost group."""

    bar: str = ""
    staff: int = -1
    note: str = ""
    group: str = ""


class _Pen:
    """Writes the elements anew and notes where bars and note heads stand."""

    def __init__(self, left: float, top: float) -> None:
        self.left, self.top = left, top
        self.out: list[str] = []
        self.bars: list[BarBox] = []
        self.notes: list[NoteBox] = []
        self.signs: list[tuple[float, float]] = []

    def children(self, element: ElementTree.Element, where: _Where) -> None:
        staff = -1
        for child in element:
            if _classes(child)[:1] == ["staff"]:
                staff += 1
                self.element(child, replace(where, staff=staff))
            else:
                self.element(child, where)

    def element(self, element: ElementTree.Element, where: _Where) -> None:
        tag = element.tag.removeprefix(_SVG)
        classes = _classes(element)
        if tag in _SKIPPED or _SKIPPED_GROUPS & set(classes):
            return
        if tag == "use":
            self.out.append(self._glyph(element, where))
        elif tag == "g":
            self._group(element, classes[0] if classes else "", where)
        else:
            text = escape(plain(element.text or ""))
            if element.get("font-family") and _WORD_END.search("".join(self.out[-4:])):
                text = "\u00a0" + text  # a metronome note stands off from the word before it
            self.out.append(f"<{tag}{_attributes(element)}>{text}")
            self.children(element, where)
            self.out.append(f"</{tag}>")

    def _glyph(self, element: ElementTree.Element, where: _Where) -> str:
        x, y = _moved(element)
        if where.group in _SIGN_GROUPS:
            self.signs.append((x + self.left, y + self.top))
        size = _scaled(element)
        name = _glyph_name(element.get("href", ""))
        return f'<use href="#{name}" transform="translate({_n(x)} {_n(y)})scale({size:g})"/>'

    def _group(self, element: ElementTree.Element, kind: str, where: _Where) -> None:
        if len(element) == 0:
            return
        name = element.get("data-id", "")
        extra = ""
        where = _Where(where.bar, where.staff, where.note, kind)
        if kind == "measure":
            where = _Where(bar=name)
            self._bar(element, name)
            extra = f' data-id="{escape(name, quote=True)}"'
        elif kind == "note":
            where = replace(where, note=name)
            extra = f' data-id="{escape(name, quote=True)}"' + self._head(element, where)
        if kind in ("beam", "notehead", "layer", "") and not extra:
            self.children(element, where)
            return
        self.out.append(f'<g class="{kind}"{extra}{_attributes(element)}>')
        self.children(element, where)
        self.out.append("</g>")

    def _head(self, note: ElementTree.Element, where: _Where) -> str:
        glyph = next((g.find(f"{_SVG}use") for g in note if _classes(g)[:1] == ["notehead"]), None)
        if glyph is None:
            return ""
        (x, y), size = _moved(glyph), _scaled(glyph)
        form = _glyph_name(glyph.get("href", "")).removeprefix("g-")
        width = _HEAD_WIDTH_EM.get(form, 0.295) * _EM * size
        box = NoteBox(
            where.note, where.bar, where.staff, x + width / 2 + self.left, y + self.top,
            width, size * _EM / 4,
        )  # fmt: skip
        self.notes.append(box)
        return f' data-x="{_n(box.x)}"'

    def _bar(self, measure: ElementTree.Element, name: str) -> None:
        lines = [
            tuple(float(x) for x in found.groups())
            for staff in measure
            if _classes(staff)[:1] == ["staff"]
            for path in staff.findall(f"{_SVG}path")
            if (found := _LINE.match(path.get("d", "")))
        ]
        if lines:
            self.bars.append(
                BarBox(
                    name,
                    min(x for x, _, _, _ in lines) + self.left,
                    max(x for _, _, x, _ in lines) + self.left,
                    min(y for _, y, _, _ in lines) + self.top,
                    max(y for _, y, _, _ in lines) + self.top,
                )
            )


def _classes(element: ElementTree.Element) -> list[str]:
    return element.get("class", "").split()


def _attributes(element: ElementTree.Element) -> str:
    text = "".join(
        f' {name}="{escape(value, quote=True)}"'
        for name, value in element.attrib.items()
        if name in _KEPT_ATTRIBUTES
    )
    if element.get("fill") == "none":
        text += ' fill="none"'
    if element.get("font-family"):
        text += _LETTERS
    turn = element.get("transform", "")
    return text + (f' transform="{turn}"' if turn.startswith("rotate") else "")


def _moved(element: ElementTree.Element) -> tuple[float, float]:
    found = _MOVE.search(element.get("transform", ""))
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _scaled(element: ElementTree.Element) -> float:
    found = _SCALE.search(element.get("transform", ""))
    return float(found[1]) if found else 1.0


def _n(value: float) -> str:
    """A coordinate, without a needless fraction."""
    return f"{value:.1f}".removesuffix(".0")
