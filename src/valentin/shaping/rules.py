"""The rule performer: Score + Structure → Plan, in the tradition of the KTH rules.

In: an unfolded score and its structure. Out: a Plan. A row of small rules gives columns, each
column is multiplied by one strength, the sums are the tempo, the timing, the velocities, the leads
and the touch; ornaments and pedal follow.

**Conventions.** See `music.plan`. With an `rng` the strengths and the hand vary a little, as
between two takes of one pianist; without, the same score gives the same plan.

**Knows nothing of** how the strengths were found, MIDI, audio.

**Reference.** Friberg, A., Bresin, R. & Sundberg, J. (2006), *Overview of the KTH rule system for
musical performance*, Advances in Cognitive Psychology 2(2–3). We differ in that every strength is
measured on human takes, and that the written marks are rules among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from valentin.music import Plan, Score, Structure
from valentin.shaping.draft import Draft, planned
from valentin.shaping.expressions import expressed
from valentin.shaping.hairpins import obeyed
from valentin.shaping.loudness import LOUDNESS_ACCENTS, LOUDNESS_ARCS
from valentin.shaping.ornaments import realise
from valentin.shaping.pacing import TEMPO_RULES
from valentin.shaping.pedalling import pedalled
from valentin.shaping.releasing import released
from valentin.shaping.scene import Scene, scene_of
from valentin.shaping.strengths import FITTED, Strengths
from valentin.shaping.timing import LEAD_RULES, TIMING_RULES
from valentin.shaping.touch import TOUCH_RULES

__all__ = ["drafted", "felt", "plan_rules"]

Floats = npt.NDArray[np.float64]

SOFTEST, LOUDEST = 20.0, 108.0
"""MIDI velocities that the sums approach and never reach: the usable range of a real instrument."""

KNEE = 16.0
"""MIDI velocities over which the approach bends; louder stays louder all the way."""

TEMPO_RANGE = 2.0
"""log2 by which the rules together may slow down or hurry."""

HELD_RANGE = (0.08, 2.5)
"""Least and greatest articulation."""

VARY_STRENGTH = 0.15
"""Relative SD of a strength from one seed to the next."""

VARY_HAND = (2.0, 0.004)
"""SD of a single velocity (MIDI) and of a single onset (seconds): motor noise."""

Rules = Mapping[str, Callable[[Scene], Floats]]
Random = np.random.Generator | None


def plan_rules(score: Score, structure: Structure, rng: Random = None) -> Plan:
    """How the rules play a score; `rng` varies them, None plays their centre."""
    if not score.notes:
        return Plan((), (), ())
    scene = scene_of(score, structure)
    draft = expressed(scene, drafted(scene, FITTED, rng))
    draft = realise(score, scene.notes, draft)
    draft = released(scene.notes, draft)
    return planned(score, scene.notes, draft, pedalled(scene, draft))


def drafted(scene: Scene, strengths: Strengths, rng: Random = None) -> Draft:
    """The sums of all rules, before ornaments and pedal."""
    arcs = _sum(LOUDNESS_ARCS, strengths.arcs, scene, rng)
    loud = obeyed(scene, arcs, strengths.arcs["level"])
    loud = strengths.base_velocity + loud + _sum(LOUDNESS_ACCENTS, strengths.accents, scene, rng)
    lead = _sum(LEAD_RULES, strengths.lead, scene, rng)
    held = np.clip(2.0 ** _sum(TOUCH_RULES, strengths.touch, scene, rng), *HELD_RANGE)
    if rng is not None:
        loud = loud + rng.normal(0.0, VARY_HAND[0], len(loud))
        lead = lead + rng.normal(0.0, VARY_HAND[1], len(lead))
    return Draft(_softened(loud), lead, held, _tempo(scene, strengths, rng))


def felt(scene: Scene, column: Floats) -> Floats:
    """A group column averaged over each beat, by time: what is felt as tempo."""
    beat = scene.grid.bar * 1000 + np.floor(scene.grid.place_q / scene.grid.beat_q + 1e-6)
    _, row = np.unique(beat, return_inverse=True)
    time = np.bincount(row, weights=scene.texture.wait_q)
    return np.asarray((np.bincount(row, weights=column * scene.texture.wait_q) / time)[row])


def _tempo(scene: Scene, strengths: Strengths, rng: Random) -> Floats:
    """Seconds per quarter: the beat from the tempo rules, its division from the timing rules."""
    beat = felt(scene, _sum(TEMPO_RULES, strengths.tempo, scene, rng))
    division = 2.0 ** _sum(TIMING_RULES, strengths.timing, scene, rng)
    division = division / felt(scene, division)
    middle = np.median(scene.tempo.seconds_per_quarter)
    return np.asarray(middle * 2.0 ** np.clip(beat, -TEMPO_RANGE, TEMPO_RANGE) * division)


def _sum(rules: Rules, strengths: Mapping[str, float], scene: Scene, rng: Random) -> Floats:
    columns = [rules[name](scene) for name in strengths]
    k = np.array(list(strengths.values()))
    if rng is not None:
        k = k * (1.0 + VARY_STRENGTH * rng.standard_normal(len(k)))
    return np.asarray(np.tensordot(k, np.array(columns), axes=1))


def _softened(velocity: Floats) -> Floats:
    """Bend what goes beyond the range back into it, keeping the order."""
    high = np.maximum(velocity - (LOUDEST - KNEE), 0.0)
    low = np.maximum((SOFTEST + KNEE) - velocity, 0.0)
    bent = np.clip(velocity, SOFTEST + KNEE, LOUDEST - KNEE)
    return np.asarray(bent + KNEE * np.tanh(high / KNEE) - KNEE * np.tanh(low / KNEE))
