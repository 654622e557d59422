"""What there is to learn from: each score as the interpreter sees it, and what humans made of it.

In: the index of the development data. Out: one example a score, kept in a folder once read.

**Conventions.** Targets are means over the takes of a score, each take first brought to its own
centre: velocity, articulation (log2) and asynchrony (seconds) by the mean, log2 beat period by the
median. The rest of the timing is log2 of the group's interval over its beat's. NaN: not played.

**Knows nothing of** models.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.common import Take, by_work, takes
from bench.features import Features, Sheet, features_of

from valentin.music import unfold
from valentin.reading import read_match, read_score
from valentin.shaping.interpreter_features import View, view_of
from valentin.shaping.interpreter_scene import sight_of
from valentin.studying import study

__all__ = ["HEADS", "Example", "examples_of", "folds_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HEADS = ("vel", "art", "asyn", "beat", "rest")
"""What is learned: three values a note, one a beat, one a group."""

BOUNDS = {"vel": 60.0, "art": 4.0, "asyn": 0.08, "beat": 3.0, "rest": 2.0}
"""Distance from its centre at which a human value is cut off: beyond it, the data are at fault."""

LEAST_PLAYED = 0.5
"""Share of the notes that a take must hold to count."""


@dataclass(frozen=True, slots=True)
class Example:
    """One score: its view, its human targets (`mean`) and each take's own values (`takes`).

    `group` is the group of each note, `beat` the beat of each group, `onsets_q` the groups' places.
    """

    work: str
    folder: str
    view: View
    group: Ints
    beat: Ints
    onsets_q: Floats
    grace: npt.NDArray[np.bool_]
    mean: dict[str, Floats]
    takes: tuple[dict[str, Floats], ...]

    def inputs(self, head: str) -> npt.NDArray[np.float32]:
        """The table that a head reads."""
        table = {"beat": self.view.beats, "rest": self.view.groups}.get(head, self.view.notes)
        return table.values

    def target(self, head: str) -> Floats:
        """The human mean; without grace notes for the asynchrony, which rules place."""
        return np.where(self.grace, np.nan, self.mean[head]) if head == "asyn" else self.mean[head]


def examples_of(kept: Path) -> list[Example]:
    """All examples of the training split; each is read once and kept in `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    out = []
    for rows in by_work(takes("train")).values():
        for path in dict.fromkeys(take.score for take in rows):
            mine = [take for take in rows if take.score == path and take.match]
            at = kept / (mine[0].folder.replace("/", "_") + ".pickle")
            if not at.is_file():
                at.write_bytes(pickle.dumps(_read(mine), pickle.HIGHEST_PROTOCOL))
            out.append(pickle.loads(at.read_bytes()))
    return [example for example in out if example.takes]


def folds_of(examples: list[Example], count: int, seed: int = 3) -> list[set[str]]:
    """The works of each fold."""
    works = sorted({example.work for example in examples})
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
    own = tuple(_centred(features, sheet, view.beats_q, beat) for features in heard)
    mean = {head: _mean([one[head] for one in own]) for head in HEADS} if own else {}
    return Example(
        rows[0].work, rows[0].folder, view, sight.notes.group, beat, onsets, sight.notes.grace,
        mean, own,
    )  # fmt: skip


def _centred(features: Features, sheet: Sheet, beats_q: Floats, beat: Ints) -> dict[str, Floats]:
    """A take's values about their centre, bounded; and the centres of velocity and touch."""
    place = {round(q, 5): i for i, q in enumerate(sheet.beats_q[:-1].tolist())}
    row = np.array([place.get(round(q, 5), -1) for q in beats_q.tolist()])
    periods = np.where(row >= 0, features.beat[row], np.nan)
    periods = periods - np.nanmedian(features.beat)
    whole = features.ioi - np.nanmedian(features.beat)
    out = {"beat": periods, "rest": whole - periods[beat], "tempo": whole}
    for head in ("vel", "art", "asyn"):
        column = getattr(features, head)
        out[head] = column - np.nanmean(column)
    bounded = {h: np.clip(c, -BOUNDS.get(h, 4.0), BOUNDS.get(h, 4.0)) for h, c in out.items()}
    return bounded | {"touch": np.array([np.nanmean(features.art)])}


def _mean(columns: list[Floats]) -> Floats:
    stack = np.array(columns)
    known = np.isfinite(stack)
    total = np.where(known, stack, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
