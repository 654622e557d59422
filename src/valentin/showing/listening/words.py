"""The piece in words: what a screen reader reads where others see shapes; and the programme's line.

In: a sheet and a catalogue. Out: sentences.

**Conventions.** A part is one of at most six stretches of whole long phrases. "Loud" and "soft" are
4 velocities from the mean of the piece, "broader" and "quicker" 6 % from its median beat.

**Knows nothing of** HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import mean, median

from valentin.catalogue import Catalogue
from valentin.music import Beat, ListeningSheet
from valentin.showing.listening.shapes import voice_counts

__all__ = ["clock", "parts_said", "programme_line", "shape_said"]

MOST_PARTS = 6
LOUDER = 4.0
"""Velocities: the least step of loudness that is heard in passing, 1.3 dB."""
QUICKER = 0.06
"""Share of the beat: a just noticeable change of tempo."""


def clock(seconds: float) -> dict[str, str | int]:
    """Minutes and seconds as fields of a message."""
    whole = int(seconds)
    return {"minutes": whole // 60, "seconds": f"{whole % 60:02d}"}


def shape_said(words: Catalogue, sheet: ListeningSheet) -> tuple[str, ...]:
    """How long, how many bars and notes, whose they are; then part by part."""
    counts = voice_counts(sheet)
    length = words.say(
        "page.shape_length",
        **clock(sheet.whole.duration_s),
        bars=len({bar.start_q for bar in sheet.score.bars}),
        notes=len(sheet.performance.notes),
    )
    return (length, words.say("page.shape_voices", **counts), *parts_said(words, sheet))


def parts_said(words: Catalogue, sheet: ListeningSheet) -> Iterator[str]:
    """Each part: when, which bars, how loud, how quick."""
    beats = sheet.beats
    if len(beats) < 8:
        return
    usual_s = median(b.time_s - a.time_s for a, b in pairwise(beats))
    level = mean(note.velocity for note in sheet.performance.notes)
    for first, last in _parts(sheet):
        start_s, end_s = beats[first].time_s, beats[last].time_s
        strokes = [n.velocity for n in sheet.performance.notes if start_s <= n.onset_s < end_s] or [
            round(level)
        ]
        beat_s = median(b.time_s - a.time_s for a, b in pairwise(beats[first : last + 1]))
        yield words.say(
            "page.shape_part",
            start=_said(start_s),
            end=_said(end_s),
            first=beats[first].bar,
            last=beats[last - 1].bar,
            level=words.say(f"page.level_{_side(mean(strokes) - level, LOUDER)}"),
            pace=words.say(f"page.pace_{_side(usual_s / beat_s - 1.0, QUICKER)}"),
        )


def _said(seconds: float) -> str:
    return "{minutes}:{seconds}".format(**clock(seconds))


def _side(value: float, step: float) -> str:
    return "low" if value <= -step else "high" if value >= step else "mid"


def _parts(sheet: ListeningSheet) -> list[tuple[int, int]]:
    """First and last beat of each part: long phrases, neighbours joined until they are few."""
    starts = {phrase.start_q for phrase in sheet.structure.phrases if phrase.level == 0}
    edges = [i for i, beat in enumerate(sheet.beats) if _opens(beat, starts)]
    edges = sorted({0, *edges})
    step = -(-len(edges) // MOST_PARTS)
    kept = [*edges[::step], len(sheet.beats) - 1]
    return [(a, b) for a, b in pairwise(kept) if b > a]


def _opens(beat: Beat, starts: set) -> bool:  # type: ignore[type-arg]
    return beat.strong and any(0 <= beat.onset_q - q < 1 for q in starts)


def programme_line(words: Catalogue, sheet: ListeningSheet) -> str:
    """One line about a piece: its tempo as printed, its length, its loudest bar."""
    line = "{minutes}:{seconds}".format(**clock(sheet.whole.duration_s))
    loudest = next((cue for cue in sheet.cues if cue.kind == "loudest"), None)
    if loudest is not None:
        line = words.say("page.line_loudest", length=line, bar=loudest.bar)
    tempo = next((m.text for m in sheet.score.marks if m.kind == "tempo" and m.text), "")
    return words.say("page.line_tempo", tempo=tempo, line=line) if tempo else line
