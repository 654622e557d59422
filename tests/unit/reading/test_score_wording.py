"""Printed words and what kind of mark they are."""

import pytest

from valentin.reading.wording import metronome, worded

CASES = [
    ("p", [("dynamic", "p")]),
    ("sfz", [("dynamic", "sfz")]),
    ("p dolce", [("dynamic", "p"), ("words", "dolce")]),
    ("sempre pp", [("dynamic", "pp")]),
    ("sempre piano.", [("dynamic", "p")]),
    ("più f", [("words", "più f")]),
    ("poco f", [("words", "poco f")]),
    ("\ue52c", [("dynamic", "mp")]),
    ("cresc.", [("hairpin", "crescendo")]),
    ("cresc. - - - -", [("hairpin", "crescendo")]),
    ("poco a poco cresc.", [("hairpin", "crescendo")]),
    ("dim. e rall.", [("hairpin", "diminuendo"), ("tempo", "e rall")]),
    ("p cresc.", [("dynamic", "p"), ("hairpin", "crescendo")]),
    ("decrescendo", [("hairpin", "diminuendo")]),
    ("dolce", [("words", "dolce")]),
    ("ritard.", [("tempo", "ritard.")]),
    ("a tempo", [("tempo", "a tempo")]),
    ("un poco rit.", [("tempo", "un poco rit.")]),
    ("una corda", [("una-corda", "una corda")]),
    ("tre corde", [("una-corda", "tre corde")]),
    ("tutte le corde", [("una-corda", "tre corde")]),
    ("p una corda", [("una-corda", "una corda"), ("dynamic", "p")]),
    ("Ped.", [("pedal", "down")]),
    ("3", []),
    ("- - -", []),
    ("♮", []),
    ("espressivo", [("words", "espressivo")]),
    ("pesante", [("words", "pesante")]),
    ("trillo", [("words", "trillo")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_text_is_of_its_kind(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(row.kind, row.text) for row in worded(text)] == expected


def test_a_text_printed_as_a_tempo_is_one() -> None:
    assert [(row.kind, row.text) for row in worded("Mesto", tempo=True)] == [("tempo", "Mesto")]


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("\ueca5 = 60", 60.0),
        ("Andante (\ueca5\uecb7 = 40)", 60.0),
        ("𝅗𝅥 = 42.", 84.0),
        ("♪ = 120", 60.0),
        ("[Modéré ♩ = c.100]", 100.0),
        ("Andante", None),
        ("= 60", None),
    ],
)
def test_metronome_marks_are_in_quarters(text: str, quarters: float | None) -> None:
    assert metronome(text) == quarters
