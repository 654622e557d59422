"""Characters: does each word move a playing, and its arcs, in the word's own direction?

In: the pieces of the repertoire. Out: rows of `bench/results/characters.json`: of all moves that a
word promises, the share that goes its way, over all words and for each.

Run: `python -m bench.characters`.

**Conventions.** A playing with the word is compared with the default one of the same piece: mean
velocity, SD of velocity and of its arc over four bars, mean articulation (log2), mean seconds per
quarter (log2), SD of the tempo and of its arc, SD of the lead. What a word promises is written down
here, apart from the table that makes it.

**Knows nothing of** how a word is turned into a playing.

**Reference.** P. N. Juslin, P. Laukka, Psychological Bulletin 129 (2003), table 7.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bench.common import Row, record
from valentin.music import Grid, NoteColumns, Plan, Score, unfold
from valentin.pianist import pieces
from valentin.reading import read_score
from valentin.shaping import CHARACTERS, plan_interpreted
from valentin.studying import study

__all__ = ["PROMISED", "quantities"]

Floats = npt.NDArray[np.float64]

ARC_BARS = 4.0
"""Bars over which a curve is smoothed for its arc."""

PROMISED: dict[str, dict[str, int]] = {
    "calm": {"loudness": -1, "contrast": -1, "loudness arc": -1, "pace": 1, "rubato": -1},
    "singing": {"touch": 1, "lead": 1, "rubato": 1},
    "longing": {"pace": 1, "rubato": 1, "tempo arc": 1, "touch": 1},
    "passionate": {"loudness": 1, "contrast": 1, "loudness arc": 1, "rubato": 1, "tempo arc": 1},
    "playful": {"touch": -1, "pace": -1, "rubato": -1},
    "solemn": {"pace": 1, "rubato": -1, "touch": 1},
    "brilliant": {"loudness": 1, "pace": -1, "touch": -1},
    "mysterious": {"loudness": -1, "contrast": -1, "loudness arc": -1, "pace": 1},
}
"""What each word does to what: more (1) or less (−1)."""


def quantities(score: Score, plan: Plan) -> dict[str, float]:
    """What a plan does as a whole."""
    notes = NoteColumns.of(score)
    onsets, bar_q = notes.onsets_q, Grid.at(score, notes.onsets_q).bar_q
    velocity = np.array([float(s.velocity) for s in plan.shapes])
    places = np.array([float(q) for q in plan.onsets_q])
    tempo = np.interp(onsets, places, np.log2(np.array(plan.seconds_per_quarter)))
    count = np.bincount(notes.group)
    by_group = np.bincount(notes.group, velocity) / np.maximum(count, 1)
    held = np.array([s.articulation for s in plan.shapes])
    return {
        "loudness": float(np.mean(velocity)),
        "contrast": float(np.std(velocity)),
        "loudness arc": float(np.std(_arc(onsets, by_group, bar_q))),
        "touch": float(np.mean(np.log2(np.maximum(held, 0.01)))),
        "pace": float(np.mean(tempo)),
        "rubato": float(np.std(tempo)),
        "tempo arc": float(np.std(_arc(onsets, tempo, bar_q))),
        "lead": float(np.std([s.lead_s for s in plan.shapes])),
    }


def _arc(onsets: Floats, column: Floats, bar_q: Floats) -> Floats:
    """Mean over ARC_BARS around each onset."""
    reach = ARC_BARS / 2 * bar_q
    first = np.searchsorted(onsets, onsets - reach)
    last = np.searchsorted(onsets, onsets + reach, side="right")
    total = np.concatenate([[0.0], np.cumsum(column)])
    return np.asarray((total[last] - total[first]) / (last - first))


def main() -> None:
    """Measure every word on every piece of the repertoire."""
    kept: dict[str, list[float]] = {word: [] for word in CHARACTERS}
    for piece in pieces():
        score = unfold(read_score(piece.score)[0])
        structure = study(score)
        plain = quantities(score, plan_interpreted(score, structure))
        for word in CHARACTERS:
            bent = quantities(score, plan_interpreted(score, structure, None, word))
            kept[word] += [
                float(sign * (bent[name] - plain[name]) > 0)
                for name, sign in PROMISED[word].items()
            ]
    every = [value for values in kept.values() for value in values]
    rows = [Row("moves that go the word's way", float(np.mean(every)), n=len(every), of="moves")]
    for word, values in kept.items():
        rows.append(
            Row(f"{word}: moves its way", float(np.mean(values)), n=len(values), of="moves")
        )
    record("characters", rows)


if __name__ == "__main__":
    main()
