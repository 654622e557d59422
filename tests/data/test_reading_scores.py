"""Real scores are read note for note: a sample of what `bench/reading.py` measures in full."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bench.musicxml_count import counted
from bench.reading import compared, named_notes

from valentin.music import unfold
from valentin.reading import read_score

DATA = Path(os.environ.get("VALENTIN_DATA", ""))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not os.environ.get("VALENTIN_DATA"), reason="VALENTIN_DATA is not set: no development data"
    ),
]

SCORES = {
    "Bach/Prelude/bwv_873": "hidden notes that spell out ornaments",
    "Beethoven/Piano_Sonatas/11-3": "minuet da capo",
    "Beethoven/Piano_Sonatas/17-2": "a backup that leads to before the bar",
    "Beethoven/Piano_Sonatas/28-2": "dal segno al fine",
    "Chopin/Ballades/1": "cue-sized notes, metres",
    "Chopin/Barcarolle": "tuplets of 57 in the time of 12",
    "Chopin/Etudes_op_25/2": "divisions that change",
    "Liszt/Hungarian_Rhapsodies/6": "a repeat sign that Verovio loses",
    "Mozart/Piano_Sonatas/11-3": "many repeats",
    "Ravel/Miroirs/4_Alborada_del_gracioso": "three staves, graces, hidden ties",
    "Schumann/Kreisleriana/3": "negative durations",
}


@pytest.mark.parametrize("folder", SCORES)
def test_notes_stand_where_the_file_puts_them(folder: str) -> None:
    path = DATA / "asap-dev" / folder / "xml_score.musicxml"
    score, engraving = read_score(path)
    pitches = {note.id: note.pitch for note in score.notes}
    comparison = compared(score, path)
    assert comparison.lost == ()
    assert comparison.misplaced == ()
    assert comparison.notes == len(score.notes)
    rows = [row for row in counted(path) if row.id in pitches]
    assert [row.id for row in rows if pitches[row.id] != row.pitch] == []
    assert all(f'"{name}"' in engraving.mei for name in pitches)
    played = {note.id for note in unfold(score).notes}
    for match in sorted(path.parent.glob("*.match"))[:2]:
        named = list(named_notes(match))
        found = sum(pitches.get(name) == pitch for name, _, pitch in named)
        assert found >= 0.97 * len(named), match.name
        unfolded = sum(f"{name}-{k}" in played for name, k, _ in named)
        assert unfolded >= 0.97 * len(named), match.name


def test_the_same_file_gives_the_same_score() -> None:
    path = DATA / "nocturnes" / "015-1a-BH-003.krn"
    assert read_score(path) == read_score(path)


@pytest.mark.parametrize(
    ("name", "notes", "odd_bars"),
    [
        ("nocturnes/009-1-KI-002.krn", 1247, 0),
        ("nocturnes/015-1a-BH-003.krn", 1107, 0),
        ("nocturnes/062-1-BH-002.krn", 1777, 0),
        ("debussy/l117-08_preludes_fille.musicxml", 0, 0),
    ],
)
def test_bars_last_what_the_metre_says(name: str, notes: int, odd_bars: int) -> None:
    score, _ = read_score(DATA / name)
    assert len(score.notes) == notes or not notes
    odd = [r for r in score.remarks if r.kind == "odd" and "quarters" in r.words]
    assert len(odd) == odd_bars, odd


@pytest.mark.slow
def test_a_concerto_movement_is_read_with_its_parts() -> None:
    score, _ = read_score(DATA / "concertos" / "chopin-op11-ii.krn")
    piano = [part for part in score.parts if part.staves == 2]
    assert [part.name for part in piano] == ["Piano"]
    assert len(score.parts) == 14
    assert len(score.notes) == 4156
    assert {note.part for note in score.notes} == {part.id for part in score.parts}
