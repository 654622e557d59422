"""A little piece written out by hand: its MEI, its Score, a take of it, a lesson on the take."""

from __future__ import annotations

from fractions import Fraction

import pytest

from valentin.music import (
    Alignment,
    Bar,
    Clip,
    Comparison,
    CursorStep,
    CurvePoint,
    Curves,
    Engraving,
    Finding,
    Key,
    Lesson,
    LessonSheet,
    Match,
    Metre,
    Mistake,
    Part,
    Performance,
    PerformedNote,
    Remark,
    Score,
    ScoreNote,
    Section,
)

BARS = 12
SECONDS_PER_QUARTER = 0.5
TUNE = [67, 69, 71, 72]
STEPS = {67: ("g", 4), 69: ("a", 4), 71: ("b", 4), 72: ("c", 5), 48: ("c", 3)}


def _mei() -> str:
    bars = []
    for n in range(1, BARS + 1):
        tune = "".join(
            f'<note xml:id="t{n}-{i}" dur="4" pname="{STEPS[p][0]}" oct="{STEPS[p][1]}"/>'
            for i, p in enumerate(TUNE)
        )
        bass = f'<note xml:id="b{n}" dur="1" pname="c" oct="3"/>'
        bars.append(
            f'<measure xml:id="bar{n}" n="{n}"><staff n="1"><layer n="1">{tune}</layer></staff>'
            f'<staff n="2"><layer n="1">{bass}</layer></staff>'
            f'<dynam staff="1" tstamp="1">p</dynam></measure>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><meiHead><fileDesc>'
        "<titleStmt><title>Little</title></titleStmt><pubStmt/></fileDesc></meiHead><music><body>"
        '<mdiv><score><scoreDef meter.count="4" meter.unit="4"><staffGrp symbol="brace">'
        '<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>'
        '<staffDef n="2" lines="5" clef.shape="F" clef.line="4"/></staffGrp></scoreDef>'
        f"<section>{''.join(bars)}</section></score></mdiv></body></music></mei>"
    )


def _notes() -> list[ScoreNote]:
    notes = []
    for n in range(1, BARS + 1):
        start = Fraction(4 * (n - 1))
        notes.append(ScoreNote(f"b{n}-1", "P1", start, Fraction(4), 48, "C3", 2, 1))
        notes += [
            ScoreNote(f"t{n}-{i}-1", "P1", start + i, Fraction(1), p, "G4", 1, 1)
            for i, p in enumerate(TUNE)
        ]
    return sorted(notes, key=lambda note: (note.onset_q, note.staff, note.pitch))


@pytest.fixture(scope="session")
def engraving() -> Engraving:
    return Engraving(_mei())


@pytest.fixture(scope="session")
def score() -> Score:
    """The little piece, unfolded: ids end in -1."""
    return Score(
        title="Little <piece> & more",
        composer="Nobody",
        parts=(Part("P1", "Piano"),),
        notes=tuple(_notes()),
        metres=(Metre(Fraction(0), Fraction(4), Fraction(1), "4/4"),),
        bars=tuple(
            Bar(f"bar{n}", str(n), Fraction(4 * (n - 1)), Fraction(4)) for n in range(1, BARS + 1)
        ),
        keys=(Key(Fraction(0), 0, "major"),),
        sections=(Section(Fraction(0), Fraction(4 * BARS)),),
        order=(0,),
        unfolded=True,
    )


def performed(note: ScoreNote, name: str, pitch: int | None = None) -> PerformedNote:
    onset_s = float(note.onset_q) * SECONDS_PER_QUARTER
    return PerformedNote(name, "P1", onset_s, onset_s + 0.4, pitch or note.pitch, 64)


@pytest.fixture(scope="session")
def sheet(score: Score, engraving: Engraving) -> LessonSheet:
    """A take with t2-0 missed, t3-1 struck as B flat, an extra C sharp after t5-0."""
    struck, matches = [], []
    for note in score.notes:
        if note.id == "t2-0-1":
            continue
        wrong = note.id == "t3-1-1"
        struck.append(performed(note, f"p-{note.id}", 70 if wrong else None))
        if not wrong:
            matches.append(Match(note.id, f"p-{note.id}"))
    struck.append(PerformedNote("x", "P1", 8.1, 8.3, 73, 50))
    alignment = Alignment(
        matches=tuple(matches),
        wrong=(Match("t3-1-1", "p-t3-1-1"),),
        missed=(Match("t2-0-1", ""),),
        extra=(Match("", "x"),),
        coverage=0.98,
    )
    mistakes = (
        Mistake("missed", "2", "t2-0-1", "", 0.9, "G4"),
        Mistake("wrong", "3", "t3-1-1", "p-t3-1-1", 0.9, "A4", 70),
        Mistake("extra", "5", "", "x", 0.9, "", 73),
    )
    voicing = Finding(
        "voicing", "issue", "melody above accompaniment", ("3", "4"), Fraction(8), Fraction(16),
        tuple(f"t{n}-{i}-1" for n in (3, 4) for i in range(4)), 2.0, "velocity", 12.0, 5.0, 0.9,
    )  # fmt: skip
    unusual = Finding(
        "tempo", "unusual", "beats a minute", ("9", "9"), Fraction(32), Fraction(36),
        ("t9-0-1",), 140.0, "beats a minute", 120.0, 25.0, 0.8,
    )  # fmt: skip
    lesson = Lesson(
        coverage=0.98,
        strengths=("Your bass was steady.",),
        remarks=(
            Remark(voicing, "The melody & the bass are <equally> loud.", "Play bar 3 softly."),
            Remark(unusual, "You hurry here, and it works.", "Keep it if you mean it."),
        ),
        mistakes=mistakes,
        next="Bars 3–4, twice.",
    )
    points = tuple(
        CurvePoint(
            Fraction(q), str(q // 4 + 1), 0, 120.0 + q, 110.0, 130.0, 64.0, 60, 70, 40.0, 35, 45
        )
        for q in range(4 * BARS)
    )
    sounds = (Comparison(_clip(0.0, "3"), _clip(0.25, "3")), None)
    take = Performance(tuple(sorted(struck, key=lambda note: (note.onset_s, note.pitch))))
    return LessonSheet(score, engraving, take, alignment, lesson, Curves(points), sounds)


def _clip(late_s: float, bar: str) -> Clip:
    steps = tuple(CursorStep(late_s + i / 2, f"t{bar}-{i}-1") for i in range(4))
    return Clip(b"RIFF\x00", "audio/wav", 2.0, steps)
