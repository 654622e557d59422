"""What it costs two or three fingers to play two or three notes: spans, crossings, black keys.

In: fingers and pitches of one hand, its span. Out: points of difficulty, and no search.

**Conventions.** Semitones; for the left hand pitches are mirrored, so that higher is always towards
the little finger. A span is the pitch of the higher-numbered finger minus that of the lower, and
negative where they cross.

**Knows nothing of** scores, time.

**Reference.** R. Parncutt, J. A. Sloboda, E. F. Clarke, M. Raekallio, P. Desain (1997), *An
ergonomic model of keyboard fingering for melodic fragments*, Music Perception 14(4): the table of
spans (a medium hand) and rules 1–12. J. P. Jacobs (2001), *Refinements*, ibid. 18(4): of rule 6
only the fourth finger. A. Al Kasimi, E. Nichols, C. Raphael (2007), *A simple algorithm for
automatic generation of polyphonic piano fingerings*, ISMIR: notes struck together pay by their
spans, notes in a row by the spans between slices. Ours: leaps beyond all reach, one finger on two
keys, repeated keys, and hands of other sizes. Spans of pianists' hands: R. Boyle, R. Boyle, E.
Booker (2015), *Pianist hand spans*, Australasian Piano Pedagogy Conference: women 20.1 cm, men
22.6 cm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

__all__ = ["HANDS_CM", "Hand", "is_black", "passing", "placing", "spanning", "turning"]

HANDS_CM = {"small": 19.0, "medium": 21.0, "large": 23.0}
"""Thumb to little finger stretched, in cm: below the women's mean, between the means, and above the
men's mean."""

MEDIUM_CM = HANDS_CM["medium"]
SPANS: dict[tuple[int, int], tuple[int, int, int, int, int, int]] = {
    (1, 2): (-5, -3, 1, 5, 8, 10), (1, 3): (-4, -2, 3, 7, 10, 12), (1, 4): (-3, -1, 5, 9, 12, 14),
    (1, 5): (-1, 1, 7, 11, 13, 15), (2, 3): (1, 1, 1, 2, 3, 5), (2, 4): (1, 1, 3, 4, 5, 7),
    (2, 5): (2, 2, 5, 6, 8, 10), (3, 4): (1, 1, 1, 2, 2, 4), (3, 5): (1, 1, 3, 4, 5, 7),
    (4, 5): (1, 1, 1, 2, 3, 5),
}  # fmt: skip
"""MinPrac, MinComf, MinRel, MaxRel, MaxComf, MaxPrac of each pair of fingers (table 1)."""

BEYOND = 30.0
"""Points at most, where no hand reaches: it lifts and lands anew, whatever the distance. Ours."""

OUTWARD = 0.01
"""Share of all points that counts in any case, so that a leap goes to the nearest finger."""

IMPRACTICAL = 2.0
"""Points a semitone beyond what the model holds for practical, as arpeggios need. Ours."""

SAME_FINGER, FAR = 24.0, 16
"""Points for one finger on two keys in a row, unless they are as many semitones apart, where no
fingers would bind them. Ours; the model has no such case."""

PASSED, PASSED_BLACK = 3.0, 9.0
"""Points for the thumb's passing, and for its passing to a black key from a white one: three times
those of rule 12, with which most textbook scales come out a little nearer."""

CHANGED = 2.0
"""Points for another finger on the same key in a row. Ours."""

STRETCH = 2.0
THUMB, FINGERS = 1.0, 2.0
"""Points a semitone beyond comfort, and beyond rest with and without the thumb (rules 1–3)."""

FARTHEST = 12.0
"""Semitones of a change of position that count (rule 5); beyond, the hand leaps anyway."""

_BLACK = frozenset((1, 3, 6, 8, 10))


def is_black(pitch: int) -> bool:
    """Whether it is a black key; mirrored pitches (left hand) are negative and count back."""
    return abs(pitch) % 12 in _BLACK


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand of a certain span; longer spans than a medium hand's are stretched in proportion."""

    span_cm: float = MEDIUM_CM

    def reach(self, low: int, high: int) -> tuple[float, ...]:
        """The six limits of a pair of fingers, `low` < `high`."""
        share = self.span_cm / MEDIUM_CM
        minima, maxima = SPANS[low, high][:3], SPANS[low, high][3:]
        return (*(float(m) for m in minima), *(m * share for m in maxima))


@cache
def spanning(hand: Hand, first: int, second: int, interval: int) -> float:
    """Points for the second of two fingers `interval` above the first (rules 1–3)."""
    if first == second:
        return 0.0 if interval == 0 else SAME_FINGER if abs(interval) < FAR else BEYOND
    if interval == 0:
        return CHANGED
    low, high = min(first, second), max(first, second)
    span = interval if first < second else -interval
    min_prac, min_comf, min_rel, max_rel, max_comf, max_prac = hand.reach(low, high)
    weight = THUMB if low == 1 else FINGERS
    points = weight * (max(min_rel - span, 0.0) + max(span - max_rel, 0.0))
    points += STRETCH * (max(min_comf - span, 0.0) + max(span - max_comf, 0.0))
    points += IMPRACTICAL * (max(min_prac - span, 0.0) + max(span - max_prac, 0.0))
    return min(points, BEYOND) + OUTWARD * points


@cache
def passing(hand: Hand, first: int, second: int, pitch: int, interval: int) -> float:
    """Points of two notes in a row: their span, the thumb's passing, three to four (1–3, 8, 9, 12).

    `pitch` is the first note's, within an octave.
    """
    points = spanning(hand, first, second, interval)
    if first == second:
        return points
    black = is_black(pitch), is_black(pitch + interval)
    if {first, second} == {3, 4}:
        points += 1.0 if (first, second) == (3, 4) else 0.0
        four, three = (black[1], black[0]) if second == 4 else black
        points += 1.0 if four and not three else 0.0
    crossed = (second - first) * interval < 0
    if crossed and 1 in (first, second):
        thumb, other = (black[0], black[1]) if first == 1 else (black[1], black[0])
        points += PASSED_BLACK if thumb and not other else PASSED
    return points


def placing(finger: int, pitch: int, before: int | None, after: int | None) -> float:
    """Points of one note: the weak finger, thumb and little finger on black keys (rules 6, 10, 11).

    `before` and `after` are the pitches around it, None where there is none.
    """
    points = 1.0 if finger == 4 else 0.0
    if finger in (1, 5) and is_black(pitch):
        points += 1.0 if finger == 1 else 0.0
        points += sum(2.0 for p in (before, after) if p is not None and not is_black(p))
    return points


@cache
def turning(hand: Hand, fingers: tuple[int, int, int], first: int, second: int) -> float:
    """Points of three notes in a row: changes of position, 3-4-5 (rules 4, 5, 7).

    `first` and `second` are the intervals from the first note to the others.
    """
    a, b, c = fingers
    points = 1.0 if {a, b, c} == {3, 4, 5} else 0.0
    min_prac = min_comf = max_comf = max_prac = 0.0
    span = second if a <= c else -second
    if a != c:
        min_prac, min_comf, _, _, max_comf, max_prac = hand.reach(min(a, c), max(a, c))
    if min_comf <= span <= max_comf:
        return points
    between = min(0, second) < first < max(0, second)
    full = b == 1 and between and not min_prac <= span <= max_prac
    points += 2.0 if full else 1.0
    return points + min(max(min_comf - span, 0.0) + max(span - max_comf, 0.0), FARTHEST)
