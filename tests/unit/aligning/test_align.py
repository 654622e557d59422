"""The aligner on small takes: what a note is called, and that nothing is lost."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from valentin.aligning import align
from valentin.music import (
    Alignment,
    Ornament,
    Part,
    Performance,
    PerformedNote,
    Score,
    ScoreNote,
    Section,
    unfold,
)

TUNE = (60, 62, 64, 65, 67, 69, 71, 72, 74, 72, 71, 67, 66, 64, 62, 59, 57, 61, 63, 68)
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def written(pitches: Iterable[int] = TUNE, **more: object) -> Score:
    notes = tuple(
        ScoreNote(f"n{i}", "P1", Fraction(i), Fraction(1), p, f"{NAMES[p % 12]}{p // 12 - 1}", 1, 1)
        for i, p in enumerate(pitches)
    )
    return Score("", "", (Part("P1", "Piano"),), notes, **more)  # type: ignore[arg-type]


def played(pitches: Iterable[int], start_s: float = 0.0, each_s: float = 0.4) -> Performance:
    return Performance(
        tuple(
            PerformedNote(f"p{i}", "", start_s + i * each_s, start_s + (i + 0.9) * each_s, p, 64)
            for i, p in enumerate(pitches)
        )
    )


def pairs(alignment: Alignment) -> list[tuple[str, str]]:
    return [(m.score_id, m.performed_id) for m in alignment.matches]


def every_note_has_one_label(score: Score, take: Performance, alignment: Alignment) -> None:
    performed = [
        m.performed_id
        for m in (
            *alignment.matches,
            *alignment.wrong,
            *alignment.extra,
            *alignment.ornaments,
            *alignment.unsure,
        )
        if m.performed_id
    ]
    assert sorted(performed) == sorted(n.id for n in take.notes)
    named = {
        m.score_id
        for m in (*alignment.matches, *alignment.wrong, *alignment.missed, *alignment.unsure)
    }
    assert named - {""} == {n.id for n in unfold(score, alignment.repeats_taken).notes}


def with_endings() -> Score:
    """Twenty notes, a first ending, a second ending that the last of them is tied into."""
    score = written((*TUNE, 70, TUNE[-1], 55))
    notes = list(score.notes)
    notes[21] = replace(notes[21], tied=True)
    cuts = [Fraction(q) for q in (0, 20, 21, 23)]
    sections = tuple(Section(a, b) for a, b in pairwise(cuts))
    return replace(score, notes=tuple(notes), sections=sections, order=(0, 1, 0, 2))


def test_the_end_of_a_tie_is_not_missed() -> None:
    score, take = with_endings(), played((*TUNE, 70, *TUNE, 55))
    alignment = align(score, take)
    every_note_has_one_label(score, take, alignment)
    assert alignment.missed == ()
    assert len(alignment.matches) == 42


def test_a_note_for_another_pass_is_not_missed() -> None:
    score, take = with_endings(), played((*TUNE, 70, *TUNE, 55))
    third = replace(score.notes[3], id="x", pitch=90, passes=(3,))
    score = replace(score, notes=(*score.notes[:4], third, *score.notes[4:]))
    alignment = align(score, take)
    every_note_has_one_label(score, take, alignment)
    assert alignment.missed == ()


def test_a_clean_take_is_all_matches() -> None:
    take = played(TUNE)
    found = align(written(), take)
    assert pairs(found) == [(f"n{i}-1", f"p{i}") for i in range(len(TUNE))]
    assert (found.coverage, len(found.runs), found.repeats_taken) == (1.0, 1, (0,))
    every_note_has_one_label(written(), take, found)


def test_a_wrong_a_missed_and_an_extra_note_are_told_apart() -> None:
    keys = list(TUNE)
    keys[5] += 1
    take = played(keys)
    notes = [n for n in take.notes if n.id != "p9"]
    notes.append(PerformedNote("x", "", 5.0, 5.1, 90, 64))
    take = Performance(tuple(sorted(notes, key=lambda n: n.onset_s)))
    found = align(written(), take)
    assert [(m.score_id, m.performed_id) for m in found.wrong] == [("n5-1", "p5")]
    assert [m.score_id for m in found.missed] == ["n9-1"]
    assert [m.performed_id for m in found.extra] == ["x"]
    every_note_has_one_label(written(), take, found)


def test_a_restart_begins_a_run_and_matches_twice() -> None:
    take = played((*TUNE[:14], *TUNE[2:]))
    found = align(written(), take)
    assert len(found.runs) == 2
    assert pairs(found).count(("n8-1", "p8")) == 1
    assert ("n8-1", "p20") in pairs(found)
    assert not found.missed
    assert not found.extra


def test_a_repeat_is_a_rendering_and_not_a_run() -> None:
    sections = (Section(Fraction(0), Fraction(10)), Section(Fraction(10), Fraction(20)))
    score = written(sections=sections, order=(0, 0, 1))
    taken = align(score, played((*TUNE[:10], *TUNE)))
    assert (taken.repeats_taken, len(taken.runs)) == ((0, 0, 1), 1)
    assert ("n3-2", "p13") in pairs(taken)
    straight = align(score, played(TUNE))
    assert (straight.repeats_taken, len(straight.runs)) == ((0, 1), 1)
    assert straight.coverage == 1.0


def test_keys_around_a_trill_are_ornaments() -> None:
    score = written()
    notes = list(score.notes)
    notes[4] = replace(notes[4], ornament=Ornament("trill"))
    score = replace(score, notes=tuple(notes))
    take = played(TUNE)
    trill = [
        PerformedNote(f"t{k}", "", 1.68 + 0.08 * k, 1.7 + 0.08 * k, key, 60)
        for k, key in enumerate((68, 67, 68, 67))
    ]
    take = Performance(tuple(sorted((*take.notes, *trill), key=lambda n: n.onset_s)))
    found = align(score, take)
    assert [m.score_id for m in found.ornaments] == ["n4-1"] * 4
    assert sum(m.score_id == "n4-1" for m in found.matches) == 1
    assert not found.extra


def test_two_voices_on_one_key_are_not_a_missed_note() -> None:
    score = written()
    twin = replace(score.notes[3], id="twin", voice=2)
    score = replace(score, notes=(*score.notes[:4], twin, *score.notes[4:]))
    take = played(TUNE)
    found = align(score, take)
    assert not found.missed
    assert [m.performed_id for m in found.unsure] == [""]
    every_note_has_one_label(score, take, found)


def test_an_empty_take_misses_everything() -> None:
    found = align(written(), Performance(()))
    assert found.coverage == 0.0
    assert len(found.missed) == len(TUNE)
    assert not found.runs


def test_a_short_restart_after_a_breath_is_a_run_of_its_own() -> None:
    low = tuple(p - 24 for p in TUNE)
    pairs_of_keys = [*range(14), *range(9, 20)]
    notes = []
    now = 0.0
    for k, i in enumerate(pairs_of_keys):
        now += 1.0 if k == 14 else 0.4
        notes += [(now, TUNE[i]), (now + 0.01, low[i])]
    score = written()
    bass = [replace(n, id=f"b{n.id}", pitch=n.pitch - 24, staff=2, voice=5) for n in score.notes]
    both = sorted((*score.notes, *bass), key=lambda n: (n.onset_q, n.staff, n.pitch))
    take = Performance(
        tuple(PerformedNote(f"p{i}", "", t, t + 0.3, p, 64) for i, (t, p) in enumerate(notes))
    )
    found = align(replace(score, notes=tuple(both)), take)
    assert [(r.start_q, r.end_q) for r in found.runs] == [(0, 13), (9, 19)]
    assert len(found.matches) == len(take.notes)


def test_four_keys_played_again_after_a_breath_are_a_run() -> None:
    keys = [*range(12), *range(8, 20)]
    times = [0.4 * k + (1.2 if k >= 12 else 0.0) for k in range(len(keys))]
    take = Performance(
        tuple(
            PerformedNote(f"p{i}", "", t, t + 0.3, TUNE[k], 64)
            for i, (k, t) in enumerate(zip(keys, times, strict=True))
        )
    )
    found = align(written(), take)
    assert [(r.start_q, r.end_q) for r in found.runs] == [(0, 11), (8, 19)]
    assert not found.extra
