"""Demonstrations: do they change what the remark names, the right way, and nothing else?

In: human takes of `valid` works (`VALENTIN_DATA`), clean and with gross faults planted. Out: rows
of `bench/results/demonstrating.json`.

    python -m bench.demonstrating                  measure on `valid` works
    python -m bench.demonstrating --split train --dry

**Conventions.** For every remark of a lesson the student's playing with the one quantity put right
is performed as keys, measured and judged anew, as any take is. *The right way*: the same measure,
on the stretch nearest the remark's (sharing four fifths), has moved from what it was towards what
is expected, or past it; a remark on notes: none is missing there. Where no such stretch is measured
any more, the remark counts apart. *Limits*: how far the first and the last moment of the remark's
bars are from where the student has them, in milliseconds, the worse of the two.

**Knows nothing of** how a demonstration is made. Planter and judge share no code.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.common import Row, by_work, record, takes
from bench.planting import KINDS, plant
from bench.teaching import Heard, Known, hear
from valentin.judging import measured
from valentin.judging.observing import observe
from valentin.music import Alignment, Finding, Performance, Plan, TempoCurve
from valentin.performing import known_alignment, measure, perform
from valentin.reading import read_score, read_take
from valentin.shaping import mend, plan_interpreted

GROSS = 2
SHARED = 0.8


@dataclass(frozen=True, slots=True)
class Shown:
    """What one demonstration did; `right` is None where nothing could be measured any more."""

    work: str
    measure: str
    right: bool | None
    late_ms: float


def shown(heard: Heard, work: str) -> Iterator[Shown]:
    """Every remark of a lesson, demonstrated and measured."""
    known = heard.known
    plans = measure(known.score, heard.take, heard.alignment)
    reference = plan_interpreted(known.score, known.structure)
    for remark in heard.lesson.remarks:
        finding = remark.finding
        plan = _played_there(heard, plans, finding)
        mended = mend(known.score, plan, reference, finding)
        performance = perform(known.score, mended)
        alignment = known_alignment(known.score, mended, performance)
        limits = np.array([float(finding.start_q), float(finding.end_q)])
        moved = TempoCurve.of(mended).seconds(limits) - TempoCurve.of(plan).seconds(limits)
        late_ms = 1000 * float(np.abs(moved).max())
        yield Shown(work, finding.measure, _right(known, finding, performance, alignment), late_ms)


def _played_there(heard: Heard, plans: tuple[Plan, ...], finding: Finding) -> Plan:
    ids = {n.id for n in heard.known.score.notes if finding.start_q <= n.onset_q < finding.end_q}

    def played(plan: Plan) -> int:
        flags = plan.played or (True,) * len(plan.shapes)
        return sum(p and s.id in ids for s, p in zip(plan.shapes, flags, strict=True))

    return max(plans, key=lambda plan: (played(plan), plan.run))


def _right(known: Known, finding: Finding, take: Performance, alignment: Alignment) -> bool | None:
    """Whether the measure of a finding has moved towards what is expected."""
    if finding.dimension == "notes":
        there = {n.id for n in known.score.notes if finding.start_q <= n.onset_q < finding.end_q}
        return not there & {m.score_id for m in alignment.missed}
    plans = measure(known.score, take, alignment)
    seen = observe(known.score, known.structure, take, alignment, plans, known.spread)
    found = [
        (shared, sample)
        for sample in measured(seen)
        if sample.measure.name == finding.measure
        and (shared := _shared(finding, sample.start_q, sample.end_q)) >= SHARED
    ]
    if not found:
        return None
    _, sample = max(found, key=lambda pair: pair[0])
    return (sample.value - finding.value) * (finding.expected - finding.value) > 0


def _shared(finding: Finding, start_q: float, end_q: float) -> float:
    """Share of the longer of two stretches that lies in both."""
    start, end = float(finding.start_q), float(finding.end_q)
    inside = min(end, end_q) - max(start, start_q)
    return inside / max(end - start, end_q - start_q, 1e-9)


def _lessons(split: str, works: int, faults: int) -> Iterator[tuple[str, Heard]]:
    """A clean take of each work, and the same with a few faults planted, one at a time."""
    every = by_work(takes("valid" if split == "valid" else "train"))
    names = list(every)[:: max(len(every) // works, 1)] if works else list(every)
    for number, work in enumerate(names):
        take = every[work][0]
        folded, _ = read_score(take.score)
        played = read_take(take.performance)
        clean = hear(folded, played)
        yield work, clean
        for i in range(faults):
            kind = KINDS[(faults * number + i) % len(KINDS)]
            rng = np.random.default_rng([number, i])
            found = plant(kind, GROSS, clean.known.score, played, clean.alignment, rng)
            if found is not None:
                yield work, hear(folded, found.performance, clean.known)


def rows_of(every: list[Shown]) -> list[Row]:
    """All the numbers."""
    known = [one for one in every if one.right is not None]
    kinds: dict[str, list[bool]] = defaultdict(list)
    for one in known:
        kinds[one.measure].append(bool(one.right))
    late = [one.late_ms for one in every]
    share = float(np.mean([one.right for one in known]))
    gone = 1 - len(known) / len(every)
    return [
        Row("demonstrations that go the right way", share, n=len(known), of="remarks", target="1"),
        Row("demonstrations after which nothing of that kind is measured", gone,
            n=len(every), of="remarks"),
        Row("limits of the bars kept", float(np.median(late)), "ms", worst=max(late), n=len(late),
            of="remarks", target="<= 50"),
        *(
            Row(f"the right way: {name}", float(np.mean(hits)), n=len(hits), of="remarks")
            for name, hits in sorted(kinds.items())
        ),
    ]  # fmt: skip


def main() -> None:
    """Measure and record, or print only."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--split", choices=("valid", "train"), default="valid")
    options.add_argument("--works", type=int, default=0, help="only so many works")
    options.add_argument("--faults", type=int, default=4, help="planted in each take, one by one")
    options.add_argument("--dry", action="store_true", help="print, record nothing")
    wish = options.parse_args()
    every: list[Shown] = []
    for work, heard in _lessons(wish.split, wish.works, wish.faults):
        found = list(shown(heard, work))
        every += found
        for one in found:
            print(f"{work}: {one.measure} {one.right} {one.late_ms:.1f} ms", file=sys.stderr)
    rows = rows_of(every)
    if wish.dry:
        for row in rows:
            print(f"{row.name}: {row.value:.3f} (n = {row.n}) worst {row.worst} {row.target}")
    else:
        record("demonstrating", rows)


if __name__ == "__main__":
    main()
