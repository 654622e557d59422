"""Which few findings become remarks, and in which order.

In: findings. Out: at most three to say, at most two strengths.

**Conventions.** Notes first: a passage that is not sure is spoken of as notes only, and where the
notes are not sure throughout the piece, of nothing but notes. One remark a measure, so that each
says something else; and of two findings nearly alike the one in a dimension not yet spoken of. An
issue goes before what is merely unusual.

**Knows nothing of** words.

**Reference.** Teachers of advanced students speak of tone and voicing in 37 of 100 remarks, timing
18, dynamics 14, phrasing 13, articulation 11, pedal 7 (`pedagogy.md` of the design).
"""

from __future__ import annotations

from collections.abc import Container

from valentin.music import Finding, Findings

__all__ = ["chosen", "praised"]

MOST_REMARKS = 3
MOST_STRENGTHS = 2

SELDOM = {"chords together": 0.7, "length of staccato notes": 0.7}
"""Measures that a teacher seldom speaks of first, and what they count beside others. All else goes
by how rare it is: weights by the teachers' shares find two planted faults of a hundred fewer."""

SAID = 0.8
"""What a finding counts in a dimension that a remark speaks of already: three remarks are to be
about three things, where there are three."""


def chosen(findings: Findings) -> tuple[Finding, ...]:
    """The findings to speak of, the one to start with first."""
    notes = [f for f in findings.findings if f.dimension == "notes" and f.kind == "issue"]
    if any(f.scope == "piece" for f in notes):
        return tuple(_ranked(notes)[:MOST_REMARKS])
    music = [
        f
        for f in findings.findings
        if f.kind != "strength" and f not in notes and not _within(f, notes)
    ]
    picked = _ranked(notes)[:1]
    while len(picked) < MOST_REMARKS:
        left = [f for f in music if all(f.measure != other.measure for other in picked)]
        if not left:
            break
        picked += _ranked(left, {other.dimension for other in picked})[:1]
    return tuple(picked)


def praised(findings: Findings) -> tuple[Finding, ...]:
    """The strengths to name: none in a dimension, or at a place, that a remark speaks of."""
    said = chosen(findings)
    good = [
        f
        for f in findings.findings
        if f.kind == "strength" and all(f.dimension != s.dimension for s in said)
    ]
    return tuple(sorted(good, key=lambda f: -f.weight)[:MOST_STRENGTHS])


def _ranked(findings: list[Finding], said: Container[str] = ()) -> list[Finding]:
    def place(finding: Finding) -> tuple[bool, bool, float, float]:
        weight = finding.weight * SELDOM.get(finding.measure, 1.0)
        weight *= SAID if finding.dimension in said else 1.0
        return (
            finding.scope != "piece", finding.kind != "issue", -weight, float(finding.start_q)
        )  # fmt: skip

    return sorted(findings, key=place)


def _within(finding: Finding, passages: list[Finding]) -> bool:
    """Whether half of the finding's bars or more lie in an insecure passage."""
    length = finding.end_q - finding.start_q
    shared = [min(finding.end_q, p.end_q) - max(finding.start_q, p.start_q) for p in passages]
    return length > 0 and sum(q for q in shared if q > 0) * 2 >= length
