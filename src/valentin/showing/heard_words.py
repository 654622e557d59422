"""What was heard in a recording, in words and as JSON.

In: the notes that are believed, those that are not, and how the instrument was tuned. Out: text.

**Conventions.** `cents` is how far the instrument lies above A = 440 Hz. Times are seconds.

**Knows nothing of** sound.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from valentin.music import Performance, PerformedNote

__all__ = ["heard_json", "heard_summary"]

DOUBTFUL = 0.9
"""Confidence below which a note is counted as doubtful."""
_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def heard_summary(
    performance: Performance, faint: Sequence[PerformedNote], cents: float
) -> str:  # fmt: skip
    """How a recording was heard, in four lines."""
    notes = performance.notes
    minutes, seconds = divmod(performance.end_s, 60)
    pitches = [note.pitch for note in notes]
    velocities = [note.velocity for note in notes]
    down = sum(event.control == "sustain" and event.value > 0 for event in performance.pedal)
    doubtful = sum(note.confidence < DOUBTFUL for note in notes)
    return (
        f"{performance.source}: {len(notes)} notes in {minutes:.0f} min {seconds:.1f} s, "
        f"{_name(min(pitches))} to {_name(max(pitches))}\n"
        f"velocity {min(velocities)} to {max(velocities)}, the pedal went down {down} times\n"
        f"{doubtful} notes are doubtful; {len(faint)} more may be there, too faint to be written\n"
        f"{_tuning(cents)}\n"
    )


def _tuning(cents: float) -> str:
    if abs(cents) < 1:
        return "tuned to A = 440 Hz"
    where = "above" if cents > 0 else "below"
    return f"tuned {abs(cents):.0f} cents {where} A = 440 Hz"


def _name(pitch: int) -> str:
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def heard_json(
    performance: Performance, faint: Sequence[PerformedNote], cents: float
) -> str:  # fmt: skip
    """Every note and pedal event heard, and every note that was too faint."""
    whole = {
        "source": performance.source,
        "tuning_cents": round(cents, 1),
        "notes": [_row(note) for note in performance.notes],
        "pedal": [
            {"time_s": round(event.time_s, 4), "control": event.control, "value": event.value}
            for event in performance.pedal
        ],
        "faint": [_row(note) for note in faint],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _row(note: PerformedNote) -> dict[str, float | int]:
    return {
        "onset_s": round(note.onset_s, 4),
        "offset_s": round(note.offset_s, 4),
        "pitch": note.pitch,
        "velocity": note.velocity,
        "confidence": round(note.confidence, 4),
    }
