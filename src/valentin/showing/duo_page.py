"""Two takes compared as one HTML file: both lines under the score, and both sounds at each place.

In: a `DuoSheet`. Out: the page, with the lesson's own style and script. The shaded stretch between
the two lines is where they part; the first is a full line, the other a dashed one.

**Conventions.** As on a lesson's page; a place is numbered as a remark is there, in a square, since
nothing is a place to start.

**Knows nothing of** how the places were chosen; which of the two is better.
"""

from __future__ import annotations

from html import escape

from valentin.catalogue import Catalogue, catalogue
from valentin.music import Clip, Contrast, Duo, DuoPoint, DuoSheet
from valentin.showing.cards import buttons_of
from valentin.showing.drawing import SPACE, System, glyph_sheet
from valentin.showing.duo_words import place_title
from valentin.showing.engraving import NARROW_SPACES, WIDE_SPACES, bars_label, draw
from valentin.showing.furniture import audio, foot_of, steps_of
from valentin.showing.layers import Layers
from valentin.showing.marks import Named, bracket, shape_svg
from valentin.showing.names import plain
from valentin.showing.one_file import joined_script, policy, web_text
from valentin.showing.plotting import Line, Plot, bars_to_touch, draw_plots, plots_height
from valentin.showing.setting import Setting
from valentin.showing.system_svg import system_svg

__all__ = ["duo_page"]

_LAYOUTS = (("wide", WIDE_SPACES, 12.0 / 7.0 * SPACE), ("narrow", NARROW_SPACES, 2.4 * SPACE))
"""Name, width in staff spaces, and the height of small print in drawing units, as in a lesson."""
_PLOTS = 2


def duo_page(sheet: DuoSheet) -> str:
    """The page as HTML. Raises MusicError where the engraving holds no music."""
    duo = sheet.duo
    words = catalogue("duo", duo.language)
    drawn = draw(sheet.engraving, *(spaces for _, spaces, _ in _LAYOUTS))
    script = joined_script("lib/glide.js", "lesson/lesson.js")
    style = web_text("paper.css", "lesson/lesson.css")
    scores = "".join(
        _score(sheet, name, height, systems)
        for (name, _, height), systems in zip(_LAYOUTS, drawn, strict=True)
    )
    piece = plain(duo.score.title)
    title = words.say("title", title=piece) if piece else words.say("title.none")
    glyphs = glyph_sheet(tuple(s for layout in drawn for s in layout))
    return (
        f'<!doctype html>\n<html lang="{duo.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f'<body data-state="loading">{glyphs}{_opening(words, duo, title)}<main>{scores}</main>'
        f'{_foot(sheet)}<script type="application/json" id="steps">{steps_of(_clips(sheet))}'
        f"</script><script>{script}</script></body></html>\n"
    )


def _opening(words: Catalogue, duo: Duo, title: str) -> str:
    page = catalogue("page", duo.language)
    said = "".join(f"<p>{escape(c.words)}</p>" for c in duo.whole)
    refusal = f"<p>{escape(duo.refusal)}</p>" if duo.refusal else ""
    ways = "".join(
        f'<li><a href="#remark-{n}" data-remark="{n}">{_icon(n)}'
        f"<span>{escape(place_title(duo, place))}</span></a></li>"
        for n, place in enumerate(duo.places, start=1)
    )
    names = escape(words.say("names", one=duo.names[0], other=duo.names[1]))
    asked = f'<p class="next">{escape(duo.question)}</p>' if duo.question else ""
    return (
        f'<header class="opening"><div class="title"><h1>{escape(title)}</h1>'
        f'<p class="by">{escape(plain(duo.score.composer))}</p><p class="heard">{names}</p></div>'
        f'<div class="said">{refusal}{said}</div>'
        f"{f'<ol class=ways>{ways}</ol>' if ways else ''}{asked}"
        f'<div class="corner"><a id="home" hidden>{escape(page.say("home"))}</a> '
        f'<button type="button" id="light">{escape(page.say("light"))}</button></div></header>'
    )


def _icon(number: int) -> str:
    drawn = shape_svg("square", number, 16, 16, 11)
    return f'<svg class="icon" viewBox="0 0 32 32" role="img" aria-label="{number}">{drawn}</svg>'


def _score(sheet: DuoSheet, name: str, text_height: float, systems: tuple[System, ...]) -> str:
    """The score in one layout, each place's card in the row where its bars begin."""
    duo, setting = sheet.duo, Setting(sheet.duo.score, systems)
    words = catalogue("duo", duo.language)
    layers = [Layers() for _ in systems]
    beside: dict[int, str] = {}
    for number, place in enumerate(duo.places, start=1):
        named = Named(number, "square", place_title(duo, place))
        bracket(layers, setting, named, (place.start_q, place.end_q), text_height)
        bars = setting.bars_between(place.start_q, place.end_q)
        home = min((found[0] for bar in bars if (found := setting.box(bar))), default=0)
        beside[home] = beside.get(home, "") + _card(sheet, words, number, name)
    plots = draw_plots(_plots(words, duo), duo.points, setting, text_height)
    room = plots_height(_PLOTS, text_height)
    numbers = {bar.id: bar.number for bar in duo.score.bars}
    told = _readings(words, duo)
    rows = []
    for i, system in enumerate(systems):
        drawn = plots[i] and plots[i] + bars_to_touch(told, system, room)
        label = bars_label(system, numbers, duo.language)
        svg = system_svg(system, layers[i], (drawn, room), text_height, label)
        rows.append(
            f'<div class="row"><figure tabindex="0">{svg}<figcaption aria-live="polite">'
            f'</figcaption></figure><div class="margin">{beside.get(i, "")}</div></div>'
        )
    label = escape(catalogue("page", duo.language).say("score"), quote=True)
    return f'<section class="score {name}" aria-label="{label}">{"".join(rows)}</section>'


def _plots(words: Catalogue, duo: Duo) -> tuple[Plot, ...]:
    def side(kind: str, which: int, what: str) -> Line:
        return Line(kind, lambda point: getattr(point, what)[which])

    def pair(what: str) -> tuple[Line, Line]:
        return side("melody", 0, what), side("accompaniment", 1, what)

    unit = words.say("curve.tempo.unit", one=duo.names[0], other=duo.names[1])
    return (
        Plot(
            words.say("curve.tempo"), unit, lambda p: min(p.tempo), lambda p: max(p.tempo),
            pair("tempo"), logarithmic=True,
        ),
        Plot(
            words.say("curve.loudness"), words.say("curve.loudness.unit"), _softer, _louder,
            pair("loudness"),
        ),
    )  # fmt: skip


def _softer(point: DuoPoint) -> float | None:
    one, other = point.loudness
    return None if one is None or other is None else min(one, other)


def _louder(point: DuoPoint) -> float | None:
    one, other = point.loudness
    return None if one is None or other is None else max(one, other)


def _readings(words: Catalogue, duo: Duo) -> dict[str, str]:
    """Each bar of both in words, by the bar's id: the first time it comes."""
    told: dict[str, str] = {}
    one, other = duo.names
    for bar in duo.score.bars:
        inside = [p for p in duo.points if bar.start_q <= p.onset_q < bar.start_q + bar.length_q]
        if not inside or bar.id in told:
            continue
        tempo = [round(sum(p.tempo[i] for p in inside) / len(inside)) for i in (0, 1)]
        pace = {"tempo_one": tempo[0], "tempo_other": tempo[1]}
        said = words.say("reading", bar=bar.number, one=one, other=other, **pace)
        both = [p.loudness for p in inside if None not in p.loudness]
        if both:
            loud = [round(sum(pair[i] or 0 for pair in both) / len(both)) for i in (0, 1)]
            said += " " + words.say(
                "reading.loudness", one=one, other=other, loud_one=loud[0], loud_other=loud[1]
            )
        told[bar.id] = said
    return told


def _card(sheet: DuoSheet, words: Catalogue, number: int, layout: str) -> str:
    place: Contrast = sheet.duo.places[number - 1]
    suffix = "" if layout == "wide" else f"-{layout}"
    heard = sheet.sounds[number - 1 : number] not in ((), (None,))
    buttons = buttons_of(number, words.say("sounds", number=number), sheet.duo.names)
    return (
        f'<article class="card" id="remark-{number}{suffix}" data-remark="{number}" tabindex="-1">'
        f"<h2>{_icon(number)}<span>{escape(place_title(sheet.duo, place))}</span></h2>"
        f"<p>{escape(place.words)}</p>{buttons if heard else ''}</article>"
    )


def _clips(sheet: DuoSheet) -> dict[str, Clip]:
    return {
        f"sound-{n}-{name}": clip
        for n, both in enumerate(sheet.sounds, start=1)
        if both
        for name, clip in zip(("played", "could"), both, strict=True)
    }


def _foot(sheet: DuoSheet) -> str:
    numbers = [n for n, both in enumerate(sheet.sounds, start=1) if both]
    if not numbers:
        return ""
    words = catalogue("duo", sheet.duo.language)
    label = words.say("sounds", number=numbers[0])
    buttons = buttons_of(numbers[0], label, sheet.duo.names)
    page = catalogue("page", sheet.duo.language)
    opened = foot_of(page, {n: _icon(n) for n in numbers}, buttons, words.say("keys"))
    sounds = "".join(audio(name, clip) for name, clip in _clips(sheet).items())
    return f"{opened}{sounds}</footer>"
