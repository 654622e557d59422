"""Eleven ways people really practise, made by splicing a human take as on a tape.

In: a human take with its truth. Out: practice sessions with truth, and how the aligner fares on
each.

Run: `python -m bench.practice [--takes 16] [--seeds 2]`.

**Conventions.** Written apart from `aligning_cases`, so that the aligner meets habits that its own
generator does not have: here a session is cut from the take by the clock, bar by bar, and stuck
together with its own tempo, hand and transposition. Ten ways were written down from teaching before
any was run, the last later:

    1  one bar five times at half tempo, then on from the bar before
    2  the coda first, then from the beginning
    3  all of it an octave too high
    4  a page turned too late: eight seconds of nothing, then on
    5  eight bars right hand, the same left hand, then together
    6  slips repaired at once: a wrong key, and the last two or three strokes again
    7  playing along, with one to three bars out now and then
    8  sight-reading: a third of the tempo, half of the ornaments and graces, stumbles before bars
    9  backwards: the last four bars, the last eight, twelve, sixteen
    10 a ladder: eight bars at .5, .65, .8 and 1 of the tempo
    11 the right hand alone an octave too high, the left where it is written

**Knows nothing of** how an aligner works.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from bench.aligning import chosen
from bench.aligning_cases import Case, Key, case_of
from bench.aligning_scores import scored
from bench.common import Row, Take, across_works, record
from valentin.aligning import align
from valentin.errors import ValentinError
from valentin.reading import read_match, read_score

__all__ = ["WAYS", "session"]

Way = Callable[["Tape", np.random.Generator], None]

FEWEST_BARS = 24
"""Bars that a piece must have to be practised in these ways."""

LONGEST_BAR_S = 30.0
PAGE_TURN_S, BREATH_S = 8.0, (0.3, 1.5)


@dataclass(slots=True)
class Tape:
    """A take to cut from (`source`, `begins`: seconds of each bar's first key) and the session that
    grows (`out`, ending at `end_s`)."""

    source: Case
    begins: list[float]
    upper: dict[str, bool]
    out: list[Key] = field(default_factory=list)
    end_s: float = 0.5

    @property
    def bars(self) -> int:
        """How many bars can be played; one past the last is the end."""
        return len(self.begins) - 1

    def cut(self, first: int, last: int) -> list[Key]:
        """The keys struck from bar `first` until bar `last` begins."""
        low, high = self.begins[first] - 0.04, self.begins[last] - 0.04
        return [k for k in self.source.keys if low <= k.note.onset_s < high]

    def hand(self, keys: list[Key], right: bool) -> list[Key]:
        """What one hand plays of it; a key beside the score goes with the nearest staff."""
        sides: dict[bool, float] = {True: 72.0, False: 48.0}
        kept = []
        for key in keys:
            if key.written:
                side = self.upper[key.written]
                sides[side] = key.note.pitch
            else:
                side = abs(key.note.pitch - sides[True]) < abs(key.note.pitch - sides[False])
            if side == right:
                kept.append(key)
        return kept

    def stick(self, keys: list[Key], tempo: float = 1.0, after_s: float = 0.0) -> None:
        """Add keys at `tempo` times their speed, `after_s` after the session's end."""
        if not keys:
            return
        start, at = keys[0].note.onset_s, self.end_s + after_s
        for key in keys:
            onset = at + (key.note.onset_s - start) / tempo
            offset = onset + (key.note.offset_s - key.note.onset_s) / tempo
            self.out.append(replace(key, note=replace(key.note, onset_s=onset, offset_s=offset)))
        gaps = [b.note.onset_s - a.note.onset_s for a, b in pairwise(keys)]
        self.end_s = max(k.note.onset_s for k in self.out[-len(keys) :]) + max(
            0.1, 2 * float(np.median(gaps or [0.2])) / tempo
        )


def _bar_five_times(tape: Tape, rng: np.random.Generator) -> None:
    bar = int(rng.integers(4, tape.bars - 12))
    tape.stick(tape.cut(0, bar + 1))
    for _ in range(5):
        tape.stick(tape.cut(bar, bar + 1), 0.5, float(rng.uniform(*BREATH_S)))
    tape.stick(tape.cut(bar - 1, tape.bars), 1.0, float(rng.uniform(*BREATH_S)))


def _coda_first(tape: Tape, rng: np.random.Generator) -> None:
    tape.stick(tape.cut(tape.bars - max(6, tape.bars // 8), tape.bars))
    tape.stick(tape.cut(0, tape.bars // 2), 1.0, float(rng.uniform(*BREATH_S)) + 1.0)


def _octave_off(tape: Tape, rng: np.random.Generator) -> None:
    tape.stick(
        [
            replace(k, note=replace(k.note, pitch=min(127, k.note.pitch + 12)))
            for k in tape.cut(0, tape.bars)
        ]
    )


def _hand_off(tape: Tape, rng: np.random.Generator) -> None:
    keys = tape.cut(0, tape.bars)
    right = {k.note.id for k in tape.hand(keys, True)}
    up = [min(127, k.note.pitch + 12 * (k.note.id in right)) for k in keys]
    tape.stick([replace(k, note=replace(k.note, pitch=p)) for k, p in zip(keys, up, strict=True)])


def _late_page_turn(tape: Tape, rng: np.random.Generator) -> None:
    keys = tape.cut(0, tape.bars)
    for part in np.array_split(np.arange(len(keys)), int(rng.integers(2, 4))):
        tape.stick([keys[i] for i in part], 1.0, PAGE_TURN_S if tape.out else 0.0)


def _hands_apart(tape: Tape, rng: np.random.Generator) -> None:
    bar = int(rng.integers(0, tape.bars - 16))
    keys = tape.cut(bar, bar + 8)
    tape.stick(tape.hand(keys, True), 0.8)
    tape.stick(tape.hand(keys, False), 0.8, float(rng.uniform(*BREATH_S)))
    tape.stick(keys, 0.8, float(rng.uniform(*BREATH_S)))
    tape.stick(tape.cut(bar + 8, bar + 16))


def _instant_repair(tape: Tape, rng: np.random.Generator) -> None:
    keys = tape.cut(0, tape.bars)
    slips = sorted(rng.choice(np.arange(20, len(keys) - 20), 8, replace=False))
    at = 0
    for slip in slips:
        if slip < at + 8:
            continue
        wrong = keys[slip]
        pitch = wrong.note.pitch + int(rng.choice([-1, 1, 2]))
        planted = "wrong" if wrong.written else ""
        bad = replace(wrong, note=replace(wrong.note, pitch=pitch), planted=planted)
        tape.stick([*keys[at:slip], bad], 1.0, 0.1 if at else 0.0)
        at = slip - int(rng.integers(2, 6))
    tape.stick(keys[at:], 1.0, 0.1)


def _with_gaps(tape: Tape, rng: np.random.Generator) -> None:
    bar = 0
    while bar < tape.bars:
        on = min(tape.bars, bar + int(rng.integers(3, 8)))
        out = min(tape.bars, on + int(rng.integers(1, 4)))
        tape.stick(tape.cut(bar, on))
        tape.end_s += tape.begins[out] - tape.begins[on]
        bar = out


def _sight_reading(tape: Tape, rng: np.random.Generator) -> None:
    graces = {n.id for n in tape.source.score.notes if n.grace}
    for bar in range(min(tape.bars, 40)):
        keys = [
            k
            for k in tape.cut(bar, bar + 1)
            if (k.written and k.written not in graces) or rng.random() < 0.5
        ]
        stumble = float(rng.uniform(0.5, 2.0)) if rng.random() < 0.2 else 0.15
        tape.stick(keys, float(rng.uniform(0.28, 0.38)), stumble)


def _backwards(tape: Tape, rng: np.random.Generator) -> None:
    end = int(rng.integers(17, tape.bars + 1))
    for bars in (4, 8, 12, 16):
        tape.stick(tape.cut(end - bars, end), 0.9, float(rng.uniform(*BREATH_S)))


def _ladder(tape: Tape, rng: np.random.Generator) -> None:
    bar = int(rng.integers(0, tape.bars - 8))
    for tempo in (0.5, 0.65, 0.8, 1.0):
        tape.stick(tape.cut(bar, bar + 8), tempo, float(rng.uniform(*BREATH_S)))


WAYS: dict[str, Way] = {
    "1 a bar five times": _bar_five_times,
    "2 the coda first": _coda_first,
    "3 an octave off": _octave_off,
    "4 a late page turn": _late_page_turn,
    "5 hands apart, then together": _hands_apart,
    "6 a slip and an instant repair": _instant_repair,
    "7 along, with gaps": _with_gaps,
    "8 sight-reading": _sight_reading,
    "9 backwards": _backwards,
    "10 a tempo ladder": _ladder,
    "11 one hand an octave off": _hand_off,
}


def session(way: str, take: Case, rng: np.random.Generator) -> Case | None:
    """The take practised in this way; None where the piece is too short."""
    begins = _begins(take)
    if len(begins) <= FEWEST_BARS:
        return None
    tape = Tape(take, begins, {n.id: n.staff == 1 for n in take.score.notes})
    WAYS[way](tape, rng)
    keys = sorted(tape.out, key=lambda k: (k.note.onset_s, k.note.pitch))
    return replace(take, keys=tuple(keys)) if len(keys) > 30 else None


def _begins(take: Case) -> list[float]:
    """Seconds at which each bar begins the first time through, while bars follow one another."""
    first: dict[int, list[float]] = {}
    for key in take.keys:
        if key.written and key.rendering == 1:
            first.setdefault(key.bar, []).append(key.note.onset_s)
    begins: list[float] = []
    for bar in sorted(first):
        at = float(np.min(first[bar]))
        if begins and at <= begins[-1]:
            continue
        if begins and at - begins[-1] > LONGEST_BAR_S:
            break
        begins.append(at)
    return begins


def _takes(count: int) -> list[tuple[Take, Case]]:
    pairs = []
    for take in chosen("train", count):
        try:
            score, _ = read_score(take.score, lenient=True)
            assert take.match is not None
            pairs.append((take, case_of(score, *read_match(take.match))))
        except ValentinError as error:
            print(f"left out {take.name}: {error}")
    return pairs


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.practice")
    parser.add_argument("--takes", type=int, default=16)
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args()
    found: dict[str, dict[str, list[tuple[float, ...]]]] = {way: {} for way in WAYS}
    for n, (take, clean) in enumerate(_takes(given.takes)):
        for w, way in enumerate(WAYS):
            for seed in range(given.seeds):
                case = session(way, clean, np.random.default_rng([seed, n, w, 7]))
                if case is not None:
                    marks = scored(case, align(case.score, case.performance))
                    found[way].setdefault(take.work, []).append(
                        (marks.music.f1, marks.settled.f1, marks.placed)
                    )
    rows: list[Row] = []
    for way, works in found.items():
        means = {work: np.mean(values, axis=0) for work, values in works.items()}
        rows.append(across_works(f"F1, {way}", {w: float(m[0]) for w, m in means.items()}))
        settled = {w: float(m[1]) for w, m in means.items()}
        rows.append(
            across_works(f"the same where truth and place are not in doubt, {way}", settled)
        )
        rows.append(across_works(f"placed, {way}", {w: float(m[2]) for w, m in means.items()}))
    record("practice", rows)


if __name__ == "__main__":
    _main()
