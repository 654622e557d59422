"""The verb for the user's own scores: `shelf add`, `shelf list`, `shelf remove`.

**Conventions.** What cannot be read is told, file by file, and the rest is kept all the same; the
exit status is 1 only where nothing at all could be kept.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from valentin.cli.arguments import Given, Verbs, add_verb
from valentin.cli.desk import progress_bar, say
from valentin.errors import ReadError

if TYPE_CHECKING:
    from valentin.keeping import Added, OwnScore
    from valentin.music import Score

__all__ = ["add_shelf"]


def add_shelf(verbs: Verbs) -> None:
    """`valentin shelf`."""
    verb = add_verb(
        verbs, "shelf", _list, "keep your own scores: add, list, remove",
        "valentin shelf add score.musicxml",
    )  # fmt: skip
    actions = verb.add_subparsers(required=True, metavar="add|list|remove")
    adding = actions.add_parser("add", help="copy scores to your shelf")
    adding.add_argument(
        "files", metavar="FILE|FOLDER", nargs="+", type=Path, help="a folder: all scores in it"
    )
    adding.add_argument("--lenient", action="store_true", help="keep damaged ones too")
    adding.set_defaults(run=_add)
    listing = actions.add_parser("list", help="what is on your shelf")
    listing.add_argument("words", metavar="WORDS", nargs="*", help="only what has these words")
    listing.set_defaults(run=_list)
    removing = actions.add_parser("remove", help="put a score away; adding it again brings it back")
    removing.add_argument("name", metavar="NAME", help="its name, or words that only it has")
    removing.set_defaults(run=_remove)
    for action in (adding, listing):
        action.add_argument("--json", action="store_true", help="the same for machines")
    for action in (adding, listing, removing):
        action.add_argument("--debug", action="store_true", help="show the traceback of an error")


@dataclass(slots=True)
class _Report:
    """What came of adding."""

    added: list[Added] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def _add(given: Given) -> None:
    from valentin import keeping, pianist

    report = _Report()
    found = list(_found(given.files, report))
    shelf = keeping.keeper().shelf
    read = partial(_score_of, lenient=given.lenient)
    taken = {piece.name for piece in pianist.pieces()}
    with progress_bar("Reading scores") as progress:
        for done, path in enumerate(found):
            try:
                report.added.append(shelf.add(path, read, taken))
            except ReadError as error:
                report.refused.append((path, " ".join(str(error).split())))
            progress((done + 1) / len(found))
    if not report.added:
        raise _nothing(given.files, report)
    say(_as_json(report) if given.json else _in_words(report))


def _score_of(path: Path, *, lenient: bool) -> Score:
    from valentin import pianist

    return pianist.read_score(path, lenient=lenient)[0]


def _found(paths: Sequence[Path], report: _Report) -> Iterator[Path]:
    """Every file named, and in folders every file that is called as a score is."""
    from valentin.keeping import SUFFIXES

    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, inside, files in os.walk(path, onerror=partial(_closed, report)):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            for name in sorted(files):
                suffix = Path(name).suffix.lower()
                if name.startswith("."):
                    continue
                if suffix in SUFFIXES:
                    yield Path(folder) / name
                else:
                    report.passed_over[suffix or "without a suffix"] += 1


def _closed(report: _Report, error: OSError) -> None:
    """A folder that cannot be opened is told as a file is."""
    folder, reason = Path(str(error.filename)), (error.strerror or str(error)).lower()
    words = f"Opening the folder `{folder.name}`: {reason}; check its permissions."
    report.refused.append((folder, words))


def _nothing(paths: Sequence[Path], report: _Report) -> ReadError:
    """Why nothing could be kept."""
    if len(report.refused) == 1:
        return ReadError(report.refused[0][1], path=str(report.refused[0][0]))
    if report.refused:
        reasons = " ".join(words for _, words in report.refused[:3])
        return ReadError(
            f"Filling the shelf: none of {len(report.refused)} files could be read. {reasons}"
        )
    named = ", ".join(f"`{path}`" for path in paths)
    return ReadError(
        f"Filling the shelf from {named}: there is no score in it{_over(report.passed_over)}; "
        "give MusicXML, MXL, MEI, Humdrum or MIDI files."
    )


def _over(passed_over: Counter[str]) -> str:
    kinds = ", ".join(f"{n} {suffix}" for suffix, n in passed_over.most_common())
    return f" (files of other kinds: {kinds})" if kinds else ""


def _in_words(report: _Report) -> str:
    new = [added for added in report.added if added.new]
    old = [added for added in report.added if not added.new]
    lines = [_line(added.score) + _remarked(added) for added in new]
    lines.append(f"{len(new)} added to your shelf.")
    if old:
        names = ", ".join(dict.fromkeys(added.score.name for added in old))
        lines.append(f"{len(old)} there already: {names}.")
    if report.passed_over:
        lines.append(f"Passed over{_over(report.passed_over)}.")
    if report.refused:
        lines.append(f"{len(report.refused)} could not be read:")
        lines += [f"  {path}: {words}" for path, words in report.refused]
    return "\n".join(lines)


def _line(score: OwnScore) -> str:
    by = f"{score.composer}: " if score.composer else ""
    bars = "1 bar" if score.bars == 1 else f"{score.bars} bars"
    return f"{score.name:32} {by}{score.title} ({bars})"


def _remarked(added: Added) -> str:
    if not added.remarks:
        return ""
    return f"; {added.remarks} to know, `valentin show {added.score.name}`"


def _as_json(report: _Report) -> str:
    whole = {
        "added": [_data(added.score) for added in report.added if added.new],
        "there": [_data(added.score) for added in report.added if not added.new],
        "refused": [{"file": str(path), "words": words} for path, words in report.refused],
        "passed_over": dict(report.passed_over),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _data(score: OwnScore) -> dict[str, str | int]:
    return {
        "name": score.name,
        "title": score.title,
        "composer": score.composer,
        "bars": score.bars,
        "notes": score.notes,
        "file": score.file,
    }


def _list(given: Given) -> None:
    from valentin import keeping

    words = " ".join(given.words)
    there = keeping.own_scores(words)
    if given.json:
        say(json.dumps([_data(score) for score in there], ensure_ascii=False, indent=1))
    elif there:
        say("\n".join(_line(score) for score in there))
    elif words:
        say(f"Nothing on your shelf has the words {words!r}.")
    else:
        say("Your shelf is empty; `valentin shelf add FILE` fills it.")


def _remove(given: Given) -> None:
    from valentin import keeping

    away = keeping.keeper().shelf.remove(given.name)
    say(f"{away.name} is off your shelf; `valentin shelf add {away.path}` brings it back.")
