"""Curves stand under their bars, and say the same in words."""

import re
from dataclasses import replace

import pytest

from valentin.catalogue import catalogue
from valentin.music import Curves, LessonSheet
from valentin.showing.curves import bar_readings, curve_height, draw_curves
from valentin.showing.engraving import draw
from valentin.showing.setting import Setting

WORDS = catalogue("page", "en")

TEXT = 300.0


@pytest.fixture(scope="module")
def setting(sheet: LessonSheet) -> Setting:
    return Setting(sheet.score, draw(sheet.engraving, 68)[0])


def points(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    lines = re.findall(rf'class="{kind}" points="([^"]+)"', svg)
    return [[tuple(map(float, p.split(","))) for p in line.split()] for line in lines]


def test_each_beat_stands_at_its_note_and_a_line_runs_to_its_end(
    sheet: LessonSheet, setting: Setting
) -> None:
    drawn = draw_curves(WORDS, sheet.curves, setting, TEXT)
    for i, svg in enumerate(drawn):
        tune = [setting.head(n.id) for n in sheet.score.notes if n.staff == 1]
        heads = sorted(found[1].x for found in tune if found and found[0] == i)
        if i + 1 < len(drawn):
            heads.append(setting.systems[i].bars[-1].right)
        tempo = points(svg, "melody")[0]
        assert [x for x, _ in tempo] == pytest.approx(heads, abs=90)


def test_a_faster_beat_is_drawn_higher(sheet: LessonSheet, setting: Setting) -> None:
    for svg in draw_curves(WORDS, sheet.curves, setting, TEXT):
        heights = [y for _, y in points(svg, "melody")[0]]
        assert heights == sorted(heights, reverse=True)
        assert all(0 <= y <= curve_height(sheet.curves, TEXT) for y in heights)


def test_a_new_run_is_a_new_line(sheet: LessonSheet, setting: Setting) -> None:
    cut = tuple(replace(p, run=int(p.onset_q >= 2)) for p in sheet.curves.points)
    whole = len(points(draw_curves(WORDS, sheet.curves, setting, TEXT)[0], "melody"))
    assert len(points(draw_curves(WORDS, Curves(cut), setting, TEXT)[0], "melody")) == 2 * whole


def test_silence_has_no_melody_and_no_reading_of_it(sheet: LessonSheet, setting: Setting) -> None:
    silent = Curves(tuple(replace(p, melody=None) for p in sheet.curves.points))
    assert len(points(draw_curves(WORDS, silent, setting, TEXT)[0], "melody")) == 1
    assert "Melody" not in bar_readings(silent, sheet.score.bars)[0].said(WORDS)


def test_readings_say_bar_value_and_band(sheet: LessonSheet, setting: Setting) -> None:
    first = bar_readings(sheet.curves, sheet.score.bars)[0]
    assert first.said(WORDS) == (
        "Bar 1: 122 beats a minute, fine pianists 110 to 130. "
        "Melody 64, fine pianists 60 to 70. Accompaniment 40."
    )
    assert len(bar_readings(sheet.curves, sheet.score.bars)) == len(sheet.score.bars)


def test_no_curves_take_no_room(sheet: LessonSheet, setting: Setting) -> None:
    assert curve_height(Curves(()), TEXT) == 0
    assert set(draw_curves(WORDS, Curves(()), setting, TEXT)) == {""}
