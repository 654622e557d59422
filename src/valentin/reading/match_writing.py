"""A score, a performance and its alignment become a match file, version 1.0.0.

In: the unfolded score, the performance, and the alignment that joins their ids. Out: a .match file
that the field's tools load and that `read_match` reads back.

**Conventions.** 9600 ticks a quarter at 120 quarters a minute (as in our MIDI files). Bars count
from 1 through the unfolded score, a pickup is 0; places in the score are in notated beats (eighths
in 6/8) from the first downbeat, negative in a pickup. Part k of the performance is track k. Runs,
wrong and unsure notes are attributes of the score note, see `reading/match.py`. What the format has
no place for is left out: confidences, pauses, the order of repeats, the sostenuto pedal; an unsure
note without a score note becomes an insertion.

**Knows nothing of** how the alignment was found.

**Reference.** F. Foscarin et al., "The match file format: Encoding Alignments between Scores and
Performances", Music Encoding Conference 2022.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from valentin.files import written
from valentin.music import (
    Alignment,
    Bar,
    Key,
    Match,
    Metre,
    Performance,
    PerformedNote,
    Score,
    ScoreNote,
)
from valentin.reading.midi_writing import TICKS_PER_QUARTER, TICKS_PER_SECOND

__all__ = ["write_match"]

MAJOR = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
"""Keys by fifths, from seven flats to seven sharps."""
MINOR = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
COMMON_TIME = Metre(Fraction(0), Fraction(4), Fraction(1), "4/4")
ALTERS = {"": "n", "##": "x"}


def write_match(score: Score, performance: Performance, alignment: Alignment, path: Path) -> None:
    """Write the alignment of `performance` with the unfolded `score`, whole or not at all.

    Raises ValueError where the alignment names a note that is in neither.
    """
    places = _Places(score)
    shift_s = -min([0.0, *(note.onset_s for note in performance.notes)])
    played = _played_notes(performance, shift_s)
    lines = [*_head(score, places), *_notes(score, alignment, places, played)]
    lines += [
        f"{e.control}({round((e.time_s + shift_s) * TICKS_PER_SECOND)},{e.value})."
        for e in performance.pedal
        if e.control != "sostenuto"
    ]
    with written(path) as beside:
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")


class _Places:
    """Where in bars and notated beats a place of the score lies."""

    def __init__(self, score: Score) -> None:
        self._metres = list(score.metres) or [COMMON_TIME]
        self._metre_starts = [m.start_q for m in self._metres]
        self._bars = list(score.bars) or [Bar("", "1", Fraction(0), self._metres[0].bar_quarters)]
        self._bar_starts = [b.start_q for b in self._bars]
        self._pickup = self._bars[0].length_q < self._metres[0].bar_quarters
        self._beats = [Fraction(0)]
        for here, after in zip(self._metres, self._metres[1:], strict=False):
            span = (after.start_q - here.start_q) / _beat_q(here)
            self._beats.append(self._beats[-1] + span)
        self._origin = Fraction(0)
        if self._pickup:
            self._origin = self.beats(self._bars[0].start_q + self._bars[0].length_q)

    def beats(self, at_q: Fraction) -> Fraction:
        """Notated beats from the first downbeat."""
        i = max(0, bisect_right(self._metre_starts, at_q) - 1)
        beats = self._beats[i] + (at_q - self._metre_starts[i]) / _beat_q(self._metres[i])
        return beats - self._origin

    def place(self, at_q: Fraction) -> str:
        """`bar:beat,offset`, the offset in whole notes."""
        i = max(0, bisect_right(self._bar_starts, at_q) - 1)
        metre = self._metres[max(0, bisect_right(self._metre_starts, at_q) - 1)]
        inside = at_q - self._bars[i].start_q
        if self._pickup and i == 0:
            inside += metre.bar_quarters - self._bars[0].length_q
        beat, rest = divmod(inside, _beat_q(metre))
        return f"{i if self._pickup else i + 1}:{beat + 1},{rest / 4}"


def _beat_q(metre: Metre) -> Fraction:
    """The notated beat in quarters: 1/2 in 6/8."""
    below = re.search(r"/\s*(\d+)", metre.signature)
    return Fraction(4, int(below[1])) if below and int(below[1]) else metre.beat_quarters


def _head(score: Score, places: _Places) -> Iterator[str]:
    yield "info(matchFileVersion,1.0.0)."
    yield f"info(piece,{_plain(score.title)})."
    yield "info(scoreFileName,-)."
    yield "info(midiFileName,-)."
    yield f"info(composer,{_plain(score.composer)})."
    yield "info(performer,-)."
    yield f"info(midiClockUnits,{TICKS_PER_QUARTER})."
    yield f"info(midiClockRate,{TICKS_PER_QUARTER * 1_000_000 // TICKS_PER_SECOND})."
    rows: list[tuple[Fraction, str, str]] = [
        (key.start_q, "keySignature", _key(key)) for key in score.keys
    ]
    rows += [(metre.start_q, "timeSignature", metre.signature) for metre in score.metres]
    for at_q, name, value in rows:
        yield f"scoreprop({name},{value},{places.place(at_q)},{float(places.beats(at_q)):.4f})."


def _key(key: Key) -> str:
    at = min(max(key.fifths, -7), 7) + 7
    return f"{MINOR[at]}m" if key.mode == "minor" else MAJOR[at]


def _plain(text: str) -> str:
    return re.sub(r"[^\w .'&-]+", " ", text).strip() or "-"


def _played_notes(performance: Performance, shift_s: float) -> dict[str, str]:
    """The line of every played note, by its id."""
    parts: dict[str, int] = {}
    lines: dict[str, str] = {}
    for number, note in enumerate(performance.notes):
        track = _track_of(note, parts)
        on, off = (round((t + shift_s) * TICKS_PER_SECOND) for t in (note.onset_s, note.offset_s))
        lines[note.id] = f"note(n{number},{note.pitch},{on},{off},{note.velocity},0,{track})"
    return lines


def _track_of(note: PerformedNote, parts: dict[str, int]) -> int:
    """The track of a part: the one its name gives (`track 2`), else the next free one."""
    named = re.fullmatch(r"track (\d{1,3})", note.part)
    if note.part not in parts:
        parts[note.part] = int(named[1]) - 1 if named and int(named[1]) else len(parts)
    return parts[note.part]


def _notes(
    score: Score, alignment: Alignment, places: _Places, played: dict[str, str]
) -> Iterator[str]:
    """All score notes in score order, then ornaments, then insertions in the order played."""
    halves = {"wrong": alignment.wrong, "unsure": alignment.unsure}
    by_note: dict[str, list[tuple[str, Match]]] = {note.id: [] for note in score.notes}
    rows = [("match", m) for m in alignment.matches] + [("missed", m) for m in alignment.missed]
    rows += [(label, m) for label, some in halves.items() for m in some if m.score_id]
    for label, match in rows:
        if match.score_id not in by_note:
            raise ValueError(f"the alignment names {match.score_id!r}, which is not in the score")
        by_note[match.score_id].append((label, match))
    for note in score.notes:
        for label, match in by_note[note.id] or [("missed", Match(note.id, ""))]:
            yield _score_line(note, label, match, places, played)
    kinds = {note.id: note.ornament.kind for note in score.notes if note.ornament}
    for match in alignment.ornaments:
        kind = kinds.get(match.score_id, "ornament")
        yield f"ornament({match.score_id},[{kind}])-{_line(played, match)}."
    rendered = {m.performed_id for m in (*alignment.matches, *alignment.ornaments)}
    yield from (f"insertion-{line}." for name, line in played.items() if name not in rendered)


def _line(played: dict[str, str], match: Match) -> str:
    if match.performed_id not in played:
        raise ValueError(f"the alignment names {match.performed_id!r}, which was not played")
    return played[match.performed_id]


def _score_line(
    note: ScoreNote, label: str, match: Match, places: _Places, played: dict[str, str]
) -> str:
    words = [f"v{note.voice}", f"staff{note.staff}"]
    words += ["grace"] if note.grace else []
    words += [note.ornament.kind] if note.ornament else []
    words += [f"run{match.run}"] if match.run else []
    if label in ("wrong", "unsure") and match.performed_id:
        words.append(f"{label}:{_line(played, match)[5:].split(',')[0]}")
    spelled = re.fullmatch(r"([A-G])(#*|b*)(-?\d+)", note.spelling)
    step, alter, octave = spelled.groups() if spelled else _spelled(note.pitch)
    start, end = (float(places.beats(q)) for q in (note.onset_q, note.onset_q + note.duration_q))
    fields = (
        f"{note.id},[{step},{ALTERS.get(alter, alter)}],{octave},{places.place(note.onset_q)},"
        f"{note.duration_q / 4},{start:.4f},{end:.4f},[{','.join(words)}]"
    )
    other = _line(played, match) if label == "match" else "deletion"
    return f"snote({fields})-{other}."


def _spelled(pitch: int) -> tuple[str, str, str]:
    """A spelling for a note that came without one: naturals and sharps."""
    name = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")[pitch % 12]
    return name[0], name[1:], str(pitch // 12 - 1)
