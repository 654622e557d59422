"""`valentin accompany`: take and orchestra in one file, and what cannot be accompanied is said."""

from pathlib import Path

import mido
import pytest

from valentin import pianist
from valentin.cli import main

SCORES = Path(__file__).parents[2] / "music/scores"
VIOLIN_AND_PIANO = SCORES / "multi-rest.musicxml"
TWO_STAVES = SCORES / "pedal.musicxml"


def take_of(path: Path, pitches: tuple[int, ...], quarter_s: float = 0.5) -> Path:
    """Whole notes in a row."""
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    for pitch in pitches:
        track.append(mido.Message("note_on", note=pitch, velocity=64, time=0))
        ticks = round(4 * quarter_s * 2 * 480)
        track.append(mido.Message("note_off", note=pitch, velocity=0, time=ticks))
    file.tracks.append(track)
    file.save(path)
    return path


def test_take_and_orchestra_in_one_file(tmp_path: Path) -> None:
    solo, both = take_of(tmp_path / "solo.mid", (60, 62, 64, 65, 67)), tmp_path / "both.mid"
    assert main(["accompany", str(VIOLIN_AND_PIANO), "--take", str(solo), "-o", str(both)]) == 0
    notes = pianist.read_take(both).notes
    onsets = {n.pitch: n.onset_s for n in notes}
    assert sorted(onsets) == [60, 62, 64, 65, 67, 72, 74]
    assert onsets[72] == pytest.approx(onsets[60], abs=0.05)
    assert onsets[74] == pytest.approx(onsets[67], abs=0.1)


def test_without_a_take_the_orchestra_is_alone(tmp_path: Path) -> None:
    alone = tmp_path / "alone.mid"
    assert main(["accompany", str(VIOLIN_AND_PIANO), "-o", str(alone)]) == 0
    assert sorted(n.pitch for n in pianist.read_take(alone).notes) == [72, 74]


def test_a_hand_and_the_other(tmp_path: Path) -> None:
    score, _ = pianist.read_score(TWO_STAVES)
    left = tmp_path / "left.mid"
    assert main(["accompany", str(TWO_STAVES), "--hands", "right", "-o", str(left)]) == 0
    written = sorted(n.pitch for n in score.notes if n.staff == 2)
    assert sorted(n.pitch for n in pianist.read_take(left).notes) == written


def test_half_as_fast_is_twice_as_long(tmp_path: Path) -> None:
    files = {x: tmp_path / f"{x}.mid" for x in ("1", "0.5")}
    for tempo, path in files.items():
        assert main(["accompany", str(VIOLIN_AND_PIANO), "--tempo", tempo, "-o", str(path)]) == 0
    gap = {x: pianist.read_take(p).notes[-1].onset_s for x, p in files.items()}
    assert gap["0.5"] == pytest.approx(2 * gap["1"], rel=0.02)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([str(VIOLIN_AND_PIANO), "--solo", "Oboe"], "choose one of Violin (P1), Piano (P2)"),
        ([str(TWO_STAVES)], "no orchestra"),
        ([str(SCORES / "ties.musicxml"), "--hands", "left"], "no notes for the left hand"),
        ([str(VIOLIN_AND_PIANO), "--bars", "40-41"], "bars 1 to 5"),
    ],
)
def test_what_cannot_be_accompanied_is_said(
    argv: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.mid"
    assert main(["accompany", *argv, "-o", str(out)]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_a_silent_keyboard_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take = take_of(tmp_path / "empty.mid", ())
    given = ["--take", str(take), "-o", str(tmp_path / "x.mid")]
    assert main(["accompany", str(VIOLIN_AND_PIANO), *given]) == 1
    assert "no notes" in capsys.readouterr().err


def test_a_hand_and_a_part_exclude_each_other(tmp_path: Path) -> None:
    given = ["--hands", "left", "--solo", "Piano", "-o", str(tmp_path / "x.mid")]
    with pytest.raises(SystemExit, match="2"):
        main(["accompany", str(VIOLIN_AND_PIANO), *given])


def test_a_take_of_another_piece_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = take_of(tmp_path / "other.mid", tuple(40 + (7 * i) % 31 for i in range(60)))
    command = ["accompany", str(VIOLIN_AND_PIANO), "--take", str(other)]
    assert main([*command, "-o", str(tmp_path / "both.mid")]) == 1
    assert "seems to be of another piece" in capsys.readouterr().err
    assert main(["follow", str(VIOLIN_AND_PIANO), str(other)]) == 0
    assert "seems to be another piece" in capsys.readouterr().err
