"""Which differences are worth telling: over the piece, and at at most five places.

In: two `Side`s and their pairs of bars. Out: `Contrast`s, without words.

**Conventions.** A place is `LENGTH` bars in a row (in both), the mean of them compared; at most two
places a facet, none over another. A difference is told from `TOLD` just noticeable differences on.

**Knows nothing of** words.

**Reference.** The just noticeable differences of tempo and level are those of `judging.limits`
(Ellis 1991; Dannenberg 2006: 2 dB are about an eighth of a velocity of 64); those of touch and
pedal are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from math import log2
from statistics import fmean, median, stdev

from valentin.comparing.pairing import BarPlayed, Side
from valentin.music import Contrast, Facet

__all__ = ["places", "whole"]

LENGTH, MOST, MOST_OF_ONE = 4, 5, 2
TOLD = 1.5
PACE, VELOCITY, TOUCH, PEDAL = 0.08, 8.0, 0.3, 0.25
"""Just noticeable: log2 of tempo, steps of velocity, log2 of held over written time, share."""

Pairs = list[tuple[BarPlayed, BarPlayed]]
Read = Callable[[BarPlayed], float | None]


def _percent(value: float) -> float:
    return float(100.0 * 2.0**value)


FACETS: tuple[tuple[Facet, Read, float, bool, str], ...] = (
    ("pace", lambda b: b.pace, PACE, True, "percent"),
    ("loudness", lambda b: b.loudness, VELOCITY, True, "velocity"),
    ("melody", lambda b: b.melody, VELOCITY, False, "velocity"),
    ("touch", lambda b: b.touch, TOUCH, False, "percent"),
    ("pedal", lambda b: b.pedal, PEDAL, False, "percent"),
)
"""A facet, its value in a bar, its floor, whether it is against the take's own middle, its unit."""


def places(pairs: Pairs, one: Side, other: Side) -> tuple[Contrast, ...]:
    """Where the two part most, in the order of the music."""
    every = [c for facet in FACETS for c in _along(pairs, facet, one, other)]
    kept: list[Contrast] = []
    told: Counter[str] = Counter()
    for contrast in sorted(every, key=lambda c: -c.weight):
        clear = all(contrast.end_q <= k.start_q or k.end_q <= contrast.start_q for k in kept)
        if clear and told[contrast.facet] < MOST_OF_ONE and len(kept) < MOST:
            kept.append(contrast)
            told[contrast.facet] += 1
    return tuple(sorted(kept, key=lambda c: c.start_q))


def _along(
    pairs: Pairs, facet: tuple[Facet, Read, float, bool, str], one: Side, other: Side
) -> Iterable[Contrast]:
    name, read, floor, own, unit = facet
    middle = [_middle(side, read) if own else 0.0 for side in (one, other)]
    for start in range(len(pairs) - LENGTH + 1):
        window = pairs[start : start + LENGTH]
        known = [(a, b) for x, y in window if (a := read(x)) is not None
                 and (b := read(y)) is not None]  # fmt: skip
        if len(known) < LENGTH or not _in_a_row(window):
            continue
        raw = [fmean(side) for side in zip(*known, strict=True)]
        values = [value - m for value, m in zip(raw, middle, strict=True)]
        weight = abs(values[0] - values[1]) / floor
        if weight < TOLD or not _heard(raw, values, floor):
            continue
        first, last = window[0], window[-1]
        span = first[0].bar.start_q, last[0].bar.start_q + last[0].bar.length_q
        theirs = first[1].bar.start_q, last[1].bar.start_q + last[1].bar.length_q
        first_said, other_said = (_shown(name, value) for value in values)
        yield Contrast(
            name,
            first_said,
            other_said,
            unit,
            weight,
            (first[0].bar.number, last[0].bar.number),
            *span,
            heard=(one.part(*span), other.part(*theirs)),
        )


def _heard(raw: list[float], values: list[float], floor: float) -> bool:
    """Whether one who listens to both there, and not to the rest, hears the difference too."""
    apart = raw[0] - raw[1]
    return abs(apart) >= floor and apart * (values[0] - values[1]) > 0


def _middle(side: Side, read: Read) -> float:
    return median([v for bar in side.bars.values() if (v := read(bar)) is not None] or [0.0])


def _shown(name: Facet, value: float) -> float:
    """A value as it is said: shares in percent."""
    if name in ("pace", "touch"):
        return _percent(value)
    return 100.0 * value if name == "pedal" else value


def _in_a_row(window: Pairs) -> bool:
    rows = pairwise(window)
    return all(b[0].row == a[0].row + 1 and b[1].row == a[1].row + 1 for a, b in rows)


def whole(one: Side, other: Side) -> tuple[Contrast, ...]:
    """What holds over the piece, the widest apart first; the length always."""
    found = [_length(one, other)]
    for name, read, floor, unit in (
        ("freedom", _freedom, PACE / 2, "percent"),
        ("range", _range, VELOCITY / 2, "velocity"),
        ("melody", lambda s: _middle(s, lambda b: b.melody), VELOCITY / 2, "velocity"),
        ("touch", lambda s: _middle(s, lambda b: b.touch), TOUCH / 2, "percent"),
        ("pedal", lambda s: _middle(s, lambda b: b.pedal), PEDAL / 2, "percent"),
    ):
        found += _apart(name, [read(one), read(other)], floor, unit)  # type: ignore[arg-type]
    return tuple(found[:1] + sorted(found[1:], key=lambda c: -c.weight)[:3])


def _apart(name: Facet, values: list[float | None], floor: float, unit: str) -> list[Contrast]:
    one, other = values
    if one is None or other is None or abs(one - other) < TOLD * floor:
        return []
    said = [_percent(v) - 100 if name == "freedom" else _shown(name, v) for v in (one, other)]
    return [Contrast(name, said[0], said[1], unit, abs(one - other) / floor)]


def _length(one: Side, other: Side) -> Contrast:
    one_s, other_s = (side.take.end_s - side.take.notes[0].onset_s for side in (one, other))
    return Contrast("length", one_s, other_s, "seconds", abs(log2(one_s / other_s)) / PACE)


def _freedom(side: Side) -> float | None:
    """How far the pace of one bar lies from that of the next, log2: the median of all."""
    pace = [bar.pace for bar in side.bars.values()]
    return median([abs(b - a) for a, b in pairwise(pace)]) if len(pace) > 2 else None


def _range(side: Side) -> float | None:
    """Scatter of the bars' loudness."""
    loud = [bar.loudness for bar in side.bars.values() if bar.loudness is not None]
    return stdev(loud) if len(loud) > 2 else None
