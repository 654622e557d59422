"""What a pianist would be told of a recording's notes, against what was struck.

In: the keys struck, each written, the human's own or planted; the take as it was heard with the
score, and its alignment. Out: `Told`, counts that add up over recordings.

**Conventions.** A *false wrong note* is one that would be named wrong or extra although its key was
not struck (within 50 ms, after the shift) or was the written one; so also a *false omission*. What
is unsure is named by nobody: it is neither false nor found. Omissions count where a run reached
them.

**Knows nothing of** how the score was used.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from bench.hearing_metrics import Counts, global_shift, matched
from bench.hearing_planting import Planted
from valentin.aligning import align
from valentin.music import Alignment, Performance, Score, folded_id

__all__ = ["Told", "as_planted", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """Counts. `ghosts` are false wrong notes whose key was not struck, `misplaced` those whose key
    was the written one; `found` of `planted` keys are named wrong or extra, `noticed` of `left_out`
    notes missed or wrong."""

    onsets: Counts
    ghosts: int = 0
    misplaced: int = 0
    planted: int = 0
    found: int = 0
    left_out: int = 0
    noticed: int = 0
    false_missed: int = 0
    unsure: int = 0

    def __add__(self, other: Told) -> Told:
        sums = [a + b for a, b in zip(astuple(self)[1:], astuple(other)[1:], strict=True)]
        return Told(self.onsets + other.onsets, *sums)

    def in_200(self, count: int) -> float:
        """So many in 200 notes struck."""
        return 200 * count / max(self.onsets.struck, 1)


def told(truth: Planted, take: Performance, alignment: Alignment) -> Told:
    """One recording."""
    shift_s = global_shift(truth.take.notes, take.notes)
    pairs = matched(truth.take.notes, take.notes, shift_s)
    key_of = {take.notes[h].id: s for s, h in pairs}
    named = {m.performed_id for m in (*alignment.wrong, *alignment.extra)}
    kinds = [truth.kinds[key_of[name]] if name in key_of else "" for name in named]
    planted = [s for s, kind in enumerate(truth.kinds) if kind in ("wrong", "extra")]
    heard_as = {s: take.notes[h].id for s, h in pairs}
    silent = {folded_id(m.score_id) for m in alignment.missed if m.confidence > 0}
    silent |= {folded_id(m.score_id) for m in alignment.wrong}
    struck = set(truth.written) - {""}
    return Told(
        Counts(len(pairs), len(take.notes), len(truth.take.notes)),
        ghosts=kinds.count(""),
        misplaced=kinds.count("written"),
        planted=len(planted),
        found=sum(heard_as.get(s) in named for s in planted),
        left_out=len(truth.missed),
        noticed=len(silent & set(truth.missed)),
        false_missed=len(silent & struck - set(truth.missed)),
        unsure=len(alignment.unsure),
    )


def as_planted(score: Score, struck: Performance) -> Planted:
    """The truth of a real recording whose score is at hand: what aligning makes of its own keys."""
    found = align(score, struck)
    names = {m.performed_id: folded_id(m.score_id) for m in found.matches}
    return Planted(
        score,
        struck,
        tuple("written" if note.id in names else "unwritten" for note in struck.notes),
        tuple(names.get(note.id, "") for note in struck.notes),
        (),
    )
