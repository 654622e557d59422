"""Cues as a small file that a person can edit, and back.

In: cues, or the text of such a file. Out: its text, or the cues as edited.

**Conventions.** TOML, one `[[cue]]` each, in pieces counted from 1. A person may change the words,
the time, leave cues out, and add some (`kind = "own"`); the limits stay: at most eight a piece, at
most twelve words a sentence, no sentence twice.

**Knows nothing of** where the file lies.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from valentin.errors import ReadError
from valentin.music import MOST_CUES, MOST_WORDS, Cue

__all__ = ["cues_toml", "edited"]

HEAD = """\
# What the page says while the music plays. Change the words or the time, take a cue out, add one
# (kind = "own"); then give this file back with --cues. At most {cues} cues a piece, {words} words
# a sentence, no sentence twice.
"""
Row = dict[str, object]


def cues_toml(pieces: Sequence[tuple[Cue, ...]]) -> str:
    """The cues of the pieces of a page, in order."""
    parts = [HEAD.format(cues=MOST_CUES, words=MOST_WORDS)]
    for number, cues in enumerate(pieces, start=1):
        parts += [_table(number, cue) for cue in cues]
    return "\n".join(parts)


def _table(number: int, cue: Cue) -> str:
    against = "" if cue.against is None else f", against {cue.against:g}"
    return (
        f"[[cue]]\npiece = {number}\nbar = {_text(cue.bar)}\ntime_s = {cue.time_s:.2f}\n"
        f"kind = {_text(cue.kind)}  # {cue.value:g} {cue.unit}{against}\n"
        f"story = {_text(cue.story)}\nworks = {_text(cue.works)}\n"
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def edited(text: str, pieces: Sequence[tuple[Cue, ...]], name: str) -> list[tuple[Cue, ...]]:
    """The cues as the file `name` says. Raises ReadError that names what cannot be."""
    try:
        rows = tomllib.loads(text).get("cue", [])
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f"Reading the cues `{name}`: {error}; mend that line.", path=name) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong(name, 0, "cues are tables called [[cue]]")
    told: list[list[Cue]] = [[] for _ in pieces]
    for at, row in enumerate(rows, start=1):
        piece = row.get("piece", 1)
        if not isinstance(piece, int) or not 1 <= piece <= len(pieces):
            raise _wrong(name, at, f"piece is {piece!r}; the page has {len(pieces)}")
        told[piece - 1].append(_cue(name, at, row, pieces[piece - 1]))
    return [_within(name, cues) for cues in told]


def _cue(name: str, at: int, row: Row, known: tuple[Cue, ...]) -> Cue:
    bar, kind, time_s = str(row.get("bar", "")), row.get("kind", "own"), row.get("time_s")
    story, works = row.get("story", ""), row.get("works", "")
    if not isinstance(story, str) or not isinstance(works, str) or not (story or works):
        raise _wrong(name, at, "it has no words; give `story` or `works`")
    if not isinstance(time_s, (int, float)) or not 0 <= time_s < 86_400:
        raise _wrong(name, at, "time_s must be seconds from the start of the sound")
    for words in (story, works):
        if len(words.split()) > MOST_WORDS:
            raise _wrong(name, at, f"{words!r} has more than {MOST_WORDS} words")
    mine = next((c for c in known if c.kind == kind and c.bar == bar), None)
    if mine is None:
        nowhere = Fraction(0)
        mine = Cue("own", 0.0, bar, nowhere, nowhere, 0.0, None, "")
    if (mine.story, mine.works) != (story, works):
        mine = replace(mine, kind="own", value=0.0, against=None, unit="")
    return replace(mine, time_s=float(time_s), story=story, works=works)


def _within(name: str, cues: list[Cue]) -> tuple[Cue, ...]:
    if len(cues) > MOST_CUES:
        raise _wrong(name, 0, f"a piece has {len(cues)} cues, at most {MOST_CUES} are heard")
    said = [words for cue in cues for words in (cue.story, cue.works) if words]
    twice = {words for words in said if said.count(words) > 1}
    if twice:
        raise _wrong(name, 0, f"{min(twice)!r} is said twice")
    return tuple(sorted(cues, key=lambda cue: cue.time_s))


def _wrong(name: str, at: int, found: str) -> ReadError:
    where = f"cue {at}: " if at else ""
    return ReadError(f"Reading the cues `{name}`: {where}{found}; mend it.", path=name)
