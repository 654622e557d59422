"""Score MIDIs: notes on beats, staves, metres, keys; and an engraving of them."""

from __future__ import annotations

from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.errors import ReadError
from valentin.music import Score
from valentin.reading import read_score
from valentin.reading.midi_grid import Clock, written_length
from valentin.reading.midi_sketch import sketch_of
from valentin.reading.note_values import in_key, spelled, split_value
from valentin.reading.sketch_writing import musicxml_of
from valentin.reading.smf import META, Event, encode

TICKS = 480


def track(*notes: tuple[float, float, int], name: str = "") -> list[Event]:
    """Notes as (onset, length, pitch) in quarters, cut short by a tick as programs do."""
    rows = []
    for onset, length, pitch in notes:
        rows.append((round(onset * TICKS), 1, Event(0, 0x90, pitch, 80)))
        rows.append((round((onset + length) * TICKS) - 1, 0, Event(0, 0x80, pitch, 0)))
    rows.sort(key=lambda row: row[:2])
    head = [Event(0, META, 3, 0, name.encode())] if name else []
    return head + [event._replace(tick=tick) for tick, _, event in rows]


def conductor(*rows: tuple[float, int, bytes], name: str = "A piece") -> list[Event]:
    events = [Event(round(at * TICKS), META, kind, 0, text) for at, kind, text in rows]
    return [Event(0, META, 3, 0, name.encode()), *events]


def read(folder: Path, *tracks: list[Event]) -> Score:
    path = folder / "score.mid"
    path.write_bytes(encode(tracks, TICKS))
    score, engraving = read_score(path)
    for note in score.notes:
        assert f'"{note.id}"' in engraving.mei
    return score


def rows(score: Score) -> list[tuple[F, F, int, int]]:
    return sorted((n.onset_q, n.duration_q, n.pitch, n.staff) for n in score.notes)


def test_two_tracks_are_two_staves_the_higher_above(tmp_path: Path) -> None:
    left = track((0, 2, 48), (0, 2, 52), name="links")
    right = track((0, 1, 72), (1, 1 / 3, 74), (4 / 3, 1 / 3, 76), (5 / 3, 1 / 3, 77))
    score = read(tmp_path, conductor(), left, right)
    assert rows(score) == [
        (F(0), F(1), 72, 1), (F(0), F(2), 48, 2), (F(0), F(2), 52, 2), (F(1), F(1, 3), 74, 1),
        (F(4, 3), F(1, 3), 76, 1), (F(5, 3), F(1, 3), 77, 1),
    ]  # fmt: skip
    assert [(p.id, p.staves) for p in score.parts] == [("P1", 2)]
    assert score.title == "A piece"


def test_metres_keys_and_tempi_are_those_of_the_file(tmp_path: Path) -> None:
    head = conductor(
        (0, 0x58, bytes([3, 2, 24, 8])), (0, 0x59, bytes([253, 1])),
        (0, 0x51, (750_000).to_bytes(3, "big")), (6, 0x58, bytes([6, 3, 24, 8])),
    )  # fmt: skip
    score = read(tmp_path, head, track((0, 3, 60), (3, 3, 63), (6, 3, 68)), track((0, 9, 36)))
    assert [(m.start_q, m.signature, m.beat_quarters) for m in score.metres] == [
        (F(0), "3/4", F(1)), (F(6), "6/8", F(3, 2)),
    ]  # fmt: skip
    assert [(b.start_q, b.length_q) for b in score.bars] == [(F(0), 3), (F(3), 3), (F(6), 3)]
    assert [(k.fifths, k.mode) for k in score.keys] == [(-3, "minor")]
    assert [m.value for m in score.marks if m.kind == "tempo"] == [80.0]
    assert [n.spelling for n in score.notes if n.staff == 1] == ["C4", "Eb4", "Ab4"]
    assert [n.duration_q for n in score.notes if n.staff == 2] == [F(9)]


def test_one_track_is_divided_at_middle_c_and_the_score_says_so(tmp_path: Path) -> None:
    score = read(tmp_path, track((0, 1, 48), (0, 1, 72)))
    assert [(n.pitch, n.staff) for n in score.notes] == [(72, 1), (48, 2)]
    assert "divided between the staves" in " ".join(r.words for r in score.remarks)
    assert {r.kind for r in score.remarks} == {"guessed"}


def test_a_played_file_is_put_on_the_beats_and_the_score_says_so(tmp_path: Path) -> None:
    notes = [(i / 2 + 0.013 * (i % 3), 0.4, 60 + i) for i in range(12)]
    score = read(tmp_path, track(*notes))
    assert {n.onset_q.denominator for n in score.notes} <= {1, 2}
    assert any("as if played" in remark.words for remark in score.remarks)


def test_an_orchestra_keeps_its_parts(tmp_path: Path) -> None:
    flute = [Event(0, 0xC0, 73), *track((0, 1, 80), name="Flauto")[1:]]
    flute.insert(0, Event(0, META, 3, 0, b"Flauto"))
    score = read(tmp_path, conductor(), flute, track((0, 1, 72)), track((0, 1, 40)))
    assert [(p.name, p.staves) for p in score.parts] == [("Flauto", 1), ("Piano", 2)]


@pytest.mark.parametrize(
    ("tick", "place"),
    [(69, F(1, 7)), (160, F(1, 3)), (15, F(1, 32)), (96, F(1, 5)), (480, F(1))],
)
def test_a_tick_is_the_simplest_fraction_near_it(tick: int, place: F) -> None:
    clock = Clock.of(480, {0, 240, 480, tick})
    assert clock.quarters(tick) == place


@pytest.mark.parametrize(
    ("held", "gap", "length"),
    [
        (F(95, 100), F(1), F(1)), (F(1, 2), F(1), F(1, 2)), (F(479, 480), None, F(1)),
        (F(31, 100), F(2), F(1, 3)), (F(1, 200), None, F(1, 16)), (F(14, 10), F(4), F(3, 2)),
    ],
)  # fmt: skip
def test_a_length_reaches_the_next_onset_or_a_note_value(held: F, gap: F | None, length: F) -> None:
    assert written_length(held, gap) == length


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 400), st.sampled_from((1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 16, 24, 32)))
def test_a_length_is_written_whole_in_tied_values(ticks: int, parts: int) -> None:
    length = F(ticks, parts)
    pieces = list(split_value(F(0), length, (60,), False, False))
    assert sum(piece.length_q for piece in pieces) == length
    assert [p.tied_from for p in pieces] == [False] + [True] * (len(pieces) - 1)
    assert [p.tied_to for p in pieces] == [True] * (len(pieces) - 1) + [False]


def test_spelling_follows_the_key() -> None:
    assert [spelled(61, fifths)[:2] for fifths in (0, -5, 5)] == [("C", 1), ("D", -1), ("C", 1)]
    assert spelled(59, -7)[0:3] == ("C", -1, 4)
    assert spelled(60, 7)[0:3] == ("B", 1, 3)
    assert [in_key(step, -2) for step in "BEAC"] == [-1, -1, 0, 0]
    assert [in_key(step, 2) for step in "FCGB"] == [1, 1, 0, 0]


BAD = {
    "no notes": (encode([conductor()], TICKS), "holds no notes"),
    "broken off": (encode([track((0, 1, 60))], TICKS)[:-5], "breaks off"),
    "days long": (encode([track((0, 400_000, 60))], TICKS), "days long"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_score_midi_is_told_in_one_line(case: str, tmp_path: Path) -> None:
    data, words = BAD[case]
    path = tmp_path / "bad.mid"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=words) as caught:
        read_score(path)
    assert "\n" not in str(caught.value)


GOOD = encode(
    [conductor((0, 0x58, bytes([3, 2, 24, 8]))), track((0, 1, 60), (1, 1, 63)), track((0, 2, 40))],
    TICKS,
)


@settings(max_examples=100, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=3))
def test_no_damage_ends_in_a_traceback(
    changes: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    path = tmp_path_factory.mktemp("mutated") / "x.mid"
    path.write_bytes(data)
    error = None
    try:
        text = musicxml_of(sketch_of(path))
    except ReadError as caught:
        error = caught
    assert "\n" not in str(error) if error else text.startswith("<?xml")
