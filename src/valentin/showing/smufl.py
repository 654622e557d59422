"""Music characters inside text (dynamics, metronome notes) as letters a text font has.

In: the text of a `<tspan>` in the music font. Out: plain text, so that no font need be sent along.

**Knows nothing of** glyphs outside text; those are drawn as outlines (`drawing`).

**Reference.** SMuFL 1.40, ranges "Dynamics" (U+E520–E54F), "Metronome marks" (U+ECA0–ECBF).
"""

from __future__ import annotations

__all__ = ["plain"]

_SINGLE = "pmfrszn"
_COMBINED = [
    *("p" * n for n in range(6, 1, -1)),
    *("mp", "mf", "pf"),
    *("f" * n for n in range(2, 7)),
    *("fp", "fz", "sf", "sfp", "sfpp", "sfz", "sfzp", "sffz", "rf", "rfz"),
]
_METRONOME = {
    0xECA0: "𝅜", 0xECA2: "𝅝", 0xECA3: "𝅗𝅥", 0xECA4: "𝅗𝅥", 0xECA5: "♩", 0xECA6: "♩", 0xECA7: "♪",
    0xECA8: "♪", 0xECA9: "𝅘𝅥𝅯", 0xECAA: "𝅘𝅥𝅯", 0xECB7: ".",
}  # fmt: skip
_PLAIN = (
    {0xE520 + i: letter for i, letter in enumerate(_SINGLE)}
    | {0xE527 + i: letters for i, letters in enumerate(_COMBINED)}
    | _METRONOME
)


def plain(text: str) -> str:
    """The same words without characters of the music font's private range."""
    letters = text.translate(_PLAIN)
    return "".join(c for c in letters if not 0xE000 <= ord(c) <= 0xF8FF)
