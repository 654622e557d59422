"""A pen that runs along one part of MusicXML and says where its notes stand.

In: the measures of a part, one by one. Out: onsets and durations from the start of the bar, how far
the bar, its staves and its voices reach, and the tempi of its playback.

**Conventions.** Ticks of 1/`scale` quarter: whole numbers wherever the divisions allow. No cursor
goes before its bar. A staff is as long as the longest voice that is printed on it now or was
before, since a voice that crosses over leaves its own staff empty.

**Knows nothing of** other parts, pitch, ties.

**Reference.** MusicXML 4.0 (W3C, 2021), elements `divisions`, `duration`, `backup`, `forward`,
`sound`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from xml.etree.ElementTree import Element

from valentin.reading.mei_tree import exact
from valentin.reading.told import Playback

__all__ = ["Cursor", "Ticks", "number_in", "ticks_per_quarter"]

Ticks = int | Fraction
_MOST_DIVISIONS = 1 << 24
_DIGITS = 10


def ticks_per_quarter(root: Element) -> int:
    """The least common multiple of all divisions: whole numbers are ten times as fast."""
    every = {number_in(element, "divisions") for element in root.iter("attributes")}
    whole = [int(q) for q in every if q and q.denominator == 1 and q <= _MOST_DIVISIONS]
    scale = lcm(*whole)
    return scale if scale <= _MOST_DIVISIONS else 1


class Cursor:
    """Runs along one part, bar by bar, in ticks of 1/`scale` quarter."""

    def __init__(self, scale: int) -> None:
        self.scale = scale
        self.per_division: Ticks = scale
        self.furthest: Ticks = 0
        self.voices: dict[str, Ticks] = {}
        self.printed: dict[str, set[int]] = {}
        self.sounds: list[tuple[Element, Ticks, bool]] = []

    def notes(self, measure: Element) -> Iterator[tuple[Element, Ticks, Ticks]]:
        """(note, onset from the start of the bar, duration); then `furthest` is its length."""
        now: Ticks = 0
        onset: Ticks = 0
        voice = ""
        self.furthest = 0
        self.voices, self.sounds = {}, []
        for element in measure:
            tag = element.tag
            if tag == "attributes":
                divisions = number_in(element, "divisions")
                self.per_division = _divided(self.scale, divisions) or self.per_division
            elif tag == "backup":
                now = max(0, now - self.ticks(element))
            elif tag == "forward":
                now += self.ticks(element)
                self.reached(element.findtext("voice") or voice, None, now)
            elif tag == "note":
                lasting = self.ticks(element)
                voice = element.findtext("voice") or "1"
                if element.find("chord") is None:
                    onset = now
                    now += lasting
                self.reached(voice, int(number_in(element, "staff")) or 1, now)
                yield element, onset, lasting
            elif tag in ("direction", "sound"):
                self.sounds += self.heard(element, now)
            self.furthest = max(self.furthest, now)

    def reached(self, voice: str, staff: int | None, now: Ticks) -> None:
        """A voice came so far; it belongs to every staff that it was ever printed on."""
        self.voices[voice] = max(self.voices.get(voice, 0), now)
        self.printed.setdefault(voice, set()).update([staff] if staff else [])

    def staves(self) -> Iterator[tuple[int, Ticks]]:
        """How long each staff of the last bar is, for those with anything on them."""
        ends: dict[int, Ticks] = {}
        for voice, end in self.voices.items():
            for staff in self.printed[voice]:
                ends[staff] = max(ends.get(staff, 0), end)
        yield from sorted(ends.items())

    def heard(self, element: Element, now: Ticks) -> Iterator[tuple[Element, Ticks, bool]]:
        """The `sound` with a tempo in a direction, where it acts, and whether words stand there."""
        sound = element if element.tag == "sound" else element.find("sound")
        if sound is not None and sound.get("tempo"):
            shift = exact(element.findtext("offset") or sound.findtext("offset")) or 0
            words = any((w.text or "").strip() for w in element.iter("words"))
            yield sound, max(0, now + shift * self.per_division), words

    def playback(self, bar: Ticks) -> Iterator[Playback]:
        """The tempi of the last bar's playback."""
        for sound, at, worded in self.sounds:
            tempo = exact(sound.get("tempo"))
            if tempo and tempo > 0:
                yield Playback(Fraction(bar + at) / self.scale, float(tempo), worded)

    def ticks(self, element: Element) -> Ticks:
        """What its duration says; a grace note has none."""
        if element.find("grace") is not None:
            return 0
        lasting = number_in(element, "duration") * self.per_division
        return lasting.numerator if lasting.denominator == 1 else lasting


def _divided(scale: int, divisions: Ticks) -> Ticks:
    """Ticks of a division, 0 where there are no divisions."""
    ratio = Fraction(scale, divisions) if divisions else Fraction(0)
    return ratio.numerator if ratio.denominator == 1 else ratio


def number_in(element: Element, name: str) -> Ticks:
    """The number that a child holds, 0 where it holds none or a negative one."""
    text = element.findtext(name) or ""
    if text.isdecimal() and text.isascii() and len(text) < _DIGITS:
        return int(text)
    return max(exact(text) or 0, 0)
