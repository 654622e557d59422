"""The straight lines: one function per verb, each from words to words.

    score ─reading→ Score ─studying→ Structure ─shaping→ Plan ─performing→ Performance
    Performance ─sounding→ Audio
    take ─reading→ Performance ─aligning→ Alignment ─judging→ Findings ─teaching→ Lesson
    Lesson ─showing→ page

**Knows nothing of** HTTP and argv. Reading this file is reading the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from valentin import (
    accompanying,
    aligning,
    following,
    hearing,
    judging,
    keeping,
    performing,
    practising,
    reading,
    shaping,
    showing,
    sounding,
    teaching,
)
from valentin.following import strangeness
from valentin.music import (
    Alignment,
    Audio,
    Clip,
    Comparison,
    Curves,
    Demonstration,
    Engraving,
    Excerpt,
    Findings,
    Foreseen,
    KeyEvent,
    Lesson,
    LessonSheet,
    Meant,
    Performance,
    PerformedNote,
    Plan,
    Position,
    Practised,
    Score,
    as_printed,
    at_tempo,
    bars_span,
    cut,
    foreseen_there,
    only_hand,
    unfold,
)
from valentin.practising import growth
from valentin.practising import plan as practice_plan
from valentin.reading import lesson_of, read_lesson, read_score, read_take
from valentin.repertoire import Piece, pieces
from valentin.shaping import CHARACTERS
from valentin.showing import cursor_steps, engrave, growth_picture, growth_table, pulse
from valentin.sounding import encode_audio
from valentin.studying import study
from valentin.teaching import languages as lesson_languages

__all__ = [
    "AUDIO_SUFFIXES",
    "CHARACTERS",
    "RECORDING_SUFFIXES",
    "Brief",
    "Excerpt",
    "Piece",
    "Rendition",
    "Sitting",
    "Wish",
    "align",
    "attend",
    "check_sound",
    "clip",
    "cursor_steps",
    "encode_audio",
    "engrave",
    "follow",
    "growth",
    "growth_picture",
    "growth_table",
    "halls",
    "install",
    "instruments",
    "intention",
    "keys_of",
    "lesson_languages",
    "lesson_of",
    "lesson_page",
    "listen",
    "own_pieces",
    "part_of",
    "piece",
    "pieces",
    "play",
    "practice_plan",
    "practised",
    "pulse",
    "read_lesson",
    "read_score",
    "read_take",
    "recording_s",
    "rendered",
    "sound",
    "strangeness",
    "stream",
    "taught",
    "teach",
    "warm",
    "write_rendition",
    "write_sound",
    "write_take",
]

Progress = Callable[[float], None]
Samples = npt.NDArray[np.float32]
AUDIO_SUFFIXES = tuple(f".{name}" for name in sounding.FORMATS)
RECORDING_SUFFIXES = (*hearing.SUFFIXES, *hearing.PHONE_SUFFIXES)
SOUND_HZ = 44_100
PAGE_FORMAT = "mp3"
"""The one compressed format that every browser plays and soundfile writes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a score is to be played. `tempo` is a factor: 0.5 is half as fast.

    `character` is one of `shaping.CHARACTERS`, for the performer "model".
    """

    performer: Literal["model", "rules", "score"] = "model"
    seed: int | None = None
    tempo: float = 1.0
    bars: tuple[str, str] | None = None
    hand: Literal["left", "right"] | None = None
    character: str | None = None


@dataclass(frozen=True, slots=True)
class Rendition:
    """What was played, and which key is which note. `score` is unfolded."""

    score: Score
    performance: Performance
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Sitting:
    """One take heard against its score, and what is said of it. `score` is unfolded as played."""

    score: Score
    take: Performance
    alignment: Alignment
    lesson: Lesson
    curves: Curves
    findings: Findings


@dataclass(frozen=True, slots=True)
class Brief:
    """How a lesson is wished: what was `meant` is not said again, the `earlier` lesson is gone back
    to, and an `excerpt` is heard alone.
    """

    meant: tuple[Meant, ...] = ()
    earlier: Lesson | None = None
    excerpt: Excerpt | None = None
    language: str = "en"


def own_pieces(words: str = "") -> tuple[Piece, ...]:
    """The pieces of the user's own shelf in which these words are found."""
    return tuple(map(_own_piece, keeping.own_scores(words)))


def _own_piece(own: keeping.OwnScore) -> Piece:
    source = "From your own shelf."
    return Piece(own.name, own.title, own.composer, "", "", "", source, own.path, mine=True)


def piece(name: str) -> Piece:
    """A piece of the repertoire or the user's shelf, by its name or by words that only it has.

    Raises ReadError where none or several are meant, naming those that are near.
    """
    there = {each.name: each for each in pieces()}
    if name not in there:
        own = keeping.own_score(name)
        there |= {each.name: each for each in ([_own_piece(own)] if own else own_pieces())}
    words = {each.name: f"{each.composer} {each.title}" for each in there.values()}
    return there[keeping.chosen(name, words)]


def play(score: Score, wish: Wish) -> Rendition:
    """Play a (folded) score as wished. The same wish gives the same performance.

    Bars are heard as printed, one after another, even where repeats would part them.
    """
    unfolded = unfold(score)
    if wish.bars and wish.bars[1]:
        printed, heard = (_length_q(s, wish.bars) for s in (score, unfolded))
        if printed != heard:
            unfolded = unfold(score, range(len(score.sections)))
    return rendered(unfolded, part_of(unfolded, intention(unfolded, wish), wish))


def _length_q(score: Score, bars: tuple[str, str]) -> Fraction:
    start_q, end_q = bars_span(score, *bars)
    return end_q - start_q


def intention(score: Score, wish: Wish) -> Plan:
    """How the performer wished for means to play an unfolded score, whole and at its tempo."""
    if wish.performer == "score":
        return shaping.plan_score(score)
    rng = None if wish.seed is None else np.random.default_rng(wish.seed)
    if wish.performer == "rules":
        return shaping.plan_rules(score, study(score), rng)
    return shaping.plan_interpreted(score, study(score), rng, wish.character)


def part_of(score: Score, plan: Plan, wish: Wish) -> Plan:
    """What is wished for of a plan: bars, a hand, a tempo."""
    if wish.bars:
        plan = cut(score, plan, *bars_span(score, *wish.bars))
    if wish.hand:
        plan = only_hand(score, plan, wish.hand)
    return at_tempo(plan, wish.tempo)


def rendered(score: Score, plan: Plan) -> Rendition:
    """Perform a plan from second 0 on, with nothing before it."""
    performance = performing.perform(score, plan)
    if performance.notes:
        plan = replace(plan, start_s=plan.start_s - performance.notes[0].onset_s)
        performance = performing.perform(score, plan)
    return Rendition(score, performance, performing.known_alignment(score, plan, performance))


def sound(
    performance: Performance, instrument: str = "", progress: Progress | None = None
) -> Audio:
    """A performance as sound, without a hall; `""` is the instrument this machine prefers."""
    return sounding.render(performance, instrument=instrument, progress=progress)


def stream(
    performance: Performance,
    instrument: str = "",
    hall: str = "dry",
    rate_hz: int = 44_100,
    at_s: float = 0.0,
) -> Iterator[Samples]:
    """A performance as sound from second `at_s` on, block by block, shape (frames, 2)."""
    return sounding.stream_from(
        performance, at_s, instrument=instrument, hall=hall, rate_hz=rate_hz
    )


def write_sound(
    performance: Performance,
    path: Path,
    instrument: str = "",
    hall: str = "dry",
    progress: Progress | None = None,
) -> None:
    """A performance as a file of sound; however long it is, little of it is in memory."""
    blocks = sounding.stream(performance, instrument=instrument, hall=hall, progress=progress)
    sounding.write_blocks(blocks, SOUND_HZ, path)


def align(score: Score, take: Performance, excerpt: Excerpt | None = None) -> Rendition:
    """Which performed note is which note of the (folded) score, or of an excerpt of it."""
    alignment = aligning.align(score, take)
    if excerpt:
        take, score = excerpt.of(take, alignment), excerpt.passage
        alignment = aligning.align(score, take)
    return Rendition(unfold(score, alignment.repeats_taken), take, alignment)


def follow(
    score: Score, take: Performance, solo: str = "", hand: Literal["left", "right"] | None = None
) -> Iterator[Position]:
    """Where in the (folded) score the player of a take is, key by key, as if it were live."""
    return following.follow(accompanying.live_of(score, solo, hand), keys_of(take))


def keys_of(take: Performance) -> Iterator[KeyEvent]:
    """The keys of a take as they went down."""
    return map(_struck, take.notes)


def _struck(note: PerformedNote) -> KeyEvent:
    return KeyEvent(note.onset_s, "down", note.pitch, note.velocity)


def listen(recording: Path | Audio, progress: Progress | None = None) -> hearing.Heard:
    """What was played in a recording of a piano, and what may have been."""
    return hearing.heard(recording, progress)


def recording_s(path: Path) -> float:
    """How long a recording is, 0 where its file does not say. Raises ReadError for no sound."""
    return hearing.open_recording(path).duration_s


def attend(score: Score, heard: hearing.Heard, excerpt: Excerpt | None = None) -> Rendition:
    """Which note of a recording is which note of the (folded) score, heard with that in mind."""
    first = align(score, heard.performance, excerpt)
    take = hearing.informed(first.performance, heard.faint, first.score, first.alignment)
    second = align(excerpt.passage if excerpt else score, take)
    return replace(
        second, alignment=hearing.settled(second.alignment, take, heard.faint, second.score)
    )


def teach(score: Score, take: Performance, brief: Brief | None = None) -> Sitting:
    """A lesson on a take of the (folded) score, as the `brief` wishes it."""
    brief = brief or Brief()
    return taught(align(score, take, brief.excerpt), brief)


def taught(aligned: Rendition, brief: Brief | None = None) -> Sitting:
    """A lesson on a take that is aligned already, to the brief's excerpt if it has one."""
    brief = brief or Brief()
    score, take, alignment = aligned.score, aligned.performance, aligned.alignment
    known = _foreseen_in(brief.excerpt) if brief.excerpt else _foreseen(score)
    plans = performing.measure(score, take, alignment)
    every = judging.judge(score, known.structure, take, alignment, plans, known.spread)
    findings = practising.silenced(every, brief.meant)
    lesson = teaching.compose(
        findings,
        language=brief.language,
        part=brief.excerpt.bars if brief.excerpt else None,
        offer=practising.reached(score, alignment, findings.heard),
        since=practising.since(brief.earlier, every, brief.meant),
    )
    lesson = practising.marked(lesson, brief.earlier)
    lesson = shaping.demonstrated(score, lesson, plans, known.plan)
    curves = judging.curves(score, known.structure, plans, known.spread)
    return Sitting(score, take, alignment, lesson, curves, findings)


def _foreseen(score: Score) -> Foreseen:
    structure = study(score)
    plan = shaping.plan_interpreted(score, structure)
    return Foreseen(structure, plan, shaping.expected(score, structure))


def _foreseen_in(excerpt: Excerpt) -> Foreseen:
    """Of some bars, as they lie in the whole piece."""
    whole = as_printed(excerpt.whole)
    return foreseen_there(whole, _foreseen(whole), excerpt.bars)


def practised(sitting: Sitting) -> Practised:
    """What of a sitting is worth keeping: its bars and issues, for the history of the piece."""
    return practising.practised(
        sitting.score, sitting.take, sitting.alignment, sitting.findings, sitting.lesson
    )


def lesson_page(
    sitting: Sitting,
    engraving: Engraving,
    instrument: str = "",
    progress: Progress | None = None,
) -> str:
    """The lesson as one HTML file: the engraved score, the marks, the curves, the sounds."""
    wanted = [remark.demonstration for remark in sitting.lesson.remarks]
    sounds = []
    for done, demonstration in enumerate(wanted):
        sounds.append(_comparison(sitting.score, demonstration, instrument))
        if progress:
            progress((done + 1) / len(wanted))
    return showing.lesson_page(
        LessonSheet(
            sitting.score,
            engraving,
            sitting.take,
            sitting.alignment,
            sitting.lesson,
            sitting.curves,
            tuple(sounds),
        )
    )


def _comparison(
    score: Score, demonstration: Demonstration | None, instrument: str
) -> Comparison | None:
    if demonstration is None:
        return None
    return Comparison(
        clip(rendered(score, demonstration.as_played), instrument),
        clip(rendered(score, demonstration.as_could_be), instrument),
    )


def clip(rendition: Rendition, instrument: str = "", progress: Progress | None = None) -> Clip:
    """A rendition as encoded sound, and where in the score it is from moment to moment."""
    audio = sound(rendition.performance, instrument, progress)
    return Clip(
        sounding.encode_audio(audio, PAGE_FORMAT),
        "audio/mpeg",
        audio.duration_s,
        showing.cursor_steps(rendition.score, rendition.performance, rendition.alignment),
    )


def write_rendition(rendition: Rendition, path: Path) -> None:
    """As MIDI, or as .match with every note's place in the score."""
    if path.suffix.lower() == ".match":
        reading.write_match(rendition.score, rendition.performance, rendition.alignment, path)
    else:
        reading.write_midi(rendition.performance, path)


def write_take(take: Performance, path: Path) -> None:
    """A take as MIDI."""
    reading.write_midi(take, path)


def instruments() -> tuple[str, ...]:
    """The names of the instruments that can be played here, the built-in one first."""
    return sounding.instruments()


def halls() -> tuple[str, ...]:
    """The names of the rooms to play in; "dry" is none."""
    return sounding.halls()


def check_sound(instrument: str, hall: str) -> None:
    """Before any work is done: raises DeviceError for an instrument or a hall that is not here."""
    sounding.chosen(instrument, hall)


def install(instrument: str, progress: Progress | None = None) -> None:
    """Fetch an instrument, once, and make it ready to play."""
    sounding.install(instrument, progress)


def warm(progress: Progress | None = None) -> None:
    """Compile the kernels and build the piano, so that nobody waits for them later."""
    score, _ = read_score(pieces()[0].score)
    rendition = play(score, Wish(bars=("1", "2")))
    sound(rendition.performance, progress=progress)
    teach(score, rendition.performance)
    tuple(follow(score, rendition.performance))
