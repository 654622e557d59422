"""The picture of a piece's growth: every bar in a column, every day in a row, readable in grey."""

import re

import pytest

from valentin.music import Growth
from valentin.showing import growth_picture, growth_table


def growth(bars: int, days: int) -> Growth:
    names = tuple(str(n + 1) for n in range(bars))
    shares = (1.0, 0.75, 0.5, 0.1, None)
    rows = tuple(tuple(shares[(d + b) % 5] for b in range(bars)) for d in range(days))
    dates = tuple(f"2026-11-{d + 1:02}" for d in range(days))
    return Growth(names, dates, rows, (30.0,) * bars, (), days, 60.0)


def test_ink_rises_with_the_share_and_unplayed_is_a_dot() -> None:
    wide = growth_picture(growth(5, 1)).partition("</svg>")[0]
    heights = re.findall(r'class="ink"[^>]* height="([\d.]+)"', wide)
    assert heights == ["20", "10", "0", "0"]
    assert wide.count('class="unplayed"') == 1
    assert "1 Nov" in wide


@pytest.mark.parametrize("bars", [1, 17, 18, 48, 49, 400])
def test_many_bars_share_columns_and_show_the_least_sure(bars: int) -> None:
    drawn = growth_picture(growth(bars, 3)).split("</svg>")[:2]
    for svg, most in zip(drawn, (48, 17), strict=True):
        cells = svg.count('class="frame"') + svg.count('class="unplayed"')
        assert cells % 3 == 0
        assert cells // 3 <= most
    if bars == 400:
        assert set(re.findall(r'class="ink"[^>]* height="([\d.]+)"', drawn[0])) == {"0"}


def test_only_the_last_days_are_drawn() -> None:
    wide = growth_picture(growth(4, 20), most_days=2).partition("</svg>")[0]
    assert re.findall(r"\d+ Nov", wide.partition(">")[2]) == ["19 Nov", "20 Nov"]


def test_nothing_played_is_no_picture() -> None:
    assert growth_picture(Growth(("1",), (), (), (0.0,), (), 0, 0.0)) == ""


def test_the_table_has_every_number_and_names_are_text() -> None:
    grown = Growth(("<b>", "2"), ("2026-01-02",), ((0.756, None),), (90.0, 0.0), (), 1, 1.0)
    table = growth_table(grown)
    assert "<td>76 %</td><td>1.5</td>" in table
    assert "<td></td><td>0.0</td>" in table
    assert "&lt;b&gt;" in table
    assert "<b>" not in table + growth_picture(grown)
