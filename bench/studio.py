"""The studio as a visitor meets it: from the press to the sound, the cursor against the clock.

In: the real `valentin studio` and a system Chromium. Out: rows of `bench/results/studio.json`.

Run: `python -m bench.studio`.

**Conventions.** A sound begins when its first block is due on the audio clock, the way to the ear
that the browser tells included. The cursor's time is read off the page: the moment at which the
music is where the cursor stands. It is compared with the computer's clock, set by the first second;
what is between two places of the score is taken to run evenly, as the cursor does.

**Knows nothing of** how the page plays.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from bench.common import Row, record
from bench.pictures import studio

__all__ = ["drift_ms"]

WAIT_MS = 300_000
PRESSES = 5
FOLLOWED_S = 60
WATCH = """
  window.heard = null;
  window.pressed = null;
  window.gaps = 0;
  let due = null;
  addEventListener("click", () => { window.pressed ??= performance.now(); }, true);
  addEventListener("keydown", () => { window.pressed ??= performance.now(); }, true);
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at = 0, ...rest) {
    const { context, buffer } = this;
    const away = Math.max(0, at - context.currentTime) + (context.outputLatency || 0);
    window.heard ??= performance.now() + 1000 * away;
    if (buffer.numberOfChannels === 2 && at) {
      if (due !== null && Math.abs(at - due) > 1e-4) window.gaps += 1;
      due = at + buffer.length / 44100;
    }
    return start.call(this, at, ...rest);
  };
"""
FOLLOW = """(seconds) => new Promise((done) => {
  const lines = [...document.querySelectorAll("svg.system")];
  const seen = [];
  const from = performance.now();
  const look = (now) => {
    const line = lines.findIndex((each) => each.querySelector(".cursor.here"));
    const at = lines[line]?.querySelector(".cursor").getAttribute("transform");
    if (at) seen.push([now / 1000, line, Number(at.match(/translate\\(([-\\d.]+)/)[1])]);
    if (now - from > 1000 * seconds) done(seen); else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
PLACES = """() => Object.fromEntries([...document.querySelectorAll("svg.system")].flatMap(
  (system, line) => [...system.querySelectorAll(".note[data-x]")].reverse()
    .map((note) => [note.dataset.id, [line, Number(note.dataset.x)]])))"""


def drift_ms(
    seen: list[tuple[float, int, float]], stops: list[tuple[float, int, float]]
) -> list[float]:
    """How far the cursor is from the clock at each look, in ms, positive when it is ahead.

    `seen` are (seconds of the clock, line, x), `stops` (seconds of the music, line, x). Looks at
    which the cursor is not between two places of one line tell nothing.
    """
    off: list[tuple[float, float]] = []
    for now_s, line, x in seen:
        near = [
            a[0] + (x - a[2]) / (b[2] - a[2]) * (b[0] - a[0])
            for a, b in pairwise(stops)
            if a[1] == b[1] == line and a[2] <= x < b[2]
        ]
        if len(near) == 1:
            off.append((now_s, near[0] - now_s))
    zero = median(value for now_s, value in off if now_s < off[0][0] + 1.0)
    return [1000.0 * (value - zero) for _, value in off]


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector("body[data-state=ready]", timeout=WAIT_MS)
    return page


def _pressed(page: Page, press: Any) -> float:
    """Seconds from a press to the sound."""
    page.evaluate("window.heard = window.pressed = null")
    press()
    page.wait_for_selector("body[data-state=playing]", timeout=WAIT_MS)
    waited = float(page.evaluate("(window.heard - window.pressed) / 1000"))
    page.keyboard.press("Escape")
    page.wait_for_selector("body[data-state=ready]")
    return waited


def _presses(page: Page) -> Iterator[tuple[str, list[float]]]:
    """Each way of asking for music, and how long it took."""

    def play() -> None:
        page.click("#play")

    yield "whole nocturne, Play", [_pressed(page, play) for _ in range(PRESSES)]

    def bar() -> None:
        page.locator("score-view").press("ArrowRight")
        page.evaluate("window.pressed = null")
        page.locator("score-view").press("Enter")

    yield "another bar, Enter at once", [_pressed(page, bar) for _ in range(PRESSES)]
    page.click("#more summary")
    page.select_option("#hall", "salon")
    yield "in a hall, Play", [_pressed(page, play) for _ in range(PRESSES)]


def _row(name: str, values: list[float]) -> Row:
    return Row(
        f"press to sound: {name}",
        median(values),
        "s",
        worst=max(values),
        n=len(values),
        of="presses",
        target="< 1",
    )


def _first_minute(browser: Browser, address: str) -> tuple[Page, list[Row]]:
    """A new visitor: music, then three notes; everything from the address being entered."""
    page = _opened(browser, address)
    page.click("#play")
    page.wait_for_selector("body[data-state=playing]", timeout=WAIT_MS)
    heard_s = float(page.evaluate("window.heard / 1000"))
    page.keyboard.press("Escape")
    for key, pitch in (("a", 60), ("d", 64), ("g", 67)):
        page.keyboard.down(key)
        page.wait_for_selector(f"body[data-struck='{pitch}']", timeout=WAIT_MS)
        page.keyboard.up(key)
    notes_s = float(page.evaluate("performance.now() / 1000"))
    page.wait_for_selector("[data-lesson=ready]", timeout=WAIT_MS)
    lesson_s = float(page.evaluate("performance.now() / 1000"))
    return page, [
        Row("first visit: music heard", heard_s, "s", n=1, of="visits", target="< 15"),
        Row("first visit: and three notes played", notes_s, "s", n=1, of="visits", target="< 15"),
        Row("first visit: demo lesson ready", lesson_s, "s", n=1, of="visits", target="< 15"),
    ]


def _cursor(page: Page) -> list[Row]:
    with page.expect_response(lambda answer: "/rendition" in answer.url) as told:
        page.reload()
    page.wait_for_selector("body[data-state=ready]", timeout=WAIT_MS)
    steps = json.loads(told.value.text())["steps"]
    places = page.evaluate(PLACES)
    stops = [(time_s, *places[name]) for time_s, name in steps if name in places]
    page.click("#play")
    page.wait_for_selector("body[data-state=playing]", timeout=WAIT_MS)
    off = drift_ms(page.evaluate(FOLLOW, FOLLOWED_S), stops)
    last = median(off[-60:])
    worst = float(np.percentile(np.abs(off), 99))
    return [
        Row(
            f"cursor drift after {FOLLOWED_S} s", last, "ms", n=len(off), of="looks", target="≤ 50"
        ),
        Row("cursor off the clock, 99 of 100 looks", worst, "ms", n=len(off), of="looks"),
        Row(
            "gaps between blocks",
            float(page.evaluate("window.gaps")),
            n=1,
            of="minutes",
            target="0",
        ),
    ]


def main() -> None:
    """Measure and record."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with studio() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page, rows = _first_minute(browser, address)
        rows += [_row(name, values) for name, values in _presses(page)]
        rows += _cursor(page)
        browser.close()
    record("studio", rows)


if __name__ == "__main__":
    main()
