"""What stands around the score on a lesson's page: opening, legend, mistakes, text, note, foot.

In: a `LessonSheet`. Out: pieces of HTML, and the cursor's steps as JSON.

**Knows nothing of** the drawing of the score, styles, scripts.
"""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape

from valentin.catalogue import Catalogue
from valentin.music import Clip, CursorStep, LessonSheet, folded_id
from valentin.showing.cards import shape_icon, sound_buttons
from valentin.showing.curves import bar_readings
from valentin.showing.lesson_words import became_mark, lesson_text, mistakes_by_bar
from valentin.showing.names import plain
from valentin.showing.page_words import bars_said, remark_title, words_of

__all__ = [
    "audio", "foot", "foot_of", "legend", "mistakes_list", "opening", "own_note", "sound_steps",
    "steps_of", "text_version",
]  # fmt: skip

_SIGNS = (
    ("wrong", "M-5 -5l10 10M-5 5l10 -10"),
    ("missed", "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0"),
    ("extra", "M-6 0h12M0 -6v12"),
)


def opening(sheet: LessonSheet) -> str:
    """Title, what was heard, the strength, the way to the remarks, the next step."""
    lesson, score, words = sheet.lesson, sheet.score, words_of(sheet.lesson)
    said = "".join(f"<p>{escape(told)}</p>" for told in (*lesson.refusals, *lesson.strengths))
    ways = "".join(
        f'<li><a href="#remark-{n}" data-remark="{n}">{shape_icon(n, remark)}'
        f"<span>{escape(remark_title(words, n, remark))}</span></a></li>"
        for n, remark in enumerate(lesson.remarks, start=1)
    )
    after = f'<p class="next"><b>{_word(words, "next")}</b> {escape(lesson.next)}</p>'
    return (
        '<header class="opening"><div class="title">'
        f"<h1>{escape(plain(score.title)) or _word(words, 'title.none')}</h1>"
        f'<p class="by">{escape(plain(score.composer))}</p>'
        f'<p class="heard">{_heard(words, sheet)}</p></div>'
        f'<div class="said">{_since(words, sheet)}{said}</div>'
        f"{f'<ol class=ways>{ways}</ol>' if ways else ''}{after if lesson.next else ''}"
        f'<div class="corner"><a id="home" hidden>{_word(words, "home")}</a> '
        f'<button type="button" id="light">{_word(words, "light")}</button></div></header>'
    )


def _word(words: Catalogue, key: str) -> str:
    """A message as HTML."""
    return escape(words.say(key), quote=True)


def _heard(words: Catalogue, sheet: LessonSheet) -> str:
    """How long, how much, and which bars where not all were meant."""
    part, coverage = sheet.lesson.part, int(100 * sheet.lesson.coverage)
    long = _clock(sheet.take.end_s - (sheet.take.notes[0].onset_s if sheet.take.notes else 0.0))
    if part is None:
        return escape(words.say("heard", long=long, coverage=coverage))
    bars = bars_said(words, *part)
    return escape(words.say("heard.part", long=long, coverage=coverage, bars=bars))


def _since(words: Catalogue, sheet: LessonSheet) -> str:
    """What became of the last lesson's remarks, each with its sign."""
    rows = "".join(
        f'<li data-became="{became.became.replace(" ", "-")}"><span class="sign" role="img" '
        f'aria-label="{_word(words, f"since.{became.became}")}">{became_mark(became.became)}'
        f"</span> {escape(became.words)}</li>"
        for became in sheet.lesson.since
    )
    if not rows:
        return ""
    return f'<section class="since"><h2>{_word(words, "since")}</h2><ul>{rows}</ul></section>'


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def legend(sheet: LessonSheet) -> str:
    """How to read the marks that are there."""
    words, lesson = words_of(sheet.lesson), sheet.lesson
    there = {mistake.label for mistake in lesson.mistakes}
    rows = "".join(
        f'<li><svg class="icon" viewBox="-16 -16 32 32" aria-hidden="true"><g class="{kind}">'
        f'<path d="{path}"/></g></svg><span>{_word(words, f"legend.{kind}")}</span></li>'
        for kind, path in _SIGNS
        if kind in there
    )
    if not rows and not lesson.remarks:
        return ""
    band = (
        '<li><svg class="icon" viewBox="-16 -16 32 32" aria-hidden="true"><g class="plot">'
        '<path class="band" d="M-16 -8L16 -12V8L-16 12Z"/><path class="melody" '
        f'd="M-16 2L-4 -6L6 4L16 -2"/></g></svg><span>{_word(words, "legend.band")}</span></li>'
    )
    return f'<ul class="legend" aria-label="{_word(words, "legend")}">{rows}{band}</ul>'


def mistakes_list(sheet: LessonSheet) -> str:
    """Every note that differs from the score, bar by bar."""
    words, mistakes = words_of(sheet.lesson), sheet.lesson.mistakes
    if not mistakes:
        return ""
    rows = "".join(
        f"<li><b>{escape(bar)}</b> {escape(said)}</li>"
        for bar, said in mistakes_by_bar(words, mistakes)
    )
    return f'<section class="notes"><h2>{_word(words, "mistakes")}</h2><ul>{rows}</ul></section>'


def own_note(sheet: LessonSheet) -> str:
    """Room for a teacher's own words: on the open page, and as lines on paper."""
    words = words_of(sheet.lesson)
    return (
        f'<section class="own"><h2><label for="own">{_word(words, "own")}</label></h2>'
        '<textarea id="own" rows="3" aria-describedby="own-hint" autocomplete="off"></textarea>'
        f'<p class="own-printed" aria-hidden="true"></p>'
        f'<p id="own-hint">{_word(words, "own.hint")}</p></section>'
    )


def text_version(sheet: LessonSheet) -> str:
    """The whole lesson as text, and the curves as a table."""
    words = words_of(sheet.lesson)
    told = "".join(
        f"<p>{escape(part)}</p>" for part in lesson_text(sheet.lesson, None).strip().split("\n\n")
    )
    rows = "".join(
        f"<tr><th scope=row>{escape(r.bar.number)}</th><td>{r.tempo:.0f}</td>"
        f"<td>{r.tempo_band[0]:.0f}–{r.tempo_band[1]:.0f}</td><td>{_value(r.melody)}</td>"
        f"<td>{r.melody_band[0]:.0f}–{r.melody_band[1]:.0f}</td>"
        f"<td>{_value(r.accompaniment)}</td></tr>"
        for r in bar_readings(sheet.curves, sheet.score.bars)
    )
    heads = "".join(
        f"<th>{_word(words, f'table.{name}')}</th>"
        for name in ("bar", "tempo", "range", "melody", "range", "accompaniment")
    )
    table = (
        f"<table><caption>{_word(words, 'table')}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    return (
        f'<details class="text"><summary>{_word(words, "text")}</summary>'
        f"{told}{table if rows else ''}</details>"
    )


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def foot(sheet: LessonSheet) -> str:
    """The bar with the two sounds of the remark at hand, and the sounds themselves."""
    words = words_of(sheet.lesson)
    numbered = [(n, both) for n, both in enumerate(sheet.sounds, start=1) if both]
    if not numbered:
        return ""
    sounds = "".join(
        audio(f"sound-{n}-played", both.as_played) + audio(f"sound-{n}-could", both.as_could_be)
        for n, both in numbered
    )
    icons = {n: shape_icon(n, sheet.lesson.remarks[n - 1]) for n, _ in numbered}
    buttons = sound_buttons(words, numbered[0][0])
    return foot_of(words, icons, buttons, words.say("keys")) + f"{sounds}</footer>"


def foot_of(words: Catalogue, icons: dict[int, str], buttons: str, keys: str) -> str:
    """The bar at the foot, still open: who calls it puts the sounds inside and closes it."""
    picks = "".join(
        f'<button type="button" class="pick" data-remark="{n}">{icon}</button>'
        for n, icon in icons.items()
    )
    return (
        f'<footer class="foot" aria-label="{_word(words, "hear")}"><div class="picks">{picks}</div>'
        f'{buttons}<progress max="1" value="0" aria-label="{_word(words, "progress")}"></progress>'
        '<label class="keys"><input type="checkbox" id="keys" checked> '
        f"{escape(keys)}</label>"
    )


def audio(name: str, clip: Clip) -> str:
    """One sound inside the page."""
    data = b64encode(clip.data).decode()
    return (
        f'<audio id="{name}" preload="auto" src="data:{escape(clip.media_type)};base64,{data}">'
        "</audio>"
    )


def sound_steps(sheet: LessonSheet) -> str:
    """The cursor's steps of every sound: [[time_s, note id as written], …], safe inside HTML."""
    return steps_of(
        {
            f"sound-{n}-{name}": clip
            for n, both in enumerate(sheet.sounds, start=1)
            if both
            for name, clip in (("played", both.as_played), ("could", both.as_could_be))
        }
    )


def steps_of(clips: dict[str, Clip]) -> str:
    """The same of sounds by their names."""
    steps = {name: _steps(clip.steps) for name, clip in clips.items()}
    return json.dumps(steps, separators=(",", ":")).replace("<", "\\u003c")


def _steps(steps: tuple[CursorStep, ...]) -> list[list[float | str]]:
    return [[round(step.time_s, 3), folded_id(step.note_id)] for step in steps]
