"""Following: how near the reported place is to the truth, key by key, as `measures.md` defines it.

In: robust human takes of the index, clean and practised in the manners of `aligning_cases`. Out:
rows of `bench/results/following.json`.

Run: `python -m bench.following [train|valid] [--takes 18] [--seeds 2]`.

**Conventions.** Every key struck that has a written note in the truth is asked: where does the
follower say that it is? The follower has heard the keys up to and with this one.

*Within 50 ms*: the take's own truth says when each onset of the score was played (the median of the
keys of that onset, graces left out). The reported place is turned into that time, and compared with
that of the key's true place. A place that was never played is wrong. *Against the key*: compared
with the time of the key itself instead, so that the spread of rolled chords and the lead of graces
count as errors; no follower can reach all of it, and `ceiling` is what the truth itself gets.
*Within a beat*: the reported place and the true one, both in the folded score, lie no more than
one felt beat apart. *Re-locked*: after a jump of the player (the true place moves by more than a
bar and a half against the score's order) the keys until three in a row are within a beat; the share
of jumps where that takes at most eight.

    b  three restarts     c  a line skipped    d  bars 20 to 40 only: a start in the middle
    a  5 % slips          e  half tempo        h  b, c, a and e together
    k  a cadenza that is not in the score: forty free keys, once, then on

A take's value is averaged over seeds, then over the takes of a work; rows are across works.

**Knows nothing of** how a follower works.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bench.aligning import chosen
from bench.aligning_cases import CASES, Case, Key, case_of, make
from bench.common import Row, Take, across_works, record
from valentin.errors import ValentinError
from valentin.following import Follower
from valentin.music import KeyEvent, PerformedNote, Position, Score, folded_id, rendering_of, unfold
from valentin.reading import read_match, read_score

__all__ = ["events_of", "judged"]

KINDS = ("clean", "b", "c", "d", "a", "e", "h", "k")
CHANCELESS = {"clean", "d"}
NEAR_S, NEAR_BEATS, IN_A_ROW, RELOCK = 0.05, 1.0, 3, 8
JUMP_BARS = 1.5
FREE_KEYS, FREE_GAP_S = 40, (0.06, 0.3)
HOUR_EVENTS = 40_000
TARGETS = {"clean": "≥ .97", "b": "≥ .98", "c": "≥ .98", "d": "≥ .98"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One take followed: shares, and for each jump the keys it took (inf: never)."""

    near_s: float
    near_key_s: float
    ceiling: float
    near_beat: float
    relocks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """When each place was played and where each written note stands."""

    place_q: dict[str, float]  # folded, by folded id
    unfolded_q: dict[tuple[str, int], float]
    played_s: dict[tuple[float, int], float]  # by (folded place, rendering)

    @classmethod
    def of(cls, case: Case, clean: Case) -> Truth:
        """The truth of a case; times are those of `clean` where the case plays a place twice."""
        place = {n.id: float(n.onset_q) for n in case.score.notes}
        graces = {n.id for n in case.score.notes if n.grace}
        unfolded = {
            (folded_id(n.id), rendering_of(n.id)): float(n.onset_q)
            for n in unfold(case.score).notes
        }
        times: dict[tuple[float, int], list[float]] = {}
        for key in clean.keys:
            if key.written and key.written not in graces:
                where = place[key.written], key.rendering
                times.setdefault(where, []).append(key.note.onset_s)
        return cls(place, unfolded, {k: float(np.median(v)) for k, v in times.items()})


def events_of(case: Case) -> list[KeyEvent]:
    """The keys going down, in order."""
    return [KeyEvent(k.note.onset_s, "down", k.note.pitch, k.note.velocity) for k in case.keys]


def judged(case: Case, clean: Case, positions: Sequence[Position]) -> Judged:
    """How good these positions are, one a key of the case; `clean` is the take it was made from."""
    truth, beat = Truth.of(case, clean), _beats(case.score)
    own, late, best = [], [], []
    on_beat: list[bool | None] = []
    for key, position in zip(case.keys, positions, strict=True):
        if not key.written:
            on_beat.append(None)
            continue
        first = position.score_ids[0]
        place, rendering = truth.place_q[folded_id(first)], rendering_of(first)
        true = truth.place_q[key.written]
        on_beat.append(abs(place - true) <= NEAR_BEATS * beat(true) + 1e-9)
        said = truth.played_s.get((place, rendering), np.inf)
        due = truth.played_s.get((true, key.rendering), key.note.onset_s)
        same = (place, rendering) == (true, key.rendering)
        own.append(same or abs(said - due) <= NEAR_S)
        late.append(abs(said - key.note.onset_s) <= NEAR_S)
        best.append(abs(due - key.note.onset_s) <= NEAR_S)
    known = [flag for flag in on_beat if flag is not None]
    return Judged(
        float(np.mean(own)), float(np.mean(late)), float(np.mean(best)), float(np.mean(known)),
        tuple(_relock(on_beat[at:]) for at in _jumps(case, truth)),
    )  # fmt: skip


def _beats(score: Score):  # type: ignore[no-untyped-def]
    starts = np.array([float(m.start_q) for m in score.metres] or [0.0])
    beats = np.array([float(m.beat_quarters) for m in score.metres] or [1.0])
    return lambda q: beats[max(0, int(np.searchsorted(starts, q, side="right")) - 1)]


def _jumps(case: Case, truth: Truth) -> list[int]:
    """Keys at which the player is elsewhere, and stays there; the first where he starts late."""
    bar = float(case.score.metres[0].bar_quarters) if case.score.metres else 4.0
    known = [
        (i, truth.unfolded_q[k.written, k.rendering])
        for i, k in enumerate(case.keys)
        if (k.written, k.rendering) in truth.unfolded_q
    ]
    jumps = [known[0][0]] if known and known[0][1] > JUMP_BARS * bar else []
    for n, ((_, before), (i, now)) in enumerate(pairwise(known[:-2])):
        after = [q for _, q in known[n + 1 : n + 4]]
        away = abs(now - before) > JUMP_BARS * bar
        if away and all(abs(q - now) < abs(q - before) for q in after):
            jumps.append(i)
    jumps += [i for i, k in enumerate(case.keys[1:], 1) if k.written and _free(case.keys[i - 1])]
    return sorted(set(jumps))


def _free(key: Key) -> bool:
    return key.planted == "extra" and key.bar == -2


def _relock(flags: Sequence[bool | None]) -> float:
    """Keys before the first of three in a row that are right."""
    count, row = 0, 0
    for flag in flags:
        if flag is None:
            count += 1
            continue
        row = row + 1 if flag else 0
        count += 1
        if row == IN_A_ROW:
            return count - IN_A_ROW
    return np.inf


def _cadenza(case: Case, rng: np.random.Generator) -> Case:
    """Forty keys of a wandering line that is not written, at a random place."""
    at = int(rng.integers(len(case.keys) // 4, 3 * len(case.keys) // 4))
    now, pitch, free = case.keys[at - 1].note.onset_s, 72, []
    for _ in range(FREE_KEYS):
        now += float(rng.uniform(*FREE_GAP_S))
        pitch = int(np.clip(pitch + rng.integers(-4, 5), 48, 96))
        free.append(Key(PerformedNote("", "", now, now + 0.1, pitch, 60), "", -2, planted="extra"))
    shift = now + 0.6 - case.keys[at].note.onset_s
    rest = [_later(k, shift) for k in case.keys[at:]]
    return replace(case, keys=(*case.keys[:at], *free, *rest))


def _later(key: Key, by_s: float) -> Key:
    note = key.note
    moved = replace(note, onset_s=note.onset_s + by_s, offset_s=note.offset_s + by_s)
    return replace(key, note=moved)


def _cases(take: Take, n: int, seeds: int) -> Iterator[tuple[str, Case, Case]]:
    assert take.match is not None
    score, _ = read_score(take.score, lenient=True)
    clean = case_of(score, *read_match(take.match))
    for kind in KINDS:
        for seed in range(1 if kind in CHANCELESS else seeds):
            if kind == "k":
                yield kind, _cadenza(clean, np.random.default_rng([seed, n, 99])), clean
                continue
            case = make(kind, clean, np.random.default_rng([seed, n, list(CASES).index(kind)]))
            if case is not None:
                yield kind, case, clean


def _measure(every: Sequence[Take], seeds: int) -> Iterator[tuple[str, str, Judged]]:
    for n, take in enumerate(every):
        try:
            for kind, case, clean in _cases(take, n, seeds):
                follower = Follower(case.score)
                positions = [p for e in events_of(case) if (p := follower.hear(e))]
                yield take.work, kind, judged(case, clean, positions)
        except ValentinError as error:
            print(f"left out {take.name}: {error}")


def _rows(tag: str, results: Sequence[tuple[str, str, Judged]]) -> list[Row]:
    rows = []
    for kind in KINDS:
        some = [(work, one) for work, other, one in results if other == kind]
        if not some:
            continue
        if kind == "clean":
            for name, attribute, target in (
                ("within 50 ms", "near_s", "≥ .97"),
                ("within 50 ms of the key", "near_key_s", ""),
                ("ceiling of that: the truth", "ceiling", ""),
            ):
                values = _by_work([(w, getattr(one, attribute)) for w, one in some])
                others = "best known .95" if target else ""
                row = across_works(f"{tag}clean, {name}", values, others=others, target=target)
                rows.append(row)
        beats = _by_work([(w, one.near_beat) for w, one in some])
        rows.append(across_works(f"{tag}{kind}, within a beat", beats, target=TARGETS.get(kind, "")
                                 if kind != "clean" else ""))  # fmt: skip
        taken = [keys for _, one in some for keys in one.relocks]
        if taken and kind != "clean":
            share = float(np.mean(np.array(taken) <= RELOCK))
            rows.append(Row(f"{tag}{kind}, re-locked within 8 keys", share, n=len(taken),
                            median=float(np.median(taken)), of="jumps"))  # fmt: skip
    return rows


def _by_work(pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
    works: dict[str, list[float]] = {}
    for work, value in pairs:
        works.setdefault(work, []).append(value)
    return {work: float(np.mean(values)) for work, values in works.items()}


def _cost_rows(every: Sequence[Take]) -> list[Row]:
    """Processor time a key on the longest score, and what an hour of playing adds to memory."""
    longest = max(every, key=lambda take: take.match.stat().st_size if take.match else 0)
    score, _ = read_score(longest.score, lenient=True)
    assert longest.match is not None
    events = events_of(case_of(score, *read_match(longest.match)))
    follower = Follower(score)
    follower.hear(replace(events[0], time_s=-1.0))
    follower.hear(replace(events[0], time_s=-0.5))
    spent, start = [], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for n in range(HOUR_EVENTS):
        event = events[n % len(events)]
        event = replace(event, time_s=event.time_s + n // len(events) * (events[-1].time_s + 2))
        begun = time.process_time_ns()
        follower.hear(event)
        spent.append((time.process_time_ns() - begun) / 1e6)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) / 1024
    mean, slow = float(np.mean(spent)), float(np.percentile(spent, 99))
    return [
        Row("processor time a key", mean, "ms", n=len(spent), of="keys", target="< 2"),
        Row("processor time a key, 99th percentile", slow, "ms", n=len(spent), of="keys"),
        Row("memory grown in 40,000 keys", grown, "MB", target="0"),
    ]


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.following")
    parser.add_argument("split", nargs="?", default="train", choices=["train", "valid"])
    parser.add_argument("--takes", type=int, default=18)
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args()
    every = chosen(given.split, given.takes)
    rows = _cost_rows(every) if given.split == "train" else []
    rows += _rows(f"{given.split}: ", list(_measure(every, given.seeds)))
    record("following", rows)


if __name__ == "__main__":
    _main()
