"""The picture of `docs/concepts/aligning.md`: a practised minuet as the aligner reads it.

`python -m bench.aligning_picture` plays a piece of the repertoire, practises it as
`aligning_cases` does (stops, resumptions, slips), aligns it and writes
`docs/pictures/aligning.svg`: seconds to the right, written place upwards, a dot for each key.

**Conventions.** Shapes as well as colours tell the labels apart.

**Knows nothing of** how an aligner works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.aligning_cases import case_of, make
from valentin import pianist
from valentin.aligning import align
from valentin.music import Alignment, Performance, Score, folded_id

__all__ = ["picture"]

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "aligning.svg"
PIECE, SEED = "petzold-anh114", 4
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 900, 460, 62, 46, 44
RUNS = ("#1b6ca8", "#b3541e", "#2e7d4f", "#7b4b94", "#8a6d00")
"""Colours of the runs, in turn."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Seconds and quarters → pixels."""

    end_s: float
    end_q: float

    def x(self, seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - 16) * seconds / self.end_s

    def y(self, place_q: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * place_q / self.end_q


def picture() -> str:
    """The picture as SVG."""
    score, _ = pianist.read_score(pianist.piece(PIECE).score)
    played = pianist.play(score, pianist.Wish("rules"))
    case = case_of(score, played.performance, played.alignment)
    for manner in ("b", "a"):
        practised = make(manner, case, np.random.default_rng(SEED))
        case = practised or case
    take = case.performance
    axes = Axes(take.notes[-1].offset_s, float(score.end_q))
    found = align(score, take)
    return "\n".join([*_frame(axes, score), *_keys(axes, score, take, found), "</svg>\n"])


def _frame(axes: Axes, score: Score) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13" fill="#222">'
    )
    yield f"<title>{score.title}, practised and aligned</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    for bar in score.bars[::4]:
        y = axes.y(float(bar.start_q))
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - 16}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{bar.number}</text>'
    for second in range(0, int(axes.end_s) + 1, 20):
        x = axes.x(second)
        yield f'<text x="{x:.1f}" y="{HEIGHT - 22}" text-anchor="middle">{second} s</text>'
    yield f'<text x="{LEFT - 8}" y="{TOP - 16}" text-anchor="end">bar</text>'
    words = "● a key on its note   ◆ a wrong key   ▲ a key too many   ○ a note left out"
    yield f'<text x="{LEFT}" y="{TOP - 16}">{words}</text>'


def _keys(axes: Axes, score: Score, take: Performance, found: Alignment) -> Iterator[str]:
    place = {n.id: float(n.onset_q) for n in score.notes}
    struck = {n.id: n.onset_s for n in take.notes}
    before = 0.0
    for run in found.runs:
        x, colour = axes.x(run.start_s), RUNS[run.index % len(RUNS)]
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{colour}" stroke-dasharray="3"/>'
        yield f'<text x="{x + 3:.1f}" y="{TOP + 10}" fill="{colour}">run {run.index}</text>'
    for kind, rows in (("wrong", found.wrong), ("match", found.matches)):
        for m in rows:
            x, y = axes.x(struck[m.performed_id]), axes.y(place[folded_id(m.score_id)])
            colour = RUNS[m.run % len(RUNS)]
            if kind == "match":
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>'
            else:
                path = f"M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z"
                yield f'<path d="{path}" fill="{colour}" stroke="#fff"/>'
    when = sorted((struck[m.performed_id], place[folded_id(m.score_id)]) for m in found.matches)
    for m in found.extra:
        at = struck[m.performed_id]
        before = min(when, key=lambda row: abs(row[0] - at))[1]
        x, y = axes.x(at), axes.y(before)
        yield f'<path d="M{x:.1f} {y - 13:.1f}l6 10h-12z" fill="#222"/>'
    timed = {(folded_id(m.score_id), m.run): struck[m.performed_id] for m in found.matches}
    for m in found.missed:
        near = [
            (abs(place[other] - place[folded_id(m.score_id)]), at)
            for (other, run), at in timed.items()
            if run == m.run
        ]
        if m.confidence and near:
            x, y = axes.x(min(near)[1]), axes.y(place[folded_id(m.score_id)])
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="none" stroke="#222"/>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
