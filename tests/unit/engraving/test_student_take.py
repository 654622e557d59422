"""Student takes: written again to the byte, and holding the faults that their label names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from engraving.faults import Fault, plant
from engraving.student_take import HERE, TAKES, student_take

from valentin.music import Alignment, Performance, Score, unfold
from valentin.reading import read_match, read_score, read_take
from valentin.repertoire import piece, pieces

LISTS = sorted(TAKES.glob("*.toml"))


@pytest.fixture(scope="module")
def nocturne() -> Score:
    return unfold(read_score(piece("chopin-op9-2").score)[0])


@pytest.fixture(scope="module")
def rendition() -> tuple[Performance, Alignment]:
    return read_match(HERE / "takes" / "chopin-op9-2.match")


def planted(
    nocturne: Score, rendition: tuple[Performance, Alignment], *faults: Fault
) -> Performance:
    return plant(nocturne, *rendition, faults, np.random.default_rng(1))


@pytest.mark.parametrize("listed", LISTS, ids=lambda path: path.stem)
def test_a_take_is_written_again_to_the_byte(listed: Path, tmp_path: Path) -> None:
    student_take(listed, tmp_path / "take.mid")
    assert (tmp_path / "take.mid").read_bytes() == listed.with_suffix(".mid").read_bytes()


def test_every_take_on_the_shelf_says_what_it_is() -> None:
    takes = [take for each in pieces() for take in each.takes]
    assert sorted(take.with_suffix(".toml") for take in takes) == LISTS
    for listed in LISTS:
        label = tomllib.loads(listed.read_text(encoding="utf-8"))["label"]
        assert "No student played it" in label


def test_the_take_is_whole() -> None:
    take = read_take(TAKES / "chopin-op9-2-student.mid")
    assert len(take.notes) > 1247, "bar 16 begins twice"
    assert 180 < take.end_s < 260
    assert take.pedal


def test_without_faults_the_take_is_the_rendition(
    nocturne: Score, rendition: tuple[Performance, Alignment]
) -> None:
    assert planted(nocturne, rendition).notes == rendition[0].notes


def test_flat_voicing_takes_the_melody_down_there_and_nowhere_else(
    nocturne: Score, rendition: tuple[Performance, Alignment]
) -> None:
    take = planted(nocturne, rendition, Fault("flat-voicing", "9", "13", 0.1))
    staff = {note.id: note.staff for note in nocturne.notes}
    bars = {
        note.id: bar.number
        for bar in nocturne.bars
        for note in nocturne.notes
        if bar.start_q <= note.onset_q < bar.start_q + bar.length_q
    }
    sounding = {m.performed_id: m.score_id for m in rendition[1].matches}

    def lead(performance: Performance, bar: int) -> float:
        """Right hand above left hand in one bar, MIDI velocities."""
        hands: dict[int, list[int]] = {1: [], 2: []}
        for note in performance.notes:
            score_id = sounding.get(note.id, "")
            if bars.get(score_id, "") == str(bar):
                hands[staff[score_id]].append(note.velocity)
        return float(np.mean(hands[1]) - np.mean(hands[2]))

    assert min(lead(rendition[0], bar) for bar in range(9, 13)) > 5
    for bar in range(9, 13):
        assert abs(lead(take, bar)) < 0.25 * lead(rendition[0], bar)
    assert [lead(take, bar) for bar in (8, 13)] == [lead(rendition[0], bar) for bar in (8, 13)]


def test_a_rush_shortens_its_bars_and_moves_the_rest(
    nocturne: Score, rendition: tuple[Performance, Alignment]
) -> None:
    take = planted(nocturne, rendition, Fault("rush", "17", "19", 0.6))
    before, after = (
        np.array([note.onset_s for note in performance.notes])
        for performance in (rendition[0], take)
    )
    late = np.sort(before) - np.sort(after)
    assert late[0] == 0.0
    lost_s = late[-1]
    assert 1.5 < lost_s < 3.0, "a fifth of two bars of twelve eighths"
    assert np.all(np.diff(late) > -0.05)


def test_a_restart_plays_the_passage_twice_with_a_silence_between(
    nocturne: Score, rendition: tuple[Performance, Alignment]
) -> None:
    take = planted(nocturne, rendition, Fault("restart", "16", "16:5", 1.8))
    again = [note for note in take.notes if note.id.endswith("again")]
    assert len(take.notes) == len(rendition[0].notes) + len(again)
    restart_s = min(note.onset_s for note in again)
    heard = [note for note in take.notes if note.onset_s < restart_s]
    assert 1.8 < restart_s - max(note.onset_s for note in heard) < 2.5
    assert max(note.offset_s for note in heard) < restart_s - 1.4
    once = [note for note in take.notes if note.id + "again" in {n.id for n in again}]
    assert sorted(n.pitch for n in once) == sorted(n.pitch for n in again)


def test_a_wrong_note_and_a_smeared_pedal(
    nocturne: Score, rendition: tuple[Performance, Alignment]
) -> None:
    wrong = planted(nocturne, rendition, Fault("wrong-note", "3:9", "", -1, "A2"))
    changed = set(wrong.notes) - set(rendition[0].notes)
    assert [note.pitch for note in changed] == [44]
    smeared = planted(nocturne, rendition, Fault("smeared-pedal", "27", "29", 0))
    assert len(smeared.pedal) < len(rendition[0].pedal) - 6
    assert smeared.notes == rendition[0].notes


def test_what_cannot_be_planted_is_refused(
    nocturne: Score, rendition: tuple[Performance, Alignment]
) -> None:
    with pytest.raises(ValueError, match="0 notes C2 at 3:9"):
        planted(nocturne, rendition, Fault("wrong-note", "3:9", "", -1, "C2"))
