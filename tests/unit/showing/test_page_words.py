"""The page's words in every language, and notes by the names that language gives them."""

import pytest

from valentin.catalogue import FIELD, catalogue, languages
from valentin.showing.page_words import bars_said, note_said, number_said
from valentin.teaching import languages as lesson_languages

ENGLISH = catalogue("page", "en")


def test_every_language_of_lessons_has_a_page() -> None:
    assert set(lesson_languages()) == set(languages("page"))


@pytest.mark.parametrize("language", languages("page"))
def test_every_message_is_there_with_the_same_fields(language: str) -> None:
    words = catalogue("page", language)
    assert set(words.messages) == set(ENGLISH.messages)
    for key, forms in words.messages.items():
        wanted = {f for form in ENGLISH.messages[key] for f in FIELD.findall(form)}
        assert all(forms), key
        assert {f for form in forms for f in FIELD.findall(form)} == wanted, key
        for count in (1, 2, 21):
            assert "{" not in words.say(key, **(dict.fromkeys(wanted, "x") | {"count": count}))


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("B4", "B", "H"), ("Bb4", "B♭", "B"), ("B♭", "B♭", "B"), ("Eb5", "E♭", "Es"),
        ("A♭", "A♭", "As"), ("F##4", "F𝄪", "Fisis"), ("Bbb3", "B𝄫", "Heses"), ("C♯", "C♯", "Cis"),
        ("Ebb2", "E𝄫", "Eses"), ("B#4", "B♯", "His"), ("G-1", "G", "G"), ("", "", ""),
    ],
)  # fmt: skip
def test_notes_have_their_names(name: str, english: str, german: str) -> None:
    assert note_said(ENGLISH, name) == english
    assert note_said(catalogue("page", "de"), name) == german


def test_numbers_and_places() -> None:
    german = catalogue("page", "de")
    assert [number_said(german, v) for v in (0.25, 3.14, 20.4)] == ["0,25", "3,1", "20"]
    assert bars_said(german, "32", "3") == "Takt 32 bis Takt 3 (über die Wiederholung)"
