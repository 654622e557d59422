"""What was heard, heard again with the score in hand: ghosts go, soft notes come, doubt is told.

In: a raw Performance, the notes too faint to be in it, the Score (unfolded as played) and the
Alignment of the two. Out: a Performance to be aligned again (`informed`), and that second Alignment
with what nobody can decide moved to its *unsure* (`settled`).

**Conventions.** A note's confidence is the belief of the network that its key went down. The score
weighs in only where the sound is doubtful: an expected note needs less belief than one that the
score contradicts, and that one the more where there is an innocent reason for it, the same string
still ringing or a louder key of which it is an overtone. What was clearly struck stays, written or
not; what was not heard at all is never put in.

**Knows nothing of** sound, networks, how an alignment is found.

**Reference.** Two passes as in S. Wang, S. Ewert, S. Dixon, "Identifying missing and extra notes in
piano recordings using score-informed dictionary learning", IEEE/ACM TASLP 25 (2017); theirs takes
spectra apart, ours asks a network that has listened already. Thresholds: `bench.hearing_doubts`.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from valentin.hearing.informing_places import Due, dues
from valentin.music import Alignment, Match, Performance, PerformedNote, Score

__all__ = ["informed", "settled"]

EXPECTED, HARDLY = 0.15, 0.02
"""Belief from which an expected note was struck, and below which it was not; between: unsure."""

STRUCK, GHOST = 0.5, 0.3
"""The same for a note that the score contradicts: named when it was rather struck than not."""

REASON, OCTAVE = math.log(4), math.log(500)
"""What an innocent reason takes off the log odds that a contradicted note was struck. The second
partial is the one that sounds most like a key: on real pianos it was heard with beliefs of .99."""

DOUBLED_S = 0.08
"""Seconds within which one key is not struck twice."""

TOGETHER_S, RINGING_S = 0.06, 3.0
"""Onsets this close are one; a string still tells of itself so long after it was struck."""

SWAPPED_S = 0.5
"""Seconds within which a ghost may have been taken for the written note, and the note for extra."""

OVERTONES = (12, 19, 24, 28, 31, 34, 36)
"""Semitones from a key to its second to eighth partials."""

NEARLY = 10
"""Velocity by which a key may seem softer and still be the reason: that is how well it is heard."""

Notes = Sequence[PerformedNote]


def informed(
    performance: Performance, faint: Notes, score: Score, alignment: Alignment
) -> Performance:
    """The take as it was probably played, its notes renamed in their order."""
    against = _in_question(performance.notes, alignment)
    notes = [_weighed(n, performance.notes) if n.id in against else n for n in performance.notes]
    notes = [n for n in notes if n.id not in against or n.confidence >= GHOST]
    for due in sorted(dues(score, performance, alignment), key=lambda due: due.at_s):
        found = _likeliest(due, faint)
        if found and found.confidence >= EXPECTED and not _doubled(found, notes):
            notes.append(found)
    notes.sort(key=lambda note: (note.onset_s, note.pitch))
    return replace(
        performance, notes=tuple(replace(note, id=f"p{i}") for i, note in enumerate(notes))
    )


def settled(
    alignment: Alignment, performance: Performance, faint: Notes, score: Score
) -> Alignment:
    """The alignment of what `informed` gave: keys and notes that are in doubt are *unsure*."""
    belief = {note.id: note.confidence for note in performance.notes}

    def doubted(match: Match) -> bool:
        return belief[match.performed_id] < STRUCK

    keys = [m for m in (*alignment.wrong, *alignment.extra) if doubted(m)]
    silent = {due.score_id: due.run for due in dues(score, performance, alignment)
              if (found := _likeliest(due, faint)) and found.confidence >= HARDLY}  # fmt: skip
    silent |= {m.score_id: m.run for m in keys if m.score_id}
    struck = tuple(m for m in alignment.wrong if not doubted(m))
    taken = {m.score_id for m in struck}
    return replace(
        alignment,
        wrong=struck,
        extra=tuple(m for m in alignment.extra if not doubted(m)),
        missed=tuple(m for m in alignment.missed if m.score_id not in silent),
        unsure=(
            *alignment.unsure,
            *(replace(m, score_id="", confidence=belief[m.performed_id]) for m in keys),
            *(Match(i, "", run, 0.5) for i, run in silent.items() if i not in taken),
        ),
    )


def _in_question(notes: Notes, alignment: Alignment) -> set[str]:
    """The keys that the score contradicts, and those that may hold the place of one of them."""
    against = {m.performed_id for m in (*alignment.extra, *alignment.wrong)}
    return {
        other.id
        for note in notes
        if note.id in against
        for other in _between(notes, note.onset_s - SWAPPED_S, note.onset_s + SWAPPED_S)
        if other.id == note.id or other.pitch == note.pitch
    }


def _weighed(note: PerformedNote, notes: Notes) -> PerformedNote:
    """The note with what is left of its belief where the score does not write it."""
    if _rival(note, notes):
        return replace(note, confidence=0.0)
    odds = _log_odds(note.confidence) - _innocence(note, notes)
    return replace(note, confidence=1 / (1 + math.exp(-odds)))


def _log_odds(belief: float) -> float:
    belief = min(max(belief, 1e-6), 1 - 1e-6)
    return math.log(belief / (1 - belief))


def _rival(note: PerformedNote, notes: Notes) -> bool:
    """Whether the same key was heard, more surely, at almost the same time."""
    return any(
        other.pitch == note.pitch
        and other.id != note.id
        and (other.confidence, other.velocity) > (note.confidence, note.velocity)
        for other in _between(notes, note.onset_s - DOUBLED_S, note.onset_s + DOUBLED_S)
    )


def _innocence(note: PerformedNote, notes: Notes) -> float:
    """What a string still ringing or a louder key's overtone speaks against the note, in nats."""
    against = 0.0
    for other in _between(notes, note.onset_s - RINGING_S, note.onset_s + TOGETHER_S):
        if other.velocity < note.velocity - NEARLY or other.id == note.id:
            continue
        above = note.pitch - other.pitch
        together = abs(other.onset_s - note.onset_s) <= TOGETHER_S
        if above == OVERTONES[0] and together:
            against = OCTAVE
        elif (above in OVERTONES and together) or (
            above == 0 and other.onset_s < note.onset_s - DOUBLED_S
        ):
            against = max(against, REASON)
    return against


def _between(notes: Notes, start_s: float, end_s: float) -> Notes:
    """The notes, which are in order, with their onset between these times."""
    first = bisect_left(notes, start_s, key=lambda note: note.onset_s)
    return notes[first : bisect_right(notes, end_s, key=lambda note: note.onset_s)]


def _likeliest(due: Due, faint: Notes) -> PerformedNote | None:
    """Of the faint notes that could be it, the one most believed in."""
    near = _between(faint, due.at_s - due.slack_s, due.at_s + due.slack_s)
    return max((n for n in near if n.pitch == due.pitch), key=lambda n: n.confidence, default=None)


def _doubled(note: PerformedNote, notes: Notes) -> bool:
    """Whether the same key is there already."""
    return any(
        other.pitch == note.pitch and abs(other.onset_s - note.onset_s) <= DOUBLED_S
        for other in notes
    )
