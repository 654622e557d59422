"""Every page of the studio, and a page to listen to, as axe-core reads it: nothing serious."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser.axe import found
from tests.browser.midi import KEYBOARD

from valentin import pianist

READY = "body[data-state=ready]"
WAIT_MS = 120_000
PIECE = "petzold-anh114"
TAKE = pianist.piece("chopin-op9-2").takes[0]
ALL = ("minor", "moderate", "serious", "critical")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["library", "progress", f"pieces/{PIECE}/progress"])
def test_what_is_kept(open_page: Callable[..., Any], studio: str, path: str, scheme: str) -> None:
    page = open_page(scheme=scheme)
    page.goto(studio + path)
    assert found(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_stand_with_all_that_opens(
    open_page: Callable[..., Any], studio: str, width: int, scheme: str
) -> None:
    page = open_page(width, 900, scheme)
    page.goto(studio + f"pieces/{PIECE}")
    page.wait_for_selector(READY, timeout=WAIT_MS)
    assert found(page) == []
    page.click("#more summary")
    assert found(page) == []
    page.click("#share-open")
    page.fill("#card-link", f"#kept=beef{width};1,4500,3;1,9000,7")
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_selector("dialog.which[open]")
    assert found(page) == []
    page.select_option("dialog.which select", PIECE)
    page.get_by_role("button", name="Keep it there").click()
    page.wait_for_selector("#moved[open]")
    assert found(page) == []


def test_taking(page: Any, studio: str) -> None:
    page.add_init_script(KEYBOARD)
    page.goto(studio + f"pieces/{PIECE}")
    page.wait_for_selector(READY, timeout=WAIT_MS)
    page.click("#take")
    page.wait_for_selector("body[data-listening]", timeout=WAIT_MS)
    assert found(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector(READY)
    page.click("#listen")
    page.wait_for_selector("body[data-checked]", timeout=WAIT_MS)
    assert found(page) == []
    page.keyboard.press("Escape")


def test_a_lesson_in_place_and_progress_after_it(page: Any, studio: str, tmp_path: Path) -> None:
    address = studio + "pieces/chopin-op9-2"
    page.goto(address)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    page.set_input_files("#file", TAKE)
    page.wait_for_selector("body[data-state=lesson]", timeout=2 * WAIT_MS)
    assert found(page) == []
    frame = page.locator("#masterclass").element_handle().content_frame()
    assert found(frame) == []
    lights = frame.locator("button", has_text="Light or dark")
    assert not any(light.is_visible() for light in lights.all()), "one switch is enough"
    for path in ("progress", "pieces/chopin-op9-2/progress"):
        page.goto(studio + path)
        assert found(page) == []


def test_a_page_to_listen_to_at_its_door_and_on_its_stage(page: Any, listening_file: Path) -> None:
    page.goto(listening_file.as_uri())
    page.wait_for_selector(READY)
    assert found(page, *ALL) == []
    page.click(".begin")
    page.wait_for_selector("body[data-state=playing]")
    page.wait_for_timeout(1500)  # the lights go down
    assert found(page, *ALL) == []
    page.click("#all")
    assert found(page, *ALL) == []
