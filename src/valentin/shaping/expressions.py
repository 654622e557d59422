"""What the expression words of a score ask of a playing: dolce, con fuoco, smorzando, en dehors.

In: a scene and its draft. Out: the draft, bent where such words stand; the words without effect.

**Conventions.** As in `characters`: velocity in MIDI, touch and speed in log2 (speed + is slower).
A word holds to the next dynamic mark, expression word or tempo of its part, at most `HOLDS_BARS`,
with *sempre* twice as long. A word that fades grows from nothing to its whole effect on that way.
Several words in one text add up.

**Knows nothing of** the model, which is led by what the rules make of a word.

**Reference.** P. N. Juslin, P. Laukka (2003), Psychological Bulletin 129, table 7, for the
directions (soft, slow and legato for tenderness and sadness; loud, fast and staccato for anger and
joy). The sizes are ours: a third to a half of a dynamic step. Meanings of the terms: Grove Music
Online, *Tempo and expression marks*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from valentin.music import Grid, Mark, Score
from valentin.shaping.characters import Character
from valentin.shaping.draft import Draft
from valentin.shaping.dynamics import WORD_LEVELS
from valentin.shaping.scene import Scene
from valentin.shaping.words import beats_per_minute, change_of_tempo, plain, returns

__all__ = ["EXPRESSIONS", "FADING", "expressed", "expression_of", "unheard"]

HOLDS_BARS = 8.0
"""Bars for which a word holds that nothing revokes: two phrases."""

HELD_RANGE = (0.08, 2.5)
"""Least and greatest articulation, as in `rules`."""

EXPRESSIONS: tuple[tuple[str, Character], ...] = (
    ("dolcissimo|dolciss|doucement|tres doux",
     Character(velocity=-5, touch=0.12, melody=2, speed=0.02)),
    ("dolce|dol|doux|sanft|soave", Character(velocity=-3, touch=0.1, melody=2, speed=0.02)),
    ("cantabile|cantando|singend|chantant|gesangvoll", Character(touch=0.15, melody=4)),
    ("espressivo|espress|espr|espressione|expressif|expression|ausdrucksvoll|ausdruck|con anima",
     Character(touch=0.05, melody=3, speed=0.02)),
    ("con fuoco|feurig|avec feu|con forza|con tutta forza|furioso|impetuoso|feroce|violent|wild",
     Character(velocity=5, touch=-0.1, speed=-0.06)),
    ("brillante|brillant|eclatant|spiritoso|con brio|con spirito",
     Character(velocity=3, touch=-0.12, speed=-0.03)),
    ("agitato|agite|inquieto|unruhig|stuermisch|sturmisch", Character(velocity=3, speed=-0.05)),
    ("appassionato|appass|passionato|con passione|passionne|leidenschaftlich",
     Character(velocity=5, melody=2, speed=-0.04)),
    ("leggierissimo|leggieriss|leggierissimamente", Character(velocity=-5, touch=-0.45)),
    ("leggiero|leggero|leggieramente|legg|leicht|leger|legerement",
     Character(velocity=-4, touch=-0.35)),
    ("grazioso|gracieux|anmutig|con grazia|elegante", Character(velocity=-2, touch=-0.1)),
    ("scherzando|scherz|giocoso|capriccioso|joyeux|lustig|scherzhaft",
     Character(touch=-0.3, speed=-0.03)),
    ("pesante|lourd|schwer", Character(velocity=4, touch=0.1, speed=0.05)),
    ("maestoso|grandioso|nobile|noble|marziale", Character(velocity=4, touch=0.05, speed=0.02)),
    ("risoluto|deciso|energico|con energia|entschieden|kraeftig|kraftig",
     Character(velocity=5, touch=-0.15)),
    ("marcato il canto|marcata la melodia|il canto marcato|la melodia marcata|il canto|la melodia"
     "|en dehors|hervortretend|hervor|ben cantando|in rilievo", Character(melody=7)),
    ("marcato|marc|marque|markiert", Character(velocity=4, touch=-0.15)),
    ("tranquillo|calmo|calme|ruhig|placido|paisible|con calma", Character(velocity=-2, touch=0.05)),
    ("misterioso|mysterieux|mysterieusement|geheimnisvoll", Character(velocity=-6, speed=0.03)),
    ("lamentoso|lamentabile|dolente|mesto|triste|traurig|plaintif|doloroso|con dolore|dolendo",
     Character(velocity=-2, touch=0.05, speed=0.04)),
    ("lontano|lointain|lontana|aus der ferne|a peine|kaum|estinto", Character(velocity=-8)),
    ("teneramente|con tenerezza|tendre|tendrement|zart|innig|con amore|amoroso|intime",
     Character(velocity=-3, touch=0.1, melody=2, speed=0.02)),
    ("delicato|delicatamente|delicatissimo|delicatiss|delicat|delicatement",
     Character(velocity=-4)),
    ("non legato", Character(touch=-0.3)),
    ("legatissimo|tres lie", Character(touch=0.4)),
    ("legato|lie|gebunden", Character(touch=0.25)),
    ("staccato|stacc|detache|gestossen", Character(touch=-0.6)),
    ("tenuto|ten|sostenuto|soutenu|gehalten", Character(touch=0.15)),
    ("religioso|solenne|feierlich|solennel", Character(touch=0.1, speed=0.04)),
    ("rinforzando|rinf|rinforz", Character(velocity=6)),
)  # fmt: skip
"""Words, spelled as `words.plain` does, and what they change; each row counts once."""

FADING: tuple[tuple[str, Character], ...] = (
    ("smorzando|smorz|morendo|mancando|perdendosi|perdendo|calando|estinguendo|en se perdant"
     "|verklingend|ersterbend|en mourant|s eteignant|deficiendo", Character(velocity=-10)),
)  # fmt: skip
"""Words that fade; where they also slow down, `words.SLOWER` says so."""

_ELSEWHERE = re.compile(
    r"(m g|m s|m d|l h|r h|man[oa] (sinistra|destra)|main (gauche|droite)|linke|rechte|links|rechts"
    r"|fine|d c|d s|da capo|dal segno|coda|segno|8va|8va bassa|loco|15ma|ped|simile|sim)\b"
)
"""Words that other readers understand: hands, the way through the repeats, octaves, the pedal."""
_PATTERNS = [(re.compile(rf"\b({words})\b"), way, False) for words, way in EXPRESSIONS]
_PATTERNS += [(re.compile(rf"\b({words})\b"), way, True) for words, way in FADING]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expression:
    """What one text asks: at once, and by its end."""

    steady: Character
    fading: Character


def expression_of(text: str) -> Expression | None:
    """What a text asks for, None where nothing of it is known."""
    words = plain(text)
    steady = fading = Character()
    known = False
    for pattern, way, fades in _PATTERNS:
        if pattern.search(words):
            words = pattern.sub(" ", words)
            known = True
            if fades:
                fading = _added(fading, way)
            else:
                steady = _added(steady, way)
    return Expression(steady, fading) if known else None


def _added(a: Character, b: Character) -> Character:
    return replace(
        a,
        velocity=a.velocity + b.velocity,
        touch=a.touch + b.touch,
        speed=a.speed + b.speed,
        melody=a.melody + b.melody,
    )


def expressed(scene: Scene, draft: Draft) -> Draft:
    """The draft with every expression word in it."""
    velocity, touch = draft.velocity.copy(), np.zeros(len(draft.velocity))
    speed = np.zeros(len(draft.seconds_per_quarter))
    parts = {part.id: i for i, part in enumerate(scene.score.parts)}
    onset, onsets = scene.notes.onset_q, scene.notes.onsets_q
    for mark, asked, end_q in _spans(scene.score):
        start_q = float(mark.start_q)
        mine = (onset >= start_q - 1e-6) & (onset < end_q - 1e-6)
        if mark.part in parts:
            mine &= scene.notes.part == parts[mark.part]
        share = np.clip((onset - start_q) / max(end_q - start_q, 1e-6), 0.0, 1.0)
        way = asked.steady
        bent = way.velocity + way.melody * scene.melody + asked.fading.velocity * share
        velocity += np.where(mine, bent, 0.0)
        touch += np.where(mine, way.touch, 0.0)
        speed += np.where((onsets >= start_q - 1e-6) & (onsets < end_q - 1e-6), way.speed, 0.0)
    held = np.clip(draft.articulation * 2.0**touch, *HELD_RANGE)
    return replace(
        draft,
        velocity=velocity,
        articulation=np.where(touch != 0.0, held, draft.articulation),
        seconds_per_quarter=draft.seconds_per_quarter * 2.0**speed,
    )


def _spans(score: Score) -> Iterator[tuple[Mark, Expression, float]]:
    """Each word with what it asks and where it ends."""
    spoken = sorted(
        (m for m in score.marks if m.kind in {"words", "tempo"}), key=lambda m: m.start_q
    )
    asked = [(m, e) for m in spoken if m.kind == "words" or not beats_per_minute(m.text)
             for e in [expression_of(m.text)] if e is not None]  # fmt: skip
    stops = [(m.start_q, m.part) for m, _ in asked]
    stops += [(m.start_q, m.part) for m in score.marks if m.kind == "dynamic"]
    stops += [(m.start_q, m.part) for m in spoken if beats_per_minute(m.text)]
    for mark, expression in asked:
        bar_q = float(Grid.at(score, np.array([float(mark.start_q)])).bar_q[0])
        long = HOLDS_BARS * (2.0 if "sempre" in plain(mark.text) else 1.0)
        later = [float(q) for q, part in stops if q > mark.start_q and part == mark.part]
        yield mark, expression, min([float(mark.start_q) + long * bar_q, *later])


def unheard(score: Score) -> tuple[Mark, ...]:
    """The words of a score that nothing here understands, in the order of the score."""
    rows = (m for m in score.marks if m.kind in ("words", "tempo") and m.text)
    return tuple(sorted((m for m in rows if not _is_known(m)), key=lambda m: m.start_q))


def _is_known(mark: Mark) -> bool:
    text, words = mark.text, plain(mark.text)
    if mark.value or not words or words in WORD_LEVELS or _ELSEWHERE.match(words):
        return True
    tempo = beats_per_minute(text) or change_of_tempo(text) or returns(text)
    return bool(tempo) or expression_of(text) is not None
