"""Cues for a terminal and for machines.

In: pieces by title, with their cues. Out: lines of text, or JSON (`docs/reference/listening.md`).

**Knows nothing of** pages.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from valentin.music import Cue

__all__ = ["cues_json", "cues_summary"]

_Pieces = Sequence[tuple[str, tuple[Cue, ...]]]


def cues_summary(pieces: _Pieces) -> str:
    """Each cue on two lines: when and what is said, then how it works."""
    lines = []
    for title, cues in pieces:
        lines.append(title or "untitled")
        for cue in cues:
            when = f"{int(cue.time_s) // 60}:{int(cue.time_s) % 60:02d}"
            lines += [f"  {when}  bar {cue.bar}: {cue.story}", f"        {cue.works}"]
        if not cues:
            lines.append("  nothing to point at")
    return "\n".join(lines) + "\n"


def cues_json(pieces: _Pieces) -> str:
    """Every cue with the numbers it rests on."""
    whole = [{"title": title, "cues": [_cue(cue) for cue in cues]} for title, cues in pieces]
    return json.dumps({"pieces": whole}, ensure_ascii=False, indent=1) + "\n"


def _cue(cue: Cue) -> dict[str, object]:
    return {
        "kind": cue.kind,
        "time_s": round(cue.time_s, 3),
        "bar": cue.bar,
        "start_q": float(cue.start_q),
        "end_q": float(cue.end_q),
        "value": cue.value,
        "against": cue.against,
        "unit": cue.unit,
        "story": cue.story,
        "works": cue.works,
    }
