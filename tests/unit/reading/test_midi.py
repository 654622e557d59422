"""MIDI takes: what comes in as it was played, what goes out comes back, what is broken is told."""

from __future__ import annotations

import struct
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.errors import DeviceError, ReadError
from valentin.music import PedalEvent, Performance, PerformedNote
from valentin.reading import read_take, write_midi
from valentin.reading.smf import META, Event, encode

TICKS = 480
TEMPO = 0x51


def on(tick: int, pitch: int, velocity: int = 64, channel: int = 0) -> Event:
    return Event(tick, 0x90 | channel, pitch, velocity)


def off(tick: int, pitch: int, channel: int = 0) -> Event:
    return Event(tick, 0x80 | channel, pitch, 0)


def take_of(folder: Path, *tracks: list[Event], ticks: int = TICKS) -> Performance:
    path = folder / "take.mid"
    path.write_bytes(encode(tracks, ticks))
    return read_take(path)


def rows(take: Performance) -> list[tuple[float, float, int, int]]:
    return [(n.onset_s, n.offset_s, n.pitch, n.velocity) for n in take.notes]


def test_notes_are_sorted_and_named_by_onset_and_pitch(tmp_path: Path) -> None:
    events = [on(0, 64), on(0, 60), on(240, 50), off(480, 50), off(480, 60), off(480, 64)]
    take = take_of(tmp_path, events)
    assert [(n.id, n.pitch, n.onset_s, n.offset_s) for n in take.notes] == [
        ("p0", 60, 0.0, 0.5), ("p1", 64, 0.0, 0.5), ("p2", 50, 0.25, 0.5),
    ]  # fmt: skip


def test_a_tempo_map_in_another_track_moves_every_note(tmp_path: Path) -> None:
    tempi = [Event(480, META, TEMPO, 0, (1_000_000).to_bytes(3, "big"))]
    notes = [on(0, 60), off(480, 60), on(960, 62), off(1440, 62)]
    assert rows(take_of(tmp_path, tempi, notes)) == [(0.0, 0.5, 60, 64), (1.5, 2.5, 62, 64)]


def test_film_frames_are_a_clock_too(tmp_path: Path) -> None:
    path = tmp_path / "smpte.mid"
    data = bytearray(encode([[on(0, 60), off(1000, 60)]], TICKS))
    data[12:14] = bytes([256 - 25, 40])
    path.write_bytes(data)
    assert rows(read_take(path)) == [(0.0, 1.0, 60, 64)]


def test_velocity_zero_is_a_release(tmp_path: Path) -> None:
    assert rows(take_of(tmp_path, [on(0, 60), on(480, 60, 0)])) == [(0.0, 0.5, 60, 64)]


def test_running_status_goes_on_over_a_meta_event(tmp_path: Path) -> None:
    body = bytes([0, 0x90, 60, 64, 0, META, 1, 1, 65, 48, 60, 0, 0, META, 0x2F, 0])
    path = tmp_path / "running.mid"
    path.write_bytes(
        struct.pack(">4sLHHH", b"MThd", 6, 0, 1, 48) + b"MTrk" + len(body).to_bytes(4, "big") + body
    )
    assert rows(read_take(path)) == [(0.0, 0.5, 60, 64)]


def test_of_two_overlapping_strokes_the_first_ends_first(tmp_path: Path) -> None:
    events = [on(0, 60, 10), on(240, 60, 20), off(480, 60), off(960, 60)]
    assert rows(take_of(tmp_path, events)) == [(0.0, 0.5, 60, 10), (0.25, 1.0, 60, 20)]


def test_a_lost_release_ends_with_the_next_stroke_and_spoils_no_other(tmp_path: Path) -> None:
    events = [on(0, 60, 10), on(240, 60, 20), off(480, 60), on(960, 60, 30), off(1440, 60)]
    assert rows(take_of(tmp_path, events)) == [
        (0.0, 0.25, 60, 10), (0.25, 0.5, 60, 20), (1.0, 1.5, 60, 30),
    ]  # fmt: skip


def test_a_hanging_last_note_ends_with_the_file(tmp_path: Path) -> None:
    events = [on(0, 60), on(480, 62), off(960, 62)]
    assert rows(take_of(tmp_path, events)) == [(0.0, 1.0, 60, 64), (0.5, 1.0, 62, 64)]


def test_pedals_are_read_in_order_and_once_for_all_channels(tmp_path: Path) -> None:
    left = [on(0, 40), Event(10, 0xB0, 64, 127), Event(20, 0xB0, 66, 90), off(480, 40)]
    right = [on(0, 70, channel=1), Event(10, 0xB1, 64, 127), Event(30, 0xB1, 67, 5)]
    right.append(off(480, 70, channel=1))
    take = take_of(tmp_path, left, right)
    assert [(e.control, e.value) for e in take.pedal] == [
        ("sustain", 127), ("sostenuto", 90), ("soft", 5),
    ]  # fmt: skip
    assert [e.time_s for e in take.pedal] == pytest.approx([10 / 960, 20 / 960, 30 / 960])


def test_parts_are_named_by_track_and_channel(tmp_path: Path) -> None:
    name = Event(0, META, 3, 0, b"Right hand")
    one = [name, on(0, 70), off(10, 70)]
    two = [on(0, 40), on(0, 41, channel=1), off(9, 40), off(9, 41, channel=1)]
    take = take_of(tmp_path, one, two)
    assert {n.pitch: n.part for n in take.notes} == {
        70: "Right hand", 40: "track 2, channel 1", 41: "track 2, channel 2",
    }  # fmt: skip


def test_a_click_on_the_percussion_channel_is_no_playing(tmp_path: Path) -> None:
    click = [on(0, 37, channel=9), off(10, 37, channel=9)]
    assert [n.pitch for n in take_of(tmp_path, click, [on(0, 60), off(9, 60)]).notes] == [60]


def test_mido_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    notes = (
        PerformedNote("a", "P1", 0.1, 0.9, 60, 70),
        PerformedNote("b", "P2", 0.5, 1.25, 64, 30),
    )
    write_midi(Performance(notes, (PedalEvent(0.25, "sustain", 64),)), path)
    found, now = [], 0.0
    for message in mido.MidiFile(path):
        now += message.time
        if message.type == "note_on":
            found.append((round(now, 4), message.note, message.velocity))
        if message.type == "control_change":
            found.append((round(now, 4), message.control, message.value))
    pedals = [(0.25, 64, 64)] * 2
    assert found == [(0.1, 60, 70), *pedals, (0.5, 64, 30)]


def test_a_key_goes_up_before_it_is_struck_again(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    notes = (PerformedNote("a", "P1", 0, 2, 60, 70), PerformedNote("b", "P1", 1, 1.5, 60, 30))
    write_midi(Performance(notes), path)
    assert rows(read_take(path)) == [(0.0, 1.0, 60, 70), (1.0, 1.5, 60, 30)]


def test_what_sounds_before_the_start_moves_everything(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    pedal = (PedalEvent(-0.5, "sustain", 9),)
    write_midi(Performance((PerformedNote("a", "P1", 0, 1, 60, 70),), pedal), path)
    take = read_take(path)
    assert rows(take) == [(0.5, 1.5, 60, 70)]
    assert take.pedal[0].time_s == 0.0


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="there is no folder"):
        write_midi(Performance(()), tmp_path / "no" / "out.mid")


GRID = st.integers(0, 200_000).map(lambda tick: tick / 19200)


@st.composite
def performances(draw: st.DrawFn) -> Performance:
    """No key struck while it is held: what one piano can play."""
    notes: list[PerformedNote] = []
    for pitch in draw(st.lists(st.integers(21, 108), max_size=4, unique=True)):
        times = sorted(draw(st.lists(GRID, min_size=2, max_size=6, unique=True)))
        pairs = zip(times[::2], times[1::2], strict=False)
        notes += [
            PerformedNote("", "track 1", a, b, pitch, draw(st.integers(1, 127))) for a, b in pairs
        ]
    notes.sort(key=lambda n: (n.onset_s, n.pitch))
    controls = st.sampled_from(("sustain", "sostenuto", "soft"))
    pedal = draw(st.lists(st.builds(PedalEvent, GRID, controls, st.integers(0, 127)), max_size=6))
    named = (
        PerformedNote(f"p{i}", n.part, n.onset_s, n.offset_s, n.pitch, n.velocity)
        for i, n in enumerate(notes)
    )
    return Performance(tuple(named), tuple(sorted(pedal, key=lambda e: e.time_s)), "x.mid")


@settings(max_examples=100, deadline=None)
@given(take=performances())
def test_what_is_written_comes_back(
    take: Performance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("midi") / "x.mid"
    write_midi(take, path)
    if not take.notes:
        with pytest.raises(ReadError, match="holds no notes"):
            read_take(path)
        return
    names = {note.id: note for note in take.notes}
    back = read_take(path)
    parts = {note.part for note in back.notes}
    assert parts == {"track 1"}
    assert back.notes == tuple(names[n.id] for n in back.notes)
    assert back.pedal == take.pedal


HOUR = 3600 * 960
"""Ticks at 480 to a quarter of half a second."""


def every(ticks: int, count: int) -> bytes:
    """A file of so many notes, one every so many ticks."""
    rows = [(on(ticks * i, 60), off(ticks * i + 1, 60)) for i in range(count)]
    return encode([[event for pair in rows for event in pair]], 480)


@pytest.mark.parametrize(("ticks", "count"), [(60, 30_000), (2 * HOUR // 57_600, 57_600), (4, 300)])
def test_a_long_or_a_quick_take_is_read(ticks: int, count: int, tmp_path: Path) -> None:
    path = tmp_path / "recital.mid"
    path.write_bytes(every(ticks, count))
    assert len(read_take(path).notes) == count


BAD = {
    "missing": (None, "there is no such file"),
    "empty": (b"", "the file is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(40), "does not begin with a MIDI header"),
    "a header and nothing": (b"MThd" + bytes([0, 0, 0, 6, 0, 1]), "does not begin with a MIDI"),
    "no division": (b"MThd" + bytes([0, 0, 0, 6, 0, 1, 0, 1, 0, 0]), "damaged MIDI header"),
    "format 9": (b"MThd" + bytes([0, 0, 0, 6, 0, 9, 0, 1, 1, 224]), "damaged MIDI header"),
    "format 2": (b"MThd" + bytes([0, 0, 0, 6, 0, 2, 0, 1, 1, 224]), "several songs"),
    "no track": (b"MThd" + bytes([0, 0, 0, 6, 0, 1, 0, 1, 1, 224]), "holds no track"),
    "no notes": (encode([[Event(0, META, 3, 0, b"name")]], 480), "holds no notes"),
    "broken off": (encode([[on(0, 60), off(480, 60)]], 480)[:-6], "breaks off inside track 1"),
    "a byte too high": (encode([[on(0, 60, 200)]], 480), r"damaged at byte 24 \(track 1\)"),
    "years long": (encode([[on(0, 60), off(0x0FFFFFFF, 60)]], 480), "ends after 77.7 hours"),
    "as long as a night": (
        encode([[on(0, 60), off(9, 60), on(11 * HOUR, 60), off(11 * HOUR + 9, 60)]], 480),
        "ends after 11.0 hours, and 4 are read; cut out",
    ),
    "too many notes": (every(20, 100_001), "100001 notes, more than a recital; give one piece"),
    "no hands": (every(3, 301), "more than 300 notes begin within one second"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_told_in_one_line(case: str, tmp_path: Path) -> None:
    data, words = BAD[case]
    path = tmp_path / "bad.mid"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ReadError, match=words) as caught:
        read_take(path)
    text = str(caught.value)
    assert text.startswith("Reading `bad.mid`: ")
    assert "\n" not in text
    assert text.endswith(".")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.mid"
    with path.open("wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(ReadError, match="more than 8 MB; give one piece"):
        read_take(path)


GOOD = encode(
    [
        [Event(0, META, TEMPO, 0, b"\x07\xa1\x20"), on(0, 60), off(480, 60), on(500, 64)],
        [Event(0, META, 3, 0, b"left"), on(0, 40), Event(5, 0xB0, 64, 100), off(900, 40)],
    ],
    480,
)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=4),
    keep=st.integers(0, len(GOOD)),
)
def test_no_damage_ends_in_a_traceback(
    changes: list[tuple[int, int]], keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    path = tmp_path_factory.mktemp("mutated") / "x.mid"
    path.write_bytes(data[:keep])
    error = None
    try:
        take = read_take(path)
    except ReadError as caught:
        error = caught
    assert "\n" not in str(error) if error else take.notes
