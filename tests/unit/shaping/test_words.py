"""What tempo words say, also where a file has joined two lines."""

import pytest

from valentin.shaping.words import beats_per_minute, plain


@pytest.mark.parametrize(
    ("joined", "parted"),
    [
        ("RondoPresto", "rondo presto"),
        ("SCHERZOAllegretto vivace", "scherzo allegretto vivace"),
        ("Marche funèbreLento", "marche funebre lento"),
        ("Allegro ma non troppo", "allegro ma non troppo"),
        ("TEMPO I", "tempo i"),
    ],
)
def test_lines_that_were_joined_are_parted(joined: str, parted: str) -> None:
    assert plain(joined) == parted


def test_a_word_at_the_join_names_its_speed() -> None:
    assert beats_per_minute("RondoPresto") == beats_per_minute("Presto")
    assert beats_per_minute("Marche funèbreLento") == beats_per_minute("Lento")
