"""How strong each rule is: the k of the KTH rules, one number each.

**Conventions.** Per unit of the rule's column: arcs and accents in MIDI velocity, tempo and timing
in log2 seconds per quarter, lead in seconds, touch in log2 articulation.

**Knows nothing of** what the rules compute.

**Reference.** Round numbers within the bounds that written marks need. `bench/rules.py` fits all
rules to the robust train takes of asap-dev, each work weighing the same, and prints such a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FITTED", "Strengths"]


@dataclass(frozen=True, slots=True)
class Strengths:
    """One strength for each rule, by its name."""

    base_velocity: float
    arcs: Mapping[str, float]
    accents: Mapping[str, float]
    tempo: Mapping[str, float]
    timing: Mapping[str, float]
    lead: Mapping[str, float]
    touch: Mapping[str, float]


FITTED = Strengths(
    base_velocity=50.0,
    arcs={
        "level": 7.0, "beyond": 4.0, "arch_0": 1.0, "arch_1": 1.0, "arch_2": 1.0, "slope_0": 1.0,
        "contour": 2.5, "una_corda": -3.0,
    },
    accents={
        "forced": 13.0, "accent": 9.0, "staccato": 3.0, "tenuto": 2.0, "melody": 8.0,
        "high_loud": 2.0, "on_beat": 1.0,
    },
    tempo={
        "marked": 0.7, "slowing": 0.45, "hurrying": -0.3, "fermata": 0.9, "arch_1": 0.05,
        "boundary": 0.08, "final_ritard": 0.7,
    },
    timing={"before_beat": 0.05, "boundary": 0.1},
    lead={"melody_lead": 0.015},
    touch={
        "base": -0.25, "staccato": -0.8, "staccatissimo": -0.4, "portato": 0.35,
        "mezzo_staccato": -0.4, "tenuto": 0.15, "legato": 0.25, "slur_end": -0.15,
        "repeated": -0.3, "melody": 0.1,
    },
)  # fmt: skip
