"""Some bars of a score as a score of their own, and what was foreseen of the whole cut to them.

**Conventions.** A passage begins at quarter 0 and is one section, its bars as printed, without
repeats. What is foreseen of its notes was foreseen in the whole score: who begins at bar 20 does
not begin the piece there. A note held over the last bar line ends with it; a mark that needs notes
outside is left out; the dynamic and the tempo in force where it begins stand at its beginning.

**Knows nothing of** how anything was foreseen or aligned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from valentin.music.alignment import Alignment
from valentin.music.excerpts import bars_span, cut
from valentin.music.performance import Performance
from valentin.music.plan import Plan, Spread
from valentin.music.score import Key, Mark, Metre, Score, ScoreNote, Section
from valentin.music.structure import Harmony, Phrase, Structure
from valentin.music.unfolding import folded_id, rendering_of, unfold

__all__ = ["Excerpt", "Foreseen", "as_printed", "foreseen_there"]

_AROUND_S = 0.05
"""Seconds around the first and the last key of a passage: its chords are not struck at once."""
_IN_FORCE = ("dynamic", "tempo", "playback-tempo", "una-corda")

Row = TypeVar("Row", Key, Metre)
Span = TypeVar("Span", Phrase, Harmony)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is known of an unfolded score before a take is heard; the plan is our own."""

    structure: Structure
    plan: Plan
    spread: Spread


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some bars of a (folded) score, first and last as printed.

    Raises MusicError for bars that are not there.
    """

    whole: Score
    bars: tuple[str, str]

    def __post_init__(self) -> None:
        bars_span(self.whole, *self.bars)

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Where they begin and end in the whole score as printed, in quarters."""
        return bars_span(self.whole, *self.bars)

    @property
    def passage(self) -> Score:
        """These bars as a (folded) score of their own."""
        start_q, end_q = self.span
        score = self.whole
        notes = tuple(_notes(score, start_q, end_q))
        bars = (b for b in score.bars if start_q <= b.start_q < end_q)
        return replace(
            score,
            notes=notes,
            marks=tuple(_marks(score, {note.id for note in notes}, start_q, end_q)),
            metres=_held(score.metres, start_q, end_q),
            bars=tuple(replace(b, start_q=b.start_q - start_q) for b in bars),
            keys=_held(score.keys, start_q, end_q),
            sections=(Section(Fraction(0), end_q - start_q),),
            order=(0,),
        )

    def of(self, take: Performance, alignment: Alignment) -> Performance:
        """What a take, aligned to the whole score, has of these bars, every time they came.

        A take that has less than half of them there is given back as it is: it may be these bars
        alone, and laid against others that are like them.
        """
        start_q, end_q = self.span
        ids = {n.id for n in self.whole.notes if start_q <= n.onset_q < end_q}
        onset_s = {note.id: note.onset_s for note in take.notes}
        times: dict[tuple[int, int], list[float]] = defaultdict(list)
        found: set[str] = set()
        for match in (*alignment.matches, *alignment.wrong):
            if folded_id(match.score_id) in ids:
                found.add(folded_id(match.score_id))
                pass_ = match.run, rendering_of(match.score_id)
                times[pass_].append(onset_s[match.performed_id])
        if 2 * len(found) < len(ids):
            return take
        spans = [(min(rows) - _AROUND_S, max(rows) + _AROUND_S) for rows in times.values()]
        inside = (n for n in take.notes if any(a <= n.onset_s <= b for a, b in spans))
        return replace(take, notes=tuple(inside))


def _notes(score: Score, start_q: Fraction, end_q: Fraction) -> Iterator[ScoreNote]:
    for note in score.notes:
        if start_q <= note.onset_q < end_q:
            length = min(note.duration_q, end_q - note.onset_q)
            yield replace(note, onset_q=note.onset_q - start_q, duration_q=length)


def _marks(score: Score, ids: set[str], start_q: Fraction, end_q: Fraction) -> Iterator[Mark]:
    held: dict[tuple[str, str, int], Mark] = {}
    for mark in score.marks:
        if mark.kind in _IN_FORCE and mark.start_q < start_q:
            held[mark.kind, mark.part, mark.staff] = mark
    for mark in held.values():
        yield replace(mark, start_q=Fraction(0), end_q=Fraction(0))
    for mark in score.marks:
        if start_q <= mark.start_q < end_q and ids.issuperset(mark.note_ids):
            last = min(mark.end_q, end_q) - start_q
            yield replace(mark, start_q=mark.start_q - start_q, end_q=last)


def _held(rows: Iterable[Row], start_q: Fraction, end_q: Fraction) -> tuple[Row, ...]:
    """The one in force at the beginning, and those that come inside."""
    there = [row for row in rows if row.start_q < end_q]
    before = [row for row in there if row.start_q <= start_q][-1:]
    inside = [row for row in there if row.start_q > start_q]
    return tuple(replace(r, start_q=max(r.start_q - start_q, Fraction(0))) for r in before + inside)


def as_printed(score: Score) -> Score:
    """A (folded) score with every section once, in the order of the page: where bars are cut."""
    return unfold(score, range(max(len(score.sections), 1)))


def foreseen_there(whole: Score, foreseen: Foreseen, bars: tuple[str, str]) -> Foreseen:
    """What was foreseen of a score `as_printed`, for the passage of these bars."""
    start_q, end_q = bars_span(whole, *bars)
    inside = [i for i, note in enumerate(whole.notes) if start_q <= note.onset_q < end_q]
    return Foreseen(
        _structure(foreseen.structure, {whole.notes[i].id for i in inside}, start_q, end_q),
        _from_zero(cut(whole, foreseen.plan, start_q, end_q), start_q),
        _spread(foreseen.spread, whole, inside, (start_q, end_q)),
    )


def _structure(
    structure: Structure, ids: set[str], start_q: Fraction, end_q: Fraction
) -> Structure:
    def clipped(row: Span) -> Span:
        return replace(
            row,
            start_q=max(row.start_q, start_q) - start_q,
            end_q=min(row.end_q, end_q) - start_q,
        )

    def there(row: Phrase | Harmony) -> bool:
        return row.start_q < end_q and row.end_q > start_q

    def kept(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in ids)

    voices = (replace(v, note_ids=kept(v.note_ids)) for v in structure.voices)
    chords = [pair for pair in zip(structure.harmony, structure.tension, strict=True)
              if there(pair[0])]  # fmt: skip
    return Structure(
        tuple(voice for voice in voices if voice.note_ids),
        kept(structure.melody),
        tuple(clipped(phrase) for phrase in structure.phrases if there(phrase)),
        tuple(clipped(chord) for chord, _ in chords),
        tuple(tension for _, tension in chords),
    )


def _from_zero(plan: Plan, start_q: Fraction) -> Plan:
    by = float(start_q)
    return replace(
        plan,
        onsets_q=tuple(q - start_q for q in plan.onsets_q),
        realisations=tuple(replace(r, onset_q=r.onset_q - by) for r in plan.realisations),
        pedal_q=tuple(replace(p, onset_q=p.onset_q - by) for p in plan.pedal_q),
    )


def _spread(
    spread: Spread, whole: Score, inside: list[int], span: tuple[Fraction, Fraction]
) -> Spread:
    onsets = sorted({note.onset_q for note in whole.notes})
    tempi = zip(onsets, spread.seconds_per_quarter, strict=True)
    return Spread(
        tuple(band for q, band in tempi if span[0] <= q < span[1]),
        tuple(spread.velocity[i] for i in inside),
        tuple(spread.lead_s[i] for i in inside),
        tuple(spread.articulation[i] for i in inside),
        spread.source,
    )
