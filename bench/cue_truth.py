"""Whether a cue's evidence is true: every value recomputed from the notes, by other means.

In: the unfolded score, its structure, the performance, the alignment, and a cue. Out: the value and
what it is compared with, recomputed; NaN where the place is not there.

**Conventions.** Nothing here calls the room that chose the cues. Bars and beats are timed by the
notes that are written on them where there are some, so that a few milliseconds may differ: `true`
says how much is allowed.

**Knows nothing of** words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import isclose, nan
from statistics import mean, median

from valentin.music import Alignment, Cue, Performance, PerformedNote, Score, ScoreNote, Structure

__all__ = ["Heard", "recomputed", "true"]

Values = tuple[float, float | None]


@dataclass(frozen=True)
class Heard:
    """One performance, its notes joined with the score's."""

    score: Score
    structure: Structure
    performance: Performance
    alignment: Alignment

    @cached_property
    def joined(self) -> list[tuple[ScoreNote, PerformedNote, bool]]:
        """Written note, performed note, whether it is a grace or of an ornament; by onset."""
        written = {n.id: n for n in self.score.notes}
        struck = {n.id: n for n in self.performance.notes}
        rows = [
            (written[m.score_id], struck[m.performed_id], added or bool(written[m.score_id].grace))
            for matches, added in (
                (self.alignment.matches, False),
                (self.alignment.ornaments, True),
            )
            for m in matches
            if m.score_id in written and m.performed_id in struck
        ]
        return sorted(rows, key=lambda row: (row[1].onset_s, row[1].pitch))

    def voice(self, role: str) -> set[str]:
        """The ids of a voice's written notes."""
        return {n for v in self.structure.voices if v.role == role for n in v.note_ids}

    def within(self, start_q: Fraction, end_q: Fraction) -> list[PerformedNote]:
        """What was played of a stretch of the score."""
        return [p for w, p, _ in self.joined if start_q <= w.onset_q < end_q]

    @cached_property
    def _rising(self) -> list[tuple[Fraction, float]]:
        """Written onsets and when they sounded, rising in both."""
        onsets: dict[Fraction, list[float]] = {}
        for w, p, added in self.joined:
            if not added:
                onsets.setdefault(w.onset_q, []).append(p.onset_s)
        for w, p, _ in self.joined:  # by onset: the first of a place with nothing but graces
            if w.grace and w.grace != "nachschlag":
                onsets.setdefault(w.onset_q, [p.onset_s])
        rows: list[tuple[Fraction, float]] = []
        for place in sorted(onsets):
            time_s = median(onsets[place])
            if not rows or time_s > rows[-1][1]:
                rows.append((place, time_s))
        return rows

    def seconds(self, q: Fraction) -> float:
        """When a place comes, by the nearest written onsets around it."""
        rows = self._rising
        at = bisect_right([r[0] for r in rows], q)
        if at == 0 or at == len(rows):
            near = rows[:9] if at == 0 else rows[-9:]
            slope = (near[-1][1] - near[0][1]) / float(near[-1][0] - near[0][0])
            edge = rows[0] if at == 0 else rows[-1]
            return max(0.0, edge[1] + float(q - edge[0]) * slope)
        (qa, sa), (qb, sb) = rows[at - 1], rows[at]
        return sa + (sb - sa) * float((q - qa) / (qb - qa))


def true(heard: Heard, cue: Cue) -> bool:
    """Whether both numbers of a cue come out again (times within 2 %, counts exactly)."""
    found = recomputed(heard, cue)
    loose = 0.02 if cue.unit.startswith(("seconds", "keys a", "notes in", "velocity")) else 1e-6

    def same(a: float | None, b: float | None) -> bool:
        return (a is None) == (b is None) and (
            a is None or b is None or isclose(a, b, rel_tol=loose, abs_tol=0.011)
        )

    return same(found[0], cue.value) and same(found[1], cue.against)


def recomputed(heard: Heard, cue: Cue) -> Values:
    """A cue's value and what it is compared with."""
    kind = cue.kind.partition("-")[0]
    return CHECKS[kind](heard, cue)


def _return(heard: Heard, cue: Cue) -> Values:
    tune = heard.voice("melody")
    beats = _beats(heard)
    first_q = next(q for q, strong in beats if strong)
    length = [q for q, _ in beats].index(_tune_end(beats)) - [q for q, _ in beats].index(first_q)
    rest = [q for q, _ in beats if q >= cue.start_q]
    end_q = rest[length] if len(rest) > length else heard.score.end_q

    def count(a: Fraction, b: Fraction) -> int:
        return sum(w.id in tune and a <= w.onset_q < b for w, _, _ in heard.joined)

    held = [_held(heard, q) for q, _ in beats if first_q <= q < _tune_end(beats)]
    again = [_held(heard, q) for q in rest[:length]]
    asked = [(a, b) for a, b in zip(held, again, strict=True) if a is not None]
    if sum(a == b for a, b in asked) < 0.75 * len(asked):
        return nan, nan
    return count(cue.start_q, end_q), count(first_q, _tune_end(beats))


def _beats(heard: Heard) -> list[tuple[Fraction, bool]]:
    """Felt beats of all bars, a first pickup's counted from its end."""
    out = []
    for i, bar in enumerate(heard.score.bars):
        metre = [m for m in heard.score.metres if m.start_q <= bar.start_q][-1]
        short = i == 0 and bar.length_q < metre.bar_quarters
        q = bar.start_q + (bar.length_q % metre.beat_quarters if short else 0)
        while q < bar.start_q + bar.length_q:
            out.append((q, q == bar.start_q and not short))
            q += metre.beat_quarters
    return out


def _tune_end(beats: list[tuple[Fraction, bool]]) -> Fraction:
    strong = [i for i, (_, s) in enumerate(beats) if s]
    return beats[next(i for i in strong if i - strong[0] >= 8)][0]


def _held(heard: Heard, q: Fraction) -> int | None:
    tune = set(heard.structure.melody)
    here = [n for n in heard.score.notes if n.id in tune and n.onset_q <= q]
    return here[-1].pitch if here and here[-1].onset_q + here[-1].duration_q > q else None


def _key(heard: Heard, cue: Cue) -> Values:
    keys = heard.score.keys
    i = next(i for i, k in enumerate(keys) if cue.start_q <= k.start_q < cue.end_q and i > 0)
    return keys[i].fifths, keys[i - 1].fifths


def _foreign(heard: Heard, cue: Cue) -> Values:
    key = heard.score.keys[0]
    fifth_chain = {(7 * (key.fifths + i)) % 12 for i in range(-1, 6)}
    own = fifth_chain | ({(7 * key.fifths + 8) % 12} if key.mode == "minor" else set())
    notes = heard.within(cue.start_q, cue.end_q)
    return sum(n.pitch % 12 not in own for n in notes), len(notes)


def _deceptive(heard: Heard, cue: Cue) -> Values:
    for before, now in pairwise(heard.structure.harmony):
        if now.cadence == "deceptive" and cue.start_q <= now.start_q < cue.end_q:
            return now.root, (before.root + 5) % 12
    return nan, nan


def _stay(heard: Heard, cue: Cue) -> Values:
    bars = [b for b in heard.score.bars if cue.start_q <= b.start_q < cue.end_q]
    lows = {
        min((n.pitch for n in heard.within(b.start_q, b.start_q + b.length_q)), default=-1)
        for b in bars
    }
    return len(bars), lows.pop() if len(lows) == 1 else nan


def _lengths(heard: Heard) -> list[tuple[Fraction, float, Fraction]]:
    """Beats of the bars in which something sounds, with their seconds and quarters."""
    until_q = next(
        b.start_q + b.length_q for b in heard.score.bars[::-1] if _sounds(heard, b.start_q)
    )
    times = [(q, heard.seconds(q)) for q, _ in _beats(heard) if q < until_q]
    return [(a[0], b[1] - a[1], b[0] - a[0]) for a, b in pairwise(times)]


def _sounds(heard: Heard, from_q: Fraction) -> bool:
    """Whether something is struck from a place on, or held beyond it."""
    return any(w.onset_q >= from_q or w.onset_q + w.duration_q > from_q for w, *_ in heard.joined)


def _breath(heard: Heard, cue: Cue) -> Values:
    rows = _lengths(heard)
    here = min(rows, key=lambda row: abs(heard.seconds(row[0]) - cue.time_s))
    return here[1], median(s for _, s, own in rows if own == here[2])


def _rush(heard: Heard, cue: Cue) -> Values:
    rows = _lengths(heard)
    common = median(q for *_, q in rows)
    means = []
    for bar in heard.score.bars:
        inside = [
            s
            for q, s, own in rows
            if bar.start_q <= q < bar.start_q + bar.length_q and own == common
        ]
        if len(inside) >= 3:
            means.append((mean(inside), bar.start_q == cue.start_q))
    return min(m for m, here in means if here), median(m for m, _ in means)


def _damped(heard: Heard, note: PerformedNote) -> float:
    down, until = False, note.offset_s
    for event in heard.performance.pedal:
        if event.control != "sustain":
            continue
        if event.time_s <= note.offset_s:
            down = event.value >= 64
        elif down:
            if event.value < 64:
                return max(until, event.time_s)
        else:
            return until
    return max(until, heard.performance.end_s) if down else until


def _silence(heard: Heard, cue: Cue) -> Values:
    notes = heard.performance.notes
    before = [n for n in notes if n.onset_s <= cue.time_s]
    after = min(n.onset_s for n in notes if n.onset_s > cue.time_s)
    return after - max(_damped(heard, n) for n in before), None


def _apart(heard: Heard, cue: Cue) -> Values:
    tune, bass = heard.voice("melody"), heard.voice("bass")
    rows = [row for row in heard.joined if not row[2]]
    low = [(w, p) for w, p, _ in rows if w.id in bass and isclose(p.onset_s, cue.time_s)]
    late = [
        1000 * (p.onset_s - q.onset_s)
        for w, p, _ in rows
        for v, q in low
        if w.id in tune and w.onset_q == v.onset_q
    ]
    return late[0] if late else nan, None


def _ring(heard: Heard, cue: Cue) -> Values:
    return max(_damped(heard, n) for n in heard.performance.notes) - cue.time_s, None


def _loudness(best: Callable[[list[float]], float]) -> Callable[[Heard, Cue], Values]:
    def check(heard: Heard, cue: Cue) -> Values:
        bars: dict[Fraction, list[int]] = {}
        starts = [b.start_q for b in heard.score.bars]
        for w, p, _ in heard.joined:
            at = starts[bisect_right(starts, w.onset_q) - 1]
            bars.setdefault(at, []).append(p.velocity)
        means = {q: mean(v) for q, v in bars.items() if len(v) >= 3}
        if not isclose(means[cue.start_q], best(list(means.values()))):
            return nan, nan
        return means[cue.start_q], mean(v for bar in bars.values() for v in bar)

    return check


def _highest(heard: Heard, cue: Cue) -> Values:
    tune = heard.voice("melody")
    return max(p.pitch for w, p, _ in heard.joined if w.id in tune), None


def _lowest(heard: Heard, cue: Cue) -> Values:
    return min(p.pitch for _, p, _ in heard.joined), None


def _leap(heard: Heard, cue: Cue) -> Values:
    tune = heard.voice("melody")
    line = [p for w, p, added in heard.joined if w.id in tune and not added]
    at = next(i for i, p in enumerate(line) if isclose(p.onset_s, cue.time_s))
    return line[at].pitch - line[at - 1].pitch, None


def _alone(heard: Heard, cue: Cue) -> Values:
    tune = heard.voice("melody")
    row: list[PerformedNote] = []
    for w, p, _ in heard.joined:
        if p.onset_s < cue.time_s - 1e-9:
            continue
        if w.id not in tune or (row and p.onset_s <= row[-1].onset_s):
            break
        row.append(p)
    return len(row), row[-1].onset_s - row[0].onset_s


def _shower(heard: Heard, cue: Cue) -> Values:
    onsets = [p.onset_s for _, p, _ in heard.joined]
    here = sum(cue.time_s - 1e-9 <= t <= cue.time_s + 1.0 for t in onsets)
    return here, len(onsets) / (onsets[-1] - onsets[0])


def _pattern(heard: Heard, cue: Cue) -> Values:
    starts = [b.start_q for b in heard.score.bars]
    rhythm: dict[Fraction, set[Fraction]] = {}
    for w, _, added in heard.joined:
        if w.staff == 2 and not added:
            at = starts[bisect_right(starts, w.onset_q) - 1]
            rhythm.setdefault(at, set()).add(w.onset_q - at)
    told = Counter(tuple(sorted(r)) for r in rhythm.values())
    return told[tuple(sorted(rhythm[cue.start_q]))], sum(_sounds(heard, q) for q in starts)


CHECKS: dict[str, Callable[[Heard, Cue], Values]] = {
    "return": _return, "key": _key, "foreign": _foreign, "deceptive": _deceptive, "stay": _stay,
    "breath": _breath, "rush": _rush, "silence": _silence, "apart": _apart, "ring": _ring,
    "loudest": _loudness(max), "softest": _loudness(min), "highest": _highest,
    "lowest": _lowest, "leap": _leap, "alone": _alone, "shower": _shower, "pattern": _pattern,
}  # fmt: skip
