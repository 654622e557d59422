"""Engraving → drawn systems, one SVG to a line of music.

In: the MEI of an `Engraving` and a width in staff spaces. Out: `System`s from top to bottom (see
`drawing`), or whole SVG texts. A page of 100 units holds no more than one system, so that "pages"
here are systems and reflow with the reader's window.

**Conventions.** Widths in staff spaces: at 7 px a space, 150 spaces are a column of 1050 px.

**Knows nothing of** takes, lessons, HTML, the network. Fonts are outlines inside the SVG.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import verovio

from valentin.catalogue import catalogue
from valentin.errors import MusicError
from valentin.music import Engraving, Score
from valentin.showing.drawing import SPACE, System, glyph_sheet, read_page

__all__ = ["NARROW_SPACES", "WIDE_SPACES", "bars_label", "cursor_line", "draw", "engrave"]

WIDE_SPACES = 150
"""Staff spaces of a line in a column of 1100 px: 7.3 px a space, a printed page held near."""
NARROW_SPACES = 68
"""Staff spaces of a line on a telephone 360 px wide: 5 px a space, the smallest that reads well."""

_LABEL = re.compile(r"<label\b[^>]*>.*?</label>", re.DOTALL)
_LABELS = re.compile(r"<(label|labelAbbr)\b[^>]*>.*?</\1>", re.DOTALL)
_PAGE_UNITS_PER_SPACE = 18
_OPTIONS = {
    "inputFrom": "mei",
    "breaks": "auto",
    "header": "none",
    "footer": "none",
    "pageHeight": 100,
    "adjustPageHeight": True,
    "pageMarginLeft": 30,
    "pageMarginRight": 12,
    "pageMarginTop": 20,
    "pageMarginBottom": 20,
    "svgViewBox": True,
    "svgHtml5": True,
    "svgRemoveXlink": True,
    "svgFormatRaw": True,
    "smuflTextFont": "none",
    "minLastJustification": 0.5,
    "xmlIdChecksum": True,
}


def engrave(
    score: Score, engraving: Engraving, *, width_spaces: float = WIDE_SPACES
) -> tuple[str, ...]:
    """The score as SVG texts, one a system, the first of them holding the glyphs of all.

    Over each bar lies a clear area (`data-bar`: its printed number), and in each system a cursor.
    Raises MusicError where there is nothing that can be drawn.
    """
    (systems,) = draw(engraving, width_spaces)
    numbers = {bar.id: bar.number for bar in score.bars}
    drawn = [_whole(system, numbers) for system in systems]
    return (glyph_sheet(systems) + drawn[0], *drawn[1:])


def _whole(system: System, numbers: dict[str, str]) -> str:
    areas = "".join(
        f'<rect class="bar-area" fill="none" pointer-events="all" '
        f'data-bar="{escape(number, quote=True)}" x="{bar.left:.0f}" '
        f'y="{bar.top - 2 * SPACE:.0f}" width="{bar.right - bar.left:.0f}" '
        f'height="{bar.bottom - bar.top + 4 * SPACE:.0f}"/>'
        for bar in system.bars
        if (number := numbers.get(bar.id))
    )
    return (
        f'<svg class="system" role="img" aria-label="{bars_label(system, numbers)}" '
        f'viewBox="0 0 {system.width:g} {system.height:g}">{system.svg}{areas}'
        f"{cursor_line(system)}</svg>"
    )


def bars_label(system: System, numbers: dict[str, str], language: str = "en") -> str:
    """Which bars a system shows, in words, given the bars' printed numbers by id."""
    words = catalogue("page", language)
    shown = [numbers[bar.id] for bar in system.bars if numbers.get(bar.id)]
    if not shown:
        return escape(words.say("system.none"), quote=True)
    return escape(words.say("system", first=shown[0], last=shown[-1]), quote=True)


def cursor_line(system: System) -> str:
    """The line that glides with the sound, at x = 0 until it is moved."""
    top, bottom = system.top - 2 * SPACE, system.bottom + 2 * SPACE
    return f'<line class="cursor" x1="0" x2="0" y1="{top:.0f}" y2="{bottom:.0f}"/>'


def draw(engraving: Engraving, *widths_spaces: float) -> tuple[tuple[System, ...], ...]:
    """The score's systems at each width, from one reading of the MEI.

    Raises MusicError where there is nothing that can be drawn.
    """
    toolkit = _toolkit()
    toolkit.setOptions(_OPTIONS)
    layouts = []
    for i, width in enumerate(widths_spaces):
        if not 20 <= width <= 2000:
            raise ValueError(f"a line must be 20..2000 staff spaces wide, got {width}")
        toolkit.setOptions({"pageWidth": round(width * _PAGE_UNITS_PER_SPACE)})
        if i:
            toolkit.redoLayout()
        elif not (engraving.mei.strip() and toolkit.loadData(_unnamed(engraving.mei))):
            raise MusicError("Engraving the score: its MEI holds no music; read the score again.")
        pages = (toolkit.renderToSVG(n) for n in range(1, toolkit.getPageCount() + 1))
        layouts.append(tuple(system for page in pages if (system := read_page(page)).bars))
    if not all(layouts):
        raise MusicError("Engraving the score: no bar could be drawn; read the score again.")
    return tuple(layouts)


def _unnamed(mei: str) -> str:
    """The MEI without the instrument's name where there is only one: it would narrow each line."""
    names = set(_LABEL.findall(mei))
    return mei if len(names) > 1 else _LABELS.sub("", mei)


def _toolkit() -> verovio.toolkit:
    """A toolkit of its own, ready in 10 ms: Verovio keeps the path of its fonts by thread."""
    verovio.enableLog(verovio.LOG_OFF)
    verovio.setDefaultResourcePath(str(Path(verovio.__file__).parent / "data"))
    return verovio.toolkit()
