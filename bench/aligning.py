"""Aligning: how many keys of practice takes find their written note, as `measures.md` defines it.

In: the robust human takes of the index, practised in the manners a to h. Out: rows of
`bench/results/aligning.json`.

Run: `python -m bench.aligning [train|valid] [--takes 24] [--seeds 3]`; with `--duel N` instead
DualDTW beside ours, one seed, on the N shortest of the takes (slow: it is quadratic).

**Conventions.** A take's F1 is averaged over seeds, then over the takes of a work; rows are across
works. "F1" takes two voices on one key for one note, since which of them the truth names is chance;
"F1 of pairs" takes them for two. Planted labels are counted over all takes together.

**Knows nothing of** how an aligner works.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.aligning_cases import CASES, Case, case_of, make
from bench.aligning_scores import Counts, Scored, scored
from bench.common import Row, Take, across_works, by_work, record, sampled, takes
from valentin.aligning import align
from valentin.errors import ValentinError
from valentin.music import Alignment, Performance, Score
from valentin.reading import read_match, read_score

__all__ = ["chosen", "measure"]

Aligner = Callable[[Score, Performance], Alignment]

TARGETS = {
    "clean": "≥ .987", "a": "≥ .985", "b": "≥ .98", "c": "≥ .985", "d": "≥ .985 (worst ≥ .93)",
    "e": "≥ .985", "f right": "≥ .98", "f left": "≥ .98", "g": "≥ .98", "h": "≥ .97",
}  # fmt: skip
OTHERS = {
    "clean": "DualDTW .982, HMM .994", "a": ".978, .994", "b": ".944, .937", "c": ".978, .992",
    "d": ".495, .993", "e": ".977, .994", "f right": ".959", "f left": ".937", "h": ".940, .950",
}  # fmt: skip
"""DualDTW and the outer-product HMM, on other takes (`measures.md`)."""
ALWAYS = ("Chopin/Ballades/1", "Liszt/", "Ravel/", "Scriabin/")
"""Works that are among the takes whatever the draw."""
SIZES = (1000, 2000, 4000, 8000)


@dataclass(frozen=True, slots=True)
class Measured:
    """One aligned case."""

    work: str
    kind: str
    scored: Scored
    seconds: float
    keys: int


def chosen(split: str, count: int) -> list[Take]:
    """`count` takes of as many works, those of `ALWAYS` among them."""
    every = takes("valid" if split == "valid" else "train")
    first = [
        sampled([t for t in every if t.folder.startswith(start)], 1)
        for start in ALWAYS
        if any(t.folder.startswith(start) for t in every)
    ]
    kept = [take for some in first for take in some]
    works = {take.work for take in kept}
    others = [t for t in every if t.work not in works]
    return kept + list(sampled(others, count - len(kept)))


def measure(
    every: Sequence[Take], seeds: int, aligner: Aligner, kinds: Sequence[str] = tuple(CASES)
) -> Iterator[Measured]:
    """Every take in every manner, with each seed (a manner without chance once)."""
    for n, take in enumerate(every):
        clean = _clean(take)
        if clean is None:
            continue
        for kind in kinds:
            for seed in range(1 if kind in {"clean", "d", "f right", "f left"} else seeds):
                case = make(kind, clean, np.random.default_rng([seed, n, list(CASES).index(kind)]))
                if case is None:
                    continue
                performance = case.performance
                begun = time.process_time()
                found = aligner(case.score, performance)
                seconds = time.process_time() - begun
                yield Measured(take.work, kind, scored(case, found), seconds, len(case.keys))


def _clean(take: Take) -> Case | None:
    if take.match is None:
        return None
    try:
        score, _ = read_score(take.score, lenient=True)
        return case_of(score, *read_match(take.match))
    except ValentinError as error:
        print(f"left out {take.name}: {error}")
        return None


def _rows(tag: str, results: Sequence[Measured], own: bool) -> list[Row]:
    rows = []
    for kind in CASES:
        some = [m for m in results if m.kind == kind]
        if not some:
            continue
        others, target = (OTHERS.get(kind, ""), TARGETS.get(kind, "")) if own else ("", "")
        pairs = _by_work(some, lambda s: s.pairs.f1)
        music = _by_work(some, lambda s: s.music.f1)
        rows.append(across_works(f"{tag}F1 of pairs {kind}", pairs, others=others, target=target))
        rows.append(across_works(f"{tag}F1, voices on one key as one note, {kind}", music))
        settled = _by_work(some, lambda s: s.settled.f1)
        rows.append(across_works(f"{tag}the same where the truth is not in doubt, {kind}", settled))
        rows.append(across_works(f"{tag}placed {kind}", _by_work(some, lambda s: s.placed)))
        rows.append(Row(f"{tag}sd {kind}", float(np.std(list(music.values()))), n=len(pairs)))
    return rows + _label_rows(tag, results)


def _by_work(some: Sequence[Measured], number: Callable[[Scored], float]) -> dict[str, float]:
    works: dict[str, list[float]] = {}
    for measured in some:
        works.setdefault(measured.work, []).append(number(measured.scored))
    return {work: float(np.nanmean(values)) for work, values in works.items()}


def _label_rows(tag: str, results: Sequence[Measured]) -> list[Row]:
    def total(kind: str, counts: Callable[[Scored], Counts]) -> Counts:
        return sum((counts(m.scored) for m in results if m.kind == kind), Counts())

    rows = []
    stops = total("b", lambda s: s.unwritten)
    if stops.right:
        rows.append(Row(f"{tag}extra precision b", stops.precision, target="≥ .90"))
    for name, counts, target in (
        ("extra", lambda s: s.extra, "≥ .96"),
        ("missed", lambda s: s.missed, "≥ .95"),
        ("wrong", lambda s: s.wrong, "≥ .90"),
        ("extra, by name,", lambda s: s.named_extra, ""),
        ("missed, by name,", lambda s: s.named_missed, ""),
        ("extra, planted alone,", lambda s: s.strict_extra, ""),
        ("missed, planted alone,", lambda s: s.strict_missed, ""),
        ("wrong, planted alone,", lambda s: s.strict_wrong, ""),
        ("extra, the human's own counted,", lambda s: s.unwritten, ""),
        ("missed, the human's own counted,", lambda s: s.unheard, ""),
    ):
        got = total("a", counts)
        if got.right:
            rows.append(Row(f"{tag}{name} F a", got.f1, n=got.right + got.lost, of="notes",
                            target=target))  # fmt: skip
            rows.append(Row(f"{tag}{name} precision a", got.precision))
            rows.append(Row(f"{tag}{name} recall a", got.recall))
    for kind in ("clean", "a"):
        keys = sum(m.keys for m in results if m.kind == kind)
        for name, counts in (("extra", _strict_extra), ("missed", _strict_missed)):
            false = total(kind, counts).false
            if keys:
                rows.append(Row(f"{tag}false {name} per 1000 notes, {kind}", false / keys * 1000))
    sure = total("a", lambda s: s.sure)
    if sure.right:
        rows.append(Row(f"{tag}labels with confidence from .8 that are right, a", sure.precision,
                        n=sure.right + sure.false, of="labels"))  # fmt: skip
    return rows


def _strict_extra(s: Scored) -> Counts:
    return s.strict_extra


def _strict_missed(s: Scored) -> Counts:
    return s.strict_missed


def _speed_rows(every: Sequence[Take]) -> list[Row]:
    """Seconds a thousand notes on the longest take, by length; the peak of memory."""
    cases = [case for take in every if (case := _clean(take))]
    longest = max(cases, key=lambda case: len(case.keys))
    rows = []
    for size in (*SIZES, len(longest.keys)):
        if size > len(longest.keys):
            continue
        part = Performance(longest.performance.notes[:size])
        spent = []
        for _ in range(3):
            begun = time.process_time()
            align(longest.score, part)
            spent.append(time.process_time() - begun)
        seconds = min(spent) / size * 1000
        rows.append(Row(f"seconds per 1000 notes, {size} notes", seconds, "s", target="≤ .3"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return [*rows, Row("peak memory", peak, "GB", target="< 1")]


def _duel(every: Sequence[Take], count: int) -> list[Row]:
    from bench.dual_dtw import align_dual_dtw

    def size(take: Take) -> int:
        return take.match.stat().st_size if take.match else 0

    rows: list[Row] = []
    short = sorted(every, key=size)[:count]
    for tag, aligner in (("DualDTW, ", align_dual_dtw), ("beside DualDTW, ", align)):
        results = list(measure(short, 1, aligner))
        rows += _rows(tag, results, own=False)
        spent = [m.seconds / m.keys * 1000 for m in results]
        name, middle = f"{tag}seconds per 1000 notes, median", float(np.median(spent))
        rows.append(Row(name, middle, "s", n=len(spent), of="takes"))
    return rows


def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.aligning")
    parser.add_argument("split", nargs="?", default="train", choices=["train", "valid"])
    parser.add_argument("--takes", type=int, default=24)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--duel", type=int, default=0)
    given = parser.parse_args()
    every = chosen(given.split, given.takes)
    if given.duel:
        rows = _duel(every, given.duel)
    else:
        rows = _speed_rows(every) if given.split == "train" else []
        rows += _rows(f"{given.split}: ", list(measure(every, given.seeds, align)), own=True)
    print(f"{len(every)} takes of {len(by_work(every))} works")
    record("aligning", rows)


if __name__ == "__main__":
    _main()
