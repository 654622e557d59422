"""Fingers: scales, arpeggios and chords as every primer has them; print kept; hands of any size."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest

from valentin.music import Fingering, Mark, Part, Score, ScoreNote
from valentin.studying import HANDS_CM, fingered
from valentin.studying.reaches import SPANS, Hand, spanning

MAJOR = (0, 2, 4, 5, 7, 9, 11)


def score(
    *chords: tuple[int, ...] | int, hand: str = "right", marks: tuple[Mark, ...] = ()
) -> Score:
    """Chords or notes in eighths, `n0-0, n0-1, …`, the first number the place."""
    notes = []
    for i, chord in enumerate(chords):
        for k, pitch in enumerate((chord,) if isinstance(chord, int) else chord):
            staff = 1 if hand == "right" else 2
            at, name = F(i, 2), f"n{i}-{k}"
            notes.append(ScoreNote(name, "P1", at, F(1, 2), pitch, "C4", staff, 1, hand))  # type: ignore[arg-type]
    return Score("", "", (Part("P1", "Piano"),), tuple(notes), marks)


def fingers(*chords: tuple[int, ...] | int, hand: str = "right", span_cm: float = 21.0) -> str:
    return "".join(str(f.finger) for f in fingered(score(*chords, hand=hand), span_cm))


def scale(root: int, steps: tuple[int, ...] = MAJOR) -> list[int]:
    """Two octaves up."""
    return [root + 12 * octave + s for octave in range(2) for s in steps] + [root + 24]


SCALES = [
    (60, "right", "123123412312345"), (67, "right", "123123412312345"),
    (62, "right", "123123412312345"), (65, "right", "123412312341234"),
    (58, "right", "212312341231234"), (63, "right", "312341231234123"),
    (61, "right", "231234123123412"), (54, "right", "234123123412312"),
    (48, "left", "543213214321321"), (53, "left", "543213214321321"),
    (46, "left", "321432132143212"), (51, "left", "321432132143212"),
    (47, "left", "432143213214321"),
]  # fmt: skip
"""Roots, hands, and the fingers of the primers; where they differ about the ends, one of them."""
FREE_ENDS = ((63, "right"), (58, "right"))


@pytest.mark.parametrize(("root", "hand", "textbook"), SCALES)
def test_a_major_scale_goes_as_in_a_primer(root: int, hand: str, textbook: str) -> None:
    found = fingers(*scale(root), hand=hand)
    inner = slice(1, -1)
    assert found[inner] == textbook[inner]
    assert (root, hand) in FREE_ENDS or found[0] == textbook[0]


@pytest.mark.parametrize("hand", ["right", "left"])
@pytest.mark.parametrize("root", range(48, 60))
def test_a_scale_comes_down_as_it_went_up(root: int, hand: str) -> None:
    up, down = fingers(*scale(root), hand=hand), fingers(*scale(root)[::-1], hand=hand)
    assert down[::-1][1:-1] == up[1:-1]


def test_a_chromatic_scale() -> None:
    assert fingers(*range(60, 84))[:13] == "1313123131312"
    assert fingers(*range(48, 72), hand="left")[:13] == "1313213131321"


@pytest.mark.parametrize(
    ("triad", "left"), [((0, 4, 7), ("5321321", "5421421")), ((0, 3, 7), ("5421421",))]
)
def test_a_broken_triad(triad: tuple[int, ...], left: tuple[str, ...]) -> None:
    keys = scale(60, triad)
    assert fingers(*keys) == "1231235"
    assert fingers(*[k - 24 for k in keys], hand="left") in left


CHORDS = [
    ((60, 64, 67), "right", "135"), ((60, 72), "right", "15"), ((48, 60), "left", "51"),
    ((60, 64, 67, 72), "right", "1235"), ((48, 55, 60), "left", "521"),
]  # fmt: skip


@pytest.mark.parametrize(("chord", "hand", "expected"), CHORDS)
def test_a_chord(chord: tuple[int, ...], hand: str, expected: str) -> None:
    assert fingers(chord, hand=hand) == expected


def test_five_keys_in_a_row_take_five_fingers() -> None:
    assert fingers(60, 62, 64, 65, 67, 65, 64, 62, 60) == "123454321"


def test_octaves_stay_octaves() -> None:
    assert fingers(*[(p, p + 12) for p in (60, 62, 64, 65)]) == "15151515"


def test_a_printed_finger_is_kept_and_the_rest_goes_round_it() -> None:
    mark = Mark("fingering", "3", F(0), F(0), "P1", 1, ("n0-0",))
    found = fingered(score(60, 62, 64, 65, 67, marks=(mark,)))
    assert found[0] == Fingering("n0-0", "right", 3, printed=True)
    assert not any(f.printed for f in found[1:])
    assert "".join(str(f.finger) for f in found) != fingers(60, 62, 64, 65, 67)


def test_a_chord_that_is_struck_again_keeps_its_fingers() -> None:
    """Whatever leads to it and away from it."""
    for chord in ((60, 64, 67), (60, 65, 69), (62, 65, 69), (64, 67, 72), (58, 62, 65, 70)):
        for before, after in ((72, 55), (55, 76), (48, 84)):
            for hand in ("right", "left"):
                row, size = fingers(before, chord, chord, chord, after, hand=hand), len(chord)
                again = {row[1 + k * size : 1 + (k + 1) * size] for k in range(3)}
                assert len(again) == 1, (chord, before, after, hand)


def test_a_held_note_keeps_its_finger() -> None:
    whole = ScoreNote("held", "P1", F(0), F(4), 60, "C4", 1, 2, "right")
    line = score(67, 69, 71, 72, 71, 69, 67)
    found = fingered(Score("", "", line.parts, (whole, *line.notes)))
    fingers_of = {f.id: f.finger for f in found}
    assert fingers_of.pop("held") == 1
    assert 1 not in fingers_of.values()


def test_every_note_of_both_hands_has_one_finger() -> None:
    low = score(*[(36, 43, 48)] * 4, hand="left").notes
    high = tuple(replace(n, id=f"h{n.id}") for n in score(*range(60, 80, 3)).notes)
    notes = tuple(sorted((*low, *high), key=lambda n: n.onset_q))
    found = fingered(Score("", "", (Part("P1", "Piano"),), notes))
    assert [f.id for f in found] == [n.id for n in notes]
    assert [f.hand for f in found] == [n.hand for n in notes]


def test_a_ninth_is_far_for_a_small_hand() -> None:
    ninth = [spanning(Hand(HANDS_CM[size]), 1, 5, 14) for size in ("small", "medium", "large")]
    assert ninth[0] > ninth[1] > ninth[2]
    assert fingers((60, 64, 67, 74), span_cm=HANDS_CM["small"])[0] == "1"


def test_more_notes_than_fingers_are_still_all_fingered() -> None:
    found = fingers((60, 62, 64, 65, 67, 69, 71))
    assert len(found) == 7
    assert sorted(found) == list(found)


def test_the_left_hand_mirrors_the_right() -> None:
    keys = (60, 62, 64, 67, 65, 71, 72, 69)
    mirrored = [124 - key for key in keys]  # D is the axis of the keyboard
    assert fingers(*keys) == fingers(*mirrored, hand="left")


def test_the_table_of_spans_is_in_order() -> None:
    """MinPrac ≤ MinComf ≤ MinRel ≤ MaxRel ≤ MaxComf ≤ MaxPrac, as the paper defines them."""
    assert all(tuple(sorted(row)) == row for row in SPANS.values())
    assert all(row[5] - row[4] == 2 for row in SPANS.values())


def test_nothing_to_finger() -> None:
    assert fingered(Score("", "", (Part("P1", "Piano"),), ())) == ()


def test_a_finger_is_one_of_five() -> None:
    with pytest.raises(ValueError, match=r"n1: finger must be in 1\.\.5, got 6"):
        Fingering("n1", "right", 6)
