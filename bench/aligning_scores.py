"""How right an alignment is: pairs, places and labels against the truth of a `Case`.

**Conventions.** A pair is (score note id without rendering, key); no time tolerance. Where two
voices write one key at one onset the truth names either at random: `pairs` counts as defined
in the design, `music` takes twins for one note. A key that the human played beside the score
(an extra of the original take) may be called extra, ornament, wrong or unsure: nobody knows. The
same for a note that the human left out. `extra`, `missed` and `wrong` therefore count what was
planted, and as false only what the truth pairs; `unwritten` and `unheard` count the human's own
too, as the truth has them.

**Knows nothing of** how takes are made or aligned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from bench.aligning_cases import Case
from valentin.music import Alignment, folded_id, rendering_of

__all__ = ["Counts", "Scored", "scored"]

T = TypeVar("T")
Labels = tuple["Counts", "Counts", "Counts", "Counts", "Counts"]

SURE = 0.8
"""Confidence from which a label counts as sure."""

NEAR_Q, NEAR_S = 0.5, 0.25
"""How far apart, in quarters or seconds, two equal notes or keys count as one place."""


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
    """One take's numbers: pairs, places and labels, as the module says; `settled`: as `music`, of
    keys where the truth does not contradict itself, and a run in music that comes twice, note for
    note, may be at either place; `sure`: labels and pairs where the aligner is
    sure.
    """

    pairs: Counts
    music: Counts
    settled: Counts
    placed: float
    extra: Counts
    missed: Counts
    wrong: Counts
    named_extra: Counts
    named_missed: Counts
    strict_extra: Counts
    strict_missed: Counts
    strict_wrong: Counts
    unwritten: Counts
    unheard: Counts
    sure: Counts


def scored(case: Case, found: Alignment) -> Scored:
    """The alignment of `case.performance` against the truth."""
    truth = {
        (k.written, f"p{i}") for i, k in enumerate(case.keys) if k.written and k.planted != "wrong"
    }
    claimed = {(folded_id(m.score_id), m.performed_id) for m in found.matches}
    same = _twins(case)
    doubtful = {f"p{i}" for i, k in enumerate(case.keys) if k.doubtful}
    there, said = ({(same[n], p) for n, p in some} for some in (truth, claimed))
    literal = {(same[n], p) for n, p in _where_meant(case, found)}
    return Scored(
        _compared(truth, claimed),
        _compared(there, said),
        _compared(*({row for row in some if row[1] not in doubtful} for some in (there, literal))),
        _placed(case, found, same),
        *_labels(case, found, same),
        _strict_extra(case, found),
        _strict_missed(case, found, same),
        _strict_wrong(case, found, same),
        _unwritten(case, found),
        _unheard(case, found, same),
        _sure(case, found, same),
    )


def _where_meant(case: Case, found: Alignment) -> set[tuple[str, str]]:
    """The pairs claimed, those of a run that lies in the same music elsewhere moved to the truth's.

    From the keys alone nobody can say at which of two equal places a player begins.
    """
    notes = {n.id: n for n in case.score.notes}
    at = {(n.onset_q, n.pitch, bool(n.grace)): n.id for n in case.score.notes}
    meant = {f"p{i}": k.written for i, k in enumerate(case.keys) if k.written}
    runs: dict[int, list[tuple[str, str]]] = {}
    for m in found.matches:
        runs.setdefault(m.run, []).append((folded_id(m.score_id), m.performed_id))
    pairs: set[tuple[str, str]] = set()
    for rows in runs.values():
        away = Counter(notes[meant[p]].onset_q - notes[n].onset_q for n, p in rows if p in meant)
        by = away.most_common(1)[0][0] if away else Fraction(0)
        low, high = (end(notes[n].onset_q for n, _ in rows) for end in (min, max))
        here = {row for row in at if low <= row[0] <= high}
        there = {row for row in at if low + by <= row[0] <= high + by}
        if by and there == {(q + by, *rest) for q, *rest in here}:
            rows = [(at[notes[n].onset_q + by, notes[n].pitch, bool(notes[n].grace)], p)
                    for n, p in rows]  # fmt: skip
        pairs |= set(rows)
    return pairs


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _compared(truth: set[T], claimed: set[T]) -> Counts:
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


def _labels(case: Case, found: Alignment, same: dict[str, str]) -> Labels:
    """Extra, missed, wrong: all that the truth knows, where it does not contradict itself; then
    extra and missed by name."""
    names = {f"p{i}": k for i, k in enumerate(case.keys)}
    heard = _heard(case, same)
    loose = {name for name, k in names.items() if not k.written}
    unheard = {(same[n], r) for n, r in case.missed | case.unheard} - heard
    extra = {m.performed_id for m in (*found.extra, *found.ornaments)}
    missed, wrong = _said_missed(found, same), set()
    for m in found.wrong:
        note = same[folded_id(m.score_id)], rendering_of(m.score_id)
        if m.performed_id in loose and note in unheard:
            extra.add(m.performed_id)
            missed.add(note)
        else:
            wrong.add((m.performed_id, *note))
    planted = {
        (name, same[k.written], k.rendering) for name, k in names.items() if k.planted == "wrong"
    }
    keys = {name for name, k in names.items() if k.doubtful}
    doubted = {(same[n], r) for n, r in case.doubted}
    doubted |= {(same[k.written], k.rendering) for k in case.keys if k.doubtful and k.written}
    notes = (heard | unheard) - doubted
    written = {n.id: n for n in case.score.notes}
    struck = {name: (k.note.pitch, k.note.onset_s) for name, k in names.items()}
    places = {
        (n, r): ((written[n].pitch, r), float(written[n].onset_q)) for n, r in heard | unheard
    }
    return (
        _nearly(loose - keys, extra - keys, struck, NEAR_S),
        _nearly(unheard & notes, missed & notes, places, NEAR_Q),
        _compared(
            {row for row in planted if row[0] not in keys},
            {row for row in wrong if row[0] not in keys and row[1:] in notes},
        ),
        _compared(loose - keys, extra - keys),
        _compared(unheard & notes, missed & notes),
    )


def _nearly(
    truth: set[T], claimed: set[T], at: Mapping[T, tuple[object, float]], near: float
) -> Counts:
    """As `_compared`, but what is left over pairs off on one key, no further than `near` apart."""
    right = len(truth & claimed)
    rest: dict[object, list[float]] = {}
    for row in truth - claimed:
        rest.setdefault(at[row][0], []).append(at[row][1])
    for key, place in sorted((at[row] for row in claimed - truth), key=lambda row: row[1]):
        close = [p for p in sorted(rest.get(key, ())) if abs(p - place) <= near]
        if close:
            rest[key].remove(close[0])
            right += 1
    return Counts(right, len(claimed) - right, len(truth) - right)


def _strict_extra(case: Case, found: Alignment) -> Counts:
    said = {m.performed_id for m in (*found.extra, *found.ornaments)}
    planted = {f"p{i}" for i, k in enumerate(case.keys) if k.planted == "extra"}
    written = {f"p{i}" for i, k in enumerate(case.keys) if k.written}
    right = len(said & planted)
    return Counts(right, len(said & written), len(planted) - right)


def _unwritten(case: Case, found: Alignment) -> Counts:
    """Keys that no note asks for, planted or not."""
    said = {m.performed_id for m in (*found.extra, *found.ornaments)}
    loose = {f"p{i}" for i, k in enumerate(case.keys) if not k.written}
    return _compared(loose, said)


def _said_missed(found: Alignment, same: dict[str, str]) -> set[tuple[str, int]]:
    """Notes said to be missed in the renderings that the take reached."""
    return {
        (same[folded_id(m.score_id)], rendering_of(m.score_id))
        for m in found.missed
        if m.confidence > 0
    }


def _heard(case: Case, same: dict[str, str]) -> set[tuple[str, int]]:
    return {(same[k.written], k.rendering) for k in case.keys if k.written}


def _strict_missed(case: Case, found: Alignment, same: dict[str, str]) -> Counts:
    said, heard = _said_missed(found, same), _heard(case, same)
    planted = {(same[n], rendering) for n, rendering in case.missed} - heard
    right = len(said & planted)
    return Counts(right, len(said & heard), len(planted) - right)


def _unheard(case: Case, found: Alignment, same: dict[str, str]) -> Counts:
    """Every note that was not played, planted or not, in a take without cuts."""
    truth = {(same[n], rendering) for n, rendering in case.missed | case.unheard}
    return _compared(truth - _heard(case, same), _said_missed(found, same))


def _sure(case: Case, found: Alignment, same: dict[str, str]) -> Counts:
    """Sure pairs, extras and missed notes: right or not."""
    written = {f"p{i}": same.get(k.written, "") for i, k in enumerate(case.keys)}
    planted = {f"p{i}" for i, k in enumerate(case.keys) if k.planted == "wrong"}
    heard = _heard(case, same)
    pairs = [
        m.performed_id not in planted and same[folded_id(m.score_id)] == written[m.performed_id]
        for m in found.matches
        if m.confidence >= SURE
    ]
    extra = [not written[m.performed_id] for m in found.extra if m.confidence >= SURE]
    missed = [
        (same[folded_id(m.score_id)], rendering_of(m.score_id)) not in heard
        for m in found.missed
        if m.confidence >= SURE
    ]
    right, labels = sum(pairs + extra + missed), len(pairs + extra + missed)
    return Counts(right, labels - right)


def _strict_wrong(case: Case, found: Alignment, same: dict[str, str]) -> Counts:
    said = {
        (m.performed_id, same[folded_id(m.score_id)], rendering_of(m.score_id)) for m in found.wrong
    }
    planted = {
        (f"p{i}", same[k.written], k.rendering)
        for i, k in enumerate(case.keys)
        if k.planted == "wrong"
    }
    keys = {f"p{i}" for i, k in enumerate(case.keys) if k.written or k.planted}
    heard = _heard(case, same)
    right = len(said & planted)
    false = sum(key in keys or (*note,) in heard for key, *note in said - planted)
    return Counts(right, false, len(planted) - right)
