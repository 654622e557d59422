"""Listening pages: how long they take to make, how large they are, whether their cues are true, and
how they behave in a browser.

In: the 19 nocturnes and 10 Debussy pieces of the development data, and a system Chromium. Out:
rows. Pages are written to `build/listening_pages` and measured one by one, at telephone size.

Run: `python -m bench.listening_pages [COUNT | PART OF A NAME]`. Cues are checked on every piece;
with a count, so many pages are made and looked at, the longest piece among them; with a part of a
name nothing is recorded.

**Conventions.** Making time is processor time of this process and its children. Sound: from the tap
to the first sample that is not silence. Frames: a display of 60 Hz shows one every 16.7 ms however
little work it is, so the time between them says nothing below that. What counts is how many of the
frames that were due did not come (a gap as long as two frames is one that is missing; less than one
in twenty is what a 95th percentile at the display's own rate means), and how long its work is.
Drift: the moment that the page shows against the moment of the sound that comes out of the element,
found by correlation with the sound in the file, from 5:00 on (the end, where a piece is shorter).

**Knows nothing of** how cues are chosen.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from bench.common import Row, data_folder, record
from bench.cue_truth import Heard, true
from valentin import pianist, recital

TO = Path("build/listening_pages")
PHONE = {"width": 390, "height": 844}
FIVE_MINUTES_S = 300.0
RATE_HZ = 44_100
READY = "body[data-state=ready]"
LISTEN = """() => new Promise((done) => {
  const context = new AudioContext({ sampleRate: 44100 });
  const source = context.createMediaElementSource(listening.sound());
  const tap = context.createScriptProcessor(512, 1, 1);
  const rows = [];
  tap.onaudioprocess = (event) => {
    rows.push([listening.now(), Array.from(event.inputBuffer.getChannelData(0))]);
    if (rows.length === 180) { source.connect(context.destination); tap.disconnect(); done(rows); }
  };
  source.connect(tap);
  tap.connect(context.destination);
})"""
TAP = """() => new Promise((done) => {
  const begun = performance.now();
  document.querySelector(".begin").click();
  const sound = listening.sound();
  const context = new AudioContext();
  const meter = context.createAnalyser();
  context.createMediaElementSource(sound).connect(meter).connect(context.destination);
  const values = new Float32Array(meter.fftSize);
  const look = () => {
    meter.getFloatTimeDomainData(values);
    if (values.some((value) => Math.abs(value) > 1e-4)) done(performance.now() - begun);
    else setTimeout(look, 4);
  };
  look();
})"""
FRAMES = """(seconds) => new Promise((done) => {
  const times = [];
  const work = [];
  const step = (time) => {
    times.push(time);
    work.push(performance.now() - time);
    if (time - times[0] > 1000 * seconds) {
      done([times.slice(1).map((t, i) => t - times[i]), work.slice(1)]);
    } else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
GO = """(time) => {
  const place = document.getElementById("place");
  place.value = 1000 * time;
  place.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@dataclass(frozen=True)
class Told:
    """The cues of one piece, checked."""

    name: str
    path: Path
    length_s: float
    cues: int
    false: int
    twice: int
    longest: int


@dataclass(frozen=True)
class Made:
    """One page and what it took."""

    name: str
    path: Path
    seconds: float
    megabytes: float
    length_s: float


def pieces() -> list[Path]:
    """The nocturnes and the Debussy pieces."""
    root = data_folder()
    return [*sorted((root / "nocturnes").glob("*.krn")), *sorted((root / "debussy").glob("*.*xml"))]


def tell(path: Path) -> Told:
    """Choose a piece's cues, and check every one of them."""
    score, engraving = pianist.read_score(path)
    piece = recital.listen(score, engraving, title=score.title or path.stem)
    played = piece.rendition
    heard = Heard(played.score, piece.structure, played.performance, played.alignment)
    said = list(chain.from_iterable((cue.story, cue.works) for cue in piece.cues))
    return Told(
        path.stem,
        path,
        played.performance.end_s,
        len(piece.cues),
        sum(not true(heard, cue) for cue in piece.cues),
        len(said) - len(set(said)),
        max((len(words.split()) for words in said), default=0),
    )


def make(path: Path) -> Made:
    """Make a page, from the file of the score to the file of the page."""
    before = _processor_s()
    score, engraving = pianist.read_score(path)
    piece = recital.listen(score, engraving, title=score.title or path.stem)
    to = TO / f"{path.stem}.html"
    to.write_text(recital.page([piece]).html, encoding="utf-8")
    seconds = _processor_s() - before
    length_s = piece.rendition.performance.end_s
    return Made(path.stem, to, seconds, to.stat().st_size / 1e6, length_s)


def _processor_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@dataclass(frozen=True)
class Seen:
    """How one page behaves."""

    name: str
    sound_ms: float
    frames_ms: tuple[float, ...]
    work_ms: tuple[float, ...]
    drift_ms: float
    at_s: float
    requests: int
    wide_px: int


def see(browser: Any, made: Made) -> Seen:
    """Open a page, tap, watch its frames, and listen where it is late."""
    context = browser.new_context(viewport=PHONE, bypass_csp=True, device_scale_factor=2)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(made.path.resolve().as_uri())
    page.wait_for_selector(READY)
    sound_ms = page.evaluate(TAP)
    frames, work = page.evaluate(FRAMES, 6)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    page = context.new_page()
    page.goto(made.path.resolve().as_uri())
    page.wait_for_selector(READY)
    page.click(".begin")
    at_s = min(FIVE_MINUTES_S, made.length_s - 8.0)
    page.evaluate(GO, at_s)
    page.wait_for_timeout(1500)
    drift = _drift_ms(page.evaluate(LISTEN), _sound(made.path))
    context.close()
    outside = sum(not url.startswith(("file:", "blob:", "data:")) for url in asked)
    return Seen(made.name, sound_ms, tuple(frames), tuple(work), drift, at_s, outside, wide)


def _sound(path: Path) -> npt.NDArray[np.float64]:
    """The whole of a page, left channel."""
    found = re.search(r'id="sound-1-whole"[^>]*>([^<]+)<', path.read_text(encoding="utf-8"))
    assert found is not None
    samples, rate_hz = soundfile.read(io.BytesIO(base64.b64decode(found[1])), always_2d=True)
    assert rate_hz == RATE_HZ
    return np.asarray(samples.mean(axis=1), dtype=np.float64)


def _drift_ms(rows: list[tuple[float, list[float]]], sound: npt.NDArray[np.float64]) -> float:
    """Shown minus heard, by the lag at which what came out fits the file best."""
    heard = np.concatenate([np.array(block) for _, block in rows])
    shown_s = rows[0][0]
    start = max(0, int((shown_s - 2.0) * RATE_HZ))
    there = sound[start : start + len(heard) + 4 * RATE_HZ]
    size = 1 << (len(there) + len(heard)).bit_length()
    product = np.fft.rfft(there, size) * np.conj(np.fft.rfft(heard, size))
    fits = np.fft.irfft(product, size)[: len(there) - len(heard) + 1]
    energy = np.concatenate([[0.0], np.cumsum(there**2)])
    loud = np.sqrt(np.maximum(energy[len(heard) :] - energy[: -len(heard)], 1e-9))
    lag = int(np.argmax(fits / loud))
    return 1000.0 * (shown_s - (start + lag) / RATE_HZ)


def dropped(frames_ms: Sequence[float]) -> float:
    """The share of frames that should have been and were not; a frame is the median interval."""
    frame_ms = float(np.median(frames_ms))
    due = [max(1, round(ms / frame_ms)) for ms in frames_ms]
    return 1.0 - len(due) / sum(due)


def rows_of(told: Sequence[Told], made: Sequence[Made], seen: Sequence[Seen]) -> list[Row]:
    """The numbers that the listening pages are held to."""
    return [*_cue_rows(told), *_page_rows(made), *_seen_rows(seen)]


def _cue_rows(told: Sequence[Told]) -> list[Row]:
    count, cues = len(told), sum(t.cues for t in told)
    most = max(told, key=lambda t: t.cues)
    false, twice = sum(t.false for t in told), sum(t.twice for t in told)
    longest = max(t.longest for t in told)
    return [
        Row("cues a page", cues / count, worst=most.cues, worst_at=most.name, n=count, of="pieces",
            target="≤ 8"),
        Row("cues whose evidence is not true", false, n=cues, of="cues", target="0"),
        Row("sentences said twice in a piece", twice, n=count, of="pieces", target="0"),
        Row("longest cue", longest, "words", n=2 * cues, of="sentences", target="≤ 12"),
    ]  # fmt: skip


def _page_rows(made: Sequence[Made]) -> list[Row]:
    sizes = {m.name: m.megabytes * FIVE_MINUTES_S / m.length_s for m in made}
    seconds = {m.name: m.seconds for m in made}
    return [
        _row("page made, processor time", seconds, "s", "< 60"),
        _row("size of five minutes", sizes, "MB", "< 15"),
    ]


def _seen_rows(seen: Sequence[Seen]) -> list[Row]:
    def of(read: Callable[[Seen], float]) -> dict[str, float]:
        return {s.name: read(s) for s in seen}

    def p95(values: Sequence[float]) -> float:
        return float(np.percentile(values, 95))

    rows = [
        _row("first sound after the tap", of(lambda s: s.sound_ms), "ms", "< 1000"),
        _row("frames dropped", of(lambda s: 100 * dropped(s.frames_ms)), "%", "< 5"),
        _row("work in a frame, 95th percentile", of(lambda s: p95(s.work_ms)), "ms", "< 16.7"),
        _row("drift at 5:00 or the end", of(lambda s: abs(s.drift_ms)), "ms", "≤ 100"),
        _row("requests that leave the page", of(lambda s: float(s.requests)), "", "0"),
    ]
    wide = of(lambda s: float(s.wide_px - PHONE["width"]))
    return [*rows, _row("wider than a telephone by", wide, "px", "0")]


def _row(name: str, values: dict[str, float], unit: str, target: str) -> Row:
    """The median page, and the worst."""
    worst = max(values, key=lambda key: values[key])
    middle = float(np.median(list(values.values())))
    return Row(
        name, middle, unit, worst=values[worst], worst_at=worst, n=len(values), of="pages",
        target=target,
    )  # fmt: skip


def main(words: Sequence[str]) -> None:
    """Check the cues, make the pages, look at them, record the rows."""
    TO.mkdir(parents=True, exist_ok=True)
    part = words[0] if words and not words[0].isdecimal() else ""
    told = [tell(path) for path in pieces() if part in path.stem]
    by_length = sorted(told, key=lambda t: -t.length_s)
    count = int(words[0]) if words and not part else len(told)
    step = -(-len(by_length) // max(1, count))
    made = [make(t.path) for t in by_length[::step]]
    seen = _all_seen(made)
    rows = rows_of(told, made, seen)
    if part:
        print("\n".join(f"{row.name}: {row.value:.4g} (worst {row.worst})" for row in rows))
    else:
        record("listening_pages", rows)


def _all_seen(made: Sequence[Made]) -> list[Seen]:
    from playwright.sync_api import sync_playwright

    seen = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        for page in made:
            seen.append(see(browser, page))
            last = seen[-1]
            print(
                last.name, f"sound {last.sound_ms:.0f} ms, p95 frame "
                f"{np.percentile(last.frames_ms, 95):.1f} ms, drift {last.drift_ms:.0f} ms "
                f"at {last.at_s:.0f} s", flush=True,
            )  # fmt: skip
        browser.close()
    return seen


if __name__ == "__main__":
    main(sys.argv[1:])
