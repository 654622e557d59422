"""What comes again is counted, whatever its pitch; what happens once is not."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from valentin.music import Score, ScoreNote, sorted_notes
from valentin.shaping.interpreter_motifs import motif_columns, sequence_columns
from valentin.shaping.interpreter_scene import sight_of
from valentin.studying import study

ONCE = (60, 71, 62, 74, 59, 60, 78, 63, 61, 75, 64, 60, 79, 62, 73, 66)
"""Sixteen quarters of which no five go the same way twice."""


def line(score: Score, pitches: Iterable[int]) -> Score:
    """The score with one voice of quarters only."""
    notes = [
        ScoreNote(f"m{i}-1", "P1", Fraction(i), Fraction(1), pitch, "C4", 1, 1, "right")
        for i, pitch in enumerate(pitches)
    ]
    return replace(score, notes=sorted_notes(notes))


def columns(score: Score) -> dict[str, np.ndarray]:
    sight = sight_of(score, study(score))
    return dict([*motif_columns(sight), *sequence_columns(sight)])


def test_what_comes_once_is_no_motif(tune: Score) -> None:
    told = columns(line(tune, ONCE))
    for name in ("motif_count", "theme_count", "motif_shift"):
        assert not told[name].any(), name


def test_a_motif_that_comes_again_elsewhere_is_the_same(tune: Score) -> None:
    motif = (60, 62, 64, 67, 60)
    told = columns(line(tune, (*motif, *ONCE[1:12], *(p + 5 for p in motif), 40)))
    assert np.all(told["motif_count"][:5] == 1.0)
    assert told["motif_begins"][0] == 1.0
    assert not told["motif_begins"][1:5].any()
    assert told["motif_shift"][0] == 0.0
    assert told["motif_shift"][16] == 5.0
    assert told["motif_ago"][16] == np.log2(1.0 + 4.0)  # bars


def test_transposing_the_whole_changes_nothing(tune: Score) -> None:
    pitches = [n.pitch for n in tune.notes if n.id.startswith("m")]
    here, above = (columns(line(tune, (p + by for p in pitches))) for by in (0, 7))
    for name, column in here.items():
        assert np.allclose(column, above[name]), name


def test_the_peak_of_a_phrase_is_found(tune: Score) -> None:
    told = columns(line(tune, (60, 62, 64, 65, 67, 72, 67, 65, 64, 62, 60, 60)))
    assert told["peak_below_0"].argmin() == 5
    assert np.all(told["peak_bars_0"][:5] < 0)
    assert np.all(told["peak_bars_0"][6:] > 0)


def test_the_next_bar_is_higher_or_lower(tune: Score) -> None:
    told = columns(line(tune, [60] * 4 + [64] * 4 + [62] * 4))
    assert told["bar_pitch+1"].tolist() == [4.0] * 4 + [-2.0] * 4 + [0.0] * 4
    assert told["bar_pitch-1"].tolist() == [0.0] * 4 + [-4.0] * 4 + [2.0] * 4
