"""Tempo and loudness under each system: the take's lines in the band of fine pianists.

In: the `Curves` of a take and one `Setting`. Out: SVG per system, in that system's units, from
y = 0 downwards; and the same bar by bar in words.

The band is where fine pianists range, the line is the take: the melody's loudness is a full line,
the accompaniment's a dashed one. Each run of a take is a line of its own.

**Conventions.** Tempo in felt beats a minute on a logarithmic scale, loudness in velocity.

**Knows nothing of** what the values mean for a lesson.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from valentin.catalogue import Catalogue
from valentin.music import Bar, Curves
from valentin.showing.plotting import Line, Plot, bars_to_touch, draw_plots, plots_height
from valentin.showing.setting import Setting

__all__ = ["BarReading", "bar_readings", "curve_height", "draw_curves"]

_PLOTS = 2


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


def _plots(words: Catalogue) -> tuple[Plot, ...]:
    loud = Line("accompaniment", lambda p: p.accompaniment), Line("melody", lambda p: p.melody)
    return (
        Plot(
            words.say("curve.tempo"),
            words.say("curve.tempo.unit"),
            lambda p: p.tempo_low,
            lambda p: p.tempo_high,
            (Line("melody", lambda p: p.tempo),),
            logarithmic=True,
        ),
        Plot(
            words.say("curve.loudness"),
            words.say("curve.loudness.unit"),
            lambda p: p.melody_low,
            lambda p: p.melody_high,
            loud,
        ),
    )


def curve_height(curves: Curves, text_height: float) -> float:
    """The room all curves take under a system, in drawing units."""
    return plots_height(_PLOTS, text_height) if curves.points else 0.0


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
    drawn = draw_plots(_plots(words), curves.points, setting, text_height)
    height = plots_height(_PLOTS, text_height)
    return [
        svg and svg + bars_to_touch(_told(words, curves, setting, i), setting.systems[i], height)
        for i, svg in enumerate(drawn)
    ]


def _told(words: Catalogue, curves: Curves, setting: Setting, system: int) -> dict[str, str]:
    """Each bar's reading in words, by the bar's id."""
    there = {box.id for box in setting.systems[system].bars}
    said: dict[str, list[str]] = defaultdict(list)
    for reading in bar_readings(curves, [bar for bar in setting.bars if bar.id in there]):
        said[reading.bar.id].append(reading.said(words))
    again = f" {words.say('reading.again')} "
    return {bar_id: again.join(rows) for bar_id, rows in said.items()}
