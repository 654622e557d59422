"""Directions of a bar as MusicXML: dynamics, hairpins, words, tempo, octave signs, pedal.

**Conventions.** A stretch gives two signs, its start and its end; an end on a bar line belongs to
the bar it closes. Tempo text ends in `VALUE = NUMBER` or `VALUE. = NUMBER` (`Andante 8 = 132`): the
value is the beat, the number how many a minute has; or in `=NUMBER` (`Tempo I=66`), quarters
a minute, which is not printed.

**Knows nothing of** notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from engraving.source import Bar, Direction, Source

__all__ = ["placed_directions"]

_BEATS = {"2": "half", "4": "quarter", "8": "eighth", "16": "16th"}
_METRONOME = re.compile(r"(.*?)\s*(\d+)(\.?) *= *(\d+)")
_DYNAMICS = {"p", "pp", "ppp", "mp", "mf", "f", "ff", "fff", "fz", "sf", "sfz", "fp"}

_CHANGE = '<direction-type><pedal type="change" line="no" sign="yes"/></direction-type>'

Line = Callable[[Fraction], str]
"""From the place at which the line is written to the line, which may need an offset."""


def placed_directions(
    source: Source, bar: Bar, divisions: int, last: bool
) -> Callable[[int], list[tuple[Fraction, Line]]]:
    """Staff → the signs of that staff in `bar`, each with its place, in order of time."""
    end_q = bar.start_q + bar.length_q

    def of_staff(staff: int) -> list[tuple[Fraction, Line]]:
        rows: list[tuple[Fraction, int, Line]] = []
        here = [d for d in source.directions if d.staff == staff]
        changes = _changes(here, bar)
        for d in here:
            if bar.start_q <= d.start_q < end_q or (last and d.start_q == end_q):
                start = _CHANGE if d.kind == "pedal" and d.start_q in changes else _start(d)
                rows.append((d.start_q, 1, _line(d, d.start_q, divisions, start)))
            changed = d.kind == "pedal" and d.end_q in changes
            if _lasts(d) and bar.start_q < d.end_q <= end_q and not changed:
                rows.append((d.end_q, 0, _line(d, d.end_q, divisions, _end(d))))
        return [(q, line) for q, _, line in sorted(rows, key=lambda row: row[:2])]

    return of_staff


def _changes(directions: Sequence[Direction], bar: Bar) -> set[Fraction]:
    """Where, within the bar, the pedal comes up and goes down at once: one sign."""
    pedals = [d for d in directions if d.kind == "pedal"]
    ends = {d.end_q for d in pedals} & {d.start_q for d in pedals}
    return {q for q in ends if bar.start_q < q < bar.start_q + bar.length_q}


def _lasts(direction: Direction) -> bool:
    return direction.kind in ("hairpin", "octave", "pedal") and direction.end_q > direction.start_q


def _line(direction: Direction, place_q: Fraction, divisions: int, content: str) -> Line:
    def line(now_q: Fraction) -> str:
        late = int((place_q - now_q) * divisions)
        offset = f"<offset>{late}</offset>" if late else ""
        side = "above" if direction.above else "below"
        types, _, sound = content.partition("|")
        return (
            f'<direction placement="{side}">{types}{offset}'
            f"<staff>{direction.staff}</staff>{sound}</direction>"
        )

    return line


def _typed(inner: str) -> str:
    return f"<direction-type>{inner}</direction-type>"


def _start(direction: Direction) -> str:
    """What the sign shows, and after a bar what it tells a player of the file."""
    if direction.kind == "pedal":
        return _typed('<pedal type="start" line="no" sign="yes"/>')
    if direction.kind == "hairpin":
        return _typed(f'<wedge type="{direction.text}"/>')
    if direction.kind == "octave":
        return _typed('<octave-shift type="down" size="8"/>')
    if direction.kind == "words":
        return _typed(f'<words font-style="italic">{escape(direction.text)}</words>')
    if direction.kind == "tempo":
        return _tempo(direction.text)
    if direction.text not in _DYNAMICS:
        raise ValueError(f"at quarter {direction.start_q}: no such dynamic `{direction.text}`")
    return _typed(f"<dynamics><{direction.text}/></dynamics>")


def _end(direction: Direction) -> str:
    if direction.kind == "pedal":
        return _typed('<pedal type="stop" line="no" sign="yes"/>')
    if direction.kind == "octave":
        return _typed('<octave-shift type="stop" size="8"/>')
    return _typed('<wedge type="stop"/>')


def _tempo(text: str) -> str:
    found = _METRONOME.fullmatch(text)
    if found is None:
        words, _, count = text.rpartition("=")
        return _tempo_words(words) + f'|<sound tempo="{int(count)}"/>'
    words, value, dot, count = found.groups()
    beat = f"<beat-unit>{_BEATS[value]}</beat-unit>" + ("<beat-unit-dot/>" if dot else "")
    quarters = Fraction(4, int(value)) * (Fraction(3, 2) if dot else 1) * int(count)
    return (
        _tempo_words(f"{words}\u00a0" if words else "")
        + _typed(f"<metronome>{beat}<per-minute>{count}</per-minute></metronome>")
        + f'|<sound tempo="{float(quarters):g}"/>'
    )


def _tempo_words(words: str) -> str:
    return _typed(f'<words font-weight="bold">{escape(words)}</words>')
