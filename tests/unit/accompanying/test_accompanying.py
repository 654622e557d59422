"""An orchestra that listens: in time, waiting, found again after a jump, and no note hangs."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from valentin.accompanying import (
    Accompanist,
    Stand,
    accompanied,
    apart,
    begins_p,
    hands_apart,
    live_of,
    replayed,
    solo_apart,
    soloist_of,
)
from valentin.errors import MusicError, TakeError
from valentin.following import Follower
from valentin.music import (
    Bar,
    KeyEvent,
    Mark,
    Part,
    PartEvent,
    Performance,
    PerformedNote,
    Plan,
    Position,
    Score,
    ScoreNote,
    TempoCurve,
)
from valentin.performing import perform
from valentin.reading import read_score
from valentin.shaping import plan_score

SCORES = Path(__file__).parents[2] / "music/scores"
BARS = 24


def note(
    name: str, part: str, onset: Fraction | int, length: Fraction | int, pitch: int, staff: int = 1
) -> ScoreNote:
    return ScoreNote(name, part, Fraction(onset), Fraction(length), pitch, "C4", staff, 1)


def concerto(rest: tuple[int, int] = (0, 0), marks: tuple[Mark, ...] = ()) -> Score:
    """A piano that wanders in quarters, silent in the bars of `rest`, and a violin with it."""
    rng = np.random.default_rng(4)
    pitches = rng.integers(55, 90, 4 * BARS).tolist()
    solo = [
        note(f"s{i}", "P2", i, 1, p)
        for i, p in enumerate(pitches)
        if not rest[0] <= i // 4 < rest[1]
    ]
    violin = [note(f"v{i}", "P1", i, 1, 60 + i % 7) for i in range(4 * BARS)]
    notes = sorted((*solo, *violin), key=lambda n: (n.onset_q, n.staff, n.pitch))
    bars = tuple(Bar(f"b{i}", str(i + 1), Fraction(4 * i), Fraction(4)) for i in range(BARS))
    parts = (Part("P1", "Violin", 1), Part("P2", "Piano"))
    return Score("", "", parts, tuple(notes), bars=bars, marks=marks)


def stand_of(score: Score) -> tuple[Stand, Score]:
    live, others = solo_apart(score)
    plan: Plan = plan_score(score)
    theirs = {n.id for n in others.notes}
    played = perform(score, plan)
    orchestra = replace(played, notes=tuple(n for n in played.notes if n.id in theirs))
    return Stand.of(orchestra, TempoCurve.of(plan), live), live


def solo_keys(score: Score, *spans: tuple[int, int], quarter_s: float = 0.5) -> list[KeyEvent]:
    """The solo's quarters of each span, one span straight after another."""
    keys, now = [], 1.0
    for first, last in spans:
        for n in score.notes:
            if n.part == "P2" and first <= n.onset_q < last:
                at = now + float(n.onset_q - first) * quarter_s
                keys.append(KeyEvent(at, "down", n.pitch, 70))
        now += (last - first) * quarter_s
    return keys


def evening(
    score: Score, keys: list[KeyEvent], *, waits: bool = False
) -> list[PartEvent | KeyEvent]:
    stand, live = stand_of(score)
    start_p = float(stand.curve.seconds(0.0))
    orchestra = Accompanist.ready(stand, start_p, keys[0].time_s)
    return list(replayed(orchestra, keys, Follower(live).hear, waits=waits))


def begun(events: list[PartEvent | KeyEvent]) -> dict[str, float]:
    """When each of the orchestra's notes last began."""
    return {e.id: e.time_s for e in events if isinstance(e, PartEvent) and e.kind == "down"}


def assert_nothing_hangs(events: list[PartEvent | KeyEvent]) -> None:
    """Downs and ups of each note take turns in time, and the last is an up."""
    own = [e for e in events if isinstance(e, PartEvent)]
    assert own
    sounding: Counter[str] = Counter()
    for event in sorted(own, key=lambda e: (e.time_s, e.kind == "down")):
        sounding[event.id] += 1 if event.kind == "down" else -1
        assert sounding[event.id] in (0, 1), event
    assert not +sounding


@pytest.mark.parametrize("quarter_s", [0.35, 0.5, 0.65])
def test_the_orchestra_takes_the_soloists_tempo(quarter_s: float) -> None:
    score = concerto()
    keys = solo_keys(score, (0, 4 * BARS), quarter_s=quarter_s)
    events = evening(score, keys)
    at = begun(events)
    errors = [abs(at[f"v{i}"] - keys[i].time_s) for i in range(4 * BARS)]
    assert np.median(errors) <= 0.02
    assert max(errors[4:]) <= 0.05
    assert_nothing_hangs(events)


def test_it_waits_where_the_soloist_stops_and_its_notes_end() -> None:
    score = concerto()
    keys = solo_keys(score, (0, 4 * BARS))
    keys = keys[:40] + [replace(k, time_s=k.time_s + 6.0) for k in keys[40:]]
    events = evening(score, keys)
    stop_s, again_s = keys[39].time_s, keys[40].time_s
    late = [i for i, t in begun(events).items() if stop_s + 1.0 < t < again_s - 0.05]
    assert not late
    own = [e for e in events if isinstance(e, PartEvent) and e.time_s < again_s - 0.1]
    assert sum(1 if e.kind == "down" else -1 for e in own) == 0
    assert abs(begun(events)["v44"] - keys[44].time_s) < 0.1
    assert_nothing_hangs(events)


@pytest.mark.parametrize("spans", [((0, 40), (64, 96)), ((0, 60), (20, 96))])
def test_a_jump_is_made_good_within_two_bars(
    spans: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    score = concerto()
    keys = solo_keys(score, *spans)
    events = evening(score, keys)
    at, first = begun(events), spans[1][0]
    there = spans[0][1]
    errors = [abs(at[f"v{i}"] - keys[there + i - first].time_s) for i in range(first + 8, 96)]
    assert max(errors) < 0.12
    assert_nothing_hangs(events)


def test_it_leads_where_the_piano_rests_and_the_recorded_soloist_waits_for_it() -> None:
    score = concerto(rest=(6, 12))
    keys = solo_keys(score, (0, 24), (48, 96))
    keys = [replace(k, time_s=k.time_s + 0.5 * (n >= 24)) for n, k in enumerate(keys)]
    events = evening(score, keys, waits=True)
    at = begun(events)
    struck = [e.time_s for e in events if isinstance(e, KeyEvent)]
    assert struck[24] - struck[23] == pytest.approx(12.5, abs=0.5)
    assert abs(at["v48"] - struck[24]) < 0.1
    assert all(struck[23] < at[f"v{i}"] < struck[24] for i in range(24, 48))
    assert_nothing_hangs(events)


def test_at_a_fermata_it_waits_as_long_as_the_soloist_does() -> None:
    held = Mark("fermata", "", Fraction(19), Fraction(19), note_ids=("s19",))
    score = concerto(marks=(held,))
    keys = solo_keys(score, (0, 4 * BARS))
    keys = keys[:20] + [replace(k, time_s=k.time_s + 2.5) for k in keys[20:]]
    at = begun(evening(score, keys))
    assert abs(at["v20"] - keys[20].time_s) < 0.06


def test_a_place_that_flips_is_not_believed() -> None:
    """A follower in doubt between here and elsewhere does not move the orchestra."""
    score = concerto()
    stand, _ = stand_of(score)
    orchestra = Accompanist.ready(stand, 0.0, 0.0)

    def said(onset: int, time_s: float) -> Position:
        return Position(time_s, Fraction(onset), "1", 0.9, (), 0.5)

    for i in range(8):
        orchestra.hear(said(i, 0.5 * i))
        orchestra.play(0.5 * i + 0.02)
    for i in range(40):
        orchestra.hear(said((7, 60)[i % 2], 3.6 + 0.05 * i))
    assert orchestra.heard_p == pytest.approx(stand.place_p(said(7, 0.0)))
    for i in range(40):
        orchestra.hear(said(2, 6.0 + 0.05 * i))
    assert orchestra.heard_p == pytest.approx(stand.place_p(said(7, 0.0)))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_soloist_does_no_note_hangs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = concerto(rest=(5, 7))
    spans = [(int(a), int(a + rng.integers(2, 20))) for a in rng.integers(0, 76, 8)]
    keys = solo_keys(score, *spans, quarter_s=float(rng.uniform(0.1, 0.8)))
    wrong = rng.random(len(keys)) < 0.2
    keys = [
        replace(k, pitch=int(rng.integers(30, 90))) if w else k
        for k, w in zip(keys, wrong, strict=True)
    ]
    assert_nothing_hangs(evening(score, keys, waits=bool(seed % 2)))


def test_keys_torn_off_in_mid_phrase_leave_silence() -> None:
    score = concerto()
    events = evening(score, solo_keys(score, (0, 21)))
    assert_nothing_hangs(events)
    last = max(e.time_s for e in events if isinstance(e, PartEvent))
    assert last < solo_keys(score, (0, 21))[-1].time_s + 5


def test_take_and_orchestra_become_one_performance() -> None:
    score = concerto()
    stand, live = stand_of(score)
    keys = solo_keys(score, (0, 32))
    notes = tuple(
        PerformedNote(f"t{i}", "p", k.time_s, k.time_s + 0.4, k.pitch, 70)
        for i, k in enumerate(keys)
    )
    played = accompanied(stand, Performance(notes), Follower(live).hear, 0.0)
    parts = Counter(n.part for n in played.notes)
    assert parts["p"] == 32
    assert 32 <= parts["P1"] <= 34
    assert [n.onset_s for n in played.notes] == sorted(n.onset_s for n in played.notes)
    assert all(n.offset_s > n.onset_s for n in played.notes)
    with pytest.raises(TakeError, match="no key was struck"):
        accompanied(stand, Performance(()), Follower(live).hear, 0.0)


def test_a_take_from_the_middle_begins_the_orchestra_there() -> None:
    score = concerto()
    stand, live = stand_of(score)
    ear = Follower(live).hear
    heard = [p for p in map(ear, solo_keys(score, (48, 70))) if p is not None]
    start_p = begins_p(stand, heard[:16])
    assert start_p == pytest.approx(float(stand.curve.seconds(48.0)), abs=2.1)
    assert begins_p(stand, []) == float(stand.curve.seconds(0.0))


def test_the_soloist_is_the_piano_or_who_is_named() -> None:
    score, _ = read_score(SCORES / "multi-rest.musicxml")
    assert soloist_of(score).name == "Piano"
    assert soloist_of(score, "viol").name == "Violin"
    solo, orchestra = apart(score)
    assert [n.id for n in orchestra.notes] == ["n1", "n2"]
    assert {n.part for n in solo.notes} == {"P2"}
    assert live_of(score) == solo
    with pytest.raises(MusicError, match=r"'Oboe'; choose one of Violin \(P1\), Piano \(P2\)"):
        soloist_of(score, "Oboe")


def test_no_piano_or_no_orchestra_is_said() -> None:
    score = concerto()
    strings = replace(score, parts=(Part("P1", "Violin", 1), Part("P2", "Viola", 1)))
    with pytest.raises(MusicError, match=r"no part is a piano.*Violin \(P1\), Viola \(P2\)"):
        solo_apart(strings)
    alone = replace(score, notes=tuple(n for n in score.notes if n.part == "P2"))
    with pytest.raises(MusicError, match="no orchestra"):
        solo_apart(alone)


def test_what_is_printed_for_the_soloist_to_read_along_is_not_waited_for() -> None:
    """A tutti first, its beginning printed large by mistake; later one small note of theirs."""
    score = concerto()
    violin = {n.onset_q: n.pitch for n in score.notes if n.part == "P1"}

    def read_along(n: ScoreNote) -> ScoreNote:
        if n.part == "P2" and n.onset_q < 8:
            return replace(n, pitch=violin[n.onset_q] - 12, small=n.onset_q > 0)
        if n.id == "s30":
            return replace(n, pitch=violin[n.onset_q], small=True)
        return replace(n, small=True) if n.id == "s33" else n

    solo, _ = solo_apart(replace(score, notes=tuple(map(read_along, score.notes))))
    names = {n.id for n in solo.notes}
    assert not names & {f"s{i}" for i in range(8)}
    assert "s30" not in names
    assert "s33" in names, "small, but his own"


def test_hands_go_by_staff() -> None:
    score, _ = read_score(SCORES / "pedal.musicxml")
    right, left = hands_apart(score, "right")
    assert {n.staff for n in right.notes} == {1}
    assert {n.staff for n in left.notes} == {2}
    assert len(right.notes) + len(left.notes) == len(score.notes)
    violin, _ = read_score(SCORES / "multi-rest.musicxml")
    with pytest.raises(MusicError, match="no notes for the left hand"):
        hands_apart(violin, "right")
