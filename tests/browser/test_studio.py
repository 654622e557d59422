"""The studio's first page: it is engraved, it plays, it is operated by keyboard, it fits."""

from __future__ import annotations

import re
from collections.abc import Callable
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


def test_a_bar_pressed_is_where_it_begins(page: Any, studio: str) -> None:
    opened(page, studio)
    page.locator('.bar-area[data-bar="9"]').click()
    assert page.input_value("#bar") == "9"
    page.click("#play")
    page.wait_for_selector(PLAYING, timeout=WAIT_MS)
    page.wait_for_selector("svg.system .cursor.here", state="attached")
    line, x = cursor(page)
    home = page.evaluate(
        """() => [...document.querySelectorAll("svg.system")]
             .findIndex((s) => s.querySelector('.bar-area[data-bar="9"]'))"""
    )
    area = page.locator('.bar-area[data-bar="9"]')
    left = float(area.get_attribute("x"))
    assert line == home
    assert left <= x <= left + float(area.get_attribute("width"))


def test_bar_tempo_and_hand_are_asked_for(page: Any, studio: str) -> None:
    opened(page, studio)
    page.fill("#bar", "9")
    page.select_option("#hand", "left")
    page.evaluate("document.getElementById('tempo').value = 50")
    page.dispatch_event("#tempo", "input")
    assert page.inner_text("#tempo-said") == "50 %"
    with page.expect_response(lambda r: "/rendition" in r.url) as asked:
        page.click("#play")
    assert "bar=9" in asked.value.url
    assert "tempo=0.5" in asked.value.url
    assert "hand=left" in asked.value.url


def test_everything_by_keyboard(page: Any, studio: str) -> None:
    opened(page, studio)
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.className")
        )
    for control in ("skip", "light", "play", "bar", "tempo", "hand"):
        assert control in reached
    page.locator("#play").press("Space")
    page.wait_for_selector(PLAYING, timeout=WAIT_MS)
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)


def test_letters_are_keys_of_the_piano(page: Any, studio: str) -> None:
    opened(page, studio)
    for key, pitch in (("a", 60), ("d", 64), ("g", 67)):
        page.keyboard.down(key)
        page.wait_for_selector(f"body[data-struck='{pitch}']", timeout=WAIT_MS)
        page.keyboard.up(key)
    page.uncheck("#letters")
    page.locator("#letters").blur()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert page.locator("body").get_attribute("data-struck") == "67"


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
