"""Notes that differ from the score, marked where they stand.

In: a sheet, one `Setting`, the layers of its systems. Out: marks added to those layers. A wrong
note is a small × with the name of the key struck, a missed one a hollow ring, an extra one a + at
its place in time, on the step of its pitch.

**Conventions.** Names stand where no note head and no other name is, above their column if they
can. An extra note is set between its neighbours in time, in its own run.

**Knows nothing of** remarks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from html import escape

from valentin.music import LessonSheet, Mistake
from valentin.showing.drawing import SPACE, NoteBox
from valentin.showing.layers import Box, Layers, head_ellipse
from valentin.showing.names import diatonic_step, fifths_at, struck_name
from valentin.showing.page_words import note_said, words_of
from valentin.showing.setting import Setting

__all__ = ["mark_slips"]

Spot = tuple[float, float]

_MOST_EXTRA = 6
"""Extra notes drawn in one bar: more would hide the music; the list beside it counts them all."""
_NEIGHBOURS = 12
"""Matched notes looked at around an extra one: about a beat on either side."""
_RING_SPACES = 0.98
_ARM_SPACES = 0.4


def mark_slips(
    sheet: LessonSheet, setting: Setting, layers: list[Layers], text_height: float
) -> None:
    """Mark every mistake of the lesson."""
    slips = _Slips(sheet, setting, layers, text_height)
    drawn: Counter[str] = Counter()
    for mistake in sheet.lesson.mistakes:
        if mistake.label == "extra":
            drawn[mistake.bar] += 1
            if drawn[mistake.bar] <= _MOST_EXTRA:
                slips.extra(mistake)
        else:
            slips.written(mistake)


class _Slips:
    """One layout's slips, and what is needed to find their places."""

    def __init__(
        self, sheet: LessonSheet, setting: Setting, layers: list[Layers], text_height: float
    ) -> None:
        self._score, self._setting, self._layers = sheet.score, setting, layers
        self._size, self._words = text_height, words_of(sheet.lesson)
        self._notes = {note.id: note for note in sheet.score.notes}
        self._struck = {note.id: note for note in sheet.take.notes}
        self._run = {match.performed_id: match.run for match in sheet.alignment.extra}
        self._by_run: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for match in sheet.alignment.matches:
            struck = self._struck.get(match.performed_id)
            if struck is not None and match.score_id in self._notes:
                self._by_run[match.run].append((struck.onset_s, match.score_id))

    def written(self, mistake: Mistake) -> None:
        """A ring round a note not heard, a × and a name at one for which another key was struck."""
        found = self._setting.head(mistake.score_id)
        if found is None:
            return
        i, head = found
        if mistake.label == "missed":
            ring = f'<circle cx="{head.x:.0f}" cy="{head.y:.0f}" r="{_RING_SPACES * SPACE:.0f}"/>'
            self._add(i, "missed", self._words.say("slip.missed", bar=mistake.bar), ring)
            return
        fifths = fifths_at(self._score, self._notes[mistake.score_id].onset_q)
        name = self._name(mistake, fifths)
        x, y = self._free(i, name, _above_or_below(self._setting.systems[i].notes, head))
        arm = _ARM_SPACES * SPACE
        cross = (
            f'<path d="M{x - arm:.0f} {y - arm:.0f}l{2 * arm:.0f} {2 * arm:.0f}'
            f'M{x - arm:.0f} {y + arm:.0f}l{2 * arm:.0f} {-2 * arm:.0f}"/>'
        )
        drawn = head_ellipse(head, "slip", 40) + cross + self._text(name, x, y)
        self._add(i, "wrong", self._words.say("slip.wrong", bar=mistake.bar, note=name), drawn)

    def extra(self, mistake: Mistake) -> None:
        """A + where the note was struck."""
        struck = self._struck.get(mistake.performed_id)
        rows = self._by_run[self._run.get(mistake.performed_id, 0)]
        if struck is None or not rows:
            return
        near = sorted(rows, key=lambda row: abs(row[0] - struck.onset_s))[:_NEIGHBOURS]
        onset_q = _between([(s, self._notes[n].onset_q) for s, n in near], struck.onset_s)
        place = self._setting.place(onset_q)
        heads = [
            (abs(self._notes[n].pitch - struck.pitch), self._notes[n].pitch, found[1])
            for _, n in near
            if (found := self._setting.head(n)) and place and found[0] == place.system
        ]
        if place is None or not heads:
            return
        _, pitch, head = min(heads, key=lambda row: row[0])
        fifths = fifths_at(self._score, onset_q)
        steps = diatonic_step(struck.pitch, fifths) - diatonic_step(pitch, fifths)
        name = self._name(mistake, fifths)
        x, y = self._free(place.system, name, _beside(place.x, head.y - steps * SPACE / 2))
        arm = 1.2 * _ARM_SPACES * SPACE
        cross = (
            f'<path d="M{x - arm:.0f} {y:.0f}h{2 * arm:.0f}M{x:.0f} {y - arm:.0f}v{2 * arm:.0f}"/>'
        )
        drawn = cross + self._text(name, x, y)
        told = self._words.say("slip.extra", bar=mistake.bar, note=name)
        self._add(place.system, "extra", told, drawn)

    def _add(self, system: int, kind: str, words: str, drawn: str) -> None:
        self._layers[system].front.append(
            f'<g class="{kind}"><title>{escape(words)}</title>{drawn}</g>'
        )

    def _name(self, mistake: Mistake, fifths: int) -> str:
        struck = self._struck.get(mistake.performed_id)
        pitch = struck.pitch if struck else mistake.played
        if pitch is None:
            return ""
        return note_said(self._words, struck_name(pitch, mistake.written, fifths))

    def _text(self, name: str, x: float, y: float) -> str:
        return (
            f'<text x="{x + 0.55 * SPACE:.0f}" y="{y + 0.35 * self._size:.0f}" '
            f'font-size="{self._size:.0f}">{name}</text>'
        )

    def _box(self, name: str, x: float, y: float) -> Box:
        half = max(_ARM_SPACES * SPACE, 0.45 * self._size)
        return Box(x - half, y - half, x + 0.6 * SPACE + 0.65 * self._size * len(name), y + half)

    def _free(self, system: int, name: str, places: list[Spot]) -> Spot:
        """The first place where sign and name meet no note head, no accidental, no other name."""
        drawing = self._setting.systems[system]
        heads = [
            Box(n.x - n.width / 2, n.y - n.height / 2, n.x + n.width / 2, n.y + n.height / 2)
            for n in drawing.notes
        ]
        room = 0.7 * SPACE
        signs = [Box(x, y - room, x + room, y + room) for x, y in drawing.signs]
        taken = [*heads, *signs, *self._layers[system].labels]
        free = (p for p in places if not any(self._box(name, *p).overlaps(b) for b in taken))
        x, y = next(free, places[0])
        self._layers[system].labels.append(self._box(name, x, y))
        return x, y


def _above_or_below(notes: tuple[NoteBox, ...], head: NoteBox) -> list[Spot]:
    """Places for the × of a head: off its column, the nearer first."""
    column = [n.y for n in notes if n.staff == head.staff and abs(n.x - head.x) < 1.2 * head.width]
    top, bottom = min([head.y, *column]), max([head.y, *column])
    return [
        (head.x, y)
        for away in (1.3, 2.0, 2.8, 3.6)
        for y in (top - away * SPACE, bottom + away * SPACE)
    ]


def _beside(x: float, y: float) -> list[Spot]:
    """Places for a +: at its own, or moved sideways, since its height is its pitch."""
    return [(x + away * SPACE, y) for away in (0.0, 1.0, -1.8, 1.8, -2.8, 2.8)]


def _between(rows: list[tuple[float, Fraction]], time_s: float) -> Fraction:
    """Score time at `time_s`, straight between the nearest rows before and after it."""
    before = max((r for r in rows if r[0] <= time_s), default=None)
    after = min((r for r in rows if r[0] > time_s), default=None)
    if before is None or after is None:
        known = before or after
        return known[1] if known else Fraction(0)
    share = (time_s - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * Fraction(share).limit_denominator(64)
