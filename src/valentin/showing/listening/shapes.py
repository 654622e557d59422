"""A performance as shapes to be drawn, and the rest of what the page's script has to know.

In: a `ListeningSheet`. Out: plain rows for JSON.

**Conventions.** Times in milliseconds from the start of the sound, whole numbers. A shape is
[onset, key up, damped, key, velocity, voice], voices by `VOICES`; shapes rise in onset.

**Knows nothing of** pixels, colours.
"""

from __future__ import annotations

from valentin.music import Beat, Cue, ListeningSheet, damped_s, folded_id, voices_played
from valentin.showing.cursor import cursor_steps

__all__ = ["VOICES", "Json", "piece_data", "voice_counts"]

Json = dict[str, object]
VOICES = ("melody", "inner", "bass")
LONGEST_RING_S = 6.0
"""Seconds after its key is up that a shape goes on at most: a string is hardly heard any more."""


def piece_data(sheet: ListeningSheet, number: int) -> Json:
    """Everything about one piece but its sounds; `number` counts from 1."""
    beats = [[_ms(b.time_s), int(b.strong)] for b in sheet.beats]
    bars = [[_ms(b.time_s), b.bar] for b in _bar_starts(sheet)]
    steps = cursor_steps(sheet.score, sheet.performance, sheet.alignment)
    return {
        "number": number,
        "title": sheet.title,
        "length": _ms(sheet.whole.duration_s),
        "shapes": shapes(sheet),
        "beats": beats,
        "bars": bars,
        "cues": [_cue(cue) for cue in sheet.cues],
        "steps": [[round(step.time_s, 3), folded_id(step.note_id)] for step in steps],
        "sounds": sound_names(sheet, number),
        "ways": _ways(sheet, number),
    }


def sound_names(sheet: ListeningSheet, number: int) -> Json:
    """Which of the page's sounds are this piece's."""
    there = {
        "whole": sheet.whole,
        "no-melody": sheet.without_melody,
        "no-bass": sheet.without_bass,
    }
    return {name: f"sound-{number}-{name}" for name, clip in there.items() if clip}


def shapes(sheet: ListeningSheet) -> list[list[int]]:
    """One row a performed note."""
    voice = voices_played(sheet.structure, sheet.alignment)
    rings = damped_s(sheet.performance)
    return [
        [
            _ms(note.onset_s),
            _ms(note.offset_s),
            _ms(max(note.offset_s, min(ring_s, note.offset_s + LONGEST_RING_S))),
            note.pitch,
            note.velocity,
            VOICES.index(voice.get(note.id, "inner")),
        ]
        for note, ring_s in zip(sheet.performance.notes, rings, strict=True)
    ]


def voice_counts(sheet: ListeningSheet) -> dict[str, int]:
    """How many performed notes each voice has."""
    rows = shapes(sheet)
    return {name: sum(row[5] == i for row in rows) for i, name in enumerate(VOICES)}


def _bar_starts(sheet: ListeningSheet) -> list[Beat]:
    """The first beat of each bar in the order of time."""
    return [
        beat
        for i, beat in enumerate(sheet.beats)
        if i == 0 or beat.strong or beat.bar != sheet.beats[i - 1].bar
    ]


def _cue(cue: Cue) -> Json:
    return {
        "kind": cue.kind,
        "time": _ms(cue.time_s),
        "bar": cue.bar,
        "start_q": float(cue.start_q),
        "end_q": float(cue.end_q),
        "value": round(cue.value, 4),
        "against": None if cue.against is None else round(cue.against, 4),
        "unit": cue.unit,
        "story": cue.story,
        "works": cue.works,
    }


def _ways(sheet: ListeningSheet, number: int) -> Json | None:
    if sheet.ways is None:
        return None
    return {
        "bars": list(sheet.ways.bars),
        "breathes": sheet.ways.breathes,
        "beats": [[round(s, 3) for s in way.beats_s] for way in sheet.ways.ways],
        "breath": [round(way.breath, 4) for way in sheet.ways.ways],
        "sounds": [f"sound-{number}-way-{letter}" for letter in "ab"],
    }


def _ms(seconds: float) -> int:
    return round(1000.0 * seconds)
