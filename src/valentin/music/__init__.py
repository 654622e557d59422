"""The words: small frozen types that the rooms pass to each other.

A word of many notes keeps its rows in a tuple of frozen, slotted rows. Measured on 30,000 notes
(`docs/decisions/0001-rows.md`): building takes 0.17 s and a column as an array 2–18 ms, so
no columnar store is kept beside the rows.

**Knows nothing of** files, MIDI bytes, HTTP, audio files, or any room.
"""

from valentin.music.alignment import Alignment, Match, Pause, Run
from valentin.music.columns import Grid, NoteColumns
from valentin.music.damping import damped_s
from valentin.music.duo import Contrast, Duo, DuoPoint, DuoSheet, Facet
from valentin.music.excerpts import at_tempo, bars_span, cut, only_hand, only_notes
from valentin.music.fingering import Fingering
from valentin.music.lesson import (
    BarSecurity,
    Became,
    CurvePoint,
    Curves,
    Demonstration,
    Dimension,
    Finding,
    Findings,
    Heard,
    Lesson,
    Mistake,
    Remark,
)
from valentin.music.listening import (
    MOST_CUES,
    MOST_WORDS,
    Beat,
    Cue,
    KeptMoment,
    ListeningSheet,
    MomentCard,
    Way,
    Ways,
    voices_played,
)
from valentin.music.passages import Excerpt, Foreseen, as_printed, foreseen_there
from valentin.music.performance import (
    Audio,
    KeyEvent,
    PartEvent,
    PedalEvent,
    Performance,
    PerformedNote,
    Position,
)
from valentin.music.plan import (
    GRACE_Q,
    Plan,
    PlannedPedal,
    RealisedNote,
    Shape,
    Spread,
    SpreadBand,
)
from valentin.music.practice import (
    BarPractice,
    Growth,
    Issue,
    Meant,
    PlanItem,
    PracticePlan,
    Practised,
    RemarkStory,
)
from valentin.music.score import (
    Bar,
    Engraving,
    Key,
    Mark,
    MarkKind,
    Metre,
    Ornament,
    Part,
    Score,
    ScoreNote,
    ScoreRemark,
    Section,
)
from valentin.music.sheet import Clip, Comparison, CursorStep, LessonSheet, Pulse
from valentin.music.structure import Harmony, Phrase, Structure, Voice
from valentin.music.tempo import Tempo
from valentin.music.time import TempoCurve
from valentin.music.unfolding import folded_id, rendering_of, sorted_notes, unfold
from valentin.music.written import AROUND_SEMITONES, Written, sections_of

__all__ = [
    "AROUND_SEMITONES",
    "GRACE_Q",
    "MOST_CUES",
    "MOST_WORDS",
    "Alignment",
    "Audio",
    "Bar",
    "BarPractice",
    "BarSecurity",
    "Beat",
    "Became",
    "Clip",
    "Comparison",
    "Contrast",
    "Cue",
    "CursorStep",
    "CurvePoint",
    "Curves",
    "Demonstration",
    "Dimension",
    "Duo",
    "DuoPoint",
    "DuoSheet",
    "Engraving",
    "Excerpt",
    "Facet",
    "Finding",
    "Findings",
    "Fingering",
    "Foreseen",
    "Grid",
    "Growth",
    "Harmony",
    "Heard",
    "Issue",
    "KeptMoment",
    "Key",
    "KeyEvent",
    "Lesson",
    "LessonSheet",
    "ListeningSheet",
    "Mark",
    "MarkKind",
    "Match",
    "Meant",
    "Metre",
    "Mistake",
    "MomentCard",
    "NoteColumns",
    "Ornament",
    "Part",
    "PartEvent",
    "Pause",
    "PedalEvent",
    "Performance",
    "PerformedNote",
    "Phrase",
    "Plan",
    "PlanItem",
    "PlannedPedal",
    "Position",
    "PracticePlan",
    "Practised",
    "Pulse",
    "RealisedNote",
    "Remark",
    "RemarkStory",
    "Run",
    "Score",
    "ScoreNote",
    "ScoreRemark",
    "Section",
    "Shape",
    "Spread",
    "SpreadBand",
    "Structure",
    "Tempo",
    "TempoCurve",
    "Voice",
    "Way",
    "Ways",
    "Written",
    "as_printed",
    "at_tempo",
    "bars_span",
    "cut",
    "damped_s",
    "folded_id",
    "foreseen_there",
    "only_hand",
    "only_notes",
    "rendering_of",
    "sections_of",
    "sorted_notes",
    "unfold",
    "voices_played",
]
