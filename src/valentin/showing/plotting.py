"""Plots under each system, aligned to its bar lines: bands and lines of anything told beat by beat.

In: points (each a moment of the score in a run of a take) and one `Setting`. Out: SVG per system,
in that system's units, from y = 0 downwards; and clear rectangles over the bars, to be touched.

**Conventions.** The scales are the same for the whole piece; values beyond them touch the edge.
Each run of a take is a line of its own. A logarithmic plot shows ratios alike.

**Knows nothing of** what the values mean.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import groupby
from typing import Any, Protocol

from valentin.showing.drawing import SPACE, System
from valentin.showing.setting import Setting

__all__ = ["Line", "Plot", "bars_to_touch", "draw_plots", "plots_height"]

_PLOT_SPACES = 6.5
_GAP_SPACES = 1.4
_EDGE_SHARE = 0.02
"""Share of the band beyond each edge of a scale: a last ritard may leave it."""
_MARGIN = 1.06
"""How far a scale goes beyond the band: room for the line where it leaves the band."""


class Point(Protocol):
    """A moment of the unfolded score, in a run of a take."""

    @property
    def onset_q(self) -> Fraction: ...
    @property
    def run(self) -> int: ...


Value = Callable[[Any], float | None]
Spots = list[tuple[float, Point]]


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity as drawn: how to read it, and which class styles it."""

    kind: str
    value: Value


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: its label and unit, its band, its lines."""

    label: str
    unit: str
    low: Value
    high: Value
    lines: tuple[Line, ...]
    logarithmic: bool = False


def plots_height(count: int, text_height: float) -> float:
    """The room of so many plots under a system, in drawing units."""
    return count * ((_PLOT_SPACES + _GAP_SPACES) * SPACE + text_height)


def draw_plots(
    plots: Sequence[Plot], points: Sequence[Point], setting: Setting, text_height: float
) -> list[str]:
    """SVG for each system, empty where there is no point."""
    spots = _spots(points, setting)
    first = min(spots, default=0)
    drawn = []
    for i, system in enumerate(setting.systems):
        parts = []
        for row, plot in enumerate(plots if spots[i] else ()):
            top = plots_height(row, text_height) + text_height + 0.4 * SPACE
            scale = _Scale(plot, points, top)
            parts.append(_plot(plot, scale, system, spots[i]))
            parts.append(_label(plot, scale, system, text_height, with_unit=i == first))
        drawn.append("".join(parts))
    return drawn


def _spots(points: Sequence[Point], setting: Setting) -> dict[int, Spots]:
    """Per system, the x of every beat; a beat that begins a line ends the line before it too."""
    spots: dict[int, Spots] = defaultdict(list)
    last: tuple[int, int] | None = None
    for point in points:
        place = setting.place(point.onset_q)
        if place is None:
            continue
        if last == (place.system - 1, point.run) and not spots[place.system]:
            spots[last[0]].append((setting.systems[last[0]].bars[-1].right, point))
        spots[place.system].append((place.x, point))
        last = place.system, point.run
    return spots


class _Scale:
    """Value → y, the same for the whole piece: where the band moves, and a margin.

    The take does not stretch it, so that one wild beat cannot flatten all the others.
    """

    def __init__(self, plot: Plot, points: Sequence[Point], top: float) -> None:
        bands = ((plot.low(p), plot.high(p)) for p in points)
        values = sorted(v for band in bands for v in band if v is not None and v > 0) or [1.0]
        edge = int(len(values) * _EDGE_SHARE)
        self.low, self.high = values[edge] / _MARGIN, values[-1 - edge] * _MARGIN
        self._log, self.top, self.height = plot.logarithmic, top, _PLOT_SPACES * SPACE

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        if self._log:
            share = math.log(inside / self.low) / math.log(self.high / self.low)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return self.top + self.height * (1 - share)


def _plot(plot: Plot, scale: _Scale, system: System, spots: Spots) -> str:
    bottom = scale.top + scale.height
    edges = sorted({round(x) for bar in system.bars for x in (bar.left, bar.right)})
    bars = "".join(f"M{x} {scale.top:.0f}V{bottom:.0f}" for x in edges[1:])
    runs = [list(rows) for _, rows in groupby(spots, key=_stretch(spots))]
    shapes = "".join(_band(plot, scale, run) for run in runs)
    for line in plot.lines:
        shapes += "".join(_polyline(line, scale, run) for run in runs)
    return f'<g class="plot"><path class="bars" d="{bars}"/>{shapes}</g>'


def _label(
    plot: Plot, scale: _Scale, system: System, text_height: float, *, with_unit: bool
) -> str:
    """What is plotted, its two edges, and its unit under the first system."""
    size, left = 0.85 * text_height, system.bars[0].left
    unit = f'<tspan class="unit"> · {escape(plot.unit)}</tspan>' if with_unit else ""
    return (
        f'<g class="plot"><text x="{left:.0f}" y="{scale.top - 0.35 * SPACE:.0f}" '
        f'font-size="{size:.0f}">{escape(plot.label)}{unit}</text>'
        f'<text class="tick" x="{left:.0f}" y="{scale.top + 0.8 * size:.0f}" '
        f'font-size="{size:.0f}">{scale.high:.0f}</text>'
        f'<text class="tick" x="{left:.0f}" y="{scale.top + scale.height:.0f}" '
        f'font-size="{size:.0f}">{scale.low:.0f}</text></g>'
    )


def _stretch(spots: Spots) -> Callable[[tuple[float, Point]], int]:
    """A key that changes where a line must be lifted: another run, or a leap back on the page."""
    number, held = 0, dict[int, int]()
    for i, (x, point) in enumerate(spots):
        if i and (point.run != spots[i - 1][1].run or x <= spots[i - 1][0]):
            number += 1
        held[id(point)] = number
    return lambda spot: held[id(spot[1])]


def _band(plot: Plot, scale: _Scale, run: Spots) -> str:
    edge = [
        (x, low, high)
        for x, p in run
        if (low := plot.low(p)) is not None and (high := plot.high(p)) is not None and high > 0
    ]
    if len(edge) < 2:
        return ""
    over = [f"{x:.0f},{scale.y(high):.0f}" for x, _, high in edge]
    under = [f"{x:.0f},{scale.y(low):.0f}" for x, low, _ in reversed(edge)]
    return f'<polygon class="band" points="{" ".join(over + under)}"/>'


def _polyline(line: Line, scale: _Scale, run: Spots) -> str:
    points = [(x, v) for x, p in run if (v := line.value(p)) is not None]
    if len(points) == 1:
        x, v = points[0]
        return f'<circle class="dot" cx="{x:.0f}" cy="{scale.y(v):.0f}" r="40"/>'
    path = " ".join(f"{x:.0f},{scale.y(v):.0f}" for x, v in points)
    return f'<polyline class="{line.kind}" points="{path}"/>' if points else ""


def bars_to_touch(told: Mapping[str, str], system: System, height: float) -> str:
    """A clear rectangle over each bar that something is told of, by the bar's id."""
    return "".join(
        f'<rect class="reading" fill="none" x="{bar.left:.0f}" y="0" '
        f'width="{bar.right - bar.left:.0f}" height="{height:.0f}" '
        f'data-bar="{escape(bar.id, quote=True)}" data-words="{escape(told[bar.id], quote=True)}"/>'
        for bar in system.bars
        if bar.id in told
    )
