"""Source → MusicXML 4.0, one note a line.

**Conventions.** Voices 1 to 3 are the right hand's lanes, 5 to 7 the left hand's. A direction
stands before the note that sounds where it belongs, with an offset where no note begins there.

**Knows nothing of** the text notation; which accidentals and beams to print it is told.

**Reference** MusicXML 4.0, W3C Community Group Report, 2021.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from xml.sax.saxutils import escape

from engraving.accidentals import printed_accidentals, tie_ends
from engraving.beaming import beams
from engraving.directions import placed_directions
from engraving.source import LANES, Bar, Event, Head, Source

__all__ = ["musicxml"]

_VALUES = {1: "whole", 2: "half", 4: "quarter", 8: "eighth", 16: "16th", 32: "32nd", 64: "64th"}
_PRINTED = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_VOICES = {"rh": 1, "rh2": 2, "rh3": 3, "lh": 5, "lh2": 6, "lh3": 7}
_ARTICULATIONS = {
    "staccato": "<staccato/>",
    "wedge": "<staccatissimo/>",
    "tenuto": "<tenuto/>",
    "caes": "<caesura/>",
    "accent": "<accent/>",
    "marcato": '<strong-accent type="up"/>',
}
_ORNAMENTS = {
    "tr": "<trill-mark/>",
    "turn": "<turn/>",
    "prall": "<inverted-mordent/>",
    "mord": "<mordent/>",
}
_OTHERS = {"fermata": '<fermata type="upright"/>', "arp": "<arpeggiate/>"}
_STEMS = ("up", "down")
_SIDES = {"up": "above", "down": "below"}
"""Where a slur goes on a staff that two lanes share, by the lane's stems."""
_CLEFS = {"g": ("G", 2), "f": ("F", 4)}
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" \
"http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
  <work><work-title>{title}</work-title></work>
  <identification>
    <creator type="composer">{composer}</creator>
    <rights>Engraved by the valentin project, Apache-2.0; music in the public domain</rights>
    <encoding><software>valentin engraving</software></encoding>
  </identification>
  <part-list>
    <score-part id="P1"><part-name print-object="no">Piano</part-name></score-part>
  </part-list>
  <part id="P1">
"""
_TAIL = "  </part>\n</score-partwise>\n"


@dataclass(slots=True)
class _Writer:
    """What every note needs to know, and the open slurs of each lane (a stack of numbers)."""

    divisions: int
    tied: frozenset[str]
    accidentals: dict[str, int]
    slur_side: str
    slurs: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in LANES})


def musicxml(source: Source) -> str:
    """The whole file. Raises ValueError for a tie or slur that does not close."""
    tied = tie_ends(source)
    writer = _Writer(_divisions(source), tied, printed_accidentals(source, tied), source.slurs)
    lines = [_HEAD.format(title=escape(source.title), composer=escape(source.composer))]
    for i, bar in enumerate(source.bars):
        follows = source.bars[i + 1].signs if i + 1 < len(source.bars) else ()
        implicit = ' implicit="yes"' if {"pickup", "unmeasured"} & set(bar.signs) else ""
        lines.append(f'    <measure number="{bar.number}"{implicit}>\n')
        lines += [f"      {line}\n" for line in _bar(writer, source, bar, "unmeasured" in follows)]
        lines.append("    </measure>\n")
    if open_slurs := {name: s for name, s in writer.slurs.items() if s}:
        raise ValueError(f"these slurs never end: {open_slurs}")
    return "".join(lines) + _TAIL


def _divisions(source: Source) -> int:
    """Divisions of a quarter in which every duration is whole."""
    spans = [event.duration_q for bar in source.bars for event in bar.events]
    places = [q for d in source.directions for q in (d.start_q, d.end_q)]
    return lcm(*(q.denominator for q in spans + places))


def _bar(writer: _Writer, source: Source, bar: Bar, runs_on: bool) -> Iterator[str]:
    """The lines of one bar; `runs_on`: no bar line is drawn after it."""
    if bar is source.bars[0]:
        yield _attributes(writer.divisions, source)
    if "|:" in bar.signs:
        yield _barline("left", "heavy-light", "forward")
    last = bar is source.bars[-1]
    signs = placed_directions(source, bar, writer.divisions, last)
    words = beams(bar, source.beam_q)
    names = list(dict.fromkeys(event.lane for event in bar.events))
    length = int(bar.length_q * writer.divisions)
    for place, name in enumerate(names):
        if place:
            yield f"<backup><duration>{length}</duration></backup>"
        rows = [(e, words.get(i, ())) for i, e in enumerate(bar.events) if e.lane == name]
        other = [e for e in bar.events if e.lane != name and e.lane[:2] == name[:2]]
        shared = {id(e) for e, _ in rows if _meets(e, other, bar.start_q, source.beam_q)}
        own = signs(1 if name == "rh" else 2) if name in ("rh", "lh") else []
        yield from _lane(writer, rows, shared, own)
    if ":|" in bar.signs:
        yield _barline("right", "light-heavy", "backward")
    elif "end" in bar.signs:
        yield _barline("right", "light-heavy", "")
    elif runs_on:
        yield _barline("right", "none", "")


def _meets(event: Event, others: Sequence[Event], start_q: Fraction, beam_q: Fraction) -> bool:
    """Whether the staff's other lane has notes or rests in the same spans of a beam."""

    def spans(e: Event) -> tuple[int, int]:
        begin_q = e.onset_q - start_q
        return int(begin_q // beam_q), -int(-(begin_q + e.duration_q) // beam_q)

    first, last = spans(event)
    printed = (spans(e) for e in others if e.heads or e.rest)
    return any(a < max(last, first + 1) and first < b for a, b in printed)


def _attributes(divisions: int, source: Source) -> str:
    return (
        f"<attributes><divisions>{divisions}</divisions>"
        f"<key><fifths>{source.key}</fifths><mode>{source.mode}</mode></key>"
        f"<time><beats>{source.time[0]}</beats><beat-type>{source.time[1]}</beat-type></time>"
        f"<staves>2</staves>{_clef(1, source.clefs[0])}{_clef(2, source.clefs[1])}</attributes>"
    )


def _barline(location: str, style: str, repeat: str) -> str:
    tail = f'<repeat direction="{repeat}"/>' if repeat else ""
    return f'<barline location="{location}"><bar-style>{style}</bar-style>{tail}</barline>'


def _lane(
    writer: _Writer,
    rows: Sequence[tuple[Event, tuple[str, ...]]],
    shared: set[int],
    signs: Sequence[tuple[Fraction, Callable[[Fraction], str]]],
) -> Iterator[str]:
    """One lane's notes with the signs of its staff among them."""
    waiting = list(signs)
    for event, words in rows:
        end_q = event.onset_q + event.duration_q
        while waiting and (waiting[0][0] < end_q or waiting[0][0] == event.onset_q):
            yield waiting.pop(0)[1](event.onset_q)
        if event.before:
            yield f"<attributes>{_clef(event.staff, event.before)}</attributes>"
        if not event.heads and not event.rest:
            length = int(event.duration_q * writer.divisions)
            yield f"<forward><duration>{length}</duration></forward>"
        else:
            stem = "up" if event.lane in ("rh", "lh") else "down"
            yield from _event(writer, event, words, stem if id(event) in shared else "")
        if event.after:
            yield f"<attributes>{_clef(event.staff, event.after)}</attributes>"
    for _, line in waiting:
        yield line(rows[-1][0].onset_q + rows[-1][0].duration_q)


def _clef(staff: int, name: str) -> str:
    sign, line = _CLEFS[name]
    return f'<clef number="{staff}"><sign>{sign}</sign><line>{line}</line></clef>'


def _event(writer: _Writer, event: Event, words: Sequence[str], stem: str) -> Iterator[str]:
    """One line a head, or one for a rest."""
    free = event.lane != "rh" or event.grace
    side = _SIDES.get(stem, "") or ("" if free else writer.slur_side)
    notations = _notations(writer, event, f' placement="{side}"' if side else "")
    if event.rest:
        yield f"<note><rest/>{_body(writer, event, None, '', ())}{_wrapped(notations)}</note>"
        return
    stem = next((sign for sign in event.signs if sign in _STEMS), stem)
    for i, head in enumerate(event.heads):
        grace = {"/": '<grace slash="yes"/>', "//": "<grace/>"}.get(event.grace, "")
        chord = "<chord/>" if i else ""
        alter = f"<alter>{head.alter}</alter>" if head.alter else ""
        pitch = f"<pitch><step>{head.step}</step>{alter}<octave>{head.octave}</octave></pitch>"
        signs = "".join(f'<tied type="{t}"/>' for t in _ties(writer, head))
        yield (
            f'<note id="{head.id}">{grace}{chord}{pitch}'
            f"{_body(writer, event, head, stem, () if i else words)}"
            f"{_wrapped(signs + (notations if not i else _of_every_head(event)))}</note>"
        )


def _ties(writer: _Writer, head: Head) -> list[str]:
    return ["stop"] * (head.id in writer.tied) + ["start"] * head.tied


def _body(writer: _Writer, event: Event, head: Head | None, stem: str, words: Sequence[str]) -> str:
    """From duration to beams, in the order of the schema."""
    parts = []
    if not event.grace:
        parts.append(f"<duration>{int(event.duration_q * writer.divisions)}</duration>")
    if head:
        parts += [f'<tie type="{t}"/>' for t in _ties(writer, head)]
    size = ' size="cue"' if event.small else ""
    parts.append(f"<voice>{_VOICES[event.lane]}</voice><type{size}>{_VALUES[event.value]}</type>")
    parts.append("<dot/>" * event.dots)
    if head and head.id in writer.accidentals:
        parts.append(f"<accidental>{_PRINTED[writer.accidentals[head.id]]}</accidental>")
    if event.tuplet and not event.grace:
        parts.append(
            f"<time-modification><actual-notes>{event.tuplet.actual}</actual-notes>"
            f"<normal-notes>{event.tuplet.normal}</normal-notes></time-modification>"
        )
    if stem:
        parts.append(f"<stem>{stem}</stem>")
    parts.append(f"<staff>{event.staff}</staff>")
    parts += [f'<beam number="{i + 1}">{word}</beam>' for i, word in enumerate(words)]
    return "".join(parts)


def _wrapped(notations: str) -> str:
    return f"<notations>{notations}</notations>" if notations else ""


def _of_every_head(event: Event) -> str:
    return _OTHERS["arp"] if "arp" in event.signs else ""


def _notations(writer: _Writer, event: Event, side: str) -> str:
    """Slurs, tuplet, ornaments, articulations, fermata, roll: on the first head of a chord."""
    parts = []
    stack = writer.slurs[event.lane]
    for _ in range(event.slur_ends):
        if not stack:
            raise ValueError(f"at quarter {event.onset_q}, {event.lane}: no slur is open to end")
        parts.append(f'<slur number="{stack.pop()}" type="stop"/>')
    for _ in range(event.slur_starts):
        used = {number for open_slurs in writer.slurs.values() for number in open_slurs}
        number = next(n for n in range(1, 17) if n not in used)
        stack.append(number)
        parts.append(f'<slur number="{number}" type="start"{side}/>')
    if event.tuplet and event.tuplet.edge:
        shown = "actual" if event.tuplet.shown else "none"
        look = f' bracket="no" show-number="{shown}"' if event.tuplet.edge == "start" else ""
        parts.append(f'<tuplet number="1" type="{event.tuplet.edge}"{look}/>')
    ornaments = "".join(_ORNAMENTS[s] for s in event.signs if s in _ORNAMENTS)
    parts.append(f"<ornaments>{ornaments}</ornaments>" if ornaments else "")
    marks = "".join(_ARTICULATIONS[s] for s in event.signs if s in _ARTICULATIONS)
    parts.append(f"<articulations>{marks}</articulations>" if marks else "")
    parts += [_OTHERS[s] for s in event.signs if s in _OTHERS]
    known = {*_ORNAMENTS, *_ARTICULATIONS, *_OTHERS, *_STEMS}
    if strange := set(event.signs) - known:
        raise ValueError(f"at quarter {event.onset_q}, {event.lane}: no such sign {strange}")
    return "".join(parts)
