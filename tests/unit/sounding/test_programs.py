"""Instruments by the names that editions print."""

import io

import mido
import pytest

from valentin.music import Part, Performance, PerformedNote
from valentin.sounding.programs import PIANO, program_of
from valentin.sounding.soundfont import _midi


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("Piano", 0), ("[Pianoforte]", 0), ("", 0), ("Klavier", 0), ("P1", 0),
        ("VIOLINO PRIMO.", 40), ("VIOLINO 2do.", 40), ("Violine I", 40), ("VIOLA.", 41),
        ("Bratsche", 41), ("VIOLONCELLO e BASSO.", 42), ("BASSO.", 43), ("Kontrabaß", 43),
        ("Contrabbasso", 43), ("TIMPANI F.C.", 47), ("TROMBA 2.a en Ut.", 56),
        ("TROMPA I in B", 56), ("TROMBONE BASSO.", 57), ("CORNO II° en Mi.", 60),
        ("Hörner in F", 60), ("Cor anglais", 69), ("OBOE 1.", 68), ("FAGOTTO II.", 70),
        ("CLARINETTO I in B", 71), ("FLAUTO 1.", 73), ("Flöte", 73),
    ],
)  # fmt: skip
def test_a_name_as_printed(name: str, program: int) -> None:
    assert program_of(name) == program


def test_each_program_has_a_channel_and_no_part_is_drums() -> None:
    names = ("Piano", "Violino", "Viola", "Violoncello", "Basso", "Flauto", "Oboe", "Clarinetto")
    names += ("Fagotto", "Corno", "Tromba", "Trombone", "Timpani", "Arpa", "Orgel", "Tuba")
    parts = tuple(Part(f"P{i}", name) for i, name in enumerate(names))
    notes = tuple(PerformedNote(f"n{p.id}", p.id, 0.0, 1.0, 60, 64) for p in parts)
    data = _midi(Performance(notes, parts=parts))
    programs = {data[i] & 15: data[i + 1] for i in range(len(data)) if data[i] & 0xF0 == 0xC0}
    struck = [data[i] & 15 for i in range(len(data) - 2) if data[i + 1 : i + 3] == b"\x3c\x40"
              and data[i] & 0xF0 == 0x90]  # fmt: skip
    assert programs[0] == PIANO
    assert len(set(struck)) == 15
    assert 9 not in struck
    assert {programs[on] for on in struck} > {40, 41, 42, 43, 47, 56, 60, 73}


def test_a_unison_is_held_by_the_longer_of_two_players() -> None:
    parts = (Part("P1", "Violino I"), Part("P2", "Violino II"))
    held = (PerformedNote("a", "P1", 0.0, 4.0, 67, 80), PerformedNote("b", "P2", 0.5, 1.0, 67, 80))
    again = (PerformedNote("c", "P1", 4.0, 5.0, 67, 80),)
    data = io.BytesIO(_midi(Performance((*held, *again), parts=parts)))
    now, ends = 0.0, []
    for message in mido.MidiFile(file=data):
        now += message.time
        if message.type == "note_off":
            ends.append(round(now, 3))
    assert ends == [4.0, 5.0]
