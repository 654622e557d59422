"""The judge finds what was changed, where it was changed, and nothing in a good take."""

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest
from tests.unit.judging.small_take import (
    MELODY,
    ONSETS,
    SCORE,
    SPREAD,
    STRUCTURE,
    Take,
    fine_take,
    judged,
    played,
    with_shapes,
    with_tempo,
)

from valentin.judging import curves, judge
from valentin.music import Alignment, Finding, Performance, ScoreNote


def bar(note: ScoreNote) -> int:
    return int(note.onset_q // 4)


def heaviest(take: Take) -> Finding:
    return max((f for f in judged(take).findings if f.kind != "strength"), key=lambda f: f.weight)


FINE = fine_take()
CHANCE = np.random.default_rng(3)
BEAT = {q: 2.0 ** CHANCE.normal(0, 0.3) for q in range(64)}
STEP = {float(q): 2.0 ** CHANCE.normal(0, 0.5) for q in ONSETS}

FLAT = with_shapes(
    FINE, lambda n, s: replace(s, velocity=s.velocity - 22) if n.staff == 1 and bar(n) >= 8 else s
)
EVEN_LOUD = with_shapes(
    FINE, lambda n, s: replace(s, velocity=55 + 12 * (n.staff == 1)) if bar(n) >= 8 else s
)
RUSH = with_tempo(FINE, lambda q, s: s * (1.5 ** -((q - 16) / 32)) if 16 <= q < 48 else s)
DRAG = with_tempo(FINE, lambda q, s: s * (1.5 ** ((q - 16) / 32)) if 16 <= q < 48 else s)
UNSTEADY = with_tempo(FINE, lambda q, s: s * BEAT[int(q)] if 0 <= q < 32 else s)
UNEVEN = with_tempo(FINE, lambda q, s: s * STEP[q] if 24 <= q < 32 else s)
SHORT = replace(
    with_shapes(FINE, lambda n, s: replace(s, articulation=0.3) if 4 <= bar(n) < 8 else s),
    pedal_q=(),
)
SMEARED = replace(FINE, pedal_q=(*FINE.pedal_q[:4], (16.2, 31.9), *FINE.pedal_q[8:]))
DRY = replace(FINE, pedal_q=FINE.pedal_q[:8])
QUICK = with_tempo(FINE, lambda q, s: s * 0.7 if 28 <= q < 36 else s)
LOUD = with_shapes(
    FINE, lambda n, s: replace(s, velocity=s.velocity + 25) if 7 <= bar(n) < 9 else s
)
WRONG = replace(FINE, wrong=frozenset({"m5.2-1", "m5.5-1", "a5.0.1-1", "m6.1-1", "m6.8-1"}))


@pytest.mark.parametrize(
    ("take", "measure", "bars"),
    [
        (FLAT, "melody above accompaniment", (9, 16)),
        (EVEN_LOUD, "range of loudness", (9, 16)),
        (RUSH, "tempo drift", (5, 12)),
        (DRAG, "tempo drift", (5, 12)),
        (QUICK, "sudden tempo", (8, 9)),
        (LOUD, "sudden loudness", (8, 9)),
        (UNSTEADY, "steadiness of the beat", (1, 8)),
        (UNEVEN, "evenness of the run", (7, 8)),
        (SHORT, "length of slurred notes", (5, 8)),
        (SMEARED, "old harmony in the pedal", (5, 8)),
        (DRY, "pedal down", (9, 16)),
        (WRONG, "notes right", (6, 7)),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_one_thing_changed_is_found_where_it_was_changed(
    take: Take, measure: str, bars: tuple[int, int]
) -> None:
    found = [f for f in judged(take).findings if f.kind != "strength" and f.measure == measure]
    assert found, [f.measure for f in judged(take).findings]
    best = max(found, key=lambda f: f.weight)
    start, end = 4 * (bars[0] - 2), 4 * (bars[1] + 1)
    shared = min(best.end_q, end) - max(best.start_q, start)
    assert 2 * shared >= best.end_q - best.start_q, best.bars


@pytest.mark.parametrize("seed", range(4))
def test_a_good_take_has_no_issue(seed: int) -> None:
    assert [f for f in judged(fine_take(seed)).findings if f.kind == "issue"] == []


def test_slow_practice_is_judged_as_slow_practice() -> None:
    slow = with_tempo(FINE, lambda q, s: 3 * s)
    assert [f for f in judged(slow).findings if f.kind == "issue"] == []


def test_a_soft_piano_is_no_fault() -> None:
    soft = with_shapes(FINE, lambda n, s: replace(s, velocity=s.velocity - 25))
    assert [f for f in judged(soft).findings if f.kind == "issue"] == []


def test_rush_and_drag_have_opposite_signs() -> None:
    assert heaviest(RUSH).value > 20
    assert heaviest(DRAG).value < -20


def test_a_mistake_knows_its_bar_and_both_keys() -> None:
    mistake = judged(WRONG).mistakes[0]
    assert (mistake.label, mistake.bar, mistake.written) == ("wrong", "6", "C3")
    assert mistake.played is not None


def test_the_same_take_gives_the_same_findings() -> None:
    assert judged(FLAT) == judged(FLAT)


def test_right_hand_alone_is_not_half_a_piece_missing() -> None:
    take = replace(FINE, missed=frozenset(n.id for n in SCORE.notes if n.staff == 2))
    findings = judged(take)
    assert findings.heard.hands == "right"
    assert findings.heard.verdict == "judged"
    assert findings.mistakes == ()
    assert all(f.dimension != "voicing" for f in findings.findings)


@pytest.mark.parametrize(("keep", "verdict"), [(0, "empty"), (8, "noise"), (120, "too little")])
def test_too_little_is_refused_without_a_claim(keep: int, verdict: str) -> None:
    performance, alignment = played(FINE)
    few = replace(performance, notes=performance.notes[:keep])
    there = {n.id for n in few.notes}
    matches = tuple(m for m in alignment.matches if m.performed_id in there)
    findings = judge(
        SCORE, STRUCTURE, few, replace(alignment, matches=matches), (FINE.plan,), SPREAD
    )
    assert findings.heard.verdict == verdict
    assert (findings.findings, findings.mistakes, findings.secure) == ((), (), ())


def test_another_piece_is_refused() -> None:
    performance, alignment = played(FINE)
    lost = Alignment(matches=alignment.matches[:80], extra=alignment.matches[80:], coverage=0.2)
    findings = judge(SCORE, STRUCTURE, performance, lost, (FINE.plan,), SPREAD)
    assert findings.heard.verdict == "wrong piece"


def test_an_empty_take_has_empty_curves() -> None:
    assert curves(SCORE, STRUCTURE, (), SPREAD).points == ()
    assert judge(SCORE, STRUCTURE, Performance(()), Alignment(()), (), SPREAD).findings == ()


def test_curves_have_a_point_a_beat_and_the_band_around_a_fine_take() -> None:
    points = curves(SCORE, STRUCTURE, (FINE.plan,), SPREAD).points
    assert [p.onset_q for p in points][:3] == [F(0), F(1), F(2)]
    assert all(p.tempo_low < p.tempo < p.tempo_high for p in points)
    inside = [p.melody_low <= p.melody <= p.melody_high for p in points if p.melody is not None]
    assert np.mean(inside) > 0.9
    assert len(MELODY) > len(points)


def test_a_spread_of_another_score_is_refused() -> None:
    performance, alignment = played(FINE)
    with pytest.raises(ValueError, match="the spread has 1 notes"):
        judge(
            SCORE, STRUCTURE, performance, alignment, (FINE.plan,),
            replace(SPREAD, velocity=SPREAD.velocity[:1]),
        )  # fmt: skip
