"""What showing writes for machines and terminals."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from valentin.catalogue import catalogue
from valentin.music import (
    Alignment,
    Bar,
    Demonstration,
    Lesson,
    LessonSheet,
    Mark,
    Match,
    Mistake,
    Plan,
    PlannedPedal,
    Run,
    ScoreRemark,
    Section,
    Shape,
)
from valentin.showing import (
    alignment_json,
    alignment_summary,
    alignment_tsv,
    cursor_steps,
    lesson_json,
    lesson_text,
    rendition_summary,
    score_json,
    score_summary,
)
from valentin.showing.lesson_words import evidence, mistakes_by_bar

WORDS = catalogue("page", "en")


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def test_the_table_accounts_for_every_note_once(sheet: LessonSheet) -> None:
    header, *body = rows(alignment_tsv(sheet.score, sheet.take, sheet.alignment))
    assert header == ["label", "score_id", "performed", "run", "confidence"]
    assert [row[2] for row in body if row[2]] == [str(i) for i in range(len(sheet.take.notes))]
    assert sorted(row[1] for row in body if row[1]) == sorted(n.id for n in sheet.score.notes)
    labels = {row[0] for row in body}
    assert labels == {"match", "wrong", "missed", "extra"}


def test_another_piece_and_a_hand_an_octave_away_are_said_in_words(sheet: LessonSheet) -> None:
    lost = Alignment((), unsure=tuple(Match("", f"p{i}") for i in range(20)))
    assert "another piece" in alignment_summary(sheet.score, sheet.take, lost)
    assert json.loads(alignment_json(sheet.score, sheet.take, lost))["another_piece"] is True
    assert "another piece" not in alignment_summary(sheet.score, sheet.take, sheet.alignment)
    away = replace(sheet.alignment, transposition=12, transposed_staff=1)
    assert "the hand on staff 1 was played +12 semitones away" in alignment_summary(
        sheet.score, sheet.take, away
    )


def test_an_index_counts_the_take_by_onset_and_then_pitch(sheet: LessonSheet) -> None:
    shuffled = replace(sheet.take, notes=tuple(reversed(sheet.take.notes)))
    assert alignment_tsv(sheet.score, shuffled, sheet.alignment) == alignment_tsv(
        sheet.score, sheet.take, sheet.alignment
    )
    _, first, *_ = rows(alignment_tsv(sheet.score, sheet.take, sheet.alignment))
    assert first[:3] == ["match", "b1-1", "0"]


def test_missed_and_extra_leave_their_empty_columns_empty(sheet: LessonSheet) -> None:
    body = rows(alignment_tsv(sheet.score, sheet.take, sheet.alignment))
    assert [row[1] for row in body if row[0] == "extra"] == [""]
    assert [row[1:3] for row in body if row[0] == "missed"] == [["t2-0-1", ""]]
    assert body[-1][0] == "missed"


def test_the_json_holds_the_same_rows(sheet: LessonSheet) -> None:
    whole = json.loads(alignment_json(sheet.score, sheet.take, sheet.alignment))
    _, *body = rows(alignment_tsv(sheet.score, sheet.take, sheet.alignment))
    told = [
        [n["label"], n["score_id"], "" if n["performed"] is None else str(n["performed"])]
        for n in whole["notes"]
    ]
    assert told == [row[:3] for row in body]
    assert whole["coverage"] == sheet.alignment.coverage


def test_the_summary_tells_runs_by_their_bars(sheet: LessonSheet) -> None:
    runs = (
        Run(0, Fraction(0), Fraction(8), 0.0, 4.0),
        Run(1, Fraction(4), Fraction(48), 5.0, 27.0),
    )
    text = alignment_summary(sheet.score, sheet.take, replace(sheet.alignment, runs=runs))
    assert "2 runs" in text
    assert "1: bars 2–12, 5.0 s to 27.0 s" in text


def test_the_lesson_as_json_follows_its_schema(sheet: LessonSheet) -> None:
    shapes = (Shape("t3-0-1", 64, 0.01, 0.9),)
    pedal = (PlannedPedal(8.0, "sustain", 127),)
    plan = Plan((Fraction(8),), (0.5,), shapes, pedal_q=pedal)
    remark = replace(sheet.lesson.remarks[0], demonstration=Demonstration(plan, plan))
    whole = json.loads(lesson_json(replace(sheet.lesson, remarks=(remark,))))
    assert list(whole) == [
        "coverage", "refusals", "strengths", "remarks", "mistakes", "next", "since", "part",
        "offer", "language",
    ]  # fmt: skip
    (told,) = whole["remarks"]
    wanted = "kind dimension bars start_q end_q value unit expected spread confidence words do"
    assert set(wanted.split()) <= set(told)
    assert told["bars"] == [3, 4]
    assert told["demonstration"]["as_played"]["notes"][0]["velocity"] == 64
    assert whole["mistakes"][0] == {
        "label": "missed", "bar": 2, "score_id": "t2-0-1", "performed_id": "", "written": "G4",
        "played": None, "confidence": 0.9,
    }  # fmt: skip


def test_a_bar_that_is_no_number_stays_a_text(sheet: LessonSheet) -> None:
    remark = sheet.lesson.remarks[0]
    odd = replace(remark, finding=replace(remark.finding, bars=("12a", "12b")))
    told = json.loads(lesson_json(Lesson(1.0, remarks=(odd,))))
    assert told["remarks"][0]["bars"] == ["12a", "12b"]


def test_the_lesson_as_text_leaves_nothing_out(sheet: LessonSheet) -> None:
    text = lesson_text(sheet.lesson)
    flat = " ".join(text.split())
    for said in (
        *sheet.lesson.strengths,
        *(r.words for r in sheet.lesson.remarks),
        *(r.do for r in sheet.lesson.remarks),
        sheet.lesson.next,
        "1. Start here · bars 3–4 · voicing",
        "2. Bar 9 · tempo · unusual, and yours",
        "Bar 2: G not heard",
        "Bar 3: A♯ instead of A",
        "Bar 5: an extra C♯",
    ):
        assert said in flat
    assert max(map(len, text.splitlines())) <= 92


def test_many_slips_in_a_bar_are_counted_and_summed_up() -> None:
    trill = tuple(
        Mistake("extra", "32", "", f"p{i}", 0.9, "", 66 + i % 2, fifths=-5) for i in range(40)
    )
    assert mistakes_by_bar(WORDS, trill) == [
        ("Bar 32", "an extra G♭ (20 times); an extra G (20 times)")
    ]
    twice = (*trill[:1], replace(trill[0], bar="33"), trill[0])
    assert [bar for bar, _ in mistakes_by_bar(WORDS, twice)] == ["Bar 32", "Bar 33", "Bar 32 again"]
    many = tuple(Mistake("extra", "7", "", f"p{i}", 0.9, "", 60 + i) for i in range(11))
    lost = Mistake("missed", "7", "n1-1", "", 0.9, "G4")
    assert mistakes_by_bar(WORDS, (*many, lost)) == [
        ("Bar 7", "one note not heard; 11 extra notes")
    ]


def test_a_wall_of_bars_does_not_bury_a_lesson_that_is_only_read(sheet: LessonSheet) -> None:
    wall = tuple(Mistake("missed", str(i), f"n{i}-1", "", 0.9, "G4") for i in range(1, 40))
    lesson = replace(sheet.lesson, mistakes=wall)
    text = lesson_text(lesson)
    assert "Bar 12: G not heard\n   … and 27 more bars; they are marked on the page" in text
    assert "Bar 39: G not heard" in lesson_text(lesson, None)
    assert "Bar 13: G" in lesson_text(replace(lesson, mistakes=wall[:13])), "one more is told too"


def test_the_evidence_says_whose_expectation_it_is(sheet: LessonSheet) -> None:
    found = sheet.lesson.remarks[0].finding
    own = evidence(WORDS, replace(found, expected_by="take", spread=None))
    assert own == (
        "Measured: melody above accompaniment, 2 steps of touch (of 127); the rest of this take "
        "gives 12 to expect. Of the notes written there, 90 % were surely heard."
    )
    assert "Fine pianists" not in own
    assert "fine pianists’ takes have 12" in evidence(WORDS, replace(found, expected_by="pianists"))


def test_a_spread_that_was_not_measured_is_null(sheet: LessonSheet) -> None:
    remark = sheet.lesson.remarks[0]
    bare = replace(remark, finding=replace(remark.finding, spread=None, expected_by="take"))
    (told,) = json.loads(lesson_json(replace(sheet.lesson, remarks=(bare,))))["remarks"]
    assert (told["spread"], told["expected_by"], told["scope"]) == (None, "take", "stretch")


def test_a_refusal_is_said_and_nothing_else() -> None:
    assert lesson_text(Lesson(0.1, refusals=("This sounds like another piece.",))) == (
        "This sounds like another piece.\n"
    )


def test_cursor_steps_rise_and_name_what_sounds(sheet: LessonSheet) -> None:
    steps = cursor_steps(sheet.score, sheet.take, sheet.alignment)
    times = [step.time_s for step in steps]
    assert times == sorted(set(times))
    onset = {note.id: note.onset_q for note in sheet.score.notes}
    assert [onset[s.note_id] for s in steps] == [Fraction(q) for q in range(48)]
    assert times == pytest.approx([0.5 * q for q in range(48)])


def test_cursor_steps_go_back_only_with_a_new_run(sheet: LessonSheet) -> None:
    late = [Match("t1-0-1", sheet.take.notes[-1].id, run=1)]
    again = Alignment(matches=(*sheet.alignment.matches[:-1], *late))
    steps = cursor_steps(sheet.score, sheet.take, again)
    assert steps[-1].note_id == "t1-0-1"


def test_a_score_is_summed_up_bar_by_bar(sheet: LessonSheet) -> None:
    score = replace(
        sheet.score,
        marks=(Mark("dynamic", "p", Fraction(8), Fraction(8)),),
        remarks=(ScoreRemark("guessed", "no tempo was given; 100 was taken", "1"),),
    )
    text = score_summary(score)
    assert "12 bars, 60 notes" in text
    assert "key C major" in text
    assert "bar 3: p" in text
    assert "guessed: bar 1: no tempo was given" in text
    assert json.loads(score_json(score))["remarks"][0]["kind"] == "guessed"


def test_a_rendition_is_summed_up(sheet: LessonSheet) -> None:
    assert "60 notes in 0 min 23.9 s" in rendition_summary(sheet.score, sheet.take)


def test_the_order_of_the_bars_is_told_where_it_is_not_the_printed_one(sheet: LessonSheet) -> None:
    bars = tuple(Bar(f"b{i}", str(i + 1), Fraction(i), Fraction(1)) for i in range(4))
    cuts = [(0, 2), (2, 3), (3, 4)]
    sections = tuple(Section(Fraction(a), Fraction(b)) for a, b in cuts)
    score = replace(sheet.score, bars=bars, sections=sections, order=(0, 1, 0, 2))
    assert "\nbars played 1–3, 1–2, 4\n" in score_summary(score)
    assert "bars played" not in score_summary(replace(score, order=(0, 1, 2)))


def test_a_score_without_a_tempo_says_so(sheet: LessonSheet) -> None:
    silent = replace(sheet.score, marks=(), remarks=())
    first_q = silent.notes[0].onset_q
    assert "guessed: no tempo is written" in score_summary(silent)
    spoken = replace(silent, marks=(Mark("tempo", "Lento", first_q, first_q),))
    assert "nothing had to be guessed" in score_summary(spoken)
