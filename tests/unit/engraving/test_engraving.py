"""The engraver: text to Source to MusicXML, and the shelf as it was last written."""

from fractions import Fraction
from pathlib import Path

import pytest
from engraving.accidentals import printed_accidentals, tie_ends
from engraving.beaming import beams
from engraving.musicxml import musicxml
from engraving.parsing import SourceError, parse
from engraving.source import Source

ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "engraving").glob("*.txt"))
SHELF = ROOT / "src" / "valentin" / "repertoire"
HEAD = "title: A\ncomposer: B\nkey: -3 major\ntime: 3/4\n"


def piece(*bars: str) -> Source:
    """A piece in E-flat major, 3/4, of the bars given."""
    return parse(HEAD + "".join(f"bar {i + 1}\n{bar}\n" for i, bar in enumerate(bars)))


def printed(source: Source) -> dict[str, int]:
    return printed_accidentals(source, tie_ends(source))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_shelf_is_what_its_sources_say(path: Path) -> None:
    engraved = (SHELF / f"{path.stem}.musicxml").read_text(encoding="utf-8")
    assert engraved == musicxml(parse(path.read_text(encoding="utf-8"))), "run python -m engraving"


def test_durations_are_exact_and_sticky() -> None:
    bar = piece("rh {13:12 " + "c5:16 " * 13 + "}").bars[0]
    assert {event.duration_q for event in bar.events} == {Fraction(3, 13)}
    assert bar.events[-1].onset_q == 3 - Fraction(3, 13)
    assert [e.duration_q for e in piece("rh c5:4. d5 ").bars[0].events] == [Fraction(3, 2)] * 2


def test_a_grace_takes_no_time_and_keeps_the_value_of_its_neighbours() -> None:
    events = piece("rh c5:2 /d5 e5:4").bars[0].events
    assert [(e.onset_q, e.duration_q, e.grace) for e in events] == [
        (0, 2, ""),
        (2, 0, "/"),
        (2, 1, ""),
    ]


@pytest.mark.parametrize(
    ("bar", "message"),
    [
        ("rh c5:2", "bar 1: lasts 2 of 3 quarters"),
        ("rh c5:2.\nlh c3:2", "bar 1: lasts 3 of 3 quarters lh lasts 2"),
        ("rh c5:2 h5:4", "bar 1, rh: `h5:4` is no note, rest or sign"),
        ("rh c5:2.\nlf c3:2.", "bar 1: there is no lane `lf`"),
        ("rh c5:3.", "bar 1, rh: `c5:3.` has no known value"),
    ],
)
def test_a_mistake_is_named_with_its_bar(bar: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        piece(bar)


def test_an_accidental_holds_to_the_bar_line_and_is_recalled_after_it() -> None:
    source = piece("rh e5:4 e5 eb5", "rh eb5:4 e4 e5", "rh e5:2.")
    ids = [head.id for bar in source.bars for event in bar.events for head in event.heads]
    shown = printed(source)
    assert [shown.get(i) for i in ids] == [0, None, -1, None, 0, 0, 0]


def test_a_courtesy_sign_after_an_altered_bar_and_for_another_octave() -> None:
    assert printed(piece("rh e5:2.", "rh eb5:2.")) == {"n1": 0, "n2": -1}
    assert printed(piece("rh e5:2 eb4:4")) == {"n1": 0, "n2": -1}
    assert printed(piece("rh e5:2.", "rh eb4:2.")) == {"n1": 0}


def test_a_tied_note_shows_no_sign_and_the_next_one_does() -> None:
    source = piece("rh e5:2.~", "rh e5:2 e5:4")
    assert tie_ends(source) == {"n2"}
    assert printed(source) == {"n1": 0, "n3": 0}
    with pytest.raises(ValueError, match=r"these ties lead to no note: n1 \(E5\)"):
        tie_ends(piece("rh e5:2.~", "rh eb5:2."))


def test_a_tie_may_pass_from_one_lane_to_the_other() -> None:
    assert tie_ends(piece("rh c6:2.\nrh2 c5:2.~", "rh c5+c6:2.")) == {"n3"}


def test_beams_follow_the_beat_or_the_brackets() -> None:
    def words(bar: str) -> list[tuple[str, ...]]:
        source = piece(bar)
        found = beams(source.bars[0], source.beam_q)
        return [found.get(i, ()) for i in range(len(source.bars[0].events))]

    assert words("rh c5:8 d5 e5 f5 g5:4") == [("begin",), ("end",)] * 2 + [()]
    assert words("rh [c5:8 d5 e5 f5] g5:4") == [
        ("begin",),
        ("continue",),
        ("continue",),
        ("end",),
        (),
    ]
    assert words("rh c5:8. d5:16 e5:2")[:2] == [("begin",), ("end", "backward hook")]
    assert words("rh c5:16 d5:8. e5:2")[:2] == [("begin", "forward hook"), ("end",)]
    assert words("rh c5:8 r e5:2") == [(), (), ()]
    assert words("rh c5:8 /d5 e5 f5:2") == [("begin",), (), ("end",), ()]


def test_slurs_must_close() -> None:
    with pytest.raises(ValueError, match="these slurs never end"):
        musicxml(piece("rh c5:2.("))
    with pytest.raises(ValueError, match="no slur is open to end"):
        musicxml(piece("rh c5:2.)"))


def test_signs_stand_where_they_belong() -> None:
    text = musicxml(
        piece('dyn 1/2:p 1-3:<\nabove 0:"Andante 4. = 50"\nrh c5:2.\nlh c3:2.\nped 0-3')
    )
    assert "<offset>1</offset><staff>1</staff>" in text  # p, half a quarter late, in halves
    assert "<per-minute>50</per-minute>" in text
    assert '<sound tempo="75"/>' in text
    assert text.index('type="crescendo"') < text.index('type="stop"')
    assert text.count("<pedal ") == 2


def test_stems_part_only_where_both_lanes_sound() -> None:
    text = musicxml(piece("rh c6:4 d6 e6\nrh2 s:4 c5 s"))
    notes = [line for line in text.splitlines() if "<note" in line]
    assert ["up" if "<stem>up" in n else "down" if "<stem>down" in n else "" for n in notes] == [
        "", "up", "", "down",
    ]  # fmt: skip


def test_clefs_at_the_start_and_on_the_way() -> None:
    source = parse(HEAD + "clefs: f f\nbar 1\nrh c4:2. !g\nbar 2\nrh c5:2 !f c4:4\n")
    text = musicxml(source)
    assert text.count("<sign>F</sign>") == 3
    first, second = text.split('<measure number="2">')
    assert first.index("<duration>") < first.index("<sign>G</sign>")
    assert second.index("<octave>5") < second.index("<sign>F</sign>") < second.index("<octave>4")
