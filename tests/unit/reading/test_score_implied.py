"""What an MEI file leaves to the reader."""

from fractions import Fraction
from xml.etree import ElementTree

from valentin.reading.assembly import score_of
from valentin.reading.source import Source

ID = "{http://www.w3.org/XML/1998/namespace}id"


def pitches(layers: str, key: str = "0", after: str = "") -> dict[str, str]:
    bars = "".join(
        f'<measure n="{i}"><staff n="1"><layer n="1">{layer}</layer></staff>{after}</measure>'
        for i, layer in enumerate(layers.split("|"), 1)
    )
    text = (
        f'<mei><music><body><mdiv><score><scoreDef meter.count="4" meter.unit="4" keysig="{key}">'
        f'<staffGrp><staffDef n="1"/></staffGrp></scoreDef><section>{bars}</section></score></mdiv>'
        "</body></music></mei>"
    )
    root = ElementTree.fromstring(text)
    for i, element in enumerate(e for e in root.iter("note")):
        element.set(ID, f"n{i}")
    return {n.id: n.spelling for n in score_of(root, Source("mei", text)).notes}


def note(pname: str, more: str = "", octave: int = 5) -> str:
    return f'<note pname="{pname}" oct="{octave}" dur="4" {more}/>'


def test_the_key_alters_what_has_no_accidental() -> None:
    assert pitches(note("f") + note("c") + note("g"), "2s") == {
        "n0": "F#5",
        "n1": "C#5",
        "n2": "G5",
    }
    assert pitches(note("b") + note("e"), "1f") == {"n0": "Bb5", "n1": "E5"}


def test_an_accidental_holds_to_the_end_of_its_bar_in_its_octave() -> None:
    layer = note("f", 'accid="s"') + note("f") + note("f", octave=4) + "|" + note("f")
    assert pitches(layer) == {"n0": "F#5", "n1": "F#5", "n2": "F4", "n3": "F5"}


def test_a_natural_takes_the_key_back() -> None:
    assert pitches(note("f", 'accid="n"') + note("f"), "1s") == {"n0": "F5", "n1": "F5"}


def test_what_the_file_says_sounds_is_believed() -> None:
    assert pitches(note("f", 'accid.ges="s"') + note("f"), "0") == {"n0": "F#5", "n1": "F5"}


def test_an_octave_line_lifts_what_is_under_it() -> None:
    line = '<octave dis="8" dis.place="above" startid="#n1" endid="#n2"/>'
    found = pitches(note("c") + note("d") + note("e") + note("f"), after=line)
    assert found == {"n0": "C5", "n1": "D6", "n2": "E6", "n3": "F5"}


def test_onsets_are_summed_with_tuplets() -> None:
    layer = f'<tuplet num="3" numbase="2">{note("c") + note("d") + note("e")}</tuplet>{note("f")}'
    text = (
        '<mei><music><body><mdiv><score><scoreDef><staffGrp><staffDef n="1"/></staffGrp></scoreDef>'
        f'<section><measure n="1"><staff n="1"><layer n="1">{layer}</layer></staff></measure>'
        "</section></score></mdiv></body></music></mei>"
    )
    root = ElementTree.fromstring(text)
    for i, element in enumerate(root.iter("note")):
        element.set(ID, f"n{i}")
    onsets = [n.onset_q for n in score_of(root, Source("mei", text)).notes]
    assert onsets == [0, Fraction(2, 3), Fraction(4, 3), 2]
