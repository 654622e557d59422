"""Teaching: planted faults found, fine pianists left alone, takes that are none refused.

In: human takes with a robust alignment (`VALENTIN_DATA`). Out: one row a number, as `measures.md`
defines them; details to stderr as it goes.

    python -m bench.teaching                    measure on `valid` works
    python -m bench.teaching --split train      the same on `train`, where thresholds are chosen

**Conventions.** A fault is found if some remark of the lesson is of a dimension it counts as and at
least half of the remark's bars lie in the planted bars, widened by one on each side. Every take,
planted or not, is aligned anew by our aligner. A false issue is a remark of kind "issue" on an
untouched human take. A phrase is called an issue if an issue found (said or not) covers half of it.
The share of faults found is the mean over kinds of the mean over works; its interval draws works
anew. A refusal counts if it is the right one: another piece must be called so. Seconds are of
processor time. Planter (`bench/planting.py`) and judge share no code.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing import Pool

import numpy as np

from bench.common import RESAMPLES, Row, Take, across_works, by_work, record, takes
from bench.planting import COUNTS_AS, KINDS, plant
from valentin.aligning import align
from valentin.judging import judge
from valentin.music import (
    Alignment,
    Finding,
    Findings,
    Lesson,
    Performance,
    PerformedNote,
    Score,
    Spread,
    Structure,
    unfold,
)
from valentin.performing import measure
from valentin.reading import read_score, read_take
from valentin.shaping import expected
from valentin.shaping.interpreter_model import Model
from valentin.studying import study
from valentin.teaching import compose

SEVERITIES = ("slight", "plain", "gross")
TAKES_A_WORK = 2
"""Takes of each work that are measured: thirteen valid works give at least twenty."""


@dataclass(frozen=True, slots=True)
class Known:
    """A score as one take unfolds it, and what is expected of it."""

    folded: Score
    score: Score
    structure: Structure
    spread: Spread

    @classmethod
    def of(cls, folded: Score, repeats: tuple[int, ...], model: Model | None = None) -> Known:
        """Everything about a score that does not depend on the player; `model` foresees it."""
        score = unfold(folded, repeats)
        structure = study(score)
        return cls(folded, score, structure, expected(score, structure, model))


@dataclass(frozen=True, slots=True)
class Heard:
    """One take and what came of it."""

    known: Known
    take: Performance
    alignment: Alignment
    findings: Findings
    lesson: Lesson


def hear(folded: Score, take: Performance, known: Known | None = None) -> Heard:
    """The straight line from a take to a lesson; `known` is used again where it fits."""
    alignment = align(folded, take)
    if known is None or known.score.order != unfold(folded, alignment.repeats_taken).order:
        known = Known.of(folded, alignment.repeats_taken)
    plans = measure(known.score, take, alignment)
    findings = judge(known.score, known.structure, take, alignment, plans, known.spread)
    return Heard(known, take, alignment, findings, compose(findings))


def names(finding: Finding, kind: str, score: Score, bars: tuple[int, int]) -> bool:
    """Whether a finding names the planted fault: its dimension, and its bars within one."""
    low = float(score.bars[max(bars[0] - 1, 0)].start_q)
    last = score.bars[min(bars[1] + 1, len(score.bars) - 1)]
    high = float(last.start_q + last.length_q)
    start, end = float(finding.start_q), float(finding.end_q)
    shared = min(end, high) - max(start, low)
    return finding.dimension in COUNTS_AS[kind] and 2 * shared >= end - start


FOUND = "found"


def fate(heard: Heard, kind: str, score: Score, bars: tuple[int, int]) -> str:
    """Found, or why a planted fault is not among the remarks."""
    if heard.findings.heard.verdict != "judged":
        return "take refused"
    said = [remark.finding for remark in heard.lesson.remarks]
    if any(names(finding, kind, score, bars) for finding in said):
        return FOUND
    faults = [f for f in heard.findings.findings if f.kind != "strength"]
    there = [f for f in faults if names(f, kind, score, bars)]
    if not there:
        return "nothing found there"
    if any(f.scope == "piece" for f in said):
        return "notes first"
    if {f.measure for f in there} & {f.measure for f in said}:
        return "same measure elsewhere"
    return "other measures first"


def issues(lesson: Lesson) -> int:
    """Remarks of kind "issue"."""
    return sum(remark.finding.kind == "issue" for remark in lesson.remarks)


def phrases_called(heard: Heard) -> float:
    """Share of phrases half covered by an issue, said or not."""
    phrases = heard.known.structure.phrases
    level = max((p.level for p in phrases), default=0)
    phrases = tuple(p for p in phrases if p.level == level)
    called = 0
    for phrase in phrases:
        length = phrase.end_q - phrase.start_q
        called += any(
            2 * (min(f.end_q, phrase.end_q) - max(f.start_q, phrase.start_q)) >= length
            for f in heard.findings.findings
            if f.kind == "issue"
        )
    return called / max(len(phrases), 1)


def chosen_takes(split: str, count: int) -> Iterator[Take]:
    """Up to `count` takes of each work, the first ones of the index."""
    every = takes("valid") if split == "valid" else takes("train")
    for rows in by_work(every).values():
        yield from rows[:count]


VERDICTS = {
    "wrong piece": ("wrong piece",),
    "noise": ("noise", "wrong piece"),
    "too little": ("too little",),
}
"""What each false take may be taken for; random keys are no piece, and so another piece too."""


def impostors(heard: Heard, other: Performance) -> dict[str, Performance]:
    """Takes that deserve a refusal: another piece, random keys, the first two fifths."""
    rng = np.random.default_rng(0)
    count = len(heard.take.notes)
    times = np.sort(rng.uniform(0, heard.take.end_s, count))
    noise = tuple(
        PerformedNote(f"p{i}", "P1", t, t + 0.2, int(p), int(v))
        for i, (t, p, v) in enumerate(
            zip(times, rng.integers(30, 95, count), rng.integers(20, 100, count), strict=True)
        )
    )
    return {
        "wrong piece": other,
        "noise": Performance(noise),
        "too little": replace(heard.take, notes=heard.take.notes[: count * 2 // 5]),
    }


@dataclass(frozen=True, slots=True)
class Marked:
    """What one take gave: counts, what became of each fault, which impostors were refused."""

    take: Take
    issues: int
    phrases: float
    seconds: float  # for five minutes of music
    fates: dict[tuple[str, int], str]
    refused: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Task:
    """One take to mark, another that serves as the wrong piece, and which faults to plant."""

    number: int
    take: Take
    other: Take
    faults: tuple[tuple[str, int], ...]


def mark(task: Task) -> Marked:
    """Everything measured on one take."""
    folded, _ = read_score(task.take.score)
    played = read_take(task.take.performance)
    start = time.process_time()
    heard = hear(folded, played)
    seconds = (time.process_time() - start) * 300 / max(played.end_s, 1)
    refused = {}
    for name, false in impostors(heard, read_take(task.other.performance)).items():
        answer = hear(folded, false, heard.known)
        verdict = answer.findings.heard.verdict
        refused[name] = verdict in VERDICTS[name] and not answer.lesson.remarks
    fates = {}
    for kind, severity in task.faults:
        rng = np.random.default_rng([task.number, KINDS.index(kind)])
        planted = plant(kind, severity, heard.known.score, played, heard.alignment, rng)
        if planted is not None:
            again = hear(folded, planted.performance, heard.known)
            fates[kind, severity] = fate(again, kind, heard.known.score, planted.bars)
    hits = f"{sum(f == FOUND for f in fates.values())} of {len(fates)} faults"
    print(
        f"{task.take.name}: {issues(heard.lesson)} issues, {hits}, refused {refused}",
        file=sys.stderr,
    )
    phrases = phrases_called(heard)
    return Marked(task.take, issues(heard.lesson), phrases, seconds, fates, refused)


def tasks(chosen: list[Take], severities: tuple[int, ...], thin: int) -> list[Task]:
    """The takes, each kind of fault in every `thin`-th; the wrong piece is another work's take."""
    every = []
    for number, take in enumerate(chosen):
        others = [t for t in chosen if t.work != take.work]
        kinds = [k for i, k in enumerate(KINDS) if (number + i) % thin == 0]
        faults = tuple((k, s) for k in kinds for s in severities)
        every.append(Task(number, take, others[number % len(others)], faults))
    return every


def rows_of(marked: list[Marked]) -> list[Row]:
    """All the numbers."""
    issues_of: dict[str, list[float]] = defaultdict(list)
    phrases_of: dict[str, list[float]] = defaultdict(list)
    refused: dict[str, list[bool]] = defaultdict(list)
    for one in marked:
        issues_of[one.take.work].append(float(one.issues))
        phrases_of[one.take.work].append(one.phrases)
        for name, hit in one.refused.items():
            refused[name].append(hit)
    means = {work: float(np.mean(v)) for work, v in issues_of.items()}
    called = {work: float(np.mean(v)) for work, v in phrases_of.items()}
    seconds = [one.seconds for one in marked]
    return [
        across_works("false issues per clean take", means, higher_is_better=False, target="<= 1"),
        across_works("phrases called an issue", called, higher_is_better=False, target="<= .10"),
        Row("lesson, seconds per five minutes of music", float(np.median(seconds)), "s",
            worst=max(seconds), n=len(seconds), of="takes", target="< 10"),
        *_found_rows(marked),
        *(
            Row(f"refused: {name}", float(np.mean(hits)), n=len(hits), of="takes", target="1")
            for name, hits in refused.items()
        ),
    ]  # fmt: skip


TARGETS = {2: ">= .80", 1: ">= .60", 0: ""}


def _found_rows(marked: list[Marked]) -> Iterator[Row]:
    """What share of the planted faults was found: over all kinds, then kind by kind."""
    for severity, target in TARGETS.items():
        by_kind = {kind: _by_work(marked, (kind, severity)) for kind in KINDS}
        by_kind = {kind: works for kind, works in by_kind.items() if works}
        if not by_kind:
            continue
        low, high = _interval(by_kind)
        count = sum(len(hits) for works in by_kind.values() for hits in works.values())
        name = f"planted faults found, {SEVERITIES[severity]} (mean over kinds)"
        yield Row(
            name, _mean_over_kinds(by_kind), low=low, high=high, n=count, of="takes", target=target
        )  # fmt: skip
        for kind, works in by_kind.items():
            hits = [float(np.mean(v)) for v in works.values()]
            number = sum(len(v) for v in works.values())
            yield Row(
                f"found: {kind}, {SEVERITIES[severity]}", float(np.mean(hits)), n=number, of="takes"
            )


Works = dict[str, list[bool]]


def _by_work(marked: list[Marked], fault: tuple[str, int]) -> Works:
    """Whether one fault was found, take by take, under each work that has a place for it."""
    works: Works = defaultdict(list)
    for one in marked:
        if fault in one.fates:
            works[one.take.work].append(one.fates[fault] == FOUND)
    return dict(works)


def _mean_over_kinds(by_kind: dict[str, Works]) -> float:
    return float(
        np.mean([np.mean([np.mean(v) for v in works.values()]) for works in by_kind.values()])
    )


def _interval(by_kind: dict[str, Works]) -> tuple[float, float]:
    """95 % of means over kinds when works are drawn anew, the same works for every kind."""
    names = sorted({work for works in by_kind.values() for work in works})
    rng = np.random.default_rng(0)
    table = np.array(
        [[np.mean(w[n]) if n in w else np.nan for n in names] for w in by_kind.values()]
    )
    means = []
    for drawn in rng.integers(0, len(names), (RESAMPLES, len(names))):
        part = table[:, drawn]
        known = ~np.isnan(part)
        kinds = known.any(axis=1)
        sums = np.where(known, part, 0.0).sum(axis=1)
        means.append(float(np.mean(sums[kinds] / known[kinds].sum(axis=1))))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def print_fates(marked: list[Marked]) -> None:
    """What became of each kind of planted fault, to stderr."""
    table: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for one in marked:
        for fault, what in one.fates.items():
            table[fault][what] += 1
    for (kind, severity), row in sorted(table.items()):
        told = ", ".join(f"{what} {count}" for what, count in row.most_common())
        print(f"{kind}, {SEVERITIES[severity]}: {told}", file=sys.stderr)


def main() -> None:
    """Measure and record, or print only."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--split", choices=("valid", "train"), default="valid")
    options.add_argument("--works", type=int, default=0, help="only so many works")
    options.add_argument("--severities", type=int, default=3, help="only so many, gross first")
    options.add_argument("--thin", type=int, default=1, help="each fault in every so-manieth take")
    options.add_argument("--jobs", type=int, default=2, help="processes")
    options.add_argument("--dry", action="store_true", help="print, record nothing")
    wish = options.parse_args()
    chosen = list(chosen_takes(wish.split, TAKES_A_WORK))
    if wish.works:
        works = list(by_work(chosen))[:: max(len(by_work(chosen)) // wish.works, 1)]
        chosen = [t for t in chosen if t.work in works]
    todo = tasks(chosen, tuple(range(3))[-wish.severities :], wish.thin)
    with Pool(wish.jobs) as pool:
        marked = pool.map(mark, todo, chunksize=1)
    print_fates(marked)
    rows = rows_of(marked)
    if wish.dry:
        for row in rows:
            print(f"{row.name}: {row.value:.3f} (n = {row.n} {row.of}) {row.target}")
    else:
        record("teaching", rows)


if __name__ == "__main__":
    main()
