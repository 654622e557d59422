"""A page is made to send on, and what moved a listener comes back: in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from valentin import pianist

expect = pytest.importorskip("playwright.sync_api").expect
READY = "body[data-state=ready]"
WAIT_MS = 120_000
PIECE = "chopin-op28-20"


def at_the_stand(page: Any, studio: str) -> Any:
    page.goto(f"{studio}pieces/{PIECE}")
    page.wait_for_selector(READY, timeout=WAIT_MS)
    return page


def opened(page: Any) -> None:
    page.locator("#more summary").press("Enter")
    page.locator("#share-open").press("Enter")


def test_made_reloaded_saved_listened_to_and_sent_back(
    page: Any, studio: str, tmp_path: Path
) -> None:
    at_the_stand(page, studio)
    page.locator("#more summary").press("Enter")
    page.select_option("#character", "longing")
    page.locator("#share-open").press("Enter")
    page.select_option("share-panel select >> nth=0", "de")
    with page.expect_request(lambda r: r.method == "POST" and "/shares" in r.url) as asked:
        page.get_by_role("button", name="Make the page").press("Enter")
    for wish in ("language=de", "hall=recital", "performer=model", "character=longing"):
        assert wish in asked.value.url
    page.wait_for_selector(".shares [data-state=making]")
    page.reload()
    page.wait_for_selector("#share:not([hidden]) .shares li", timeout=WAIT_MS)
    page.wait_for_selector(".shares [data-state=ready]", timeout=3 * WAIT_MS)
    expect(page.locator(".shares a[download]")).to_have_text(
        re.compile(r"Save \(\d+\.\d MB, \d:\d\d\)")
    )
    with page.expect_download() as saved:
        page.click(".shares a[download]")
    assert saved.value.suggested_filename == f"{PIECE}.html"
    file = tmp_path / "page.html"
    saved.value.save_as(file)
    card = kept_in(page, file)
    at_the_stand(page, studio)
    page.set_input_files("#file", card)
    expect(page.locator("#status")).to_contain_text("A card with 1 moment in Prelude")
    bar = json.loads(card.read_text(encoding="utf-8"))["moments"][0]["bar"]
    expect(page.locator("#moved-head")).to_have_text("1 listener was moved, in 1 bar")
    expect(page.locator("#moved-bars li span")).to_contain_text(f"Bar {bar}: 1 listener, at 0:2")
    assert page.locator(".moved-mark text").all_text_contents() == ["♥"]
    page.get_by_role("button", name=f"Hear bar {bar}").press("Enter")
    page.wait_for_selector("body[data-state=playing]", timeout=WAIT_MS)
    assert (page.input_value("#from"), page.input_value("#to")) == (bar, bar)
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector(".moved-mark", state="attached", timeout=WAIT_MS)
    page.locator("#moved summary").press("Enter")
    page.get_by_role("button", name="Put away the card of listener 1").press("Enter")
    expect(page.locator("#moved")).to_be_hidden()
    assert page.locator(".moved-mark").count() == 0
    page.keyboard.press("Enter")  # Undo has the keyboard
    expect(page.locator("#moved")).to_be_visible()
    opened(page)
    page.get_by_role("button", name="Delete the page").press("Enter")
    expect(page.locator(".shares li")).to_have_count(0)


def kept_in(page: Any, file: Path) -> Path:
    """The card of a listener who keeps a moment after twenty seconds."""
    page.goto(file.as_uri())
    page.wait_for_selector(READY)
    page.click(".begin")
    page.wait_for_selector("body[data-state=playing]")
    page.evaluate(
        """() => {
          const place = document.getElementById("place");
          place.value = 20000;
          place.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    page.wait_for_timeout(1500)
    page.click("#keep")
    page.click("#all")
    with page.expect_download() as sent:
        page.click("[data-send=file]")
    card = file.with_name("moments.json")
    sent.value.save_as(card)
    return card


def test_it_is_cancelled(page: Any, studio: str) -> None:
    at_the_stand(page, studio)
    opened(page)
    expect(page.get_by_label("who plays")).to_be_hidden()
    page.get_by_role("button", name="Make the page").click()
    page.get_by_role("button", name="Cancel the page").click()
    expect(page.locator(".shares li")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#share")).to_be_hidden()


def test_a_take_of_ones_own_by_name(page: Any, studio: str) -> None:
    take = pianist.piece("chopin-op9-2").takes[0].read_bytes()
    address = f"{studio}pieces/chopin-op9-2"
    page.request.post(f"{address}/takes/file?file=mine.mid", data=take)
    page.goto(f"{address}/progress")
    expect(page.locator("#share")).to_be_hidden()
    page.get_by_role("button", name="Share the take").first.press("Enter")
    page.get_by_label("who plays").fill("Anna")
    with page.expect_request(lambda r: r.method == "POST" and "/shares" in r.url) as asked:
        page.get_by_role("button", name="Make the page").press("Enter")
    assert re.search(r"take=[\w-]+&by=Anna", asked.value.url)
    expect(page.locator(".shares .what")).to_have_text("Anna, English, recital")
    page.reload()
    expect(page.locator(".shares li")).to_have_count(1)
    page.get_by_role("button", name="Cancel the page").press("Enter")
    expect(page.locator(".shares li")).to_have_count(0)


def test_what_is_no_card_is_told(page: Any, studio: str, tmp_path: Path) -> None:
    at_the_stand(page, studio)
    huge = tmp_path / "moments.json"
    huge.write_bytes(b" " * 3_000_000)
    page.set_input_files("#file", huge)
    expect(page.locator("#status")).to_contain_text("3.0 MB, and a card has a few kB")
    page.goto(f"{studio}library")
    page.set_input_files("#files", huge)
    expect(page.locator("#report li")).to_contain_text("a card has a few kB")


def test_a_card_of_elsewhere_dropped_in_the_library(page: Any, studio: str, tmp_path: Path) -> None:
    card = tmp_path / "moments.json"
    moments = [{"piece": 1, "time_s": 12.5, "bar": "5"}]
    told = {"format": "valentin moments 1", "page": "beef02", "title": "", "moments": moments}
    card.write_text(json.dumps(told), encoding="utf-8")
    page.goto(f"{studio}library")
    page.set_input_files("#files", card)
    page.get_by_label("The page it came from (1 moment) is").select_option("petzold-anh114")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep it there").click()
    page.get_by_role("link", name="Open Menuet").click()
    page.wait_for_selector("#moved[open]", timeout=WAIT_MS)
    expect(page.locator("#moved-bars")).to_contain_text("0:12 on a page from elsewhere")


def test_a_link_is_pasted_anywhere(page: Any, studio: str) -> None:
    at_the_stand(page, studio)
    page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", "https://example.org/x.html#kept=beef03;1,7000,4");
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    page.wait_for_selector("dialog.which[open]")
    assert page.input_value("dialog.which select") == PIECE
    page.get_by_role("button", name="Leave it").click()
    expect(page.locator("dialog.which")).to_have_count(0)
