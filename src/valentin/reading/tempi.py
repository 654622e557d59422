"""Speeds: metronome marks kept within reason, and what a file's own playback says elsewhere.

In: marks as printed, and the tempi of the source's playback. Out: marks, and what was guessed.

**Conventions.** Quarters a minute. A tempo of the playback becomes a mark of the kind
"playback-tempo", and only where no metronome mark is printed: at the start of the score, and at a
tempo word that names a speed or calls it back. At a *rit.* it is the program's own way of playing
one, and so is any tempo without words; both are passed over. At the start a round default of 100 or
120 with no words beside it is what programs write when nobody set anything; it is not believed.

**Knows nothing of** what a player makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from valentin.music import Mark
from valentin.reading.desk import Desk
from valentin.reading.frame import Measure
from valentin.reading.mei_tree import exact, printed_text
from valentin.reading.told import Playback
from valentin.reading.wording import names_speed

__all__ = ["FASTEST", "SLOWEST", "bounded", "playback_in_mei", "played_back", "units_agreed"]

SLOWEST, FASTEST = 10.0, 400.0
"""Quarters a minute: half of the slowest and a third above the fastest mark of our 240 scores."""
DEFAULTS = (100.0, 120.0)
"""What Sibelius, and most other programs, write where no tempo was set."""
UNIT_RATIOS = (
    Fraction(1, 2),
    Fraction(2),
    Fraction(2, 3),
    Fraction(3, 2),
    Fraction(1, 3),
    Fraction(3),
)
"""Between a note value and another one that its drawing could be mistaken for."""
NEAR_RATIO = 0.01
NEAR_Q = Fraction(1, 4)
"""Quarters: how far a tempo may stand from its word."""

Guess = tuple[Fraction, str]


def units_agreed(
    marks: Iterable[Mark], playback: Sequence[Playback], first_q: Fraction
) -> tuple[list[Mark], list[Guess]]:
    """The marks, where the opening's metronome mark and the file's playback count other units.

    A printed eighth is sometimes encoded as a quarter (`[quarter] = 132` beside `*MM66`); where the
    two speeds part by just such a ratio, it is the drawing of the note that is wrong.
    """
    rows, guesses = [], []
    said = [p for p in playback if p.start_q <= first_q and p.worded]
    for mark in marks:
        printed = mark.value if mark.kind == "tempo" and mark.start_q <= first_q else None
        if (
            printed
            and said
            and any(
                abs(said[0].quarters_per_minute / printed - float(r)) < NEAR_RATIO
                for r in UNIT_RATIOS
            )
        ):
            value = said[0].quarters_per_minute
            words = f"printed {printed:g} quarters a minute, played back at {value:g}; taken as "
            guesses.append((mark.start_q, f"{words}{value:g}"))
            mark = replace(mark, value=value)
        rows.append(mark)
    return rows, guesses


def bounded(marks: Iterable[Mark]) -> tuple[list[Mark], list[Guess]]:
    """Marks whose metronome numbers somebody could play, and where a number was changed."""
    rows, guesses = [], []
    for mark in marks:
        if mark.kind == "tempo" and mark.value is not None:
            value = _within(mark.value)
            if value != mark.value:
                words = f"{mark.value:g} quarters a minute is no tempo; taken as {value:g}"
                guesses.append((mark.start_q, words))
            mark = replace(mark, value=value)
        rows.append(mark)
    return rows, guesses


def played_back(
    marks: Sequence[Mark], playback: Sequence[Playback], first_q: Fraction
) -> tuple[list[Mark], list[Guess]]:
    """Marks for the tempi of the playback that stand for a printed one; `first_q`: first note."""
    tempi = [m for m in marks if m.kind == "tempo"]
    rows: list[Mark] = []
    opening = [m for m in tempi if m.start_q <= first_q]
    if not any(m.value for m in opening):
        rows += _opening(opening, [p for p in playback if p.start_q <= first_q])
    for mark in tempi:
        if mark.start_q <= first_q or mark.value or not names_speed(mark.text):
            continue
        near = [p for p in playback if abs(p.start_q - mark.start_q) <= NEAR_Q]
        if near:
            nearest = min(near, key=lambda p: abs(p.start_q - mark.start_q))
            rows.append(_mark(mark.text, mark.start_q, nearest))
    return rows, list(_said(rows, first_q))


def playback_in_mei(measures: Sequence[Measure], desk: Desk) -> list[Playback]:
    """The tempi of an MEI file's playback, with the words that they stand with."""
    rows = []
    for bar, measure in enumerate(measures):
        for tempo in measure.element.iter("tempo"):
            speed = exact(tempo.get("midi.bpm"))
            if speed and speed > 0:
                worded = bool(printed_text(tempo))
                rows.append(Playback(desk.start(bar, tempo), float(speed), worded))
    return rows


def _opening(marks: Sequence[Mark], playback: Sequence[Playback]) -> Iterator[Mark]:
    believed = [p for p in playback if p.worded or p.quarters_per_minute not in DEFAULTS]
    if believed:
        chosen = next((p for p in believed if p.worded), believed[0])
        yield _mark(next((m.text for m in marks), ""), chosen.start_q, chosen)


def _mark(text: str, at: Fraction, tempo: Playback) -> Mark:
    return Mark("playback-tempo", text, at, at, value=_within(tempo.quarters_per_minute))


def _within(value: float) -> float:
    return min(max(value, SLOWEST), FASTEST)


def _said(rows: Sequence[Mark], first_q: Fraction) -> Iterator[Guess]:
    for mark in (m for m in rows if m.start_q <= first_q):
        yield mark.start_q, f"tempo {mark.value:g} quarters a minute, from the file's playback"
    later = [m for m in rows if m.start_q > first_q]
    if later:
        words = "tempo words have a speed" if len(later) > 1 else "tempo word has a speed"
        found = f"{len(later)} later {words} from the file's playback, the first here"
        yield later[0].start_q, found
