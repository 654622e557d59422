"""Tempo and loudness under each system, aligned to its bar lines.

In: the `Curves` of a take and one `Setting`. Out: SVG per system, in that system's units, from
y = 0 downwards; and the same bar by bar in words.

The band is where fine pianists range, the line is the take: the melody's loudness is a full line,
the accompaniment's a dashed one. Each run of a take is a line of its own.

**Conventions.** Tempo in felt beats a minute on a logarithmic scale, loudness in velocity. The
scales are the same for the whole piece; values beyond them touch the edge.

**Knows nothing of** what the values mean for a lesson.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from valentin.catalogue import Catalogue
from valentin.music import Bar, CurvePoint, Curves
from valentin.showing.drawing import SPACE, System
from valentin.showing.setting import Setting

__all__ = ["BarReading", "bar_readings", "curve_height", "draw_curves"]

_PLOT_SPACES = 6.5
_GAP_SPACES = 1.4
_EDGE_SHARE = 0.02
"""Share of the band beyond each edge of a scale: a last ritard may leave it."""
_MARGIN = 1.06
"""How far a scale goes beyond the band: room for the line where it leaves the band."""

Value = Callable[[CurvePoint], float | None]


@dataclass(frozen=True, slots=True)
class BarReading:
    """One bar's curves, averaged over its beats, in the order played."""

    bar: Bar
    tempo: float
    tempo_band: tuple[float, float]
    melody: float | None
    melody_band: tuple[float, float]
    accompaniment: float | None

    def said(self, words: Catalogue) -> str:
        """The bar in one sentence or two."""
        parts = [
            words.say(
                "reading.tempo",
                bar=self.bar.number,
                value=round(self.tempo),
                low=round(self.tempo_band[0]),
                high=round(self.tempo_band[1]),
            )
        ]
        if self.melody is not None:
            low, high = map(round, self.melody_band)
            value = round(self.melody)
            parts.append(words.say("reading.melody", value=value, low=low, high=high))
        if self.accompaniment is not None:
            parts.append(words.say("reading.accompaniment", value=round(self.accompaniment)))
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class _Line:
    """One quantity as drawn: how to read it, and which class styles it."""

    kind: str
    value: Value


@dataclass(frozen=True, slots=True)
class _Plot:
    """One plot: its name in the catalogue, its band, its lines."""

    name: str
    low: Value
    high: Value
    lines: tuple[_Line, ...]
    logarithmic: bool = False


_PLOTS = (
    _Plot(
        "curve.tempo",
        lambda p: p.tempo_low,
        lambda p: p.tempo_high,
        (_Line("melody", lambda p: p.tempo),),
        logarithmic=True,
    ),
    _Plot(
        "curve.loudness",
        lambda p: p.melody_low,
        lambda p: p.melody_high,
        (_Line("accompaniment", lambda p: p.accompaniment), _Line("melody", lambda p: p.melody)),
    ),
)


def curve_height(curves: Curves, text_height: float) -> float:
    """The room all curves take under a system, in drawing units."""
    return len(_PLOTS) * _step(text_height) if curves.points else 0.0


def _step(text_height: float) -> float:
    return (_PLOT_SPACES + _GAP_SPACES) * SPACE + text_height


def bar_readings(curves: Curves, bars: Sequence[Bar]) -> tuple[BarReading, ...]:
    """The curves bar by bar; a bar that was played twice has a reading for each time."""
    readings = []
    for bar in bars:
        inside = [p for p in curves.points if bar.start_q <= p.onset_q < bar.start_q + bar.length_q]
        for _, run in groupby(inside, key=lambda p: p.run):
            points = list(run)
            tempo = _mean(p.tempo for p in points)
            if tempo is None:
                continue
            readings.append(
                BarReading(
                    bar,
                    tempo,
                    (
                        _mean(p.tempo_low for p in points) or 0,
                        _mean(p.tempo_high for p in points) or 0,
                    ),
                    _mean(p.melody for p in points),
                    (
                        _mean(p.melody_low for p in points) or 0,
                        _mean(p.melody_high for p in points) or 0,
                    ),
                    _mean(p.accompaniment for p in points),
                )
            )
    return tuple(readings)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def draw_curves(
    words: Catalogue, curves: Curves, setting: Setting, text_height: float
) -> list[str]:
    """SVG for each system, empty where nothing was played there."""
    spots = _spots(curves, setting)
    first = min(spots, default=0)
    drawn = []
    for i, system in enumerate(setting.systems):
        if not spots[i]:
            drawn.append("")
            continue
        parts = []
        for row, plot in enumerate(_PLOTS):
            top = row * _step(text_height) + text_height + 0.4 * SPACE
            scale = _Scale(plot, curves.points, top)
            parts.append(_plot(plot, scale, system, spots[i]))
            named = words.say(plot.name), words.say(f"{plot.name}.unit") if i == first else ""
            parts.append(_label(named, scale, system, text_height))
        told = _told(words, curves, setting, i)
        parts += _bars_to_touch(told, setting.systems[i], len(_PLOTS) * _step(text_height))
        drawn.append("".join(parts))
    return drawn


Spots = list[tuple[float, CurvePoint]]


def _spots(curves: Curves, setting: Setting) -> dict[int, Spots]:
    """Per system, the x of every beat; a beat that begins a line ends the line before it too."""
    spots: dict[int, Spots] = defaultdict(list)
    last: tuple[int, int] | None = None
    for point in curves.points:
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

    def __init__(self, plot: _Plot, points: Sequence[CurvePoint], top: float) -> None:
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


def _plot(plot: _Plot, scale: _Scale, system: System, spots: Spots) -> str:
    bottom = scale.top + scale.height
    edges = sorted({round(x) for bar in system.bars for x in (bar.left, bar.right)})
    bars = "".join(f"M{x} {scale.top:.0f}V{bottom:.0f}" for x in edges[1:])
    runs = [list(rows) for _, rows in groupby(spots, key=_stretch(spots))]
    shapes = "".join(_band(plot, scale, run) for run in runs)
    for line in plot.lines:
        shapes += "".join(_polyline(line, scale, run) for run in runs)
    return f'<g class="plot"><path class="bars" d="{bars}"/>{shapes}</g>'


def _label(named: tuple[str, str], scale: _Scale, system: System, text_height: float) -> str:
    """What is plotted, its two edges, and its unit where one is given."""
    size, left = 0.85 * text_height, system.bars[0].left
    label, unit = named
    unit = f'<tspan class="unit"> · {escape(unit)}</tspan>' if unit else ""
    return (
        f'<g class="plot"><text x="{left:.0f}" y="{scale.top - 0.35 * SPACE:.0f}" '
        f'font-size="{size:.0f}">{escape(label)}{unit}</text>'
        f'<text class="tick" x="{left:.0f}" y="{scale.top + 0.8 * size:.0f}" '
        f'font-size="{size:.0f}">{scale.high:.0f}</text>'
        f'<text class="tick" x="{left:.0f}" y="{scale.top + scale.height:.0f}" '
        f'font-size="{size:.0f}">{scale.low:.0f}</text></g>'
    )


def _stretch(spots: Spots) -> Callable[[tuple[float, CurvePoint]], int]:
    """A key that changes where a line must be lifted: another run, or a leap back on the page."""
    number, held = 0, dict[int, int]()
    for i, (x, point) in enumerate(spots):
        if i and (point.run != spots[i - 1][1].run or x <= spots[i - 1][0]):
            number += 1
        held[id(point)] = number
    return lambda spot: held[id(spot[1])]


def _band(plot: _Plot, scale: _Scale, run: Spots) -> str:
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


def _polyline(line: _Line, scale: _Scale, run: Spots) -> str:
    points = [(x, v) for x, p in run if (v := line.value(p)) is not None]
    if len(points) == 1:
        x, v = points[0]
        return f'<circle class="dot" cx="{x:.0f}" cy="{scale.y(v):.0f}" r="40"/>'
    path = " ".join(f"{x:.0f},{scale.y(v):.0f}" for x, v in points)
    return f'<polyline class="{line.kind}" points="{path}"/>' if points else ""


def _told(words: Catalogue, curves: Curves, setting: Setting, system: int) -> dict[str, str]:
    """Each bar's reading in words, by the bar's id."""
    there = {box.id for box in setting.systems[system].bars}
    said: dict[str, list[str]] = defaultdict(list)
    for reading in bar_readings(curves, [bar for bar in setting.bars if bar.id in there]):
        said[reading.bar.id].append(reading.said(words))
    again = f" {words.say('reading.again')} "
    return {bar_id: again.join(rows) for bar_id, rows in said.items()}


def _bars_to_touch(told: dict[str, str], system: System, height: float) -> list[str]:
    """A clear rectangle over each bar of the curves, with its reading."""
    there = {box.id: box for box in system.bars}
    return [
        f'<rect class="reading" fill="none" x="{there[bar_id].left:.0f}" y="0" '
        f'width="{there[bar_id].right - there[bar_id].left:.0f}" height="{height:.0f}" '
        f'data-bar="{escape(bar_id, quote=True)}" data-words="{escape(said, quote=True)}"/>'
        for bar_id, said in told.items()
    ]
