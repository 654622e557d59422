"""Text → Source: reads the notation described in `notation.md`.

Every bar is checked: its lanes are equally long and fill the metre, and each mistake is named with
its bar and lane.

**Knows nothing of** XML, beams, which accidentals are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from engraving.source import FLAGS, LANES, Bar, Direction, Event, Head, Source, Tuplet

__all__ = ["SourceError", "parse"]

_HEAD = r"[a-g](?:##|#|bb|b)?\d~?"
_EVENT = re.compile(
    rf"(?P<open>\[)?(?P<grace>//?)?(?P<heads>[rs]|{_HEAD}(?:\+{_HEAD})*)"
    r"(?::(?P<value>\d+)(?P<dots>\.*))?(?P<marks>(?:[~()'>^_]|\\[a-z]+)*)(?P<close>\])?"
)
_TUPLET = re.compile(r"\{(\d+):(\d+)(-)?")
_WHAT = r'"[^"]*"(?:=\d+)?|\S+'
_PLACED = re.compile(rf"(?P<start>[\d./]+)(?:-(?P<end>[\d./]+))?(?::(?P<what>{_WHAT}))?")
_PLACES = re.compile(rf"[\d./]+(?:-[\d./]+)?(?::(?:{_WHAT}))?")
_ALTERS = {"": 0, "#": 1, "##": 2, "b": -1, "bb": -2}
_MARKS = {"'": "staccato", ">": "accent", "^": "marcato", "_": "tenuto"}
_KINDS = {"<": "crescendo", ">": "diminuendo"}
_FREE = {"pickup", "short"}
"""Bars that need not fill the metre."""


class SourceError(Exception):
    """A source that cannot be read; the text names bar and lane."""


@dataclass(slots=True)
class _Lane:
    """State of one lane from bar to bar: value, dots, size and staff of the next note."""

    value: int = 4
    dots: int = 0
    small: bool = False
    crossed: bool = False


@dataclass(slots=True)
class _Reader:
    """Where in the piece we are."""

    unit_q: Fraction
    metre_q: Fraction
    now_q: Fraction = Fraction(0)
    heads: int = 0
    lanes: dict[str, _Lane] = field(default_factory=lambda: {name: _Lane() for name in LANES})
    bars: list[Bar] = field(default_factory=list)
    directions: list[Direction] = field(default_factory=list)


def parse(text: str) -> Source:
    """The piece in `text`. Raises SourceError with the bar and lane at fault."""
    head, *bars = re.split(r"^bar +", _uncommented(text), flags=re.MULTILINE)
    fields = dict(_field(line) for line in head.splitlines() if line.strip())
    count, unit = (int(n) for n in fields["time"].split("/"))
    reader = _Reader(Fraction(4, unit), Fraction(4 * count, unit))
    for bar in bars:
        _read_bar(reader, bar)
    key, mode = fields["key"].split()
    upper, lower = fields.get("clefs", "g f").split()
    return Source(
        title=fields["title"],
        composer=fields["composer"],
        key=int(key),
        mode=mode,
        time=(count, unit),
        beam_q=Fraction(fields.get("beam", reader.unit_q)),
        clefs=(upper, lower),
        slurs=fields.get("slurs", ""),
        bars=tuple(reader.bars),
        directions=tuple(reader.directions),
    )


def _uncommented(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _read_bar(reader: _Reader, text: str) -> None:
    first, *lines = text.splitlines()
    number, *signs = first.split()
    lanes: dict[str, str] = {}
    for line in filter(str.strip, lines):
        name, _, rest = line.strip().partition(" ")
        lanes[name] = f"{lanes.get(name, '')} {rest}"
    events: list[Event] = []
    lengths: dict[str, Fraction] = {}
    for name in (lane for lane in LANES if lane in lanes):
        try:
            row, lengths[name] = _read_lane(reader, name, lanes.pop(name))
        except (ValueError, KeyError) as error:
            raise SourceError(f"bar {number}, {name}: {error}") from error
        events += row
    length = lengths.get("rh", Fraction(0))
    wrong = [f"{name} lasts {q}" for name, q in lengths.items() if q != length]
    if wrong or (length != reader.metre_q and not _FREE & set(signs)):
        raise SourceError(
            f"bar {number}: lasts {length} of {reader.metre_q} quarters {', '.join(wrong)}"
        )
    reader.bars.append(Bar(number, reader.now_q, length, tuple(events), tuple(signs)))
    for name, rest in lanes.items():
        reader.directions += _read_places(reader, number, name, rest)
    reader.now_q += length


def _read_lane(reader: _Reader, name: str, text: str) -> tuple[list[Event], Fraction]:
    """The events of one lane of one bar, and how long they last together."""
    lane, passed = reader.lanes[name], Fraction(0)
    tuplet: Tuplet | None = None
    before = ""
    events: list[Event] = []
    for token in text.split():
        if found := _TUPLET.fullmatch(token):
            tuplet = Tuplet(int(found[1]), int(found[2]), not found[3], "start")
        elif token == "}":
            last = events[-1].tuplet
            assert last is not None
            events[-1] = replace(events[-1], tuplet=replace(last, edge="stop"))
            tuplet = None
        elif token in ("!small", "!normal"):
            lane.small = token == "!small"
        elif token in ("!cross", "!home"):
            lane.crossed = token == "!cross"
        elif token.startswith("!"):
            before = token[1:]
        else:
            event = _read_event(reader, lane, name, token, reader.now_q + passed)
            if not event.grace and tuplet:
                share = Fraction(tuplet.normal, tuplet.actual)
                event = replace(event, tuplet=tuplet, duration_q=event.duration_q * share)
                tuplet = replace(tuplet, edge="")
            events.append(replace(event, before=before, small=lane.small, crossed=lane.crossed))
            passed, before = passed + event.duration_q, ""
    if before:
        events[-1] = replace(events[-1], after=before)
    return events, passed


def _read_event(reader: _Reader, lane: _Lane, name: str, token: str, onset_q: Fraction) -> Event:
    found = _EVENT.fullmatch(token)
    if found is None:
        raise ValueError(f"`{token}` is no note, rest or sign")
    grace = found["grace"] or ""
    if grace:
        value, dots = int(found["value"] or (8 if grace == "/" else 16)), 0
    else:
        if found["value"]:
            lane.value, lane.dots = int(found["value"]), len(found["dots"])
        value, dots = lane.value, lane.dots
    length = Fraction(4, value) * (2 - Fraction(1, 2**dots))
    words = re.findall(r"\\([a-z]+)", found["marks"])
    marks = re.sub(r"\\[a-z]+", "", found["marks"])
    heads = () if found["heads"] in "rs" else tuple(_heads(reader, found["heads"], "~" in marks))
    if value not in FLAGS:
        raise ValueError(f"`{token}` has no known value")
    return Event(
        lane=name,
        onset_q=onset_q,
        duration_q=Fraction(0) if grace else length,
        value=value,
        dots=dots,
        heads=heads,
        rest=found["heads"] == "r",
        grace=grace,
        slur_ends=marks.count(")"),
        slur_starts=marks.count("("),
        signs=tuple(_MARKS[m] for m in marks if m in _MARKS) + tuple(words),
        beam=(found["open"] or "") + (found["close"] or ""),
    )


def _heads(reader: _Reader, text: str, all_tied: bool) -> Iterator[Head]:
    """The heads of a chord, from the bottom up as they must be written."""
    for part in text.split("+"):
        reader.heads += 1
        tied = part.endswith("~")
        name = part.rstrip("~")
        yield Head(
            id=f"n{reader.heads}",
            step=name[0].upper(),
            alter=_ALTERS[name[1:-1]],
            octave=int(name[-1]),
            tied=tied or all_tied,
        )


def _read_places(reader: _Reader, number: str, name: str, text: str) -> Iterator[Direction]:
    """The signs of one line of places, counted in the metre's unit from the start of the bar."""
    if name not in ("dyn", "above", "below", "ped"):
        raise SourceError(f"bar {number}: there is no lane `{name}`")
    for place in _PLACES.findall(text):
        found = _PLACED.fullmatch(place)
        assert found is not None
        start = reader.now_q + Fraction(found["start"]) * reader.unit_q
        end = reader.now_q + Fraction(found["end"] or found["start"]) * reader.unit_q
        what = found["what"] or ""
        staff = 2 if name in ("ped", "below") else 1
        yield Direction(*_sign(name, what), start, end, staff, above=name == "above")


def _sign(lane: str, what: str) -> tuple[str, str]:
    """Kind and text of one sign."""
    if lane == "ped":
        return "pedal", what
    if what in _KINDS:
        return "hairpin", _KINDS[what]
    if what == "8va":
        return "octave", what
    if what.startswith('"'):
        return ("tempo" if "=" in what else "words"), what.replace('"', "")
    return "dynamic", what
