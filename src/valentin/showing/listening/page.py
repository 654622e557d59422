"""The file itself: a door to tap, a stage, the score behind it, the words of it all.

In: the sheets of one or more pieces and a language. Out: HTML.

**Conventions.** Sounds lie in the file as base64; the score is in templates, so that a browser
builds it only once it is asked for. The page keeps nothing to itself: kept moments stay with the
listener until he sends them.

**Knows nothing of** how anything was found or made.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape

from valentin.catalogue import Catalogue, catalogue
from valentin.music import Clip, ListeningSheet
from valentin.showing.drawing import System, glyph_sheet
from valentin.showing.engraving import NARROW_SPACES, WIDE_SPACES, bars_label, cursor_line, draw
from valentin.showing.listening.furniture import door, pieces_in_words, stage
from valentin.showing.listening.shapes import piece_data
from valentin.showing.names import plain
from valentin.showing.one_file import joined_script, policy, web_text

__all__ = ["listening_page", "page_name"]

_SCRIPTS = (
    "lib/glide.js",
    "listening/shapes.js",
    "listening/captions.js",
    "listening/moments.js",
    "listening/contour.js",
    "listening/painter.js",
    "listening/player.js",
    "listening/sheet.js",
    "listening/ways.js",
    "listening/keeping.js",
    "listening/page.js",
)


def listening_page(sheets: Sequence[ListeningSheet], *, language: str = "en") -> str:
    """The page as HTML. Raises ValueError for a language that is not there or for no piece."""
    if not sheets:
        raise ValueError("a listening page needs a piece")
    words = catalogue("listening", language)
    script = joined_script(*_SCRIPTS)
    style = web_text("paper.css", "listening/listening.css")
    title = " · ".join(filter(None, (plain(sheets[0].title), plain(sheets[0].score.composer))))
    if len(sheets) > 1:
        title = words.say("page.programme")
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script, "blob:")}">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f'<body data-state="loading" data-scene="door">{door(words, sheets)}{stage(words)}'
        f"{pieces_in_words(words, sheets)}"
        f"{''.join(_scores(sheet, i) for i, sheet in enumerate(sheets, start=1))}"
        f"{_data(words, sheets)}<script>{script}</script></body></html>\n"
    )


def _data(words: Catalogue, sheets: Sequence[ListeningSheet]) -> str:
    pieces = [piece_data(sheet, i) for i, sheet in enumerate(sheets, start=1)]
    whole = {
        "page": page_name(sheets),
        "title": sheets[0].title,
        "words": {key: list(words.messages[key]) for key in words.messages if key[:5] == "page."},
        "pieces": pieces,
    }
    sounds = "".join(_sounds(sheet, i) for i, sheet in enumerate(sheets, start=1))
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'{sounds}<script type="application/json" id="data">{text}</script>'


def page_name(sheets: Sequence[ListeningSheet]) -> str:
    """What a card says it belongs to: the same for the same performances."""
    told = sha256()
    for sheet in sheets:
        told.update(sheet.whole.data)
    return told.hexdigest()[:12]


def _sounds(sheet: ListeningSheet, number: int) -> str:
    clips: dict[str, Clip | None] = {
        "whole": sheet.whole,
        "no-melody": sheet.without_melody,
        "no-bass": sheet.without_bass,
    }
    if sheet.ways:
        clips |= {f"way-{x}": way.sound for x, way in zip("ab", sheet.ways.ways, strict=True)}
    return "".join(
        f'<script type="text/plain" id="sound-{number}-{name}" data-type="{clip.media_type}">'
        f"{b64encode(clip.data).decode()}</script>"
        for name, clip in clips.items()
        if clip
    )


def _scores(sheet: ListeningSheet, number: int) -> str:
    """The engraved score twice, for a telephone and for a desk, each asleep in a template."""
    layouts = draw(sheet.engraving, NARROW_SPACES, WIDE_SPACES)
    return "".join(
        f'<template id="score-{number}-{name}">{_drawn(sheet, systems)}</template>'
        for name, systems in zip(("narrow", "wide"), layouts, strict=True)
    )


def _drawn(sheet: ListeningSheet, systems: tuple[System, ...]) -> str:
    numbers = {bar.id: bar.number for bar in sheet.score.bars}
    return glyph_sheet(systems) + "".join(
        f'<svg class="system" role="img" aria-label="{bars_label(system, numbers)}" '
        f'viewBox="0 0 {system.width:g} {system.height:g}">{system.svg}{cursor_line(system)}</svg>'
        for system in systems
    )
