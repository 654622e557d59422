"""Pedalling: how near the planned pedal comes to that of fine pianists.

In: a performer's plans and the human takes of the index. Out: rows of
`bench/results/pedalling.json`: F of the pedal's onsets, how deep and how long it is down, and the
share of changes of harmony over which it stays down.

Run: `python -m bench.pedalling [model|rules] [valid|train]` (model, valid).

**Conventions.** Both pedals lie in score time and are told in the seconds of the human take. The
pedal is down at 64 and above; an onset is found within 0.1 s, one to one. A change of harmony is a
new chord with another bass; the pedal smears it where it is down from 0.05 s before to 0.4 s after
without a lift. Works without any human pedal are left out.

**Knows nothing of** how a pedal is decided.

**Reference.** B. Repp, "Pedal timing and tempo in expressive piano performance", Psychology of
Music 24 (1996). The tolerance is that of `bench/hearing_metrics.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from bench.common import across_works, record, takes
from bench.playing import PERFORMERS, pieces
from valentin.music import Plan, Structure, TempoCurve
from valentin.studying import study

__all__ = ["found", "presses", "smeared"]

Floats = npt.NDArray[np.float64]

DOWN = 64
"""Value from which the dampers are taken to be off."""
NEAR_S = 0.1
"""Seconds within which an onset is found."""
BEFORE_S, AFTER_S = 0.05, 0.4
"""Seconds around a change of harmony within which the pedal should be changed."""

Curve = tuple[Floats, Floats]


def presses(curve: Curve) -> Floats:
    """Times at which a pedal goes down."""
    times, values = curve
    down = values >= DOWN
    return np.asarray(times[down & ~np.append(False, down[:-1])])


def found(ours: Floats, theirs: Floats) -> float:
    """F of onsets, one to one in order of time; NaN where neither has one."""
    i = j = hits = 0
    while i < len(ours) and j < len(theirs):
        if abs(ours[i] - theirs[j]) <= NEAR_S:
            i, j, hits = i + 1, j + 1, hits + 1
        elif ours[i] < theirs[j]:
            i += 1
        else:
            j += 1
    total = len(ours) + len(theirs)
    return 2.0 * hits / total if total else float("nan")


def smeared(curve: Curve, changes_s: Floats) -> float:
    """The share of changes over which the pedal stays down; NaN where there is no change."""
    times, values = curve
    if not len(changes_s) or not len(times):
        return float("nan")
    first = np.searchsorted(times, changes_s - BEFORE_S, side="right") - 1
    last = np.searchsorted(times, changes_s + AFTER_S, side="right")
    kept = [a >= 0 and bool(np.all(values[a:b] >= DOWN)) for a, b in zip(first, last, strict=True)]
    return float(np.mean(kept))


def _curve(plan: Plan, clock: TempoCurve) -> Curve:
    """The damper pedal of a plan, in the seconds of a take."""
    rows = sorted((p.onset_q, p.value) for p in plan.pedal_q if p.control == "sustain")
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return np.asarray(clock.seconds(table[:, 0])), table[:, 1]


def _changes_q(structure: Structure) -> Floats:
    rows = structure.harmony
    return np.array([float(b.start_q) for a, b in pairwise(rows) if a.bass != b.bass])


def _told(curve: Curve, changes_s: Floats, name: str) -> dict[str, float]:
    """Depth, time down and smears of one pedal; the depth is that of half the time it is down."""
    times, values = curve
    down = values >= DOWN
    length = np.diff(times, append=times[-1:])
    order = np.argsort(values[down], kind="stable")
    since = np.cumsum(length[down][order])
    middle = int(np.searchsorted(since, since[-1] / 2)) if len(since) else 0
    return {
        f"{name}, depth": float(values[down][order][middle]) if len(since) else float("nan"),
        f"{name}, share of time down": float(length[down].sum() / max(length.sum(), 1e-6)),
        f"{name}, changes of harmony smeared": smeared(curve, changes_s),
    }


def main(words: Sequence[str]) -> None:
    """Measure one performer against the takes of a split."""
    name = words[0] if words else "model"
    split = words[1] if len(words) > 1 else "valid"
    values: dict[str, dict[str, list[float]]] = {}

    def add(key: str, work: str, value: float) -> None:
        values.setdefault(key, {}).setdefault(work, []).append(value)

    for piece in pieces(takes("valid" if split == "valid" else "train")):
        plan, changes_q = PERFORMERS[name](piece.score, None), _changes_q(study(piece.score))
        humans = [one for one in piece.plans if len(presses(_curve(one, TempoCurve.of(one))))]
        for human in humans:
            clock = TempoCurve.of(human)
            mine, theirs = _curve(plan, clock), _curve(human, clock)
            changes_s = np.asarray(clock.seconds(changes_q))
            add("onset F to each human", piece.work, found(presses(mine), presses(theirs)))
            if len(mine[0]):
                for key, value in _told(mine, changes_s, name).items():
                    add(key, piece.work, value)
            for key, value in _told(theirs, changes_s, "human").items():
                add(key, piece.work, value)
        for a, b in combinations(humans, 2):
            clock = TempoCurve.of(a)
            pair = found(presses(_curve(b, clock)), presses(_curve(a, clock)))
            add("onset F of a human pair", piece.work, pair)
    record("pedalling", [
        across_works(f"{name} {split}: {key}", {w: float(np.nanmean(v)) for w, v in rows.items()})
        for key, rows in values.items()
    ])  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
