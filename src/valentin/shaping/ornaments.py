"""Play the ornaments: signs and grace notes → added notes, leads and shortened main notes.

In: a draft whose tempo stands. Out: the draft with graces placed, chords rolled, main notes
shortened, and the notes that trills, mordents, turns and tremolos add.

**Conventions.** A main note's own shape belongs to the first sounding of its pitch; all other
notes of the ornament are realisations. An ornament that hidden notes of the score spell out is left
to them. A trill whose termination is written as graces leaves the end of its note to them.

**Knows nothing of** phrases.

**Reference.** See `figures` and `graces`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import ceil, log2

import numpy as np

from valentin.music import NoteColumns, RealisedNote, Score, ScoreNote, TempoCurve
from valentin.shaping.auxiliaries import Neighbours
from valentin.shaping.draft import Draft
from valentin.shaping.figures import Figure, evenly, mordent, trill, turn
from valentin.shaping.glissandi import breathed, swept
from valentin.shaping.graces import graces_placed, on_the_beat, rolled

__all__ = ["realise"]

SOFTER = 0.9
"""Velocity of an added note as a share of its main note's."""

NEAR_Q = 1 / 16
"""Quarters by which a grace may stand before the end of the note that it closes."""

BEAMS_OF_TREMOLO = 3
"""Beams of a tremolo that does not say."""


def realise(
    score: Score,
    notes: NoteColumns,
    draft: Draft,
    placing: Callable[[Draft], Draft] | None = None,
) -> Draft:
    """The draft with every ornament, grace and roll in place; `placing` sees to graces and rolls.

    Without it the rules do.
    """
    draft = breathed(score, draft)
    draft = placing(draft) if placing else rolled(score, notes, graces_placed(score, notes, draft))
    curve = TempoCurve(notes.onsets_q, draft.seconds_per_quarter)
    lead, hold = draft.lead_s.copy(), draft.articulation.copy()
    added: list[RealisedNote] = []
    for i, onset_q, span_q, figure in _figures(score, curve, draft):
        note = score.notes[i]
        start_s = float(curve.seconds(float(onset_q))) - draft.lead_s[i]
        own = figure.pitches.index(note.pitch)
        velocity = int(np.clip(round(draft.velocity[i] * SOFTER), 1, 127))
        for k, pitch in enumerate(figure.pitches):
            if k != own:
                a, b = curve.quarters([start_s + figure.starts_s[k], start_s + figure.ends_s[k]])
                added.append(RealisedNote(note.id, float(a), float(b - a), pitch, velocity))
        delay_q = float(note.onset_q) - onset_q
        lead[i] += float(curve.seconds(float(note.onset_q)) - curve.seconds(onset_q)) * (
            delay_q > 0
        )
        lead[i] -= figure.starts_s[own]
        hold[i] = (figure.ends_s[own] - figure.starts_s[own]) / max(span_q, 1e-3)
    draft = replace(draft, lead_s=lead, articulation=hold, realisations=tuple(added))
    return swept(score, notes, draft)


def _figures(
    score: Score, curve: TempoCurve, draft: Draft
) -> Iterator[tuple[int, float, float, Figure]]:
    """Note index, start of the ornament in quarters, the note's own seconds, and the figure."""
    neighbours = Neighbours(score)
    closed_s = _closed_s(score, curve, draft)
    above = on_the_beat(score.composer)
    alternating: list[int] = []
    for i, note in enumerate(score.notes):
        sign = note.ornament
        if sign is None or sign.spelled_out or note.grace or note.duration_q == 0:
            continue
        if sign.kind == "tremolo" and sign.alternating:
            alternating.append(i)
            continue
        span_s = _span_s(curve, note)
        figure = _figure(note, neighbours, above, span_s)
        if sign.kind == "trill" and note.id in closed_s:  # its graces go below, not the trill
            upper, room_s = neighbours.above(note), max(span_s - closed_s[note.id], 0.5 * span_s)
            figure = trill(note.pitch, upper, upper, above=above, span_s=room_s)
        if len(figure.pitches) > 1:
            yield i, float(note.onset_q), span_s, figure
    yield from _alternations(score, curve, alternating)


def _closed_s(score: Score, curve: TempoCurve, draft: Draft) -> dict[str, float]:
    """Seconds before its end at which the graces that close a note begin, by the note's id."""
    lines: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for i, note in enumerate(score.notes):
        if note.grace == "nachschlag":
            lines[note.part, note.staff, note.voice].append(i)
    found: dict[str, float] = {}
    for note in score.notes if lines else ():
        end_q = note.onset_q + note.duration_q
        closing = [
            i
            for i in lines.get((note.part, note.staff, note.voice), ())
            if note.onset_q < score.notes[i].onset_q
            and 0 <= end_q - score.notes[i].onset_q <= NEAR_Q
        ]
        if closing and note.ornament:
            end_s = float(curve.seconds(float(end_q)))
            starts = curve.seconds([float(score.notes[i].onset_q) for i in closing])
            found[note.id] = end_s - float(min(starts - draft.lead_s[closing]))
    return found


def _span_s(curve: TempoCurve, note: ScoreNote) -> float:
    a, b = curve.seconds([float(note.onset_q), float(note.onset_q + note.duration_q)])
    return float(b - a)


def _figure(note: ScoreNote, neighbours: Neighbours, above: bool, span_s: float) -> Figure:
    kind, main = note.ornament.kind if note.ornament else "", note.pitch
    if kind == "tremolo":
        return evenly([main] * _strikes(note, float(note.duration_q)), span_s)
    upper, lower = neighbours.above(note), neighbours.below(note)
    if kind == "trill":
        return trill(main, upper, lower, above=above, span_s=span_s)
    if kind == "mordent":
        return mordent((main, lower, main), span_s)
    if kind == "inverted-mordent":
        return mordent((upper, main, upper, main) if above else (main, upper, main), span_s)
    if kind == "slide":  # from a third below, on the beat (C. P. E. Bach 1753, II.7)
        return mordent((neighbours.third_below(note), lower, main), span_s)
    first, second = (upper, lower) if kind == "turn" else (lower, upper)
    return turn(main, first, second, span_s)


def _strikes(note: ScoreNote, span_q: float) -> int:
    """How often a tremolo strikes in so many quarters: its beams come on top of the note's own."""
    beams = note.ornament.strokes if note.ornament and note.ornament.strokes else BEAMS_OF_TREMOLO
    flags = max(0, ceil(-log2(max(float(note.duration_q), 1 / 64))))
    return max(1, round(span_q * 2.0 ** (beams + flags)))


def _alternations(
    score: Score, curve: TempoCurve, members: list[int]
) -> Iterator[tuple[int, float, float, Figure]]:
    """Tremolos to and fro: the two chords of a pair take turns over the time of both."""
    lines: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for i in members:
        note = score.notes[i]
        lines[note.part, note.staff, note.voice].append(i)
    for rows in lines.values():
        onsets = sorted({score.notes[i].onset_q for i in rows})
        for first_q, second_q in zip(onsets[::2], onsets[1::2], strict=False):
            pair = [i for i in rows if score.notes[i].onset_q in (first_q, second_q)]
            end_q = max(score.notes[i].onset_q + score.notes[i].duration_q for i in pair)
            a, b = curve.seconds([float(first_q), float(end_q)])
            strikes = max(2, _strikes(score.notes[pair[0]], float(end_q - first_q)) // 2 * 2)
            step = float(b - a) / strikes
            for i in pair:
                odd = int(score.notes[i].onset_q == second_q)
                starts = tuple((2 * k + odd) * step for k in range(strikes // 2))
                ends = tuple(s + 0.92 * step for s in starts)
                pitches = (score.notes[i].pitch,) * len(starts)
                yield (
                    i,
                    float(first_q),
                    _span_s(curve, score.notes[i]),
                    Figure(pitches, starts, ends),
                )
