"""Notes before music: what kind of take it is, which notes went wrong, how sure each bar is.

In: an observation's words. Out: Heard, mistakes, security bar by bar.

**Conventions.** A note is judged as it came the last time: one that failed in one run and came in
a later one is no mistake, one that came and failed in the last run is. A note that only one hand
would play is not missed by the other hand alone. A label surer than `SURE` counts; of the rest it
is only known that nobody can say "every note is right".

**Knows nothing of** music beyond which keys were meant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from valentin.music import (
    Alignment,
    Bar,
    BarSecurity,
    Heard,
    Match,
    Mistake,
    Performance,
    PerformedNote,
    Plan,
    Run,
    Score,
    ScoreNote,
    TempoCurve,
)

__all__ = ["Slip", "bar_name", "hands_heard", "heard", "security_of", "slips_of"]

SURE = 0.7
"""Confidence from which a wrong, missed or extra label is shown to a person."""

FEWEST_NOTES = 12
"""Notes below which a take is no take of a piece: about one bar."""

PLACED = 0.62
"""Share of performed keys that are the written ones (or belong to an ornament) below which it is
another piece. Of 59 takes laid against another score the highest reached 0.42, of 60 fine takes the
lowest 0.90 (`bench/judging_thresholds.py`); a student's with every fifth key astray is above it. A
key struck beside the right one, or one that could be several, is no evidence."""

COVERED = 0.5
"""Share of the score's notes below which no lesson is given (`pedagogy.md`: half a take)."""

ONE_HAND = 0.12
"""Share of a hand's notes played below which that hand is silent on purpose."""

DENSEST = 45.0
"""Notes a second over a whole take that no two hands play: below that it may be music."""


def heard(score: Score, take: Performance, alignment: Alignment) -> Heard:
    """What kind of take it is, and whether bars may be spoken of at all."""
    matched = {m.score_id for m in (*alignment.matches, *alignment.wrong)}
    hands, wanted = hands_heard(score, matched)
    covered = len(matched & {n.id for n in wanted}) / max(len(wanted), 1)
    placed_ids = {m.performed_id for m in (*alignment.matches, *alignment.ornaments)}
    placed = len(placed_ids) / max(len(take.notes), 1)
    return Heard(
        verdict=_verdict(take, covered, placed, len(score.notes)),
        score_notes=len(score.notes),
        performed_notes=len(take.notes),
        placed=round(placed, 3),
        coverage=round(covered, 3),
        hands=hands,
        restarts=tuple(_bar_at(score, run) for run in _jumps(score, alignment, ahead=False)),
        pedalled=not take.by_ear
        and any(e.control == "sustain" and e.value >= 64 for e in take.pedal),
        skips=tuple(_bar_at(score, run) for run in _jumps(score, alignment, ahead=True)),
        stopped=_stopped(score, matched),
        by_ear=take.by_ear,
    )


def _verdict(
    take: Performance, covered: float, placed: float, notes: int
) -> Literal["judged", "empty", "noise", "wrong piece", "too little"]:
    if not take.notes:
        return "empty"
    length = max(take.end_s - take.notes[0].onset_s, 0.1)
    if len(take.notes) / length > DENSEST or len(take.notes) < min(FEWEST_NOTES, notes / 2):
        return "noise"
    if placed < PLACED:
        return "wrong piece"
    return "judged" if covered >= COVERED else "too little"


def hand_of(note: ScoreNote) -> str:
    """The hand that is to play the note; where the score does not say, its staff does."""
    return note.hand or ("right" if note.staff == 1 else "left")


def hands_heard(
    score: Score, matched: set[str]
) -> tuple[Literal["both", "left", "right"], list[ScoreNote]]:
    """Which hands played, from the ids of the notes struck, and the notes meant for them."""
    share: dict[str, float] = {}
    notes = {h: [n for n in score.notes if hand_of(n) == h] for h in ("left", "right")}
    for hand, rows in notes.items():
        share[hand] = sum(n.id in matched for n in rows) / max(len(rows), 1)
    if notes["left"] and notes["right"]:
        if share["left"] < ONE_HAND and share["right"] >= COVERED:
            return "right", notes["right"]
        if share["right"] < ONE_HAND and share["left"] >= COVERED:
            return "left", notes["left"]
    return "both", list(score.notes)


def _jumps(score: Score, alignment: Alignment, *, ahead: bool) -> Iterator[Run]:
    """The runs that begin a beat or more before the last one ended, or, `ahead`, a bar after it.

    A run that goes on where the last one stopped, or strikes its last chord again, is neither.
    """
    runs = sorted(alignment.runs, key=lambda run: run.index)
    for before, run in pairwise(runs):
        if ahead:
            left_out = (before.end_q < b.start_q for b in score.bars if _end(b) <= run.start_q)
            if any(left_out):
                yield run
        else:
            metre = [m for m in score.metres if m.start_q <= run.start_q][-1:]
            beat = metre[0].beat_quarters if metre else Fraction(1)
            if run.start_q <= before.end_q - beat:
                yield run


def _stopped(score: Score, matched: set[str]) -> str:
    """The last bar reached, "" where no whole bar with notes comes after it."""
    reached = max((n.onset_q for n in score.notes if n.id in matched), default=Fraction(0))
    row = bar_row(score, float(reached))
    left = (n for n in score.notes if n.onset_q >= _end(score.bars[row])) if score.bars else ()
    return bar_name(score, row) if any(left) else ""


def _end(bar: Bar) -> Fraction:
    return bar.start_q + bar.length_q


def _bar_at(score: Score, run: Run) -> str:
    """The bar, as printed, in which a run begins."""
    return bar_name(score, bar_row(score, float(run.start_q)))


@dataclass(frozen=True, slots=True)
class Slip:
    """A label and its place: quarters, and the row of its bar; a mistake where it is `sure`."""

    mistake: Mistake
    at_q: float
    bar: int

    @property
    def sure(self) -> bool:
        """Whether it may be shown to a person."""
        return self.mistake.confidence >= SURE


def slips_of(
    score: Score, take: Performance, alignment: Alignment, plans: tuple[Plan, ...], hands: str
) -> tuple[Slip, ...]:
    """The wrong, missed and extra notes in score order, sure or not, as last played."""
    note_of = {n.id: n for n in score.notes}
    key_of = {k.id: k for k in take.notes}
    curves = {p.run: TempoCurve.of(p) for p in plans}
    last = last_struck(alignment)
    wrong = [m for m in _last(alignment.wrong) if last[m.score_id] is m]
    missed = [
        m
        for m in _last(alignment.missed)
        if m.score_id not in last
        and m.score_id in note_of
        and m.confidence > 0
        and hands in ("both", hand_of(note_of[m.score_id]))
    ]
    rows = [
        (label, m, float(note_of[m.score_id].onset_q) if m.score_id in note_of else 0.0)
        for label, found in (("wrong", wrong), ("missed", missed))
        for m in found
    ]
    for match in alignment.extra:
        if match.performed_id in key_of and match.run in curves:
            at = float(curves[match.run].quarters(key_of[match.performed_id].onset_s))
            if not _played_later(alignment, match.run, at):
                rows.append(("extra", match, at))
    slips = [
        _slip(score, label, m, at, (note_of.get(m.score_id), key_of.get(m.performed_id)))
        for label, m, at in rows
    ]
    return tuple(sorted(slips, key=lambda slip: slip.at_q))


def last_struck(alignment: Alignment) -> dict[str, Match]:
    """The latest label of every note that was struck, rightly or wrongly."""
    last: dict[str, Match] = {}
    for match in (*alignment.wrong, *alignment.matches):
        if match.score_id not in last or match.run >= last[match.score_id].run:
            last[match.score_id] = match
    return last


def _played_later(alignment: Alignment, run: int, at_q: float) -> bool:
    """Whether a later run came by that place again."""
    return any(r.index > run and r.start_q <= at_q <= r.end_q for r in alignment.runs)


def _slip(
    score: Score,
    label: str,
    match: Match,
    at_q: float,
    pair: tuple[ScoreNote | None, PerformedNote | None],
) -> Slip:
    bar = bar_row(score, at_q)
    note, key = pair
    return Slip(
        Mistake(
            label,  # type: ignore[arg-type]
            bar_name(score, bar),
            match.score_id,
            match.performed_id,
            match.confidence,
            note.spelling if note else "",
            key.pitch if key else None,
            next((k.fifths for k in reversed(score.keys) if k.start_q <= at_q + 1e-9), 0),
        ),
        at_q,
        bar,
    )


def bar_row(score: Score, at_q: float) -> int:
    """The row of the bar that holds `at_q`."""
    return max(bisect_right(score.bars, at_q + 1e-9, key=lambda b: float(b.start_q)) - 1, 0)


def bar_name(score: Score, row: int) -> str:
    """The number printed for a bar; one without a number goes by the bar before it.

    A bar split by a repeat, and some endings, have no number of their own, or an "X1" that an
    editing program gave them.
    """
    names = [bar.number for bar in score.bars]
    known = [n for n in (*reversed(names[: row + 1]), *names[row + 1 :]) if n[:1].isdecimal()]
    return known[0] if known else (names[row] if names else "")


def _last(labels: tuple[Match, ...]) -> list[Match]:
    """One label a score note: the one of the latest run."""
    latest: dict[str, Match] = {}
    for match in labels:
        if match.score_id not in latest or match.run >= latest[match.score_id].run:
            latest[match.score_id] = match
    return list(latest.values())


def security_of(
    score: Score, alignment: Alignment, slips: tuple[Slip, ...]
) -> tuple[BarSecurity, ...]:
    """How surely each bar that was reached came, as last played."""
    row_of = {n.id: bar_row(score, float(n.onset_q)) for n in score.notes}
    astray = {id(match) for match in alignment.wrong}
    right = Counter(
        row_of[name]
        for name, match in last_struck(alignment).items()
        if name in row_of and id(match) not in astray
    )
    wrongs = Counter((slip.bar, slip.mistake.label) for slip in slips if slip.sure)
    doubtful = Counter(slip.bar for slip in slips if not slip.sure)
    doubtful += Counter(row_of[m.score_id] for m in alignment.unsure if m.score_id in row_of)
    breaks = [p.at_q for p in alignment.pauses] + [r.end_q for r in alignment.runs[:-1]]
    stops = Counter(bar_row(score, float(q)) for q in breaks)
    rows = []
    for i, bar in enumerate(score.bars):
        wrong, missed, extra = (wrongs[i, label] for label in ("wrong", "missed", "extra"))
        if right[i] or wrong:
            end = bar.start_q + bar.length_q
            notes = right[i] + wrong + missed
            counts = (notes, right[i], wrong, missed, extra, stops[i], doubtful[i])
            rows.append(BarSecurity(bar_name(score, i), bar.start_q, end, *counts))
    return tuple(rows)
