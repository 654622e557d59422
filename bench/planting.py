"""Plant one fault in a human take: what a student might do, at three severities.

In: an unfolded score, a take, its alignment, a kind of fault, a severity, a source of chance. Out:
the take with the fault, its alignment, and the bars; or None where the score or the take leaves no
place for it (no pedal fault without pedal, no lost crescendo where none was played).

**Conventions.** Severity 0 is slight, 1 plain, 2 gross. A stretch is eight bars (a run, its notes;
a hairpin, its span) and is drawn among all that qualify. Nothing outside the stretch changes, save
that what follows a change of tempo comes earlier or later as a whole.

**Knows nothing of** `valentin.judging`: planter and judge share no code. The melody here is the top
note of the upper staff, where the pianist really brought it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from valentin.music import Alignment, Match, Performance, PerformedNote, Score

__all__ = ["COUNTS_AS", "KINDS", "Planted", "plant"]

Floats = npt.NDArray[np.float64]
Rng = np.random.Generator

COUNTS_AS: dict[str, tuple[str, ...]] = {
    "flat voicing": ("voicing", "dynamics"),
    "flat dynamics": ("dynamics", "phrasing"),
    "lost hairpin": ("dynamics", "phrasing"),
    "rush": ("tempo", "rhythm"),
    "drag": ("tempo", "rhythm"),
    "unsteady tempo": ("tempo", "rhythm"),
    "uneven run": ("rhythm",),
    "smeared pedal": ("pedal",),
    "missing pedal": ("pedal",),
    "short legato": ("articulation",),
    "wrong notes": ("notes",),
}
"""Planted fault → the dimensions under which it counts as found (`measures.md`)."""

BARS = 8
"""Bars of a stretch."""

GAP_LOST = (0.6, 1.0, 1.5)
"""Share of the melody's lead that is taken away; over 1 the rest is louder than the melody."""

LEADS = 10.0
"""Velocities by which a melody leads that is really brought out: the low end of Goebl (2001)."""

RANGE_LOST = (0.5, 0.8, 1.0)
"""Share of each note's distance from its voice's mean loudness that is taken away."""

GROWTH_LOST = (0.5, 1.0, 1.5)
"""Share of the growth over a hairpin that is taken away; over 1 it goes the other way."""

GROWN = 12.0
"""Velocities (about 4 dB) by which a crescendo of a bar or more must grow to be one to lose."""

RUN_AWAY = (0.15, 0.30, 0.50)
"""How much faster (or slower) the tempo is at the end of the stretch than at its start."""

UNSTEADY = (0.10, 0.20, 0.35)
"""Standard deviation of log2 beat period, beat by beat."""

UNEVEN = (0.10, 0.20, 0.35)
"""Standard deviation of each onset, as a share of the interval, at most 0.45."""

PEDAL_LOST = (1 / 3, 2 / 3, 1.0)
"""Share of the lifts (smeared) or of the presses (missing) that are left out."""

CUT_TO = (0.75, 0.5, 0.3)
"""Key-held time of slurred notes as a share of the time to the next note."""

WRONG = (1, 3, 6)
"""Neighbouring keys struck instead, in four bars."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A take with one fault: `bars` are rows of `score.bars`, first and last."""

    performance: Performance
    alignment: Alignment
    bars: tuple[int, int]


def plant(
    kind: str, severity: int, score: Score, take: Performance, alignment: Alignment, rng: Rng
) -> Planted | None:
    """The take with one fault of this kind, or None where there is no place for it."""
    return PLANTERS[kind](_Place.of(score, take, alignment), severity, rng)


@dataclass(frozen=True, slots=True)
class _Place:
    """Score rows that were played, beside their keys."""

    score: Score
    take: Performance
    alignment: Alignment
    rows: npt.NDArray[np.int64]  # of score.notes
    keys: npt.NDArray[np.int64]  # of take.notes
    onset_q: Floats
    length_q: Floats
    staff: npt.NDArray[np.int64]
    voice: npt.NDArray[np.int64]
    top: npt.NDArray[np.bool_]
    velocity: Floats
    onset_s: Floats
    bars: Floats  # starts, and the end of the last

    @classmethod
    def of(cls, score: Score, take: Performance, alignment: Alignment) -> _Place:
        key = {n.id: i for i, n in enumerate(take.notes)}
        row = {n.id: i for i, n in enumerate(score.notes)}
        pairs = sorted((row[m.score_id], key[m.performed_id]) for m in alignment.matches)
        rows = np.array([a for a, _ in pairs])
        keys = np.array([b for _, b in pairs])
        notes = [score.notes[i] for i in rows]
        highest: dict[object, tuple[int, int]] = {}
        for place, n in enumerate(notes):
            if n.staff == 1 and not n.grace:
                highest[n.onset_q] = max(highest.get(n.onset_q, (-1, -1)), (n.pitch, place))
        top = np.zeros(len(rows), np.bool_)
        top[[place for _, place in highest.values()]] = True
        return cls(
            score, take, alignment, rows, keys,
            np.array([float(n.onset_q) for n in notes]),
            np.array([float(n.duration_q) for n in notes]),
            np.array([n.staff for n in notes]),
            np.array([n.voice for n in notes]),
            top,
            np.array([float(take.notes[i].velocity) for i in keys]),
            np.array([take.notes[i].onset_s for i in keys]),
            np.array([float(b.start_q) for b in score.bars] + [float(score.end_q)]),
        )  # fmt: skip

    def inside(self, bars: tuple[int, int]) -> npt.NDArray[np.bool_]:
        start, end = self.bars[bars[0]], self.bars[bars[1] + 1]
        return np.asarray((self.onset_q >= start - 1e-9) & (self.onset_q < end - 1e-9))

    def stretches(
        self, fits: Callable[[tuple[int, int]], bool], length: int = BARS
    ) -> list[tuple[int, int]]:
        """All stretches of so many bars, away from the first and last two, that fit."""
        last = len(self.bars) - 2 - length - 1
        found = [(i, i + length - 1) for i in range(2, max(last, 2))]
        return [b for b in found if self.inside(b).sum() >= 4 * length and fits(b)]

    def seconds(self, q: Floats) -> Floats:
        """Performed time of places in the score, by the mean onset of each group."""
        onsets, group = np.unique(self.onset_q, return_inverse=True)
        mean = np.bincount(group, self.onset_s) / np.bincount(group)
        return np.interp(q, onsets, np.maximum.accumulate(mean))

    def with_notes(self, change: dict[int, PerformedNote], bars: tuple[int, int]) -> Planted:
        notes = [change.get(i, n) for i, n in enumerate(self.take.notes)]
        notes.sort(key=lambda n: (n.onset_s, n.pitch))
        return Planted(replace(self.take, notes=tuple(notes)), self.alignment, bars)

    def with_velocity(
        self, places: npt.NDArray[np.int64], new: Floats, bars: tuple[int, int]
    ) -> Planted:
        louder = {
            int(self.keys[p]): replace(
                self.take.notes[int(self.keys[p])], velocity=int(np.clip(round(v), 1, 127))
            )
            for p, v in zip(places, new, strict=True)
        }
        return self.with_notes(louder, bars)

    def warped(self, knots_s: Floats, new_s: Floats, bars: tuple[int, int]) -> Planted:
        """All events moved along knots → new; beyond the last knot by a constant."""

        def at(t: float) -> float:
            if t >= knots_s[-1]:
                return float(t - knots_s[-1] + new_s[-1])
            return float(np.interp(t, knots_s, new_s)) if t > knots_s[0] else t

        notes = tuple(
            replace(n, onset_s=at(n.onset_s), offset_s=max(at(n.offset_s), at(n.onset_s)))
            for n in self.take.notes
        )
        pedal = tuple(replace(e, time_s=at(e.time_s)) for e in self.take.pedal)
        return Planted(replace(self.take, notes=notes, pedal=pedal), self.alignment, bars)


def _drawn(choices: list[tuple[int, int]], rng: Rng) -> tuple[int, int] | None:
    return choices[int(rng.integers(len(choices)))] if choices else None


def _flat_voicing(place: _Place, severity: int, rng: Rng) -> Planted | None:
    def lead(bars: tuple[int, int]) -> float:
        inside = place.inside(bars)
        tune, rest = inside & place.top, inside & ~place.top
        if tune.sum() < 12 or rest.sum() < 12:
            return 0.0
        return float(place.velocity[tune].mean() - place.velocity[rest].mean())

    bars = _drawn(place.stretches(lambda b: lead(b) >= LEADS), rng)
    if bars is None:
        return None
    inside = np.flatnonzero(place.inside(bars))
    lost = lead(bars) * GAP_LOST[severity]
    new = place.velocity[inside] + np.where(place.top[inside], -lost / 2, lost / 2)
    return place.with_velocity(inside, new, bars)


def _flat_dynamics(place: _Place, severity: int, rng: Rng) -> Planted | None:
    def scatter(bars: tuple[int, int]) -> float:
        inside = place.inside(bars)
        parts = [place.velocity[inside & side] for side in (place.top, ~place.top)]
        return min(float(p.std()) if len(p) >= 12 else 0.0 for p in parts)

    bars = _drawn(place.stretches(lambda b: scatter(b) >= 7), rng)
    if bars is None:
        return None
    inside = np.flatnonzero(place.inside(bars))
    new = place.velocity[inside].copy()
    for side in (place.top[inside], ~place.top[inside]):
        new[side] += (new[side].mean() - new[side]) * RANGE_LOST[severity]
    new += rng.normal(0, 2, len(new))
    return place.with_velocity(inside, new, bars)


def _lost_hairpin(place: _Place, severity: int, rng: Rng) -> Planted | None:
    found = []
    for mark in place.score.marks:
        if mark.kind != "hairpin" or mark.end_q - mark.start_q < 4:
            continue
        start, end = float(mark.start_q), float(mark.end_q)
        inside = np.flatnonzero((place.onset_q >= start - 1e-9) & (place.onset_q <= end + 1e-9))
        if len(inside) < 8 or np.ptp(place.onset_q[inside]) < 2:
            continue
        slope = float(np.polyfit(place.onset_q[inside], place.velocity[inside], 1)[0])
        grown = slope * (end - start)
        if (grown if mark.text.startswith("cresc") else -grown) >= GROWN:
            found.append((start, end, slope))
    if not found:
        return None
    start, end, slope = found[int(rng.integers(len(found)))]
    inside = np.flatnonzero((place.onset_q >= start - 1e-9) & (place.onset_q <= end + 1e-9))
    away = slope * (place.onset_q[inside] - (start + end) / 2) * GROWTH_LOST[severity]
    first, last = (
        int(np.searchsorted(place.bars, q + 1e-9, "right")) - 1 for q in (start, end - 0.01)
    )
    return place.with_velocity(inside, place.velocity[inside] - away, (first, last))


def _even_tempo(place: _Place, bars: tuple[int, int]) -> bool:
    """Whether the take keeps a tempo there at all: no bar twice as long as another of its metre."""
    edges = place.bars[bars[0] : bars[1] + 2]
    per_quarter = np.diff(place.seconds(edges)) / np.diff(edges)
    return bool(per_quarter.max() < 1.5 * per_quarter.min())


def _running(sign: int) -> Callable[[_Place, int, Rng], Planted | None]:
    def planted(place: _Place, severity: int, rng: Rng) -> Planted | None:
        bars = _drawn(place.stretches(lambda b: _even_tempo(place, b)), rng)
        if bars is None:
            return None
        ends = place.seconds(place.bars[[bars[0], bars[1] + 1]])
        knots = np.linspace(ends[0], ends[1], 200)
        speed = (1 + RUN_AWAY[severity]) ** (sign * np.linspace(0, 1, 199))
        steps = np.diff(knots) / speed
        return place.warped(knots, ends[0] + np.concatenate([[0], np.cumsum(steps)]), bars)

    return planted


def _unsteady(place: _Place, severity: int, rng: Rng) -> Planted | None:
    bars = _drawn(place.stretches(lambda b: _even_tempo(place, b)), rng)
    if bars is None:
        return None
    beats: list[float] = []
    for i in range(bars[0], bars[1] + 1):
        metre = [m for m in place.score.metres if float(m.start_q) <= place.bars[i]][-1:]
        beat = float(metre[0].beat_quarters) if metre else 1.0
        beats += np.arange(place.bars[i], place.bars[i + 1] - 1e-6, beat).tolist()
    knots = np.unique(place.seconds(np.array([*beats, place.bars[bars[1] + 1]])))
    factor = 2.0 ** np.clip(rng.normal(0, UNSTEADY[severity], len(knots) - 1), -0.9, 0.9)
    steps = np.diff(knots) * factor
    return place.warped(knots, knots[0] + np.concatenate([[0], np.cumsum(steps)]), bars)


def _uneven_run(place: _Place, severity: int, rng: Rng) -> Planted | None:
    chains: list[npt.NDArray[np.int64]] = []
    lines = place.staff * 1000 + place.voice
    for line in np.unique(lines):
        rows = np.flatnonzero((lines == line) & (place.length_q > 0) & (place.length_q <= 0.5))
        onset = place.onset_q[rows]
        values, counts = np.unique(onset, return_counts=True)
        lonely = np.isin(onset, values[counts == 1])
        rows = rows[lonely]
        gap = np.diff(place.onset_q[rows])
        broken = (np.abs(gap - place.length_q[rows[:-1]]) > 1e-6) | (
            np.abs(np.diff(place.length_q[rows])) > 1e-6
        )
        chains += [
            c for c in np.split(rows, np.flatnonzero(broken) + 1)
            if len(c) >= 12 and 0.06 < np.median(np.diff(place.onset_s[c])) < 0.35
        ]  # fmt: skip
    if not chains:
        return None
    chain = chains[int(rng.integers(len(chains)))]
    start = int(rng.integers(len(chain) - 11))
    chain = chain[start : start + 24]
    interval = np.diff(place.onset_s[chain])
    step = np.append(interval, interval[-1])
    moved = np.clip(rng.normal(0, UNEVEN[severity], len(chain)), -0.45, 0.45) * np.abs(step)
    change = {}
    for p, by in zip(chain, moved, strict=True):
        note = place.take.notes[int(place.keys[p])]
        start_s = max(note.onset_s + float(by), 0.0)
        change[int(place.keys[p])] = replace(
            note, onset_s=start_s, offset_s=max(note.offset_s, start_s + 0.02)
        )
    first, last = (int(np.searchsorted(place.bars, q + 1e-9, "right")) - 1
                   for q in (place.onset_q[chain[0]], place.onset_q[chain[-1]]))  # fmt: skip
    return place.with_notes(change, (first, last))


def _presses(take: Performance) -> list[tuple[float, float]]:
    """(down, up) of the sustain pedal."""
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for event in take.pedal:
        if event.control != "sustain":
            continue
        if event.value >= 64 and since is None:
            since = event.time_s
        elif event.value < 64 and since is not None:
            spans.append((since, event.time_s))
            since = None
    return spans


def _pedal_stretches(place: _Place) -> list[tuple[int, int]]:
    """Stretches with pedal at least half the time and a change in most bars."""
    spans = np.array(_presses(place.take)).reshape(-1, 2)

    def fits(bars: tuple[int, int]) -> bool:
        a, b = place.seconds(place.bars[[bars[0], bars[1] + 1]])
        held = np.clip(np.minimum(spans[:, 1], b) - np.maximum(spans[:, 0], a), 0, None).sum()
        return bool(((spans[:, 0] > a) & (spans[:, 0] < b)).sum() >= BARS and held > 0.5 * (b - a))

    return place.stretches(fits) if len(spans) else []


def _smeared(place: _Place, severity: int, rng: Rng) -> Planted | None:
    bars = _drawn(_pedal_stretches(place), rng)
    if bars is None:
        return None
    a, b = place.seconds(place.bars[[bars[0], bars[1] + 1]])
    gaps = [(x[1], y[0]) for x, y in pairwise(_presses(place.take)) if a <= x[1] and y[0] <= b]
    lost = rng.permutation(len(gaps))[: max(round(len(gaps) * PEDAL_LOST[severity]), 1)]
    closed = [gaps[i] for i in lost]
    pedal = tuple(
        replace(e, value=127)
        if e.control == "sustain" and any(x - 0.15 <= e.time_s <= y for x, y in closed)
        else e
        for e in place.take.pedal
    )
    return Planted(replace(place.take, pedal=pedal), place.alignment, bars)


def _unpedalled(place: _Place, severity: int, rng: Rng) -> Planted | None:
    bars = _drawn(_pedal_stretches(place), rng)
    if bars is None:
        return None
    a, b = place.seconds(place.bars[[bars[0], bars[1] + 1]])
    spans = [s for s in _presses(place.take) if a <= s[0] and s[1] <= b]
    lost = rng.permutation(len(spans))[: max(round(len(spans) * PEDAL_LOST[severity]), 1)]
    gone = [spans[i] for i in lost]
    pedal = tuple(
        replace(e, value=0)
        if e.control == "sustain" and any(x - 0.3 <= e.time_s <= y for x, y in gone)
        else e
        for e in place.take.pedal
    )
    return Planted(replace(place.take, pedal=pedal), place.alignment, bars)


def _short(place: _Place, severity: int, rng: Rng) -> Planted | None:
    spans = np.array(_presses(place.take)).reshape(-1, 2)
    row = {n.id: i for i, n in enumerate(place.score.notes)}
    at = {int(r): p for p, r in enumerate(place.rows)}
    slurred = np.zeros(len(place.rows))
    following = np.full(len(place.rows), -1)
    lines = place.staff * 1000 + place.voice
    for mark in place.score.marks:
        ends = [at.get(row.get(i, -1), -1) for i in mark.note_ids] if mark.kind == "slur" else []
        if len(ends) < 2 or min(ends[0], ends[-1]) < 0 or lines[ends[0]] != lines[ends[-1]]:
            continue
        line = np.flatnonzero(
            (lines == lines[ends[0]])
            & (place.onset_q >= place.onset_q[ends[0]] - 1e-9)
            & (place.onset_q <= place.onset_q[ends[-1]] + 1e-9)
        )
        for p in line:
            later = line[np.abs(place.onset_q[line] - place.onset_q[p] - place.length_q[p]) < 1e-6]
            if len(later):
                slurred[p], following[p] = 1, later[0]

    def fits(bars: tuple[int, int]) -> bool:
        inside = np.flatnonzero(place.inside(bars) & (slurred > 0))
        if len(inside) < 12:
            return False
        end = place.onset_s[following[inside]]
        wet = [((spans[:, 0] < t - 0.03) & (spans[:, 1] > t - 0.03)).any() for t in end]
        return float(np.mean(wet)) < 0.35

    bars = _drawn(place.stretches(fits, BARS // 2), rng)
    if bars is None:
        return None
    change = {}
    for p in np.flatnonzero(place.inside(bars) & (slurred > 0)):
        note = place.take.notes[int(place.keys[p])]
        whole = place.onset_s[following[p]] - note.onset_s
        held = min(note.offset_s - note.onset_s, max(whole, 0.03) * CUT_TO[severity])
        change[int(place.keys[p])] = replace(note, offset_s=note.onset_s + held)
    return place.with_notes(change, bars)


def _wrong_notes(place: _Place, severity: int, rng: Rng) -> Planted | None:
    bars = _drawn(place.stretches(lambda b: True, BARS // 2), rng)
    if bars is None:
        return None
    chosen = rng.permutation(np.flatnonzero(place.inside(bars)))[: WRONG[severity]]
    change, wrong = {}, set()
    for p in chosen:
        note = place.take.notes[int(place.keys[p])]
        near = {n.pitch for n in place.take.notes if abs(n.onset_s - note.onset_s) < 0.3}
        free = [d for d in (1, -1, 2, -2) if note.pitch + d not in near] or [1]
        change[int(place.keys[p])] = replace(note, pitch=note.pitch + int(rng.choice(free)))
        wrong.add(note.id)
    planted = place.with_notes(change, bars)
    moved = tuple(
        Match(m.score_id, m.performed_id, m.run)
        for m in place.alignment.matches
        if m.performed_id in wrong
    )
    kept = tuple(m for m in place.alignment.matches if m.performed_id not in wrong)
    alignment = replace(place.alignment, matches=kept, wrong=(*place.alignment.wrong, *moved))
    return replace(planted, alignment=alignment)


PLANTERS: dict[str, Callable[[_Place, int, Rng], Planted | None]] = {
    "flat voicing": _flat_voicing,
    "flat dynamics": _flat_dynamics,
    "lost hairpin": _lost_hairpin,
    "rush": _running(1),
    "drag": _running(-1),
    "unsteady tempo": _unsteady,
    "uneven run": _uneven_run,
    "smeared pedal": _smeared,
    "missing pedal": _unpedalled,
    "short legato": _short,
    "wrong notes": _wrong_notes,
}
KINDS = tuple(PLANTERS)
