"""What stands on a listening page besides the picture: the door, the controls, the words.

In: sheets and a catalogue. Out: HTML.

**Conventions.** Before the first tap there is a title and a button, nothing to read. Every control
is a button or an input with a name of its own.

**Knows nothing of** sounds, shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from valentin.catalogue import Catalogue
from valentin.music import Cue, ListeningSheet
from valentin.showing.listening.words import clock, programme_line, shape_said
from valentin.showing.names import plain

__all__ = ["door", "pieces_in_words", "stage"]


def door(words: Catalogue, sheets: Sequence[ListeningSheet]) -> str:
    """One piece: its title and a button. Several: the programme, a button each."""
    say = _escaped(words)
    inside = _title(words, sheets[0]) if len(sheets) == 1 else _programme(words, sheets)
    kept = f'<button type="button" class="quiet" data-opens="kept">{say("page.kept")}</button>'
    return (
        f'<a class="skip" href="#words">{say("page.skip")}</a>'
        f'<main id="door" class="{"one" if len(sheets) == 1 else "many"}">{inside}'
        f'<p class="doorfoot">{kept}</p></main>'
    )


def _title(words: Catalogue, sheet: ListeningSheet) -> str:
    say = _escaped(words)
    return (
        f'<p class="composer">{escape(plain(sheet.score.composer))}</p>'
        f"<h1>{escape(plain(sheet.title))}</h1>{_by(words, sheet)}"
        f'<button type="button" class="begin" data-piece="1">'
        f'<span class="sign" aria-hidden="true"></span><span>{say("page.listen")}</span></button>'
    )


def _by(words: Catalogue, sheet: ListeningSheet) -> str:
    by = plain(sheet.by) or words.say("page.machine")
    return f'<p class="by">{escape(words.say("page.played_by", by=by))}</p>'


def _programme(words: Catalogue, sheets: Sequence[ListeningSheet]) -> str:
    say = _escaped(words)
    minutes = round(sum(sheet.whole.duration_s for sheet in sheets) / 60)
    rows = "".join(
        f'<li><button type="button" class="row begin" data-piece="{i}">'
        f'<span class="sign" aria-hidden="true"></span>'
        f'<span class="names"><span class="composer">{escape(plain(sheet.score.composer))}</span>'
        f'<span class="name">{escape(plain(sheet.title))}</span>'
        f'<span class="line">{escape(plain(programme_line(words, sheet)))}</span></span>'
        f"</button></li>"
        for i, sheet in enumerate(sheets, start=1)
    )
    hall = words.say(f"hall.{sheets[0].hall}") if f"hall.{sheets[0].hall}" in words else ""
    where = f"<p class='hall'>{escape(words.say('page.hall', hall=hall))}</p>" if hall else ""
    whole = escape(words.say("page.whole", minutes=minutes))
    return (
        f"<h1>{say('page.programme')}</h1>{_by(words, sheets[0])}"
        f'<ol class="programme">{rows}</ol>{where}<p class="hall">{whole}</p>'
    )


def stage(words: Catalogue) -> str:
    """Everything that is there while the music plays."""
    say = _escaped(words)
    threads = "".join(
        f'<label><input type="radio" name="thread" value="{name}"{checked}>'
        f"<span>{say(f'page.{name}')}</span></label>"
        for name, checked in (("story", " checked"), ("works", ""), ("nothing", ""))
    )
    return (
        f'<main id="stage" hidden><div class="head"><h1 id="name"></h1>'
        f'<button type="button" id="turn" aria-pressed="false">{say("page.score")}</button></div>'
        f'<fieldset class="threads"><legend class="unseen">{say("page.words")}</legend>{threads}'
        f'</fieldset><p id="cue" role="status"></p>'
        f'<div id="view"><canvas id="picture" role="img" aria-label="{say("page.picture")}">'
        f'</canvas><div id="sheet" tabindex="0" aria-label="{say("page.score")}" role="region" '
        f'hidden></div></div><p class="askline"><button type="button" id="ask" hidden></button></p>'
        f'<div class="place"><canvas id="contour" aria-hidden="true"></canvas>'
        f'<input type="range" id="place" min="0" step="1000" value="0" '
        f'aria-label="{say("page.place")}"></div>{_controls(words)}</main>{_dialogs(words)}'
    )


def _controls(words: Catalogue) -> str:
    say = _escaped(words)
    voices = "".join(
        f'<button type="button" class="voice" data-voice="{name}" aria-pressed="true">'
        f'<span class="swatch {name}" aria-hidden="true"></span><span>{say(f"page.{name}")}</span>'
        f"</button>"
        for name in ("melody", "bass")
    )
    return (
        f'<div class="controls"><button type="button" id="play" aria-label="{say("page.pause")}">'
        f'<span class="sign" aria-hidden="true"></span></button>'
        f'<button type="button" id="keep" aria-label="{say("page.keep")}">'
        f'<span class="heart" aria-hidden="true">♥</span><span>{say("page.keep_short")}</span>'
        f'</button>{voices}<button type="button" id="two" hidden>'
        f'<span aria-hidden="true" class="ab">A|B</span><span>{say("page.two_ways")}</span>'
        f"</button>"
        f'<button type="button" id="all" data-opens="kept"><span aria-hidden="true" class="count">'
        f"0</span><span>{say('page.kept')}</span></button></div>"
        f'<p id="said" class="unseen" role="status"></p>'
    )


def _dialogs(words: Catalogue) -> str:
    say = _escaped(words)
    letters = "".join(
        f'<div class="way"><button type="button" data-way="{i}"><span class="sign" '
        f'aria-hidden="true"></span><span>{escape(words.say("page.way", letter=letter))}</span>'
        f'</button><svg class="beats" data-way="{i}" viewBox="0 0 300 40" aria-hidden="true"></svg>'
        f'<button type="button" class="choose" data-choose="{i}" disabled>'
        f"{escape(words.say('page.choose', letter=letter))}</button></div>"
        for i, letter in enumerate("AB")
    )
    return (
        f'<dialog id="ways" aria-labelledby="ways-asked"><h2 id="ways-asked"></h2>{letters}'
        f'<div class="told" role="status"></div><button type="button" class="close">'
        f"{say('page.go_on')}</button></dialog>"
        f'<dialog id="kept" aria-labelledby="kept-title"><h2 id="kept-title">{say("page.kept")}'
        f'</h2><ul class="moments"></ul><p class="none">{say("page.kept_none")}</p>'
        f'<div class="send"><button type="button" data-send="share" hidden>{say("page.send_share")}'
        f'</button><button type="button" data-send="link">{say("page.send_link")}</button>'
        f'<button type="button" data-send="file">{say("page.send_file")}</button></div>'
        f'<h3 class="from" hidden>{say("page.kept_by")}</h3><ul class="moments others"></ul>'
        f'<p><label class="button">{say("page.open_card")}<input type="file" id="card" '
        f'class="unseen" accept=".json,application/json"></label></p>'
        f'<p class="note" role="status"></p><button type="button" class="close">'
        f"{say('page.go_on')}</button></dialog>"
    )


def pieces_in_words(words: Catalogue, sheets: Sequence[ListeningSheet]) -> str:
    """The same for who does not see the picture: cues and shape as text."""
    say = _escaped(words)
    told = "".join(_in_words(words, sheet, len(sheets) > 1) for sheet in sheets)
    return (
        f'<section id="words" tabindex="-1" aria-labelledby="told">'
        f'<h2 id="told">{say("page.in_words")}</h2>{told}</section>'
    )


def _in_words(words: Catalogue, sheet: ListeningSheet, named: bool) -> str:
    say = _escaped(words)
    name = f"<h3>{escape(plain(sheet.title))}</h3>" if named else ""
    level = "h4" if named else "h3"
    shape = "".join(f"<p>{escape(line)}</p>" for line in shape_said(words, sheet))
    cues = "".join(_cue_row(words, cue) for cue in sheet.cues)
    listed = f"<ul>{cues}</ul>" if cues else f"<p>{say('page.no_cues')}</p>"
    return (
        f"<article>{name}<{level}>{say('page.cues')}</{level}>{listed}"
        f"<{level}>{say('page.shape')}</{level}>{shape}</article>"
    )


def _cue_row(words: Catalogue, cue: Cue) -> str:
    place = words.say("page.moment", **clock(cue.time_s), bar=cue.bar)
    told = "".join(f"<p>{escape(plain(text))}</p>" for text in (cue.story, cue.works) if text)
    return f'<li><span class="when">{escape(place)}</span>{told}</li>'


def _escaped(words: Catalogue) -> Callable[[str], str]:
    """A catalogue whose messages are safe in HTML."""
    return lambda key: escape(words.say(key), quote=True)
