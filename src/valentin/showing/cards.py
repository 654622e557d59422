"""A remark as a card in the margin: its shape, its words, what to do, how it sounds.

In: a remark and the sounds there are. Out: HTML. A card exists once in each layout of the score,
so that its id carries the layout's name save in the wide one.

**Knows nothing of** scores, where on the page the card will stand.
"""

from __future__ import annotations

from html import escape

from valentin.catalogue import Catalogue
from valentin.music import Comparison, Remark
from valentin.showing.lesson_words import evidence
from valentin.showing.marks import remark_shape, shape_svg
from valentin.showing.page_words import remark_title

__all__ = ["buttons_of", "card", "shape_icon", "sound_buttons"]


def card(
    words: Catalogue,
    number: int,
    remark: Remark,
    sounds: tuple[Comparison | None, ...],
    layout: str,
) -> str:
    """One remark."""
    suffix = "" if layout == "wide" else f"-{layout}"
    to_do = escape(words.say("do"))
    do = f'<p class="do"><b>{to_do}</b> {escape(remark.do)}</p>' if remark.do else ""
    heard = sounds[number - 1 : number] not in ((), (None,))
    first = " first" if number == 1 else ""
    return (
        f'<article class="card{first}" id="remark-{number}{suffix}" data-remark="{number}" '
        f'tabindex="-1"><h2>{shape_icon(number, remark)}'
        f"<span>{escape(remark_title(words, number, remark))}</span></h2>"
        f"<p>{escape(remark.words)}</p>{do}{sound_buttons(words, number) if heard else ''}"
        f"<details><summary>{escape(words.say('measured'))}</summary>"
        f"<p>{escape(evidence(words, remark.finding))}</p></details></article>"
    )


def shape_icon(number: int, remark: Remark) -> str:
    """The remark's numbered shape, as large as the text beside it."""
    drawn = shape_svg(remark_shape(number, remark), number, 16, 16, 11)
    return (
        f'<svg class="icon remark-{number}" viewBox="0 0 32 32" role="img" '
        f'aria-label="{number}">{drawn}</svg>'
    )


def sound_buttons(words: Catalogue, number: int) -> str:
    """Two buttons, one for each sound."""
    named = words.say("sound.played"), words.say("sound.could")
    return buttons_of(number, words.say("sounds", number=number), named)


def buttons_of(number: int, label: str, named: tuple[str, str]) -> str:
    """The same by any names."""
    label = escape(label, quote=True)
    buttons = "".join(
        f'<button type="button" data-remark="{number}" data-sound="{sound}">'
        f"<span>{escape(name)}</span></button>"
        for sound, name in zip(("played", "could"), named, strict=True)
    )
    return f'<div class="sounds" role="group" aria-label="{label}">{buttons}</div>'
