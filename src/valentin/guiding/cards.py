"""A card of kept moments as a listener sends it back: read, whatever it turns out to be.

In: text: the card's JSON, or a link that ends in one. Out: a `MomentCard`.

**Conventions.** What `web/listening/moments.js` writes, `docs/reference/listening.md` says. Moments
that cannot be are left out, as the page does; a card without one that can is refused. Moments come
back in order, each once.

**Knows nothing of** where the card came from, which piece it is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from valentin.errors import ReadError
from valentin.music import KeptMoment, MomentCard

__all__ = ["read_card"]

FORMAT = "valentin moments 1"
MOST_MOMENTS = 200
"""As the page keeps (`MOST_MOMENTS` there)."""
LONGEST_TEXT = 128 << 10
"""Characters: three times what a card of `MOST_MOMENTS` takes."""
LONGEST_S = 86_400.0
LONGEST_BAR, LONGEST_TITLE, MOST_PIECES = 12, 300, 100
_LINK = re.compile(r"#?kept=([0-9a-f]{1,64});(\S+)")
_PAGE = re.compile(r"[0-9a-f]{1,64}")
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read_card(text: str) -> MomentCard:
    """The card in a text. Raises ReadError that says why it is none."""
    if len(text) > LONGEST_TEXT:
        raise _no_card(f"it has more than {LONGEST_TEXT >> 10} kB, and no card is so large")
    if "kept=" in text and not text.lstrip().startswith("{"):
        return _from_link(text)
    try:
        card = json.loads(text)
    except (ValueError, RecursionError):
        raise _no_card("it is no card of moments, or damaged on its way") from None
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise _no_card("it is no card of moments")
    page, rows = card.get("page"), card.get("moments")
    if not isinstance(page, str) or not _PAGE.fullmatch(page) or not isinstance(rows, list):
        raise _no_card("it does not say which page it belongs to, or has lost its moments")
    found = (
        _moment(row.get("piece"), row.get("time_s"), row.get("bar"))
        for row in rows
        if isinstance(row, dict)
    )
    return _card(page, _titles(card), found)


def _from_link(text: str) -> MomentCard:
    found = _LINK.search(text)
    if found is None:
        raise _no_card("the link is not whole")
    rows = (row.split(",") for row in found[2].split(";"))
    moments = (
        _moment(int(piece), int(time_ms) / 1000, unquote(bar))
        for piece, time_ms, bar, *_ in ([*row, "", "", ""] for row in rows)
        if _is_number(piece) and _is_number(time_ms)
    )
    return _card(found[1], (), moments)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12


def _titles(card: dict[str, Any]) -> tuple[str, ...]:
    """The titles of the page's pieces; older cards know that of the first alone."""
    titles = card.get("titles")
    if not isinstance(titles, list) or not titles:
        titles = [card.get("title")]
    return tuple(_shown(title, LONGEST_TITLE) for title in titles[:MOST_PIECES])


def _moment(piece: Any, time_s: Any, bar: Any) -> KeptMoment | None:
    if type(piece) is not int or not 1 <= piece <= MOST_PIECES:
        return None
    if type(time_s) not in (int, float) or not 0 <= time_s < LONGEST_S:
        return None  # NaN and what no float holds included
    return KeptMoment(piece, round(float(time_s), 3), _shown(bar, LONGEST_BAR))


def _shown(value: Any, most: int) -> str:
    """A text that can be shown to people, "" for anything else."""
    return _UNSHOWN.sub("", value)[:most] if isinstance(value, str) else ""


def _card(page: str, titles: tuple[str, ...], found: Iterable[KeptMoment | None]) -> MomentCard:
    moments = sorted({m for m in found if m}, key=lambda m: (m.piece, m.time_s, m.bar))
    if not moments:
        raise _no_card("there is no moment on it that can be")
    return MomentCard(page, titles, tuple(moments[:MOST_MOMENTS]))


def _no_card(found: str) -> ReadError:
    return ReadError(
        f"Opening a card: {found}; ask the listener for the file `moments.json`, or for the whole "
        "link."
    )
