"""What a listening page is made of: cues with their evidence, beats, sounds, two ways of one bar.

**Conventions.** Seconds are from the start of the sound. A cue's `value` and `against` are in
`unit`, and are what its words say. Bars are as printed.

**Knows nothing of** HTML, codecs, how anything was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from valentin.music.alignment import Alignment
from valentin.music.performance import Performance
from valentin.music.score import Engraving, Score
from valentin.music.sheet import Clip
from valentin.music.structure import Structure

__all__ = [
    "MOST_CUES",
    "MOST_WORDS",
    "Beat",
    "Cue",
    "KeptMoment",
    "ListeningSheet",
    "MomentCard",
    "Way",
    "Ways",
    "voices_played",
]

MOST_CUES = 8
"""Cues on a page."""
MOST_WORDS = 12
"""Words in a cue: what is read at a glance while one listens."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One felt beat as it was played; `strong` where a bar begins."""

    time_s: float
    onset_q: Fraction
    bar: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to listen for, told as a story and as how it works, with what it rests on.

    `kind` says what was measured (`docs/reference/listening.md`); `against` is what it is compared
    with, None where with nothing. A cue of kind "own" is a person's, and rests on nothing.
    """

    kind: str
    time_s: float
    bar: str
    start_q: Fraction
    end_q: Fraction
    value: float
    against: float | None
    unit: str
    story: str = ""
    works: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to play a bar: its sound, its beats in seconds, and how unevenly they go by.

    `breath` is the standard deviation of the beats' lengths, as log2.
    """

    sound: Clip
    beats_s: tuple[float, ...]
    breath: float


@dataclass(frozen=True, slots=True)
class Ways:
    """Two ways of the same bars, equally long; `breathes` is the index of the freer one."""

    bars: tuple[str, str]
    ways: tuple[Way, Way]
    breathes: int


@dataclass(frozen=True, slots=True)
class ListeningSheet:
    """One piece on a listening page. `score` is unfolded as played.

    Without its melody or its bass there is no sound where there is none to take away, or where the
    piece is too long to be told three times. `by` is who plays, "" for valentin; `hall` a name.
    """

    score: Score
    engraving: Engraving
    structure: Structure
    performance: Performance
    alignment: Alignment
    beats: tuple[Beat, ...]
    cues: tuple[Cue, ...]
    whole: Clip
    without_melody: Clip | None = None
    without_bass: Clip | None = None
    ways: Ways | None = None
    title: str = ""
    by: str = ""
    hall: str = ""


@dataclass(frozen=True, slots=True)
class KeptMoment:
    """A moment that moved a listener: the number of the piece on the page, from 1; time and bar."""

    piece: int
    time_s: float
    bar: str


@dataclass(frozen=True, slots=True)
class MomentCard:
    """What a listener sends back: the page's name, its pieces' titles where known, the moments."""

    page: str
    titles: tuple[str, ...]
    moments: tuple[KeptMoment, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The pieces of the page in which something moved, in order."""
        return tuple(sorted({moment.piece for moment in self.moments}))

    def title(self, number: int) -> str:
        """The title of a piece of the page, "" where the card does not say."""
        return self.titles[number - 1] if number <= len(self.titles) else ""


def voices_played(structure: Structure, alignment: Alignment) -> dict[str, str]:
    """ "melody", "bass" or "inner" by performed note; a key that is not written is an inner one."""
    role = {name: voice.role for voice in structure.voices for name in voice.note_ids}
    pairs = (*alignment.matches, *alignment.wrong, *alignment.ornaments)
    heard = {match.performed_id: role.get(match.score_id, "") for match in pairs}
    return {name: r if r in ("melody", "bass") else "inner" for name, r in heard.items() if name}
