"""What stands around the score on a lesson's page: opening, legend, mistakes, text, foot.

In: a `LessonSheet`. Out: pieces of HTML, and the cursor's steps as JSON.

**Knows nothing of** the drawing of the score, styles, scripts.
"""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape

from valentin.music import Clip, CursorStep, Lesson, LessonSheet, folded_id
from valentin.showing.cards import shape_icon, sound_buttons
from valentin.showing.curves import bar_readings
from valentin.showing.lesson_words import lesson_text, mistakes_by_bar, remark_title
from valentin.showing.names import plain

__all__ = ["foot", "legend", "mistakes_list", "opening", "sound_steps", "text_version"]

_SIGNS = (
    ("wrong", "M-5 -5l10 10M-5 5l10 -10", "another key was struck; its name stands beside it"),
    ("missed", "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0", "not heard"),
    ("extra", "M-6 0h12M0 -6v12", "a note that the score does not have"),
)


def opening(sheet: LessonSheet) -> str:
    """Title, what was heard, the strength, the way to the remarks, the next step."""
    lesson, score = sheet.lesson, sheet.score
    heard = (
        f"Your take, {_clock(sheet.take.end_s)} long, reaches {int(100 * lesson.coverage)} % of "
        "the written notes"
    )
    said = "".join(f"<p>{escape(words)}</p>" for words in (*lesson.refusals, *lesson.strengths))
    ways = "".join(
        f'<li><a href="#remark-{n}" data-remark="{n}">{shape_icon(n, remark)}'
        f"<span>{escape(remark_title(n, remark))}</span></a></li>"
        for n, remark in enumerate(lesson.remarks, start=1)
    )
    after = f'<p class="next"><b>Next</b> {escape(lesson.next)}</p>' if lesson.next else ""
    return (
        '<header class="opening"><div class="title">'
        f"<h1>{escape(plain(score.title) or 'A lesson')}</h1>"
        f'<p class="by">{escape(plain(score.composer))}</p><p class="heard">{heard}</p></div>'
        f'<div class="said">{said}</div>'
        f"{f'<ol class=ways>{ways}</ol>' if ways else ''}{after}"
        '<button type="button" id="light">Light or dark</button></header>'
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def legend(lesson: Lesson) -> str:
    """How to read the marks that are there."""
    there = {mistake.label for mistake in lesson.mistakes}
    rows = "".join(
        f'<li><svg class="icon" viewBox="-16 -16 32 32" aria-hidden="true"><g class="{kind}">'
        f'<path d="{path}"/></g></svg><span>{words}</span></li>'
        for kind, path, words in _SIGNS
        if kind in there
    )
    if not rows and not lesson.remarks:
        return ""
    band = (
        '<li><svg class="icon" viewBox="-16 -16 32 32" aria-hidden="true"><g class="plot">'
        '<path class="band" d="M-16 -8L16 -12V8L-16 12Z"/><path class="melody" '
        'd="M-16 2L-4 -6L6 4L16 -2"/></g></svg><span>under the music: your line, and the band '
        "in which eight of ten fine pianists would be</span></li>"
    )
    return f'<ul class="legend" aria-label="How to read the marks">{rows}{band}</ul>'


def mistakes_list(sheet: LessonSheet) -> str:
    """Every note that differs from the score, bar by bar."""
    mistakes = sheet.lesson.mistakes
    if not mistakes:
        return ""
    rows = "".join(
        f"<li><b>{escape(bar)}</b> {escape(words)}</li>" for bar, words in mistakes_by_bar(mistakes)
    )
    return f'<section class="notes"><h2>Notes to look at</h2><ul>{rows}</ul></section>'


def text_version(sheet: LessonSheet) -> str:
    """The whole lesson as text, and the curves as a table."""
    words = "".join(
        f"<p>{escape(part)}</p>" for part in lesson_text(sheet.lesson).strip().split("\n\n")
    )
    rows = "".join(
        f"<tr><th scope=row>{escape(r.bar.number)}</th><td>{r.tempo:.0f}</td>"
        f"<td>{r.tempo_band[0]:.0f}–{r.tempo_band[1]:.0f}</td><td>{_value(r.melody)}</td>"
        f"<td>{r.melody_band[0]:.0f}–{r.melody_band[1]:.0f}</td>"
        f"<td>{_value(r.accompaniment)}</td></tr>"
        for r in bar_readings(sheet.curves, sheet.score.bars)
    )
    table = (
        "<table><caption>Bar by bar: beats a minute and key velocity, each beside the range of "
        "fine pianists</caption><thead><tr><th>Bar</th><th>Tempo</th><th>range</th>"
        "<th>Melody</th><th>range</th><th>Accompaniment</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    return (
        '<details class="text"><summary>The whole lesson as text</summary>'
        f"{words}{table if rows else ''}</details>"
    )


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def foot(sheet: LessonSheet) -> str:
    """The bar with the two sounds of the remark at hand, and the sounds themselves."""
    numbered = [(n, both) for n, both in enumerate(sheet.sounds, start=1) if both]
    if not numbered:
        return ""
    sounds = "".join(
        _audio(f"sound-{n}-played", both.as_played) + _audio(f"sound-{n}-could", both.as_could_be)
        for n, both in numbered
    )
    icons = "".join(
        f'<button type="button" class="pick" data-remark="{n}">'
        f"{shape_icon(n, sheet.lesson.remarks[n - 1])}</button>"
        for n, _ in numbered
    )
    return (
        f'<footer class="foot" aria-label="Hear it"><div class="picks">{icons}</div>'
        f"{sound_buttons(numbered[0][0])}"
        '<progress max="1" value="0" aria-label="How far the sound is"></progress>'
        '<label class="keys"><input type="checkbox" id="keys" checked> '
        "Keys: 1 2 3 remark, A B sound; space stops</label>"
        f"{sounds}</footer>"
    )


def _audio(name: str, clip: Clip) -> str:
    data = b64encode(clip.data).decode()
    return (
        f'<audio id="{name}" preload="auto" src="data:{escape(clip.media_type)};base64,{data}">'
        "</audio>"
    )


def sound_steps(sheet: LessonSheet) -> str:
    """The cursor's steps of every sound: [[time_s, note id as written], …], safe inside HTML."""
    steps = {
        f"sound-{n}-{name}": _steps(clip.steps)
        for n, both in enumerate(sheet.sounds, start=1)
        if both
        for name, clip in (("played", both.as_played), ("could", both.as_could_be))
    }
    return json.dumps(steps, separators=(",", ":")).replace("<", "\\u003c")


def _steps(steps: tuple[CursorStep, ...]) -> list[list[float | str]]:
    return [[round(step.time_s, 3), folded_id(step.note_id)] for step in steps]
