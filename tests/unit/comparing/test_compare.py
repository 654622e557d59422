"""Two takes beside each other: what was changed is found where it is, and nobody is right."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from valentin import duo, pianist
from valentin.catalogue import FIELD, catalogue, languages
from valentin.cli import main
from valentin.music import Duo, Performance, Score, bars_span, cut
from valentin.performing import measure
from valentin.pianist import Rendition, Wish, align, play, read_score

NAMES = ("Clara", "Robert")


@pytest.fixture(scope="module")
def score() -> Score:
    return read_score(pianist.piece("petzold-anh114").score)[0]


@pytest.fixture(scope="module")
def plain(score: Score) -> Rendition:
    return align(score, play(score, Wish("rules")).performance)


def changed(plain: Rendition, bars: tuple[str, str], **how: float) -> Rendition:
    """The take with a few bars played otherwise: slower, louder, shorter."""
    start_q, end_q = bars_span(plain.score, *bars)
    (plan,) = measure(plain.score, plain.performance, plain.alignment)
    inside = {n.id for n in plain.score.notes if start_q <= n.onset_q < end_q}
    shapes = tuple(
        replace(
            shape,
            velocity=shape.velocity + int(how.get("louder", 0)),
            articulation=shape.articulation * how.get("held", 1.0),
        )
        if shape.id in inside
        else shape
        for shape in plan.shapes
    )
    tempo = tuple(
        s * (how.get("slower", 1.0) if start_q <= q < end_q else 1.0)
        for q, s in zip(plan.onsets_q, plan.seconds_per_quarter, strict=True)
    )
    other = pianist.rendered(
        plain.score, replace(plan, shapes=shapes, seconds_per_quarter=tempo)
    ).performance
    return replace(plain, performance=other, alignment=plain.alignment)


def beside(score: Score, one: Rendition, other: Performance, language: str = "en") -> Duo:
    return duo.compared(one, align(score, other), NAMES, language)


def test_a_take_beside_itself_has_nothing_to_tell(score: Score, plain: Rendition) -> None:
    found = beside(score, plain, plain.performance)
    assert found.places == ()
    assert [contrast.facet for contrast in found.whole] == ["length"]
    assert found.question.startswith("The two are very near each other.")
    assert found.points


@pytest.mark.parametrize(
    ("how", "facet", "said"),
    [
        ({"slower": 1.3}, "pace", "Robert lingers"),
        ({"louder": 20}, "loudness", "Robert brings the sound forward"),
        ({"held": 0.5}, "touch", "Clara binds the notes"),
    ],
)
def test_what_one_does_otherwise_is_found_where_it_is(
    score: Score, plain: Rendition, how: dict[str, float], facet: str, said: str
) -> None:
    bars = ("9", "14")
    found = beside(score, plain, changed(plain, bars, **how).performance)
    assert found.places
    for place in found.places:
        assert place.facet == facet
        assert place.bars is not None
        assert 9 - 2 <= int(place.bars[0]) <= int(place.bars[1]) <= 14 + 2
        assert said in place.words
        assert [plan.onsets_q[0] for _, plan in place.heard] == [place.start_q] * 2


def test_the_other_way_round_it_is_the_same(score: Score, plain: Rendition) -> None:
    slow = changed(plain, ("9", "14"), slower=1.3)
    here = duo.compared(plain, align(score, slow.performance), NAMES)
    there = duo.compared(align(score, slow.performance), plain, (NAMES[1], NAMES[0]))
    assert [p.words for p in here.places] == [p.words for p in there.places]
    assert [(p.one, p.other) for p in here.places] == [(p.other, p.one) for p in there.places]


@pytest.mark.parametrize("language", languages("duo"))
def test_neither_is_called_the_right_one(language: str) -> None:
    words = catalogue("duo", language)
    assert set(words.messages) == set(catalogue("duo", "en").messages)
    harsh = re.compile(
        r"\b(should|wrong|better|worse|best|too (fast|slow|loud|soft)|fault|issue|mistake|correct"
        r"|sollte|falsch|besser|schlechter|zu (laut|leise|schnell|langsam)|fehler|richtig)\b",
        re.I,
    )
    for key, forms in words.messages.items():
        english = {f for form in catalogue("duo", "en").messages[key] for f in FIELD.findall(form)}
        for form in forms:
            assert not harsh.search(form), f"{key}: {form}"
            assert set(FIELD.findall(form)) <= english, key


def test_another_piece_is_not_compared(score: Score, plain: Rendition) -> None:
    other = play(read_score(pianist.piece("chopin-op28-20").score)[0], Wish("rules")).performance
    found = beside(score, plain, other)
    assert "do not meet in enough bars" in found.refusal
    assert (found.places, found.whole, found.points) == ((), (), ())


def test_the_verb_writes_a_page_and_says_it_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], score: Score, plain: Rendition
) -> None:
    one, other, page = (tmp_path / name for name in ("clara.mid", "robert.mid", "two.html"))
    pianist.write_take(plain.performance, one)
    pianist.write_take(changed(plain, ("9", "14"), slower=1.3).performance, other)
    files = [str(one), str(other)]
    assert main(["compare", "petzold-anh114", *files, "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<audio") == 2 * text.count('class="card" id="remark-') // 2
    assert "<span>clara</span>" in text
    assert "Your" not in re.sub(r"<style>.*?</style>|<script.*?</script>", "", text, flags=re.S)
    assert main(["compare", "petzold-anh114", *files, "--by", "A", "--by", "B"]) == 0
    assert "B lingers" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        main(["compare", "petzold-anh114", *files, "--by", "A"])


def test_repeats_that_only_one_takes_do_not_part_them(score: Score, plain: Rendition) -> None:
    start_q, end_q = plain.score.sections[0].start_q, plain.score.sections[0].end_q
    (plan,) = measure(plain.score, plain.performance, plain.alignment)
    half = pianist.rendered(plain.score, cut(plain.score, plan, start_q, end_q)).performance
    first = {n.id for n in plain.score.notes if n.onset_q < end_q}
    assert len(half.notes) >= len(first) * 0.9
    found = beside(score, plain, half)
    assert found.refusal, "a quarter of it is too little to compare"
