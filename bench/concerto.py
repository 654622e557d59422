"""Concerto in the studio: how evenly the other hand sounds while one scrolls, how soon it answers.

In: the real `valentin studio` and a system Chromium. Out: rows of `bench/results/concerto.json`.

Run: `python -m bench.concerto`.

**Conventions.** The right hand of our own nocturne comes from a keyboard put into the page, key by
key in real time; the page scrolls up and down all the while. *Jitter*: how far the start of a note
on the audio clock is from where the studio wished it on the page's clock, less the median of that,
absolute; over notes that do not answer a key. *Answer*: from a key to the moment at which a note
that was waiting for it is heard, the way from the sound card to the ear that the browser tells
included (*card*). *Loopback*: to the studio and back, the quickest of the clocks' questions.

**Knows nothing of** how the page plays.
"""

from __future__ import annotations

import shutil
import time
from bisect import bisect_right

import numpy as np
from playwright.sync_api import Page, sync_playwright
from tests.browser.midi import KEYBOARD

from bench.common import Row, record
from bench.pictures import studio
from valentin import pianist

__all__ = ["jitter_ms"]

PIECE, PLAYED_S, WAIT_MS = "chopin-op9-2", 90.0, 300_000
ANSWER_S = 0.05
WATCH = """
  window.said = []; window.starts = []; window.keys = [];
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...rest) {
      super(...rest);
      this.addEventListener("message", ({ data }) => {
        const line = JSON.parse(data);
        if (line.kind !== "events") return;
        for (const event of line.events) if (event[1] === "down") window.said.push(event[0]);
      });
    }
    send(text) {
      const line = JSON.parse(text);
      if (line.kind === "down") window.keys.push(line.time_s);
      super.send(text);
    }
  };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at = 0, ...rest) {
    const { contextTime, performanceTime } = this.context.getOutputTimestamp();
    window.starts.push([at, performanceTime / 1000 - contextTime]);
    return start.call(this, at, ...rest);
  };
"""
PLAY = """(rows) => {
  for (const [seconds, bytes] of rows) setTimeout(() => midi.send(bytes), 1000 * seconds);
  let down = 1;
  const scroll = () => {
    scrollBy(0, 6 * down);
    if (scrollY <= 0 || scrollY + innerHeight >= document.body.scrollHeight - 1) down = -down;
    requestAnimationFrame(scroll);
  };
  scroll();
}"""


def jitter_ms(
    said_s: list[float], starts: list[list[float]], keys_s: list[float]
) -> tuple[list[float], list[float]]:
    """Off-beat of foreseen notes and delay of answers, both in ms.

    `said_s` are times of the page's clock, `starts` (audio clock, page's clock less audio's as the
    browser tells it), in the same order.
    """
    count = min(len(said_s), len(starts))
    said = np.array(said_s[:count])
    at = np.array([row[0] for row in starts[:count]])
    bridge = float(np.median([row[1] for row in starts[:count]]))
    last = [bisect_right(keys_s, s) - 1 for s in said]
    after = np.array([s - keys_s[i] if i >= 0 else 9.0 for s, i in zip(said, last, strict=True)])
    own = after > ANSWER_S
    off = at[own] - said[own]
    answers = at[~own] + bridge - (said - after)[~own]
    return (1000 * np.abs(off - np.median(off))).tolist(), (1000 * answers).tolist()


def _played(page: Page) -> tuple[list[float], list[float], list[float]]:
    score, _ = pianist.read_score(pianist.piece(PIECE).score)
    notes = pianist.play(score, pianist.Wish(hand="right")).performance.notes
    rows = [(n.onset_s, [0x90, n.pitch, n.velocity]) for n in notes if n.onset_s < PLAYED_S]
    page.click("#together")
    page.wait_for_selector("body[data-concerto=ready]", timeout=WAIT_MS)
    page.evaluate("said.length = starts.length = keys.length = 0")
    page.evaluate(PLAY, rows)
    time.sleep(PLAYED_S)
    words = page.inner_text("#concerto-latency").split()
    told = [float(words[i - 1]) for i, word in enumerate(words) if word.rstrip(".,") == "ms"]
    off, answers = jitter_ms(*page.evaluate("[said, starts, keys]"))
    return off, answers, told


def main() -> None:
    """Measure and record."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with studio() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 700})
        page.add_init_script(KEYBOARD)
        page.add_init_script(WATCH)
        page.goto(f"{address}pieces/{PIECE}", timeout=WAIT_MS)
        page.wait_for_selector("body[data-state=ready]", timeout=WAIT_MS)
        off, answers, told = _played(page)
        browser.close()
    record("concerto", [
        Row("jitter while the page scrolls, 95th percentile", float(np.percentile(off, 95)), "ms",
            median=float(np.median(off)), n=len(off), of="notes", target="≤ 5"),
        Row("jitter while the page scrolls, 99th percentile", float(np.percentile(off, 99)), "ms",
            n=len(off), of="notes"),
        Row("answer to a key, median", float(np.median(answers)), "ms", n=len(answers),
            of="notes"),
        Row("answer to a key, 95th percentile", float(np.percentile(answers, 95)), "ms",
            n=len(answers), of="notes"),
        Row("loopback, quickest", told[0], "ms", n=1, of="rehearsals"),
        Row("sound card, as the browser tells", told[1], "ms", n=1, of="rehearsals"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
