"""What a student meant is not said again.

In: findings of a take, what was said to be meant. Out: the findings without those.

**Conventions.** The same measure in a stretch that shares a bar. Wrong notes cannot be meant.

**Knows nothing of** words and lessons.
"""

from __future__ import annotations

from dataclasses import replace

from valentin.music import Finding, Findings, Meant
from valentin.practising.placing import overlap

__all__ = ["silenced"]


def silenced(findings: Findings, meant: tuple[Meant, ...]) -> Findings:
    """The findings that may still be spoken of; strengths always may."""

    def stays(finding: Finding) -> bool:
        if finding.kind == "strength" or finding.dimension == "notes":
            return True
        return not any(
            m.measure == finding.measure and overlap(m.bars, finding.bars) for m in meant
        )

    return replace(findings, findings=tuple(filter(stays, findings.findings)))
