"""Rules: how strong each rule of the rule performer is, measured on human takes of `train`.

In: the robust takes of `train`. Out: the table of `shaping/strengths.py`, printed, and rows of
`bench/results/rules.json`: r to each human and SD ratio of the rule performer over five folds by
work, the strengths of each fold found on the other four.

Run: `python -m bench.rules [--every N]` (every N-th work only, for a quick look).

**Conventions.** Least squares of the mean human on the columns of the rules, inside each take's own
mean, each piece weighing the same, with a small ridge. Then each feature's strengths are stretched
by one factor, so that the renderings vary as much as the humans do: this changes no correlation.
Strengths that written marks need are bounded (`BOUNDS`).

**Knows nothing of** `valid`.

**Reference.** Sundberg, J., Friberg, A. & Bresin, R. (2003), *Attempts to reproduce a pianist's
expressive timing with Director Musices performance rules*, JNMR 32(3): fitting the k of rules.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.common import across_works, by_work, record, takes
from bench.features import Features, features_of, pearson, sd_ratio
from bench.playing import Piece, pieces
from valentin.music import Plan
from valentin.performing import perform
from valentin.shaping.draft import planned
from valentin.shaping.loudness import LOUDNESS_ACCENTS, LOUDNESS_ARCS
from valentin.shaping.ornaments import realise
from valentin.shaping.pacing import TEMPO_RULES
from valentin.shaping.releasing import released
from valentin.shaping.rules import drafted, felt
from valentin.shaping.scene import Scene, scene_of
from valentin.shaping.strengths import Strengths
from valentin.shaping.timing import LEAD_RULES, TIMING_RULES
from valentin.shaping.touch import TOUCH_RULES
from valentin.studying import study

Floats = npt.NDArray[np.float64]

FOLDS = 5
SAMPLE = 3
"""Every third piece is rendered to find the stretch."""
RIDGE = 1e-3
"""Ridge as a share of each column's variance: enough for columns that say the same."""
CLIP_LOG2 = 1.2
"""log2 to which tempo targets are clipped: a fermata must not outweigh a movement."""
CLIP_TOUCH = 3.0
"""log2 to which articulation targets are clipped."""
MIDDLE_VELOCITY = 60.0
"""Where the search for the base velocity begins."""
SHOWN = ("vel", "beat", "beat_inner", "ioi", "art", "asyn", "asyn_plain")
BOUNDS: dict[str, dict[str, tuple[float, float]]] = {
    "arcs": {"level": (6, 16), "beyond": (3, 12), "una_corda": (-6, -2)},
    "accents": {
        "forced": (8, 20), "accent": (5, 15), "tenuto": (1, 4), "melody": (2, 20),
        "charge": (0, 9), "staccato": (-4, 4),
    },
    "tempo": {
        "marked": (0.6, 1), "slowing": (0.35, 0.8), "hurrying": (-0.6, -0.25),
        "fermata": (0.8, 1.6), "final_ritard": (0, 1.5), "tension": (0, 1), "approach_1": (0, 1),
    },
    "touch": {
        "staccato": (-1.6, -0.6), "staccatissimo": (-1, -0.25), "portato": (0.2, 0.55),
        "mezzo_staccato": (-1, -0.3), "tenuto": (0.08, 0.4), "legato": (0.25, 0.8),
        "slur_end": (-1, -0.1), "repeated": (-2, 0), "punctuation": (-1, 0),
    },
    "lead": {"melody_lead": (0.004, 0.015), "top_lead": (0.0, 0.02), "high_lead": (-0.01, 0.01)},
}  # fmt: skip
"""What a written mark must change at least, and what no rule may exceed when it is stretched:
single signs are rare, and their least squares are mostly noise (`docs/concepts/rules.md`)."""

TABLES = {
    "velocity": LOUDNESS_ARCS | LOUDNESS_ACCENTS, "tempo": TEMPO_RULES, "timing": TIMING_RULES,
    "lead": LEAD_RULES, "touch": TOUCH_RULES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """A piece, its scene, and per table the moments of columns and target."""

    piece: Piece
    scene: Scene
    moments: Mapping[str, tuple[Floats, Floats]]
    level: float  # mean velocity of the humans


def materials(every: int) -> list[Material]:
    """All pieces of train (every N-th), studied."""
    works = by_work(takes("train"))
    chosen = [take for work in list(works)[::every] for take in works[work]]
    found = []
    for piece in pieces(chosen):
        if piece.humans:
            scene = scene_of(piece.score, study(piece.score))
            level = float(np.nanmean([np.nanmean(h.vel) for h in piece.humans]))
            found.append(Material(piece, scene, _moments(piece, scene), level))
    return found


def _moments(piece: Piece, scene: Scene) -> dict[str, tuple[Floats, Floats]]:
    columns = {name: _columns(scene, table) for name, table in TABLES.items()}
    beats = piece.sheet.beats_q
    beat = np.clip(_mean(piece, "beat"), -CLIP_LOG2, CLIP_LOG2)
    ioi = np.clip(_mean(piece, "ioi"), -CLIP_LOG2, CLIP_LOG2)
    known = np.where(np.isfinite(ioi), ioi, 0.0)
    tempo = [_over_beats(scene, felt(scene, c), beats) for c in columns["tempo"].T]
    timing = [c - felt(scene, c) for c in columns["timing"].T]
    lead = [c - scene.mean_per_group(c)[scene.notes.group] for c in columns["lead"].T]
    return {
        "velocity": _moment(columns["velocity"], _mean(piece, "vel")),
        "tempo": _moment(np.array(tempo).T, beat),
        "timing": _moment(
            np.array(timing).T, np.where(np.isfinite(ioi), ioi - felt(scene, known), np.nan)
        ),
        "lead": _moment(np.array(lead).T, -_mean(piece, "asyn_plain")),
        "touch": _moment(columns["touch"], np.clip(_mean(piece, "art"), -CLIP_TOUCH, CLIP_TOUCH)),
    }


def _columns(scene: Scene, table: Mapping[str, object]) -> Floats:
    return np.array([rule(scene) for rule in table.values()]).T  # type: ignore[operator]


def _mean(piece: Piece, feature: str) -> Floats:
    """The mean human, each take's own mean taken off."""
    columns = np.array([getattr(h, feature) for h in piece.humans])
    columns = columns - np.nanmean(columns, axis=1, keepdims=True)
    known = np.isfinite(columns)
    total = np.where(known, columns, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def _over_beats(scene: Scene, column: Floats, beats_q: Floats) -> Floats:
    """Time average of a stepwise group column between beats."""
    edges = np.append(scene.notes.onsets_q, scene.notes.onsets_q[-1] + 1.0)
    area = np.concatenate([[0.0], np.cumsum(column * np.diff(edges))])
    return np.asarray(np.diff(np.interp(beats_q, edges, area)) / np.diff(beats_q))


def _moment(columns: Floats, target: Floats) -> tuple[Floats, Floats]:
    known = np.isfinite(target)
    x, y = columns[known], target[known]
    if len(y) < columns.shape[1]:
        return np.zeros((columns.shape[1],) * 2), np.zeros(columns.shape[1])
    x, y = x - x.mean(axis=0), y - y.mean()
    return x.T @ x / len(y), x.T @ y / len(y)


def fitted(group: Sequence[Material]) -> Strengths:
    """The strengths that fit some pieces best."""
    k = {}
    for name, table in TABLES.items():
        square = sum(m.moments[name][0] for m in group)
        cross = sum(m.moments[name][1] for m in group)
        bounds = {n: b for part in _parts(name) for n, b in BOUNDS.get(part, {}).items()}
        k[name] = dict(zip(table, _solve(square, cross, list(table), bounds), strict=True))  # type: ignore[arg-type]
    return Strengths(
        base_velocity=MIDDLE_VELOCITY,
        arcs={n: k["velocity"][n] for n in LOUDNESS_ARCS},
        accents={n: k["velocity"][n] for n in LOUDNESS_ACCENTS},
        tempo=k["tempo"],
        timing=k["timing"],
        lead=k["lead"],
        touch=k["touch"],
    )


def _parts(table: str) -> tuple[str, ...]:
    return ("arcs", "accents") if table == "velocity" else (table,)


def _solve(
    square: Floats, cross: Floats, names: Sequence[str], bounds: Mapping[str, tuple[float, float]]
) -> list[float]:
    """Ridge least squares inside bounds: solve, pin what goes out of bounds, solve again."""
    scale = np.diag(square)
    square = square + np.diag(RIDGE * scale + 1e-9 * max(float(scale.max()), 1e-12))
    pinned: dict[int, float] = {}
    free = list(range(len(names)))
    while True:
        fixed = np.array([pinned.get(i, 0.0) for i in range(len(names))])
        k = fixed.copy()
        k[free] = np.linalg.solve(square[np.ix_(free, free)], (cross - square @ fixed)[free])
        out = [
            i
            for i in free
            if names[i] in bounds and not bounds[names[i]][0] <= k[i] <= bounds[names[i]][1]
        ]
        if not out:
            return [float(x) for x in k]
        for i in out:
            pinned[i] = float(np.clip(k[i], *bounds[names[i]]))
        free = [i for i in free if i not in pinned]


def rendered(material: Material, strengths: Strengths) -> Features:
    """The features of the plan that these strengths make."""
    scene, piece = material.scene, material.piece
    draft = realise(piece.score, scene.notes, drafted(scene, strengths))
    plan: Plan = planned(piece.score, scene.notes, released(scene.notes, draft), ())
    notes = perform(piece.score, plan).notes
    return features_of(piece.sheet, {n.id: n for n in notes if n.id in piece.sheet.rows})


def centred(group: Sequence[Material], strengths: Strengths) -> Strengths:
    """The same strengths about the humans' mean velocity and articulation."""
    mine = [(rendered(m, strengths), m) for m in group]
    level = np.mean([m.level - np.nanmean(f.vel) for f, m in mine])
    held = np.nanmean([_touch(m) - np.nanmean(f.art) for f, m in mine])
    return replace(
        strengths,
        base_velocity=strengths.base_velocity + float(level),
        touch={**strengths.touch, "base": strengths.touch["base"] + float(held)},
    )


def stretched(group: Sequence[Material], strengths: Strengths) -> Strengths:
    """The same strengths, scaled so that each feature varies as much as in the humans."""
    strengths = centred(group, strengths)
    mine = [(rendered(m, strengths), m) for m in group]

    def lack(feature: str) -> float:
        ratio = [
            sd_ratio(getattr(f, feature), [getattr(h, feature) for h in m.piece.humans])
            for f, m in mine
        ]
        return float(np.clip(1.0 / np.nanmean(ratio), 0.5, 2.5))

    by = {"arcs": lack("vel"), "tempo": lack("beat"), "touch": lack("art")}
    by |= {"accents": by["arcs"], "timing": by["tempo"], "lead": lack("asyn_plain")}
    grown: dict[str, Any] = {n: _grown(n, getattr(strengths, n), by[n]) for n in by}
    return centred(group, replace(strengths, **grown))


def _touch(material: Material) -> float:
    """Mean log2 articulation of the humans."""
    return float(np.nanmean([np.nanmean(h.art) for h in material.piece.humans]))


def _grown(part: str, k: Mapping[str, float], by: float) -> dict[str, float]:
    """Strengths times `by`, inside bounds; the constant and the marked tempo stay."""
    bounds = BOUNDS.get(part, {})
    return {
        n: v if n in {"base", "marked"} else float(np.clip(v * by, *bounds.get(n, (-99, 99))))
        for n, v in k.items()
    }


def folds(group: Sequence[Material]) -> list[list[int]]:
    """Indices by fold; movements of one work stay together."""
    names = [m.piece.work.split("-")[0] for m in group]
    order = sorted(set(names))
    np.random.default_rng(0).shuffle(order)
    return [[i for i, n in enumerate(names) if order.index(n) % FOLDS == f] for f in range(FOLDS)]


def cross_validated(group: Sequence[Material]) -> None:
    """Record r and SD ratio on pieces whose strengths were found on others."""
    r: dict[str, dict[str, list[float]]] = {f: {} for f in SHOWN}
    sd: dict[str, dict[str, list[float]]] = {f: {} for f in SHOWN}
    for fold in folds(group):
        others = [m for i, m in enumerate(group) if i not in fold]
        strengths = stretched(others[::SAMPLE], fitted(others))
        for i in fold:
            mine, piece = rendered(group[i], strengths), group[i].piece
            for f in SHOWN:
                humans = [getattr(h, f) for h in piece.humans]
                r[f].setdefault(piece.work, []).append(
                    float(np.nanmean([pearson(getattr(mine, f), h) for h in humans]))
                )
                sd[f].setdefault(piece.work, []).append(sd_ratio(getattr(mine, f), humans))
    rows = [
        across_works(
            f"rules, folds of train: {kind}, {f}",
            {w: float(np.nanmean(v)) for w, v in t[f].items()},
        )
        for kind, t in (("r", r), ("SD ratio", sd))
        for f in SHOWN
    ]
    record("rules", rows)


def table(strengths: Strengths) -> str:
    """The source text of the fitted table."""
    lines = ["FITTED = Strengths(", f"    base_velocity={strengths.base_velocity:.1f},"]
    for name in ("arcs", "accents", "tempo", "timing", "lead", "touch"):
        digits = {"arcs": 2, "accents": 2, "lead": 4}.get(name, 3)
        lines.append(f"    {name}={{")
        lines += [
            f'        "{n}": {round(v, digits)},' for n, v in getattr(strengths, name).items()
        ]
        lines.append("    },")
    return "\n".join([*lines, ")"])


def main(words: Sequence[str]) -> None:
    """Fit, print the table, and record the folds."""
    every = int(words[1]) if words[:1] == ["--every"] else 1
    group = materials(every)
    print(table(stretched(group[::SAMPLE], fitted(group))))
    cross_validated(group)


if __name__ == "__main__":
    main(sys.argv[1:])
