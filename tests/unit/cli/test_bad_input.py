"""Every kind of bad input: one line on standard error, exit 1, nothing written, in good time."""

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import mido
import pytest

GOOD = Path(__file__).parents[2] / "music" / "scores" / "ties.musicxml"
PIECE = "chopin-op9-2"
SECONDS = 10.0  # of processor time; a command that hangs idle ends at the timeout


def musicxml(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<score-partwise version="4.0">{body}</score-partwise>'.encode()
    )


def one_bar(inside: str) -> bytes:
    return musicxml(
        '<part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>'
        '<part id="P1"><measure number="1"><attributes><divisions>1</divisions></attributes>'
        f"{inside}</measure></part>"
    )


def entity_bomb() -> bytes:
    names = "abcdefghij"
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names)
    )
    return musicxml("<work><work-title>&j;</work-title></work>", f"<!DOCTYPE s [{entities}]>")


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="s.musicxml"/></rootfiles></container>',
        )
        with archive.open("s.musicxml", "w", force_zip64=True) as big:
            for _ in range(300):
                big.write(b" " * 1_000_000)
    return buffer.getvalue()


def midi(*messages: mido.Message) -> bytes:
    file = mido.MidiFile()
    file.tracks.append(mido.MidiTrack(messages))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


SCORES: dict[str, Callable[[], bytes]] = {
    "empty.musicxml": lambda: b"",
    "really-a-pdf.musicxml": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "truncated.musicxml": lambda: GOOD.read_bytes()[: GOOD.stat().st_size // 2],
    "entity-bomb.musicxml": entity_bomb,
    "zip-bomb.mxl": zip_bomb,
    "not-a-zip.mxl": lambda: b"PK\x03\x04 nothing more",
    "junk.krn": lambda: b"**kern\n*M4/4\n=1\n4c\t4d\t4&&\n*^\n*v\n[[[4Q\n*-\n\x00\xff",
    "no-notes.musicxml": lambda: one_bar("<note><rest/><duration>4</duration></note>"),
    "no-parts.musicxml": lambda: musicxml("<part-list/>"),
    "noise.bin": lambda: bytes(range(256)) * 40,
    "words.txt": lambda: b"Dear piano, today I practised.\n",
    "photo.png": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
}
TAKES: dict[str, Callable[[], bytes]] = {
    "empty.mid": lambda: b"",
    "no-notes.mid": midi,
    "wrong-header.mid": lambda: b"MThx" + midi()[4:],
    "truncated.mid": lambda: midi(mido.Message("note_on", note=60, time=10))[:20],
    "words.mid": lambda: b"not a midi file at all",
}


def run(*argv: str) -> tuple[int, str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "valentin", *argv], capture_output=True, timeout=60, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stderr.decode(), spent


def assert_one_line(status: int, said: str, seconds: float) -> None:
    assert status == 1, said
    assert said.startswith("valentin: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert ": " in said.removeprefix("valentin: "), "an error says what was being done"
    assert seconds < SECONDS


@pytest.mark.parametrize("name", SCORES)
def test_a_bad_score(name: str, tmp_path: Path) -> None:
    bad, out = tmp_path / name, tmp_path / "out.mid"
    bad.write_bytes(SCORES[name]())
    assert_one_line(*run("play", str(bad), "-o", str(out)))
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", TAKES)
def test_a_bad_take(name: str, tmp_path: Path) -> None:
    bad, out = tmp_path / name, tmp_path / "out.tsv"
    bad.write_bytes(TAKES[name]())
    assert_one_line(*run("align", str(GOOD), str(bad), "-o", str(out)))
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "argv",
    [
        ("play", "nowhere.musicxml"),
        ("play", "no-such-piece"),
        ("align", str(GOOD), "nowhere.mid"),
        ("sound", "nowhere.mid", "-o", "out.wav"),
        ("play", str(GOOD), "-o", "no/such/folder/out.mid"),
        ("play", str(GOOD), "--bars", "900"),
        ("play", str(GOOD), "--instrument", "kazoo", "-o", "out.wav"),
        ("play", str(GOOD), "--instrument", "kazoo"),
        ("play", str(GOOD), "--hall", "the moon"),
    ],
    ids=" ".join,
)
def test_other_bad_requests(
    argv: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_one_line(*run(*argv))
    assert not list(tmp_path.iterdir())


def test_hanging_notes_are_read_and_closed(tmp_path: Path) -> None:
    take = tmp_path / "hanging.mid"
    take.write_bytes(
        midi(
            mido.Message("note_on", note=60, velocity=70, time=0),
            mido.Message("note_on", note=64, velocity=70, time=480),
        )
    )
    status, said, _ = run("align", str(GOOD), str(take), "-o", str(tmp_path / "out.tsv"))
    assert (status, said) == (0, "")


def test_a_take_of_another_piece_is_refused_a_lesson_plainly(tmp_path: Path) -> None:
    take = tmp_path / "scale.mid"
    take.write_bytes(
        midi(*(mido.Message("note_on", note=40 + i % 40, velocity=60, time=99) for i in range(300)))
    )
    out = tmp_path / "lesson.json"
    status, said, _ = run("teach", PIECE, str(take), "-o", str(out))
    assert status == 0, said
    lesson = out.read_text(encoding="utf-8")
    assert '"refusals": [' in lesson
    assert '"remarks": []' in lesson
