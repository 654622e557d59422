"""Place grace notes and rolled chords: what comes before the beat, and what takes from it.

In: a draft whose tempo stands. Out: the same with the leads and lengths of graces, of the main
notes that give way to them, and of rolled chords.

**Conventions.** Leads in seconds, + early. Graces that belong to one main note sound in the order
of the score. A lead that a rule gave to the note is kept and added to.

**Knows nothing of** ornament signs, phrases.

**Reference.** Measured on the robust train takes (least squares of log seconds, works weighing the
same; `docs/concepts/rules.md`): from Beethoven on, graces come before the beat and the main note
with the other hand; in Haydn and Mozart a single grace comes on the beat and the main note
0.05–0.10 s after it. The highest note of a roll comes with the beat.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from valentin.music import GRACE_Q, NoteColumns, Score, TempoCurve
from valentin.shaping.draft import Draft

__all__ = [
    "GRACE_S",
    "ROLL_SHARE",
    "ROOM",
    "graces_placed",
    "on_the_beat",
    "rolled",
    "rolls_of",
    "room_of",
    "with_mains",
]

Floats = npt.NDArray[np.float64]

GRACE_S, GRACE_SLASHED = 0.258, 0.66
"""Seconds of a single grace before the beat where the onset before is a second away and the main
note a quarter long, and what a stroke makes of it."""

GRACE_EASE = (0.48, 0.27)
"""Powers of the time since the onset before and of the main note's quarters with which it grows."""

FLIGHT_S = {2: 0.072, 3: 0.058}
"""Seconds a grace where there are several (more: the last)."""

ROOM = 0.6
"""Share of the time since the onset before that graces may take."""

ON_BEAT_S = 0.323
"""Seconds by which an appoggiatura on the beat delays its main note, at most half of it, where the
onsets before and after are a second away and the main note is a quarter long."""

ON_BEAT_EASE = (0.38, 0.34, 0.24)
"""Powers of the times since the onset before and to the next, and of the main note's quarters."""

ON_BEAT = ("bach", "handel", "haendel", "scarlatti", "couperin", "rameau", "purcell", "telemann",
           "haydn", "mozart", "soler", "clementi", "galuppi")  # fmt: skip
"""Composers whose single graces fall on the beat, and whose trills begin above."""

ROLL_S, ROLL_EASE = 0.36, 0.4
"""Seconds of a rolled chord from first to last where the next onset is a second away, and the power
with which they grow with that time; how many notes there are changes little."""

ROLL_SHARE = 0.8
"""Share of the time since the onset before that a roll may take."""

LEAST_S = 0.03
"""Seconds below which times between onsets count as this much."""


def on_the_beat(composer: str) -> bool:
    """Whether this composer's single graces fall on the beat and trills begin above."""
    return any(name in composer.lower() for name in ON_BEAT)


def graces_placed(score: Score, notes: NoteColumns, draft: Draft) -> Draft:
    """Graces before their main note, each held into the next."""
    lead, hold = draft.lead_s.copy(), draft.articulation.copy()
    room_s, next_s = room_of(notes, draft)
    early = on_the_beat(score.composer)
    for members, mains in with_mains(notes):
        group, count = int(notes.group[members[0]]), len(members)
        spq, room, after = (float(c[group]) for c in (draft.seconds_per_quarter, room_s, next_s))
        main_q = float(notes.duration_q[mains].min()) if mains else 1.0
        kind = score.notes[members[0]].grace
        step = min(_step_s(count, room, main_q, kind == "acciaccatura"), ROOM * room / count)
        late = 0.0
        if early and count == 1 and mains and kind != "nachschlag":
            powers = zip((room, after, main_q), ON_BEAT_EASE, strict=True)
            usual = ON_BEAT_S * float(np.prod([max(x, LEAST_S) ** p for x, p in powers]))
            late = step = min(usual, 0.5 * spq * main_q)
            for main in mains:
                lead[main] = draft.lead_s[main] - late
                nominal = spq * float(notes.duration_q[main])
                hold[main] *= max(0.3, 1.0 - late / max(nominal, 1e-3))
        own = max((float(draft.lead_s[m]) for m in mains), default=0.0)
        for k, i in enumerate(members):
            lead[i] = own + (count - k) * step - late
            hold[i] = 1.05 * step / (float(GRACE_Q) * spq)
    return replace(draft, lead_s=lead, articulation=hold)


def _step_s(count: int, room_s: float, main_q: float, slashed: bool) -> float:
    """Seconds a grace before the beat."""
    if count > 1:
        return FLIGHT_S[min(count, 3)]
    by_room, by_length = GRACE_EASE
    share = math.pow(max(room_s, LEAST_S), by_room) * math.pow(max(main_q, LEAST_S), by_length)
    return GRACE_S * share * (GRACE_SLASHED if slashed else 1.0)


def with_mains(notes: NoteColumns) -> Iterator[tuple[list[int], list[int]]]:
    """Graces of one main note, in order, and the main notes (a chord has several)."""
    rows: dict[tuple[int, int, int, int], list[int]] = defaultdict(list)
    for i in np.flatnonzero(notes.grace).tolist():
        rows[_place(notes, i)].append(i)
    mains: dict[tuple[int, int, int, int], list[int]] = defaultdict(list)
    groups = {key[0] for key in rows}
    for i in np.flatnonzero(np.isin(notes.group, list(groups)) & ~notes.grace).tolist():
        mains[_place(notes, i)].append(i)
    for key, members in rows.items():
        yield members, mains[key]


def _place(notes: NoteColumns, i: int) -> tuple[int, int, int, int]:
    return int(notes.group[i]), int(notes.part[i]), int(notes.staff[i]), int(notes.voice[i])


def room_of(notes: NoteColumns, draft: Draft) -> tuple[Floats, Floats]:
    """Seconds since the group before and to the next; a second where there is none."""
    onset_s = TempoCurve(notes.onsets_q, draft.seconds_per_quarter).seconds(notes.onsets_q)
    gaps = np.concatenate([[1.0], np.diff(onset_s), [1.0]])
    return gaps[:-1], gaps[1:]


def rolls_of(score: Score, notes: NoteColumns) -> Iterator[list[int]]:
    """The notes of each rolled chord in the order of the roll, graces apart."""
    row = {note.id: i for i, note in enumerate(score.notes)}
    for mark in (mark for mark in score.marks if mark.kind == "arpeggio"):
        chords: dict[int, list[int]] = defaultdict(list)
        for i in (row[n] for n in mark.note_ids if n in row):
            if not notes.grace[i]:
                chords[int(notes.group[i])].append(i)
        sign = -1 if mark.text == "down" else 1
        for members in chords.values():
            yield sorted(members, key=lambda i: sign * int(notes.pitch[i]))


def rolled(score: Score, notes: NoteColumns, draft: Draft) -> Draft:
    """Rolled chords, the last note with the beat; two signs side by side roll at the same time."""
    lead = draft.lead_s.copy()
    room_s, next_s = room_of(notes, draft)
    for order in rolls_of(score, notes):
        group, count = int(notes.group[order[0]]), len(order)
        usual = ROLL_S * max(float(next_s[group]), LEAST_S) ** ROLL_EASE
        step = min(usual, ROLL_SHARE * float(room_s[group])) / max(count - 1, 1)
        own = float(draft.lead_s[order[-1]])
        for k, i in enumerate(order):
            lead[i] = own + (count - 1 - k) * step
    return replace(draft, lead_s=lead)
