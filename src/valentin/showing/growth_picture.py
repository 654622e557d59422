"""How a piece has grown, as one plain picture: a row a day, a column a bar.

In: a `Growth`. Out: an SVG, and the same as a table.

**Conventions.** In a cell the ink rises with the share of right notes: a full cell is a bar without
a slip, an empty frame one where half of the notes or fewer came, a dot one that was not played that
day. So it reads without colour. Many bars share a column, which shows the least sure of them.
Drawn twice, for wide and for narrow windows.

**Knows nothing of** what is good enough, pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from valentin.music import Growth

__all__ = ["growth_picture", "growth_table"]

LAYOUTS = (("wide", 48), ("narrow", 17))
"""Columns at most; at 360 px the narrow one's numbers are still 10 px high."""
EMPTY = 0.5
"""Share of right notes at which a frame is empty: below it nobody calls a bar known."""
CELL, GAP, LEFT, TOP = 20, 4, 92, 26
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

Cell = float | None


def growth_picture(growth: Growth, most_days: int = 12) -> str:
    """The picture of the last days; "" where nothing was played."""
    if not growth.days or not growth.bars:
        return ""
    return "".join(_drawn(growth, most_days, name, most) for name, most in LAYOUTS)


def _drawn(growth: Growth, most_days: int, layout: str, most: int) -> str:
    columns = _columns(growth.bars, most)
    shown = list(zip(growth.days, growth.secure, strict=True))[-most_days:]
    width = LEFT + len(columns) * (CELL + GAP)
    height = TOP + len(shown) * (CELL + GAP)
    names = "".join(
        f'<text x="{LEFT + i * (CELL + GAP)}" y="{TOP - 10}">{escape(growth.bars[first])}</text>'
        for i, (first, _) in enumerate(columns)
        if i % max(3, len(columns) // 8) == 0
    )
    rows = "".join(_row(i, day, secure, columns) for i, (day, secure) in enumerate(shown))
    return (
        f'<svg class="growth {layout}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{_in_words(growth)}">{names}{rows}</svg>'
    )


def growth_table(growth: Growth, most_days: int = 12) -> str:
    """The same numbers as a table, for those who read them."""
    days = growth.days[-most_days:]
    head = "".join(f'<th scope="col">{_day(day)}</th>' for day in days)
    secure = growth.secure[-most_days:]
    body = "".join(
        f'<tr><th scope="row">{escape(bar)}</th>'
        + "".join(f"<td>{_percent(row[i])}</td>" for row in secure)
        + f"<td>{growth.time_s[i] / 60:.1f}</td></tr>"
        for i, bar in enumerate(growth.bars)
    )
    return (
        f'<table><thead><tr><th scope="col">bar</th>{head}<th scope="col">minutes</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _columns(bars: Sequence[str], most: int) -> list[tuple[int, int]]:
    """First bar and the one after the last of each column."""
    each = -(-len(bars) // most)
    return [(i, min(i + each, len(bars))) for i in range(0, len(bars), each)]


def _row(row: int, day: str, secure: Sequence[Cell], columns: list[tuple[int, int]]) -> str:
    y = TOP + row * (CELL + GAP)
    cells = "".join(
        _cell(LEFT + i * (CELL + GAP), y, _least(secure[first:end]))
        for i, (first, end) in enumerate(columns)
    )
    return f'<text class="day" x="0" y="{y + CELL - 5}">{_day(day)}</text>{cells}'


def _cell(x: int, y: int, share: Cell) -> str:
    if share is None:
        middle = CELL // 2
        return f'<circle class="unplayed" cx="{x + middle}" cy="{y + middle}" r="1.5"/>'
    ink = round(CELL * max(0.0, share - EMPTY) / (1 - EMPTY), 1)
    return (
        f'<rect class="frame" x="{x}" y="{y}" width="{CELL}" height="{CELL}"/>'
        f'<rect class="ink" x="{x}" y="{y + CELL - ink:g}" width="{CELL}" height="{ink:g}"/>'
    )


def _least(shares: Sequence[Cell]) -> Cell:
    return min((share for share in shares if share is not None), default=None)


def _in_words(growth: Growth) -> str:
    last = [share for share in growth.secure[-1] if share is not None]
    sure = sum(share >= 0.97 for share in last)
    return (
        f"On {_day(growth.days[-1])}, {sure} of {len(last)} bars played came without a wrong or "
        "missing note; the table has every number."
    )


def _day(day: str) -> str:
    _, month, number = day.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]}"


def _percent(share: Cell) -> str:
    return "" if share is None else f"{100 * share:.0f} %"
