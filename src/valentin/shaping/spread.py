"""How wide fine pianists range around a plan: Score + Structure + Plan → Spread.

In: a score, its structure and a plan of the rules. Out: for each onset and note the band in which
eight of ten pianists lie, by what the note or the onset is.

**Conventions.** A band is the plan plus the 10, 50 and 90 % quantiles of human minus plan, take
by take about the take's own mean: velocity in MIDI, lead in seconds, tempo and articulation as
factors. The tempo is relative to the plan's median.

**Knows nothing of** any student.

**Reference.** Quantiles: `bench/spread.py`, measured on the robust train takes of asap-dev.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from valentin.music import Plan, Score, Spread, SpreadBand, Structure
from valentin.shaping.pacing import fermata
from valentin.shaping.scene import Scene, scene_of
from valentin.shaping.widths import SOURCE, WIDTHS, Width

__all__ = ["note_contexts", "onset_contexts", "spread_around"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_Band = tuple[SpreadBand, ...]

ENDING_BARS = 2.0
"""Bars before the end in which the final ritard may be anything."""

NEAR_END = 0.9
"""Place in a middle-level phrase from which its end is near."""


def onset_contexts(scene: Scene) -> Ints:
    """What each onset is, an index into `WIDTHS["tempo"]`: later ones win."""
    onsets = scene.notes.onsets_q
    out = np.zeros(len(onsets), dtype=np.int64)
    out[scene.phrases[1].position >= NEAR_END] = 1
    out[(scene.tempo.slowing > 0) | (scene.tempo.hurrying > 0)] = 2
    out[onsets >= onsets[-1] - ENDING_BARS * scene.grid.bar_q] = 3
    out[fermata(scene) > 0] = 4
    return out


def note_contexts(scene: Scene) -> dict[str, Ints]:
    """What each note is, for each feature: an index into its `WIDTHS`."""
    marks, grace = scene.marks, scene.notes.grace
    role = np.where(scene.melody > 0, 0, np.where(scene.bass > 0, 1, 2))
    stressed = np.maximum(marks.accent, np.maximum(marks.marcato, scene.dynamics.forced)) > 0
    detached = np.maximum(marks.staccato, marks.staccatissimo) > 0
    length = scene.notes.duration_q
    touch = np.where(length <= 0.25, 0, np.where(length < 1.0, 1, 2))
    touch = np.where(marks.slurred > 0, touch + 3, touch)
    rolled = np.maximum(marks.rolled, marks.rolled_down) > 0
    alone = (scene.texture.count < 2)[scene.notes.group]
    lead = np.where(alone, 3, role)
    return {
        "velocity": np.where(grace, 4, np.where(stressed, 3, role)),
        "lead": np.where(grace, 5, np.where(rolled, 4, lead)),
        "articulation": np.where(grace, 7, np.where(detached, 6, touch)),
    }


def spread_around(score: Score, structure: Structure, plan: Plan) -> Spread:
    """Bands around a plan of the whole score."""
    if not score.notes:
        return Spread((), (), (), (), SOURCE)
    scene = scene_of(score, structure)
    context = note_contexts(scene)
    spq = np.array(plan.seconds_per_quarter)
    velocity = np.array([float(s.velocity) for s in plan.shapes])
    lead = np.array([s.lead_s for s in plan.shapes])
    held = np.array([s.articulation for s in plan.shapes])
    return Spread(
        seconds_per_quarter=_times(spq / np.median(spq), _widths("tempo", onset_contexts(scene))),
        velocity=_plus(velocity, _widths("velocity", context["velocity"]), (1.0, 127.0)),
        lead_s=_plus(lead, _widths("lead", context["lead"]), (-9.0, 9.0)),
        articulation=_times(held, _widths("articulation", context["articulation"])),
        source=SOURCE,
    )


def _widths(feature: str, context: Ints, table: Mapping[str, tuple[Width, ...]] = WIDTHS) -> Floats:
    """Rows of (low, middle, high) for each place."""
    rows = np.array([(w.low, w.middle, w.high) for w in table[feature]])
    return np.asarray(rows[context])


def _plus(centre: Floats, width: Floats, limits: tuple[float, float]) -> _Band:
    return _bands(np.clip(centre[:, None] + width, *limits))


def _times(centre: Floats, width: Floats) -> _Band:
    return _bands(centre[:, None] * 2.0**width)


def _bands(rows: Floats) -> _Band:
    return tuple(SpreadBand(a, b, c) for a, b, c in rows.tolist())
