"""What a Humdrum text itself says: whether it holds together, where notes and bars stand.

In: text. Out: the numbers of the lines that do not fit their spines (Verovio aborts on most such
files, so they are found before), and what the text `Told` of time.

Verovio gives some bars a wrong length (where a rest runs over bar lines, where a line holds only
null tokens) and cuts the notes around them, in 5 of 22 files; the file's own durations are exact.

**Conventions.** Lines count from 1, fields and notes of a chord too. Spines split (`*^`), join
(`*v`), begin (`*+`) and end (`*-`) as the syntax says. A line stands where the first of its spines
runs out. Ids are those that Verovio makes: `note-L27F3`, in a chord `note-L27F3S2`; a bar is named
after the line of its bar line: `measure-L24`.

**Knows nothing of** pitch, marks.

**Reference.** D. Huron, *The Humdrum Toolkit: Reference Manual* (1995), ch. 5, "Spine paths"; the
`**kern` representation for durations (`%` for rational values, `q` for grace notes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from valentin.music import Ornament
from valentin.reading.humdrum_words import EDITOR
from valentin.reading.told import Playback, Told

__all__ = ["broken_lines", "told_by_humdrum", "without_lines"]

_RECIPROCAL = re.compile(r"(\d{1,5})(?:%(\d{1,5}))?")
_TREMOLO = re.compile(r"(@@?)(\d{1,4})@@?")
_SPEED = re.compile(r"\*MM(\d{1,4}(?:\.\d{1,6})?)")
_LONG = {"0": Fraction(8), "00": Fraction(16), "000": Fraction(32)}
_MOST_DOTS = 8


def broken_lines(text: str) -> list[int]:
    """Numbers of the lines whose fields do not match the spines that run there."""
    spines = 0
    broken = []
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("!!"):
            continue
        fields = line.split("\t")
        if spines == 0:
            if not fields[0].startswith("**"):
                broken.append(place)
                continue
            spines = len(fields)
        if len(fields) != spines or not all(fields):
            broken.append(place)
        elif line.startswith("*"):
            spines = len(_paths([_Spine(False, Fraction(0))] * spines, fields))
    return broken


def without_lines(text: str, places: list[int]) -> str:
    """The text with lines taken out."""
    out = set(places)
    kept = (line for i, line in enumerate(text.splitlines(), 1) if i not in out)
    return "\n".join(kept) + "\n"


@dataclass(frozen=True, slots=True)
class _Spine:
    """One column: whether it holds notes, and where its last note ends."""

    notes: bool
    end_q: Fraction


def told_by_humdrum(text: str) -> Told:
    """Where every note and rest stands, and every bar line."""
    spines: list[_Spine] = []
    notes: dict[str, tuple[Fraction, Fraction]] = {}
    starts: list[tuple[str, Fraction]] = []
    tempi: list[Playback] = []
    ornaments: dict[str, Ornament] = {}
    for place, line in enumerate(text.splitlines(), 1):
        fields = line.split("\t")
        if not line.strip() or line.startswith("!"):
            continue
        if line.startswith("**"):
            spines = [_Spine(field == "**kern", Fraction(0)) for field in fields]
            starts.append((f"measure-L{place}", Fraction(0)))
        elif line.startswith("*"):
            tempi += (Playback(_now(spines), q, True) for q in _tempi(fields))
            spines = _paths(spines, fields)
        elif line.startswith("="):
            starts.append((f"measure-L{place}", _now(spines)))
        else:
            now = _now(spines)
            notes |= _places(place, fields, spines, now)
            ornaments |= dict(_ornaments(place, fields, spines))
            spines = [_moved(s, f, now) for s, f in zip(spines, fields, strict=False)]
    end = max((spine.end_q for spine in spines), default=Fraction(0))
    ends = [start for _, start in starts[1:]] + [end]
    bars = tuple((start, max(q, start) - start) for (_, start), q in zip(starts, ends, strict=True))
    names = tuple(name for name, _ in starts)
    lines = dict(_lines(text))
    edited = tuple(
        lines[place]
        for place, line in enumerate(text.splitlines(), 1)
        for _ in range(sum(field.startswith(EDITOR) for field in line.split("\t")))
    )
    return Told(
        notes, bars, names, playback=tuple(tempi), lines=lines, edited=edited, ornaments=ornaments
    )


def _lines(text: str) -> Iterator[tuple[int, Fraction]]:
    """Where each line stands, one without notes with the data under it.

    Data that are all null in the notes lie between two notes: halfway.
    """
    spines: list[_Spine] = []
    waiting: list[int] = []
    before = Fraction(0)
    for place, line in enumerate(text.splitlines(), 1):
        fields = line.split("\t")
        waiting.append(place)
        now = _now(spines)
        if not line.strip() or line.startswith("!"):
            continue
        if line.startswith("**"):
            spines = [_Spine(field == "**kern", Fraction(0)) for field in fields]
        elif line.startswith("*"):
            spines = _paths(spines, fields)
            continue
        elif not line.startswith("="):
            moved = [_moved(s, f, now) for s, f in zip(spines, fields, strict=False)]
            sounds = any(f != "." and s.notes for s, f in zip(spines, fields, strict=False))
            now = now if sounds else (before + now) / 2
            spines = moved
        yield from ((each, now) for each in waiting)
        waiting, before = [], now
    yield from ((each, now) for each in waiting)


def _tempi(fields: list[str]) -> list[float]:
    """Quarters a minute that a line of interpretations gives (`*MM69`), at most one."""
    found = (_SPEED.fullmatch(field) for field in fields)
    return [float(speed[1]) for speed in found if speed and float(speed[1]) > 0][:1]


def _paths(spines: list[_Spine], fields: list[str]) -> list[_Spine]:
    """The spines below a line of interpretations."""
    rows: list[_Spine] = []
    joining = False
    for spine, field in zip(spines, fields, strict=False):
        if field == "*v" and joining:
            rows[-1] = _Spine(spine.notes, max(rows[-1].end_q, spine.end_q))
        elif field != "*-":
            rows += [spine] * (2 if field in ("*^", "*+") else 1)
        joining = field == "*v"
    return rows


def _now(spines: list[_Spine]) -> Fraction:
    """Where the next line stands: where the first spine runs out."""
    return min((spine.end_q for spine in spines if spine.notes), default=Fraction(0))


def _moved(spine: _Spine, field: str, now: Fraction) -> _Spine:
    lasting = _lasting(field.split(" ")[0]) if spine.notes and field != "." else None
    return spine if lasting is None or "q" in field else _Spine(True, now + lasting)


def _places(
    line: int, fields: list[str], spines: list[_Spine], now: Fraction
) -> dict[str, tuple[Fraction, Fraction]]:
    rows: dict[str, tuple[Fraction, Fraction]] = {}
    for n, (field, spine) in enumerate(zip(fields, spines, strict=False), 1):
        if not spine.notes or field == ".":
            continue
        tokens = field.split(" ")
        for name, token in _named(f"L{line}F{n}", tokens):
            rows[name] = now, _lasting(token) or _lasting(tokens[0]) or Fraction(0)
    return rows


def _ornaments(
    line: int, fields: list[str], spines: list[_Spine]
) -> Iterator[tuple[str, Ornament]]:
    """Signs that Verovio drops or misreads: tremolos (`@16@`, `@@16@@`), inverted turns (`$`)."""
    for n, (field, spine) in enumerate(zip(fields, spines, strict=False), 1):
        if not spine.notes or "r" in field:
            continue
        for name, token in _named(f"L{line}F{n}", field.split(" ")):
            if "$" in token:
                yield name, Ornament("inverted-turn")
            if found := _TREMOLO.search(token) or _TREMOLO.search(field):
                beams = max(1, int(found[2]).bit_length() - 3 - _flags(token))
                yield name, Ornament("tremolo", strokes=beams, alternating=found[1] == "@@")


def _flags(token: str) -> int:
    """Flags of the token's own note value."""
    found = _RECIPROCAL.search(token)
    return max(0, int(found[1]).bit_length() - 3) if found else 0


def _named(place: str, tokens: list[str]) -> Iterator[tuple[str, str]]:
    kind = "rest" if "r" in tokens[0] else "note"
    if len(tokens) == 1:
        yield f"{kind}-{place}", tokens[0]
    else:
        yield from ((f"note-{place}S{i}", token) for i, token in enumerate(tokens, 1))


@lru_cache(maxsize=1 << 14)
def _lasting(token: str) -> Fraction | None:
    """Quarters of a token, None where it says none; a grace note lasts 0."""
    if "q" in token:
        return Fraction(0)
    found = _RECIPROCAL.search(token)
    if found is None:
        return None
    whole, parts = found.groups()
    if not int(whole):
        base = _LONG.get(whole, Fraction(0))
    else:
        base = Fraction(4 * int(parts or 1), int(whole))
    return base * (2 - Fraction(1, 2 ** min(token.count("."), _MOST_DOTS)))
