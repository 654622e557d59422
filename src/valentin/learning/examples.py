"""What there is to learn from: each score as the interpreter sees it, and what humans made of it.

In: the index of the development data. Out: one example a score, kept in a folder once read.

**Conventions.** A take's values are about its own centre: velocity, articulation (log2) and
asynchrony (seconds) about the mean, log2 beat period about the median. The rest of the timing is
log2 of the group's interval over its beat's. Targets are means over the takes of a score, each
take first brought to a standard deviation of 1. NaN: not played.

**Knows nothing of** models.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from bench.common import Take, by_work, takes
from bench.features import Features, Sheet, features_of

from valentin.music import unfold
from valentin.reading import read_match, read_score
from valentin.shaping import plan_rules
from valentin.shaping.interpreter_features import View, view_of
from valentin.shaping.interpreter_figures import figure_table, in_figures
from valentin.shaping.interpreter_scene import sight_of
from valentin.shaping.interpreter_whole import whole_columns
from valentin.studying import study

__all__ = ["FOLDS", "HEADS", "Example", "examples_of", "folds_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HEADS = ("vel", "art", "asyn", "beat", "rest")
"""What is learned: three values a note, one a beat, one a group."""

FOLDS = 4
"""Folds into which the works are cut where some are held out."""

BOUNDS = {"vel": 60.0, "art": 4.0, "asyn": 0.08, "beat": 3.0, "rest": 2.0}
"""Distance from its centre at which a human value is cut off: beyond it, the data are at fault."""

LATEST_S = 0.3
"""Seconds at which the asynchrony in a figure is cut off."""

LEAST_PLAYED = 0.5
"""Share of the notes that a take must hold to count."""

FARTHEST = 5.0
"""Standard deviations at which a target is cut off."""

LEAST_SD = 1e-6
"""SD below which a column is constant."""


@dataclass(frozen=True, slots=True)
class Example:
    """One score: its view, its human targets (`mean`) and each take's own values (`takes`).

    `group` is the group of each note, `beat` the beat of each group, `onsets_q` the groups' places,
    `whole` the columns of the whole, `level` the mean velocity of the rules, which is the plan's,
    `figures` the columns of graces and rolls. Each take also tells its `pace`, `touch` and `level`,
    and in figures how `late` each note comes (seconds), NaN elsewhere.
    """

    work: str
    folder: str
    view: View
    group: Ints
    beat: Ints
    onsets_q: Floats
    grace: npt.NDArray[np.bool_]
    whole: Floats
    level: float
    mean: dict[str, Floats]
    takes: tuple[dict[str, Floats], ...]
    figures: npt.NDArray[np.float32]

    def inputs(self, head: str) -> npt.NDArray[np.float32]:
        """The table that a head reads."""
        table = {"beat": self.view.beats, "rest": self.view.groups}.get(head, self.view.notes)
        return table.values

    def target(self, head: str) -> Floats:
        """The human mean, in standard deviations."""
        return self.mean[head]

    def late(self) -> Floats:
        """Mean over the takes of how late the notes of figures come, in seconds."""
        return _mean([take["late"] for take in self.takes])

    def qualities(self) -> Floats:
        """What the takes say of the whole, in the order of QUALITIES; NaN where they do not."""
        pace = np.median([take["pace"][0] for take in self.takes])
        touch = np.mean([take["touch"][0] for take in self.takes])
        spreads = [np.mean([np.nanstd(take[head]) for take in self.takes]) for head in HEADS]
        known = [np.log2(s) if s > LEAST_SD else np.nan for s in spreads]
        return np.array([pace, touch, *known], dtype=np.float64)


def examples_of(kept: Path, split: Literal["train", "valid"] = "train") -> list[Example]:
    """All examples of a split; each is read once and kept in `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    out = []
    for rows in by_work(takes(split)).values():
        for path in dict.fromkeys(take.score for take in rows):
            mine = [take for take in rows if take.score == path and take.match]
            at = kept / (mine[0].folder.replace("/", "_") + ".pickle")
            if not at.is_file():
                at.write_bytes(pickle.dumps(_read(mine), pickle.HIGHEST_PROTOCOL))
            out.append(pickle.loads(at.read_bytes()))
    return [example for example in out if example.takes]


def folds_of(works: Iterable[str], count: int, seed: int = 3) -> list[set[str]]:
    """The works of each fold."""
    works = sorted(set(works))
    order = np.random.default_rng(seed).permutation(len(works))
    return [{works[i] for i in order[k::count].tolist()} for k in range(count)]


def _read(rows: list[Take]) -> Example:
    """One score with all its takes."""
    score = unfold(read_score(rows[0].score, lenient=True)[0])
    structure = study(score)
    sight = sight_of(score, structure)
    view, sheet = view_of(sight, structure), Sheet.of(score)
    heard = []
    for take in rows:
        if take.match is None:
            continue
        performance, alignment = read_match(take.match)
        played = {note.id: note for note in performance.notes}
        pairs = {m.score_id: played[m.performed_id] for m in alignment.matches}
        if len(pairs) >= LEAST_PLAYED * len(score.notes):
            heard.append(features_of(sheet, pairs))
    onsets = sight.notes.onsets_q
    beat = np.searchsorted(view.beats_q, onsets + 1e-6, side="right") - 1
    beat = np.clip(beat, 0, len(view.beats_q) - 1)
    grace = sight.notes.grace
    own = tuple(_centred(features, sheet, view.beats_q, beat, grace) for features in heard)
    inside = in_figures(sight)
    for values, features in zip(own, heard, strict=True):
        values["late"] = np.where(inside, np.clip(features.asyn, -LATEST_S, LATEST_S), np.nan)
    mean = {head: _mean([_standard(one[head]) for one in own]) for head in HEADS} if own else {}
    level = float(np.mean([shape.velocity for shape in plan_rules(score, structure).shapes]))
    return Example(
        rows[0].work, rows[0].folder, view, sight.notes.group, beat, onsets, grace,
        whole_columns(sight), level, mean, own, figure_table(sight, view),
    )  # fmt: skip


def _centred(
    features: Features, sheet: Sheet, beats_q: Floats, beat: Ints, grace: npt.NDArray[np.bool_]
) -> dict[str, Floats]:
    """A take's values about their centre, bounded; its speed, its touch and its loudness.

    Grace notes have no asynchrony here: they are told apart, as figures.
    """
    place = {round(q, 5): i for i, q in enumerate(sheet.beats_q[:-1].tolist())}
    row = np.array([place.get(round(q, 5), -1) for q in beats_q.tolist()])
    centre = np.nanmedian(features.beat)
    periods = np.where(row >= 0, features.beat[row], np.nan) - centre
    whole = features.ioi - centre
    out = {"beat": periods, "rest": whole - periods[beat], "tempo": whole}
    for head in ("vel", "art", "asyn"):
        column = getattr(features, head)
        out[head] = column - np.nanmean(column)
    out["asyn"] = np.where(grace, np.nan, out["asyn"])
    bounded = {h: np.clip(c, -BOUNDS.get(h, 4.0), BOUNDS.get(h, 4.0)) for h, c in out.items()}
    known, length = np.isfinite(features.beat), np.diff(sheet.beats_q)
    pace = np.average(2.0 ** features.beat[known], weights=length[known])
    return bounded | {
        "pace": np.array([np.log2(pace)]), "touch": np.array([np.nanmean(features.art)]),
        "level": np.array([np.nanmean(features.vel)]),
    }  # fmt: skip


def _standard(column: Floats) -> Floats:
    """About its mean, in standard deviations."""
    spread = max(float(np.nanstd(column)), LEAST_SD)
    return np.clip((column - np.nanmean(column)) / spread, -FARTHEST, FARTHEST)


def _mean(columns: list[Floats]) -> Floats:
    stack = np.array(columns)
    known = np.isfinite(stack)
    total = np.where(known, stack, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
