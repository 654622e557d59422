"""Playing: how near a rendering comes to fine pianists, note by note, as `measures.md` defines it.

In: a performer and the human takes of the index. Out: rows of `bench/results/playing.json`.

Run: `python -m bench.playing [model|rules|score|human] [valid|fold|all]` (rules, valid). `fold` is
works of train that `build/examples/held-out.npz` has not seen; the model plays them by it.

**Conventions.** A rendering and a take are joined by score note id. Everything is averaged over the
takes of a work, then over works. The default rendering is the one without a seed.

**Knows nothing of** how a performer decides.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.common import Row, Take, across_works, by_work, record, takes
from bench.features import FEATURES, Features, Sheet, features_of, pearson, sd_ratio
from bench.likelihood import SPREAD_FEATURES, foretold, of_one_width
from valentin.errors import ReadError
from valentin.learning.examples import FOLDS, folds_of
from valentin.music import Plan, Score, Spread, Structure, unfold
from valentin.performing import measure, perform
from valentin.reading import read_match, read_score
from valentin.shaping import (
    plan_interpreted,
    plan_rules,
    plan_score,
    spread_around,
    spread_interpreted,
)
from valentin.shaping.interpreter_model import Model, read_model
from valentin.studying import study

__all__ = ["PERFORMERS", "Piece", "pieces"]

Performer = Callable[[Score, int | None], Plan]
Around = Callable[[Score, Structure, Plan], Spread]
Values = dict[str, dict[str, list[float]]]

HELD_OUT = Path("build/examples/held-out.npz")
"""Weights that have not seen the first fold of train (`valentin.learning.train`)."""

OTHERS = {
    "vel": ".32 / .59 / .53", "beat": ".22 / .42 / .34", "ioi": ".15 / .33 / .29",
    "art": ".27 / .50 / .48", "asyn": ".28 / .23 / .16",
}  # fmt: skip
"""r of the score MIDI, VirtuosoNet and Pianist Transformer, on other pieces (`measures.md`)."""
TARGETS = {"vel": "≥ .65", "beat": "≥ .69", "ioi": "≥ .48", "art": "≥ .68", "asyn": "≥ .45"}
"""Human to human, on the pieces of the quoted table."""
ON_VALID = {"vel": ".60", "beat": ".63", "ioi": ".48", "art": ".62", "asyn": ".45"}
"""Human to human on `valid`, as quoted there."""


def _score(score: Score, _seed: int | None) -> Plan:
    return plan_score(score)


def _rules(score: Score, seed: int | None) -> Plan:
    rng = None if seed is None else np.random.default_rng(seed)
    return plan_rules(score, study(score), rng)


def _model(score: Score, seed: int | None, model: Model | None = None) -> Plan:
    rng = None if seed is None else np.random.default_rng(seed)
    return plan_interpreted(score, study(score), rng, None, model)


PERFORMERS: dict[str, Performer] = {"score": _score, "rules": _rules, "model": _model}


@dataclass(frozen=True, slots=True)
class Piece:
    """One version of a work: its unfolded score and what each human take makes of it."""

    work: str
    score: Score
    sheet: Sheet
    humans: tuple[Features, ...]
    seconds: tuple[float, ...]
    plans: tuple[Plan, ...]


def pieces(every: Sequence[Take], planned: bool = True) -> Iterator[Piece]:
    """The pieces of some takes, one after another, each with all its takes, as plans too if so."""
    for work, rows in by_work(every).items():
        for path in dict.fromkeys(take.score for take in rows):
            try:
                score = unfold(read_score(path)[0])
            except ReadError as error:
                print(f"{work} is left out: {error}", file=sys.stderr)
                continue
            sheet = Sheet.of(score)
            humans, seconds = [], []
            plans: list[Plan] = []
            for take in rows:
                if take.score != path or take.match is None:
                    continue
                performance, alignment = read_match(take.match)
                played = {note.id: note for note in performance.notes}
                heard = {m.score_id: played[m.performed_id] for m in alignment.matches}
                humans.append(features_of(sheet, heard))
                onsets = [note.onset_s for note in heard.values()]
                seconds.append(max(onsets) - min(onsets))
                known = tuple(m for m in alignment.matches if m.score_id in sheet.rows)
                if planned:
                    plans += measure(score, performance, replace(alignment, matches=known))
            yield Piece(work, score, sheet, tuple(humans), tuple(seconds), tuple(plans))


def rendered(piece: Piece, plan: Plan) -> tuple[Features, float]:
    """The features of a plan's performance, and its seconds from first to last onset."""
    performance = perform(piece.score, plan)
    onsets = [note.onset_s for note in performance.notes]
    heard = {note.id: note for note in performance.notes if note.id in piece.sheet.rows}
    return features_of(piece.sheet, heard), max(onsets) - min(onsets)


def measure_performer(name: str, every: Sequence[Take], tag: str) -> list[Row]:
    """All rows of one performer."""
    model = read_model(HELD_OUT) if name == "model" and tag == "fold" else None
    perform_piece = partial(_model, model=model) if name == "model" else PERFORMERS[name]
    values: Values = {}
    shapes: list[tuple[Features, Piece]] = []
    spent, notes = 0.0, 0
    for piece in pieces(every):
        began = time.process_time()
        plan = perform_piece(piece.score, None)
        spent += time.process_time() - began
        notes += len(piece.score.notes)
        mine, seconds = rendered(piece, plan)
        seeds = [rendered(piece, perform_piece(piece.score, seed))[0] for seed in (1, 2)]
        _compare(values, piece, mine, seeds)
        _durations(values, piece, seconds)
        around = partial(spread_interpreted, model=model) if name == "model" else spread_around
        _foretell(values, piece, plan, around)
        shapes.append((mine, replace(piece, plans=())))
    rows = [
        _row(f"{name} {tag}: r, {f}", values[f"r {f}"], OTHERS.get(f, ""), TARGETS.get(f, ""))
        for f in FEATURES
    ]
    for f in FEATURES:
        rows.append(_row(f"{name} {tag}: SD ratio, {f}", values[f"sd {f}"], "", ".9–1.1"))
    rows += _at_the_pair(name, tag, values)
    rows.append(_row(f"{name} {tag}: duration within the humans' own", values["duration"]))
    for f in FEATURES:
        rows.append(_row(f"{name} {tag}: r between seeds, {f}", values[f"seeds {f}"]))
        rows.append(_row(f"{name} {tag}: r, seeded, {f}", values[f"seeded {f}"]))
    for f in SPREAD_FEATURES:
        rows.append(
            _row(f"{name} {tag}: inside the 80 % interval, {f}", values[f"coverage {f}"], "", ".80")
        )
        rows.append(_row(f"{name} {tag}: log-likelihood, {f}", values[f"nats {f}"]))
        more = f"{name} {tag}: log-likelihood above one width for all, {f}"
        rows.append(_row(more, values[f"more {f}"], "", "> 0"))
    rows += _wrong_piece(name, tag, shapes)
    speed = Row(f"{name} {tag}: speed", notes / spent, "notes/s", n=notes, of="notes")
    return [*rows, speed]


def measure_humans(every: Sequence[Take], tag: str) -> list[Row]:
    """Human against human, and against the mean of the other humans."""
    values: Values = {}
    for piece in pieces(every):
        for f in FEATURES:
            columns = [getattr(human, f) for human in piece.humans]
            for a, b in combinations(columns, 2):
                _add(values, f"pair {f}", piece.work, pearson(a, b))
            for i, column in enumerate(columns):
                others = np.array([c for k, c in enumerate(columns) if k != i])
                if len(others) > 1:
                    known = np.isfinite(others)
                    total = np.where(known, others, 0).sum(axis=0)
                    mean = np.where(
                        known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan
                    )
                    _add(values, f"mean {f}", piece.work, pearson(mean, column))
    quoted = ON_VALID if tag == "valid" else {}
    rows = [
        _row(f"human pair {tag}: r, {f}", values[f"pair {f}"], quoted.get(f, "")) for f in FEATURES
    ]
    return rows + [
        _row(f"mean of the other humans {tag}: r, {f}", values[f"mean {f}"]) for f in FEATURES
    ]


def _compare(values: Values, piece: Piece, mine: Features, seeds: Sequence[Features]) -> None:
    for f in FEATURES:
        column = getattr(mine, f)
        humans = [getattr(human, f) for human in piece.humans]
        for human in humans:
            _add(values, f"r {f}", piece.work, pearson(column, human))
            _add(values, f"seeded {f}", piece.work, pearson(getattr(seeds[0], f), human))
        _add(values, f"sd {f}", piece.work, sd_ratio(column, humans))
        first, second = (getattr(seed, f) for seed in seeds)
        _add(values, f"seeds {f}", piece.work, pearson(first, second))
        for a, b in combinations(humans, 2):
            _add(values, f"pair {f}", piece.work, pearson(a, b))


def _at_the_pair(name: str, tag: str, values: Values) -> Iterator[Row]:
    """The share of works with several takes on which we agree with humans as they do."""
    for f in FEATURES:
        means = {
            work: (np.nanmean(values[f"r {f}"][work]), np.nanmean(pairs))
            for work, pairs in values.get(f"pair {f}", {}).items()
            if np.isfinite(pairs).any() and np.isfinite(values[f"r {f}"][work]).any()
        }
        if means:
            reached = {work: [float(own >= pair)] for work, (own, pair) in means.items()}
            yield _row(f"{name} {tag}: works at or above the human pair, {f}", reached, "", "≥ .5")


def _foretell(values: Values, piece: Piece, plan: Plan, around: Around) -> None:
    """How the spread around the plan fares with the human takes."""
    spread = around(piece.score, study(piece.score), plan)
    plain = of_one_width(spread)
    for human in piece.plans:
        fixed = foretold(piece.score, plan, plain, human)
        for f, found in foretold(piece.score, plan, spread, human).items():
            _add(values, f"coverage {f}", piece.work, found.coverage)
            _add(values, f"nats {f}", piece.work, found.nats)
            _add(values, f"more {f}", piece.work, found.nats - fixed[f].nats)


def _durations(values: Values, piece: Piece, seconds: float) -> None:
    """1 where we stray from the median human no further than the humans do from the others'."""
    humans = np.array(piece.seconds)
    if len(humans) < 2:
        return
    own = [abs(np.log2(one / np.median(np.delete(humans, i)))) for i, one in enumerate(humans)]
    stray = abs(np.log2(seconds / np.median(humans)))
    _add(values, "duration", piece.work, float(stray <= max(own)))


def _wrong_piece(name: str, tag: str, shapes: Sequence[tuple[Features, Piece]]) -> Iterator[Row]:
    """The control: a rendering paired with the humans of the next piece, note i with i·M/N."""
    values: Values = {}
    for (mine, _), (_, other) in zip(shapes, [*shapes[1:], *shapes[:1]], strict=True):
        for f in FEATURES:
            column = getattr(mine, f)
            for human in other.humans:
                theirs = getattr(human, f)
                at = np.round(np.arange(len(column)) * (len(theirs) - 1) / max(1, len(column) - 1))
                r = pearson(column, theirs[at.astype(np.int64)])
                _add(values, f, other.work, r)
    for f in FEATURES:
        yield _row(f"{name} {tag}: r to the wrong piece, {f}", values[f], "", "|r| < .1")


def _add(values: Values, name: str, work: str, value: float) -> None:
    values.setdefault(name, {}).setdefault(work, []).append(value)


def _row(name: str, values: Mapping[str, list[float]], others: str = "", target: str = "") -> Row:
    means = {}
    for work, column in values.items():
        known = [v for v in column if np.isfinite(v)]
        means[work] = float(np.mean(known)) if known else float("nan")
    return across_works(name, means, others=others, target=target)


def main(words: Sequence[str]) -> None:
    """Measure one performer, or the humans, on `valid` or on all robust works."""
    name = words[0] if words else "rules"
    tag = words[1] if len(words) > 1 else "valid"
    every = takes("valid" if tag == "valid" else "train" if tag == "fold" else None)
    if tag == "fold":
        works = folds_of(by_work(every), FOLDS)[0]
        every = tuple(take for take in every if take.work in works)
    rows = measure_humans(every, tag) if name == "human" else measure_performer(name, every, tag)
    record("playing", rows)


if __name__ == "__main__":
    main(sys.argv[1:])
