"""Part of a Plan: some bars, one hand, another tempo. Plan → Plan, nothing else changes.

**Conventions.** A stretch is half open, [start_q, end_q). The pedal's state on entering the
stretch is carried in, and every pedal is up at its end.

**Knows nothing of** why one wants a part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from valentin.errors import MusicError
from valentin.music.plan import Plan, PlannedPedal
from valentin.music.score import Bar, Score, ScoreNote

__all__ = ["at_tempo", "bars_span", "cut", "only_hand", "only_notes"]


def bars_span(score: Score, first: str, last: str) -> tuple[Fraction, Fraction]:
    """Quarters from the start of bar `first` to the end of bar `last`, as printed.

    In an unfolded score the first rendering of `first` and the next rendering of `last` after it;
    with `last` empty all that follows. Raises MusicError for a bar that is not there, or one that
    comes before the first.
    """
    start = _bar(score, first, Fraction(0), score.bars)
    if not last:
        return start.start_q, score.end_q
    end = _bar(score, last, start.start_q, score.bars)
    return start.start_q, end.start_q + end.length_q


def _bar(score: Score, number: str, from_q: Fraction, bars: Iterable[Bar]) -> Bar:
    numbers = [bar.number for bar in score.bars if bar.number]
    for bar in bars:
        if bar.number == number and bar.start_q >= from_q:
            return bar
    if number in numbers:
        words = f"Finding bar {number}: it comes before the first one asked for; turn them round."
        raise MusicError(words, place=number)
    there = f"bars {numbers[0]} to {numbers[-1]}" if numbers else "no bars"
    raise MusicError(
        f"Finding bar {number}: the score has {there}; choose among them.", place=number
    )


def cut(score: Score, plan: Plan, start_q: Fraction, end_q: Fraction) -> Plan:
    """The plan of the notes that start in [start_q, end_q), beginning at time 0."""
    inside = {n.id for n in score.notes if start_q <= n.onset_q < end_q}
    kept = [
        (q, s)
        for q, s, until in zip(
            plan.onsets_q,
            plan.seconds_per_quarter,
            (*plan.onsets_q[1:], max(end_q, plan.onsets_q[-1] + 1)),
            strict=True,
        )
        if until > start_q and q < end_q
    ] or [(start_q, plan.seconds_per_quarter[-1])]
    part = _with_notes(plan, lambda note_id: note_id in inside)
    return replace(
        part,
        onsets_q=tuple(max(q, start_q) for q, _ in kept),
        seconds_per_quarter=tuple(s for _, s in kept),
        pedal_q=_cut_pedal(plan, float(start_q), float(end_q)),
        start_s=0.0,
    )


def _cut_pedal(plan: Plan, start_q: float, end_q: float) -> tuple[PlannedPedal, ...]:
    before = {p.control: p.value for p in plan.pedal_q if p.onset_q < start_q}
    inside = [p for p in plan.pedal_q if start_q <= p.onset_q < end_q]
    entering = [PlannedPedal(start_q, c, v) for c, v in before.items() if v > 0]
    last = before | {p.control: p.value for p in inside}
    leaving = [PlannedPedal(end_q, c, 0) for c, v in last.items() if v > 0]
    return (*entering, *inside, *leaving)


def only_hand(score: Score, plan: Plan, hand: Literal["left", "right"]) -> Plan:
    """The plan of one hand alone; a note with no hand given goes by its staff (1 is right)."""

    def has(note: ScoreNote) -> bool:
        return (note.hand or ("right" if note.staff == 1 else "left")) == hand

    chosen = {note.id for note in score.notes if has(note)}
    return _with_notes(plan, lambda note_id: note_id in chosen)


def only_notes(plan: Plan, ids: Collection[str]) -> Plan:
    """The plan of these notes alone."""
    return _with_notes(plan, lambda note_id: note_id in ids)


def at_tempo(plan: Plan, factor: float) -> Plan:
    """The same plan `factor` times as fast; leads keep their seconds."""
    if factor <= 0:
        raise ValueError(f"a tempo factor must be positive, got {factor}")
    slower = tuple(s / factor for s in plan.seconds_per_quarter)
    return replace(plan, seconds_per_quarter=slower, start_s=plan.start_s / factor)


def _with_notes(plan: Plan, wanted: Callable[[str], bool]) -> Plan:
    flags = plan.played or (True,) * len(plan.shapes)
    pairs = [(s, p) for s, p in zip(plan.shapes, flags, strict=True) if wanted(s.id)]
    return replace(
        plan,
        shapes=tuple(s for s, _ in pairs),
        played=tuple(p for _, p in pairs) if plan.played else (),
        realisations=tuple(r for r in plan.realisations if wanted(r.id)),
    )
