"""Signs that readers tend to drop: each is read as it is meant, or named."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path

import pytest
from tests.unit.reading.small_scores import (
    BACK,
    SCALE,
    direction,
    kern,
    mei,
    mei_bar,
    mei_note,
    musicxml,
    note,
    ornament,
    rest,
    words,
)

from valentin.music import Mark, Ornament, Score
from valentin.reading import read_score

Read = Callable[[str], Score]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a score that is given as text."""

    def reading(text: str) -> Score:
        path = tmp_path / "score.txt"
        path.write_text(text, encoding="utf-8")
        return read_score(path)[0]

    return reading


def said(score: Score, kind: str) -> list[tuple[str, F]]:
    """Text and place of the marks of one kind."""
    return [(m.text, m.start_q) for m in score.marks if m.kind == kind]


def told(score: Score) -> str:
    """All remarks in one line."""
    return "; ".join(remark.words for remark in score.remarks)


TRILL = '<trill startid="#a" accidupper="s"/>'
MARKED = "<accidental-mark placement='below'>sharp</accidental-mark>"
ORNAMENTS = {
    "trill, accidental": ("<trill-mark/><accidental-mark>sharp</accidental-mark>",
                          Ornament("trill", above=1)),
    "shake": ("<shake/>", Ornament("trill")),
    "mordent, accidental": (f"<mordent/>{MARKED}", Ornament("mordent", below=1)),
    "short trill, accidental": ("<inverted-mordent/><accidental-mark>flat</accidental-mark>",
                                Ornament("inverted-mordent", above=-1)),
    "turn, accidentals": (f"<turn/><accidental-mark>flat</accidental-mark>{MARKED}",
                          Ornament("turn", above=-1, below=1)),
    "delayed turn": ("<delayed-turn/>", Ornament("turn")),
    "delayed inverted turn": ("<delayed-inverted-turn/>", Ornament("inverted-turn")),
    "vertical turn": ("<vertical-turn/>", Ornament("turn")),
    "haydn ornament": ("<haydn/>", Ornament("turn")),
    "tremolo": ("<tremolo type='single'>3</tremolo>", Ornament("tremolo", strokes=3)),
    "wavy line alone": ("<wavy-line type='start'/><wavy-line type='stop'/>", Ornament("trill")),
}  # fmt: skip


@pytest.mark.parametrize("name", ORNAMENTS)
def test_an_ornament_of_musicxml(read: Read, name: str) -> None:
    signs, expected = ORNAMENTS[name]
    assert [n.ornament for n in read(musicxml(note("B4", 4, ornament(signs)))).notes] == [expected]


MEI_ORNAMENTS = {
    "trill": (TRILL, Ornament("trill", above=1)),
    "mordent": ('<mordent startid="#a" form="lower" accidlower="s"/>',
                Ornament("mordent", below=1)),
    "inverted turn": ('<turn startid="#a" form="lower"/>', Ornament("inverted-turn")),
}  # fmt: skip


@pytest.mark.parametrize("name", MEI_ORNAMENTS)
def test_an_ornament_of_mei(read: Read, name: str) -> None:
    sign, expected = MEI_ORNAMENTS[name]
    assert [n.ornament for n in read(mei(mei_note("a", "b4", 1), sign)).notes] == [expected]


def test_ornaments_of_humdrum(read: Read) -> None:
    score = read(kern("=1", "4ccT", "4ddM", "4eeW", "4ffS", "=2", "4cc$", "4ddw", "2ee@16@"))
    found = [n.ornament for n in score.notes]
    kinds = ["trill", "inverted-mordent", "mordent", "turn", "inverted-turn", "mordent", "tremolo"]
    assert [sign.kind for sign in found if sign] == kinds
    assert found[5] is not None
    assert found[5].below == 1
    assert found[6] is not None
    assert found[6].strokes == 2


def test_a_tremolo_between_two_notes_in_humdrum(read: Read) -> None:
    score = read(kern("=1", "2c@@32@@", "2e@@32@@"))
    assert [n.ornament for n in score.notes] == [
        Ornament("tremolo", strokes=3, alternating=True)
    ] * 2


@pytest.mark.parametrize(
    "text",
    [
        musicxml(note("B4", 4, ornament("<schleifer/>"))),
        musicxml(note("B4", 4, ornament("<other-ornament smufl='ornamentPrecompSlide'/>"))),
        mei(mei_note("a", "b4", 1), '<ornam startid="#a" type="schleifer"/>'),
    ],
)
def test_a_slide_is_a_slide_and_no_mordent(read: Read, text: str) -> None:
    score = read(text)
    assert [n.ornament for n in score.notes] == [Ornament("slide")]
    assert "not understood" not in told(score)


UNKNOWN = {
    "scoop": note("C5", 4, "<articulations><scoop/></articulations>"),
    "repeats a beat": note("C5", 2) + "<attributes><measure-style><beat-repeat type='start'/>"
    "</measure-style></attributes>" + rest(2),
    "slashes": "<attributes><measure-style><slash type='start'/></measure-style></attributes>"
    + SCALE,
    "lets ring": note("C5", 4, "<tied type='let-ring'/>"),
    "`8va` is only words": words("8va") + SCALE,
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_understood_is_named(read: Read, name: str) -> None:
    assert name in told(read(musicxml(UNKNOWN[name])))


def test_soft_accents_and_stress_are_accents(read: Read) -> None:
    bars = [
        note("C5", 2, f"<articulations><{n}/></articulations>") for n in ("soft-accent", "stress")
    ]
    assert said(read(musicxml("".join(bars))), "articulation") == [
        ("accent", F(0)),
        ("accent", F(2)),
    ]


def repeat(kind: str, bars: str = "", staff: str = "") -> str:
    number = f" number='{staff}'" if staff else ""
    return (
        f"<attributes><measure-style{number}><measure-repeat type='{kind}'>{bars}</measure-repeat>"
        "</measure-style></attributes>"
    )


REPEATED = {
    "one bar": (SCALE, repeat("start", "1") + rest(), repeat("stop") + SCALE),
    "twice one bar": (SCALE, repeat("start", "1") + rest(), rest(), repeat("stop") + SCALE),
    "two bars": (SCALE, SCALE, repeat("start", "2") + rest(), rest(), repeat("stop") + SCALE),
    "nothing but a forward": (
        SCALE,
        repeat("start", "1") + "<forward><duration>4</duration></forward>",
        repeat("stop") + SCALE,
    ),
    "written out by the file": (SCALE, repeat("start", "1") + SCALE, repeat("stop") + SCALE),
}


@pytest.mark.parametrize("name", REPEATED)
def test_a_repeated_bar_is_written_out(read: Read, name: str) -> None:
    bars = REPEATED[name]
    score = read(musicxml(*bars))
    assert [(n.pitch, n.onset_q) for n in score.notes] == [
        (pitch, F(4 * bar + i))
        for bar in range(len(bars))
        for i, pitch in enumerate((72, 74, 76, 77))
    ]
    assert len({n.id for n in score.notes}) == len(score.notes)
    assert score.remarks == ()


def test_a_bar_is_repeated_on_its_staff_alone(read: Read) -> None:
    low = note("C3", 4, staff=2)
    second = repeat("start", "1", "2") + note("G5", 4) + BACK + rest(4, staff=2)
    score = read(musicxml(SCALE + BACK + low, second, staves=2))
    bar = [(n.pitch, n.staff, n.onset_q) for n in score.notes if n.onset_q >= 4]
    assert sorted(bar) == [(48, 2, F(4)), (79, 1, F(4))]


def test_repeated_bars_of_mei(read: Read) -> None:
    first = mei_note("a", "c4", 2) + mei_note("b", "d4", 2)
    after = mei_bar(2, "<mRpt/>") + mei_bar(3, "<mRpt2/>") + mei_bar(4, "")
    score = read(mei(first, after=after))
    assert [(n.pitch, n.onset_q) for n in score.notes] == [
        (60 + 2 * (i % 2), F(2 * i)) for i in range(8)
    ]


def test_notes_of_mei_with_the_same_id_are_all_read(read: Read) -> None:
    inside = mei_note("a", "c4") + mei_note("a", "d4") + mei_note("a", "e4") + mei_note("b", "f4")
    score = read(mei(inside, '<fermata startid="#a"/>'))
    assert [(n.id, n.pitch) for n in score.notes] == [
        ("a", 60),
        ("a_2", 62),
        ("a_3", 64),
        ("b", 65),
    ]
    assert [m.start_q for m in score.marks if m.kind == "fermata"] == [F(0)]


def places(score: Score) -> list[tuple[int, F]]:
    return [(n.pitch, n.onset_q) for n in score.notes]


def test_a_repeated_beat_of_mei_is_written_out(read: Read) -> None:
    pair = f"<beam>{mei_note('a', 'c4', 8)}{mei_note('b', 'd4', 8)}</beam>"
    score = read(mei(pair + "<beatRpt/><beatRpt/>" + mei_note("c", "e4")))
    assert places(score) == [(60 + 2 * (i % 2), F(i, 2)) for i in range(6)] + [(64, F(3))]
    assert "repeats" not in told(score)
    assert len({n.id for n in score.notes}) == 7


def test_half_a_bar_of_mei_is_written_out_also_from_the_bar_before(read: Read) -> None:
    first = mei_note("a", "c4") + mei_note("b", "d4") + "<halfmRpt/>"
    score = read(mei(first, after=mei_bar(2, "<halfmRpt/>" + mei_note("c", "e4", 2))))
    assert places(score) == [(60 + 2 * (i % 2), F(i)) for i in range(6)] + [(64, F(6))]


def test_a_beat_that_does_not_end_where_the_sign_stands_is_named(read: Read) -> None:
    score = read(mei(mei_note("a", "c4", 2) + "<beatRpt/>" + mei_note("b", "d4")))
    assert [n.onset_q for n in score.notes] == [F(0), F(3)]
    assert "repeats a bar or a beat" in told(score)


BEATS = "<attributes><measure-style{}><beat-repeat type='{}'/></measure-style></attributes>"


def test_repeated_beats_of_musicxml_are_written_out(read: Read) -> None:
    bar = note("C5") + BEATS.format("", "start") + rest(1) + "<forward><duration>1</duration>"
    bar += "</forward>" + BEATS.format("", "stop") + note("E5")
    score = read(musicxml(bar))
    assert places(score) == [(72, F(0)), (72, F(1)), (72, F(2)), (76, F(3))]
    assert "repeats" not in told(score)


def test_a_repeated_beat_goes_over_the_bar_line_and_keeps_to_its_staff(read: Read) -> None:
    upper, lower = note("C5", 4), "".join(note(k, staff=2) for k in ("C3", "D3", "E3", "F3"))
    second = BEATS.format(" number='2'", "start") + note("D5", 4) + BACK + rest(4, staff=2)
    score = read(musicxml(upper + BACK + lower, second, staves=2))
    assert [n.pitch for n in score.notes if n.onset_q >= 4 and n.staff == 2] == [53] * 4
    assert [n.pitch for n in score.notes if n.staff == 1] == [72, 74]


def test_a_beat_that_the_file_has_written_out_stays(read: Read) -> None:
    score = read(musicxml(BEATS.format("", "start") + SCALE))
    assert places(score) == places(read(musicxml(SCALE)))
    assert "repeats" not in told(score)


SPEEDS = [
    ("<beat-unit>half</beat-unit><beat-unit-dot/><per-minute>40</per-minute>", 120.0),
    ("<beat-unit>quarter</beat-unit><per-minute>60-66</per-minute>", 63.0),
    ("<beat-unit>eighth</beat-unit><per-minute>c. 132</per-minute>", 66.0),
    ("<beat-unit>quarter</beat-unit><per-minute>72,5</per-minute>", 72.5),
]


@pytest.mark.parametrize(("inside", "quarters"), SPEEDS)
def test_a_metronome_mark(read: Read, inside: str, quarters: float) -> None:
    score = read(musicxml(direction(f"<metronome>{inside}</metronome>") + SCALE))
    assert [m.value for m in score.marks if m.kind == "tempo"] == [quarters]


@pytest.mark.parametrize("text", ["(♩ = ca. 72)", "M.M. \U0001d15f = 72", "Andante ♩=68–76"])
def test_a_metronome_mark_that_is_words(read: Read, text: str) -> None:
    score = read(musicxml(words(text) + SCALE))
    assert [m.value for m in score.marks if m.kind == "tempo"] == [72.0]


def test_a_length_that_is_counted_anew(read: Read) -> None:
    equation = "<beat-unit>quarter</beat-unit><beat-unit>quarter</beat-unit><beat-unit-dot/>"
    score = read(musicxml(SCALE, direction(f"<metronome>{equation}</metronome>") + SCALE))
    assert said(score, "tempo") == [("♩ = ♩.", F(4))]


def test_the_line_of_a_rit_says_how_long(read: Read) -> None:
    line = words("rit.") + direction("<dashes type='start'/>") + SCALE[: len(SCALE) * 3 // 4]
    score = read(musicxml(line + direction("<dashes type='stop'/>") + note("F5"), SCALE))
    assert [m.end_q for m in score.marks if m.text == "rit."] == [F(3)]


def pedal(kind: str) -> str:
    return direction(f"<pedal type='{kind}'/>")


def test_the_middle_pedal_is_no_right_pedal(read: Read) -> None:
    score = read(musicxml(pedal("sostenuto") + SCALE, pedal("stop") + SCALE))
    assert said(score, "sostenuto") == [("down", F(0)), ("up", F(4))]
    assert said(score, "pedal") == []


def test_the_pedals_of_mei(read: Read) -> None:
    signs = (
        '<pedal tstamp="1" dir="half"/><pedal tstamp="2" dir="up"/>'
        '<pedal tstamp="2" dir="down" func="sostenuto"/>'
        '<pedal tstamp="3" dir="up" func="sostenuto"/><pedal tstamp="4" dir="down" func="soft"/>'
    )
    score = read(mei("".join(mei_note(n, "c4") for n in "abcd"), signs))
    assert said(score, "pedal") == [("half", F(0)), ("up", F(1))]
    assert said(score, "sostenuto") == [("down", F(1)), ("up", F(2))]
    assert said(score, "una-corda") == [("una corda", F(3))]


def test_a_pedal_in_words_holds_to_its_asterisk(read: Read) -> None:
    score = read(musicxml(words("½ Ped.") + SCALE, words("*") + SCALE, words("Ped.") + SCALE))
    assert said(score, "pedal") == [("half", F(0)), ("up", F(4)), ("free", F(8))]


def test_an_asterisk_alone_is_a_footnote(read: Read) -> None:
    assert said(read(musicxml(words("*") + SCALE)), "pedal") == []


def fingered(*fingers: str) -> str:
    marks = "".join(f"<fingering>{f}</fingering>" for f in fingers)
    return f"<technical>{marks}</technical>"


def printed(score: Score) -> list[tuple[str, int]]:
    """Fingers with the pitch they stand at."""
    pitch = {n.id: n.pitch for n in score.notes}
    fingers: list[Mark] = [m for m in score.marks if m.kind == "fingering"]
    return [(m.text, pitch[m.note_ids[0]]) for m in fingers]


def test_printed_fingers_of_musicxml(read: Read) -> None:
    chord = note("C5", 2, fingered("1")) + note("E5", 2, fingered("3"), head="<chord/>")
    score = read(musicxml(chord + note("D5", 2, fingered("4", "1"))))
    assert printed(score) == [("1", 72), ("3", 76), ("4-1", 74)]


def test_printed_fingers_of_mei(read: Read) -> None:
    score = read(mei(mei_note("a", "c4", 1), '<fing startid="#a">3-1</fing>'))
    assert printed(score) == [("3-1", 60)]


def test_printed_fingers_of_humdrum(read: Read) -> None:
    rows = ("**kern\t**fing", "*M4/4\t*", "=1\t=1", "2c\t3", "2d 2f\t1 4", "==\t==", "*-\t*-", "")
    assert printed(read("\n".join(rows))) == [("3", 60), ("1", 62), ("4", 65)]


def test_a_fermata_on_a_bar_line_is_none_of_the_next_note(read: Read) -> None:
    line = "<barline location='right'><bar-style>light-light</bar-style><fermata/></barline>"
    score = read(musicxml(SCALE + line, SCALE))
    assert said(score, "fermata") == [("barline", F(4))]


def test_a_metre_in_two_terms(read: Read) -> None:
    time = "<beats>2</beats><beat-type>4</beat-type><beats>4</beats><beat-type>8</beat-type>"
    score = read(musicxml(SCALE, time=time))
    assert [(m.signature, m.bar_quarters, m.beat_quarters) for m in score.metres] == [
        ("2/4+4/8", F(4), F(1))
    ]
    assert score.remarks == ()


def test_two_metres_at_once_are_named(read: Read) -> None:
    rows = ("**kern\t**kern", "*staff2\t*staff1", "*M6/8\t*M3/4", "=1\t=1", "2.C\t2.c", "==\t==")
    score = read("\n".join((*rows, "*-\t*-", "")))
    assert [n.onset_q for n in score.notes] == [F(0), F(0)]
    assert "a staff is in 6/8; bars are counted in 3/4" in told(score)


def test_an_unmeasured_bar_is_as_long_as_its_notes(read: Read) -> None:
    score = read(musicxml(SCALE + SCALE, note("C5", 2), time="<senza-misura/>"))
    assert [bar.length_q for bar in score.bars] == [F(8), F(2)]
    assert score.remarks == ()


def test_nested_tuplets_of_mei_multiply(read: Read) -> None:
    inner = '<tuplet num="3" numbase="2">' + "".join(mei_note(n, "d4", 8) for n in "bcd")
    outer = '<tuplet num="3" numbase="2">' + mei_note("a", "c4") + inner + "</tuplet>"
    score = read(mei(outer + mei_note("e", "c4") + "</tuplet>" + mei_note("f", "c4", 2)))
    assert [n.onset_q for n in score.notes] == [
        F(0), F(2, 3), F(8, 9), F(10, 9), F(4, 3), F(2),
    ]  # fmt: skip


def test_three_staves_have_a_hand_above_and_a_hand_below(read: Read) -> None:
    bars = (note("C5", 4), note("C4", 4, staff=2), note("C2", 4, staff=3))
    score = read(musicxml(BACK.join(bars), staves=3))
    assert [(n.pitch, n.hand) for n in score.notes] == [(72, "right"), (60, ""), (36, "left")]


def arpeggio(number: int) -> str:
    return f"<arpeggiate number='{number}'/>"


@pytest.mark.parametrize(("below", "marks"), [(1, 1), (2, 2)])
def test_an_arpeggio_goes_through_both_staves_or_each_has_its_own(
    read: Read, below: int, marks: int
) -> None:
    high = note("C5", 4, arpeggio(1)) + note("G5", 4, arpeggio(1), head="<chord/>")
    low = [
        note(k, 4, arpeggio(below), head=h, staff=2) for k, h in (("C3", ""), ("G3", "<chord/>"))
    ]
    score = read(musicxml(high + BACK + "".join(low), staves=2))
    found = [m.note_ids for m in score.marks if m.kind == "arpeggio"]
    assert len(found) == marks
    pitch = {n.id: n.pitch for n in score.notes}
    assert [[pitch[i] for i in ids] for ids in found] in ([[48, 55, 72, 79]], [[72, 79], [48, 55]])


@pytest.mark.parametrize("sign", ["glissando", "slide"])
def test_a_glissando_joins_its_ends(read: Read, sign: str) -> None:
    ends = [f"<{sign} type='{kind}' number='1'/>" for kind in ("start", "stop")]
    score = read(musicxml(note("C4", 2, ends[0]) + note("C5", 2, ends[1])))
    assert [m.note_ids for m in score.marks if m.kind == "glissando"] == [("n1", "n2")]


@pytest.mark.parametrize(
    ("text", "hand"), [("m.g.", "left"), ("m.s.", "left"), ("l.h.", "left"), ("m.d.", "right")]
)
def test_words_for_a_hand(read: Read, text: str, hand: str) -> None:
    score = read(musicxml(words(text) + SCALE + BACK + note("C3", 4, staff=2), staves=2))
    assert next(n for n in score.notes if n.staff == 1).hand == hand


def test_grace_notes_may_take_their_time_from_the_note_before(read: Read) -> None:
    late = note("D5", 0, head="<grace steal-time-previous='50'/>")
    score = read(musicxml(note("C5", 2) + late + note("C5", 2)))
    assert [n.grace for n in score.notes if n.grace] == ["nachschlag"]


def test_a_bracket_against_rolling_is_no_arpeggio(read: Read) -> None:
    low = note("C4", 4, "<non-arpeggiate type='bottom'/>")
    high = note("G4", 4, "<non-arpeggiate type='top'/>", head="<chord/>")
    assert said(read(musicxml(low + high)), "arpeggio") == []


def test_breath_marks_and_caesuras_stand_after_their_notes(read: Read) -> None:
    signs = [f"<articulations><{name}/></articulations>" for name in ("breath-mark", "caesura")]
    score = read(musicxml(note("C5", 2, signs[0]) + note("D5", 2, signs[1]), SCALE))
    assert said(score, "breath") == [("", F(2)), ("caesura", F(4))]


@pytest.mark.parametrize(
    ("sign", "text"), [("spiccato", "staccatissimo"), ("detached-legato", "portato")]
)
def test_rare_articulations(read: Read, sign: str, text: str) -> None:
    score = read(musicxml(note("C5", 4, f"<articulations><{sign}/></articulations>")))
    assert said(score, "articulation") == [(text, F(0))]


def test_a_note_for_one_pass_only(read: Read) -> None:
    once = note("D5", 2).replace("<note>", "<note time-only='2'>")
    score = read(musicxml(note("C5", 2) + once))
    assert [n.passes for n in score.notes] == [(), (2,)]
