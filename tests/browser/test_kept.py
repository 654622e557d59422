"""The library and progress in a real browser: a score is added, taken off and brought back; a take
shows in progress; narrow windows fit; everything goes by keyboard; everything can be deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
MUSIC = Path(__file__).parents[1] / "music" / "scores"
WAIT_MS = 60_000


def mine(page: Any) -> Any:
    return page.locator(".pieces li", has=page.locator("[data-remove]"))


def test_a_score_is_added_removed_and_brought_back(page: Any, studio: str) -> None:
    page.goto(f"{studio}library")
    before = mine(page).count()
    page.set_input_files("#files", [MUSIC / "pedal.musicxml", MUSIC / "multi-rest.musicxml"])
    expect(page.locator("#report [data-done=yes]")).to_have_count(2, timeout=WAIT_MS)
    expect(mine(page)).to_have_count(before + 2)
    page.fill("#words", "rests")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".pieces li")).to_have_count(1)
    page.locator("[data-remove]").focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-remove]")).to_be_focused()
    page.reload()
    expect(page.locator(".pieces .title")).to_have_text("Rests")
    page.locator(".pieces .title").click()
    page.wait_for_selector("body[data-state=ready]", timeout=WAIT_MS)
    assert page.locator("h1").inner_text() == "Rests"


def test_a_take_shows_in_progress_and_everything_can_go(page: Any, studio: str) -> None:
    take = MUSIC.parents[2] / "src/valentin/repertoire/takes/chopin-op9-2-student.mid"
    address = f"{studio}pieces/chopin-op9-2"
    answer = page.request.post(f"{address}/takes/file?file=mine.mid", data=take.read_bytes())
    lesson = answer.json()["take"]["lesson"]
    assert page.request.get(f"{studio}{lesson[1:]}", timeout=2 * WAIT_MS).ok
    page.goto(f"{studio}progress")
    expect(page.locator(".plan li").last).to_contain_text("From beginning to end")
    page.locator(".piece a").first.click()
    expect(page.locator("svg.growth.wide")).to_be_visible()
    expect(page.locator("svg.growth.narrow")).to_be_hidden()
    assert page.locator("svg.growth.wide .frame").count() >= 30
    expect(page.locator(".stories li").first).to_contain_text("Said on")
    page.goto(f"{studio}progress")
    page.get_by_text("Delete everything").click()
    page.get_by_role("button", name="Delete all of it").click()
    expect(page.locator("#forgotten")).to_contain_text("Deleted: ", timeout=WAIT_MS)
    page.reload()
    expect(page.locator(".empty")).to_contain_text("Nothing was played yet")


@pytest.mark.parametrize("path", ["library", "progress", "pieces/chopin-op9-2/progress"])
@pytest.mark.parametrize("width", [360, 1600])
def test_pages_fit_every_window(
    open_page: Callable[..., Any], studio: str, path: str, width: int
) -> None:
    page = open_page(width=width, height=800, scheme="dark")
    page.goto(f"{studio}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    unnamed = page.evaluate(
        "[...document.querySelectorAll('a, button, input')]"
        ".filter((e) => !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"
    )
    assert unnamed == 0
