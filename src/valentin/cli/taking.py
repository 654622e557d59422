"""The verbs that take a take: `align`, `teach`, `compare`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from valentin.cli.arguments import (
    LANGUAGES,
    Given,
    Verbs,
    add_out,
    add_score,
    add_sounding,
    add_verb,
    bars,
)
from valentin.cli.desk import aligned, local, note, outputs_of, progress_bar, say, write_text

if TYPE_CHECKING:
    from valentin.music import Lesson

__all__ = ["add_align", "add_compare", "add_teach"]


def add_align(verbs: Verbs) -> None:
    """`valentin align`."""
    verb = add_verb(
        verbs, "align", _align, "say which played note is which written note",
        "valentin align score.musicxml take.mid -o take.match",
    )  # fmt: skip
    add_score(verb)
    verb.add_argument("take", metavar="TAKE", help="a MIDI file, or a recording")
    add_out(verb, ".match, .tsv or .json")
    verb.add_argument("--json", action="store_true", help="the alignment as JSON on stdout")


def add_teach(verbs: Verbs) -> None:
    """`valentin teach`."""
    verb = add_verb(
        verbs, "teach", _teach, "give a lesson on a take",
        "valentin teach chopin-op9-2 my-take.mid -o lesson.html",
    )  # fmt: skip
    add_score(verb)
    verb.add_argument("take", metavar="TAKE", help="a MIDI file, or a recording")
    add_out(verb, ".html (the page, with sound) or .json")
    verb.add_argument("--bars", metavar="A-B", type=bars, help="hear these bars alone")
    verb.add_argument(
        "--after", metavar="LESSON", type=Path,
        help="an earlier lesson (.json): say what is resolved, better, new",
    )  # fmt: skip
    verb.add_argument("--language", choices=LANGUAGES, default="en", help="of the lesson")
    add_sounding(verb, hall=False)
    verb.add_argument("--json", action="store_true", help="the lesson as JSON on stdout")


def add_compare(verbs: Verbs) -> None:
    """`valentin compare`."""
    verb = add_verb(
        verbs, "compare", _compare, "lay two artists beside each other",
        "valentin compare chopin-op9-2 one.mid other.mid -o two.html",
    )  # fmt: skip
    add_score(verb)
    verb.add_argument("take", metavar="TAKE", help="a MIDI file, or a recording")
    verb.add_argument("other", metavar="OTHER", help="another take of the same piece")
    verb.add_argument(
        "--by", metavar="NAME", action="append", default=[],
        help="who plays the first, and again who plays the other",
    )  # fmt: skip
    verb.add_argument("--language", choices=LANGUAGES, default="en", help="of everything it says")
    add_out(verb, ".html (the page, with sound) or .json")
    add_sounding(verb, hall=False)
    verb.add_argument("--json", action="store_true", help="the comparison as JSON on stdout")


def _align(given: Given) -> None:
    from valentin import pianist, telling

    outputs = outputs_of(given, {".match", ".tsv", ".json"})
    with local(given.score, shelf=True) as score_path, local(given.take) as take_path:
        score, _ = pianist.read_score(score_path, lenient=given.lenient)
        placed = aligned(score, take_path)
    if given.json or not outputs:
        say(telling.alignment_text(placed, "json" if given.json else "words"))
    for path in outputs:
        kind = path.suffix.lower()
        if kind == ".match":
            pianist.write_rendition(placed, path)
        else:
            write_text(path, telling.alignment_text(placed, "json" if kind == ".json" else "tsv"))


def _teach(given: Given) -> None:
    from valentin import pianist, telling

    outputs = outputs_of(given, {".html", ".json"})
    earlier = pianist.read_lesson(given.after) if given.after else None
    with local(given.score, shelf=True) as score_path, local(given.take) as take_path:
        score, engraving = pianist.read_score(score_path, lenient=given.lenient)
        excerpt = pianist.Excerpt(score, given.bars) if given.bars else None
        brief = pianist.Brief((), earlier, excerpt, given.language)
        sitting = pianist.taught(aligned(score, take_path, excerpt), brief)
    if given.json or not outputs:
        say(telling.lesson_text(sitting, "json" if given.json else "words"))
    for path in outputs:
        if path.suffix.lower() == ".json":
            write_text(path, telling.lesson_text(sitting, "json"))
        else:
            with progress_bar("Sounding the lesson") as progress:
                page = pianist.lesson_page(sitting, engraving, given.instrument, progress)
            write_text(path, page)
        note(f"{path}: {_gist(sitting.lesson)}.")
    if sitting.lesson.offer and not given.json:
        note("For a lesson on these bars alone, add --bars {}-{}.".format(*sitting.lesson.offer))


def _gist(lesson: Lesson) -> str:
    """What a lesson that was written holds, in a few words."""
    if lesson.refusals:
        return "a plain answer, and no lesson"
    count = len(lesson.remarks)
    return f"a lesson with {count} remark{'' if count == 1 else 's'}"


def _compare(given: Given) -> None:
    from valentin import duo, pianist

    outputs = outputs_of(given, {".html", ".json"})
    if len(given.by) not in (0, 2):
        given.misused("--by names both players or none; give it twice")
    names = tuple(given.by) or tuple(Path(take).stem for take in (given.take, given.other))
    names = names if names[0] != names[1] else ("A", "B")
    with (
        local(given.score, shelf=True) as score_path,
        local(given.take) as one,
        local(given.other) as other,
    ):
        score, engraving = pianist.read_score(score_path, lenient=given.lenient)
        both = aligned(score, one), aligned(score, other)
    found = duo.compared(*both, (names[0], names[1]), given.language)
    if given.json or not outputs:
        say(duo.text(found, "json" if given.json else "words"))
    for path in outputs:
        if path.suffix.lower() == ".json":
            write_text(path, duo.text(found, "json"))
        else:
            with progress_bar("Sounding both takes") as progress:
                write_text(path, duo.page(found, engraving, given.instrument, progress))
        note(f"{path}: two takes beside each other, {len(found.places)} places.")
