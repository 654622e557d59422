"""Together from an injected MIDI keyboard: the other hand answers, waits and comes to rest."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.midi import KEYBOARD

from valentin import pianist

expect = pytest.importorskip("playwright.sync_api").expect
WAIT_MS = 120_000
MENUET = "pieces/petzold-anh114"
SOUNDED = """
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at = 0, ...rest) {
    document.body.dataset.sounded = (document.body.dataset.sounded ?? "") + "|";
    return start.call(this, at, ...rest);
  };
"""
PLAY = """(rows) => {
  for (const [seconds, bytes] of rows) setTimeout(() => midi.send(bytes), 1000 * seconds);
}"""


def right_hand(bars: tuple[str, str]) -> list[tuple[float, list[int]]]:
    score, _ = pianist.read_score(pianist.piece("petzold-anh114").score)
    wish = pianist.Wish("rules", bars=bars, hand="right", tempo=1.5)
    notes = pianist.play(score, wish).performance.notes
    return [(n.onset_s, [0x90, n.pitch, n.velocity]) for n in notes]


def seated(page: Any, studio: str) -> Any:
    page.add_init_script(KEYBOARD)
    page.add_init_script(SOUNDED)
    page.goto(studio + MENUET)
    page.wait_for_selector("body[data-state=ready]", timeout=WAIT_MS)
    page.click("#together")
    page.wait_for_selector("body[data-concerto=ready]", timeout=WAIT_MS)
    return page


def test_the_left_hand_plays_with_the_right_and_rests_without_a_keyboard(
    page: Any, studio: str
) -> None:
    seated(page, studio)
    assert page.input_value("#concerto-hand") == "right", "nobody else is in this score"
    assert "You play the right hand" in page.inner_text("#concerto-doing")
    assert "sound card" in page.inner_text("#concerto-latency")
    page.evaluate("document.body.dataset.sounded = ''")
    page.evaluate(PLAY, right_hand(("1", "4")))
    page.wait_for_selector("body[data-concerto=plays]", timeout=WAIT_MS)
    page.wait_for_selector("body[data-sounded^='||||||']", timeout=WAIT_MS)
    page.wait_for_selector("body[data-concerto=waits]", timeout=WAIT_MS)
    expect(page.locator("svg.system .cursor.here")).to_have_count(1)
    page.evaluate("midi.unplug()")
    page.wait_for_selector("body[data-concerto=rests]", timeout=WAIT_MS)
    expect(page.locator("#concerto-said")).to_contain_text("The keyboard is gone")
    page.evaluate("midi.plug()")
    expect(page.locator("#concerto-said")).to_have_text("Listening to Test piano.")
    page.keyboard.press("Escape")
    page.wait_for_selector("body[data-state=ready]")
    assert page.locator("#concerto").is_hidden()


def test_it_is_rehearsed_from_any_bar_and_stops_are_waited_for(page: Any, studio: str) -> None:
    seated(page, studio)
    page.fill("#from", "9")
    page.press("#from", "Tab")
    page.wait_for_selector("body:not([data-concerto])", state="attached", timeout=WAIT_MS)
    page.wait_for_selector("body[data-concerto=ready]", timeout=WAIT_MS)
    page.evaluate("document.body.dataset.sounded = ''")
    page.evaluate(PLAY, right_hand(("9", "10")))
    page.wait_for_selector("body[data-sounded^='||']", timeout=WAIT_MS)
    expect(page.locator("svg.system .cursor.here")).to_have_count(1)
    page.wait_for_selector("body[data-concerto=rests]", timeout=WAIT_MS)
    page.click("#concerto-done")
    page.wait_for_selector("body[data-state=ready]")


def test_letters_are_heard_and_wrong_bars_are_said(page: Any, studio: str) -> None:
    seated(page, studio)
    page.keyboard.press("d")
    page.wait_for_selector("body[data-concerto=waits], body[data-concerto=plays]", timeout=WAIT_MS)
    page.fill("#from", "999")
    page.press("#from", "Tab")
    page.wait_for_selector("body[data-concerto=refused]", timeout=WAIT_MS)
    assert "999" in page.inner_text("#concerto-doing")
