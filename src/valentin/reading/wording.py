"""Words printed in a score → what kind of mark they are.

In: a text. Out: `Wording` rows: one text may hold several ("p dolce", "cresc. ed accel.").

**Conventions.** Texts stay as printed, dashes and brackets taken off. A level with "più", "meno" or
"quasi" before it is relative, so it stays words. Numbers alone are fingerings and no words.

**Knows nothing of** where the words stand.

**Reference.** SMuFL 1.4 (metronome marks U+ECA0–ECB7, dynamics U+E520–E54F).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from valentin.music import MarkKind

__all__ = ["Wording", "bends", "joined", "metronome", "names_speed", "tidy", "worded"]

_DYNAMIC = (
    r"p{1,6}|f{1,6}|mp|mf|sf{1,2}|sf{1,3}z|f{1,2}z|sfp{1,2}|fp{1,2}|fzp|ffp|rfz?|pfz?|sfzp{1,2}"
)
_LEVEL = re.compile(rf"(?<![\w.]){'(' + _DYNAMIC + ')'}(?![\w'’])\.?")
_WORDS = re.compile(
    r"(?i)^(sempre\s+)?(pianissimo|piano|mezzo\s+piano|mezzo\s+forte|fortissimo|forte)\.?$"
)
_ABBREVIATED = {
    "pianissimo": "pp", "piano": "p", "mezzo piano": "mp", "mezzo forte": "mf", "forte": "f",
    "fortissimo": "ff",
}  # fmt: skip
_RELATIVE = re.compile(r"(?i)\b(pi[uùú첫]|meno|quasi|poco|un poco)\b")
_GROWS = re.compile(r"(?i)\b(cresc\w*|cres)(?![a-z])|\baugment\w*")
_FADES = re.compile(r"(?i)\b(dim|dimin\w*|decre\w*)(?![a-z])")
_FILLING = re.compile(r"(?i)\b(sempre|molto|poco|a|assai|pi[uùú첫]|e|ed|subito|do|un|poi)\b")
_ONE_STRING = re.compile(
    r"(?i)\b(una|due)\s+corda?e?\b|\b[12]\s?corda?e?\b|\bu\.\s?c\.|\bmit verschiebung|\bsourdine"
    r"|\bcon sord|\bsord(ino|ini|ina)\b|\bpetite p[ée]dale"
)
_ALL_STRINGS = re.compile(
    r"(?i)\b(tre|tutte\s+le|tutte|3)\s+corde|\bt\.\s?c\.|\bohne verschiebung|\bsenza sordin"
)
_PEDAL = re.compile(r"(?i)^\(?ped(al)?\.?\)?$")
_LIFTED = frozenset("*✱❋✻")
_FEET: tuple[tuple[re.Pattern[str], tuple[tuple[MarkKind, str], ...]], ...] = (
    (
        re.compile(
            r"(?i)^(½|1/2|half|mezzo|demi|halb\w*)[\s-]*p([ée]d)?(ale?|ale?s)?\.?$|^halbpedal$"
            r"|^p[ée]d(al[e]?)?\.?\s*(½|1/2)$"
        ),
        (("pedal", "half sign"),),
    ),
    (re.compile(r"(?i)^(sost(enuto)?\.?|s\.)\s*p[ée]d(al[e]?)?\.?$"), (("sostenuto", "down"),)),
    (
        re.compile(r"(?i)\b(2|due|deux|les\s+deux|beide[n]?)\s+p[ée]d(al[ei]?[ns]?|ales)?\.?"),
        (("una-corda", "una corda"), ("pedal", "free")),
    ),
    (
        re.compile(r"(?i)^(sempre\s+)?(senza|sans|ohne|without|no)\s+p[ée]d(al\w*)?\.?$"),
        (("pedal", "without"),),
    ),
    (
        re.compile(
            r"(?i)^(sempre\s+)?(con|col|avec|mit|with)\s+(il\s+)?p[ée]d(al\w*)?\.?$"
            r"|^p[ée]d(al\w*)?\.?\s*(sim(ile)?|sempre|ad\s+lib\w*)\.?$"
        ),
        (("pedal", "free"),),
    ),
)
"""Words of the feet → marks. "free" leaves the pedal to the player again, "without" forbids it."""
_GRADUAL = (
    r"rit|riten\w*|ritard\w*|rall\w*|slent\w*|allarg\w*|accel\w*|string\w*|affrett\w*"
    r"|stretto|c[ée]dez|retenu|retenez|serrez|pressez|animez|en\s+animant"
)
_SPEEDS = (
    r"larghissimo|larghetto|largo|lento|lente?|lentement|adagietto|adagio|andante|andantino|moderato"
    r"|allegretto|allegro|vivace|vivacissimo|vivo|presto|prestissimo|grave|siciliano|con\s+moto"
    r"|mosso|tempo\s+di\s+\w+|men?uetto|marcia(\s+funebre)?|marche(\s+fun[èe]bre)?"
    r"|langsam|ruhig|breit|getragen|gehend|m[äa](ß|ss)ig|bewegt|lebhaft|munter|geschwind|rasch"
    r"|schnell|mod[ée]r[ée]|anim[ée]|calme|vif|vivement|vite|rapide"
    r"|slow|slowly|moderately|lively|fast|quickly"
)
_RELATED = (
    r"(a|in|im)\s+tempo|tempo\s+(i|1|primo|giusto)|erstes\s+tempo|(l['’])?istesso\s+tempo"
    r"|((au|1\s?er)\s+)?mouv(t|ement)|doppio\s+movimento"
    r"|langsamer|ruhiger|schneller|rascher|bewegter"
)
_TEMPO = re.compile(rf"(?i)\b({_GRADUAL}|{_SPEEDS}|{_RELATED})(?![a-zß-ÿ])")
_FADING = r"calando|smorz\w*|moren\w*|perden\w*|ralent\w*"
_CHANGING = re.compile(rf"(?i)\b({_GRADUAL}|{_FADING})(?![a-zß-ÿ])")
_MOODS = (
    r"pi[uùú]|meno|plus|moins|tranquillo|animato|agitato|sostenuto|maestoso|energico|scherzando"
)
_NAMING = re.compile(rf"(?i)\b({_SPEEDS}|{_RELATED}|{_MOODS})(?![a-zß-ÿ])")
_DASHES = re.compile(r"[\s_]*[-–—_](?:[\s._]*[-–—_])*[\s_]*$")
_HYPHENS = re.compile(r"(?<=\w)\s?-+\s?(?=\w)")
_GLYPHS = {
    "\ueca2": "𝅝", "\ueca3": "𝅗𝅥", "\ueca5": "♩", "\ueca7": "♪", "\ueca9": "𝅘𝅥𝅯", "\uecb7": ".",
    "\ue1d2": "𝅝", "\ue1d3": "𝅗𝅥", "\ue1d5": "♩", "\ue1d7": "♪", "\ue1d9": "𝅘𝅥𝅯", "\ue1e7": ".",
    "\ue650": "Ped.", "\ue655": "*", "\ue656": "½ Ped.", "\U0001d15e": "𝅗𝅥",
    "\U0001d158\U0001d165\U0001d16e": "♪", "\U0001d160": "♪", "\U0001d15f": "♩",
    "\ue520": "p", "\ue521": "m", "\ue522": "f", "\ue523": "r", "\ue524": "s", "\ue525": "z",
    "\ue52b": "pp", "\ue52a": "ppp", "\ue52c": "mp", "\ue52d": "mf", "\ue52f": "ff",
    "\ue530": "fff", "<sym>dynamicPiano</sym>": "p", "<sym>dynamicForte</sym>": "f",
    "<sym>dynamicMezzo</sym>": "m", "<sym>dynamicSforzando</sym>": "s", "<sym>dynamicZ</sym>": "z",
}  # fmt: skip
_UNITS = {"𝅝": 4.0, "𝅗𝅥": 2.0, "♩": 1.0, "♪": 0.5, "𝅘𝅥𝅯": 0.25}
_QUARTER = re.compile("\U0001d158\U0001d165(?![\U0001d16e-\U0001d172])")
_EQUATION = re.compile(r"([𝅝♩♪]|𝅗𝅥|𝅘𝅥𝅯)\s*\.{0,2}\s*=\s*([𝅝♩♪]|𝅗𝅥|𝅘𝅥𝅯)")
_COUNT = r"\d+(?:[.,]\d+)?"
_METRONOME = re.compile(
    rf"([𝅝♩♪]|𝅗𝅥|𝅘𝅥𝅯)\s*(\.{{0,2}})\s*=\s*(?:c(?:a|irca)?\.?\s*|±\s*)?({_COUNT})"
    rf"(?:\s*(?:[-–—/]|to|bis|à)\s*({_COUNT}))?"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One meaning of a text."""

    kind: MarkKind
    text: str


def tidy(text: str) -> str:
    """Music characters as letters and notes, other private ones dropped, end dashes taken off."""
    for glyph, meaning in _GLYPHS.items():
        text = text.replace(glyph, meaning)
    text = _QUARTER.sub("♩", text)
    text = "".join(c for c in text if not "\ue000" <= c <= "\uf8ff")
    text = re.sub(r"(?<=[𝅝𝅗𝅥♩♪𝅘𝅥𝅯]) \.", ".", " ".join(text.split()))
    return _DASHES.sub("", text).strip()


def metronome(text: str) -> float | None:
    """Quarters per minute that a text such as "♩. = 60" asks for; the middle of a range."""
    found = _METRONOME.search(tidy(text))
    if not found:
        return None
    unit, dots, count, most = found.groups()
    speed = float(count.replace(",", "."))
    if most and float(most.replace(",", ".")) > speed:
        speed = (speed + float(most.replace(",", "."))) / 2
    return _UNITS[unit] * (2.0 - 0.5 ** len(dots)) * speed


def names_speed(text: str) -> bool:
    """Whether words printed as a tempo name a speed or call one back, rather than bend it."""
    return bool(_NAMING.search(text)) and not _CHANGING.search(text)


def bends(text: str) -> bool:
    """Whether words ask for a gradual change of tempo, so that their line says how long."""
    return bool(_CHANGING.search(text))


def joined(text: str) -> str:
    """A text whose syllables are drawn out under its line ("cre--scen-do. _"), as it is spoken."""
    plain = re.sub(r"(\s-)+\s-\s", " ", text.replace("_", " ")).strip(" -")
    one, several = _HYPHENS.sub("", plain), _HYPHENS.sub(" ", plain)
    known = (t for t in (one, several) if bends(t) or any(w.kind != "words" for w in worded(t)))
    return next(known, one)


def worded(text: str, *, tempo: bool = False) -> tuple[Wording, ...]:
    """What a text asks for; nothing where it has no letters. `tempo`: it is printed as a tempo."""
    text = tidy(text)
    plain = text.strip("()[] ")
    if _EQUATION.search(text):
        return (Wording("tempo", text),)
    if plain in _LIFTED:
        return (Wording("pedal", "lift"),)
    for pattern, marks in _FEET:
        if pattern.search(plain):
            return tuple(Wording(kind, meant) for kind, meant in marks)
    if not any(c.isalpha() for c in plain) or (len(plain) == 1 and plain not in "pf"):
        return (Wording("tempo", text),) if tempo and text else ()
    if pedal := _strings(plain):
        return pedal
    rows = list(_levels(plain))
    if rows and (rows[0].text == plain.rstrip(".") or _WORDS.match(plain)):
        return tuple(rows)
    rows += _gradual(plain)
    rest = _rest(plain) if rows else plain
    if rest:
        kind: MarkKind = "tempo" if (tempo and not rows) or _TEMPO.search(rest) else "words"
        rows.append(Wording(kind, rest if rows else text))
    return tuple(rows)


def _strings(text: str) -> tuple[Wording, ...]:
    if _PEDAL.match(text):
        return (Wording("pedal", "sign"),)
    rest = _ALL_STRINGS.sub("", text) if _ALL_STRINGS.search(text) else ""
    if rest or _ALL_STRINGS.search(text):
        return (Wording("una-corda", "tre corde"), *(worded(rest) if rest.strip() else ()))
    if _ONE_STRING.search(text):
        rest = _ONE_STRING.sub("", text).strip()
        return (Wording("una-corda", "una corda"), *(worded(rest) if rest else ()))
    return ()


def _levels(text: str) -> list[Wording]:
    if spelled := _WORDS.match(text):
        name = " ".join(spelled.group(2).lower().split())
        return [Wording("dynamic", _ABBREVIATED[name])]
    found = _LEVEL.search(text)
    if not found or _RELATIVE.search(text[: found.start()]):
        return []
    return [Wording("dynamic", found.group(1))]


def _gradual(text: str) -> list[Wording]:
    if _GROWS.search(text):
        return [Wording("hairpin", "crescendo")]
    return [Wording("hairpin", "diminuendo")] if _FADES.search(text) else []


def _rest(text: str) -> str:
    """What a text says beside its level and its cresc."""
    for said in (_LEVEL, _GROWS, _FADES):
        text = said.sub(" ", text)
    left = " ".join(word for word in text.split() if word != ".").strip(" .,-–")
    return "" if not _FILLING.sub("", left).strip(" .,-–()") else left
