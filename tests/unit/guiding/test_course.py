"""Every bar that sounds is in the course, also one in which no plain note is struck."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from bench.cue_truth import Heard, true

from valentin import pianist
from valentin.guiding import guide
from valentin.guiding.course import Course, course_of
from valentin.guiding.standing_out import standouts
from valentin.guiding.timing import timings
from valentin.studying import study

STEP = "4C\t4e\n4E\t4g\n4G\t4cc\n4E\t4g\n"
TIED = "=7\t=7\n[1CC\t[1c\n=8\t=8\n1CC]\t1c]\n"
GRACES = "=7\t=7\n[1CC\t[1c\n=8\t=8\n8qGG\t.\n8qD\t.\n1CC]\t1c]\n"
STRUCK = "=7\t=7\n1CC\t1c\n=8\t=8\n1CC\t1c\n"


def heard(folder: Path, ending: str) -> Heard:
    """Six bars of four steps, and an ending of two bars."""
    bars = "".join(f"={i}\t={i}\n{STEP}" for i in range(1, 7))
    path = folder / "piece.krn"
    head = "**kern\t**kern\n*clefF4\t*clefG2\n*M4/4\t*M4/4\n"
    path.write_text(f"{head}{bars}{ending}==\t==\n*-\t*-\n", encoding="utf-8")
    score, _ = pianist.read_score(path)
    played = pianist.play(score, pianist.Wish())
    return Heard(played.score, study(played.score), played.performance, played.alignment)


def course(piece: Heard) -> Course:
    return course_of(piece.score, piece.structure, piece.performance, piece.alignment)


@pytest.mark.parametrize("ending", [TIED, GRACES, STRUCK])
def test_the_last_bar_was_played(tmp_path: Path, ending: str) -> None:
    piece = heard(tmp_path, ending)
    bars = course(piece).bars
    assert [bar.number for bar in bars] == [str(i) for i in range(1, 9)]
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(bars))
    assert sum(beat.strong for beat in course(piece).beats) == 8


def test_a_bar_of_graces_comes_with_the_first_of_them(tmp_path: Path) -> None:
    piece = heard(tmp_path, GRACES)
    graces = {n.id for n in piece.score.notes if n.grace}
    first = min(row[1].onset_s for row in piece.joined if row[0].id in graces)
    assert course(piece).bars[-1].start_s == pytest.approx(first)


@pytest.mark.parametrize("ending", [TIED, GRACES, STRUCK])
def test_what_is_told_of_such_an_ending_is_true(tmp_path: Path, ending: str) -> None:
    piece = heard(tmp_path, ending)
    cues = guide(piece.score, piece.structure, piece.performance, piece.alignment)
    assert cues
    assert all(true(piece, cue) for cue in cues)


def test_a_last_note_that_is_tied_on_still_rings(tmp_path: Path) -> None:
    piece = heard(tmp_path, TIED)
    ring = [
        f for f in timings(piece.score, piece.performance, course(piece)) if f.cue.kind == "ring"
    ]
    assert [fact.cue.bar for fact in ring] == ["7"]


@pytest.mark.parametrize("ending", [TIED, GRACES, STRUCK])
def test_bars_are_counted_to_the_last(tmp_path: Path, ending: str) -> None:
    piece = heard(tmp_path, ending)
    facts = standouts(course(piece))
    pattern = next(fact.cue for fact in facts if fact.cue.kind == "pattern")
    assert (pattern.value, pattern.against) == (6, 8)
    assert true(piece, pattern)
