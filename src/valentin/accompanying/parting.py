"""Who plays and who accompanies: a score in two, the soloist's notes and all others.

In: a Score and the name of a part, or a hand. Out: two Scores of the same bars and marks.

**Conventions.** A part is named by its id or by words of its name, in any case; where nothing is
named the soloist is the one part that is a piano. A note with no hand given goes by its staff (1 is
right). What is printed small for the soloist to read along with the others is a cue of theirs, and
nobody plays it.

**Knows nothing of** when anything sounds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Literal

from valentin.errors import MusicError
from valentin.music import Part, Score, ScoreNote

__all__ = ["Hand", "apart", "hands_apart", "live_of", "solo_apart", "soloist_of"]

Hand = Literal["left", "right"]

PIANO = re.compile(r"(?i)(?<![^\W_])(?:piano\w*|klavier|fl[üu]gel|clavier)(?![^\W_])")


def soloist_of(score: Score, name: str = "") -> Part:
    """The part that plays the solo. Raises MusicError where no part, or more than one, is meant."""
    sounding = {note.part for note in score.notes}
    parts = [part for part in score.parts if part.id in sounding]
    if name:
        named = [p for p in parts if name.casefold() in (p.id.casefold(), p.name.casefold())]
        named = named or [p for p in parts if name.casefold() in p.name.casefold()]
        if len(named) == 1:
            return named[0]
        found = "several parts have" if named else "no part has"
        raise MusicError(
            f"Finding the soloist: {found} the name {name!r}; choose one of {_listed(parts)}."
        )
    pianos = _pianos(parts)
    if len(pianos) == 1:
        return pianos[0]
    found = "several parts are" if pianos else "no part is"
    raise MusicError(
        f"Finding the soloist: {found} a piano; say whose the solo is, one of {_listed(parts)}."
    )


def solo_apart(score: Score, name: str = "") -> tuple[Score, Score]:
    """The soloist's part and the orchestra's. Raises MusicError where there is no orchestra."""
    part = soloist_of(score, name)
    if all(note.part == part.id for note in score.notes):
        raise MusicError(
            f"Accompanying {part.name or 'the solo'}: the score has no other part, so there is no "
            "orchestra; give a score with one, or say which hand is live."
        )
    cued = _cued(score, part)
    solo = _only(score, lambda n: n.part == part.id and n.id not in cued)
    return solo, _only(score, lambda n: n.part != part.id)


def apart(score: Score, name: str = "", hand: Hand | None = None) -> tuple[Score, Score]:
    """Who is live and who accompanies: a hand and the other, or a part and the orchestra."""
    return hands_apart(score, hand) if hand else solo_apart(score, name)


def live_of(score: Score, name: str = "", hand: Hand | None = None) -> Score:
    """What the live player has of the score: a hand, a part, or all where all parts are a piano."""
    if hand:
        return hands_apart(score, hand)[0]
    others = {note.part for note in score.notes} - {p.id for p in _pianos(score.parts)}
    return solo_apart(score, name)[0] if name or others else score


def hands_apart(score: Score, live: Hand) -> tuple[Score, Score]:
    """The hand that is live and the one that follows. Raises MusicError where one has no notes."""

    def is_live(note: ScoreNote) -> bool:
        return (note.hand or ("right" if note.staff == 1 else "left")) == live

    both = _only(score, is_live), _only(score, lambda n: not is_live(n))
    if not both[0].notes or not both[1].notes:
        lacking = live if not both[0].notes else ("left" if live == "right" else "right")
        raise MusicError(
            f"Accompanying the {live} hand: the score has no notes for the {lacking} hand; give a "
            "score on two staves."
        )
    return both


def _pianos(parts: Sequence[Part]) -> list[Part]:
    """Parts that are called a piano; else those on two staves; else a part alone."""
    named = [p for p in parts if PIANO.search(p.name)]
    named = named or [p for p in parts if p.staves == 2]
    return named or [p for p in parts if len(parts) == 1]


def _cued(score: Score, part: Part) -> set[str]:
    """The soloist's notes that are the orchestra's, printed for him to read along.

    They are in bars in which all he has is printed small while others play; or small and struck by
    others too; or before his first own note, if there is anything small.
    """
    starts = [bar.start_q for bar in score.bars] or [score.notes[0].onset_q]

    def bar_of(note: ScoreNote) -> int:
        return bisect_right(starts, note.onset_q) - 1

    busy = {bar_of(n) for n in score.notes if n.part != part.id}
    struck = {(n.onset_q, n.pitch % 12) for n in score.notes if n.part != part.id}
    own = [n for n in score.notes if n.part == part.id]
    large = {bar_of(n) for n in own if not n.small and not n.grace}
    doubled = {n.id for n in own if (n.onset_q, n.pitch % 12) in struck}
    small = {n.id for n in own if n.small and not n.grace}
    before = list(takewhile(lambda n: n.id in small | doubled, (n for n in own if not n.grace)))
    return (
        {n.id for n in own if bar_of(n) in busy and bar_of(n) not in large}
        | (small & doubled)
        | ({n.id for n in before} if any(n.small for n in before) else set())
    )


def _only(score: Score, wanted: Callable[[ScoreNote], bool]) -> Score:
    notes = tuple(note for note in score.notes if wanted(note))
    kept = {note.id for note in notes}
    marks = tuple(m for m in score.marks if not m.note_ids or kept.intersection(m.note_ids))
    return replace(score, notes=notes, marks=marks)


def _listed(parts: list[Part]) -> str:
    return ", ".join(f"{part.name or 'without a name'} ({part.id})" for part in parts)
