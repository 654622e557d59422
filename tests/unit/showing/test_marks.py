"""Marks stand over their bars and at their notes."""

import re
from dataclasses import replace

import pytest

from valentin.music import LessonSheet
from valentin.showing.engraving import draw
from valentin.showing.marks import mark_lesson
from valentin.showing.names import struck_name
from valentin.showing.setting import Setting

TEXT = 300.0


@pytest.fixture(scope="module", params=[150, 68])
def setting(request: pytest.FixtureRequest, sheet: LessonSheet) -> Setting:
    return Setting(sheet.score, draw(sheet.engraving, request.param)[0])


def numbers(svg: str, name: str) -> list[float]:
    return [float(x) for x in re.findall(rf'\b{name}="(-?[\d.]+)"', svg)]


def test_each_remark_has_its_shape_and_washes_its_bars(
    sheet: LessonSheet, setting: Setting
) -> None:
    layers = mark_lesson(sheet, setting, TEXT)
    front = "".join(svg for layer in layers for svg in layer.front)
    assert front.count('class="shape circle"') == 1
    assert front.count('class="shape diamond"') == 1
    for number, names in ((1, ("bar3", "bar4")), (2, ("bar9",))):
        for i, system in enumerate(setting.systems):
            boxes = [bar for bar in system.bars if bar.id in names]
            washes = [s for s in layers[i].behind if f'data-remark="{number}"' in s]
            assert bool(boxes) == bool(washes)
            for wash in washes:
                (left,), (width,) = numbers(wash, "x"), numbers(wash, "width")
                assert left == pytest.approx(min(box.left for box in boxes), abs=1)
                assert left + width == pytest.approx(max(box.right for box in boxes), abs=1)


def test_brackets_take_lanes_of_their_own_where_bars_overlap(
    sheet: LessonSheet, setting: Setting
) -> None:
    remark = sheet.lesson.remarks[0]
    doubled = replace(sheet.lesson, remarks=(remark, remark, remark), mistakes=())
    layers = mark_lesson(replace(sheet, lesson=doubled), setting, TEXT)
    assert max(layer.lanes for layer in layers) == 3


def test_heads_are_outlined_where_the_remark_chooses_among_notes(
    sheet: LessonSheet, setting: Setting
) -> None:
    layers = mark_lesson(sheet, setting, TEXT)
    outlines = [s for layer in layers for s in layer.front if 'class="outline remark-1"' in s]
    assert len(outlines) == 0  # bars 3–4: the melody is 8 of the 10 notes there
    few = replace(sheet.lesson.remarks[0].finding, note_ids=("t3-0-1", "t4-3-1"))
    lesson = replace(sheet.lesson, remarks=(replace(sheet.lesson.remarks[0], finding=few),))
    layers = mark_lesson(replace(sheet, lesson=lesson), setting, TEXT)
    outlines = [s for layer in layers for s in layer.front if 'class="outline remark-1"' in s]
    heads = [found[1] for n in few.note_ids if (found := setting.head(n))]
    assert [numbers(s, "cx") for s in outlines] == [[round(h.x)] for h in heads]


def test_slips_stand_at_their_notes(sheet: LessonSheet, setting: Setting) -> None:
    layers = mark_lesson(sheet, setting, TEXT)
    missed = setting.head("t2-0-1")
    wrong = setting.head("t3-1-1")
    assert missed is not None
    assert wrong is not None
    (ring,) = [s for s in layers[missed[0]].front if 'class="missed"' in s]
    assert numbers(ring, "cx") == [round(missed[1].x)]
    (cross,) = [s for s in layers[wrong[0]].front if 'class="wrong"' in s]
    assert "Bar 3: A♯ was struck here" in cross
    assert numbers(cross, "cx") == [round(wrong[1].x)]


def test_an_extra_note_stands_at_its_time_and_pitch(sheet: LessonSheet, setting: Setting) -> None:
    layers = mark_lesson(sheet, setting, TEXT)
    before, after = setting.head("t5-0-1"), setting.head("t5-1-1")
    assert before is not None
    assert after is not None
    (cross,) = [s for s in layers[before[0]].front if 'class="extra"' in s]
    assert "an extra C♯" in cross
    x, y = re.search(r"M(-?\d+) (-?\d+)h", cross).groups()
    assert before[1].x - 400 < float(x) < after[1].x
    third_above_the_a = after[1].y - 2 * 90  # two steps of half a space
    assert float(y) == pytest.approx(third_above_the_a, abs=1)


@pytest.mark.parametrize(
    ("pitch", "written", "fifths", "name"),
    [(68, "A4", 0, "A♭"), (68, "G4", -3, "A♭"), (66, "G4", 1, "F♯"),
     (63, "Db4", -5, "E♭"), (61, "F4", -5, "D♭"), (68, "G4", 0, "G♯"),
     (63, "E4", 0, "E♭"), (66, "Eb4", 0, "G♭"),
     (66, "", -1, "G♭"), (66, "", 1, "F♯"), (60, "D4", 0, "C"), (70, "A#4", 0, "A♯")],
)  # fmt: skip
def test_a_key_struck_is_named_beside_the_note_written(
    pitch: int, written: str, fifths: int, name: str
) -> None:
    assert struck_name(pitch, written, fifths) == name
