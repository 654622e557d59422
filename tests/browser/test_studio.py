"""The studio's first page: it is engraved, it plays, it is operated by keyboard, it fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
READY = "body[data-state=ready]"
PLAYING = "body[data-state=playing]"
WAIT_MS = 120_000


def opened(page: Any, address: str) -> Any:
    page.goto(address)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    return page


def cursor(page: Any) -> tuple[int, float]:
    """The system the cursor is in, and how far it has come."""
    return tuple(
        page.evaluate(
            """() => {
              const lines = [...document.querySelectorAll("svg.system")];
              const line = lines.findIndex((s) => s.querySelector(".cursor.here"));
              const at = lines[line]?.querySelector(".cursor").getAttribute("transform") ?? "";
              return [line, Number(at.match(/translate\\(([-\\d.]+)/)?.[1] ?? -1)];
            }"""
        )
    )


def test_the_page_shows_a_whole_score(page: Any, studio: str) -> None:
    opened(page, studio)
    assert page.locator("h1").inner_text() == "Nocturne in E-flat major, op. 9 no. 2"
    assert page.locator("svg.system").count() >= 8
    numbers = page.locator(".bar-area").evaluate_all("rects => rects.map(r => r.dataset.bar)")
    assert numbers[:2] == ["0", "1"]
    assert "34" in numbers
    assert page.locator("svg.system .note").count() > 1000
    assert page.locator(".shelf a").count() >= 3


def test_play_sounds_and_the_cursor_glides(page: Any, studio: str) -> None:
    opened(page, studio)
    page.click("#play")
    page.wait_for_selector(PLAYING, timeout=WAIT_MS)
    page.wait_for_selector("svg.system .cursor.here", state="attached")
    before = cursor(page)
    expect(page.locator("#clock")).to_have_text(re.compile(r"^0:0[2-9]"), timeout=WAIT_MS)
    after = cursor(page)
    assert before[0] == after[0] == 0
    assert 0 < before[1] < after[1]
    page.click("#play")
    page.wait_for_selector("body[data-state=paused]")
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)
    assert cursor(page)[0] == -1


def begun(page: Any) -> tuple[int, float]:
    """Where the cursor is when the sound has begun."""
    page.wait_for_selector(PLAYING, timeout=WAIT_MS)
    page.wait_for_selector("svg.system .cursor.here", state="attached")
    return cursor(page)


def test_a_bar_pressed_is_where_it_begins(page: Any, studio: str) -> None:
    opened(page, studio)
    area = page.locator('.bar-area[data-bar="9"]')
    area.click()
    assert (page.input_value("#from"), page.input_value("#to")) == ("9", "")
    page.click("#play")
    line, x = begun(page)
    home = page.evaluate(
        """() => [...document.querySelectorAll("svg.system")]
             .findIndex((s) => s.querySelector('.bar-area[data-bar="9"]'))"""
    )
    left = float(area.get_attribute("x"))
    assert line == home
    assert left <= x <= left + float(area.get_attribute("width"))


def test_bars_drawn_over_are_all_that_is_played(page: Any, studio: str) -> None:
    opened(page, studio)
    boxes = [page.locator(f'.bar-area[data-bar="{n}"]').bounding_box() for n in (1, 3)]
    first, last = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes)
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last, steps=6)
    page.mouse.up()
    assert (page.input_value("#from"), page.input_value("#to")) == ("1", "3")
    assert page.locator(".bar-area.chosen").count() == 3
    assert page.inner_text("#status") == "Chosen: bars 1 to 3."
    with page.expect_response(lambda r: "/sound" in r.url) as asked:
        page.click("#play")
    assert "from=1&to=3" in asked.value.url
    page.click("#whole")
    assert (page.input_value("#from"), page.input_value("#to")) == ("", "")
    assert page.locator(".bar-area.chosen").count() == 0


def test_all_wishes_are_asked_for(page: Any, studio: str) -> None:
    opened(page, studio)
    page.fill("#from", "9")
    page.fill("#to", "10")
    page.select_option("#hand", "left")
    page.evaluate("document.getElementById('tempo').value = 50")
    page.dispatch_event("#tempo", "input")
    assert page.inner_text("#tempo-said") == "50 %"
    page.click("#more summary")
    page.select_option("#performer", "rules")
    page.fill("#seed", "3")
    page.select_option("#hall", "salon")
    page.select_option("#instrument", "modelled")
    with page.expect_response(lambda r: "/sound" in r.url) as asked:
        page.click("#play")
    wishes = (
        "from=9 to=10 tempo=0.5 hand=left performer=rules seed=3 hall=salon instrument=modelled"
    )
    for wish in wishes.split():
        assert wish in asked.value.url
    begun(page)


def test_a_bar_that_is_not_there_is_told(page: Any, studio: str) -> None:
    opened(page, studio)
    page.fill("#from", "99")
    page.locator("#from").blur()
    assert "There is no bar 99" in page.inner_text("#status")
    assert re.search(r"the piece has bars \d+ to \d+", page.inner_text("#status"))


SOUND_WATCHED = """
  window.blocks = [];
  window.ticks = [];
  const known = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at, ...rest) {
    const { buffer } = this;
    if (buffer.numberOfChannels === 2) {
      if (!known.includes(buffer)) known.push(buffer);
      window.blocks.push([known.indexOf(buffer), at * 44100, buffer.length]);
    } else if (window.ticks.push(at) === 15) document.body.dataset.heard = "fifteen";
    return start.call(this, at, ...rest);
  };
"""


def test_blocks_follow_to_the_frame_and_a_loop_keeps_time(page: Any, studio: str) -> None:
    page.add_init_script(SOUND_WATCHED)
    opened(page, studio + "pieces/petzold-anh114")
    page.fill("#from", "1")
    page.fill("#to", "1")
    page.click("#more summary")
    for switch in ("loop", "metronome", "count-in"):
        page.check(f"#{switch}")
    with page.expect_response(lambda r: "score" in r.url and "from=1" in r.url) as asked:
        page.select_option("#performer", "score")
    told = asked.value.json()
    page.click("#play")
    page.wait_for_selector("body[data-heard=fifteen]", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)
    blocks = page.evaluate("window.blocks")
    assert all(abs(at - round(at)) < 1e-3 for _, at, _ in blocks), "each begins on a frame"
    rounds = [i for i, (name, _, _) in enumerate(blocks) if name == 0]
    assert len(rounds) >= 4
    period = (told["end_s"] - told["start_s"]) * 44_100
    begins = [blocks[i][1] for i in rounds][1:]  # the first may wait for a machine that is busy
    assert all(abs(b - a - period) <= 1.0 for a, b in pairwise(begins)), "each round in time"
    second = blocks[rounds[1] : rounds[2]]
    assert all(
        abs(at + length - after) < 1e-3 for (_, at, length), (_, after, _) in pairwise(second)
    )
    ticks = sorted(page.evaluate("window.ticks"))
    beat = told["beats"][1][0] - told["beats"][0][0]
    steps = [b - a for a, b in pairwise(ticks)]
    assert len(told["count_in"]) == 3
    assert sum(abs(step - beat) > 1e-3 for step in steps) <= 2, "one wait moves two steps at most"
    assert steps[-6:] == pytest.approx([beat] * 6, abs=1e-3), "no tick is lost or doubled"


def test_it_goes_on_from_the_same_place_at_another_tempo(page: Any, studio: str) -> None:
    opened(page, studio + "pieces/petzold-anh114")
    page.fill("#from", "5")
    page.locator("#from").blur()
    page.click("#play")
    begun(page)
    expect(page.locator("#clock")).to_have_text(re.compile(r"^0:0[1-9]"), timeout=WAIT_MS)
    before = cursor(page)
    with page.expect_response(lambda r: "/sound" in r.url) as asked:
        page.evaluate("document.getElementById('tempo').value = 50")
        page.dispatch_event("#tempo", "change")
    assert "at=" in asked.value.url
    after = begun(page)
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) < 900, "not five staff spaces away"


def test_larger_and_smaller_notes_are_kept(page: Any, studio: str) -> None:
    opened(page, studio + "pieces/petzold-anh114")
    space = "document.querySelector('svg.system').getBoundingClientRect().height"
    page.click("#more summary")
    usual = page.evaluate(space)
    page.set_viewport_size({"width": 700, "height": 900})
    count = page.locator("svg.system").count()
    with page.expect_response(lambda r: "/score" in r.url):
        page.click("#larger")
    expect(page.locator("svg.system").nth(count)).to_be_attached()
    page.reload()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    assert page.locator("svg.system").count() > count
    assert usual > 0


def test_everything_by_keyboard(page: Any, studio: str) -> None:
    opened(page, studio)
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.localName")
        )
    assert {"play", "light", "from", "to", "tempo", "hand", "score-view", "letters"} <= set(reached)
    page.locator("#more summary").press("Enter")
    for control in ("loop", "metronome", "count-in"):
        page.locator(f"#{control}").press("Space")
        assert page.is_checked(f"#{control}")
    page.locator("#loop").press("Space")
    view = page.locator("score-view")
    for key in ("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        view.press(key)
    assert page.inner_text("#status") == "Chosen: bars 2 to 3."
    view.press("Enter")
    page.wait_for_selector(PLAYING, timeout=WAIT_MS)
    page.keyboard.press("Space")
    page.wait_for_selector("body[data-state=paused]")
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)


def test_letters_are_keys_of_the_piano(page: Any, studio: str) -> None:
    opened(page, studio)
    for key, pitch in (("a", 60), ("d", 64), ("g", 67)):
        page.keyboard.down(key)
        page.wait_for_selector(f"body[data-struck='{pitch}']", timeout=WAIT_MS)
        assert page.locator(f"piano-keys .down[data-pitch='{pitch}']").count() == 1
        page.keyboard.up(key)
    assert page.locator("piano-keys .down").count() == 0
    page.uncheck("#letters")
    page.locator("#letters").blur()
    page.keyboard.press("a")
    assert page.locator("piano-keys .down").count() == 0
    assert page.locator("body").get_attribute("data-struck") == "67"


def test_the_small_keyboard_is_touched_and_walked(page: Any, studio: str) -> None:
    opened(page, studio)
    page.locator("piano-keys [data-pitch='65']").click(position={"x": 10, "y": 60})
    page.wait_for_selector("body[data-struck='65']", timeout=WAIT_MS)
    page.click("#higher")
    page.locator("piano-keys button").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.down("Enter")
    page.wait_for_selector("body[data-struck='73']", timeout=WAIT_MS)
    page.keyboard.up("Enter")
    assert page.locator("piano-keys .down").count() == 0


def test_the_shelf_leads_to_another_piece(page: Any, studio: str) -> None:
    opened(page, studio)
    page.locator(".shelf a", has_text="Menuet").click()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    assert "Menuet" in page.title()
    assert page.locator("svg.system").count() >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1600, 3840])
def test_it_fits_every_window(
    open_page: Callable[..., Any], studio: str, width: int, scheme: str
) -> None:
    page = opened(open_page(width, 900, scheme), studio)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    lines = page.locator("svg.system").evaluate_all(
        "all => all.map(s => { const b = s.getBoundingClientRect(); return [b.left, b.right]; })"
    )
    assert all(0 <= left < right <= width for left, right in lines)
    paper, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('svg.system')).color]"
    )
    assert (paper, ink) == {
        "light": ("rgb(250, 247, 240)", "rgb(29, 27, 24)"),
        "dark": ("rgb(25, 24, 22)", "rgb(236, 230, 216)"),
    }[scheme]


def test_light_and_dark_by_the_switch_are_kept(page: Any, studio: str) -> None:
    opened(page, studio)
    page.click("#light")
    dark = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(dark) == "rgb(25, 24, 22)"
    page.reload()
    page.wait_for_selector(READY, timeout=WAIT_MS)
    assert page.evaluate(dark) == "rgb(25, 24, 22)"
