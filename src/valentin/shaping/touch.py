"""The rules of touch: how long keys are held, a column per note.

**Conventions.** Columns are multiplied by a strength in log2 articulation: + is longer. Where the
score slurs, its slurs decide; where it slurs nothing, unslurred notes are not detached by that.

**Knows nothing of** loudness, tempo, the strengths.

**Reference.** Bresin, R. & Battel, G. U. (2000), *Articulation strategies in expressive piano
performance*, JNMR 29(3): legato overlaps, staccato about half, repeated notes released early.
Friberg, A. et al. (1998), *Musical punctuation on the microlevel*, JNMR 27(3).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from valentin.shaping.loudness import bottom, highest, top
from valentin.shaping.scene import Scene

__all__ = ["TOUCH_RULES"]

Floats = npt.NDArray[np.float64]
Rule = Callable[[Scene], Floats]


def base(scene: Scene) -> Floats:
    """Every note."""
    return np.ones(len(scene.notes.pitch))


def staccato(scene: Scene) -> Floats:
    """Staccato dots and wedges."""
    return np.maximum(scene.marks.staccato, scene.marks.staccatissimo)


def staccatissimo(scene: Scene) -> Floats:
    """Wedges, on top of staccato."""
    return scene.marks.staccatissimo


def portato(scene: Scene) -> Floats:
    """Dots under a slur or with a line: half as short, on top of staccato where there is a dot."""
    both = scene.marks.staccato * np.maximum(scene.marks.slurred, scene.marks.tenuto)
    return np.asarray(both)


def mezzo_staccato(scene: Scene) -> Floats:
    """The portato sign itself."""
    return scene.marks.portato


def tenuto(scene: Scene) -> Floats:
    """Tenuto lines without a dot."""
    return scene.marks.tenuto * (1.0 - scene.marks.staccato)


def legato(scene: Scene) -> Floats:
    """Under a slur, but not its last note."""
    return scene.marks.slurred * (1.0 - staccato(scene))


def slur_end(scene: Scene) -> Floats:
    """The last note of a slur."""
    return scene.marks.slur_end * (1.0 - scene.marks.slurred)


def length(scene: Scene) -> Floats:
    """log2 of the written length in quarters."""
    return np.log2(np.clip(scene.notes.duration_q, 1 / 16, 8.0))


def long(scene: Scene) -> Floats:
    """log2 by which a note is longer than a quarter."""
    return np.maximum(length(scene), 0.0)


def short(scene: Scene) -> Floats:
    """log2 by which a note is shorter than a sixteenth, at most 2."""
    return np.clip(-2.0 - length(scene), 0.0, 2.0)


def slow(scene: Scene) -> Floats:
    """log2 of the marked length in seconds."""
    spq = scene.tempo.seconds_per_quarter[scene.notes.group]
    return np.log2(np.clip(scene.notes.duration_q * spq, 0.03, 8.0))


def quick(scene: Scene) -> Floats:
    """log2 by which the marked length is shorter than a quarter of a second."""
    return np.clip(-2.0 - slow(scene), 0.0, 3.0)


def wait(scene: Scene) -> Floats:
    """log2 of the time to the next onset."""
    return np.log2(np.clip(scene.texture.wait_q, 1 / 16, 8.0))[scene.notes.group]


def repeated(scene: Scene) -> Floats:
    """The same key again as soon as this note ends."""
    notes = scene.notes
    order = np.lexsort((notes.onset_q, notes.pitch))
    same = notes.pitch[order][1:] == notes.pitch[order][:-1]
    gap = notes.onset_q[order][1:] - (notes.onset_q + notes.duration_q)[order][:-1]
    out = np.zeros(len(order))
    out[order[:-1]] = same & (gap < 0.05)
    return out


def rest_after(scene: Scene) -> Floats:
    """Quarters of rest in the line after this note, at most 1."""
    return np.clip(scene.lines.next_q, 0.0, 1.0)


def leap(scene: Scene) -> Floats:
    """Octaves to the line's next note, at most 2."""
    return np.clip(np.abs(scene.lines.interval), 0, 24) / 12.0


def hand_leap(scene: Scene) -> Floats:
    """Octaves to the staff's next note, at most 2: the hand has to go there."""
    return np.clip(np.abs(scene.hands.interval), 0, 24) / 12.0


def hand_rest(scene: Scene) -> Floats:
    """Quarters of rest in the staff after this note, at most 1: the hand has time."""
    return np.clip(scene.hands.next_q, 0.0, 1.0)


def shorter(scene: Scene) -> Floats:
    """log2 of the length against the longest note that begins with it, 0 or less."""
    length = np.clip(scene.notes.duration_q, 1 / 16, None)
    return np.log2(length / scene.per_group(length)[scene.notes.group])


def lowest(scene: Scene) -> Floats:
    """The lowest note that begins, of all staves."""
    low = scene.texture.bottom[scene.notes.group]
    return np.asarray(scene.notes.pitch <= low, dtype=np.float64)


def step(scene: Scene) -> Floats:
    """A step to the line's next note."""
    size = np.abs(scene.lines.interval)
    return np.asarray((size > 0) & (size <= 2), dtype=np.float64)


def chord(scene: Scene) -> Floats:
    """log2 of the notes in the line's chord."""
    return np.log2(np.maximum(scene.lines.chord, 1.0))


def leaps_around(scene: Scene) -> Floats:
    """Mean leap of the line around, in octaves."""
    return np.clip(scene.lines.leap, 0, 12) / 12.0


def steps(scene: Scene) -> Floats:
    """Share of steps in the line around."""
    return scene.lines.steps


def repetition(scene: Scene) -> Floats:
    """Share of repeated notes in the line around."""
    return scene.lines.repetition


def punctuation(scene: Scene) -> Floats:
    """The last melody note before a boundary of the finest level."""
    place = scene.phrases[-1]
    return np.asarray((place.last * place.strength)[scene.notes.group] * scene.melody)


def signed(scene: Scene) -> Floats:
    """A note under an ornament sign whose notes are spelled out beside it."""
    signs = (n.ornament for n in scene.score.notes)
    return np.array([s is not None and s.spelled_out for s in signs], dtype=np.float64)


def mid_bar(scene: Scene) -> Floats:
    """On the downbeat or the middle of the bar."""
    return np.asarray(scene.grid.weight >= 3, dtype=np.float64)[scene.notes.group]


def new_chord_next(scene: Scene) -> Floats:
    """A new chord comes with the next onset."""
    return np.append(scene.new_chord[1:], 1.0)[scene.notes.group]


def tension(scene: Scene) -> Floats:
    """Harmonic charge, 0..1."""
    return np.asarray(scene.tension[scene.notes.group])


def melody(scene: Scene) -> Floats:
    """The melody is bound."""
    return scene.melody


def bass(scene: Scene) -> Floats:
    """The bass is held."""
    return scene.bass


TOUCH_RULES: dict[str, Rule] = {
    "base": base, "staccato": staccato, "staccatissimo": staccatissimo, "portato": portato,
    "mezzo_staccato": mezzo_staccato, "tenuto": tenuto, "legato": legato, "slur_end": slur_end,
    "length": length, "long": long, "short": short, "slow": slow, "quick": quick, "wait": wait,
    "repeated": repeated, "rest_after": rest_after, "leap": leap, "step": step, "chord": chord,
    "hand_leap": hand_leap, "hand_rest": hand_rest, "shorter": shorter, "lowest": lowest,
    "leaps_around": leaps_around, "steps": steps, "repetition": repetition, "highest": highest,
    "top": top, "bottom": bottom, "punctuation": punctuation, "signed": signed,
    "mid_bar": mid_bar, "new_chord_next": new_chord_next, "tension": tension, "melody": melody,
    "bass": bass,
}  # fmt: skip
"""Name → column; the name is the key of its strength."""
