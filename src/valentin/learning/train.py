"""Train the interpreter: `python -m valentin.learning.train [KEPT [OUT]]`, from the project's root.

In: the training split under `VALENTIN_DATA`. Out: `shaping/weights/interpreter.npz`, or OUT. KEPT
is a folder for what has been read (by default `build/examples`), so that a second run begins at
once; there, `held-out.npz` is the model that has not seen the first fold.

**Conventions.** Nothing looks at the validation split. What is chosen after growing (the network's
share, the gain, the widths) is chosen on works that the trees and networks had not seen.

**Knows nothing of** how a plan is made of it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.features import pearson

from valentin.learning.examples import FOLDS, HEADS, Example, examples_of, folds_of
from valentin.learning.growing import grow
from valentin.learning.networks import EPOCHS, train
from valentin.learning.wholes import whole_of
from valentin.shaping.interpreter_model import PLACE, WIDTHS, Model, write_model
from valentin.shaping.interpreter_network import Network
from valentin.shaping.interpreter_trees import Trees

__all__ = ["grown", "main"]

Floats = npt.NDArray[np.float64]
Values = Callable[[Example], Floats]

HELD_OUT = 1
"""So many of the FOLDS are predicted by a model of all others."""

SEEDS = (0, 1)
"""One network each."""

SHARES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)
"""Shares of the network that are tried."""

RENDERED = {"beat": 1.08}
"""What a head's gain must be more, since its SD is less once beats and groups are one rendition
(held-out works: `docs/decisions/0010-interpreter.md`)."""

FEWEST = 6
"""Notes of figures that a score must have to count."""

STEPS = np.linspace(0.0, 1.0, 201)
"""Quantiles by which a score stands among the others when a width is measured, however long."""

EDGES = {"vel": 0.1, "art": 0.07, "asyn": 0.07, "tempo": 0.1}
"""Quantile of the lower edge of each band, and from above of the upper one. Touch and asynchrony
stray farther in a rendition, where keys are let go and graces placed: with 0.1 their bands held .73
of the humans' on held-out works."""

LEAST_SD = 1e-3
"""SD below which a column is constant."""

log = logging.getLogger(__name__)


def main(words: Sequence[str]) -> None:
    """Read, hold out, choose, grow on everything, write."""
    kept = Path(words[0] if words else "build/examples")
    examples = examples_of(kept)
    apart: list[tuple[Example, Model]] = []
    for works in folds_of((example.work for example in examples), FOLDS)[:HELD_OUT]:
        model = grown([e for e in examples if e.work not in works], SEEDS)
        apart += [(e, model) for e in examples if e.work in works]
        log.info("held out %d works", len(works))
    share, gain = _chosen(apart)
    widths, edges = _ranged(apart, share, gain)
    within = _figure_gain(examples)

    def dressed(model: Model) -> Model:
        return replace(
            model, widths=widths, share=share, gain=gain, edges=edges, figure_gain=within
        )

    write_model(dressed(apart[-1][1]), kept / "held-out.npz")
    final = grown(examples, SEEDS)
    write_model(dressed(final), Path(words[1]) if len(words) > 1 else PLACE)


def grown(examples: list[Example], seeds: Sequence[int], epochs: int = EPOCHS) -> Model:
    """Trees, and networks of so many passes, of these examples; nothing chosen yet."""
    trees = tuple(_of_head(examples, head) for head in HEADS)
    log.info("trees of %d scores", len(examples))
    networks: tuple[Network, ...] = tuple(train(examples, seed, epochs) for seed in seeds)
    log.info("networks of %d scores", len(examples))
    none = np.zeros(len(HEADS))
    return Model(
        trees, (), networks, whole_of(examples), none, none + 1.0, np.zeros((len(WIDTHS), 2)),
        _figures_of(examples), 1.0,
    )  # fmt: skip


def _figures_of(examples: list[Example]) -> Trees:
    """What says how late the notes of graces and rolls come."""
    return grow(examples, "late", lambda e: e.figures, Example.late, fewest=FEWEST)


def _of_head(examples: list[Example], head: str) -> Trees:
    return grow(examples, head, lambda e: e.inputs(head), lambda e: e.target(head))


def _chosen(apart: list[tuple[Example, Model]]) -> tuple[Floats, Floats]:
    """For each head the share that agrees best with the held-out takes, and its gain."""
    share, gain = np.zeros(len(HEADS)), np.ones(len(HEADS))
    alone = [(e, _said(m, e, 0.0), _said(m, e, 1.0)) for e, m in apart]
    for i, head in enumerate(HEADS):

        def agreement(s: float, i: int = i, head: str = head) -> float:
            return _agreement([(e, (1 - s) * a[i] + s * b[i]) for e, a, b in alone], head)

        by_share = [agreement(s) for s in SHARES]
        share[i] = SHARES[int(np.argmax(by_share))]
        s = share[i]
        gain[i] = _gain([(e, (1 - s) * a[i] + s * b[i]) for e, a, b in alone], head)
        log.info("%s: %s share %.2f gain %.2f", head, np.round(by_share, 3), share[i], gain[i])
    return share, gain


def _said(model: Model, example: Example, share: float) -> tuple[Floats, ...]:
    told = replace(model, share=np.full(len(HEADS), share))
    reading = told.read(example.view, example.group, example.beat)
    return tuple(
        getattr(told.scaled(reading, told.whole.tell(example.whole)), head) for head in HEADS
    )


def _by_work(rows: list[tuple[str, float]]) -> float:
    works: dict[str, list[float]] = {}
    for work, value in rows:
        if np.isfinite(value):
            works.setdefault(work, []).append(value)
    return float(np.mean([np.mean(values) for values in works.values()]))


def _agreement(pairs: list[tuple[Example, Floats]], head: str) -> float:
    return _by_work([(e.work, pearson(x, t[head])) for e, x in pairs for t in e.takes])


def _gain(pairs: list[tuple[Example, Floats]], head: str) -> float:
    """What brings the SD of a prediction to that of a human, on the mean of works."""
    rows = []
    for e, x in pairs:
        human = float(np.mean([np.nanstd(t[head]) for t in e.takes]))
        if human > LEAST_SD:
            rows.append((e.work, float(np.std(x)) / human))
    return RENDERED.get(head, 1.0) / _by_work(rows)


def _figure_gain(examples: list[Example]) -> float:
    """What brings the SD within figures to that of a human, on the mean of works.

    Figures are few and their trees quickly grown: every fold is held out in its turn.
    """
    rows = []
    for works in folds_of((e.work for e in examples), FOLDS):
        trees = _figures_of([e for e in examples if e.work not in works])
        for e in (e for e in examples if e.work in works):
            known = np.isfinite(e.late())
            human = float(np.mean([np.nanstd(t["late"]) for t in e.takes])) if known.any() else 0.0
            if known.sum() >= FEWEST and human > LEAST_SD:
                rows.append((e.work, float(np.std(trees.predict(e.figures[known]))) / human))
    return 1.0 / _by_work(rows)


def _ranged(
    apart: list[tuple[Example, Model]], share: Floats, gain: Floats
) -> tuple[tuple[Trees, ...], Floats]:
    """Trees of the human width around the centre, and where 10 and 90 % lie in widths."""
    centres = []
    for e, m in apart:
        trees, nets = _said(m, e, 0.0), _said(m, e, 1.0)
        mixed = [
            ((1 - s) * a + s * b) * k for a, b, s, k in zip(trees, nets, share, gain, strict=True)
        ]
        vel, art, asyn, beat, rest = mixed
        centres.append((e, (vel, art, asyn, beat[e.beat] + rest)))
    grown = [_width(centres, i, kind) for i, kind in enumerate(WIDTHS)]
    return tuple(trees for trees, _ in grown), np.array([edges for _, edges in grown])


def _width(
    centres: Sequence[tuple[Example, tuple[Floats, ...]]], i: int, kind: str
) -> tuple[Trees, Floats]:
    """The width of one kind, and its 10 and 90 % quantiles in widths.

    A velocity band also says how loud pianists play the whole, against the rules' level.
    """
    known = {e.folder: centre[i] for e, centre in centres}
    examples = [e for e, _ in centres]
    head = "rest" if kind == "tempo" else kind

    def away(e: Example) -> Floats:
        return np.array([t[kind] - known[e.folder] for t in e.takes])

    def distance(e: Example) -> Floats:
        rows = np.abs(away(e))
        count = np.isfinite(rows).sum(axis=0)
        return np.where(count > 0, np.nansum(rows, axis=0) / np.maximum(count, 1), np.nan)

    trees = grow(examples, "width", lambda e: e.inputs(head), distance)

    def told(e: Example) -> Floats:
        if kind != "vel":
            return away(e)
        return np.asarray(away(e) + np.array([t["level"] - e.level for t in e.takes]))

    pooled = [
        np.nanquantile(told(e) / np.maximum(trees.predict(e.inputs(head)), LEAST_SD), STEPS)
        for e in examples
    ]
    edges = EDGES[kind], 1.0 - EDGES[kind]
    return trees, np.asarray(np.quantile(np.concatenate(pooled), edges))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main(sys.argv[1:])
