"""Remarks on the score: a numbered shape with a bracket over its bars, its note heads outlined.

In: a sheet and one `Setting`. Out: the layers of its systems, with every mark of the lesson.

A circle is where to start, a square another remark, a diamond something unusual but one's own;
shapes differ, so that colour never speaks alone. Heads are outlined only where the remark is about
some of the notes in its bars, not about nearly all of them.

**Conventions.** Brackets stand in lanes above y = 0, so that a mark never covers the music.

**Knows nothing of** what the remarks say, colours (classes carry them to the style sheet).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape

from valentin.music import Finding, LessonSheet, Remark
from valentin.showing.drawing import SPACE
from valentin.showing.layers import Layers, head_ellipse
from valentin.showing.page_words import bars_said, words_of
from valentin.showing.setting import Setting
from valentin.showing.slips import mark_slips

__all__ = ["LANE_HEIGHTS", "Named", "bracket", "mark_lesson", "remark_shape", "shape_svg"]

LANE_HEIGHTS = 2.0
"""How high a lane is, in heights of small print: a shape and air around it."""
_NEARLY_ALL = 0.8
_SHAPE_RADIUS = 0.72


@dataclass(frozen=True, slots=True)
class Named:
    """What stands over some bars: its number, its shape, and its name for who cannot see it."""

    number: int
    shape: str
    label: str


def mark_lesson(sheet: LessonSheet, setting: Setting, text_height: float) -> list[Layers]:
    """Every mark of the lesson; `text_height` is the size of small print in drawing units."""
    layers = [Layers() for _ in setting.systems]
    words = words_of(sheet.lesson)
    for number, remark in enumerate(sheet.lesson.remarks, start=1):
        bars = bars_said(words, *remark.finding.bars)
        label = words.say("remark", number=number, bars=bars)
        span = remark.finding.start_q, remark.finding.end_q
        named = Named(number, remark_shape(number, remark), label)
        bracket(layers, setting, named, span, text_height)
        if _is_choice(sheet, remark.finding):
            _outline(layers, setting, number, remark.finding)
    mark_slips(sheet, setting, layers, text_height)
    return layers


def remark_shape(number: int, remark: Remark) -> str:
    """circle (start here), square, or diamond (unusual, but yours)."""
    if remark.finding.kind == "unusual":
        return "diamond"
    return "circle" if number == 1 else "square"


def shape_svg(shape: str, number: int, x: float, y: float, radius: float) -> str:
    """A numbered shape with its centre at (x, y)."""
    r = radius
    outline = {
        "circle": f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}"/>',
        "square": f'<rect x="{x - r:.0f}" y="{y - r:.0f}" width="{2 * r:.0f}" '
        f'height="{2 * r:.0f}"/>',
        "diamond": f'<path d="M{x:.0f} {y - 1.3 * r:.0f}L{x + 1.3 * r:.0f} {y:.0f}'
        f'L{x:.0f} {y + 1.3 * r:.0f}L{x - 1.3 * r:.0f} {y:.0f}Z"/>',
    }[shape]
    return (
        f'<g class="shape {shape}" aria-hidden="true">{outline}'
        f'<text x="{x:.0f}" y="{y + 0.52 * r:.0f}" '
        f'font-size="{1.45 * r:.0f}" text-anchor="middle">{number}</text></g>'
    )


def bracket(
    layers: list[Layers],
    setting: Setting,
    named: Named,
    span: tuple[Fraction, Fraction],
    text_height: float,
) -> None:
    """The numbered shape and the bracket over bars from one place to another, in each system."""
    ends = _spans(setting, *span)
    number, label = named.number, named.label
    radius, lane_height = _SHAPE_RADIUS * text_height, LANE_HEIGHTS * text_height
    for i, (left, right) in ends.items():
        y = -lane_height * (layers[i].lane(left, right) + 0.5)
        first, last = i == min(ends), i == max(ends)
        start = left + (2.3 * radius if first else 0)
        line = f"M{start:.0f} {y:.0f}H{right:.0f}" + (f"v{0.8 * radius:.0f}" if last else "")
        sign = shape_svg(named.shape, number, left + radius, y, radius) if first else ""
        top, bottom = y - lane_height / 2, setting.systems[i].bottom + SPACE
        layers[i].behind.append(
            f'<rect class="wash" fill="none" data-remark="{number}" x="{left:.0f}" y="{top:.0f}" '
            f'width="{right - left:.0f}" height="{bottom - top:.0f}"/>'
        )
        layers[i].front.append(
            f'<a class="mark remark-{number}" href="#remark-{number}" data-remark="{number}">'
            f"<title>{escape(label)}</title>"
            f'<path class="bracket" d="{line}"/>{sign}</a>'
        )


def _spans(setting: Setting, start_q: Fraction, end_q: Fraction) -> dict[int, tuple[float, float]]:
    """Per system, the left end of the first bar there and the right end of the last."""
    spans: dict[int, tuple[float, float]] = {}
    for bar in setting.bars_between(start_q, end_q):
        found = setting.box(bar)
        if found is not None:
            i, box = found
            left, right = spans.get(i, (box.left, box.right))
            spans[i] = (min(left, box.left), max(right, box.right))
    return spans


def _is_choice(sheet: LessonSheet, finding: Finding) -> bool:
    """Whether the finding is about some of the notes where it stands, not nearly all."""
    there = sum(finding.start_q <= n.onset_q < finding.end_q for n in sheet.score.notes)
    return len(set(finding.note_ids)) < _NEARLY_ALL * there


def _outline(layers: list[Layers], setting: Setting, number: int, finding: Finding) -> None:
    for note_id in dict.fromkeys(finding.note_ids):
        found = setting.head(note_id)
        if found is not None:
            i, head = found
            layers[i].front.append(head_ellipse(head, f"outline remark-{number}", 58))
