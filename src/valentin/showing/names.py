"""Pitches and bars in the words of musicians.

**Conventions.** Pitch is a MIDI number; C4 is middle C. A black key is a sharp in keys with
sharps or none, a flat in keys with flats.

**Knows nothing of** languages other than English, enharmonic function.
"""

from __future__ import annotations

import re
from fractions import Fraction

from valentin.music import Score

__all__ = [
    "bars_named",
    "diatonic_step",
    "fifths_at",
    "key_name",
    "key_signature_name",
    "plain",
    "spelled",
    "struck_name",
]

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn or hide what stands beside them instead of being seen (UAX #9)."""

_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_FLATS = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
_MAJOR = ("C♭", "G♭", "D♭", "A♭", "E♭", "B♭", "F", "C", "G", "D", "A", "E", "B", "F♯", "C♯")
_MINOR = ("A♭", "E♭", "B♭", "F", "C", "G", "D", "A", "E", "B", "F♯", "C♯", "G♯", "D♯", "A♯")


def key_name(pitch: int, fifths: int = 0) -> str:
    """The name of a key struck, without its octave: 61 → "D♭" in flat keys, else "C♯"."""
    return (_FLATS if fifths < 0 else _SHARPS)[pitch % 12]


def struck_name(pitch: int, written: str, fifths: int = 0) -> str:
    """The name of a key struck for a written note: the scale's own, or that note's letter altered.

    In C major, for a written A, 68 is "A♭"; for a written G it is "G♯"; otherwise the key signature
    decides. In G major 66 is "F♯" whatever is written, since the scale has it.
    """
    sharp, flat = _SHARPS[pitch % 12], _FLATS[pitch % 12]
    if (pitch * 7 - fifths + 1) % 12 < 7:
        return flat if fifths < 0 else sharp
    for name in (sharp, flat):
        if name[0] == written[:1]:
            return name
    if written[1:2] in ("#", "b"):
        return sharp if written[1] == "#" else flat
    return flat if fifths < 0 else sharp


def diatonic_step(pitch: int, fifths: int = 0) -> int:
    """How many staff steps a key is above C0, spelled as `key_name` does."""
    return (pitch // 12) * 7 + "CDEFGAB".index(key_name(pitch, fifths)[0])


def spelled(spelling: str) -> str:
    """A score's spelling for reading: "Eb5" → "E♭5", "F##4" → "F𝄪4"."""
    step, rest = spelling[:1], spelling[1:]
    return step + rest.replace("##", "𝄪").replace("bb", "𝄫").replace("#", "♯").replace("b", "♭")


def plain(text: str) -> str:
    """A title for reading, without characters that turn the line around."""
    return _STEERING.sub("", text)


def bars_named(first: str, last: str) -> str:
    """ "bar 9", "bars 9–12"; where the music goes back "bar 32 to bar 3 (over the repeat)"."""
    if first.isdecimal() and last.isdecimal() and int(first) > int(last):
        return f"bar {first} to bar {last} (over the repeat)"
    return f"bar {first}" if first == last else f"bars {first}–{last}"


def fifths_at(score: Score, onset_q: Fraction) -> int:
    """The key signature in force at a moment, sharps positive."""
    held = 0
    for key in score.keys:
        if key.start_q <= onset_q:
            held = key.fifths
    return held


def key_signature_name(fifths: int, mode: str) -> str:
    """ "E♭ major"; without a mode both keys, "E♭ major or C minor"."""
    major, minor = f"{_MAJOR[fifths + 7]} major", f"{_MINOR[fifths + 7]} minor"
    return {"major": major, "minor": minor}.get(mode, f"{major} or {minor}")
