"""How right an alignment is: pairs, places and labels against the truth of a `Case`.

**Conventions.** A pair is (score note id without rendering, key); no time tolerance. Where two
voices write one key at one onset the truth names either at random: `pairs` counts as defined
in the design, `music` takes twins for one note. A key that the human played beside the score
(an extra of the original take) may be called extra, ornament, wrong or unsure: nobody knows. The
same for a note that the human left out.

**Knows nothing of** how takes are made or aligned.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.aligning_cases import Case
from valentin.music import Alignment, folded_id, rendering_of

__all__ = ["Counts", "Scored", "scored"]

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, claimed too much, left out."""

    right: int = 0
    false: int = 0
    lost: int = 0

    @property
    def precision(self) -> float:
        """Of what was claimed, the share that is right; NaN where nothing was claimed."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> float:
        """Of what is so, the share found."""
        return _share(self.right, self.right + self.lost)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return _share(2 * self.right, 2 * self.right + self.false + self.lost)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.false + other.false, self.lost + other.lost)


@dataclass(frozen=True, slots=True)
class Scored:
    """One take's numbers. `unwritten`: all keys said to be extra, against all that are; `extra`,
    `missed`, `wrong`: what was planted."""

    pairs: Counts
    music: Counts
    placed: float
    extra: Counts
    missed: Counts
    wrong: Counts
    unwritten: Counts


def scored(case: Case, found: Alignment) -> Scored:
    """The alignment of `case.performance` against the truth."""
    truth = {
        (k.written, f"p{i}") for i, k in enumerate(case.keys) if k.written and k.planted != "wrong"
    }
    claimed = {(folded_id(m.score_id), m.performed_id) for m in found.matches}
    same = _twins(case)
    return Scored(
        _compared(truth, claimed),
        _compared({(same[n], p) for n, p in truth}, {(same[n], p) for n, p in claimed}),
        _placed(case, found, same),
        _extra(case, found),
        _missed(case, found, same),
        _wrong(case, found, same),
        _unwritten(case, found),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _compared(truth: set[Pair], claimed: set[Pair]) -> Counts:
    both = len(truth & claimed)
    return Counts(both, len(claimed) - both, len(truth) - both)


def _twins(case: Case) -> dict[str, str]:
    """For each written note one name for all notes of its onset and key."""
    first: dict[tuple[object, ...], str] = {}
    return {
        n.id: first.setdefault((n.onset_q, n.pitch, bool(n.grace)), n.id) for n in case.score.notes
    }


def _placed(case: Case, found: Alignment, same: dict[str, str]) -> float:
    named = {m.performed_id: folded_id(m.score_id) for m in (*found.matches, *found.wrong)}
    loose = {m.performed_id for m in (*found.extra, *found.ornaments)}
    right = sum(
        same.get(named.get(f"p{i}", ""), "-") == same[k.written] if k.written else f"p{i}" in loose
        for i, k in enumerate(case.keys)
    )
    return right / max(1, len(case.keys))


def _extra(case: Case, found: Alignment) -> Counts:
    said = {m.performed_id for m in (*found.extra, *found.ornaments)}
    planted = {f"p{i}" for i, k in enumerate(case.keys) if k.planted == "extra"}
    written = {f"p{i}" for i, k in enumerate(case.keys) if k.written}
    right = len(said & planted)
    return Counts(right, len(said & written), len(planted) - right)


def _unwritten(case: Case, found: Alignment) -> Counts:
    """The label extra against every key that the truth pairs with no note, planted or not."""
    said = {m.performed_id for m in found.extra}
    loose = {f"p{i}" for i, k in enumerate(case.keys) if not k.written}
    return _compared_keys(loose, said)


def _compared_keys(truth: set[str], claimed: set[str]) -> Counts:
    return Counts(len(truth & claimed), len(claimed - truth), len(truth - claimed))


def _missed(case: Case, found: Alignment, same: dict[str, str]) -> Counts:
    """Notes of the renderings that the take reached, against the planted omissions."""
    said = {
        (same[folded_id(m.score_id)], rendering_of(m.score_id))
        for m in found.missed
        if m.confidence > 0
    }
    heard = {(same[k.written], k.rendering) for k in case.keys if k.written}
    planted = {(same[n], rendering) for n, rendering in case.missed} - heard
    right = len(said & planted)
    return Counts(right, len(said & heard), len(planted) - right)


def _wrong(case: Case, found: Alignment, same: dict[str, str]) -> Counts:
    said = {
        (m.performed_id, same[folded_id(m.score_id)], rendering_of(m.score_id)) for m in found.wrong
    }
    planted = {
        (f"p{i}", same[k.written], k.rendering)
        for i, k in enumerate(case.keys)
        if k.planted == "wrong"
    }
    keys = {f"p{i}" for i, k in enumerate(case.keys) if k.written or k.planted}
    heard = {(same[k.written], k.rendering) for k in case.keys if k.written}
    right = len(said & planted)
    false = sum(key in keys or (*note,) in heard for key, *note in said - planted)
    return Counts(right, false, len(planted) - right)
