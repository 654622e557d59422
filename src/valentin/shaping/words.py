"""What the words of a score ask of tempo: Italian, German and French terms as numbers.

In: a text as printed. Out: a speed in felt beats per minute, or a change of speed.

**Conventions.** Beats per minute count the felt beat. A `Change` with `gradual` grows until it is
revoked; its `ratio` is the speed reached, as a share of the speed before (< 1 is slower).

**Knows nothing of** notes, bars.

**Reference.** Ranges of beats per minute as printed on the Maelzel metronome, and Fallows, D.,
*Tempo and expression marks*, Grove Music Online, for the order of the words; ratios of changes:
`bench/rules.py`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Change", "beats_per_minute", "change_of_tempo", "plain", "returns"]


@dataclass(frozen=True, slots=True)
class Change:
    """A request to play faster or slower."""

    ratio: float
    gradual: bool


BPM: tuple[tuple[str, float], ...] = (
    ("larghissimo", 36), ("grave", 42), ("larghetto", 58), ("largo", 46), ("lento", 52),
    ("lent", 52), ("langsam", 54), ("schleppend", 50), ("adagietto", 66), ("adagio", 54),
    ("breit", 54), ("getragen", 54), ("feierlich", 56), ("andantino", 76), ("andante", 66),
    ("gehend", 72), ("ruhig", 66), ("innig", 66), ("maessig", 92), ("moderato", 96),
    ("modere", 92), ("massig", 92), ("tempo di menuetto", 112), ("menuetto", 116),
    ("minuetto", 116), ("marcia funebre", 56), ("marsch", 104), ("marcia", 104),
    ("bewegt", 108), ("anime", 112), ("con moto", 100), ("lebhaft", 132), ("frisch", 126),
    ("munter", 126), ("allegretto", 104), ("prestissimo", 192), ("presto", 168),
    ("vivacissimo", 176), ("vivace", 144), ("vif", 144), ("vivo", 150), ("rasch", 144),
    ("sehr schnell", 160), ("schnell", 144), ("leicht", 120), ("allegro", 128), ("lustig", 126),
    ("vite", 144), ("rapide", 152), ("siciliano", 54), ("pastorale", 60),
)  # fmt: skip
"""Felt beats per minute; where a text holds several words the first in this table counts."""

MODIFIERS: tuple[tuple[str, float], ...] = (
    ("ma non troppo", 0.9), ("non troppo", 0.9), ("nicht zu", 0.9), ("pas trop", 0.9),
    ("moderato", 0.9), ("maestoso", 0.85), ("sostenuto", 0.9), ("molto", 1.12), ("assai", 1.1),
    ("sehr", 1.1), ("tres", 1.1), ("con brio", 1.1), ("con fuoco", 1.12), ("agitato", 1.08),
    ("appassionato", 1.05), ("con moto", 1.08), ("un poco", 0.97), ("cantabile", 0.97),
)  # fmt: skip
"""Factors away from the middle: those above 1 slow down a slow word."""

SLOW_BPM = 80.0
"""Beats per minute below which "molto" means slower."""

SLOWER = (
    "ritardando", "ritard", "rit", "rallentando", "rallent", "rall", "slentando", "slent",
    "allargando", "allarg", "calando", "morendo", "smorzando", "smorz", "perdendosi", "perdendo",
    "zuruckhaltend", "zuruckhalten", "langsamer werden", "nach und nach langsamer",
    "allmahlich langsamer", "verlangsamen", "ralentir", "ralentissez", "en ralentissant",
    "ralenti", "cedez", "cedant", "en retenant", "retenant", "retenez", "en elargissant",
    "elargissez",
)  # fmt: skip
FASTER = (
    "accelerando", "accel", "stringendo", "string", "affrettando", "affrett", "schneller werden",
    "immer schneller", "nach und nach schneller", "allmahlich schneller", "beschleunigen",
    "beschleunigend", "drangend", "eilend", "en accelerant", "accelerez", "en animant", "animez",
    "pressez", "en pressant", "serrez", "en serrant", "poco a poco piu mosso", "sempre piu mosso",
)  # fmt: skip
AT_ONCE: tuple[tuple[str, float], ...] = (
    ("ritenuto", 0.82), ("riten", 0.82), ("retenu", 0.85), ("zuruckgehalten", 0.85),
    ("doppio movimento", 2.0), ("piu mosso", 1.18), ("piu moto", 1.15), ("piu animato", 1.15),
    ("piu vivo", 1.2), ("piu presto", 1.25), ("piu stretto", 1.2), ("stretto", 1.12),
    ("stretta", 1.15), ("piu allegro", 1.15), ("animato", 1.08), ("meno mosso", 0.82),
    ("meno allegro", 0.85), ("piu lento", 0.8), ("piu tranquillo", 0.88), ("piu largo", 0.8),
    ("tranquillo", 0.92), ("noch schneller", 1.15), ("schneller", 1.15), ("rascher", 1.15),
    ("bewegter", 1.12), ("belebter", 1.12), ("langsamer", 0.84), ("ruhiger", 0.88),
    ("breiter", 0.85), ("plus vite", 1.18), ("plus anime", 1.12), ("plus lent", 0.82),
    ("moins vite", 0.85), ("plus calme", 0.88), ("plus large", 0.85), ("sostenuto", 0.93),
)  # fmt: skip
BACK = (
    "a tempo", "tempo i", "tempo 1", "tempo primo", "in tempo", "im tempo", "erstes tempo",
    "au mouvement", "au mouvt", "mouvement", "mouvt", "1er mouvement", "1er mouvt", "istesso tempo",
    "tempo giusto"
)  # fmt: skip

NOTE_Q = {"𝅝": 4.0, "𝅗𝅥": 2.0, "♩": 1.0, "♪": 0.5, "𝅘𝅥𝅯": 0.25}
EQUATION = re.compile(r"([𝅝♩♪]|𝅗𝅥|𝅘𝅥𝅯)\s*(\.{0,2})\s*=\s*([𝅝♩♪]|𝅗𝅥|𝅘𝅥𝅯)\s*(\.{0,2})")
JOINED = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where one printed line ends and the next begins, when a file has lost what was between them."""

SLOWER_RATIO, FASTER_RATIO = 0.72, 1.25
"""Speed at the end of a rit. and of an accel., as a share of the speed before."""


def plain(text: str) -> str:
    """Lower case, no accents, one space between words, no punctuation.

    Lines that were joined without a space ("RondoPresto", "SCHERZOAllegretto") are parted again.
    """
    text = JOINED.sub(" ", text)
    bare = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def beats_per_minute(text: str) -> float | None:
    """The speed that a tempo word names, None where it names none."""
    words = plain(text)
    for word, bpm in BPM:
        if _holds(words, word):
            for modifier, factor in MODIFIERS:
                if modifier != word and _holds(words, modifier):
                    bpm *= factor if bpm > SLOW_BPM or factor < 1 else 1 / factor
            return bpm
    return None


def change_of_tempo(text: str) -> Change | None:
    """The change that a text asks for, None where it asks for none.

    "♩ = ♩." keeps a length and counts it anew: a quarter before is a dotted quarter now.
    """
    if equation := EQUATION.search(text):
        before, dots, after, more = equation.groups()
        old = NOTE_Q[before] * (2.0 - 0.5 ** len(dots))
        return Change(NOTE_Q[after] * (2.0 - 0.5 ** len(more)) / old, gradual=False)
    words = plain(text)
    if words in {"rit", "ritard"} or any(_holds(words, w) for w in SLOWER):
        return Change(SLOWER_RATIO, gradual=True)
    if any(_holds(words, w) for w in FASTER):
        return Change(FASTER_RATIO, gradual=True)
    for word, ratio in AT_ONCE:
        if _holds(words, word):
            little = _holds(words, "poco") or _holds(words, "etwas") or _holds(words, "un peu")
            return Change(ratio**0.5 if little else ratio, gradual=False)
    return None


def returns(text: str) -> bool:
    """Whether a text calls the tempo back."""
    words = plain(text)
    return any(_holds(words, w) for w in BACK)


def _holds(words: str, phrase: str) -> bool:
    return f" {phrase} " in f" {words} "
