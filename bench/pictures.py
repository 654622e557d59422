"""The pictures in the documentation, taken of the real studio and the real demo lesson.

`python -m bench.pictures [NAME…]` opens a studio in which somebody has been, waits for the
lesson and writes `docs/pictures/*.png`. Needs a system Chromium and playwright (the `test` extra).

**Knows nothing of** what the pages say.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
PIECE, MENUET = "chopin-op9-2", "petzold-anh114"
LESSON = f"pieces/{PIECE}/lessons/1"
TAKE = Path(__file__).parents[1] / "src/valentin/repertoire/takes" / f"{PIECE}-student.mid"
CARDS = ("1,4500,3;1,31000,17", "1,4700,3", "1,5200,3;1,44000,24")
READY = "body[data-state=ready]"
WAIT_MS = 300_000


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: which page, how large the window, light or dark, and where it is scrolled to."""

    name: str
    path: str
    width: int
    height: int
    scheme: str = "light"
    show: str = ""
    press: str = ""
    open_share: bool = False


SHOTS = (
    Picture("lesson", LESSON, 1440, 1000, show=".wide .card.first"),
    Picture("lesson-opening", LESSON, 1440, 900),
    Picture("lesson-dark", LESSON, 1440, 1000, "dark", show=".wide .card.first"),
    Picture("lesson-phone", LESSON, 360, 740, show=".narrow .card.first"),
    Picture("studio", "", 1600, 1000),
    Picture("studio-dark", "", 1600, 1000, "dark"),
    Picture("studio-phone", "", 360, 740),
    Picture("studio-playing", "", 1600, 1000, press="#play"),
    Picture("library", "library", 1600, 900),
    Picture("library-phone", "library", 360, 740),
    Picture("progress", f"pieces/{PIECE}/progress", 1600, 900),
    Picture("progress-phone", f"pieces/{PIECE}/progress", 360, 740, "dark"),
    Picture("plan", "progress", 1600, 900),
    Picture("plan-phone", "progress", 360, 740),
    Picture("share", f"pieces/{MENUET}", 1600, 1000, open_share=True),
    Picture("share-phone", f"pieces/{MENUET}", 360, 740, "dark", open_share=True),
)


@contextmanager
def studio(home: str = "") -> Iterator[str]:
    """The address of a studio on a free port; it keeps in `home`, not in the user's own folder."""
    command = [sys.executable, "-m", "valentin", "studio", "--port", "0"]
    kept = os.environ | ({"VALENTIN_HOME": home} if home else {})
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept) as process:
        assert process.stdout is not None
        yield "http://" + process.stdout.readline().partition("http://")[2].split()[0]
        process.terminate()


def take(browser: Browser, address: str, picture: Picture) -> None:
    """One picture."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
    )
    page.goto(address + picture.path, timeout=WAIT_MS)
    page.wait_for_selector(READY, timeout=WAIT_MS)
    if not picture.path:
        page.wait_for_selector("[data-lesson=ready]", timeout=WAIT_MS)
    if picture.show:
        page.evaluate(
            "(what) => document.querySelector(what).closest('.row')"
            ".scrollIntoView({ block: 'start' })",
            picture.show,
        )
    if picture.press:
        page.click(picture.press)
        page.wait_for_selector(".cursor.here", state="attached", timeout=WAIT_MS)
        page.wait_for_timeout(4000)
    if picture.open_share:
        _opened(page)
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    page.close()


def _opened(page: Page) -> None:
    """The panel for pages to send on, and what came back."""
    page.locator("#more summary").press("Enter")
    page.locator("#share-open").press("Enter")
    page.locator("#moved summary").press("Enter")
    page.wait_for_selector(".shares [data-state=ready]", timeout=WAIT_MS)
    page.locator("#share").evaluate("(panel) => panel.scrollIntoView({ block: 'start' })")


def _furnished(browser: Browser, address: str) -> None:
    """A studio in which somebody has been: two takes with lessons, a page shared, cards back."""
    asked = browser.new_context(base_url=address).request
    for _ in range(2):
        path = f"pieces/{PIECE}/takes/file?file=evening.mid"
        take = asked.post(path, data=TAKE.read_bytes()).json()["take"]
        asked.get(take["lesson"], timeout=WAIT_MS)
    share = asked.post(f"pieces/{MENUET}/shares?hall=recital&language=de").json()["share"]["id"]
    while not asked.get(f"shares/{share}").json()["share"]["ready"]:
        time.sleep(1.0)
    for moments in CARDS:
        told = {"text": f"#kept=0f3a;{moments}", "pieces": {"1": MENUET}}
        asked.post("cards", data=told)


def main() -> None:
    """All pictures, or those whose names are given."""
    PICTURES.mkdir(exist_ok=True)
    named = set(sys.argv[1:])
    with TemporaryDirectory() as home, studio(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        _furnished(browser, address)
        for picture in SHOTS:
            if named and picture.name not in named:
                continue
            take(browser, address, picture)
            print(f"docs/pictures/{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
