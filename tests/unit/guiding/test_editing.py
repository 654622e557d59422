"""Cues go to a small file and come back; what cannot be is refused with its place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from valentin.errors import ReadError
from valentin.guiding import cues_toml, edited
from valentin.music import Cue


def cue(bar: str, time_s: float, story: str, works: str) -> Cue:
    return Cue(
        "loudest", time_s, bar, Fraction(4), Fraction(8), 90.0, 60.0, "velocity", story, works
    )


CUES = (cue("2", 3.0, 'Now "loud".', "The loudest bar: 90."), cue("9", 30.25, "Später.", "Then."))


def test_what_was_not_touched_comes_back_as_it_was() -> None:
    assert edited(cues_toml([CUES]), [CUES], "x.toml") == [CUES]


def test_other_words_are_a_persons_own() -> None:
    text = cues_toml([CUES]).replace("Später.", "Mine.")
    kept, own = edited(text, [CUES], "x.toml")[0]
    assert kept == CUES[0]
    assert (own.kind, own.story, own.works, own.bar) == ("own", "Mine.", "Then.", "9")
    assert own.against is None


def test_a_cue_can_be_moved_left_out_and_added() -> None:
    text = '[[cue]]\nbar = "4"\ntime_s = 12\nstory = "Here."\n'
    (only,) = edited(text, [CUES], "x.toml")[0]
    assert (only.kind, only.time_s, only.works) == ("own", 12.0, "")


def test_cues_go_to_their_piece() -> None:
    first, second = edited(cues_toml([CUES, CUES]), [CUES, CUES], "x.toml")
    assert first == second == CUES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[[cue]\n", "mend that line"),
        ("cue = 3\n", "tables called"),
        ('[[cue]]\ntime_s = 1\npiece = 2\nstory = "a"\n', "piece is 2; the page has 1"),
        ("[[cue]]\ntime_s = 1\n", "cue 1: it has no words"),
        ('[[cue]]\nstory = "a"\n', "time_s must be seconds"),
        ('[[cue]]\ntime_s = 1\nstory = "a b c d e f g h i j k l m"\n', "more than 12 words"),
        ('[[cue]]\ntime_s = 1\nstory = "a"\n' * 2, "said twice"),
        (
            "".join(f'[[cue]]\ntime_s = {i}\nstory = "a{i}"\n' for i in range(9)),
            "9 cues, at most 8",
        ),
    ],
)
def test_what_cannot_be_is_refused(text: str, found: str) -> None:
    with pytest.raises(ReadError, match=found):
        edited(text, [CUES], "x.toml")
