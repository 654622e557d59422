"""Suggest a finger for every note: the easiest way for each hand, by dynamic programming.

In: a score (folded or unfolded) and the span of the hand. Out: one `Fingering` a note of each hand.

**Conventions.** Each hand is a row of slices: what is struck together, with what is still held
below or above it. Fingers of a slice rise with pitch; a held note keeps its finger. The cost of a
way is the sum over slices (vertical) and over neighbours (horizontal, the mean over their pairs of
notes); of three single notes in a row also what rules 4, 5 and 7 ask. Printed fingers are kept.
Held notes out of reach are left to the pedal. Time grows with the number of slices.

**Knows nothing of** seconds, loudness, a player's habits.

**Reference.** See `reaches` for the model and its sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import Literal

from valentin.music import Fingering, Score, ScoreNote
from valentin.studying.reaches import Hand, passing, placing, spanning, turning
from valentin.studying.scales import scale_fingers

__all__ = ["fingered", "printed_fingers"]

Side = Literal["left", "right"]
Fingers = tuple[int, ...]
"""A finger for each note of a slice, from the thumb's side."""

KEPT = 1000.0
"""Points for not using a printed finger: more than any way costs otherwise."""

SUBSTITUTED = 6.0
"""Points for changing the finger on a key that is held."""

UNUSUAL = 20.0
"""Points for a finger that a scale does not have there."""

REACHED = 0.6
"""Weight of the spans within a slice against those between slices."""

RESTED_Q = Fraction(1, 2)
"""Quarters of rest after which a hand may start anew."""

AFRESH = 0.25
"""Weight of what lies before such a rest."""

MIDDLE_C = 60
GRACE_ORDER = 1


@dataclass(frozen=True, slots=True)
class _Slice:
    """Notes of one hand that sound together, from the thumb's side; `struck[i]`: begins here.

    `pitches` are mirrored for the left hand. `rested`: silence comes before it. `usual` are the
    fingers of a scale that runs through it.
    """

    notes: tuple[ScoreNote, ...]
    pitches: tuple[int, ...]
    struck: tuple[bool, ...]
    rested: bool = False
    usual: tuple[int, ...] = ()


def fingered(score: Score, span_cm: float = 21.0) -> tuple[Fingering, ...]:
    """Fingers for the notes of both hands, in the order of the score."""
    printed = printed_fingers(score)
    found: dict[str, Fingering] = {}
    hands = _hands(score)
    for side in ("left", "right"):
        slices = _slices(hands[side], -1 if side == "left" else 1, Hand(span_cm))
        slices = _with_scales(slices, side)
        for one, fingers in zip(slices, _easiest(slices, printed, Hand(span_cm)), strict=True):
            for note, finger, struck in zip(one.notes, fingers, one.struck, strict=True):
                if struck:
                    kept = finger in printed.get(note.id, ())
                    found[note.id] = Fingering(note.id, side, finger, kept)
    return tuple(found[note.id] for note in score.notes if note.id in found)


def printed_fingers(score: Score) -> dict[str, tuple[int, ...]]:
    """The fingers that are printed at a note, the first one first."""
    rows: dict[str, tuple[int, ...]] = {}
    for mark in score.marks:
        if mark.kind == "fingering":
            fingers = tuple(int(c) for c in mark.text if c in "12345")
            rows |= {name: fingers[:1] for name in mark.note_ids if fingers}
    return rows


def _hands(score: Score) -> dict[Side, list[ScoreNote]]:
    """The notes of each hand; a note whose hand is not said goes to the side it lies on."""
    hands: dict[Side, list[ScoreNote]] = {"left": [], "right": []}
    for note in score.notes:
        if note.hidden:
            continue
        if note.hand == "left" or (not note.hand and note.pitch < MIDDLE_C):
            hands["left"].append(note)
        else:
            hands["right"].append(note)
    return hands


def _slices(notes: Sequence[ScoreNote], way: int, hand: Hand) -> list[_Slice]:
    """The notes of one hand in slices; each grace is one of its own, before what it leans on."""
    groups: dict[tuple[Fraction, int], list[ScoreNote]] = {}
    for place, note in enumerate(notes):
        key = note.onset_q, place - len(notes) if note.grace else GRACE_ORDER
        groups.setdefault(key, []).append(note)
    rows: list[_Slice] = []
    held: list[ScoreNote] = []
    ended = Fraction(0)
    for (onset, _), members in sorted(groups.items()):
        held = [n for n in held if n.onset_q + n.duration_q > onset]
        chosen = _within_reach(members, held, way, hand)
        chosen.sort(key=lambda n: way * n.pitch)
        own = {n.id for n in members}
        rested = bool(rows) and onset - ended >= RESTED_Q
        struck = tuple(n.id in own for n in chosen)
        rows.append(_Slice(tuple(chosen), tuple(way * n.pitch for n in chosen), struck, rested))
        held += [n for n in members if n.duration_q]
        ended = max(ended, *(n.onset_q + n.duration_q for n in members))
    return rows


def _with_scales(slices: Sequence[_Slice], side: Side) -> list[_Slice]:
    """The slices, those in a scale with the fingers that it has."""
    rows = list(slices)
    start = 0
    for i in range(len(rows) + 1):
        if i < len(rows) and len(rows[i].notes) == 1 and not rows[i].rested:
            continue
        line = [abs(one.pitches[0]) for one in rows[start:i]]
        for place, usual in scale_fingers(line, side).items():
            rows[start + place] = replace(rows[start + place], usual=usual)
        start = i if i < len(rows) and len(rows[i].notes) == 1 else i + 1
    return rows


def _within_reach(
    members: Sequence[ScoreNote], held: Sequence[ScoreNote], way: int, hand: Hand
) -> list[ScoreNote]:
    """What is struck, and of the held notes those that the same hand can hold on to."""
    chosen = {(n.pitch, n.id): n for n in members}
    taken = {n.pitch for n in members}
    widest = int(hand.reach(1, 5)[-1])
    for note in sorted(held, key=lambda n: min(abs(n.pitch - m.pitch) for m in members)):
        pitches = [*taken, note.pitch]
        if len(pitches) <= 5 and note.pitch not in taken and max(pitches) - min(pitches) <= widest:
            chosen[note.pitch, note.id] = note
            taken.add(note.pitch)
    return list(chosen.values())


def _easiest(
    slices: Sequence[_Slice], printed: Mapping[str, tuple[int, ...]], hand: Hand
) -> list[Fingers]:
    """The cheapest row of fingers: a search over pairs of neighbouring slices."""
    if not slices:
        return []
    states = [list(_states(one)) for one in slices]
    own = [_upright(slices, i, states[i], printed, hand) for i in range(len(slices))]
    best: dict[tuple[Fingers, Fingers], float] = {((), s): c for s, c in own[0].items()}
    back: list[dict[tuple[Fingers, Fingers], Fingers]] = []
    for i in range(1, len(slices)):
        way: dict[tuple[Fingers, Fingers], float] = {}
        came: dict[tuple[Fingers, Fingers], Fingers] = {}
        between = {
            (a, b): _across(slices[i - 1], a, slices[i], b, hand)
            for a in states[i - 1]
            for b in states[i]
        }
        three = _in_a_row(slices, i)
        for (first, second), cost in best.items():
            for third in states[i]:
                total = cost + between[second, third] + own[i][third]
                if three is not None and first:
                    total += turning(hand, (first[0], second[0], third[0]), *three)
                if total < way.get((second, third), float("inf")):
                    way[second, third], came[second, third] = total, first
        best = way
        back.append(came)
    here = min(best, key=lambda pair: (best[pair], pair))
    row = [here[1]]
    for came in reversed(back):
        row.append(here[0])
        here = came[here], here[0]
    return row[::-1]


def _states(one: _Slice) -> Iterator[Fingers]:
    """Fingers that rise with pitch; more notes than fingers share one."""
    count = len(one.notes)
    if count <= 5:
        yield from combinations(range(1, 6), count)
    else:
        most = (count + 4) // 5
        for fingers in combinations_with_replacement(range(1, 6), count):
            if all(fingers.count(f) <= most for f in range(1, 6)):
                yield fingers


def _upright(
    slices: Sequence[_Slice],
    i: int,
    states: Sequence[Fingers],
    printed: Mapping[str, tuple[int, ...]],
    hand: Hand,
) -> dict[Fingers, float]:
    """Points of each way to take one slice."""
    one = slices[i]
    before = _beside(slices[i - 1], one) if i else None
    after = _beside(slices[i + 1], one) if i + 1 < len(slices) else None
    found: dict[Fingers, float] = {}
    for fingers in states:
        points = 0.0
        rows = list(zip(one.notes, one.pitches, fingers, one.struck, strict=True))
        for note, pitch, finger, struck in rows:
            if struck:
                points += placing(finger, pitch, before, after)
                points += UNUSUAL if one.usual and finger not in one.usual else 0.0
                wanted = printed.get(note.id, (finger,))
                points += 0.0 if finger in wanted else KEPT
        for (_, low, first, _), (_, high, second, _) in combinations(rows, 2):
            if first == second:
                points += 0.0 if high - low <= 2 else BROKEN
            else:
                points += REACHED * spanning(hand, first, second, high - low)
        found[fingers] = points
    return found


AGAIN = 6.0
"""Points for changing a finger where a chord is struck again: as for one on a held key."""

MOVED = 3.0
"""Points for a finger that moves on to another key from chord to chord, as in octaves."""

BROKEN = 8.0
"""Points for two keys under one finger that lie too far apart for it."""


def _beside(other: _Slice, one: _Slice) -> int | None:
    """The pitch beside a single note in a row; chords have no such neighbour."""
    single = sum(other.struck) == 1 and sum(one.struck) == 1
    return other.pitches[other.struck.index(True)] if single else None


def _across(before: _Slice, a: Fingers, after: _Slice, b: Fingers, hand: Hand) -> float:
    """Points between two slices: the mean over pairs of struck notes; fingers changed on keys."""
    points, pairs = 0.0, 0
    chords = min(sum(before.struck), sum(after.struck)) > 1
    for finger, pitch, struck in zip(a, before.pitches, before.struck, strict=True):
        if not struck:
            continue
        for other, there, begins in zip(b, after.pitches, after.struck, strict=True):
            if begins:
                octave = pitch % 12 if pitch >= 0 else -(-pitch % 12)
                step = passing(hand, finger, other, octave, there - pitch)
                points += min(step, MOVED) if chords and finger == other else step
                pairs += 1
    points = points / pairs if pairs else 0.0
    if chords and before.pitches == after.pitches and all(before.struck) and all(after.struck):
        points += AGAIN * sum(x != y for x, y in zip(a, b, strict=True))
    if after.rested:
        points *= AFRESH
    held = {n.id: f for n, f, s in zip(after.notes, b, after.struck, strict=True) if not s}
    for note, finger in zip(before.notes, a, strict=True):
        if held.get(note.id, finger) != finger:
            points += SUBSTITUTED
    return points


def _in_a_row(slices: Sequence[_Slice], i: int) -> tuple[int, int] | None:
    """The intervals of three single notes that end with slice i, None where they are not single."""
    if i < 2 or slices[i].rested or slices[i - 1].rested:
        return None
    if any(len(one.notes) != 1 for one in slices[i - 2 : i + 1]):
        return None
    first, second, third = (one.pitches[0] for one in slices[i - 2 : i + 1])
    return second - first, third - first
