"""Printed words and what kind of mark they are."""

import pytest

from valentin.reading.wording import metronome, names_speed, worded

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
    ("Ped.", [("pedal", "sign")]),
    ("*", [("pedal", "lift")]),
    ("½ Ped.", [("pedal", "half sign")]),
    ("demi-pédale", [("pedal", "half sign")]),
    ("sost. Ped.", [("sostenuto", "down")]),
    ("senza Ped.", [("pedal", "without")]),
    ("con pedale", [("pedal", "free")]),
    ("2 Ped.", [("una-corda", "una corda"), ("pedal", "free")]),
    ("les deux pédales", [("una-corda", "una corda"), ("pedal", "free")]),
    ("due corde", [("una-corda", "una corda")]),
    ("♩ = ♩.", [("tempo", "♩ = ♩.")]),
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


@pytest.mark.parametrize(
    "text",
    [
        "Langsam", "Sehr langsam.", "Ruhig", "Lentement", "Schnell", "Vif", "Lebhaft", "Slow",
        "Slowly", "Marcia funebre", "Marche funèbre", "Valse lente", "Tempo di Minuetto",
        "Très calme et doucement expressif", "Modéré", "Mäßig", "Con moto", "Meno vivo",
    ],
)  # fmt: skip
def test_a_word_that_names_a_speed_is_a_tempo(text: str) -> None:
    assert [(row.kind, row.text) for row in worded(text)] == [("tempo", text.rstrip("-"))]


@pytest.mark.parametrize("text", ["con fuoco", "lentissimamente?", "graven", "slowing", "breath"])
def test_a_word_that_only_begins_like_one_is_none(text: str) -> None:
    assert [row.kind for row in worded(text)] == ["words"]


@pytest.mark.parametrize(
    ("text", "names"),
    [("rit.", False), ("poco a poco accel.", False), ("Cédez", False), ("64", False),
     ("-do", False), ("dan", False), ("calando", False), ("a tempo", True), ("Allegro", True),
     ("Langsamer", True), ("Meno vivo", True), ("Tranquillo", True)],
)  # fmt: skip
def test_what_names_a_speed_is_told_from_what_bends_it(text: str, names: bool) -> None:
    assert names_speed(text) == names


@pytest.mark.parametrize("text", ["calando", "smorz.", "sans ralentir", "morendo"])
def test_what_also_fades_stays_words(text: str) -> None:
    assert [row.kind for row in worded(text)] == ["words"]


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
