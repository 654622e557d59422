"""A listening page as a newcomer meets it: one file, the network cut."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

READY = "body[data-state=ready]"
PLAYING = "body[data-state=playing]"


def opened(page: Any, path: Path, fragment: str = "") -> Any:
    page.context.set_offline(True)
    page.goto(path.as_uri() + fragment)
    page.wait_for_selector(READY)
    return page


def until(page: Any, condition: str) -> None:
    """Until a condition holds; asked from outside, since the page's policy forbids eval inside."""
    end = time.monotonic() + 30.0
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def begun(page: Any, path: Path, fragment: str = "") -> Any:
    opened(page, path, fragment)
    page.click(".begin")
    page.wait_for_selector(PLAYING)
    until(page, "listening.now() > 0.2")
    return page


def go(page: Any, seconds: float) -> None:
    page.evaluate(
        """(time) => {
          const place = document.getElementById("place");
          place.value = 1000 * time;
          place.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        seconds,
    )
    until(page, f"Math.abs(listening.now() - {seconds}) < 2")


def test_one_tap_sounds_and_goes_on_and_asks_for_nothing(page: Any, listening_file: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begun(page, listening_file)
    until(page, "listening.now() > 3")
    assert not page.evaluate("listening.sound().paused")
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def test_before_the_tap_there_is_little_to_read(page: Any, listening_file: Path) -> None:
    opened(page, listening_file)
    assert len(page.locator("#door").inner_text().split()) < 20


def test_a_cue_comes_in_its_time_and_nothing_is_nothing(page: Any, listening_file: Path) -> None:
    begun(page, listening_file)
    cue = json.loads(page.locator("#data").text_content())["pieces"][0]["cues"][0]
    go(page, cue["time"] / 1000)
    until(page, f"document.getElementById('cue').textContent === {json.dumps(cue['story'])}")
    page.locator("input[value=works]").check(force=True)
    until(page, f"document.getElementById('cue').textContent === {json.dumps(cue['works'])}")
    page.locator("input[value=nothing]").check(force=True)
    until(page, "document.getElementById('cue').textContent === ''")
    assert not page.locator("#ask").is_visible()


def test_the_melody_is_taken_away_and_comes_back(page: Any, listening_file: Path) -> None:
    begun(page, listening_file)
    go(page, 15)
    page.click("#ask")
    melody = page.locator("[data-voice=melody]")
    assert melody.get_attribute("aria-pressed") == "false"
    until(page, "!listening.sound().paused && listening.now() > 15.5")
    melody.click()
    assert melody.get_attribute("aria-pressed") == "true"
    until(page, "!listening.sound().paused && listening.now() > 16")


def test_a_kept_moment_goes_out_and_comes_back(page: Any, listening_file: Path) -> None:
    begun(page, listening_file)
    go(page, 20)
    page.click("#keep")
    page.click("#all")
    assert "0:2" in page.locator("#kept .moments").first.inner_text()
    with page.expect_download() as saved:
        page.click("[data-send=file]")
    card = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert card["format"] == "valentin moments 1"
    assert card["moments"][0]["piece"] == 1
    moment = card["moments"][0]
    row = f"1,{round(1000 * moment['time_s'])},{moment['bar']}"
    page.goto("about:blank")
    opened(page, listening_file, f"#kept={card['page']};{row}")
    page.click("[data-opens=kept]")
    assert page.locator("#kept .others li").count() == 1


def test_the_score_is_one_tap_away_with_a_cursor(page: Any, listening_file: Path) -> None:
    begun(page, listening_file)
    page.click("#turn")
    page.wait_for_selector("#sheet .cursor.here", state="attached")
    assert page.locator("#sheet svg.system").count() >= 1


def test_it_is_played_by_keyboard(page: Any, listening_file: Path) -> None:
    opened(page, listening_file)
    page.locator(".begin").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(PLAYING)
    page.keyboard.press("Space")
    page.wait_for_selector(READY)
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.name"))
    assert {"keep", "all"} <= reached


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_window(
    open_page: Callable[..., Any], listening_file: Path, width: int
) -> None:
    page = begun(open_page(width, 740), listening_file)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(".controls").bounding_box()
    assert box["y"] + box["height"] <= 740


def test_the_piece_is_there_in_words(page: Any, listening_file: Path) -> None:
    opened(page, listening_file)
    told = page.locator("#words").inner_text()
    assert "bar" in told
    assert page.locator("#words li").count() >= 1
