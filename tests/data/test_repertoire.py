"""The shelf against references: every note the same, or named with the reason."""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from valentin.music import Score, folded_id
from valentin.reading import read_score
from valentin.repertoire import piece

DATA = os.environ.get("VALENTIN_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="VALENTIN_DATA is not set: no reference to compare with"),
]

MISPRINTS = """
1:3 Eb3 C3      1:5 Cb4 C4      1:5 D4 Db4
6:1.5 Db5 D5    6:4.5 Db6 D6
11:10 D4 Db4    11:11 D4 Db4
13:2 A4 Ab4     14:8 E4 Eb4
19:10 D4 Db4    19:11 D4 Db4
21:2 A4 Ab4
30:11 C4 Cb4    30:11 C6 Cb6
31:11 C6 Cb6    31:11 C7 Cb7
"""
"""bar:eighth, ours, the first edition's: an accidental left out or misread there (bar 1: a blurred
note head on a stain). The reference marks each of them as a misprint and gives our reading."""

OTHER_STAFF = {("34:6", "G3")}
"""The first edition prints the G of the last chord on the lower staff; we keep it in its chord."""

Note = tuple[str, str, Fraction, int, bool]


@pytest.fixture(scope="module")
def ours() -> Score:
    return read_score(piece("chopin-op9-2").score)[0]


@pytest.fixture(scope="module")
def first_edition() -> Score:
    return read_score(Path(DATA) / "nocturnes" / "009-1-KI-002.krn")[0]


def place(score: Score, q: Fraction) -> str:
    """bar:eighth, by our bars."""
    bar = next(bar for bar in reversed(score.bars) if bar.start_q <= q)
    return f"{bar.number}:{float((q - bar.start_q) * 2):g}"


def notes(score: Score, bars: Score) -> Counter[Note]:
    """Place, spelling, duration, staff and whether it is a grace note, of every note."""
    return Counter(
        (place(bars, n.onset_q), n.spelling, n.duration_q, n.staff, bool(n.grace))
        for n in score.notes
    )


def test_every_note_of_the_nocturne_agrees_or_is_named(ours: Score, first_edition: Score) -> None:
    here, there = notes(ours, ours), notes(first_edition, ours)
    assert here.total() == there.total() == 1247
    only_here = sorted((here - there).elements())
    only_there = Counter((there - here).elements())
    misprints = iter(MISPRINTS.split())
    named = {(at, mine): theirs for at, mine, theirs in zip(*[misprints] * 3, strict=True)}
    for at, spelling, duration_q, staff, grace in only_here:
        if (at, spelling) in OTHER_STAFF:
            twin = (at, spelling, duration_q, 3 - staff, grace)
        else:
            twin = (at, named.pop((at, spelling)), duration_q, staff, grace)
        assert only_there[twin] == 1, f"{at} {spelling}"
        only_there[twin] -= 1
    assert only_there.total() == 0
    assert not named, "a difference that is no longer there"


def test_ids_count_up_and_nothing_is_guessed(ours: Score) -> None:
    assert [remark for remark in ours.remarks if "playback" not in remark.words] == []
    assert sum(note.small for note in ours.notes) == 64  # the cadenza
    assert len({n.id for n in ours.notes}) == 1247
    assert all(n.id[0] == "n" and n.id[1:].isdigit() for n in ours.notes)
    assert folded_id("n12-1") == "n12"


@pytest.mark.parametrize("kind", ["slur", "articulation", "fermata"])
def test_slurs_articulation_and_fermatas_agree(
    kind: str, ours: Score, first_edition: Score
) -> None:
    def rows(score: Score) -> Counter[tuple[Fraction, Fraction, str, int]]:
        at = {note.id: note.onset_q for note in score.notes}
        return Counter(
            (m.start_q, at[m.note_ids[-1]], m.text, m.staff)
            for m in score.marks
            if m.kind == kind and m.note_ids
        )

    assert rows(ours).total() > 0
    assert rows(ours) == rows(first_edition)


def test_every_dynamic_is_there_within_an_eighth(ours: Score, first_edition: Score) -> None:
    def dynamics(score: Score) -> list[tuple[Fraction, str]]:
        signs = (m for m in score.marks if m.kind == "dynamic" and set(m.text) <= set("pmfz"))
        return sorted((m.start_q, m.text) for m in signs)

    here, there = dynamics(ours), dynamics(first_edition)
    assert len(here) == 18
    assert [text for _, text in here] == [text for _, text in there]
    assert all(abs(a - b) <= Fraction(1, 2) for (a, _), (b, _) in zip(here, there, strict=True))


def test_every_pedal_of_the_first_edition_is_there(ours: Score, first_edition: Score) -> None:
    def downs(score: Score) -> set[str]:
        return {
            place(ours, m.start_q) for m in score.marks if (m.kind, m.text) == ("pedal", "down")
        }

    # The encoding has one pedal drawn a little before its bass note.
    first = {at if at != "30:5.5" else "30:6" for at in downs(first_edition)}
    added = {at.partition(":")[0] for at in downs(ours) - first}
    assert downs(ours) >= first
    assert added <= {str(bar) for bar in [*range(13, 25), 30]}, "added by analogy, and only there"


@pytest.fixture(scope="module")
def prelude() -> Score:
    return read_score(piece("debussy-l117-8").score)[0]


@pytest.fixture(scope="module")
def other_prelude() -> Score:
    return read_score(Path(DATA) / "debussy" / "l117-08_preludes_fille.musicxml")[0]


def test_every_note_of_the_prelude_agrees(prelude: Score, other_prelude: Score) -> None:
    here, there = notes(prelude, prelude), notes(other_prelude, prelude)
    assert here.total() == 592
    assert here == there


SPELT = {"(trés peu)": "(très peu)", "trés doux": "très doux"}
"""Words that the reference misspells."""


@pytest.mark.parametrize(
    "kind", ["articulation", "dynamic", "hairpin", "arpeggio", "breath", "tempo", "words"]
)
def test_every_sign_of_the_prelude_agrees(kind: str, prelude: Score, other_prelude: Score) -> None:
    def rows(score: Score) -> Counter[tuple[Fraction, Fraction, str]]:
        signs = (m for m in score.marks if m.kind == kind)
        return Counter((m.start_q, m.end_q, SPELT.get(m.text, m.text)) for m in signs)

    assert rows(prelude).total() > 0
    assert rows(prelude) == rows(other_prelude)


def test_every_slur_of_the_prelude_but_two_agrees(prelude: Score, other_prelude: Score) -> None:
    """One that goes to the other staff is parted there; one that leads from a note to itself is
    left out."""

    def rows(score: Score) -> Counter[tuple[str, int]]:
        slurs = (m for m in score.marks if m.kind == "slur")
        return Counter((place(prelude, m.start_q), m.staff) for m in slurs)

    assert rows(prelude) - rows(other_prelude) == Counter({("11:1", 2): 1})
    assert rows(other_prelude) - rows(prelude) == Counter({("16:0", 2): 1})
