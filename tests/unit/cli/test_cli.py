"""The command line: help is quick and whole, errors are one line, nothing half-written is left."""

import json
import os
import re
import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path
from threading import Thread

import pytest

from valentin import pianist
from valentin.cli import main
from valentin.music import folded_id

ROOT = Path(__file__).parents[3]
VOLTAS = ROOT / "tests/music/scores/voltas.musicxml"
TIES = ROOT / "tests/music/scores/ties.musicxml"
VERBS = (
    "play", "sound", "align", "follow", "accompany", "teach", "compare", "show", "shelf", "studio",
    "instrument", "listen", "hear", "warm",
)  # fmt: skip


def run(*argv: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "valentin", *argv], input=stdin, capture_output=True, timeout=60
    )


def test_help_lists_every_verb_and_an_example() -> None:
    text = run("--help").stdout.decode()
    assert tuple(re.findall(r"^    ([a-z]+)(?:  |$)", text, re.M)) == VERBS
    assert "valentin teach" in text


def test_help_is_quick() -> None:
    times = []
    for _ in range(8):
        start = time.perf_counter()
        run("--help")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([verb, "--help"])
    assert f"valentin {verb}" in capsys.readouterr().out.split("example:")[1]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented(verb: str) -> None:
    assert f"valentin {verb}" in (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["sing"],
        ["play"],
        ["sound", "take.mid"],
        ["play", "x", "--tempo", "0"],
        ["play", "x", "--bars", "4-"],
        ["play", "x", "--seed", "-1"],
        ["play", "x", "--tempo", "fast"],
        ["play", "score.mid", "-o", "score.mid"],
        ["sound", "x.mid", "-o", "y.wav", "-o", "y.wav"],
        ["play", "x", "-o", "out.xyz"],
        ["teach", "x", "y.mid", "-o", "lesson.html", "-o", "lesson.pdf"],
    ],
)
def test_misuse_is_exit_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(argv)


def test_the_suffix_of_a_file_may_be_in_capitals(tmp_path: Path) -> None:
    take, table = tmp_path / "TIES.MID", tmp_path / "TIES.JSON"
    assert main(["play", str(TIES), "--performer", "score", "-o", str(take)]) == 0
    assert main(["align", str(TIES), str(take), "-o", str(table)]) == 0
    assert json.loads(table.read_text(encoding="utf-8"))["coverage"] == 1.0


def test_what_was_played_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", str(TIES), "--performer", "score", "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert all(note["label"] == "match" for note in notes)


def test_json_is_said_beside_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take, table = tmp_path / "ties.mid", tmp_path / "ties.tsv"
    main(["play", str(TIES), "--performer", "score", "-o", str(take)])
    assert main(["align", str(TIES), str(take), "-o", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["coverage"] == 1.0
    assert table.is_file()


def test_an_answer_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "valentin", "show", str(TIES)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1
    assert re.fullmatch("valentin: Writing the answer: [^\n]*\n", done.stderr.decode())


@pytest.mark.parametrize(
    ("bars", "ids"), [(("2", "4"), "234"), (("3", ""), "3245"), (None, "123245")]
)
def test_bars_are_heard_as_printed(bars: tuple[str, str] | None, ids: str) -> None:
    score, _ = pianist.read_score(VOLTAS)
    heard = pianist.play(score, pianist.Wish("score", bars=bars)).alignment.matches
    bar_of = {
        n.id: b.number
        for n in score.notes
        for b in score.bars
        if b.start_q <= n.onset_q < b.start_q + b.length_q
    }
    numbers = [bar_of[folded_id(match.score_id)] for match in heard]
    assert "".join(number for number, _ in groupby(numbers)) == ids


def test_a_score_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "flow"
    os.mkfifo(pipe)
    writing = Thread(target=lambda: pipe.write_bytes(TIES.read_bytes()), daemon=True)
    writing.start()
    assert main(["show", str(pipe), "--json"]) == 0


def test_a_title_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score = tmp_path / "steering.musicxml"
    text = TIES.read_text(encoding="utf-8").replace(">Ties<", ">Abend\u202elied\x9b31m<", 1)
    score.write_text(text, encoding="utf-8")
    assert main(["show", str(score)]) == 0
    said = capsys.readouterr().out
    assert "Abendlied" in said
    assert not re.search("[\u202e\x9b\x1b]", said)


def test_a_take_is_followed_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take = tmp_path / "take.mid"
    assert main(["play", str(VOLTAS), "--performer", "score", "-o", str(take)]) == 0
    capsys.readouterr()
    assert main(["follow", str(VOLTAS), str(take), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    assert all(
        set(line) == {"time_s", "score_ids", "onset_q", "bar", "seconds_per_quarter", "confidence"}
        for line in lines
    )
    assert [line["onset_q"] for line in lines] == sorted(line["onset_q"] for line in lines)
    assert main(["follow", str(VOLTAS), str(take)]) == 0
    assert "keys followed" in capsys.readouterr().out
