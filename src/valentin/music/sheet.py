"""What a lesson's page is made of: the words, and sounds that are encoded already.

**Conventions.** Steps rise in time. A step's note id is that of the score as unfolded.

**Knows nothing of** HTML, codecs, how the sound was made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from valentin.music.alignment import Alignment
from valentin.music.lesson import Curves, Lesson
from valentin.music.performance import Performance
from valentin.music.score import Engraving, Score

__all__ = ["Clip", "Comparison", "CursorStep", "LessonSheet", "Pulse"]


@dataclass(frozen=True, slots=True)
class CursorStep:
    """When the notes that stand at the place of `note_id` sound."""

    time_s: float
    note_id: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """The felt beats of a sound, for a metronome: (seconds, whether it begins a bar), rising.

    `count_in` are the beats of a bar before the sound; they may lie before second 0. From `start_s`
    to `end_s` last the bars, which a loop repeats.
    """

    count_in: tuple[tuple[float, bool], ...]
    beats: tuple[tuple[float, bool], ...]
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Clip:
    """Encoded sound, and where in the score it is from moment to moment."""

    data: bytes = field(repr=False)
    media_type: str
    duration_s: float
    steps: tuple[CursorStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two sounds of a remark: the bars as played, and as they could be."""

    as_played: Clip
    as_could_be: Clip


@dataclass(frozen=True, slots=True)
class LessonSheet:
    """Everything on a lesson's page. `score` is unfolded as played.

    `sounds` is parallel to the lesson's remarks, None where one has nothing to hear.
    """

    score: Score
    engraving: Engraving
    take: Performance
    alignment: Alignment
    lesson: Lesson
    curves: Curves
    sounds: tuple[Comparison | None, ...] = ()
