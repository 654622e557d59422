"""What a finding says it measured is what was done to the take."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.unit.judging.small_take import (
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
from tests.unit.judging.test_judge import (
    BEAT,
    DRAG,
    DRY,
    EVEN_LOUD,
    FINE,
    FLAT,
    RUSH,
    SHORT,
    SMEARED,
    UNEVEN,
    UNSTEADY,
    bar,
)

from valentin.judging import judge
from valentin.judging.deciding import Sample, decide
from valentin.judging.measures import BALANCE
from valentin.judging.observing import observe
from valentin.judging.timing import displacement
from valentin.music import Finding, Pause

CHANGE = float(np.median(np.abs(np.diff(np.log2([BEAT[q] for q in range(31)])))))


def found(take: Take, measure: str) -> Finding:
    """The heaviest finding of a measure."""
    rows = [f for f in judged(take).findings if f.kind != "strength" and f.measure == measure]
    return max(rows, key=lambda f: f.weight)


@pytest.mark.parametrize(
    ("take", "measure", "value", "near"),
    [
        (FLAT, "melody above accompaniment", 14 - 22, 1.0),
        (EVEN_LOUD, "range of loudness", 0.0, 0.5),
        (RUSH, "tempo drift", 100 * (1.5**0.75 - 1), 4.0),  # from the first quarter to the last
        (DRAG, "tempo drift", 100 * (1.5**-0.75 - 1), 4.0),
        (UNSTEADY, "steadiness of the beat", 100 * (2**CHANGE - 1), 4.0),
        (SHORT, "length of slurred notes", 30.0, 1.0),
        (DRY, "pedal down", 0.0, 0.5),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_the_value_is_what_was_done(take: Take, measure: str, value: float, near: float) -> None:
    assert found(take, measure).value == pytest.approx(value, abs=near)


def test_the_unevenness_of_a_run_is_how_far_its_notes_are_off() -> None:
    performance, alignment = played(UNEVEN)
    onset = {m.score_id: n.onset_s for n in performance.notes for m in alignment.matches
             if m.performed_id == n.id}  # fmt: skip
    run = found(UNEVEN, "evenness of the run")
    times = np.array([onset[i] for i in run.note_ids])
    place = np.arange(len(times))
    line = np.polyval(np.polyfit(place, times, 3), place)
    off = 100 * np.mean(np.abs(times - line)) / np.median(np.diff(times))
    assert run.value == pytest.approx(off, rel=0.7)


@pytest.mark.parametrize("scatter", [0.01, 0.03, 0.08])
def test_displacement_is_the_mean_distance_from_the_even_place(scatter: float) -> None:
    rng = np.random.default_rng(4)
    off = rng.normal(0, scatter, 4000)
    for middle in (np.mean, np.median):
        assert displacement(np.diff(np.arange(4000) + off), middle) == pytest.approx(
            np.mean(np.abs(off)), rel=0.04
        )


def test_an_even_gain_of_speed_is_no_displacement() -> None:
    assert displacement(np.linspace(0.2, 0.1, 12)) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("take", "measure", "by", "measured"),
    [
        (FLAT, "melody above accompaniment", "pianists", True),
        (EVEN_LOUD, "range of loudness", "take", True),
        (UNSTEADY, "steadiness of the beat", "pianists", True),
        (SMEARED, "old harmony in the pedal", "take", False),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_finding_says_whose_expectation_it_is(
    take: Take, measure: str, by: str, measured: bool
) -> None:
    finding = found(take, measure)
    assert finding.expected_by == by
    assert (finding.spread is not None) is measured


def thinned(take: Take, share: float) -> Take:
    """The take with so many of the notes of bars 9 to 16 left out, the same ones each time."""
    rng = np.random.default_rng(5)
    gone = {n.id for n in SCORE.notes if bar(n) >= 8 and rng.random() < share}
    return replace(take, missed=frozenset(gone))


def test_nothing_is_said_of_music_where_too_little_was_heard() -> None:
    measure = "melody above accompaniment"
    assert any(f.measure == measure for f in judged(FLAT).findings)
    assert found(thinned(FLAT, 0.1), measure).confidence == pytest.approx(0.9, abs=0.06)
    heard = judged(thinned(FLAT, 0.62)).findings
    assert not any(f.measure == measure and f.start_q >= 32 for f in heard)


def test_a_pause_is_no_unevenness() -> None:
    """Stops inside the runs of bars 7, 8 and 15: where they are known as pauses, none is uneven."""
    stops = {24.75, 26.25, 29.0, 30.25, 57.0, 58.5}
    plan = FINE.plan
    before = [float(q) for q in plan.onsets_q[1:]]
    tempo = tuple(
        s * 8 if after in stops else s
        for s, after in zip(plan.seconds_per_quarter, [*before, 0.0], strict=True)
    )
    take = replace(FINE, plan=replace(plan, seconds_per_quarter=tempo))
    performance, alignment = played(take)
    places = {n.onset_q for n in SCORE.notes if float(n.onset_q) in stops}
    pauses = tuple(Pause(0.0, 0.0, q) for q in sorted(places))
    assert len(pauses) == len(stops)
    told = []
    for known in (alignment, replace(alignment, pauses=pauses)):
        findings = judge(
            SCORE, STRUCTURE, performance, known,
            (replace(take.plan, played=(True,) * len(SCORE.notes), start_s=0.5),), SPREAD,
        ).findings  # fmt: skip
        told.append([f for f in findings if f.kind != "strength" and f.dimension == "rhythm"])
    assert told[0]
    assert not told[1]


def slipped(share: float, seed: int = 2) -> Take:
    """A fine take with so many notes struck beside, all over it."""
    rng = np.random.default_rng(seed)
    wrong = frozenset(n.id for n in SCORE.notes if rng.random() < share)
    return replace(fine_take(), wrong=wrong)


def test_notes_unsure_all_over_are_said_of_the_piece() -> None:
    take = slipped(0.17)
    whole = [f for f in judged(take).findings if f.scope == "piece"]
    assert [(f.dimension, f.kind) for f in whole] == [("notes", "issue")]
    assert whole[0].value == pytest.approx(100 * (1 - len(take.wrong) / len(SCORE.notes)), abs=0.01)
    assert whole[0].end_q - whole[0].start_q <= 16


def test_a_few_slips_are_not_said_of_the_piece() -> None:
    assert not [f for f in judged(slipped(0.05)).findings if f.scope == "piece"]


def test_every_note_right_is_not_said_with_keys_beside_them() -> None:
    performance, alignment = played(FINE)
    plan = replace(FINE.plan, played=(True,) * len(SCORE.notes), start_s=0.5)

    def right(extra: int) -> list[float]:
        more = tuple(
            replace(n, id=f"x{i}", pitch=n.pitch + 6)
            for i, n in enumerate(performance.notes[10 : 10 + extra])
        )
        labels = tuple(replace(alignment.matches[0], score_id="", performed_id=n.id) for n in more)
        take = replace(performance, notes=(*performance.notes, *more))
        findings = judge(
            SCORE, STRUCTURE, take, replace(alignment, extra=labels), (plan,), SPREAD
        ).findings
        return [f.value for f in findings if f.kind == "strength" and f.dimension == "notes"]

    assert right(0) == [100.0]
    assert 99 < right(2)[0] < 100
    assert right(13) == []


def test_a_new_tempo_is_no_drift() -> None:
    quicker = with_tempo(FINE, lambda q, s: s * 0.75 if q >= 32 else s)
    assert not [f for f in judged(quicker).findings if f.measure == "tempo drift"]


def test_beats_beside_a_pause_are_not_measured() -> None:
    stops = set(range(3, 32, 3))
    halting = with_tempo(FINE, lambda q, s: s * 2.5 if q + 0.5 in stops else s)
    performance, alignment = played(halting)
    plan = replace(halting.plan, played=(True,) * len(SCORE.notes), start_s=0.5)
    pauses = tuple(Pause(0.0, 0.0, Fraction(q)) for q in sorted(stops))
    told = [
        any(
            f.dimension == "tempo" and f.kind != "strength"
            for f in judge(SCORE, STRUCTURE, performance, known, (plan,), SPREAD).findings
        )
        for known in (alignment, replace(alignment, pauses=pauses))
    ]
    assert told == [True, False]


def test_a_take_without_any_rise_or_fall_is_not_its_own_yardstick() -> None:
    flat = with_shapes(FINE, lambda n, s: replace(s, velocity=64 if n.staff == 1 else 50))
    kinds = {f.kind for f in judged(flat).findings if f.measure == "range of loudness"}
    assert kinds == {"issue"}


@pytest.mark.parametrize(("short", "kind"), [(6.1, "unusual"), (30.0, "issue")])
def test_what_fine_pianists_do_is_never_an_issue(short: float, kind: str) -> None:
    """Far out of the take itself, but no further from the plan than fine pianists often are."""
    performance, alignment = played(FINE)
    plan = replace(FINE.plan, played=(True,) * len(SCORE.notes), start_s=0.5)
    seen = observe(SCORE, STRUCTURE, performance, alignment, (plan,), SPREAD)
    usual = [Sample(BALANCE, 0.0, 16.0, 16.0, 12.0, -4.0, 0.0)] * 400
    odd = Sample(BALANCE, 16.0, 32.0, 12.0 - short, 12.0, short, 2.0)
    assert [f.kind for f in decide(seen, [*usual, odd])] == [kind]


@pytest.mark.parametrize(("start_q", "found"), [(16.0, 1), (24.0, 0)])
def test_no_stretch_is_named_across_a_repeat(start_q: float, found: int) -> None:
    """Eight bars played twice: what begins at the end of the first time ends before it began."""
    bars = tuple(replace(bar, id=f"b{i % 8}") for i, bar in enumerate(SCORE.bars))
    performance, alignment = played(FINE)
    plan = replace(FINE.plan, played=(True,) * len(SCORE.notes), start_s=0.5)
    twice = replace(SCORE, bars=bars)
    seen = observe(twice, STRUCTURE, performance, alignment, (plan,), SPREAD)
    usual = [Sample(BALANCE, 0.0, 16.0, 15.0, 12.0, -3.0, 0.0)] * 40
    odd = Sample(BALANCE, start_q, start_q + 16.0, 0.0, 12.0, 12.0, 2.0)
    assert len(decide(seen, [*usual, odd])) == found
