"""The straight line from a recording to an alignment and a lesson, and the verbs that take it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from valentin import cli, pianist
from valentin.hearing import Heard
from valentin.music import Performance, PerformedNote, Score


def piece() -> Score:
    return pianist.read_score(pianist.piece("petzold-anh114").score)[0]


@pytest.fixture(scope="module")
def score() -> Score:
    return piece()


@pytest.fixture(scope="module")
def played(score: Score) -> Performance:
    rendition = pianist.play(score, pianist.Wish(performer="rules", seed=3))
    return replace(rendition.performance, by_ear=True, parts=())


def as_heard(played: Performance) -> Heard:
    """One note in thirty too faint, one in forty with a ghost an octave above it."""
    rng = np.random.default_rng(0)
    notes: list[PerformedNote] = []
    faint: list[PerformedNote] = []
    for note in played.notes:
        if rng.random() < 1 / 30:
            faint.append(replace(note, confidence=0.4))
            continue
        notes.append(note)
        if rng.random() < 1 / 40:
            notes.append(replace(note, pitch=note.pitch + 12, confidence=0.9))
    return Heard(replace(played, notes=_named(notes)), _named(faint))


def _named(notes: list[PerformedNote]) -> tuple[PerformedNote, ...]:
    rows = sorted(notes, key=lambda note: (note.onset_s, note.pitch))
    return tuple(replace(note, id=f"p{i}") for i, note in enumerate(rows))


def test_a_recording_is_heard_with_the_score_in_mind(score: Score, played: Performance) -> None:
    heard = as_heard(played)
    plain = pianist.align(score, heard.performance)
    better = pianist.attend(score, heard)
    assert len(plain.alignment.missed) > 5
    assert len((*plain.alignment.wrong, *plain.alignment.extra)) > 3
    assert len(better.performance.notes) == len(played.notes)
    assert not (*better.alignment.wrong, *better.alignment.extra, *better.alignment.missed)
    assert better.performance.by_ear


def test_a_lesson_from_a_recording_names_no_mistake_that_was_only_misheard(
    score: Score, played: Performance
) -> None:
    sitting = pianist.taught(pianist.attend(score, as_heard(played)))
    assert sitting.lesson.mistakes == ()
    assert any("recording" in line for line in sitting.lesson.strengths)


@pytest.mark.parametrize("verb", ["align", "teach"])
def test_the_verbs_listen_to_a_recording(
    verb: str,
    played: Performance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = []

    def listen(recording: Path, progress: object = None) -> Heard:
        asked.append(recording)
        return as_heard(played)

    monkeypatch.setattr(pianist, "listen", listen)
    monkeypatch.setattr(pianist, "recording_s", lambda path: 1.0)
    recording = tmp_path / "take.flac"
    recording.write_bytes(b"")
    assert cli.main([verb, "petzold-anh114", str(recording)]) == 0
    assert asked == [recording]
    assert capsys.readouterr().out
