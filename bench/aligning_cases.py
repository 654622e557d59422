"""Practice takes with known truth, made from real ones: what `bench/aligning.py` measures on.

In: a human take with its truth. Out: the same music as somebody practising would leave it, every
struck key still knowing which written note it was.

**Conventions.** Truth is by folded score id: a key has one written note or none (it is an
*extra*), a written note may have several keys. `planted` is what this module put there. A key's
place is found from the bar of its written note; `q` is folded score time. All randomness comes from
`rng`.

    a  5 % of the notes go wrong, a third each: another key, no key, a key too many
    b  three stops; each time the player resumes two bars earlier
    c  one line (five bars) is skipped
    d  bars 20 to 40 only (the middle half where there are fewer)
    e  half tempo, one note in 25 hesitated on
    f  the right hand alone, or the left
    g  a written repeat not taken
    h  b, c, a and e together

**Knows nothing of** any aligner.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bench.aligning_truth import doubts
from valentin.music import Alignment, Performance, PerformedNote, Score, folded_id, rendering_of

__all__ = ["CASES", "Case", "Key", "case_of", "make"]

Planted = Literal["", "wrong", "extra"]

ERRORS = 1 / 20
STOPS, BARS_BACK, LINE_BARS, FIRST_BAR, LAST_BAR = 3, 2, 5, 20, 40
SLOWER, HESITATED, HESITATION_S = 2.0, 1 / 25, (0.3, 1.2)
PAUSE_S = (0.4, 2.5)
SLIP_SEMITONES = (-2, -1, 1, 2)
SLIP_LATE_S = (0.0, 0.06)
TOGETHER_S = 0.05
"""Keys this close after one another are one chord, for a hesitation."""


@dataclass(frozen=True, slots=True)
class Key:
    """A struck key and the truth about it: the written note ("" is none) and its bar (-1);
    `doubtful` where the truth contradicts itself."""

    note: PerformedNote
    written: str
    bar: int = -1
    rendering: int = 1
    planted: Planted = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A take with its truth. (folded score id, rendering): `missed` are the planted omissions,
    `unheard` those that the human take has according to its truth, `doubted` those of them where
    the truth contradicts itself."""

    score: Score
    keys: tuple[Key, ...]
    missed: frozenset[tuple[str, int]] = frozenset()
    unheard: frozenset[tuple[str, int]] = frozenset()
    doubted: frozenset[tuple[str, int]] = frozenset()

    @property
    def performance(self) -> Performance:
        """The take as the aligner gets it: sorted, renamed."""
        return Performance(
            tuple(replace(k.note, id=f"p{i}") for i, k in enumerate(self.keys)), source="practice"
        )


def case_of(score: Score, performance: Performance, truth: Alignment) -> Case:
    """A clean take with its truth."""
    starts = [bar.start_q for bar in score.bars]
    bar_of = {n.id: max(0, bisect_right(starts, n.onset_q) - 1) for n in score.notes}
    written = {m.performed_id: m.score_id for m in truth.matches}
    keys = []
    for note in performance.notes:
        name = written.get(note.id, "")
        folded = folded_id(name) if name else ""
        if folded in bar_of:
            keys.append(Key(note, folded, bar_of[folded], rendering_of(name)))
        else:
            keys.append(Key(note, ""))
    rows = {(folded_id(m.score_id), rendering_of(m.score_id)) for m in truth.missed}
    unheard = frozenset(row for row in rows if row[0] in bar_of)
    places = {n.id: (n.onset_q, n.pitch) for n in score.notes if not n.grace}
    struck = [(k.note.onset_s, k.note.pitch, k.written, k.rendering) for k in keys]
    doubtful, doubted = doubts(places, struck, unheard)
    keys = [replace(k, doubtful=i in doubtful) for i, k in enumerate(keys)]
    return Case(score, tuple(keys), unheard=unheard, doubted=doubted)


def make(kind: str, case: Case, rng: np.random.Generator) -> Case | None:
    """The case as practised in the manner of `kind`; None where the piece does not allow it."""
    return CASES[kind](case, rng)


def _with_errors(case: Case, rng: np.random.Generator) -> Case:
    keys: list[Key] = []
    missed = set()
    for key in case.keys:
        if not key.written or rng.random() >= ERRORS:
            keys.append(key)
            continue
        kind = rng.integers(3)
        if kind == 0:
            keys.append(replace(key, note=_slipped(key.note, rng), planted="wrong"))
        elif kind == 1:
            missed.add((key.written, key.rendering))
        else:
            late_s = rng.uniform(*SLIP_LATE_S)
            keys += [key, Key(_moved(_slipped(key.note, rng), late_s), "", planted="extra")]
    heard = {(k.written, k.rendering) for k in keys}
    return replace(case, keys=_sorted(keys), missed=frozenset(missed - heard))


def _slipped(note: PerformedNote, rng: np.random.Generator) -> PerformedNote:
    pitch = int(np.clip(note.pitch + rng.choice(SLIP_SEMITONES), 21, 108))
    return replace(note, pitch=pitch if pitch != note.pitch else pitch - 1)


def _moved(note: PerformedNote, by_s: float) -> PerformedNote:
    return replace(note, onset_s=note.onset_s + by_s, offset_s=note.offset_s + by_s)


def _with_restarts(case: Case, rng: np.random.Generator) -> Case:
    keys = case.keys
    begins = _bar_begins(keys)
    if len(begins) < BARS_BACK + 3:
        return case
    stops = sorted(rng.choice(np.arange(begins[BARS_BACK + 1], len(keys)), STOPS, replace=False))
    played: list[Key] = []
    at = 0
    for stop in stops:
        if stop > at:
            played = _joined(played, keys[at:stop], rng.uniform(*PAUSE_S))
        at = begins[max(0, bisect_right(begins, int(stop)) - 1 - BARS_BACK)]
    return replace(case, keys=tuple(_joined(played, keys[at:], rng.uniform(*PAUSE_S))))


def _with_a_line_skipped(case: Case, rng: np.random.Generator) -> Case | None:
    begins = _bar_begins(case.keys)
    if len(begins) < LINE_BARS + 6:
        return None
    first = int(rng.integers(2, len(begins) - LINE_BARS - 2))
    before, after = case.keys[: begins[first]], case.keys[begins[first + LINE_BARS] :]
    gap = case.keys[begins[first]].note.onset_s - before[-1].note.onset_s
    return _cut(case, before, after, gap)


def _excerpt(case: Case, rng: np.random.Generator) -> Case | None:
    bars = len(case.score.bars)
    low, high = (FIRST_BAR, LAST_BAR) if bars >= LAST_BAR else (bars // 4, 3 * bars // 4)
    begins = _bar_begins(case.keys)
    first = next((i for i in begins if case.keys[i].bar >= low), None)
    if first is None or high - low < 4:
        return None
    stop = next((i for i in begins if i > first and not low <= case.keys[i].bar <= high), None)
    return _cut(case, (), case.keys[first:stop], 0.0)


def _slow(case: Case, rng: np.random.Generator) -> Case:
    late, keys, before = 0.0, [], -1.0
    for key in case.keys:
        onset = key.note.onset_s
        if onset - before > TOGETHER_S and rng.random() < HESITATED:
            late += rng.uniform(*HESITATION_S)
        before = onset
        length = (key.note.offset_s - onset) * SLOWER
        start = onset * SLOWER + late
        keys.append(replace(key, note=replace(key.note, onset_s=start, offset_s=start + length)))
    return replace(case, keys=_sorted(keys))


def _one_hand(hand: str) -> Callable[[Case, np.random.Generator], Case | None]:
    def make_it(case: Case, rng: np.random.Generator) -> Case | None:
        upper = {n.id: n.staff == 1 for n in case.score.notes}
        wanted = hand == "right"
        kept: list[Key] = []
        side = [(k.note.pitch, upper[k.written]) for k in case.keys if k.written]
        if not 0.1 < np.mean([s for _, s in side]) < 0.9:
            return None
        last = {True: 72.0, False: 48.0}
        for key in case.keys:
            if key.written:
                is_upper = upper[key.written]
                last[is_upper] = key.note.pitch
            else:
                is_upper = abs(key.note.pitch - last[True]) < abs(key.note.pitch - last[False])
            if is_upper == wanted:
                kept.append(key)
        return _cut(case, (), tuple(kept), 0.0)

    return make_it


def _repeat_not_taken(case: Case, rng: np.random.Generator) -> Case | None:
    """Cut from a section's first note to the first note of its second rendering."""
    keys = case.keys
    again = [i for i in _bar_begins(keys) if keys[i].rendering > 1]
    again = [i for i in again if keys[i - 1].rendering == 1 or keys[i - 1].bar > keys[i].bar]
    rng.shuffle(again)
    for i in again:
        first = [
            k for k in _bar_begins(keys)
            if keys[k].bar == keys[i].bar and keys[k].rendering == keys[i].rendering - 1
        ]  # fmt: skip
        if first and first[0] < i and i - first[0] > 20:
            before, after = keys[: first[0]], keys[i:]
            gap = keys[first[0]].note.onset_s - before[-1].note.onset_s if before else 0.0
            return _cut(case, before, after, gap)
    return None


def _everything(case: Case, rng: np.random.Generator) -> Case | None:
    skipped = _with_a_line_skipped(case, rng)
    return None if skipped is None else _slow(_with_errors(_with_restarts(skipped, rng), rng), rng)


CASES: dict[str, Callable[[Case, np.random.Generator], Case | None]] = {
    "clean": lambda case, rng: case,
    "a": _with_errors,
    "b": _with_restarts,
    "c": _with_a_line_skipped,
    "d": _excerpt,
    "e": _slow,
    "f right": _one_hand("right"),
    "f left": _one_hand("left"),
    "g": _repeat_not_taken,
    "h": _everything,
}


def _bar_begins(keys: tuple[Key, ...]) -> list[int]:
    """The keys at which the player enters another bar, in playing order."""
    begins, bar = [], -2
    for i, key in enumerate(keys):
        ahead = [k.bar for k in keys[i : i + 6] if k.written]
        if key.written and key.bar != bar and ahead.count(key.bar) * 2 >= len(ahead):
            begins.append(i)
            bar = key.bar
    return begins


def _joined(before: list[Key], after: tuple[Key, ...], pause_s: float) -> list[Key]:
    """The second after the first: it starts `pause_s` after the last key went down."""
    if not after or not before:
        return [*before, *after]
    end = before[-1].note.onset_s
    shift = end + pause_s - after[0].note.onset_s
    cut = [
        replace(k, note=replace(k.note, offset_s=min(k.note.offset_s, end + pause_s / 2)))
        for k in before
        if k.note.onset_s < end + pause_s / 2
    ]
    return cut + [replace(k, note=_moved(k.note, shift)) for k in after]


def _cut(case: Case, before: tuple[Key, ...], after: tuple[Key, ...], gap_s: float) -> Case:
    """Only these keys."""
    keys = _joined(list(before), after, max(gap_s, 0.05))
    start = keys[0].note.onset_s - 0.5
    return replace(case, keys=_sorted([replace(k, note=_moved(k.note, -start)) for k in keys]))


def _sorted(keys: list[Key]) -> tuple[Key, ...]:
    return tuple(sorted(keys, key=lambda k: (k.note.onset_s, k.note.pitch)))
