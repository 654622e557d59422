"""What a student meant is not said again.

In: findings of a take, what was said to be meant. Out: the findings without those.

**Conventions.** The same measure in a stretch that shares a bar. Wrong notes cannot be meant.

**Knows nothing of** words and lessons.
"""

from __future__ import annotations

from dataclasses import replace

from valentin.music import Finding, Findings, Meant
from valentin.practising.placing import overlap

__all__ = ["is_meant", "silenced"]


def silenced(findings: Findings, meant: tuple[Meant, ...]) -> Findings:
    """The findings that may still be spoken of; strengths always may."""

    kept = (f for f in findings.findings if f.kind == "strength" or not is_meant(f, meant))
    return replace(findings, findings=tuple(kept))


def is_meant(finding: Finding, meant: tuple[Meant, ...]) -> bool:
    """Whether a finding is of something that was said to be meant."""
    if finding.dimension == "notes":
        return False
    return any(m.measure == finding.measure and overlap(m.bars, finding.bars) for m in meant)
