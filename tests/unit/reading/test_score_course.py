"""The order in which written bars are played."""

from fractions import Fraction
from xml.etree.ElementTree import Element, fromstring

import pytest

from valentin.reading.course import course_of, mended, path_through
from valentin.reading.layers import Span
from valentin.reading.signs import Signs, signs_of_musicxml

F, B = Signs(forward=True), Signs(backward=True)
PLAIN = Signs()


def ending(*passes: int, backward: bool = False, name: str = "") -> Signs:
    return Signs(ending=passes, ending_id=name or str(passes), backward=backward)


CASES = {
    "no sign": ([PLAIN] * 3, [0, 1, 2]),
    "a repeat from the start": ([PLAIN, B, PLAIN], [0, 1, 0, 1, 2]),
    "a repeat between signs": ([PLAIN, F, B, PLAIN], [0, 1, 2, 1, 2, 3]),
    "one bar between signs": ([PLAIN, Signs(forward=True, backward=True)], [0, 1, 1]),
    "two repeats, the second without a forward sign": ([B, B], [0, 0, 1, 1]),
    "three times": ([Signs(backward=True, turns=3)], [0, 0, 0]),
    "two endings": ([PLAIN, ending(1, backward=True), ending(2)], [0, 1, 0, 2]),
    "an ending of two bars": (
        [PLAIN, ending(1, name="a"), ending(1, name="a", backward=True), ending(2), PLAIN],
        [0, 1, 2, 0, 3, 4],
    ),
    "first ending for two passes": (
        [PLAIN, ending(1, 2, backward=True), ending(3)],
        [0, 1, 0, 1, 0, 2],
    ),
    "both endings repeat": (
        [PLAIN, ending(1, backward=True), ending(2, backward=True), PLAIN],
        [0, 1, 0, 2, 3],
    ),
    "a first ending and no second": ([PLAIN, ending(1, backward=True), PLAIN], [0, 1, 0, 2]),
    "a first ending that ends the piece": ([PLAIN, ending(1, backward=True)], [0, 1, 0, 1]),
    "a first ending and no second, then another repeat": (
        [PLAIN, ending(1, backward=True), PLAIN, B, PLAIN],
        [0, 1, 0, 2, 3, 2, 3, 4],
    ),
    "a second ending and no first": ([PLAIN, B, ending(2), PLAIN], [0, 1, 0, 1, 2, 3]),
    "a first ending without its repeat sign": ([PLAIN, ending(1), ending(2)], [0, 1, 0, 2]),
    "da capo al fine, its repeats not taken again": (
        [PLAIN, Signs(backward=True, fine=True), PLAIN, Signs(jump="start")],
        [0, 1, 0, 1, 2, 3, 0, 1],
    ),
    "da capo takes the last ending": (
        [PLAIN, ending(1, backward=True), ending(2), Signs(jump="start")],
        [0, 1, 0, 2, 3, 0, 2, 3],
    ),
    "dal segno al coda": (
        [PLAIN, Signs(segno=True), Signs(to_coda=True), Signs(jump="segno"), Signs(coda=True)],
        [0, 1, 2, 3, 1, 2, 4],
    ),
    "two coda signs and no words": (
        [Signs(coda=True), Signs(jump="start"), Signs(coda=True)],
        [0, 1, 0, 2],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_order_as_written(name: str) -> None:
    signs, path = CASES[name]
    spans = [Span(Fraction(i), Fraction(1)) for i in range(len(signs))]
    course = course_of(signs, spans)
    played = [
        bar
        for i in course.order
        for bar in range(int(course.sections[i].start_q), int(course.sections[i].end_q))
    ]
    assert played == path


def test_sections_cover_the_score_once() -> None:
    signs = [PLAIN, F, ending(1, backward=True), ending(2), PLAIN]
    spans = [Span(Fraction(i), Fraction(1)) for i in range(5)]
    sections = course_of(signs, spans).sections
    assert sections[0].start_q == 0
    assert sections[-1].end_q == 5
    assert [s.end_q for s in sections[:-1]] == [s.start_q for s in sections[1:]]


def test_a_supposed_repeat_sign_is_a_guess() -> None:
    signs = [PLAIN, ending(1), ending(2)]
    spans = [Span(Fraction(i), Fraction(1)) for i in range(3)]
    assert course_of(signs, spans).guesses == (
        (1, "the ending has no repeat sign; one was supposed"),
    )


def test_a_first_ending_that_no_other_follows_is_a_guess() -> None:
    signs = [PLAIN, ending(1, backward=True), PLAIN]
    spans = [Span(Fraction(i), Fraction(1)) for i in range(3)]
    assert [bar for bar, _ in course_of(signs, spans).guesses] == [1]
    assert course_of(signs[:2], spans[:2]).guesses == ()


def bars(*parts: tuple[str, ...]) -> Element:
    """A partwise score of what each bar of each part holds."""
    rows = ["".join(f"<measure>{bar}</measure>" for bar in part) for part in parts]
    return fromstring(f"<score>{''.join(f'<part>{row}</part>' for row in rows)}</score>")


def barline(*signs: str) -> str:
    return f"<barline>{''.join(signs)}</barline>"


def words(text: str) -> str:
    return f"<direction><direction-type><words>{text}</words></direction-type></direction>"


FORWARD = barline('<repeat direction="forward"/>')
BACKWARD = barline('<repeat direction="backward"/>')
SEGNO = "<direction><direction-type><segno/></direction-type></direction>"
CODA = "<direction><direction-type><coda/></direction-type></direction>"
WRITTEN = {
    "three times, one bar": (
        bars((FORWARD + barline('<repeat direction="backward" times="3"/>'), "")),
        [0, 0, 0, 1],
    ),
    "D.S. and al Coda, two texts": (
        bars(("", SEGNO, CODA, words("D.S.") + words("al Coda"), CODA)),
        [0, 1, 2, 3, 1, 2, 4],
    ),
    "a shorter second part": (bars(("", BACKWARD, ""), ("",)), [0, 1, 0, 1, 2]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_order_that_musicxml_writes(name: str) -> None:
    root, path = WRITTEN[name]
    assert path_through(mended(signs_of_musicxml(root))[0]) == path


def test_a_listed_order_is_believed() -> None:
    spans = [Span(Fraction(i), Fraction(1)) for i in range(3)]
    course = course_of([PLAIN, B, PLAIN], spans, [2, 0, 1])
    assert [course.sections[i].start_q for i in course.order] == [2, 0]


def test_signs_that_chase_each_other_come_to_an_end() -> None:
    signs = [Signs(backward=True, turns=10**6)] * 4
    assert len(path_through(signs)) <= 64 * 4
