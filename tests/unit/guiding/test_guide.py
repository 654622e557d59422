"""Cues are few, short, different, and true: every number is recomputed by other means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import pytest
from bench.cue_truth import Heard, true

from valentin import pianist
from valentin.catalogue import catalogue
from valentin.guiding import beats_of, guide
from valentin.music import MOST_CUES, MOST_WORDS, Cue
from valentin.studying import study

PIECES = [piece.name for piece in pianist.pieces()]


@dataclass(frozen=True)
class Told:
    """A shelf piece as played, and its cues."""

    heard: Heard
    cues: tuple[Cue, ...]


@cache
def told(name: str, language: str = "en") -> Told:
    score, _ = pianist.read_score(pianist.piece(name).score)
    played = pianist.play(score, pianist.Wish())
    heard = Heard(played.score, study(played.score), played.performance, played.alignment)
    args = (heard.score, heard.structure, heard.performance, heard.alignment)
    return Told(heard, guide(*args, language=language))


@pytest.mark.parametrize("name", PIECES)
def test_every_cue_is_true(name: str) -> None:
    for cue in told(name).cues:
        assert true(told(name).heard, cue), cue


def test_a_cue_that_is_not_true_is_found_out() -> None:
    piece = told("chopin-op9-2")
    for cue in piece.cues:
        assert not true(piece.heard, replace(cue, value=1.1 * cue.value + 1)), cue.kind


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", PIECES)
def test_cues_are_few_short_and_different(name: str, language: str) -> None:
    cues = told(name, language).cues
    said = [words for cue in cues for words in (cue.story, cue.works)]
    assert 1 <= len(cues) <= MOST_CUES
    assert len(set(said)) == len(said)
    assert all(1 <= len(words.split()) <= MOST_WORDS for words in said)
    assert [cue.time_s for cue in cues] == sorted(cue.time_s for cue in cues)


def test_the_nocturnes_tune_comes_back_ornamented_where_it_does() -> None:
    returns = [c for c in told("chopin-op9-2").cues if c.kind == "return-ornamented"]
    assert [cue.bar for cue in returns] == ["5", "13", "21"]
    assert returns[0].value > returns[0].against


def test_the_same_facts_in_another_language() -> None:
    english, german = (told("chopin-op28-20", x).cues for x in ("en", "de"))
    assert [(c.kind, c.bar, c.value) for c in english] == [(c.kind, c.bar, c.value) for c in german]
    assert all(a.story != b.story for a, b in zip(english, german, strict=True))


def test_every_message_is_in_both_languages_with_the_same_fields() -> None:
    english, german = (catalogue("listening", x).messages for x in ("en", "de"))
    assert set(english) == set(german)
    for key in english:
        fields = [{w for f in forms[key] for w in f.split("{")[1:]} for forms in (english, german)]
        assert {w.partition("}")[0] for w in fields[0]} == {w.partition("}")[0] for w in fields[1]}


def test_beats_rise_and_begin_every_bar() -> None:
    heard = told("petzold-anh114").heard
    beats = beats_of(heard.score, heard.structure, heard.performance, heard.alignment)
    times = [beat.time_s for beat in beats]
    assert times == sorted(times)
    assert sum(beat.strong for beat in beats) == len(heard.score.bars)


def test_nothing_played_is_nothing_said() -> None:
    heard = told("chopin-op28-7").heard
    silent = replace(heard.performance, notes=())
    none = replace(heard.alignment, matches=(), ornaments=(), runs=())
    assert guide(heard.score, heard.structure, silent, none) == ()


def test_a_language_that_is_not_there_is_named() -> None:
    heard = told("chopin-op28-7").heard
    with pytest.raises(ValueError, match="language must be one of de, en"):
        guide(heard.score, heard.structure, heard.performance, heard.alignment, language="tlh")
