"""Op. 15 no. 3 and op. 55 no. 1 against the first editions: all the same, or named with the reason.

The comparison is `engraving.comparing`: notes, graces, ornaments, slurs, articulation, dynamics,
hairpins, pedal, tempo and words, each at its exact place.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from engraving.comparing import differences

from valentin.music import Score
from valentin.reading import read_score
from valentin.repertoire import piece

DATA = os.environ.get("VALENTIN_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="VALENTIN_DATA is not set: no reference to compare with"),
]

Difference = tuple[tuple[str, ...], tuple[str, ...]]
"""What only ours has, and what only the first edition has, each as `STAFF PLACE WHAT`."""

NAMED_15_3: dict[str, Difference] = {
    # The edition misspells its word.
    "": (("0 0 words languido e rubato",), ("0 0 words larguido e rubato",)),
    # An asterisk drawn late.
    "36": (("2 2 pedal up",), ("2 7/3 pedal up",)),
    # A slur from the chord to the bass, which the encoding ends where it begins.
    "37": (("2 0 slur  [1]",), ("2 0 slur  [0]",)),
    # A "cresc." in words: how far it reaches is what a reader makes of it.
    "69": (("0 1 hairpin crescendo [24]",), ("0 1 hairpin crescendo [20]",)),
    # The edition takes the pedal up in bar 50 and never down.
    "49": (("2 0 pedal down",), ()),
    # The end of an octave line needs no word.
    "79": ((), ("0 0 words loco",)),
    # Naturals left out.
    "97": (("2 1 E2 1",), ("2 1 Eb2 1",)),
    "113": (("2 1 E2 1",), ("2 1 Eb2 1",)),
    # One sforzato between the staves for both hands.
    "123": ((), ("0 0 dynamic fz",)),
    "125": ((), ("0 1 dynamic fz",)),
    # Ties left out, which the same bars have elsewhere.
    "131": (("1 1 F4 4",), ("1 1 F4 2",)),
    "132": ((), ("1 0 F4 2",)),
    "137": (("1 0 C5 5",), ("1 0 C5 3",)),
    "138": ((), ("1 0 C5 2",)),
    # The pedal of the last bars is ours.
    "150": (("2 0 pedal down", "2 2 pedal down", "2 2 pedal up"), ()),
    "151": (("2 0 pedal down", "2 0 pedal up", "2 2 pedal down", "2 2 pedal up"), ()),
    "152": (("2 0 pedal down", "2 0 pedal up"), ()),
}

NAMED_55_1: dict[str, Difference] = {
    # A slur that begins in the other voice of the hand.
    "22": (("2 1 slur  [9]",), ("2 0 slur  [9]",)),
    # The right hand plays on the lower staff, and its slurs are said to stand there.
    "48": (("2 1 slur  [11/3]",), ("1 1 slur  [11/3]",)),
    "50": (
        ("2 0 C4 1", "2 0 F4 1", "2 1 slur  [4]"),
        ("1 0 C4 1", "1 0 F4 1", "1 1 slur  [4]"),
    ),
    "52": (("2 2 slur  [4]",), ("1 2 slur  [4]",)),
    "54": (("2 1 slur  [4]",), ("1 1 slur  [4]",)),
    "87": (("2 0 slur  [107/3]",), ("1 0 slur  [107/3]",)),
    # The left hand's chords stand whole on its own staff.
    "49": (
        ("2 1 C4 2", "2 1 F4 2", "2 3 Db4 1", "2 3 F4 1"),
        ("1 1 C4 2", "1 1 F4 2", "1 3 Db4 1", "1 3 F4 1"),
    ),
    # Naturals left out: the D under a chord of G minor, the A in broken chords of F major.
    "55": (("2 1 D3 2", "2 3 D3 1"), ("2 1 Db3 2", "2 3 Db3 1")),
    "92": (("1 3 A6 1/3",), ("1 3 Ab6 1/3",)),
    # Numerals and words.
    "73": (("0 0 tempo tempo I",), ("0 0 tempo tempo 1",)),
    "89": (("0 3 hairpin crescendo [22/3]",), ("0 3 hairpin crescendo [7]",)),
    # The pedal of the last bars is ours. The right hand's A of the last chords is printed below;
    # each hand has its own sign of a roll. The end of an octave line needs no word.
    "98": (("2 0 pedal down", "2 2 pedal down", "2 2 pedal up"), ("0 0 words loco",)),
    "99": (
        ("1 0 A3 4", "2 0 pedal down", "2 0 pedal up"),
        ("0 0 arpeggio up", "2 0 A3 4"),
    ),
    "100": (
        (
            *("1 0 A3 2", "1 2 A3 2", "2 0 pedal down"),
            *("2 0 pedal up", "2 2 pedal down", "2 2 pedal up"),
        ),
        ("0 0 arpeggio up", "0 2 arpeggio up", "2 0 A3 2", "2 2 A3 2"),
    ),
    "101": (
        ("1 0 A3 4", "2 0 pedal down", "2 0 pedal up"),
        ("0 0 arpeggio up", "2 0 A3 4"),
    ),
}

PIECES = [
    ("chopin-op15-3", "015-1a-BH-003", NAMED_15_3, 1105, 153),
    ("chopin-op55-1", "055-1-BH-001", NAMED_55_1, 1413, 102),
]


def read(name: str, reference: str) -> tuple[Score, Score]:
    path = Path(DATA) / "nocturnes" / f"{reference}.krn"
    return read_score(piece(name).score)[0], read_score(path)[0]


def words(rows: Sequence[tuple[int, object, str]]) -> tuple[str, ...]:
    return tuple(f"{staff} {place} {text}" for staff, place, text in rows)


@pytest.mark.parametrize(
    ("name", "reference", "named", "notes", "bars"), PIECES, ids=[row[0] for row in PIECES]
)
def test_every_note_and_sign_agrees_or_is_named(
    name: str, reference: str, named: dict[str, Difference], notes: int, bars: int
) -> None:
    ours, first_edition = read(name, reference)
    assert (len(ours.notes), len(ours.bars)) == (notes, bars)
    found = {bar: (words(a), words(b)) for bar, a, b in differences(ours, first_edition)}
    assert found == named
