"""Practice: runs that go back, jump ahead, and are judged as they came the last time."""

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest
from tests.unit.judging.small_take import (
    SCORE,
    SPREAD,
    STRUCTURE,
    fine_take,
    judged_practice,
    practised,
    with_shapes,
    with_tempo,
)

from valentin.judging import curves
from valentin.judging.observing import observe
from valentin.judging.pedalling import blurs, dryness
from valentin.judging.securing import bar_name, heard, security_of, slips_of
from valentin.music import Findings

FINE = fine_take()
SLIPS = frozenset({"m8.1-1", "m8.4-1", "m9.2-1", "m10.3-1", "m11.5-1"})
SLIPPED = replace(FINE, wrong=SLIPS)


def kinds(findings: Findings) -> set[str]:
    return {f.measure for f in findings.findings if f.kind != "strength"}


def test_what_went_wrong_at_the_last_try_is_shown() -> None:
    findings = judged_practice((FINE, 0, 12), (SLIPPED, 8, 16))
    assert {m.score_id for m in findings.mistakes} == SLIPS
    assert sum(b.wrong for b in findings.secure) == len(SLIPS)
    assert sum(b.right for b in findings.secure) == len(SCORE.notes) - len(SLIPS)


def test_what_came_at_the_last_try_is_no_mistake() -> None:
    findings = judged_practice((SLIPPED, 0, 12), (FINE, 8, 16))
    assert findings.mistakes == ()
    assert all(b.wrong == 0 and b.right == b.notes for b in findings.secure)


@pytest.mark.parametrize(
    ("stretches", "restarts", "skips"),
    [
        ([(0, 16)], (), ()),
        ([(0, 12), (8, 16)], ("9",), ()),
        ([(0, 6), (4, 10), (4, 16)], ("5", "5"), ()),
        ([(0, 8), (12, 16)], (), ("13",)),
        ([(0, 4), (8, 12), (4, 16)], ("5",), ("9",)),
        ([(0, 8), (8, 16)], (), ()),
    ],
)
def test_going_back_and_jumping_ahead_are_told_apart(
    stretches: list[tuple[int, int]], restarts: tuple[str, ...], skips: tuple[str, ...]
) -> None:
    take = judged_practice(*((FINE, a, b) for a, b in stretches)).heard
    assert (take.restarts, take.skips) == (restarts, skips)


def test_a_take_that_stops_early_says_where() -> None:
    assert judged_practice((FINE, 0, 12)).heard.stopped == "12"
    assert judged_practice((FINE, 0, 16)).heard.stopped == ""
    assert judged_practice((FINE, 0, 16), (FINE, 2, 6)).heard.stopped == ""


def test_striking_the_last_beat_again_is_no_going_back() -> None:
    performance, alignment, _ = practised((FINE, 0, 8), (FINE, 8, 16))
    first, second = alignment.runs
    for back, restarts in ((0.5, ()), (2.0, ("8",))):
        again = replace(second, start_q=first.end_q - F(back))
        take = heard(SCORE, performance, replace(alignment, runs=(first, again)))
        assert take.restarts == restarts


def test_bars_without_a_number_go_by_the_one_before() -> None:
    names = ("1", "2", "", "X1", "3", "12a")
    bars = tuple(replace(b, number=n) for b, n in zip(SCORE.bars, names, strict=False))
    score = replace(SCORE, bars=bars)
    assert [bar_name(score, i) for i in range(6)] == ["1", "2", "2", "2", "3", "12a"]


def test_bars_jumped_over_are_not_missed() -> None:
    findings = judged_practice((FINE, 0, 8), (FINE, 12, 16))
    assert findings.mistakes == ()
    assert [b.bar for b in findings.secure] == [str(i) for i in (*range(1, 9), *range(13, 17))]


def test_the_last_playing_is_measured() -> None:
    flat = with_shapes(
        FINE,
        lambda n, s: (
            replace(s, velocity=s.velocity - 22) if n.staff == 1 and n.onset_q >= 32 else s
        ),
    )
    measure = "melody above accompaniment"
    assert measure in kinds(judged_practice((FINE, 0, 16), (flat, 8, 16)))
    assert measure not in kinds(judged_practice((flat, 0, 16), (FINE, 8, 16)))


def test_time_is_measured_inside_each_run_at_its_own_tempo() -> None:
    slow = with_tempo(FINE, lambda q, s: 2 * s)
    findings = judged_practice((FINE, 0, 8), (slow, 8, 16))
    assert [f for f in findings.findings if f.kind == "issue"] == []
    points = curves(SCORE, STRUCTURE, practised((FINE, 0, 8), (slow, 8, 16))[2], SPREAD).points
    tempo = {run: np.median([p.tempo for p in points if p.run == run]) for run in (0, 1)}
    assert tempo[0] == pytest.approx(2 * tempo[1], rel=0.05)


def test_a_restart_inside_a_bar_does_not_dilute_the_pedal() -> None:
    """Bars 1 to 9 in one run; from the middle of bar 9 on in another, some seconds later."""
    performance, alignment, plans = practised((FINE, 0, 9), (FINE, 8, 16))
    kept = tuple(m for m in alignment.matches if m.run == 0 or note_q(m.score_id) >= 34)
    broken = replace(alignment, matches=kept)
    seen = observe(SCORE, STRUCTURE, performance, broken, plans, SPREAD)
    whole = observe(SCORE, STRUCTURE, *practised((FINE, 0, 16)), SPREAD)
    share = {int(s.start_q // 4): s.value for s in dryness(seen)}
    for first, value in ((int(s.start_q // 4), s.value) for s in dryness(whole)):
        assert share[first] == pytest.approx(value, abs=1.0)


def note_q(name: str) -> float:
    return next(float(n.onset_q) for n in SCORE.notes if n.id == name)


def test_an_old_note_and_a_new_one_are_compared_inside_one_run() -> None:
    """Bars 5 to 9 in one pedal, and a new run at bar 10 that begins before it is lifted."""
    smeared = replace(FINE, pedal_q=(*FINE.pedal_q[:4], (16.2, 40.0), *FINE.pedal_q[10:]))
    performance, alignment, plans = practised((smeared, 0, 16))
    apart = replace(
        alignment,
        matches=tuple(replace(m, run=int(note_q(m.score_id) >= 36)) for m in alignment.matches),
    )
    told = []
    for known, own in ((alignment, plans), (apart, (plans[0], replace(plans[0], run=1)))):
        seen = observe(SCORE, STRUCTURE, performance, known, own, SPREAD)
        told.append({s.start_q: s.value for s in blurs(seen) if s.window == 2})
    assert told[0][20.0] == told[1][20.0] > 100
    assert told[1][36.0] < told[0][36.0], "what rang before bar 10 belongs to another run"


def test_an_extra_key_of_an_earlier_try_is_forgotten() -> None:
    performance, alignment, plans = practised((FINE, 0, 12), (FINE, 8, 16))
    for run, expected in ((0, 0), (1, 1)):
        key = next(m for m in alignment.matches if m.run == run and note_q(m.score_id) >= 36)
        odd = replace(
            alignment,
            matches=tuple(m for m in alignment.matches if m is not key),
            extra=(replace(key, score_id=""),),
        )
        slips = slips_of(SCORE, performance, odd, plans, "both")
        assert len([s for s in slips if s.mistake.label == "extra"]) == expected


def test_a_key_nobody_can_place_is_no_evidence_for_the_piece() -> None:
    performance, alignment, _ = practised((FINE, 0, 16))
    unsure = replace(alignment, matches=alignment.matches[:80], unsure=alignment.matches[80:])
    take = heard(SCORE, performance, unsure)
    assert take.placed == pytest.approx(80 / len(performance.notes), abs=1e-3)
    assert take.verdict == "wrong piece"


def test_a_doubtful_label_is_neither_right_nor_a_mistake() -> None:
    performance, alignment, plans = practised((SLIPPED, 0, 16))
    doubt = replace(alignment, wrong=tuple(replace(m, confidence=0.5) for m in alignment.wrong))
    slips = slips_of(SCORE, performance, doubt, plans, "both")
    assert not any(s.sure for s in slips)
    secure = security_of(SCORE, doubt, slips)
    assert sum(b.doubtful for b in secure) == len(SLIPS)
    assert sum(b.wrong for b in secure) == 0
