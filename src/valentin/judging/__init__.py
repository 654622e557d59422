"""Judge a take: Score + take + Alignment + Plans + bands of fine playing → Findings.

**Conventions.** The score is unfolded in the order played. A finding is beyond the spread, audible
(`limits.py`), and sure; a take is judged at its own tempo and level; practice is not an error.

**Knows nothing of** words to the student, pages, how the alignment was found.
"""

from __future__ import annotations

from valentin.judging.curving import curves
from valentin.judging.deciding import Sample, decide
from valentin.judging.loudness import balances, crescendos, ranges
from valentin.judging.observing import Observation, observe
from valentin.judging.pedalling import blurs, dryness
from valentin.judging.praising import strengths
from valentin.judging.securing import heard, security_of, slips_of
from valentin.judging.slipping import insecure_passages
from valentin.judging.surroundings import sudden_levels, sudden_tempos
from valentin.judging.timing import chords_together, drifts, runs_even, steadiness
from valentin.judging.touch import legatos, staccatos
from valentin.music import Alignment, Findings, Heard, Performance, Plan, Score, Spread, Structure

__all__ = ["curves", "judge"]

MEASURES = (
    balances, ranges, crescendos, sudden_levels, drifts, sudden_tempos, steadiness, runs_even,
    chords_together, legatos, staccatos, blurs, dryness,
)  # fmt: skip
"""Every measure of music, from an observation to samples."""


def judge(
    score: Score,
    structure: Structure,
    performance: Performance,
    alignment: Alignment,
    plans: tuple[Plan, ...],
    spread: Spread,
) -> Findings:
    """Everything measured about a take of the unfolded score."""
    take = heard(score, performance, alignment)
    if take.verdict != "judged" or not plans:
        return Findings(take, expected_from=spread.source)
    observation = observe(score, structure, performance, alignment, plans, spread)
    slips = slips_of(score, performance, alignment, plans, take.hands)
    secure = security_of(score, alignment, slips)
    samples = tuple(s for s in measured(observation) if may_be_said(take, s))
    return Findings(
        take,
        secure,
        (
            *insecure_passages(observation, secure, slips),
            *decide(observation, samples),
            *strengths(observation, secure, samples),
        ),
        tuple(slip.mistake for slip in slips if slip.sure),
        spread.source,
    )


def may_be_said(take: Heard, sample: Sample) -> bool:
    """Not of the pedal where it was only inferred from sound (`bench.hearing`: pedal onset F)."""
    return not (take.by_ear and sample.measure.dimension == "pedal")


def measured(observation: Observation) -> tuple[Sample, ...]:
    """The samples of every measure."""
    return tuple(sample for measure in MEASURES for sample in measure(observation))
