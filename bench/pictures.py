"""The pictures in the documentation, taken of the real studio and the real demo lesson.

`python -m bench.pictures` opens the studio, waits for the lesson and writes `docs/pictures/*.png`.
Needs a system Chromium and playwright (the `test` extra).

**Knows nothing of** what the pages say.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LESSON = "pieces/chopin-op9-2/lessons/1"
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


SHOTS = (
    Picture("lesson", LESSON, 1440, 1000, show=".wide .card.first"),
    Picture("lesson-opening", LESSON, 1440, 900),
    Picture("lesson-dark", LESSON, 1440, 1000, "dark", show=".wide .card.first"),
    Picture("lesson-phone", LESSON, 360, 740, show=".narrow .card.first"),
    Picture("studio", "", 1600, 1000),
    Picture("studio-dark", "", 1600, 1000, "dark"),
    Picture("studio-phone", "", 360, 740),
    Picture("studio-playing", "", 1600, 1000, press="#play"),
)


@contextmanager
def studio() -> Iterator[str]:
    """The address of a studio on a free port."""
    command = [sys.executable, "-m", "valentin", "studio", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
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
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    page.close()


def main() -> None:
    """All pictures."""
    PICTURES.mkdir(exist_ok=True)
    with studio() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        for picture in SHOTS:
            take(browser, address, picture)
            print(f"docs/pictures/{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
