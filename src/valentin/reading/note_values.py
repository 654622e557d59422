"""How a length is written: note values, dots, ties, tuplets, beams; and how a key is spelled.

In: stretches of time in quarters, keys of the piano. Out: `Piece` rows, each as long as one note
value, and what is drawn at them.

**Conventions.** Lengths are in quarters. A key signature counts fifths, sharps positive.

**Knows nothing of** files, and of whose notes these are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from valentin.reading.midi_sketch import SketchMetre

__all__ = ["Piece", "beams", "in_key", "note_value", "spelled", "split_value", "tuplet_ends"]

TYPES = {
    Fraction(8): "breve", Fraction(4): "whole", Fraction(2): "half", Fraction(1): "quarter",
    Fraction(1, 2): "eighth", Fraction(1, 4): "16th", Fraction(1, 8): "32nd",
    Fraction(1, 16): "64th", Fraction(1, 32): "128th", Fraction(1, 64): "256th",
}  # fmt: skip
TUPLETS = {1: (1, 1), 3: (3, 2), 5: (5, 4), 7: (7, 4), 9: (9, 8), 11: (11, 8), 13: (13, 8)}
"""Odd part of a length's denominator → (notes, in the time of)."""
LINE_OF_FIFTHS = "FCGDAEB"
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
FLATTEST = -3
"""Spellings reach from three fifths below the major tonic to eight above (C major: Eb … G#)."""


class Piece(NamedTuple):
    """A written note, chord or rest inside one bar: as long as one note value."""

    start_q: Fraction
    length_q: Fraction
    pitches: tuple[int, ...]
    tied_from: bool
    tied_to: bool


def split_value(
    start: Fraction, end: Fraction, pitches: tuple[int, ...], tied_from: bool, tied_to: bool
) -> Iterator[Piece]:
    """A stretch of time as note values, longest first, tied where it sounds."""
    now = start
    while now < end:
        length = _longest_value(end - now)
        sounds = bool(pitches)
        yield Piece(
            now,
            length,
            pitches,
            sounds and (tied_from or now > start),
            sounds and (tied_to or now + length < end),
        )
        now += length


def _longest_value(length: Fraction) -> Fraction:
    """The longest note value no longer than `length` that leaves a writable rest."""
    odd = length.denominator
    while odd % 2 == 0:
        odd //= 2
    scale = Fraction(TUPLETS[odd][1], TUPLETS[odd][0]) if odd in TUPLETS else Fraction(1, odd)
    for value in TYPES:
        for dotted in (Fraction(3, 2), Fraction(1)):
            for one in dict.fromkeys((value * dotted, value * dotted * scale)):
                if one == length:
                    return one
    below = [v * d for v in TYPES for d in (Fraction(3, 2), Fraction(1)) if v * d < length]
    return max(below) if below else length


def note_value(length: Fraction) -> tuple[str, int, tuple[int, int]]:
    """Type, dots and tuplet of a length; a length that nothing fits is drawn as a short note."""
    for dots, dotted in ((0, Fraction(1)), (1, Fraction(3, 2))):
        for ratio in TUPLETS.values():
            kind = TYPES.get(length / dotted * Fraction(*ratio))
            if kind:
                return kind, dots, ratio
    return "256th", 0, (1, 1)


def tuplet_ends(pieces: Sequence[Piece]) -> list[str]:
    """For every piece "start", "stop", "start stop" or "": tuplets end when they come out even."""
    ends = [""] * len(pieces)
    opened, total, ratio = -1, Fraction(0), (1, 1)
    for i, piece in enumerate(pieces):
        mine = note_value(piece.length_q)[2]
        if opened >= 0 and mine != ratio:
            ends[i - 1] = f"{ends[i - 1]} stop".strip()
            opened = -1
        if mine[0] == mine[1]:
            continue
        if opened < 0:
            opened, total, ratio = i, Fraction(0), mine
            ends[i] = "start"
        total += piece.length_q
        if not total.denominator & (total.denominator - 1):
            ends[i] = f"{ends[i]} stop".strip()
            opened = -1
    if opened >= 0:
        ends[-1] = f"{ends[-1]} stop".strip()
    return ends


def beams(pieces: Sequence[Piece], start_q: Fraction, metre: SketchMetre) -> list[str]:
    """begin, continue or end for notes shorter than a quarter that share a beat of a bar."""
    compound = metre.beats % 3 == 0 and metre.beats > 3 and metre.unit >= 8
    beat = Fraction(12, metre.unit) if compound else max(Fraction(4, metre.unit), Fraction(1))
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    break_at = 0
    for i, piece in enumerate(pieces):
        if not piece.pitches or piece.length_q >= 1:
            break_at += 1
        else:
            groups[int((piece.start_q - start_q) // beat), break_at].append(i)
    words = [""] * len(pieces)
    for group in groups.values():
        for i in group[1:-1]:
            words[i] = "continue"
        if len(group) > 1:
            words[group[0]], words[group[-1]] = "begin", "end"
    return words


def spelled(pitch: int, fifths: int) -> tuple[str, int, int]:
    """Step, alteration and octave of a key: the spelling nearest to the key signature."""
    place = next(
        p for p in range(fifths + FLATTEST, fifths + FLATTEST + 12) if 7 * p % 12 == pitch % 12
    )
    step = LINE_OF_FIFTHS[(place + 1) % 7]
    alter = (place + 1) // 7
    return step, alter, (pitch - alter - NATURALS[step]) // 12 - 1


def in_key(step: str, fifths: int) -> int:
    """What the key signature does to a step."""
    place = LINE_OF_FIFTHS.index(step)
    if fifths > 0:
        return int(place < fifths)
    return -int(6 - place < -fifths)
