"""The real studio as a subprocess, and a system Chromium to look at it with.

A page here fails its test on any page error, console error, answer of 400 or more, or request that
leaves this machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from valentin import pianist, recital

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
HERE = {"127.0.0.1", "localhost", "[::1]", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        needs = {"page", "open_page"} & set(getattr(item, "fixturenames", ()))
        if needs and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this system"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--autoplay-policy=no-user-gesture-required",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages of any size and colour scheme; each is watched until the test ends."""
    trouble: list[str] = []
    contexts = []

    def watched(request: Any) -> None:
        if urlsplit(request.url).netloc.rpartition(":")[0] not in HERE:
            trouble.append(f"asked {request.url}")

    def answered(response: Any) -> None:
        if response.status >= 400:
            trouble.append(f"{response.status} from {response.url}")

    def said(message: Any) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    def open_one(width: int = 1280, height: int = 900, scheme: str = "light") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", watched)
        page.on("response", answered)
        page.on("console", said)
        page.on("pageerror", lambda error: trouble.append(f"page: {error}"))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    return open_page()


@pytest.fixture(scope="session")
def studio() -> Iterator[str]:
    """The address of `valentin studio --port 0`."""
    command = [sys.executable, "-m", "valentin", "studio", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        if "http://" not in line:
            process.kill()
            pytest.fail(f"the studio did not open: {line}{process.stderr.read()}")
        yield "http://" + line.partition("http://")[2].split()[0]
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def listening_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a short prelude."""
    path = tmp_path_factory.mktemp("listening") / "prelude.html"
    piece = pianist.piece("chopin-op28-20")
    score, engraving = pianist.read_score(piece.score)
    heard = recital.listen(score, engraving, title=piece.title)
    path.write_text(recital.page([heard]).html, encoding="utf-8")
    return path
