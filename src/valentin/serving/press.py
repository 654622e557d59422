"""The press: listening pages that are being made, one after another, each known by an id.

In: what a page is to be, and how to begin and keep it. Out: how far it is.

**Conventions.** Whoever asks for what is being made already gets that. A page that is done is kept
and forgotten here; one that failed stays until it is put away, with the reason in its words.

**Knows nothing of** HTTP, what is on a page.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from valentin.recital import Page
from valentin.serving.listening import Asked, Played, made_page
from valentin.serving.workshop import Stopped, Workshop

__all__ = ["Press", "Pressing"]

Key = tuple[Any, ...]
EARLY = 0.03
"""The share done before which nothing is said of the time that is left."""


@dataclass(slots=True)
class Pressing:
    """A page that is being made, or could not be."""

    key: Key
    piece: str
    take: str
    asked: Asked
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    words: str = "getting ready"
    share: float = 0.0
    failed: bool = False
    work: Future[Page] | None = None
    _doing_since_s: float = 0.0

    def tell(self, how_far: tuple[str, float]) -> None:
        """Told by the work as it goes on."""
        words, self.share = how_far
        if words != self.words:
            self.words, self._doing_since_s = words, time.monotonic()

    @property
    def left_s(self) -> float | None:
        """Seconds that are left of what is being done, None where that cannot be said yet."""
        if self.share < EARLY or self.failed:
            return None
        gone_s = time.monotonic() - self._doing_since_s
        return gone_s * (1.0 - self.share) / self.share


class Press:
    """The pages that are being made."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self._pages: dict[str, Pressing] = {}
        self._lock = Lock()

    def begin(
        self,
        page: Pressing,
        source: Callable[[], tuple[Path, Played]],
        keep: Callable[[Page], object],
    ) -> Pressing:
        """Begin a page, or find the one that is made already; what was made goes to `keep`."""
        with self._lock:
            for other in list(self._pages.values()):
                if other.key == page.key and not other.failed:
                    return other
                if other.key == page.key:
                    del self._pages[other.id]
            if any(not other.failed for other in self._pages.values()):
                page.words = "waiting for the page before it"
            self._pages[page.id] = page
        try:
            score, played = source()
            page.work = self.workshop.do(made_page, score, played, page.asked, told=page.tell)
        except BaseException:
            self._put_away(page.id)
            raise
        page.work.add_done_callback(lambda work: self._finish(page, work, keep))
        return page

    def of(self, piece: str) -> tuple[Pressing, ...]:
        """What is being made, or failed, of a piece."""
        with self._lock:
            return tuple(page for page in self._pages.values() if page.piece == piece)

    def get(self, name: str) -> Pressing | None:
        """The page of that id, None where it is not being made."""
        with self._lock:
            return self._pages.get(name)

    def stop(self, name: str) -> bool:
        """Make it no further; false where it is not being made."""
        page = self._put_away(name)
        if page is not None and page.work is not None and not page.work.done():
            self.workshop.cancel(page.work)
        return page is not None

    def forget(self) -> None:
        """Stop everything."""
        with self._lock:
            names = list(self._pages)
        for name in names:
            self.stop(name)

    def _put_away(self, name: str) -> Pressing | None:
        with self._lock:
            return self._pages.pop(name, None)

    def _finish(self, page: Pressing, work: Future[Page], keep: Callable[[Page], object]) -> None:
        try:
            made = work.result()
            if self.get(page.id) is not None:
                keep(made)
        except (CancelledError, Stopped):
            self._put_away(page.id)
        except Exception as error:  # noqa: BLE001 - whatever it was, who asks is told
            page.words, page.failed = str(error), True
        else:
            self._put_away(page.id)
