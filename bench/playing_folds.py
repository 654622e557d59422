"""Playing on every robust work: five folds by work, each played by weights that have not seen it.

In: all robust takes, of train and valid. Out: rows of `bench/results/playing_folds.json`: r to each
human and SD ratio of the model, of the rules and of human pairs, and model minus rules, by work.

Run: `python -m bench.playing_folds [KEPT [OUT]]`; it needs the extra `learn`. KEPT is the folder of
examples (`build/examples`); OUT keeps the weights of the folds (`build/folds`) and what each work
gave: a second run goes on where the first was ended.

**Conventions.** As in `bench.playing`. The training is lighter than that of the package: a third of
the rows a score, and one network of five passes instead of two of nine. Shares, gains and widths
are the package's own; they were chosen on a fold of train, and are a handful of numbers.

**Knows nothing of** how a performer decides.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.common import Row, across_works, by_work, record, takes
from bench.features import FEATURES, pearson, sd_ratio
from bench.playing import Piece, pieces, rendered
from valentin.learning.examples import examples_of, folds_of
from valentin.shaping import plan_interpreted, plan_rules
from valentin.shaping.interpreter_model import Model, read_model, stored_model, write_model
from valentin.studying import study

FOLDS = 5
ROWS, PASSES = 800, 5
"""Rows a score for the trees, passes of the network."""

Values = dict[str, dict[str, list[float]]]


def models(kept: Path, out: Path) -> list[tuple[set[str], Model]]:
    """The works of each fold, and a model of all others."""
    examples = [*examples_of(kept), *examples_of(kept, "valid")]
    folds = folds_of((example.work for example in examples), FOLDS)
    out.mkdir(parents=True, exist_ok=True)
    found = []
    for k, works in enumerate(folds):
        path = out / f"{k}.npz"
        if not path.is_file():
            from valentin.learning import growing
            from valentin.learning.train import grown

            growing.ROWS_OF_SCORE = ROWS
            mine = grown([e for e in examples if e.work not in works], (0,), PASSES)
            ship = stored_model()
            write_model(
                replace(
                    mine, widths=ship.widths, share=ship.share, gain=ship.gain, edges=ship.edges,
                    figure_gain=ship.figure_gain,
                ),
                path,
            )  # fmt: skip
            print(f"fold {k}: {len(works)} works held out", file=sys.stderr, flush=True)
        found.append((works, read_model(path)))
    return found


def add_piece(values: Values, piece: Piece, model: Model) -> None:
    """What model, rules and humans are worth in one piece."""

    def add(name: str, value: float) -> None:
        values.setdefault(name, {}).setdefault(piece.work, []).append(value)

    structure = study(piece.score)
    plans = {
        "model": plan_interpreted(piece.score, structure, model=model),
        "rules": plan_rules(piece.score, structure),
    }
    for name, plan in plans.items():
        mine, _ = rendered(piece, plan)
        for f in FEATURES:
            humans = [getattr(human, f) for human in piece.humans]
            for human in humans:
                add(f"{name}: r, {f}", pearson(getattr(mine, f), human))
            add(f"{name}: SD ratio, {f}", sd_ratio(getattr(mine, f), humans))
    for f in FEATURES:
        for a, b in combinations([getattr(human, f) for human in piece.humans], 2):
            add(f"human pair: r, {f}", pearson(a, b))


def rows_of(values: Values) -> list[Row]:
    """One row a measure, then the differences by work."""
    means = {
        name: {
            work: float(np.nanmean(column)) if np.isfinite(column).any() else float("nan")
            for work, column in works.items()
        }
        for name, works in values.items()
    }
    rows = [across_works(name, works) for name, works in means.items()]
    for other in ("rules", "human pair"):
        for f in FEATURES:
            ours, theirs = means[f"model: r, {f}"], means[f"{other}: r, {f}"]
            away = {w: ours[w] - theirs[w] for w in theirs if w in ours}
            target = "> 0" if other == "rules" else "≥ 0"
            rows.append(across_works(f"model minus {other}: r, {f}", away, target=target))
            kept = {w: float(d >= 0) for w, d in away.items() if np.isfinite(d)}
            rows.append(across_works(f"works at or above {other}: {f}", kept))
    return rows


def main(words: Sequence[str]) -> None:
    """Grow what is not there, play every work that has not been played, record."""
    kept = Path(words[0] if words else "build/examples")
    out = Path(words[1] if len(words) > 1 else "build/folds")
    found = models(kept, out)
    so_far = out / "played.json"
    values: Values = json.loads(so_far.read_text(encoding="utf-8")) if so_far.is_file() else {}
    done = set(values.get("model: r, vel", {}))
    for work, rows in by_work(takes()).items():
        model = next((model for works, model in found if work in works), None)
        if model is None or work in done:
            continue
        for piece in pieces(rows, planned=False):
            if piece.humans:
                add_piece(values, piece, model)
        so_far.write_text(json.dumps(values), encoding="utf-8")
    record("playing_folds", rows_of(values))


if __name__ == "__main__":
    main(sys.argv[1:])
