"""Note heads → score notes: ties summed, graces, hands.

In: `Head` rows and ties. Out: the notes of the score, and which note each head belongs to.

**Conventions.** A tie joins two heads of one pitch where the second begins as the first ends; the
note keeps the id of its first head. A tie over a jump (into a second ending) joins nothing here:
both notes stay, and the second is `entered`, for unfolding to join. A grace note tied to its main
note is that note. The hand is the home staff of the voice: a voice that crosses staves keeps its
hand.

**Knows nothing of** repeats, marks, pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from valentin.music import ScoreNote, sorted_notes
from valentin.music.score import Grace, Hand
from valentin.reading.frame import Measure, Stave
from valentin.reading.layers import AFTER, Head
from valentin.reading.mei_tree import id_of, references
from valentin.reading.pitches import sounding

__all__ = ["Resolved", "resolved", "ties_of"]

_HIGHEST = 127


@dataclass(frozen=True, slots=True)
class Resolved:
    """The notes, sorted; the note that every head belongs to.

    `loose` are the heads whose tie joins nothing, `entered` those that a second tie of one head
    leads to, `beyond` those of a pitch that no key has.
    """

    notes: tuple[ScoreNote, ...]
    owners: Mapping[str, str]
    loose: tuple[str, ...]
    entered: frozenset[str]
    beyond: tuple[str, ...]


def ties_of(measures: Sequence[Measure]) -> list[tuple[str, str]]:
    """(first, second) head ids of every tie of MEI; a tie that is left open has "" for second."""
    pairs = []
    for measure in measures:
        for tie in measure.element.iter("tie"):
            first, second = references(tie, "startid"), references(tie, "endid")
            if first and not (tie.get("tstamp2") and not second):
                pairs.append((first[0], second[0] if second else ""))
    return pairs


def resolved(
    heads: Sequence[Head],
    ties: Iterable[tuple[str, str]],
    alters: Mapping[str, int] | None = None,
    octaves: Mapping[str, int] | None = None,
) -> Resolved:
    """Heads joined to notes; `alters` and `octaves` are what the file leaves to the reader."""
    by_id = {id_of(h.element): h for h in heads}
    pitches: dict[str, tuple[int, str]] = {}
    for name, head in by_id.items():
        alter = (alters or {}).get(name)
        pitches[name] = sounding(head.element, head.stave, alter, (octaves or {}).get(name, 0))
    ties = tuple(ties)
    after, loose = _joined(by_id, {name: pitch for name, (pitch, _) in pitches.items()}, ties)
    owners: dict[str, str] = {}
    rows = []
    ends = set(after.values())
    beyond = [name for name, (pitch, _) in pitches.items() if not 0 <= pitch <= _HIGHEST]
    for name in by_id:
        if name in ends or name in beyond:
            continue
        chain = [name]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        owners |= dict.fromkeys(chain, name)
        row = [by_id[i] for i in chain]
        rows.append(_note(name, row, pitches[name]))
    entered = frozenset(b for a, b in ties if b in by_id and b not in ends and a in after)
    return Resolved(sorted_notes(rows), owners, tuple(loose), entered, tuple(beyond))


def _joined(
    heads: Mapping[str, Head], pitches: Mapping[str, int], ties: Iterable[tuple[str, str]]
) -> tuple[dict[str, str], list[str]]:
    """Which head follows which, and the ties that lead nowhere, by their first head."""
    after: dict[str, str] = {}
    taken: set[str] = set()
    waiting: list[str] = []
    for first, second in sorted(ties, key=lambda tie: not tie[1]):
        one = heads.get(first)
        if one is None or first in after:
            continue
        two = heads.get(second) or _next(one, heads, pitches, taken)
        fits = two is not None and one.onset_q + one.duration_q == two.onset_q
        name = id_of(two.element) if two is not None else ""
        if fits and name != first and pitches[first] == pitches[name] and name not in taken:
            after[first] = name
            taken.add(name)
        else:
            waiting.append(first)
    return after, waiting


def _next(
    one: Head, heads: Mapping[str, Head], pitches: Mapping[str, int], taken: set[str]
) -> Head | None:
    """Where a tie that was left open can lead: the same key, struck as it ends."""
    end, pitch = one.onset_q + one.duration_q, pitches[id_of(one.element)]
    for name, head in heads.items():
        there = head.onset_q == end and head.stave.part == one.stave.part and not head.grace
        if there and pitches[name] == pitch and name not in taken and head is not one:
            return head
    return None


def _note(name: str, chain: Sequence[Head], pitch: tuple[int, str]) -> ScoreNote:
    head = next((h for h in chain if not h.grace), chain[0])
    stave = chain[0].stave
    return ScoreNote(
        id=name,
        part=stave.part,
        onset_q=head.onset_q,
        duration_q=sum((h.duration_q for h in chain), Fraction(0)),
        pitch=pitch[0],
        spelling=pitch[1],
        staff=chain[0].printed - stave.n + stave.place,
        voice=chain[0].layer,
        hand=_hand(stave),
        grace=_grace(head.grace),
        hidden=chain[0].hidden,
        small=chain[0].small and not chain[0].hidden,
    )


def _hand(stave: Stave) -> Hand:
    if stave.of < 2:
        return ""
    if stave.place == 1:
        return "right"
    return "left" if stave.place == stave.of else ""


def _grace(sign: str) -> Grace:
    if not sign:
        return ""
    if sign == AFTER:
        return "nachschlag"
    return "appoggiatura" if sign == "acc" else "acciaccatura"
