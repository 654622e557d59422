"""What is measured about a take, and the few things said to a person.

**Conventions.** `value`, `expected` and `spread` are in `unit`. `bars` are the first and last bar
as numbered in the score. A remark's words hold no number that is not in its finding.

**Knows nothing of** how it was measured, pages, languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from valentin.music.plan import Plan

__all__ = [
    "BarSecurity",
    "Became",
    "CurvePoint",
    "Curves",
    "Demonstration",
    "Dimension",
    "Finding",
    "Findings",
    "Heard",
    "Lesson",
    "Mistake",
    "Remark",
]

Dimension = Literal[
    "notes", "rhythm", "tempo", "dynamics", "voicing", "articulation", "pedal", "phrasing"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One measured fact. An issue is beyond the spread; the unusual is within it, or meant.

    `measure` names what was measured ("melody above accompaniment", "seconds per quarter").
    `expected_by` says whose `expected` is: what fine pianists' takes have at the median
    ("pianists"), what our own plan of this score has there ("plan"), or what the same take has
    elsewhere ("take"). `spread` is how far from such an expectation
    fine pianists' takes keep in four stretches of five; None where that was not measured.
    `confidence` is the share of the written notes concerned that were surely heard (of notes that
    differ: how sure their labels are). `weight` orders findings: how far out (0 and up; 1 is just
    worth saying). A finding whose `scope` is "piece" holds throughout; its bars are where it is
    plainest, and where to begin.
    """

    dimension: Dimension
    kind: Literal["issue", "unusual", "strength"]
    measure: str
    bars: tuple[str, str]
    start_q: Fraction
    end_q: Fraction
    note_ids: tuple[str, ...]
    value: float
    unit: str
    expected: float
    spread: float | None
    confidence: float
    weight: float = 1.0
    expected_by: Literal["pianists", "plan", "take"] = "plan"
    scope: Literal["stretch", "piece"] = "stretch"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The same bars as the student played them and as they could be, at the student's tempo."""

    as_played: Plan
    as_could_be: Plan


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said: where, why (`words`), what to do (`do`), and how it sounds.

    `since` is "new" or "again" where an earlier lesson is known.
    """

    finding: Finding
    words: str
    do: str
    demonstration: Demonstration | None = None
    since: Literal["", "new", "again"] = ""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of something that an earlier lesson said, as heard in a later take.

    `now` is the finding of the same kind in the later take, None where there is none any more.
    """

    finding: Finding
    became: Literal["resolved", "better", "open", "not played"]
    now: Finding | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A note that differs from the score, for the margin, not for a remark of its own.

    `written` is the spelling of the score note, `played` the pitch of the key struck for it,
    `fifths` the key signature there (sharps positive), by which that key is named.
    """

    label: Literal["wrong", "missed", "extra"]
    bar: str
    score_id: str
    performed_id: str
    confidence: float = 1.0
    written: str = ""
    played: int | None = None
    fifths: int = 0


@dataclass(frozen=True, slots=True)
class BarSecurity:
    """How surely one bar, as last played, is in the fingers. `stops` are breaks of the flow.

    `notes` are those that were surely right, wrong or missed; `doubtful` are written notes and keys
    struck of which nobody can say so.
    """

    bar: str
    start_q: Fraction
    end_q: Fraction
    notes: int
    right: int
    wrong: int
    missed: int
    extra: int
    stops: int
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What kind of take it is.

    `verdict` other than "judged" means that nothing may be said about any bar. `placed` is the
    share of performed notes that are written ones; `restarts` are the bars taken up again, and
    `skips` those from which the playing went on after bars were left out; `stopped` is the last bar
    reached where whole bars after it were not; `pedalled` says whether the take carries pedal that
    may be judged; a take `by_ear` was heard from a recording.
    """

    verdict: Literal["judged", "empty", "noise", "wrong piece", "too little"]
    score_notes: int
    performed_notes: int
    placed: float
    coverage: float
    hands: Literal["both", "left", "right"]
    restarts: tuple[str, ...] = ()
    pedalled: bool = False
    skips: tuple[str, ...] = ()
    stopped: str = ""
    by_ear: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything measured about one take, in no order of importance: what teaching chooses from.

    `expected_from` says what the bands of fine playing were measured from.
    """

    heard: Heard
    secure: tuple[BarSecurity, ...] = ()
    findings: tuple[Finding, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    expected_from: str = ""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One felt beat of a take, with the band of fine playing at the take's own tempo and level.

    Tempo is in felt beats per minute, loudness in velocity; None where nothing was struck.
    """

    onset_q: Fraction
    bar: str
    run: int
    tempo: float
    tempo_low: float
    tempo_high: float
    melody: float | None
    melody_low: float
    melody_high: float
    accompaniment: float | None
    accompaniment_low: float
    accompaniment_high: float


@dataclass(frozen=True, slots=True)
class Curves:
    """Tempo and loudness of a take beat by beat, run after run, for the page to draw."""

    points: tuple[CurvePoint, ...]
    expected_from: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """At most three remarks, the first one to start with; or a refusal and no claim at all.

    `since` says what became of an earlier lesson. A lesson on a `part` is on these bars alone. A
    refusal may `offer` bars that could be heard alone.
    """

    coverage: float
    refusals: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    next: str = ""
    since: tuple[Became, ...] = ()
    part: tuple[str, str] | None = None
    offer: tuple[str, str] | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        if len(self.remarks) > 3:
            raise ValueError(f"a lesson has at most three remarks, got {len(self.remarks)}")
        if self.refusals and self.remarks:
            raise ValueError("a refused lesson makes no remark")
