"""Match files: every version read alike, ours loaded by the field's tools and by ourselves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.errors import ReadError
from valentin.music import (
    Alignment,
    Bar,
    Key,
    Match,
    Metre,
    Ornament,
    PedalEvent,
    Performance,
    PerformedNote,
    Score,
    ScoreNote,
)
from valentin.reading import read_match, write_match
from valentin.reading.match import match_score_notes

V1 = """info(matchFileVersion,1.0.0).
info(midiClockUnits,480).
info(midiClockRate,500000).
scoreprop(timeSignature,4/4,1:1,0,0.0000).
snote(n2-1,[E,b],4,1:1,0,1/4,0.0000,1.0000,[v1,staff1])-note(n1,63,490,960,70,0,0).
snote(n1-1,[C,n],4,1:1,0,1/4,0.0000,1.0000,[v1,staff1])-note(n0,60,480,960,80,0,0).
snote(n3-1,[F,#],4,1:2,0,1/4,1.0000,2.0000,[v1,staff1])-deletion.
ornament(n1-1,[trill])-note(n2,62,970,1000,40,0,0).
insertion-note(n3,61,1100,1200,20,0,0).
sustain(500,127).
soft(480,12).
"""
V5 = """info(matchFileVersion,5.0).
info(midiClockUnits,480).
info(midiClockRate,500000).
info(keySignature,[C Maj]).
meta(timeSignature,4/4,1,0.0).
snote(n2-1,[E,b],4,1:1,0,1/4,0.0,1.0,[])-note(n1,[E,b],4,490,960,2000,70).
snote(n1-1,[C,n],4,1:1,0,1/4,0.0,1.0,[])-note(n0,[C,n],4,480,960,2000,80).
snote(n3-1,[F,#],4,1:2,0,1/4,1.0,2.0,[])-deletion.
trill(n1-1)-note(n2,[D,n],4,970,1000,1000,40).
insertion-note(n3,[D,b],4,1100,1200,1200,20).
sustain(500,127).
soft(480,12).
"""
V1_OLD = """snote(n2,[e,b],4,1:1,0,1/4,0.0,1.0,[s])-note(n1,[e,b],4,490.00,960.00,70).
snote(n1,[c,n],4,1:1,0,1/4,0.0,1.0,[s])-note(n0,[c,n],4,480.00,960.00,80).
snote(n3,[f,#],4,1:2,0,1/4,1.0,2.0,[s])-deletion.
snote(n4,[f,#],4,1:2,0,1/4,1.0,2.0,[leftOutTied])-deletion.
trill(n1)-note(n2,[d,n],4,970.00,1000.00,40).
hammer_bounce-note(n3,[d,b],4,1100.00,1200.00,20).
sustain(500,127).
soft(480,12).
"""


@pytest.mark.parametrize("text", [V1, V5, V1_OLD], ids=["1.0.0", "5.0", "0.1"])
def test_every_version_says_the_same(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.match"
    path.write_text(text)
    take, alignment = read_match(path)
    assert [(n.id, n.pitch, n.velocity) for n in take.notes] == [
        ("p0", 60, 80), ("p1", 63, 70), ("p2", 62, 40), ("p3", 61, 20),
    ]  # fmt: skip
    assert (take.notes[0].onset_s, take.notes[0].offset_s) == (0.5, 1.0)
    assert [(e.control, e.value) for e in take.pedal] == [("soft", 12), ("sustain", 127)]
    assert {(m.score_id, m.performed_id) for m in alignment.matches} == {
        ("n1-1", "p0"), ("n2-1", "p1"),
    }  # fmt: skip
    assert alignment.missed == (Match("n3-1", ""),)
    assert alignment.ornaments == (Match("n1-1", "p2"),)
    assert alignment.extra == (Match("", "p3"),)
    assert alignment.coverage == pytest.approx(2 / 3)
    assert set(match_score_notes(path)) == {("n1-1", 60), ("n2-1", 63), ("n3-1", 66)}


def test_a_played_note_that_two_lines_claim_has_one_score_note(tmp_path: Path) -> None:
    path = tmp_path / "x.match"
    twice = "snote(n9-1,[C,n],4,1:1,0,1/4,0.0,1.0,[])-note(n0,60,480,960,80,0,0).\n"
    path.write_text(V1 + twice + "insertion-note(n1,63,490,960,70,0,0).\n")
    take, alignment = read_match(path)
    assert len(take.notes) == 4
    assert [m.score_id for m in alignment.matches] == ["n2-1", "n1-1"]
    assert [m.performed_id for m in alignment.extra] == ["p3"]


def small_score() -> Score:
    """A pickup, a chord with a grace note and a trill, and a bar of six eight."""
    rows = [
        ScoreNote("n0-1", "P1", F(0), F(1), 67, "G4", 1, 1),
        ScoreNote("g1-1", "P1", F(1), F(0), 71, "B4", 1, 1, grace="acciaccatura"),
        ScoreNote("n1-1", "P1", F(1), F(2), 72, "C5", 1, 1, ornament=Ornament("trill")),
        ScoreNote("n2-1", "P1", F(1), F(4), 51, "Eb3", 2, 5),
        ScoreNote("n3-1", "P1", F(7, 3), F(2, 3), 91, "F##6", 1, 1),
        ScoreNote("n4-1", "P1", F(5), F(3, 2), 74, "D5", 1, 1),
    ]
    metres = (Metre(F(0), F(4), F(1), "4/4"), Metre(F(5), F(3), F(3, 2), "6/8"))
    bars = (Bar("b0", "0", F(0), F(1)), Bar("b1", "1", F(1), F(4)), Bar("b2", "2", F(5), F(3)))
    keys = (Key(F(0), -3, "minor"),)
    return Score("A, piece (1)", "", (), tuple(rows), (), metres, bars, keys, unfolded=True)


def small_take() -> tuple[Performance, Alignment]:
    """Two runs, a wrong key, an extra one, an ornament and an unsure note."""
    pitches = [67, 71, 72, 51, 73, 60, 72, 51, 74]
    notes = tuple(
        PerformedNote(f"p{i}", "track 1", 0.25 * i, 0.25 * i + 0.5, pitch, 40 + i)
        for i, pitch in enumerate(pitches)
    )
    alignment = Alignment(
        matches=(
            Match("n0-1", "p0"), Match("g1-1", "p1"), Match("n1-1", "p2"), Match("n1-1", "p6", 1),
            Match("n2-1", "p3"), Match("n2-1", "p7", 1),
        ),
        wrong=(Match("n3-1", "p4"),),
        missed=(),
        extra=(Match("", "p5"),),
        ornaments=(),
        unsure=(Match("n4-1", "p8", 1),),
        coverage=1.0,
    )  # fmt: skip
    return Performance(notes, (PedalEvent(0.5, "sustain", 127),), "x.match"), alignment


def test_what_we_write_we_read(tmp_path: Path) -> None:
    path = tmp_path / "x.match"
    take, alignment = small_take()
    write_match(small_score(), take, alignment, path)
    assert read_match(path) == (take, alignment)


def test_places_are_counted_from_the_first_downbeat(tmp_path: Path) -> None:
    path = tmp_path / "x.match"
    write_match(small_score(), *small_take(), path)
    text = path.read_text()
    assert "scoreprop(keySignature,Cm,0:4,0,-1.0000)." in text
    assert "scoreprop(timeSignature,6/8,2:1,0,4.0000)." in text
    assert "snote(n0-1,[G,n],4,0:4,0,1/4,-1.0000,0.0000,[v1,staff1])" in text
    assert "snote(n3-1,[F,x],6,1:2,1/12,1/6,1.3333,2.0000,[v1,staff1,wrong:n4])-deletion." in text
    assert "snote(n4-1,[D,n],5,2:1,0,3/8,4.0000,7.0000,[v1,staff1,run1,unsure:n8])" in text


@pytest.mark.filterwarnings("ignore")
def test_the_tools_of_the_field_load_what_we_write(tmp_path: Path) -> None:
    partitura = pytest.importorskip("partitura", reason="partitura is a test-time reference only")
    path = tmp_path / "x.match"
    take, alignment = small_take()
    first = tuple(m for m in alignment.matches if not m.run)
    ornamented = replace(alignment, matches=first, ornaments=(Match("n1-1", "p6"),))
    write_match(small_score(), take, ornamented, path)
    performance, rows, score = partitura.load_match(path, create_score=True)
    labels = sorted((r["label"], r.get("score_id", ""), r.get("performance_id", "")) for r in rows)
    assert [r for r in labels if r[0] == "match"] == [
        ("match", "g1-1", "n1"), ("match", "n0-1", "n0"), ("match", "n1-1", "n2"),
        ("match", "n2-1", "n3"),
    ]  # fmt: skip
    assert [r[1] for r in labels if r[0] == "deletion"] == ["n3-1", "n4-1"]
    assert ("ornament", "n1-1", "n6") in labels
    played = performance.note_array()
    others = [n.pitch for n in take.notes if n.id != "p6"]  # it leaves ornament notes out here
    assert sorted(played["pitch"]) == sorted(others)
    onsets = {str(row["id"]): float(row["onset_sec"]) for row in played}
    assert onsets["n3"] == pytest.approx(0.75)
    written = {str(row["id"]): row for row in score[0].note_array()}
    assert float(written["n3-1"]["onset_beat"]) == pytest.approx(4 / 3, abs=1e-3)
    assert {k: int(v["pitch"]) for k, v in written.items()} == {
        n.id: n.pitch for n in small_score().notes
    }


def test_names_that_are_nowhere_are_a_programming_error(tmp_path: Path) -> None:
    take, _ = small_take()
    path = tmp_path / "x.match"
    with pytest.raises(ValueError, match="'n99', which is not in the score"):
        write_match(small_score(), take, Alignment((Match("n99", "p0"),)), path)
    with pytest.raises(ValueError, match="'p99', which was not played"):
        write_match(small_score(), take, Alignment((Match("n0-1", "p99"),)), path)
    assert not list(tmp_path.iterdir())


BAD = {
    "missing": (None, "there is no such file"),
    "empty": ("", "no line names a played note"),
    "a poem": ("Shall I compare thee\nto a summer's day", "no line names a played note"),
    "broken off": (V1[: V1.index("n0,60") + 2], "line 6 is damaged"),
    "a velocity of 200": (V1.replace(",80,0,0", ",200,0,0"), "line 6 is damaged"),
    "a key that no piano has": (V1.replace("n0,60", "n0,600"), "line 6 is damaged"),
    "a clock that stands": (V1.replace("Units,480", "Units,0"), "line 2 is damaged"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_told_in_one_line(case: str, tmp_path: Path) -> None:
    text, words = BAD[case]
    path = tmp_path / "bad.match"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ReadError, match=words) as caught:
        read_match(path)
    assert str(caught.value).startswith("Reading `bad.match`: ")
    assert "\n" not in str(caught.value)


@settings(max_examples=300, deadline=None)
@given(
    text=st.sampled_from((V1, V5, V1_OLD)),
    changes=st.lists(st.tuples(st.integers(0, 500), st.characters(max_codepoint=300)), max_size=4),
    keep=st.integers(0, 600),
)
def test_no_damage_ends_in_a_traceback(
    text: str,
    changes: list[tuple[int, str]],
    keep: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    letters = list(text)
    for place, letter in changes:
        letters[place % len(letters)] = letter
    path = tmp_path_factory.mktemp("mutated") / "x.match"
    path.write_bytes("".join(letters)[:keep].encode("utf-8", "replace"))
    error = None
    try:
        take, _ = read_match(path)
    except ReadError as caught:
        error = caught
    assert "\n" not in str(error) if error else take.notes
