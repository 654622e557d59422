"""The neighbour note of an ornament: spelling, key and printed accidentals → a key of the piano.

**Conventions.** Sharps are +1. An accidental written earlier in the same bar holds for its step in
every octave, as it does in performance practice for the neighbours of ornaments.

**Knows nothing of** time.

**Reference.** Read, G. (1979), *Music Notation*, ch. 14 (accidentals with ornament signs).
"""

from __future__ import annotations

from bisect import bisect_right

from valentin.music import Score, ScoreNote

__all__ = ["Neighbours"]

STEPS = "CDEFGAB"
NATURAL = (0, 2, 4, 5, 7, 9, 11)
SHARPS = "FCGDAEB"


class Neighbours:
    """Neighbour notes in one score."""

    def __init__(self, score: Score) -> None:
        self._keys = [(k.start_q, k.fifths) for k in score.keys] or [(score.end_q * 0, 0)]
        self._key_starts = [k[0] for k in self._keys]
        self._bar_starts = [b.start_q for b in score.bars]
        self._notes = score.notes
        self._onsets = [n.onset_q for n in score.notes]

    def above(self, note: ScoreNote) -> int:
        """Pitch of the upper neighbour."""
        printed = note.ornament.above if note.ornament else None
        return self._neighbour(note, 1, printed)

    def below(self, note: ScoreNote) -> int:
        """Pitch of the lower neighbour: a half tone where the sign says so or the key does."""
        printed = note.ornament.below if note.ornament else None
        return self._neighbour(note, -1, printed)

    def third_below(self, note: ScoreNote) -> int:
        """Pitch two steps below, by the key."""
        return self._neighbour(note, -2, None)

    def _neighbour(self, note: ScoreNote, direction: int, printed: int | None) -> int:
        step, octave = note.spelling[:1].upper(), note.pitch // 12
        if step not in STEPS or not step:
            return note.pitch + 2 * direction
        place = STEPS.index(step) + direction
        other = STEPS[place % 7]
        alter = printed if printed is not None else self._alteration(note, other)
        guess = octave * 12 + NATURAL[place % 7] + alter
        near = min(
            (guess + 12 * k for k in (-1, 0, 1)),
            key=lambda p: abs(p - note.pitch - 1.5 * direction),
        )
        return min(max(near, 0), 127)

    def _alteration(self, note: ScoreNote, step: str) -> int:
        """Alteration of a step where the note stands: the bar's last accidental, else the key's."""
        bar = bisect_right(self._bar_starts, note.onset_q) - 1
        start = self._bar_starts[bar] if bar >= 0 else note.onset_q
        i = bisect_right(self._onsets, note.onset_q) - 1
        while i >= 0 and self._onsets[i] >= start:
            spelling = self._notes[i].spelling
            if spelling[:1].upper() == step:
                return spelling.count("#") - spelling[1:].count("b")
            i -= 1
        fifths = self._keys[max(0, bisect_right(self._key_starts, note.onset_q) - 1)][1]
        if fifths > 0:
            return int(SHARPS.index(step) < fifths)
        return -int(SHARPS[::-1].index(step) < -fifths)
