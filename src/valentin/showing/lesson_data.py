"""A lesson as JSON, for machines and for the next lesson.

In: a Lesson. Out: its JSON (schema: `docs/reference/lesson.md`).

**Conventions.** Bars are numbers where they are printed as numbers, else texts. Places are in
quarters of the score as unfolded. A `spread` that was not measured is null. A demonstration holds
two plans over the same notes.

**Knows nothing of** pages and sounds.
"""

from __future__ import annotations

import json

from valentin.music import Became, Demonstration, Finding, Lesson, Mistake, Plan, Remark

__all__ = ["lesson_json"]

Json = dict[str, object]


def lesson_json(lesson: Lesson) -> str:
    """The lesson, whole."""
    whole: Json = {
        "coverage": round(lesson.coverage, 4),
        "refusals": list(lesson.refusals),
        "strengths": list(lesson.strengths),
        "remarks": [_remark(remark) for remark in lesson.remarks],
        "mistakes": [_mistake(mistake) for mistake in lesson.mistakes],
        "next": lesson.next,
        "since": [_became(became) for became in lesson.since],
        "part": None if lesson.part is None else [_bar(number) for number in lesson.part],
        "offer": None if lesson.offer is None else [_bar(number) for number in lesson.offer],
        "language": lesson.language,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _remark(remark: Remark) -> Json:
    shown = remark.demonstration
    return _finding(remark.finding) | {
        "since": remark.since or None,
        "words": remark.words,
        "do": remark.do,
        "demonstration": None if shown is None else _demonstration(shown),
    }


def _became(became: Became) -> Json:
    return {
        "became": became.became,
        "words": became.words,
        "finding": _finding(became.finding),
        "now": None if became.now is None else _finding(became.now),
    }


def _finding(found: Finding) -> Json:
    return {
        "kind": found.kind,
        "dimension": found.dimension,
        "measure": found.measure,
        "bars": [_bar(number) for number in found.bars],
        "start_q": float(found.start_q),
        "end_q": float(found.end_q),
        "note_ids": list(found.note_ids),
        "value": found.value,
        "unit": found.unit,
        "expected": found.expected,
        "expected_by": found.expected_by,
        "spread": found.spread,
        "confidence": found.confidence,
        "weight": found.weight,
        "scope": found.scope,
    }


def _bar(number: str) -> int | str:
    return int(number) if number.isdecimal() else number


def _mistake(mistake: Mistake) -> Json:
    return {
        "label": mistake.label,
        "bar": _bar(mistake.bar),
        "score_id": mistake.score_id,
        "performed_id": mistake.performed_id,
        "written": mistake.written,
        "played": mistake.played,
        "confidence": mistake.confidence,
    }


def _demonstration(shown: Demonstration) -> Json:
    return {"as_played": _plan(shown.as_played), "as_could_be": _plan(shown.as_could_be)}


def _plan(plan: Plan) -> Json:
    flags = plan.played or (True,) * len(plan.shapes)
    return {
        "onsets_q": [float(q) for q in plan.onsets_q],
        "seconds_per_quarter": [round(s, 6) for s in plan.seconds_per_quarter],
        "notes": [
            {
                "score_id": shape.id,
                "velocity": shape.velocity,
                "lead_s": round(shape.lead_s, 6),
                "articulation": round(shape.articulation, 6),
            }
            for shape, played in zip(plan.shapes, flags, strict=True)
            if played
        ],
        "pedal": [[p.onset_q, p.control, p.value] for p in plan.pedal_q],
    }
