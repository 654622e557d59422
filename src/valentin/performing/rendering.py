"""Score + Plan → Performance: every planned note at its place in seconds.

In: an unfolded score and a plan for it, or for a part of it. Out: notes and pedal in seconds.

**Conventions.** A note starts at `curve(onset_q) − lead_s` and is held for `articulation` times its
nominal duration, `curve(onset_q + duration_q) − curve(onset_q)`; a note without length (a grace
note) has the nominal duration of `GRACE_Q`. Realised notes and pedal events lie where the curve
puts their `onset_q`. Times may be negative where the plan begins at 0 and something leads: the
plan says when it starts. Ids: a written note keeps its own, the k-th note that an ornament adds to
`n12-1` is `n12-1+k`, from 1.

**Knows nothing of** why the plan is so; unplanned notes are not played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import repeat

import numpy as np

from valentin.music import (
    GRACE_Q,
    Alignment,
    Match,
    PedalEvent,
    Performance,
    PerformedNote,
    Plan,
    RealisedNote,
    Run,
    Score,
    ScoreNote,
    Shape,
    TempoCurve,
)

__all__ = ["known_alignment", "perform"]


def perform(score: Score, plan: Plan) -> Performance:
    """The performance that `plan` intends, notes by (onset, pitch, id), pedal by time.

    Raises ValueError where the plan shapes a note that is not in the score.
    """
    curve = TempoCurve.of(plan)
    written = _planned(score, plan)
    added = _with_ids(plan)
    rows = [*_written_notes(written, curve), *_added_notes(score, added, curve)]
    rows.sort(key=lambda note: (note.onset_s, note.pitch, note.id))
    times = curve.seconds([p.onset_q for p in plan.pedal_q]).tolist()
    pedal = [PedalEvent(t, p.control, p.value) for t, p in zip(times, plan.pedal_q, strict=True)]
    pedal.sort(key=lambda event: event.time_s)
    return Performance(tuple(rows), tuple(pedal), score.title, score.parts)


def known_alignment(score: Score, plan: Plan, performance: Performance) -> Alignment:
    """How `performance`, made from this plan, renders the score: nothing is guessed."""
    written = _planned(score, plan)
    played = {note.id for _, note in written}
    matches = tuple(Match(note.id, note.id) for _, note in written)
    missed = tuple(Match(note.id, "") for note in score.notes if note.id not in played)
    ornaments = tuple(Match(row.id, name) for name, row in _with_ids(plan))
    runs: tuple[Run, ...] = ()
    if written and performance.notes:
        onsets = [note.onset_q for _, note in written]
        span = performance.notes[0].onset_s, performance.end_s
        runs = (Run(0, min(onsets), max(onsets), *span),)
    return Alignment(
        matches=matches,
        missed=missed,
        ornaments=ornaments,
        runs=runs,
        repeats_taken=score.order,
        coverage=len(matches) / max(1, len(score.notes)),
    )


def _planned(score: Score, plan: Plan) -> list[tuple[Shape, ScoreNote]]:
    """The shapes that are played, each with its score note."""
    notes = {note.id: note for note in score.notes}
    flags = plan.played or repeat(True, len(plan.shapes))
    try:
        return [(s, notes[s.id]) for s, played in zip(plan.shapes, flags, strict=True) if played]
    except KeyError as error:
        raise ValueError(f"the plan shapes {error}, which is not in the score") from error


def _with_ids(plan: Plan) -> Iterator[tuple[str, RealisedNote]]:
    """The added notes with their ids."""
    count: Counter[str] = Counter()
    for row in plan.realisations:
        count[row.id] += 1
        yield f"{row.id}+{count[row.id]}", row


def _written_notes(
    written: list[tuple[Shape, ScoreNote]], curve: TempoCurve
) -> Iterator[PerformedNote]:
    onset_q = np.array([float(note.onset_q) for _, note in written])
    length_q = np.array([float(note.duration_q or GRACE_Q) for _, note in written])
    nominal = curve.seconds(onset_q)
    length = curve.seconds(onset_q + length_q) - nominal
    lead = np.array([shape.lead_s for shape, _ in written])
    held = length * np.array([shape.articulation for shape, _ in written])
    onset = nominal - lead
    for (shape, note), start, end in zip(
        written, onset.tolist(), (onset + held).tolist(), strict=True
    ):
        yield PerformedNote(note.id, note.part, start, end, note.pitch, shape.velocity)


def _added_notes(
    score: Score, added: Iterator[tuple[str, RealisedNote]], curve: TempoCurve
) -> Iterator[PerformedNote]:
    rows = list(added)
    wanted = {row.id for _, row in rows}
    parts = {note.id: note.part for note in score.notes if note.id in wanted}
    starts = curve.seconds([row.onset_q for _, row in rows]).tolist()
    ends = curve.seconds([row.onset_q + row.duration_q for _, row in rows]).tolist()
    for (name, row), start, end in zip(rows, starts, ends, strict=True):
        part = parts.get(row.id)
        if part is None:
            raise ValueError(f"the plan adds a note to {row.id!r}, which is not in the score")
        yield PerformedNote(name, part, start, end, row.pitch, row.velocity)
