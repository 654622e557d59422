"""Damaged and hostile score files: one line of ReadError, never a traceback, never a hang.

The heavy part mutates in this process what Verovio gives and what MusicXML says; a few mutations of
every format go the whole way.
"""

from __future__ import annotations

import random
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valentin.errors import MusicError, ReadError
from valentin.music import unfold
from valentin.reading import read_score
from valentin.reading.assembly import score_of
from valentin.reading.musicxml import told_by, with_ids
from valentin.reading.source import Source

FOLDER = Path(__file__).parent / "scores"
GOOD = (FOLDER / "ties.musicxml").read_text(encoding="utf-8")
EMPTY_SCORE = (
    '<score-partwise><part-list><score-part id="P1"><part-name>Piano</part-name></score-part>'
    '</part-list><part id="P1"><measure number="1"><attributes><divisions>1</divisions>'
    "</attributes><note><rest/><duration>4</duration></note></measure></part></score-partwise>"
)
ENTITY_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi"))  # noqa: B905
    + "]><score-partwise>&i;</score-partwise>"
)
ATTRIBUTE_BOMB = (
    f'<!DOCTYPE score-partwise [<!ATTLIST a x CDATA "{"A" * 40_000}">]>'
    f"<score-partwise>{'<a/>' * 20_000}</score-partwise>"
)
"""800 MB of default attributes in 120 kB."""
NAMED_DTD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
MEI_HEAD = (
    '<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score><scoreDef>'
    '<staffGrp><staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef>'
    "<section>"
)
MEI_FOOT = "</section></score></mdiv></body></music></mei>"
LIMIT_S = 10.0


def nested(tag: str) -> str:
    """An MEI score with a note inside 1,200 elements of a kind."""
    note = '<note pname="c" oct="4" dur="1"/>'
    inside = f"<{tag}>" * 1200 + note + f"</{tag}>" * 1200 if tag == "beam" else note
    bar = f'<measure n="1"><staff n="1"><layer n="1">{inside}</layer></staff></measure>'
    if tag == "section":
        bar = "<section>" * 1200 + bar + "</section>" * 1200
    return MEI_HEAD + bar + MEI_FOOT


def zip_bomb(path: Path) -> None:
    """300 MB of spaces in 300 kB."""
    container = '<container><rootfiles><rootfile full-path="s.xml"/></rootfiles></container>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        with archive.open("s.xml", "w") as member:
            member.write(b"<score-partwise>")
            for _ in range(300):
                member.write(b" " * (1 << 20))
            member.write(b"</score-partwise>")


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(content, encoding="utf-8") and None


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing.musicxml": (lambda path: None, "there is no such file"),
    "folder.musicxml": (Path.mkdir, "that is a folder"),
    "empty.musicxml": (Path.touch, "the file is empty"),
    "blank.krn": (text(" \n\n"), "the file is empty"),
    "pdf.musicxml": (lambda p: p.write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), "that is a PDF"),
    "truncated.musicxml": (text(GOOD[: len(GOOD) // 2]), "the XML breaks off or is damaged"),
    "entities.musicxml": (text(ENTITY_BOMB), "it brings a DTD of its own"),
    "attributes.musicxml": (text(ATTRIBUTE_BOMB), "it brings a DTD of its own"),
    "commented.musicxml": (text("<!-- [ --><!DOCTYPE a [ ]><a/>"), "it brings a DTD of its own"),
    "deep.musicxml": (
        text(GOOD.replace("</note>", "<a>" * 99_000 + "</a>" * 99_000 + "</note>", 1)),
        "its elements lie more than 100 deep",
    ),
    "beams.mei": (text(nested("beam")), "its elements lie more than 100 deep"),
    "sections.mei": (text(nested("section")), "its elements lie more than 100 deep"),
    "escape.krn": (text("!!!OTL: \x1b[31mRED\n**kern\n4c\n*-\n"), "line 1 holds a control"),
    "bomb.mxl": (zip_bomb, "it unpacks to more than 64 MB"),
    "noise.mxl": (lambda p: p.write_bytes(b"PK\x03\x04" + bytes(90)), "container is damaged"),
    "page.musicxml": (text("<html><body/></html>"), "its XML is `html`"),
    "prose.krn": (text("Dear pianist,\n"), "that is no score format"),
    "bytes.krn": (lambda p: p.write_bytes(bytes(range(256)) * 9), "that is no text"),
    "spines.krn": (text("**kern\t**kern\n4c\n*-\t*-\n"), "line 2 does not have a field"),
    "junk.krn": (
        text("**kern\n4cccccccccccccccccccc[[[[____\n=9999999999\n%%%\n*M0/0\n4%0c\n*-\n"),
        "it breaks the reader",
    ),
    "long.musicxml": (
        text(GOOD.replace("<duration>", "<duration>99999", 1)),
        "quarters, bar 1 alone",
    ),
    "silence.musicxml": (text(EMPTY_SCORE), "there are no notes in it"),
    "nothing.mei": (text('<mei xmlns="http://www.music-encoding.org/ns/mei"/>'), "nothing in it"),
    "far.musicxml": (text(GOOD.replace("<octave>5", "<octave>12")), "bar 1, note n1 is beyond"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    make, found = CASES[name]
    path = tmp_path / name
    make(path)
    start = time.monotonic()
    with pytest.raises(ReadError, match=re.escape(found)) as caught:
        read_score(path)
    assert time.monotonic() - start < LIMIT_S
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"Reading `{name}`: ")
    assert "; " in message
    assert caught.value.path == str(path)


def test_a_file_that_only_names_its_dtd_is_read(tmp_path: Path) -> None:
    path = tmp_path / "named.musicxml"
    path.write_text(NAMED_DTD + GOOD[GOOD.index("<score-partwise") :], encoding="utf-8")
    named, plain = read_score(path)[0], read_score(FOLDER / "ties.musicxml")[0]
    assert (named.notes, named.marks) == (plain.notes, plain.marks)


def test_what_never_ends_is_read_to_a_bound() -> None:
    with pytest.raises(ReadError, match="it has more than 64 MB; give one piece"):
        read_score(Path("/dev/zero"))


def test_more_elements_than_any_score_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valentin.reading.source.MOST_TAGS", GOOD.count("<"))
    with pytest.raises(ReadError, match="more elements than any score"):
        read_score(FOLDER / "ties.musicxml")


def test_a_lenient_reader_drops_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "escape.krn"
    path.write_text("!!!OTL: \x1b[31mRed\n**kern\n4c\n*-\n\x1a", encoding="utf-8")
    score, _ = read_score(path, lenient=True)
    assert len(score.notes) == 1
    assert score.remarks[0].words == "control characters"
    assert "\x1b" not in score.title


def test_an_old_humdrum_file_may_end_as_dos_does(tmp_path: Path) -> None:
    path = tmp_path / "dos.krn"
    path.write_bytes(b"**kern\r\n4c\r\n4d\x20\r\n*-\r\n\x1a".replace(b"\x20", b""))
    assert len(read_score(path)[0].notes) == 2


def test_a_lenient_reader_takes_the_whole_bars_of_a_truncated_file(tmp_path: Path) -> None:
    path = tmp_path / "half.musicxml"
    path.write_text(GOOD[: GOOD.index('<measure number="3"') + 150], encoding="utf-8")
    score, _ = read_score(path, lenient=True)
    assert [bar.number for bar in score.bars] == ["1", "2"]
    assert score.remarks[0].kind == "left-out"
    assert "after bar 2" in score.remarks[0].words


def test_a_lenient_reader_takes_the_lines_that_fit(tmp_path: Path) -> None:
    path = tmp_path / "torn.krn"
    path.write_text("**kern\t**kern\n4c\t4e\n4d\n4f\t4a\n*-\t*-\n", encoding="utf-8")
    score, _ = read_score(path, lenient=True)
    assert [note.pitch for note in score.notes if note.staff == 1] != []
    assert len(score.notes) == 4
    assert "lines 3 do not fit" in score.remarks[0].words


def _mei_of(name: str) -> str:
    return read_score(FOLDER / name)[1].mei


MEI_TEXTS = {
    name: _mei_of(name)
    for name in ("ties.mei", "tuplets.krn", "dal-segno.musicxml", "ornaments.musicxml")
}
MUSICXML_TEXTS = [
    (FOLDER / name).read_text(encoding="utf-8")
    for name in ("voltas.musicxml", "ties.musicxml", "transposing.musicxml", "dal-segno.musicxml")
]
ODD = ["", "0", "-1", "x", "1e9999", "99999999999", "1/0", "3+2", "#nothing", "true", "1m+99", "♩"]


def mutated(root: Element, rng: random.Random) -> Element:
    """The tree with a few elements gone, doubled, moved or renamed, and attributes changed."""
    for _ in range(rng.randint(1, 8)):
        elements = [e for e in root.iter() if len(e) or e.attrib]
        parent = rng.choice(elements)
        way = rng.randrange(5)
        if way == 0 and len(parent):
            parent.remove(rng.choice(list(parent)))
        elif way == 1 and len(parent):
            parent.append(rng.choice(list(parent)))
        elif way == 2:
            parent.tag = rng.choice(elements).tag
        elif way == 3 and parent.attrib:
            parent.set(rng.choice(list(parent.attrib)), rng.choice(ODD))
        else:
            leaf = rng.choice([e for e in root.iter() if not len(e)] or [parent])
            leaf.text = rng.choice(ODD)
    return root


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(MEI_TEXTS)))
def test_any_tree_gives_a_score_or_is_refused(seed: int, name: str) -> None:
    text = MEI_TEXTS[name].replace(' xmlns="http://www.music-encoding.org/ns/mei"', "", 1)
    root = mutated(ElementTree.fromstring(text), random.Random(seed))
    kind = "mei" if name.endswith("mei") else "humdrum"
    try:
        score = score_of(root, Source(kind, text))
    except MusicError:
        return
    assert unfold(score).unfolded


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), text=st.sampled_from(MUSICXML_TEXTS))
def test_any_musicxml_tree_can_be_counted(seed: int, text: str) -> None:
    root = mutated(ElementTree.fromstring(text), random.Random(seed))
    with_ids(root)
    told = told_by(root)
    assert all(length >= 0 for _, length in told.bars)
    assert all(start >= 0 and lasting >= 0 for start, lasting in told.notes.values())


def scratched(data: bytes, rng: random.Random) -> bytes:
    """The file with a few bytes changed, lost or doubled."""
    for _ in range(rng.randint(1, 6)):
        i = rng.randrange(len(data))
        way = rng.randrange(3)
        if way == 0:
            data = data[:i] + bytes([rng.randrange(32, 127)]) + data[i + 1 :]
        elif way == 1:
            data = data[:i] + data[i + rng.randint(1, 9) :]
        else:
            data = data[:i] + data[max(0, i - 20) : i] + data[i:]
    return data


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["pickup.mxl", "ties.mei", "signs.krn", "voltas.musicxml"])
def test_a_scratched_file_is_read_or_refused(name: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / name
    rng = random.Random(f"{name} {seed}")
    path.write_bytes(scratched((FOLDER / name).read_bytes(), rng))
    start = time.monotonic()
    refusal = ""
    try:
        assert read_score(path, lenient=bool(seed % 2))[0].notes
    except ReadError as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert time.monotonic() - start < LIMIT_S
