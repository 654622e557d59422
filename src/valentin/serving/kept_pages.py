"""The pages of what is kept: the library, progress, one piece's progress. Plain HTML, filled in.

In: pieces, growth, plans. Out: HTML.

**Knows nothing of** requests, the database.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

from valentin import pianist, recital
from valentin.keeping import Take
from valentin.music import Growth, PlanItem, RemarkStory
from valentin.pianist import Piece

__all__ = ["Grown", "Planned", "library_page", "piece_progress_page", "progress_page"]

SURE = 0.97
"""As in the plan: docs/concepts/practice.md."""
_SOURCES = {"keyboard": "keyboard", "letters": "letters", "microphone": "microphone"}


@dataclass(frozen=True, slots=True)
class Grown:
    """A piece with how it has grown; `last_s` is when it was last played."""

    name: str
    title: str
    growth: Growth
    last_s: float

    @property
    def secure(self) -> float | None:
        """The share of its bars that were sure when they were last played; None: none judged."""
        last = _last_shares(self.growth)
        return round(sum(s >= SURE for s in last) / len(last), 3) if last else None


@dataclass(frozen=True, slots=True)
class Planned:
    """An item of the plan with its piece's title and address."""

    item: PlanItem
    title: str
    url: str


def _last_shares(growth: Growth) -> list[float]:
    """The last known share of each bar that was ever judged."""
    columns = zip(*reversed(growth.secure), strict=True) if growth.secure else ()
    lasts = (next((s for s in column if s is not None), None) for column in columns)
    return [share for share in lasts if share is not None]


def _page(title: str, name: str, here: str, main: str) -> str:
    links = (("/", "Play"), ("/library", "Library"), ("/progress", "Progress"))
    nav = "".join(
        f'<li><a href="{url}"{_current(url == here)}>{words}</a></li>' for url, words in links
    )
    return _template().substitute(title=escape(title), name=name, nav=nav, main=main)


@cache
def _template() -> Template:
    return Template((files("valentin") / "web" / "kept.html").read_text(encoding="utf-8"))


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def library_page(pieces: Sequence[Piece], takes: Mapping[str, int], words: str, count: int) -> str:
    """The repertoire and the own shelf, with search, and a place to put a score."""
    parts = []
    for mine, heading in ((False, "Engraved by valentin"), (True, "Your own")):
        rows = "".join(_piece_row(p, takes.get(p.name, 0)) for p in pieces if p.mine == mine)
        if rows:
            parts.append(f"<h2>{heading}</h2><ul class='pieces'>{rows}</ul>")
    if not pieces:
        parts.append(f"<p class='empty'>Nothing here has the words “{escape(words)}”.</p>")
    elif not any(p.mine for p in pieces) and not words:
        parts.append("<h2>Your own</h2><p class='empty'>Nothing yet. Add a score above.</p>")
    if count > len(pieces):
        parts.append(f"<p class='empty'>The first {len(pieces)} of {count}; search for more.</p>")
    main = (
        "<h1>Library</h1>"
        '<form class="search" action="/library" role="search">'
        f'<label for="words">Find</label><input id="words" name="words" type="search" '
        f'value="{escape(words, quote=True)}" placeholder="title, composer, level">'
        '<button type="submit">Search</button></form>'
        '<section class="add" id="drop"><label for="files">Add your own scores</label>'
        '<input id="files" type="file" multiple '
        'accept=".musicxml,.xml,.mxl,.mei,.krn,.mid,.midi">'
        "<p>Or drop files here: MusicXML, MXL, MEI, Humdrum or MIDI. They are copied to your own "
        "folder; nothing leaves this machine.</p>"
        '<ul id="report" role="status"></ul></section>'
        f'<div id="lists">{"".join(parts)}</div>'
    )
    return _page("Library", "library", "/library", main)


def _piece_row(piece: Piece, takes: int) -> str:
    facts = [piece.level, piece.period, _counted(takes, "take") if takes else ""]
    progress = (
        f'<a class="to-progress" href="/pieces/{quote(piece.name)}/progress">progress</a>'
        if takes
        else ""
    )
    remove = (
        f'<button type="button" class="plain" data-remove="{escape(piece.name, quote=True)}">'
        f'Remove<span class="unseen"> {escape(piece.title)}</span></button>'
        if piece.mine
        else ""
    )
    return (
        f'<li><a class="title" href="/pieces/{quote(piece.name)}">{escape(piece.title)}</a>'
        f'<span class="who">{escape(piece.composer)}</span>'
        f'<span class="facts">{escape(" · ".join(filter(None, facts)))}</span>'
        f"{progress}{remove}</li>"
    )


def progress_page(grown: Sequence[Grown], planned: Sequence[Planned]) -> str:
    """The plan, every piece with its picture, and the way out with everything."""
    if not grown:
        body = (
            "<p class='empty'>Nothing was played yet. Choose a piece in the "
            '<a href="/library">library</a> and play; the plan begins with your first take.</p>'
        )
    else:
        items = "".join(map(_plan_item, planned))
        minutes = sum(each.item.minutes for each in planned)
        body = (
            f"<h2>What next</h2><p class='quiet'>About {minutes} minutes. Leave out what you like; "
            f"it will come again.</p><ol class='plan'>{items}</ol>"
            f"<h2>Your pieces</h2>{''.join(map(_grown, grown))}"
        )
    return _page("Progress", "progress", "/progress", f"<h1>Progress</h1>{body}{_LEAVING}")


_LEAVING = (
    '<section class="leaving"><h2>Everything is yours</h2>'
    '<p><a href="/export" download>Take it all with you</a>: scores, takes, lessons and notes in '
    "one zip.</p><details><summary>Delete everything</summary><p>Scores you added, takes, lessons, "
    "notes: all of it goes from this machine, and cannot be brought back.</p>"
    '<button type="button" id="forget">Delete all of it</button> '
    '<span id="forgotten" role="status"></span></details></section>'
)


def _plan_item(planned: Planned) -> str:
    item = planned.item
    title = f'<a href="{escape(planned.url, quote=True)}">{escape(planned.title)}</a>'
    head = "A rest" if item.kind == "rest" else title
    return (
        f'<li data-kind="{item.kind}"><span class="minutes">{item.minutes} min</span>'
        f"<span class='what'>{head}</span><p>{escape(item.words)}</p></li>"
    )


def _grown(each: Grown) -> str:
    growth = each.growth
    done = sum(story.resolved_s is not None for story in growth.remarks)
    sure = "" if each.secure is None else f"{100 * each.secure:.0f} % of the bars played are sure"
    facts = [
        _counted(growth.takes, "take"), _lasting(growth.total_s), sure,
        f"{_counted(done, 'remark')} resolved" if done else "",
    ]  # fmt: skip
    return (
        f'<section class="piece"><h3><a href="/pieces/{quote(each.name)}/progress">'
        f"{escape(each.title)}</a></h3><p class='quiet'>{' · '.join(filter(None, facts))}</p>"
        f"{pianist.growth_picture(growth, 4)}</section>"
    )


def piece_progress_page(piece: Piece, growth: Growth, takes: Sequence[Take]) -> str:
    """One piece: the picture, its numbers, what became of each remark, every take."""
    if takes:
        picture = pianist.growth_picture(growth)
        legend = (
            "<p class='quiet legend'>A row a day, a column a bar (or a few bars, as the least "
            "sure of them). A full frame came without a slip, an empty one with half of its notes "
            "or fewer; a dot is a bar you did not play.</p>"
        )
        body = (
            f"<p class='quiet'>{_counted(growth.takes, 'take')} · {_lasting(growth.total_s)}</p>"
            f"{picture}{legend if picture else ''}"
            f"<details><summary>Every number</summary><div class='wide-table'>"
            f"{pianist.growth_table(growth)}</div></details>"
            f"{_stories(growth.remarks)}<h2>Takes</h2><ul class='takes'>"
            f"{''.join(map(_take, takes))}</ul>"
        )
    else:
        body = "<p class='empty'>You have not played it here yet.</p>"
    title = (
        f'<h1>{escape(piece.title)}</h1><p class="by">{escape(piece.composer)}</p>'
        f'<p><a href="/pieces/{quote(piece.name)}">Open the score</a></p>'
    )
    body += _sending(piece) if takes else ""
    return _page(f"Progress: {piece.title}", "piece-progress", "/progress", title + body)


def _sending(piece: Piece) -> str:
    """Where a take becomes a page for others."""
    return (
        '<section id="share" hidden><h2>A page to send on</h2>'
        "<p class='quiet'>Your take in one file, for someone who never heard the piece.</p>"
        f'<share-panel data-piece="{escape(piece.name, quote=True)}" '
        f'data-languages="{" ".join(sorted(recital.languages()))}" '
        f'data-halls="{" ".join(pianist.halls())}"></share-panel></section>'
    )


def _stories(stories: Sequence[RemarkStory]) -> str:
    if not stories:
        return ""
    rows = "".join(
        f'<li data-resolved="{"yes" if s.resolved_s is not None else "no"}">'
        f'<a href="/takes/{quote(s.take)}/lesson">{escape(_bars(s.issue.bars))}</a> '
        f"{escape(s.issue.words)} <span class='quiet'>{_became(s)}</span></li>"
        for s in reversed(stories)
    )
    return f"<h2>Remarks</h2><ul class='stories'>{rows}</ul>"


def _became(story: RemarkStory) -> str:
    said = f"Said on {_day(story.said_s)}"
    if story.resolved_s is None:
        return f"{said}."
    return f"{said}, resolved on {_day(story.resolved_s)}."


def _bars(bars: tuple[str, str]) -> str:
    return f"Bar {bars[0]}:" if bars[0] == bars[1] else f"Bars {bars[0]} to {bars[1]}:"


def _take(take: Take) -> str:
    source = take.file or _SOURCES.get(take.source, take.source)
    lesson = f'<a href="/takes/{quote(take.id)}/lesson">Lesson</a>'
    share = (
        f'<button type="button" class="plain" data-share-take="{quote(take.id)}">Share'
        f'<span class="unseen"> the take of {_moment(take.started_s)}</span></button>'
    )
    remove = (
        f'<button type="button" class="plain" data-take="{quote(take.id)}">Remove'
        f'<span class="unseen"> the take of {_moment(take.started_s)}</span></button>'
    )
    facts = f"{_lasting(take.duration_s)} · {take.notes} notes · {escape(source)}"
    now = "<span class='quiet'>being played</span>"
    return (
        f"<li><span>{_moment(take.started_s)}</span><span class='facts'>"
        f"{'' if take.open else facts}</span>{now if take.open else lesson + share + remove}</li>"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _lasting(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _day(moment_s: float) -> str:
    day = time.localtime(moment_s)
    return f"{day.tm_mday} {time.strftime('%B %Y', day)}"


def _moment(moment_s: float) -> str:
    return f"{_day(moment_s)}, {time.strftime('%H:%M', time.localtime(moment_s))}"
