"""A plan while it is being made: columns that one rule after another changes.

**Conventions.** As in `music.plan`: velocity is MIDI (float until the end), `lead_s` > 0 early,
articulation a ratio, `seconds_per_quarter` per distinct onset. A new draft is made by `replace`;
columns are not written to once they are in a draft.

**Knows nothing of** rules.

**Reference.** None.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valentin.music import NoteColumns, Plan, PlannedPedal, RealisedNote, Score, Shape

__all__ = ["Draft", "planned"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draft:
    """Per note: velocity, lead, articulation; per onset: tempo; and the notes of ornaments."""

    velocity: Floats
    lead_s: Floats
    articulation: Floats
    seconds_per_quarter: Floats
    realisations: tuple[RealisedNote, ...] = ()


def planned(
    score: Score, notes: NoteColumns, draft: Draft, pedal: tuple[PlannedPedal, ...]
) -> Plan:
    """The finished plan of a draft, velocities rounded into 1..127."""
    velocity = np.clip(np.round(draft.velocity), 1, 127).astype(np.int64)
    shapes = tuple(
        Shape(note.id, int(v), float(lead), float(art))
        for note, v, lead, art in zip(
            score.notes, velocity, draft.lead_s, draft.articulation, strict=True
        )
    )
    exact = {float(n.onset_q): n.onset_q for n in score.notes}
    return Plan(
        onsets_q=tuple(exact[float(q)] for q in notes.onsets_q),
        seconds_per_quarter=tuple(float(s) for s in draft.seconds_per_quarter),
        shapes=shapes,
        realisations=draft.realisations,
        pedal_q=pedal,
        played=(True,) * len(shapes),
    )
