"""A catalogue says every message, with its fields and the right plural, or says what is missing."""

import re

import pytest

from valentin.catalogue import FIELD
from valentin.judging import measures
from valentin.judging.deciding import Measure
from valentin.teaching import languages
from valentin.teaching.catalogue import catalogue, read_po

MEASURES = [m for m in vars(measures).values() if isinstance(m, Measure)]


def test_plural_forms_are_chosen_by_count() -> None:
    words = catalogue("en")
    assert "You went back once, to bar 9." in words.say("practice.restarts", count=1, first="9")
    assert "You went back 3 times." in words.say("practice.restarts", count=3, first="9")


def test_a_message_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"no message 'no.such'"):
        catalogue("en").say("no.such")


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"needs \['first'\]"):
        catalogue("en").say("bars.one")


def test_a_language_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="language must be one of"):
        catalogue("tlh")


def test_long_strings_are_joined_and_quotes_kept() -> None:
    text = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n>1);\\n"\n\n'
    text += 'msgid "a"\nmsgstr ""\n"one \\"two\\""\n" three"\n'
    assert read_po(text)["a"] == ('one "two" three',)


def test_a_line_that_is_no_po_is_named() -> None:
    with pytest.raises(ValueError, match="line 1"):
        read_po("hello")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_every_measure_has_words_and_something_to_do(measure: Measure, language: str) -> None:
    keys = catalogue(language).messages
    assert any(k.startswith(f"issue.{measure.name}.words") for k in keys)
    assert any(k.startswith(f"issue.{measure.name}.do") for k in keys)


def fields(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for name in FIELD.findall(form)}


@pytest.mark.parametrize("language", languages())
def test_every_message_is_translated_and_formats(language: str) -> None:
    english, words = catalogue("en"), catalogue(language)
    assert set(words.messages) == set(english.messages)
    for key, forms in words.messages.items():
        assert all(forms), f"{key} is empty"
        assert len(forms) == len(english.messages[key]), key
        wanted = fields(english.messages[key])
        assert fields(forms) <= wanted, f"{key} has a field that English has not"
        for count in (1, 2, 5, 21):
            said = words.say(key, **(dict.fromkeys(wanted, "x") | {"count": count}))
            assert "{" not in said, key


def test_no_message_is_left_in_english() -> None:
    english, german = catalogue("en").messages, catalogue("de").messages
    assert {key for key in english if english[key] == german[key]} == set()


@pytest.mark.parametrize("language", languages())
def test_the_words_are_kind_and_plain(language: str) -> None:
    harsh = re.compile(
        r"\b(fail|failed|wrong|bad|mistake|error|score of \d|grade|talent"
        r"|falsch|fehler|schlecht|versagt|note \d|begabt)\b",
        re.I,
    )
    for key, forms in catalogue(language).messages.items():
        for form in forms:
            assert not harsh.search(form), f"{key}: {form}"
