"""Notes before music: what kind of take it is, which notes went wrong, how sure each bar is.

In: an observation's words. Out: Heard, mistakes, security bar by bar.

**Conventions.** A note that failed in one run and came in a later one is not a mistake: practice
is how it came. A note that only one hand would play is not missed by the other hand alone. A
label surer than `SURE` counts; the rest is silence.

**Knows nothing of** music beyond which keys were meant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from valentin.music import (
    Alignment,
    BarSecurity,
    Heard,
    Match,
    Mistake,
    Performance,
    PerformedNote,
    Plan,
    Score,
    ScoreNote,
    TempoCurve,
)

__all__ = ["Slip", "heard", "security_of", "slips_of"]

SURE = 0.7
"""Confidence from which a wrong, missed or extra label is shown to a person."""

FEWEST_NOTES = 12
"""Notes below which a take is no take of a piece: about one bar."""

PLACED = 0.62
"""Share of performed keys that are the written ones (or belong to an ornament) below which it is
another piece. Takes of another piece reach 0.54 by chance, fine takes are at 0.93 and above; a key
struck beside the right one is no evidence either way."""

COVERED = 0.5
"""Share of the score's notes below which no lesson is given (`pedagogy.md`: half a take)."""

ONE_HAND = 0.12
"""Share of a hand's notes played below which that hand is silent on purpose."""

DENSEST = 45.0
"""Notes a second over a whole take that no two hands play: below that it may be music."""


def heard(score: Score, take: Performance, alignment: Alignment) -> Heard:
    """What kind of take it is, and whether bars may be spoken of at all."""
    matched = {m.score_id for m in (*alignment.matches, *alignment.wrong)}
    hands, wanted = _hands(score, matched)
    covered = len(matched & {n.id for n in wanted}) / max(len(wanted), 1)
    placed_ids = {
        m.performed_id for m in (*alignment.matches, *alignment.ornaments, *alignment.unsure)
    }
    placed = len(placed_ids) / max(len(take.notes), 1)
    return Heard(
        verdict=_verdict(take, covered, placed, len(score.notes)),
        score_notes=len(score.notes),
        performed_notes=len(take.notes),
        placed=round(placed, 3),
        coverage=round(covered, 3),
        hands=hands,
        restarts=_restarts(score, alignment),
        pedalled=any(e.control == "sustain" and e.value >= 64 for e in take.pedal),
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


def _hands(
    score: Score, matched: set[str]
) -> tuple[Literal["both", "left", "right"], list[ScoreNote]]:
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


def _restarts(score: Score, alignment: Alignment) -> tuple[str, ...]:
    runs = sorted(alignment.runs, key=lambda r: r.index)
    return tuple(
        next((b.number for b in reversed(score.bars) if b.start_q <= run.start_q), "")
        for run in runs[1:]
    )


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake and its place: quarters, and the row of its bar."""

    mistake: Mistake
    at_q: float
    bar: int


def slips_of(
    score: Score, take: Performance, alignment: Alignment, plans: tuple[Plan, ...], hands: str
) -> tuple[Slip, ...]:
    """The wrong, missed and extra notes that are sure, in score order."""
    note_of = {n.id: n for n in score.notes}
    when = {n.id: float(n.onset_q) for n in score.notes}
    key_of = {k.id: k for k in take.notes}
    curves = {p.run: TempoCurve.of(p) for p in plans}
    came = {m.score_id for m in alignment.matches}
    wrong = [m for m in _last(alignment.wrong) if m.score_id not in came]
    struck = came | {m.score_id for m in alignment.wrong}
    missed = [
        m
        for m in _last(alignment.missed)
        if m.score_id not in struck
        and m.score_id in note_of
        and hands in ("both", hand_of(note_of[m.score_id]))
    ]
    extra = [m for m in alignment.extra if m.performed_id in key_of and m.run in curves]
    rows = [("wrong", m, when.get(m.score_id, 0.0)) for m in wrong]
    rows += [("missed", m, when[m.score_id]) for m in missed]
    rows += [
        ("extra", m, float(curves[m.run].quarters(key_of[m.performed_id].onset_s))) for m in extra
    ]
    slips = [
        _slip(
            score, label, match, at, (note_of.get(match.score_id), key_of.get(match.performed_id))
        )
        for label, match, at in rows
        if match.confidence >= SURE
    ]
    return tuple(sorted(slips, key=lambda slip: slip.at_q))


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
            score.bars[bar].number if score.bars else "",
            match.score_id,
            match.performed_id,
            match.confidence,
            note.spelling if note else "",
            key.pitch if key else None,
        ),
        at_q,
        bar,
    )


def bar_row(score: Score, at_q: float) -> int:
    """The row of the bar that holds `at_q`."""
    return max(bisect_right(score.bars, at_q + 1e-9, key=lambda b: float(b.start_q)) - 1, 0)


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
    """How surely each bar that was reached came; a note that nobody could judge is not counted."""
    came = {m.score_id for m in alignment.matches}
    right = Counter(bar_row(score, float(n.onset_q)) for n in score.notes if n.id in came)
    wrongs = Counter((slip.bar, slip.mistake.label) for slip in slips)
    breaks = [p.at_q for p in alignment.pauses] + [r.end_q for r in alignment.runs[:-1]]
    stops = Counter(bar_row(score, float(q)) for q in breaks)
    rows = []
    for i, bar in enumerate(score.bars):
        wrong, missed, extra = (wrongs[i, label] for label in ("wrong", "missed", "extra"))
        if right[i] or wrong:
            end = bar.start_q + bar.length_q
            notes = right[i] + wrong + missed
            rows.append(
                BarSecurity(
                    bar.number, bar.start_q, end, notes, right[i], wrong, missed, extra, stops[i]
                )
            )
    return tuple(rows)
