"""The score as written: notes, marks, bars, and the order in which its sections are played.

**Conventions.** Score time is in quarter notes, an exact `Fraction`, 0 at the start of the first
bar as printed (a pickup starts at 0 too). A tied chain is one note with the id of its first note.
A grace note has the onset of its main note and duration 0; a nachschlag, which closes the note
before it (a trill, say), stands where that note ends, or a hair before where a section ends there
too, so that it belongs to its section. Pitch is the sounding MIDI number (8va and transposition
resolved). In an unfolded score the K-th rendering of note `n12` has the id `n12-K`, written always,
from 1.

**Knows nothing of** files, seconds, performers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from valentin.errors import MusicError

__all__ = [
    "Bar",
    "Engraving",
    "Key",
    "Mark",
    "MarkKind",
    "Metre",
    "Ornament",
    "Part",
    "Score",
    "ScoreNote",
    "ScoreRemark",
    "Section",
]

Hand = Literal["left", "right", ""]
Grace = Literal["", "acciaccatura", "appoggiatura", "nachschlag"]
OrnamentKind = Literal[
    "trill", "mordent", "inverted-mordent", "turn", "inverted-turn", "slide", "tremolo"
]
MarkKind = Literal[
    "dynamic",  # text: p, mf, ff, sfz, fp …
    "hairpin",  # text: crescendo | diminuendo (words "cresc." and "dim." too); end_q where it ends
    "slur",  # note_ids: first and last note
    "articulation",  # text: staccato, staccatissimo, tenuto, accent, marcato, portato, stress
    "fermata",  # text: "barline" where it stands on the bar line that ends at start_q, else ""
    "breath",
    "arpeggio",  # note_ids: the notes rolled; text: up | down
    "glissando",  # note_ids: first and last note
    "tempo",  # text as printed; value: quarters per minute where a metronome mark gives it
    "playback-tempo",  # text: the tempo word there or ""; value: quarters per minute of the file's
    # own playback, where no metronome mark is printed
    "pedal",  # text: down | up | change | half; without (none until the next) | free (as one likes)
    "una-corda",  # text: una corda | tre corde
    "sostenuto",  # the middle pedal; text: down | up
    "fingering",  # text: the printed finger, "4-1" where it changes on the key; note_ids: its note
    "words",  # any other expression words, as printed
]


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument of the score and how many staves it is written on."""

    id: str
    name: str
    staves: int = 2


@dataclass(frozen=True, slots=True)
class Ornament:
    """A sign on a note that asks for more notes.

    `above` and `below` are the printed accidentals (semitones of alteration) of the auxiliary
    notes, None where the key decides. `strokes` is the number of beams of a tremolo.
    `spelled_out` says that hidden notes of the score play the ornament already. A tremolo that is
    `alternating` goes to and fro between this note's chord and the one beside it that is so too.
    """

    kind: OrnamentKind
    above: int | None = None
    below: int | None = None
    strokes: int = 0
    spelled_out: bool = False
    alternating: bool = False


@dataclass(frozen=True, slots=True)
class ScoreNote:
    """One note as written, ties summed.

    A `hidden` note is in the file but not in print: it sounds, and mostly spells out an ornament.
    A `small` one is printed small: a cadenza or filigree, or a cue of what others play.
    A `tied` one goes on with a note of its key where the way through the repeats brings one (into
    a second ending), and is struck where it brings none. `passes` are the times through its section
    on which it sounds, counted from 1; none are named where it always does.
    """

    id: str
    part: str
    onset_q: Fraction
    duration_q: Fraction
    pitch: int
    spelling: str  # "Eb5": step, accidentals (# b, doubled as ## bb), octave
    staff: int  # 1 is the top staff of the part
    voice: int
    hand: Hand = ""
    grace: Grace = ""
    ornament: Ornament | None = None
    hidden: bool = False
    small: bool = False
    tied: bool = False
    passes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.pitch <= 127:
            raise MusicError(f"note {self.id}: pitch {self.pitch} is not a key", note=self.id)
        if self.duration_q < 0:
            raise MusicError(f"note {self.id} lasts {self.duration_q} quarters", note=self.id)


@dataclass(frozen=True, slots=True)
class Mark:
    """A written instruction: dynamics, hairpins, slurs, articulation, tempo, pedal, words."""

    kind: MarkKind
    text: str
    start_q: Fraction
    end_q: Fraction  # equal to start_q where the mark is a point
    part: str = ""
    staff: int = 0  # 0: the whole part
    note_ids: tuple[str, ...] = ()
    value: float | None = None

    def __post_init__(self) -> None:
        if self.end_q < self.start_q:
            raise MusicError(f"{self.kind} {self.text!r} at quarter {self.start_q} ends before it")


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature from `start_q` on; `beat_quarters` is the felt beat (1.5 in 12/8)."""

    start_q: Fraction
    bar_quarters: Fraction
    beat_quarters: Fraction
    signature: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key signature from `start_q` on: sharps positive, flats negative."""

    start_q: Fraction
    fifths: int
    mode: Literal["major", "minor", ""] = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `id` names it in the Engraving, `number` is the one printed."""

    id: str
    number: str
    start_q: Fraction
    length_q: Fraction


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of bars between two repeat signs of any kind (repeats, voltas, segno, coda)."""

    start_q: Fraction
    end_q: Fraction


@dataclass(frozen=True, slots=True)
class ScoreRemark:
    """What the reader guessed or could not understand, and where: data, never a warning."""

    kind: Literal["guessed", "left-out", "odd"]
    words: str
    bar: str = ""
    start_q: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Score:
    """A score as written. `order` lists the sections as they are to be played.

    Notes are sorted by (onset_q, grace first, part, staff, pitch, id). `unfolded` says whether
    the repeats have been written out (ids then end in `-K`).
    """

    title: str
    composer: str
    parts: tuple[Part, ...]
    notes: tuple[ScoreNote, ...]
    marks: tuple[Mark, ...] = ()
    metres: tuple[Metre, ...] = ()
    bars: tuple[Bar, ...] = ()
    keys: tuple[Key, ...] = ()
    sections: tuple[Section, ...] = ()
    order: tuple[int, ...] = ()
    remarks: tuple[ScoreRemark, ...] = ()
    unfolded: bool = False

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for note in self.notes:
            if note.id in seen:
                raise MusicError(f"two notes share the id {note.id}", note=note.id)
            seen.add(note.id)
        if any(not 0 <= i < len(self.sections) for i in self.order):
            raise MusicError(f"the order {self.order} names a section that is not there")

    @property
    def end_q(self) -> Fraction:
        """End of the last bar, or of the last note where bars are not known."""
        ends = [bar.start_q + bar.length_q for bar in self.bars[-1:]]
        late = float(max(ends, default=Fraction(0))) - 1e-6  # exact sums only for those near it
        for note in self.notes:
            if float(note.onset_q) + float(note.duration_q) > late:
                ends.append(note.onset_q + note.duration_q)
        return max(ends, default=Fraction(0))


@dataclass(frozen=True, slots=True)
class Engraving:
    """What the page draws: the MEI text from the same load, with the same note and bar ids."""

    mei: str = field(repr=False)
