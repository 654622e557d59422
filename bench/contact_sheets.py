"""Listening pages at a glance: what a telephone shows at 0:05, 0:45, 2:00 and near the end.

In: listening pages. Out: `docs/pictures/listening-NAME.jpg`, four pictures side by side.

Run: `python -m bench.contact_sheets PAGE.html...`. Needs a system Chromium and playwright (the
`test` extra).

**Conventions.** The story is on. A piece shorter than two minutes shows its middle instead. A page
of several pieces shows its programme first, then the first piece.

**Knows nothing of** how a page was made.
"""

from __future__ import annotations

import shutil
import sys
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.listening_pages import GO, READY

__all__ = ["contact_sheet"]

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 360, 740
AT_S = (5.0, 45.0, 120.0)
BEFORE_END_S = 2.0
SETTLES_MS = 1500
QUALITY = 70


def contact_sheet(browser: Browser, path: Path, to: Path) -> None:
    """Four looks at one page, five where it has a programme."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(path.resolve().as_uri())
    page.wait_for_selector(READY)
    shots = [page.screenshot()] if page.locator(".begin").count() > 1 else []
    page.locator(".begin").first.click()
    length_s = page.evaluate("document.getElementById('place').max / 1000")
    shots += [_look(page, at_s) for at_s in _moments(length_s)]
    _side_by_side(browser, shots, to)
    page.close()


def _moments(length_s: float) -> list[float]:
    """The seconds to look at, rising, each within the piece."""
    end_s = max(0.0, length_s - BEFORE_END_S)
    within = [at_s for at_s in AT_S if at_s < end_s]
    if len(within) < len(AT_S):
        within = [at_s for at_s in within if at_s < end_s / 2] + [end_s / 2]
    return [*within, end_s]


def _look(page: Page, at_s: float) -> bytes:
    page.evaluate(GO, at_s)
    page.wait_for_timeout(SETTLES_MS)
    return page.screenshot()


def _side_by_side(browser: Browser, shots: Sequence[bytes], to: Path) -> None:
    width = len(shots) * (WIDTH + 8) - 8
    page = browser.new_page(viewport={"width": width, "height": HEIGHT})
    images = "".join(
        f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots
    )
    page.set_content(f'<body style="margin:0;display:flex;gap:8px;background:#888">{images}')
    page.screenshot(path=to, type="jpeg", quality=QUALITY)
    page.close()


def main(names: Sequence[str]) -> None:
    """One sheet a page."""
    if not names:
        raise SystemExit("Taking contact sheets: no page given; write one with `valentin listen`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        for path in map(Path, names):
            to = PICTURES / f"listening-{path.stem}.jpg"
            contact_sheet(browser, path, to)
            print(to.relative_to(PICTURES.parents[1]))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
