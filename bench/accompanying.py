"""Accompanying: how far from a good partner the orchestra's onsets are.

In: robust human takes, one hand live and the other as the truth; the concerto movements, played by
our own varied performances. Out: rows of `bench/results/accompanying.json`.

Run: `python -m bench.accompanying [train|valid] [--takes 18] [--concertos chopin-op21-ii …]`.

**Conventions.** The live side is heard key by key; the other side is played by the room in real
time, from our own plan of the piece, and knows nothing but what was heard. *Onset error*: the time
at which it began a note, less the time at which the human (or the soloist's own performance) did;
absolute values, median and 90th percentile of a piece, then across works.

*Hands*: the right hand is live, then the left; a piece counts both together. Where the live hand
rests, the other leads, and counts too; *led* are the notes within two seconds of a live key. *A
second human*: the same notes as another pianist plays them on another take, his time bent so that
the live hand's onsets fall together; he knows the future, so no partner is asked to be nearer.
*Skip*: five bars are left out, as in `aligning_cases`; *bars to recover* are those from the skip
until three onsets in a row of the other hand are within 120 ms.

*Concertos*: the soloist is our performer with another seed, at 0.7, 1 and 1.3 of the tempo, with
one key in thirty wrong; in *stop* he stops for three seconds, in *jump* he leaves out eight
bars. The truth is how the same performance goes on in the orchestra; notes more than two seconds
after the soloist's last key are left out, since there the orchestra leads, and the strokes of
trills and tremolos too, which have no time of their own. *Stuck* are notes that
begin and do not end, or sound ten seconds longer than planned. *Running on* are notes begun in the
stop, later than its first second.

**Knows nothing of** how the orchestra decides.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.aligning import chosen
from bench.aligning_cases import CASES, Case, Key, case_of, make
from bench.common import Row, Take, across_works, data_folder, record, takes
from valentin import performing, shaping
from valentin.accompanying import (
    Accompanist,
    Stand,
    hands_apart,
    notes_of,
    replayed,
    solo_apart,
    yielding,
)
from valentin.errors import ValentinError
from valentin.following import Follower
from valentin.music import (
    KeyEvent,
    PerformedNote,
    Plan,
    Score,
    TempoCurve,
    at_tempo,
    only_notes,
    unfold,
)
from valentin.reading import read_match, read_score
from valentin.studying import study

__all__ = ["evening"]

NEAR_S, IN_A_ROW = 0.12, 3
LEADS_S, STOP_S, STUCK_S = 2.0, 3.0, 10.0
WRONG, TEMPI, SKIPPED_BARS = 1 / 30, (0.7, 1.0, 1.3), 8
MOVEMENTS = ("chopin-op11-i", "chopin-op11-ii", "chopin-op21-ii")
TARGETS = {"median": "≤ 50", "p90": "≤ 120"}


@dataclass(frozen=True, slots=True)
class Evening:
    """What the orchestra played, when each key really was struck, and the notes that hung."""

    notes: tuple[PerformedNote, ...]
    late_s: tuple[float, ...]
    stuck: int


def evening(
    score: Score, live: Score, others: Score, plan: Plan, keys: Sequence[KeyEvent], waits: bool
) -> Evening:
    """The others of the (folded) score play by `plan` (of the unfolded one) to these keys."""
    unfolded = unfold(score)
    plan = yielding(plan, shaping.plan_score(unfolded))
    theirs = performing.perform(unfolded, only_notes(plan, {n.id for n in unfold(others).notes}))
    stand = Stand.of(theirs, TempoCurve.of(plan), unfold(live))
    start_p = plan.start_s
    lead_s = stand.entry_after(start_p - 1e-5) - start_p
    orchestra = Accompanist.ready(stand, start_p, max(0.0, keys[0].time_s - lead_s))
    events = list(replayed(orchestra, keys, Follower(live).hear, waits=waits))
    struck = [e.time_s for e in events if isinstance(e, KeyEvent)]
    planned = {n.id: n.offset_s - n.onset_s for n in theirs.notes}
    notes = notes_of(events)
    downs = sum(not isinstance(e, KeyEvent) and e.kind == "down" for e in events)
    long = sum(n.offset_s - n.onset_s > 3 * planned[_name(n)] + STUCK_S for n in notes)
    late = tuple(s - k.time_s for s, k in zip(struck, keys, strict=True))
    return Evening(notes, late, downs - len(notes) + long)


def _name(note: PerformedNote) -> str:
    return note.id.partition("×")[0]


def _hands(take: Take, n: int) -> Iterator[tuple[str, float]]:
    """(measure, value in ms or bars) of one take, both hands."""
    assert take.match is not None
    score, _ = read_score(take.score, lenient=True)
    clean = case_of(score, *read_match(take.match))
    unfolded = unfold(score)
    plan = shaping.plan_interpreted(unfolded, study(unfolded))
    second = _second(take, score)
    errors: list[float] = []
    led: list[float] = []
    human: list[float] = []
    for hand in ("right", "left"):
        live, others = hands_apart(score, hand)
        keys_s = [k.time_s for k in _heard(clean, live)]
        for time_s, error in _errors(clean, live, others, plan):
            errors.append(abs(error))
            at = bisect_right(keys_s, time_s + 0.05) - 1
            if at >= 0 and time_s - keys_s[at] <= LEADS_S:
                led.append(abs(error))
        if second is not None:
            human += _bent(clean, second, live, others)
        case = make("c", clean, np.random.default_rng([n, list(CASES).index("c")]))
        if case is not None:
            yield "recovery", _recovery(case, live, others, plan)
    for name, values in (("", errors), ("led, ", led), ("a second human, ", human)):
        if values:
            yield f"{name}median", float(np.median(values)) * 1000
            yield f"{name}p90", float(np.percentile(values, 90)) * 1000


def _second(take: Take, score: Score) -> Case | None:
    """Another take of the same score by somebody else, if there is one."""
    for other in takes(take.split):
        if other.score == take.score and other.match and other.match != take.match:
            return case_of(score, *read_match(other.match))
    return None


def _bent(case: Case, second: Case, live: Score, others: Score) -> list[float]:
    """Onset errors of the second pianist's other hand, his time bent to the first's live hand."""
    here, there = _times(case), _times(second)
    places = {n.id: n.onset_q for n in live.notes if not n.grace}
    groups: dict[tuple[object, int], list[tuple[float, float]]] = {}
    for name, rendering in here.keys() & there.keys():
        if name in places:
            pair = there[name, rendering], here[name, rendering]
            groups.setdefault((places[name], rendering), []).append(pair)
    knots = np.array(sorted(np.median(pairs, axis=0).tolist() for pairs in groups.values()))
    if len(knots) < 2:
        return []
    knots = np.maximum.accumulate(knots, axis=0)
    theirs = {n.id for n in others.notes}
    both = [key for key in here.keys() & there.keys() if key[0] in theirs]
    bent = np.interp([there[key] for key in both], knots[:, 0], knots[:, 1])
    inside = [knots[0, 0] <= there[key] <= knots[-1, 0] for key in both]
    errors = np.abs(bent - np.array([here[key] for key in both]))
    return [float(e) for e in errors[inside]]


def _times(case: Case) -> dict[tuple[str, int], float]:
    return {(k.written, k.rendering): k.note.onset_s for k in case.keys if k.written}


def _errors(case: Case, live: Score, others: Score, plan: Plan) -> list[tuple[float, float]]:
    """(seconds, onset error) of every note of the other hand that the human played too."""
    heard = _heard(case, live)
    played = evening(case.score, live, others, plan, heard, waits=False)
    theirs = {n.id for n in others.notes}
    truth = {f"{k.written}-{k.rendering}": k.note.onset_s for k in case.keys if k.written in theirs}
    shift = played.late_s[0]
    last = {_name(n): n.onset_s - shift for n in played.notes}
    rows = [(truth[name], onset_s - truth[name]) for name, onset_s in last.items() if name in truth]
    return sorted(rows)


def _heard(case: Case, live: Score) -> list[KeyEvent]:
    """The keys of one hand; a key beside the score goes with the hand that is nearer."""
    own = {n.id for n in live.notes}
    last = {True: 60.0, False: 60.0}
    kept: list[Key] = []
    for key in case.keys:
        pitch = key.note.pitch
        if key.written:
            side = key.written in own
            last[side] = pitch
        else:
            side = abs(pitch - last[True]) < abs(pitch - last[False])
        if side:
            kept.append(key)
    return [KeyEvent(k.note.onset_s, "down", k.note.pitch, k.note.velocity) for k in kept]


def _recovery(case: Case, live: Score, others: Score, plan: Plan) -> float:
    """Bars from a skip until three onsets in a row are near."""
    bars = [k.bar for k in case.keys if k.bar >= 0]
    times = [k.note.onset_s for k in case.keys if k.bar >= 0]
    at = next((i for i in range(1, len(bars)) if bars[i] - bars[i - 1] >= 4), None)
    if at is None:
        return np.nan
    rows = [row for row in _errors(case, live, others, plan) if row[0] >= times[at] - 1e-6]
    row = 0
    for n, (time_s, error) in enumerate(rows):
        row = row + 1 if abs(error) <= NEAR_S else 0
        if row == IN_A_ROW:
            first_s = rows[n - IN_A_ROW + 1][0]
            there = bars[max(0, bisect_right(times, first_s) - 1)]
            return float(max(0, there - bars[at]))
        if time_s - times[at] > 60:
            break
    return np.inf


def _soloist(
    score: Score, plan: Plan, live: Score, rng: np.random.Generator
) -> list[PerformedNote]:
    """Our performer's solo, with wrong keys."""
    unfolded = unfold(score)
    names = {n.id for n in unfold(live).notes}
    notes = performing.perform(unfolded, only_notes(plan, names)).notes
    return [
        replace(n, pitch=int(np.clip(n.pitch + rng.choice([-2, -1, 1, 2]), 21, 108)))
        if rng.random() < WRONG
        else n
        for n in notes
    ]


def _concerto(name: str, score: Score) -> Iterator[Row]:
    live, others = solo_apart(score)
    unfolded = unfold(score)
    structure = study(unfolded)
    ours = shaping.plan_interpreted(unfolded, structure)
    his = shaping.plan_interpreted(unfolded, structure, np.random.default_rng(5))
    theirs = {n.id for n in unfold(others).notes}
    for kind, tempo in (*(("", x) for x in TEMPI), ("stop", 1.0), ("jump", 1.0)):
        rng = np.random.default_rng(7)
        plan = at_tempo(his, tempo)
        solo = _soloist(score, plan, live, rng)
        orchestra = performing.perform(unfolded, only_notes(plan, theirs)).notes
        truth = {n.id: n.onset_s for n in orchestra if n.id in theirs}
        middle = len(solo) // 2
        stop_s = solo[middle].onset_s
        if kind == "stop":
            solo = solo[:middle] + [_later(n, STOP_S) for n in solo[middle:]]
            truth = {i: t + STOP_S * (t >= stop_s) for i, t in truth.items()}
        if kind == "jump":
            bar_s = SKIPPED_BARS * float(unfolded.metres[0].bar_quarters) * _tempo(plan)
            solo = solo[:middle] + [
                _later(n, -bar_s) for n in solo[middle:] if n.onset_s >= stop_s + bar_s
            ]
            truth = {
                i: t if t < stop_s else t - bar_s
                for i, t in truth.items() if t < stop_s or t >= stop_s + bar_s
            }  # fmt: skip
        keys = [KeyEvent(n.onset_s, "down", n.pitch, n.velocity) for n in solo]
        played = evening(score, live, others, ours, keys, waits=True)
        yield from _concerto_rows(f"{name} {kind or tempo}", keys, truth, played, kind, stop_s)


def _concerto_rows(
    name: str,
    keys: Sequence[KeyEvent],
    truth: dict[str, float],
    played: Evening,
    kind: str,
    stop_s: float,
) -> Iterator[Row]:
    onsets = [k.time_s for k in keys]
    errors = []
    begun_s = {_name(n): n.onset_s for n in played.notes}
    for note, time_s in truth.items():
        at = bisect_right(onsets, time_s + 0.05) - 1
        if note in begun_s and at >= 0 and time_s - onsets[at] <= LEADS_S:
            errors.append((time_s, abs(begun_s[note] - time_s - played.late_s[at])))
    values = np.array([e for _, e in sorted(errors)]) * 1000
    yield Row(f"{name}, median", float(np.median(values)), "ms", n=len(values), of="notes",
              target=TARGETS["median"])  # fmt: skip
    yield Row(f"{name}, 90th percentile", float(np.percentile(values, 90)), "ms", n=len(values),
              of="notes", target=TARGETS["p90"])  # fmt: skip
    yield Row(f"{name}, stuck notes", played.stuck, n=len(played.notes), of="notes", target="0")
    if kind == "stop":
        at = bisect_right(onsets, stop_s + STOP_S - 0.01)
        from_s = stop_s + played.late_s[min(at, len(keys) - 1)]
        running = sum(from_s + 1 <= n.onset_s < from_s + STOP_S - 0.1 for n in played.notes)
        yield Row(f"{name}, running on", running, of="notes", target="0")


def _later(note: PerformedNote, by_s: float) -> PerformedNote:
    return replace(note, onset_s=note.onset_s + by_s, offset_s=note.offset_s + by_s)


def _tempo(plan: Plan) -> float:
    return float(np.median(plan.seconds_per_quarter))


def _hand_rows(tag: str, every: Sequence[Take]) -> list[Row]:
    found: dict[str, dict[str, list[float]]] = {}
    for n, take in enumerate(every):
        try:
            for measure, value in _hands(take, n):
                found.setdefault(measure, {}).setdefault(take.work, []).append(value)
        except ValentinError as error:
            print(f"left out {take.name}: {error}")
    rows = []
    for measure in (m for m in found if m != "recovery"):
        works = {work: float(np.mean(v)) for work, v in found[measure].items()}
        target = TARGETS.get(measure, "")
        rows.append(across_works(f"{tag}hands, onset error, {measure}", works, unit="ms",
                                 higher_is_better=False, target=target))  # fmt: skip
    bars = np.array([v for some in found["recovery"].values() for v in some if not np.isnan(v)])
    share = float(np.mean(bars <= 2))
    rows.append(Row(f"{tag}hands, skips recovered within 2 bars", share, n=len(bars), of="skips",
                    median=float(np.median(bars)), target="1"))  # fmt: skip
    return rows


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.accompanying")
    parser.add_argument("split", nargs="?", default="train", choices=["train", "valid"])
    parser.add_argument("--takes", type=int, default=18)
    parser.add_argument("--concertos", nargs="*", default=MOVEMENTS, choices=MOVEMENTS)
    given = parser.parse_args()
    rows = _hand_rows(f"{given.split}: ", chosen(given.split, given.takes)) if given.takes else []
    if given.concertos:
        for name in given.concertos:
            score, _ = read_score(data_folder() / "concertos" / f"{name}.krn", lenient=True)
            rows += _concerto(name, score)
    record("accompanying", rows)


if __name__ == "__main__":
    _main()
