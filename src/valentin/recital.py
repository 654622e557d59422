"""The straight line of a listening page: scores, and takes, to one file that is sent on.

    Score ─(pianist: play | align)→ Rendition ─studying→ Structure ─guiding→ Cues
    Rendition ─sounding→ whole, without melody, without bass, two ways of a bar ─showing→ page

**Conventions.** `language` is that of a catalogue of listening pages. A hall is heard on every
sound of the page alike.

**Knows nothing of** HTTP and argv.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from valentin import guiding, pianist, showing, sounding
from valentin.catalogue import catalogue
from valentin.errors import MusicError, TakeError
from valentin.guiding import listening_languages as languages
from valentin.guiding import read_card
from valentin.music import (
    Audio,
    Beat,
    Clip,
    Cue,
    Engraving,
    ListeningSheet,
    Performance,
    Score,
    Structure,
    Way,
    Ways,
    voices_played,
)
from valentin.studying import study

__all__ = [
    "Listening",
    "Page",
    "cues_text",
    "edited",
    "languages",
    "listen",
    "page",
    "read_card",
    "summary",
]

Progress = Callable[[float], None]
WHOLE_KBPS, OTHER_KBPS = 96, 64
"""Steady rates of MP3: five minutes with both voices away are 11.2 MB in the page."""
STEREO_S = 400.0
"""Seconds beyond which what lacks a voice is in one channel, so that a page is soon made."""
LONG_S = 720.0
"""Seconds beyond which a piece is told once, at the lower rate, with nothing to take away."""
LONGEST_S = 3600.0
LEAST_NOTES = 8
"""Notes that a voice needs, and that must be left, for it to be taken away."""
PLACED = 0.5
"""Share of a take's notes that must be written ones: below, it is another piece."""
OPENING_S = 0.3
"""Silence before the first note of a take."""
WAYS_UNTIL_S = 60.0
"""Seconds from the start in which the bar to compare lies: it has been heard, or will be soon."""
WAYS_S = 16.0
"""Seconds that both ways of a bar are taken to last, for the progress alone."""
FREE, STRICT = "longing", "solemn"
"""Characters of the interpreter that bend time the most and the least among the slow ones."""


@dataclass(frozen=True, slots=True)
class Listening:
    """One piece as it will be listened to; `score` is folded, as read."""

    score: Score
    engraving: Engraving
    rendition: pianist.Rendition
    structure: Structure
    beats: tuple[Beat, ...]
    cues: tuple[Cue, ...]
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page to send on. `name` is what the cards of its listeners call it."""

    html: str = field(repr=False)
    name: str
    length_s: float


def listen(
    score: Score,
    engraving: Engraving,
    played: Performance | pianist.Wish | None = None,
    *,
    language: str = "en",
    title: str = "",
    by: str = "",
) -> Listening:
    """A piece with what there is to listen for: a take of it, or as valentin plays it when wished.

    Raises MusicError for a score without notes or a sound of more than an hour, TakeError for a
    take of something else.
    """
    if not any(not note.grace for note in score.notes):
        raise MusicError("Making a listening page: the score has no notes; choose another.")
    if isinstance(played, Performance):
        rendition = _aligned(score, played)
        by = by or catalogue("listening", language).say("page.someone")
    else:
        rendition = pianist.play(score, played or pianist.Wish())
    if rendition.performance.end_s > LONGEST_S:
        minutes = round(rendition.performance.end_s / 60)
        raise MusicError(
            f"Making a listening page: the sound lasts {minutes} minutes, and a page holds an hour "
            "at most; give single movements."
        )
    heard = (rendition.score, study(rendition.score), rendition.performance, rendition.alignment)
    return Listening(
        score,
        engraving,
        rendition,
        heard[1],
        guiding.beats_of(*heard),
        guiding.guide(*heard, language=language),
        title or score.title,
        by,
    )


def _aligned(score: Score, take: Performance) -> pianist.Rendition:
    if not take.notes:
        raise TakeError("Listening to the take: it has no notes; choose another.")
    rendition = pianist.align(score, _from_start(take))
    matched = (*rendition.alignment.matches, *rendition.alignment.ornaments)
    placed = len({m.performed_id for m in matched}) / len(take.notes)
    if placed < PLACED:
        raise TakeError(
            f"Listening to the take: only {placed:.0%} of its notes are written in this score; "
            "choose the score it was played from.",
            evidence=f"{placed:.3f}",
        )
    return rendition


def _from_start(take: Performance) -> Performance:
    """The take without the silence before its first note."""
    early_s = take.notes[0].onset_s - OPENING_S
    notes = tuple(
        replace(n, onset_s=n.onset_s - early_s, offset_s=n.offset_s - early_s) for n in take.notes
    )
    pedal = tuple(replace(e, time_s=max(0.0, e.time_s - early_s)) for e in take.pedal)
    return replace(take, notes=notes, pedal=pedal)


def cues_text(pieces: Sequence[Listening]) -> str:
    """The cues as a small file that a person can edit."""
    return guiding.cues_toml([piece.cues for piece in pieces])


def edited(pieces: Sequence[Listening], text: str, name: str) -> list[Listening]:
    """The pieces with the cues as a person edited them in the file `name`."""
    told = guiding.edited(text, [piece.cues for piece in pieces], name)
    return [replace(piece, cues=cues) for piece, cues in zip(pieces, told, strict=True)]


def summary(pieces: Sequence[Listening], form: Literal["words", "json"]) -> str:
    """What there is to listen for, in words or for machines."""
    write = {"words": showing.cues_summary, "json": showing.cues_json}[form]
    return write([(piece.title, piece.cues) for piece in pieces])


def page(
    pieces: Sequence[Listening],
    *,
    language: str = "en",
    instrument: str = "",
    hall: str = "recital",
    progress: Progress | None = None,
) -> Page:
    """The pieces as one HTML file that needs nothing else. `progress` is told the share done."""
    gauge = _Gauge(sum(map(_seconds, pieces)), progress)
    sheets = [_sheet(piece, instrument, hall, gauge) for piece in pieces]
    if progress:
        progress(1.0)
    html = showing.listening_page(sheets, language=language)
    return Page(html, showing.page_name(sheets), sum(sheet.whole.duration_s for sheet in sheets))


def _seconds(piece: Listening) -> float:
    """The seconds of sound that a piece's page will hold, about."""
    end_s = piece.rendition.performance.end_s
    return WAYS_S + (end_s if end_s > LONG_S else 3 * end_s)


class _Gauge:
    """How far the sounds are: seconds made of the seconds there will be."""

    def __init__(self, whole_s: float, progress: Progress | None) -> None:
        self._whole_s, self._done_s, self._progress = whole_s, 0.0, progress

    def part(self, seconds: float) -> Progress:
        """What the next sound, so long, tells its share to."""
        before_s = self._done_s
        self._done_s += seconds

        def told(share: float) -> None:
            if self._progress:
                self._progress(min(1.0, (before_s + share * seconds) / self._whole_s))

        return told


def _sheet(piece: Listening, instrument: str, hall: str, gauge: _Gauge) -> ListeningSheet:
    performance = piece.rendition.performance
    long = performance.end_s > LONG_S

    def told(part: Performance, kbps: int) -> Clip:
        far = gauge.part(part.end_s)
        audio = sounding.render(part, instrument=instrument, hall=hall, progress=far)
        if part is not performance and part.end_s > STEREO_S:
            audio = Audio(audio.samples.mean(axis=1, keepdims=True), audio.rate_hz)
        data = sounding.encode_audio(audio, pianist.PAGE_FORMAT, kbps=kbps)
        return Clip(data, "audio/mpeg", audio.duration_s)

    def without(voice: str) -> Clip | None:
        left = _without(piece, voice)
        return None if left is None or long else told(left, OTHER_KBPS)

    return ListeningSheet(
        piece.rendition.score,
        piece.engraving,
        piece.structure,
        performance,
        piece.rendition.alignment,
        piece.beats,
        piece.cues,
        told(performance, OTHER_KBPS if long else WHOLE_KBPS),
        without("melody"),
        without("bass"),
        _ways(piece, told),
        piece.title,
        piece.by,
        hall,
    )


def _without(piece: Listening, voice: str) -> Performance | None:
    """The performance with one voice gone, None where it is all there is or hardly there."""
    played = piece.rendition.performance
    voices = voices_played(piece.structure, piece.rendition.alignment)
    left = tuple(note for note in played.notes if voices.get(note.id, "inner") != voice)
    if min(len(left), len(played.notes) - len(left)) < LEAST_NOTES:
        return None
    return replace(played, notes=left)


def _ways(piece: Listening, told: Callable[[Performance, int], Clip]) -> Ways | None:
    """A bar near the start as the interpreter plays it in two characters, equally long."""
    wishes = [pianist.Wish(character=word) for word in (FREE, STRICT)]
    plays = [pianist.play(piece.score, wish) for wish in wishes]
    free, strict = (
        guiding.beats_of(r.score, study(r.score), r.performance, r.alignment) for r in plays
    )
    found = guiding.freest_bar(free, strict, WAYS_UNTIL_S)
    if found is None:
        return None
    first, last = found
    bars = free[first].bar, free[last - 1].bar
    lengths = [row[last].time_s - row[first].time_s for row in (free, strict)]
    mean_s = sum(lengths) / 2
    ways = []
    for wish, row, length in zip(wishes, (free, strict), lengths, strict=True):
        tempo = length / mean_s
        played = pianist.play(piece.score, replace(wish, bars=bars, tempo=tempo)).performance
        beats_s = tuple(s / tempo for s in guiding.beats_between(row, first, last))
        ways.append(Way(told(played, WHOLE_KBPS), beats_s, guiding.breath(beats_s)))
    breathes = first % 2
    return Ways(bars, (ways[breathes], ways[1 - breathes]), breathes)
