"""A lesson as one HTML file that needs nothing else: no network, no other file.

In: a `LessonSheet`. Out: the page: the score with its marks, each remark in the margin beside its
bars, curves under each system, both sounds of each remark, the mistakes, the next step, and all
of it again as text. The score is drawn twice, for wide and for narrow windows.

**Conventions.** Scripts and styles are those of `valentin/web`, joined; the page's own content
security policy allows these and nothing from outside.

**Knows nothing of** HTTP, how the sounds were made, why the remarks are so.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from valentin.music import LessonSheet
from valentin.showing.cards import card
from valentin.showing.drawing import SPACE, System, glyph_sheet
from valentin.showing.engraving import NARROW_SPACES, WIDE_SPACES, draw
from valentin.showing.furniture import (
    foot,
    legend,
    mistakes_list,
    opening,
    own_note,
    sound_steps,
    text_version,
)
from valentin.showing.names import plain
from valentin.showing.one_file import joined_script, policy, web_text
from valentin.showing.page_words import words_of
from valentin.showing.setting import Setting
from valentin.showing.system_svg import marked_systems

__all__ = ["lesson_page"]

_SMALL_PRINT_PX = 12.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """One width of the score: how many staff spaces, and the size of a space where it is least."""

    name: str
    spaces: float
    space_px: float

    @property
    def text_height(self) -> float:
        """Small print in drawing units."""
        return _SMALL_PRINT_PX / self.space_px * SPACE


_LAYOUTS = (_Layout("wide", WIDE_SPACES, 7.0), _Layout("narrow", NARROW_SPACES, 5.0))


def lesson_page(sheet: LessonSheet) -> str:
    """The page as HTML. Raises MusicError where the engraving holds no music."""
    drawn = draw(sheet.engraving, *(layout.spaces for layout in _LAYOUTS))
    script = joined_script("lib/glide.js", "lesson/lesson.js")
    style = web_text("paper.css", "lesson/lesson.css")
    names = (plain(sheet.score.title), plain(sheet.score.composer))
    words = words_of(sheet.lesson)
    named = " · ".join(filter(None, names))
    title = escape(words.say("title", title=named) if named else words.say("title.none"))
    scores = "".join(
        _score(sheet, layout, systems) for layout, systems in zip(_LAYOUTS, drawn, strict=True)
    )
    return (
        f'<!doctype html>\n<html lang="{sheet.lesson.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">'
        f"<title>{title}</title><style>{style}</style></head>"
        f'<body data-state="loading">{glyph_sheet(tuple(s for layout in drawn for s in layout))}'
        f"{opening(sheet)}<main>{scores}{legend(sheet)}{mistakes_list(sheet)}"
        f"{own_note(sheet)}{text_version(sheet)}</main>{foot(sheet)}"
        f'<script type="application/json" id="steps">{sound_steps(sheet)}</script>'
        f"<script>{script}</script></body></html>\n"
    )


def _score(sheet: LessonSheet, layout: _Layout, systems: tuple[System, ...]) -> str:
    """The score in one layout, each remark's card in the row where its bars begin."""
    words, setting = words_of(sheet.lesson), Setting(sheet.score, systems)
    there = {bar.id for bar in sheet.score.bars}
    beside: dict[int, str] = {}
    for number, remark in enumerate(sheet.lesson.remarks, start=1):
        bars = setting.bars_between(remark.finding.start_q, remark.finding.end_q)
        homes = [found[0] for bar in bars if (found := setting.box(bar))]
        home = min(homes, default=0)
        beside[home] = beside.get(home, "") + card(words, number, remark, sheet.sounds, layout.name)
    rows = "".join(
        f'<div class="row"><figure tabindex="0">{svg}<figcaption aria-live="polite"></figcaption>'
        f'</figure><div class="margin">{beside.get(i, "")}</div></div>'
        for i, svg in enumerate(marked_systems(sheet, setting, layout.text_height))
        if any(bar.id in there for bar in systems[i].bars)
    )
    label = escape(words.say("score"), quote=True)
    return f'<section class="score {layout.name}" aria-label="{label}">{rows}</section>'
