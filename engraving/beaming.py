"""Which notes share a beam: by the metre's beat, unless the source sets brackets by hand.

**Conventions.** The answer for an event is one word per beam level from the outside in, as in
MusicXML: begin, continue, end, forward hook, backward hook.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engraving.source import Bar, Event

__all__ = ["beams"]


def beams(bar: Bar, beam_q: Fraction) -> dict[int, tuple[str, ...]]:
    """Index in `bar.events` → its beam words, for the events under a beam."""
    words: dict[int, tuple[str, ...]] = {}
    for lane in dict.fromkeys(event.lane for event in bar.events):
        rows = [(i, e) for i, e in enumerate(bar.events) if e.lane == lane]
        for graces in (True, False):
            for group in _groups([r for r in rows if bool(r[1].grace) == graces], bar, beam_q):
                words |= _levels(group)
    return words


def _groups(
    rows: Sequence[tuple[int, Event]], bar: Bar, beam_q: Fraction
) -> list[list[tuple[int, Event]]]:
    """Runs of two and more notes that share a beam."""
    groups: list[list[tuple[int, Event]]] = [[]]
    by_hand = False
    window: tuple[Fraction | int, str] | None = None
    for i, event in rows:
        span = event.onset_q if event.grace else (event.onset_q - bar.start_q) // beam_q
        starts = "[" in event.beam or (not by_hand and (span, event.grace) != window)
        by_hand = by_hand or "[" in event.beam
        if starts or (not event.flags and not by_hand):
            groups.append([])
        if event.flags:
            groups[-1].append((i, event))
        window = (span, event.grace)
        if "]" in event.beam:
            by_hand, window = False, None
    return [group for group in groups if len(group) > 1]


def _levels(group: Sequence[tuple[int, Event]]) -> dict[int, tuple[str, ...]]:
    flags = [event.flags for _, event in group]
    return {
        i: tuple(_word(flags, place, level) for level in range(1, event.flags + 1))
        for place, (i, event) in enumerate(group)
    }


def _word(flags: Sequence[int], place: int, level: int) -> str:
    """The word of one note at one level, from the flags of its neighbours in the group."""
    left = place > 0 and flags[place - 1] >= level
    right = place + 1 < len(flags) and flags[place + 1] >= level
    if left and right:
        return "continue"
    if left or right:
        return "end" if left else "begin"
    return "backward hook" if place > 0 else "forward hook"
