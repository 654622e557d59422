"""What encoders of Humdrum write beside the notes: tempo in two records, words with a problem."""

from fractions import Fraction as F
from pathlib import Path

import pytest

from valentin.music import Mark, Score
from valentin.reading import read_score
from valentin.reading.humdrum_words import with_words
from valentin.reading.tempi import units_agreed
from valentin.reading.told import Playback
from valentin.reading.wording import joined

HEAD = "**kern\t**kern\t**dynam\n*part1\t*part1\t*part1\n*staff2\t*staff1\t*\n*M3/4\t*M3/4\t*\n"
FOOT = "==\t==\t==\n*-\t*-\t*-\n"


def read(tmp_path: Path, body: str, before: str = "", head: str = HEAD) -> Score:
    path = tmp_path / "small.krn"
    path.write_text(before + head + body + FOOT, encoding="utf-8")
    return read_score(path)[0]


def marks(score: Score, *kinds: str) -> list[tuple[str, F]]:
    return [(m.text, m.start_q) for m in score.marks if m.kind in kinds]


BAR = "=1\t=1\t=1\n2.C\t2.c\t.\n"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ("!!!OMD: Lento.\n!!!OMD: [half-dot] = 60\n", "Lento. 𝅗𝅥. = 60"),
        ("!!!OMD: [half-dot] = 60\n!!!OMD: Lento.\n", "Lento. 𝅗𝅥. = 60"),
        ("!!!OMD:\n!!!OMD-mod: Larghetto\n", "Larghetto"),
        ("!!!OMD: Largheto\n!!!OMD-mod: Larghetto\n", "Largheto"),
        ("!!!OMD: Lento\n", "Lento"),
    ],
)
def test_the_tempo_of_several_records_is_one(tmp_path: Path, records: str, expected: str) -> None:
    assert marks(read(tmp_path, BAR, records), "tempo") == [(expected, F(0))]


def test_lines_keep_their_numbers() -> None:
    text = "!!!OMD: Lento\n!!!OMD: [half] = 60\n**kern\n4c\n*-\n"
    assert with_words(text).count("\n") == text.count("\n")
    assert with_words("**kern\n4c\n!!!OMD: late\n*-\n") == "**kern\n4c\n!!!OMD: late\n*-\n"


def test_words_whose_line_is_a_problem_are_read_and_the_editor_is_counted(tmp_path: Path) -> None:
    body = (
        "=1\t=1\t=1\n"
        "!\t!LO:TX:a:t=ac--ce-le-rando.:dur=6q:ext=ud:problem:text with extension lines\t!\n"
        "4C\t4c\t.\n"
        "!LO:TX:b:t=P:the slur should be under the tie:problem\t!\t!\n"
        "4D\t4d\t.\n"
        "!\t!LO:TX:b:t=con for - za.:problem\t!\n"
        "4E\t4e\t.\n"
    )
    score = read(tmp_path, body)
    assert marks(score, "tempo", "words") == [("accelerando.", F(0)), ("con forza.", F(2))]
    said = [(r.kind, r.words) for r in score.remarks]
    assert (
        "left-out",
        "one note of its editor is in the file and not read, the first here",
    ) in said


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("cre--scen-do. _", "crescendo."),
        ("stretto-e-cres.-", "stretto e cres."),
        ("senza - - Tempo.", "senza Tempo."),
        ("poco cresc. e rite-nuto.", "poco cresc. e ritenuto."),
        ("dolce", "dolce"),
    ],
)
def test_syllables_under_a_line_are_joined(text: str, spoken: str) -> None:
    assert joined(text) == spoken


def test_a_line_of_nulls_takes_no_time(tmp_path: Path) -> None:
    """Verovio counts it as time: the signs behind it came late by a beat."""
    body = (
        "=1\t=1\t=1\n!\t!LO:TX:a:t=a tempo\t!\n.\t.\t.\n!\t!LO:TX:b:t=sotto voce\t!\n*ped\t*\t*\n"
        "4E\t2c\t.\n4D\t.\tfz\n*Xped\t*\t*\n4r\t4d\t.\n"
    )
    score = read(tmp_path, body)
    assert marks(score, "tempo", "words", "dynamic", "pedal") == [
        ("down", F(0)),
        ("a tempo", F(0)),
        ("sotto voce", F(0)),
        ("fz", F(1)),
        ("up", F(2)),
    ]


def test_a_sign_between_two_notes_stands_halfway(tmp_path: Path) -> None:
    score = read(tmp_path, "=1\t=1\t=1\n2C\t2c\t.\n.\t.\tp\n4r\t4d\t.\n")
    assert marks(score, "dynamic") == [("p", F(1))]


def tempo(value: float) -> Mark:
    return Mark("tempo", "♩ = x", F(0), F(0), value=value)


@pytest.mark.parametrize(
    ("printed", "played", "taken", "guesses"),
    [(132, 66, 66, 1), (66, 99, 99, 1), (69, 69, 69, 0), (120, 100, 120, 0)],
)
def test_a_note_drawn_wrongly_in_a_metronome_mark(
    printed: float, played: float, taken: float, guesses: int
) -> None:
    rows, said = units_agreed([tempo(printed)], [Playback(F(0), played, True)], F(0))
    assert [m.value for m in rows] == [taken]
    assert len(said) == guesses
    assert units_agreed([tempo(printed)], [Playback(F(0), played, False)], F(0))[1] == []
