"""The straight lines of playing together: one plays, the orchestra (or the other hand) listens.

    Score ─accompanying→ live + others ─(pianist: intention)→ Plan ─performing→ orchestra ─→ Stand
    KeyEvent ─following→ Position ─accompanying→ PartEvents

**Conventions.** `wish.hand` is the hand that is live; without it the solo part is, by default the
piano. `wish.bars` are those that are rehearsed.

**Knows nothing of** HTTP and argv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from valentin import accompanying, following, performing, pianist, shaping
from valentin.accompanying import Doing, Rehearsal, Stand
from valentin.errors import TakeError
from valentin.music import (
    Audio,
    Part,
    PartEvent,
    Performance,
    PerformedNote,
    Plan,
    Score,
    TempoCurve,
    only_notes,
    unfold,
)
from valentin.pianist import Wish

__all__ = [
    "Doing",
    "PartEvent",
    "Rehearsal",
    "Together",
    "Voice",
    "accompany",
    "is_alone",
    "rehearsal",
    "together",
    "voice_sound",
    "voice_take",
]

PLAYER, SCOUTED = "player", 16
"""The part of who is accompanied, and the keys from which it is seen where a take begins."""
VOICE_S, TAKEN_S, VOICE_VELOCITY = 6.0, 8.0, 80
"""How long a note of a voice is held, seconds from one to the next, and how it is struck."""
VOICE_STEP = 3
"""Semitones from one note of a voice to the next: those between are bent by one at most."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Parts of the same name, and the notes that must be there to play them."""

    name: str
    parts: tuple[str, ...]
    pitches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What a soloist and an orchestra need: `live` is the folded score of who is live."""

    live: Score
    stand: Stand
    start_q: Fraction  # of the unfolded score
    start_p: float  # of the plan
    voices: tuple[Voice, ...]
    soloist: str  # who is live, in a word


def together(score: Score, wish: Wish, solo: str = "") -> Together:
    """Everything laid out for an evening of the (folded) score.

    Raises MusicError where nobody is live or nobody accompanies.
    """
    live, others = accompanying.apart(score, solo, wish.hand)
    unfolded = unfold(score)
    ours = only_notes(pianist.intention(unfolded, wish), {n.id for n in unfold(others).notes})
    ours = accompanying.yielding(ours, shaping.plan_score(unfolded))
    plan = pianist.part_of(unfolded, ours, replace(wish, hand=None))
    start_q = plan.onsets_q[0] if wish.bars else Fraction(0)
    stand = _stand(unfolded, plan, live, start_q)
    soloist = f"{wish.hand} hand" if wish.hand else accompanying.soloist_of(score, solo).name
    return Together(live, stand, start_q, plan.start_s, _voices(score, stand), soloist or "solo")


def is_alone(score: Score) -> bool:
    """Whether the (folded) score has nobody but the pianist: then a hand is live."""
    return accompanying.live_of(score) is score


def _stand(unfolded: Score, plan: Plan, live: Score, start_q: Fraction) -> Stand:
    orchestra = performing.perform(unfolded, plan)
    return Stand.of(orchestra, TempoCurve.of(plan), unfold(live), start_q)


def rehearsal(evening: Together) -> Rehearsal:
    """A rehearsal that may begin: nobody has played yet."""
    ear = following.Follower(evening.live, evening.start_q).hear
    return Rehearsal(evening.stand, ear, evening.start_p)


def accompany(score: Score, take: Performance | None, wish: Wish, solo: str = "") -> Performance:
    """A take and the orchestra of the (folded) score, or the other hand, which hears it live.

    With no take the orchestra plays alone. Raises TakeError for a take of another piece.
    """
    if take is None:
        return _alone(score, wish, solo)
    evening = together(score, wish, solo)
    heard = list(following.follow(evening.live, pianist.keys_of(take)))
    if strange := following.strangeness(heard):
        raise TakeError(
            f"Accompanying: the take seems to be of another piece or part: {strange}; give the "
            "score that was played, with --solo or --hands for who played.",
            evidence=strange,
        )
    scouted = heard[:SCOUTED]
    start_p = evening.start_p if wish.bars else accompanying.begins_p(evening.stand, scouted)
    player = replace(take, parts=(), notes=tuple(replace(n, part=PLAYER) for n in take.notes))
    ear = following.Follower(evening.live, evening.start_q).hear
    played = accompanying.accompanied(evening.stand, player, ear, start_p, waits=wish.hand is None)
    return replace(played, parts=(*score.parts, Part(PLAYER, "Piano")))


def _alone(score: Score, wish: Wish, solo: str) -> Performance:
    _, others = accompanying.apart(score, solo, wish.hand)
    unfolded = unfold(score)
    theirs = only_notes(pianist.intention(unfolded, wish), {n.id for n in unfold(others).notes})
    plan = pianist.part_of(unfolded, theirs, replace(wish, hand=None))
    return pianist.rendered(unfolded, plan).performance


def _voices(score: Score, stand: Stand) -> tuple[Voice, ...]:
    names = {part.id: part.name for part in score.parts}
    parts: dict[str, dict[str, set[int]]] = {}
    for note in stand.notes:
        parts.setdefault(names.get(note.part, ""), {}).setdefault(note.part, set()).add(note.pitch)
    return tuple(
        Voice(name, tuple(own), _spaced(sorted(set().union(*own.values()))))
        for name, own in parts.items()
    )


def _spaced(pitches: Sequence[int]) -> tuple[int, ...]:
    """Pitches of which each of these is at most one semitone from one."""
    kept: list[int] = []
    for pitch in pitches:
        if not kept or pitch > kept[-1] + VOICE_STEP // 2:
            kept.append(min(pitch + VOICE_STEP // 2, 127))
    return tuple(kept)


def voice_take(voice: Voice) -> Performance:
    """The notes of a voice one after another, each `TAKEN_S` after the last, to be recorded."""
    part = Part(voice.parts[0], voice.name, 1)
    notes = tuple(
        PerformedNote(f"v{i}", part.id, i * TAKEN_S, i * TAKEN_S + VOICE_S, pitch, VOICE_VELOCITY)
        for i, pitch in enumerate(voice.pitches)
    )
    return Performance(notes, parts=(part,))


def voice_sound(voice: Voice) -> Audio:
    """The notes of a voice in one channel: on its instrument where a soundfont has it."""
    audio = pianist.sound(voice_take(voice))
    return replace(audio, samples=audio.samples.mean(axis=1, keepdims=True))
