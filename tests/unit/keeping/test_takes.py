"""Takes: each event once and in order, whatever breaks off; nobody else's take is touched."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from valentin.errors import DeviceError, ReadError, TakeError
from valentin.keeping import Gap, Keeper, Pen
from valentin.keeping.journal import Head, Journal, read_journal
from valentin.music import KeyEvent, Performance, PerformedNote

HEAD = Head("t1", "piece", "keyboard", 1000.0)


def strokes(first: int, count: int) -> list[KeyEvent]:
    """Every key a tenth of a second after the one before."""
    return [KeyEvent(n / 10, "down" if n % 2 == 0 else "up", 60, 64) for n in range(first, count)]


@pytest.fixture
def pen(keeper: Keeper) -> Pen:
    return keeper.takes.begin("chopin-op9-2", "keyboard")


def test_a_take_is_played_closed_and_read_again(keeper: Keeper, pen: Pen) -> None:
    name = pen.take.id
    assert keeper.takes.append(name, pen.pen, 0, strokes(0, 4)) == 4
    assert keeper.takes.append(name, pen.pen, 4, strokes(4, 6)) == 6
    assert [take.open for take in keeper.takes.list("chopin-op9-2")] == [True]
    kept = keeper.takes.close(name, pen.pen)
    assert kept is not None
    assert (kept.piece, kept.notes, kept.duration_s, kept.open) == ("chopin-op9-2", 3, 0.5, False)
    assert keeper.takes.events(kept) == tuple(strokes(0, 6))
    assert keeper.takes.list() == (kept,)
    assert keeper.takes.list("other") == ()
    with pytest.raises(TakeError, match="closed already"):
        keeper.takes.append(name, pen.pen, 6, strokes(6, 8))


def test_a_batch_sent_twice_is_taken_once(keeper: Keeper, pen: Pen) -> None:
    for first, last in ((0, 4), (0, 4), (2, 6), (0, 6), (6, 6)):
        keeper.takes.append(pen.take.id, pen.pen, first, strokes(first, last))
    kept = keeper.takes.close(pen.take.id, pen.pen)
    assert kept is not None
    assert keeper.takes.events(kept) == tuple(strokes(0, 6))


def test_a_gap_says_what_is_awaited(keeper: Keeper, pen: Pen) -> None:
    keeper.takes.append(pen.take.id, pen.pen, 0, strokes(0, 2))
    with pytest.raises(Gap, match="missing") as caught:
        keeper.takes.append(pen.take.id, pen.pen, 4, strokes(4, 6))
    assert (caught.value.next, caught.value.taken) == (2, False)


def test_of_two_pages_the_one_with_the_pen_writes(keeper: Keeper, pen: Pen) -> None:
    keeper.takes.append(pen.take.id, pen.pen, 0, strokes(0, 2))
    second = keeper.takes.take_pen(pen.take.id)
    assert second.next == 2
    for use in (
        lambda: keeper.takes.append(pen.take.id, pen.pen, 2, strokes(2, 4)),
        lambda: keeper.takes.close(pen.take.id, pen.pen),
    ):
        with pytest.raises(Gap, match="another page") as caught:
            use()
        assert caught.value.taken
    assert keeper.takes.append(pen.take.id, second.pen, 2, strokes(2, 4)) == 4


def test_a_take_without_a_key_is_not_kept(keeper: Keeper, pen: Pen) -> None:
    keeper.takes.append(pen.take.id, pen.pen, 0, [KeyEvent(0.1, "sustain", 0, 127)])
    assert keeper.takes.close(pen.take.id, pen.pen) is None
    assert keeper.takes.list() == ()
    assert not list(keeper.home.rglob("*.jsonl"))


def test_a_full_disk_takes_none_of_a_batch_and_says_so(
    keeper: Keeper, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.takes.append(pen.take.id, pen.pen, 0, strokes(0, 2))
    write = os.write

    def half_full(handle: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(handle, bytes(data)[:-10])

    monkeypatch.setattr(os, "write", half_full)
    with pytest.raises(DeviceError, match="no space left on device; free some space"):
        keeper.takes.append(pen.take.id, pen.pen, 2, strokes(2, 6))
    monkeypatch.setattr(os, "write", write)
    assert keeper.takes.append(pen.take.id, pen.pen, 2, strokes(2, 6)) == 6
    kept = keeper.takes.close(pen.take.id, pen.pen)
    assert kept is not None
    assert keeper.takes.events(kept) == tuple(strokes(0, 6))


def test_events_are_on_the_disk_within_half_a_second(
    keeper: Keeper, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[float] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (fsync(handle), synced.append(time.time())))
    began = time.time()
    keeper.takes.append(pen.take.id, pen.pen, 0, strokes(0, 2))
    while not synced and time.time() < began + 5:
        time.sleep(0.02)
    assert synced
    assert synced[0] - began < 0.5 + 0.3  # of waking up on a busy machine


def test_a_torn_line_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "t1.jsonl", HEAD)
    journal.append(strokes(0, 6))
    journal.close()
    data = journal.path.read_bytes()
    lines = data.splitlines(keepends=True)
    for cut in range(len(lines[0]), len(data) + 1):
        journal.path.write_bytes(data[:cut])
        whole = data[:cut].count(b"\n") - 1
        assert read_journal(journal.path) == (HEAD, tuple(strokes(0, whole)))
    journal.path.write_bytes(lines[0] + lines[1] + b"\xff\x00 damaged\n" + lines[2])
    assert read_journal(journal.path)[1] == tuple(strokes(0, 1))
    journal.path.write_bytes(data[:20])
    with pytest.raises(TakeError, match="its head is damaged"):
        read_journal(journal.path)


def test_what_nobody_writes_any_more_becomes_a_take(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = Keeper(home)
    live = first.takes.begin("piece", "letters")
    first.takes.append(live.take.id, live.pen, 0, strokes(0, 4))
    (home / "takes" / "open" / "bad.jsonl").write_text("nonsense\n", encoding="utf-8")
    second = Keeper(home)
    assert second.takes.recover() == ()  # the live one is somebody's
    assert (home / "bin" / "bad.jsonl").exists()
    assert first.takes.append(live.take.id, live.pen, 4, strokes(4, 6)) == 6
    first.takes.stop()
    assert [take.notes for take in second.takes.list()] == [3]


def test_a_journal_that_was_closed_but_not_entered_is_entered(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "takes"
    folder.mkdir(parents=True)
    journal = Journal(folder / "t1.jsonl", HEAD)
    journal.append(strokes(0, 4))
    journal.close()
    keeper = Keeper(tmp_path / "home")
    assert [take.id for take in keeper.takes.recover()] == ["t1"]
    assert keeper.takes.recover() == ()
    assert keeper.takes.get("t1").started_s == 1000.0


PLAYING = """
import sys, time
from pathlib import Path
from valentin.keeping import Keeper
from valentin.music import KeyEvent

takes = Keeper(Path(sys.argv[1])).takes
pen = takes.begin("piece", "keyboard")
began, count = time.monotonic(), 0
while True:
    now = time.monotonic() - began
    kind = "up" if count % 2 else "down"
    count = takes.append(pen.take.id, pen.pen, count, [KeyEvent(now, kind, 60, 64)])
    print(count, flush=True)
    time.sleep(0.01)
"""


def test_a_killed_player_loses_at_most_the_last_event(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PLAYING, str(tmp_path / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        answered = 0
        while answered < 40:
            answered = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        answered = max([answered, *map(int, process.stdout.read().split())])
    keeper = Keeper(tmp_path / "home")
    (kept,) = keeper.takes.recover()
    events = keeper.takes.events(kept)
    assert answered <= len(events) <= answered + 1
    assert [event.kind for event in events[:4]] == ["down", "up", "down", "up"]


def test_a_file_is_a_take_if_it_can_be_read(keeper: Keeper, tmp_path: Path) -> None:
    played = Performance((PerformedNote("p0", "", 0.0, 2.5, 60, 64),))
    path = tmp_path / "take.MID"
    path.write_bytes(b"MThd")
    kept = keeper.takes.add_file("piece", path, lambda _: (2.5, 1), "my take.mid")
    assert (kept.notes, kept.duration_s, kept.source, kept.file) == (1, 2.5, "file", "my take.mid")
    assert kept.path.read_bytes() == b"MThd"
    assert keeper.takes.performance(kept, lambda _: played) == played

    def refuse(path: Path) -> tuple[float, int]:
        raise ReadError(f"Reading `{path.name}`: no.")

    with pytest.raises(ReadError, match="no"):
        keeper.takes.add_file("piece", path, refuse, "x")
    assert len(keeper.takes.list()) == 1


def test_a_take_put_away_comes_back(keeper: Keeper, pen: Pen) -> None:
    name = pen.take.id
    with pytest.raises(TakeError, match="being played"):
        keeper.takes.remove(name)
    keeper.takes.append(name, pen.pen, 0, strokes(0, 4))
    keeper.takes.close(name, pen.pen)
    away = keeper.takes.remove(name)
    assert (away.removed, away.path.parent.name) == (True, "bin")
    assert keeper.takes.list() == ()
    back = keeper.takes.restore(name)
    assert keeper.takes.events(back) == tuple(strokes(0, 4))
    assert keeper.takes.list() == (back,)
    with pytest.raises(ReadError, match="it is not there"):
        keeper.takes.remove("../../etc/passwd")


@pytest.mark.parametrize("source", ["", "keyboard; DROP TABLE takes", "piano"])
def test_an_unknown_source_begins_nothing(keeper: Keeper, source: str) -> None:
    with pytest.raises(TakeError, match="must be one of"):
        keeper.takes.begin("piece", source)
    assert keeper.takes.list() == ()
