"""One system with everything on it: marks above, the music, curves below, and the cursor.

In: a sheet and the systems of one layout. Out: one `<svg>` for each system.

**Conventions.** The viewBox starts above 0 where brackets need lanes; the drawing is as wide as
the system, so that curves stand under their bars whatever the size on the page.

**Knows nothing of** cards, sounds, the rest of the page.
"""

from __future__ import annotations

from valentin.music import LessonSheet
from valentin.showing.curves import curve_height, draw_curves
from valentin.showing.drawing import SPACE, System
from valentin.showing.engraving import bars_label, cursor_line
from valentin.showing.layers import Layers
from valentin.showing.marks import LANE_HEIGHTS, mark_lesson
from valentin.showing.page_words import words_of
from valentin.showing.setting import Setting

__all__ = ["marked_systems", "system_svg"]


def marked_systems(sheet: LessonSheet, setting: Setting, text_height: float) -> list[str]:
    """Every system of the layout, marked; `text_height` is small print in drawing units."""
    layers = mark_lesson(sheet, setting, text_height)
    curves = draw_curves(words_of(sheet.lesson), sheet.curves, setting, text_height)
    room = curve_height(sheet.curves, text_height)
    numbers = {bar.id: bar.number for bar in sheet.score.bars}
    language = sheet.lesson.language
    labels = (bars_label(system, numbers, language) for system in setting.systems)
    return [
        system_svg(system, layer, (drawn, room), text_height, label)
        for system, layer, drawn, label in zip(setting.systems, layers, curves, labels, strict=True)
    ]


def system_svg(
    system: System,
    layers: Layers,
    drawn: tuple[str, float],
    text_height: float,
    label: str,
) -> str:
    """One system; `drawn` is what stands under it and the room that takes."""
    curves, curve_room = drawn
    above = LANE_HEIGHTS * text_height * layers.lanes
    below = curve_room + SPACE if curves else 0.0
    plots = f'<g transform="translate(0 {system.height:.0f})">{curves}</g>' if curves else ""
    return (
        f'<svg class="system" viewBox="0 {-above:.0f} {system.width:.0f} '
        f'{system.height + above + below:.0f}" aria-label="{label}">'
        f"{''.join(layers.behind)}{system.svg}{''.join(layers.front)}{plots}{cursor_line(system)}</svg>"
    )
