"""Which accidentals are printed, and which heads end a tie.

**Conventions.** An accidental holds for its line or space to the end of the bar. Courtesy signs are
printed where the same place was altered in the bar before, or another octave of the same step was
altered in this bar. A tied head prints nothing and sets nothing.

**Reference** Gould, *Behind Bars* (2011), pp. 77–87, for the courtesy signs.
"""

from __future__ import annotations

from fractions import Fraction

from engraving.source import Bar, Event, Head, Source

__all__ = ["printed_accidentals", "tie_ends"]

_SHARPS = "FCGDAEB"
_Place = tuple[int, str, int]


def tie_ends(source: Source) -> frozenset[str]:
    """Ids of the heads at which a tie arrives. Raises ValueError for a tie that leads nowhere."""
    waiting: dict[tuple[int, str, int, int, Fraction], list[Head]] = {}
    ends: set[str] = set()
    for bar in source.bars:
        for event in _in_time(bar):
            for head in event.heads:
                place = (event.staff, head.step, head.alter, head.octave)
                if waiting.get((*place, event.onset_q)):
                    waiting[(*place, event.onset_q)].pop()
                    ends.add(head.id)
                if head.tied:
                    end_q = event.onset_q + event.duration_q
                    waiting.setdefault((*place, end_q), []).append(head)
    if any(waiting.values()):
        lost = ", ".join(f"{h.id} ({h.step}{h.octave})" for row in waiting.values() for h in row)
        raise ValueError(f"these ties lead to no note: {lost}")
    return frozenset(ends)


def printed_accidentals(source: Source, tied: frozenset[str]) -> dict[str, int]:
    """Head id → alteration to print, for the heads that show an accidental."""
    in_key = _key_alters(source.key)
    printed: dict[str, int] = {}
    before: dict[_Place, int] = {}
    for bar in source.bars:
        here: dict[_Place, int] = {}
        for event in _in_time(bar):
            for head in event.heads:
                place = (event.staff, head.step, head.octave)
                if head.id in tied:
                    before.setdefault(place, in_key[head.step])
                    continue
                stated = here.get(place, in_key[head.step])
                if head.alter != stated or (
                    place not in here and _needs_courtesy(place, head.alter, before, here)
                ):
                    printed[head.id] = head.alter
                here[place] = head.alter
        before = {place: alter for place, alter in here.items() if alter != in_key[place[1]]}
    return printed


def _needs_courtesy(
    place: _Place, alter: int, before: dict[_Place, int], here: dict[_Place, int]
) -> bool:
    """Whether an eye that has just read this bar and the last one could read the note wrongly."""
    staff, step, _ = place
    elsewhere = (a for (s, t, _), a in here.items() if (s, t) == (staff, step))
    return before.get(place, alter) != alter or any(a != alter for a in elsewhere)


def _key_alters(key: int) -> dict[str, int]:
    sharps = dict.fromkeys(_SHARPS[: max(0, key)], 1)
    flats = dict.fromkeys(_SHARPS[::-1][: max(0, -key)], -1)
    return dict.fromkeys(_SHARPS, 0) | sharps | flats


def _in_time(bar: Bar) -> list[Event]:
    """Events as the eye meets them: by time, graces before their note."""
    return sorted(bar.events, key=lambda event: (event.onset_q, not event.grace))
